"""Cession, location, échange de fichiers : ce que le partenaire pourra faire, ce que la personne doit savoir."""

from datetime import date

from droit.faits import Faits, codes, texte
from droit.regles.regle import Exigence, Gravite, M, P, S, controle

ELECTRONIQUES = {"EMAIL_B2C", "SMS_B2C", "AUTOMATE_FAX", "RESEAU_SOCIAL_MP"}
TELEPHONE = {"TELEPHONE_B2C"}
POSTAL = {"POSTAL_B2C"}


@controle(
    "CES-01",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "CPCE art. L34-5 ; CNIL, fiche du 28 décembre 2018",
    titre="transmission pour une prospection électronique, sans consentement",
    marque=P,
)
def transmission_electronique(faits, le):
    """Une transmission à des partenaires pour leur prospection électronique, sans consentement."""
    for chemin in _sans_consentement(faits, ELECTRONIQUES):
        yield (
            chemin,
            "Transmettre des données à des partenaires pour leur prospection électronique suppose le consentement "
            "préalable de la personne : fondez sur lui la finalité de cession correspondante.",
        )


@controle(
    "CES-02",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    depuis=date(2026, 8, 11),
    titre="transmission pour des appels, sans consentement",
    marque=P,
)
def transmission_telephonique(faits, le):
    """Depuis le 11 août 2026, une transmission à des partenaires pour leurs appels, sans consentement."""
    for chemin in _sans_consentement(faits, TELEPHONE):
        yield (
            chemin,
            "Depuis le 11 août 2026, le partenaire ne peut pas appeler sans consentement : l'intérêt légitime, admis "
            "en 2018 pour cette transmission, ne suffit plus.",
        )


@controle(
    "CES-03",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "CNIL, fiche du 28 décembre 2018",
    titre="transmission d'adresses postales sans information ni opposition préalables",
    marque=P,
)
def transmission_postale(faits, le):
    """Une transmission pour une prospection postale, sans information ni opposition préalables."""
    if _cede(faits, POSTAL) and faits.volet("cession").get("information_opposition") is False:
        yield (
            "cession.information_opposition",
            "Informez les personnes et permettez-leur de s'opposer avant toute transmission.",
        )


@controle(
    "CES-04",
    Gravite.ALERTE,
    Exigence.AUTRE_TEXTE,
    "CNIL, fiche du 28 décembre 2018",
    titre="liste des partenaires non tenue",
    marque=S,
)
def liste_des_partenaires(faits, le):
    """Une cession sans liste des partenaires tenue à jour."""
    if _cede(faits) and faits.volet("cession").get("partenaires_tenus") is False:
        yield (
            "cession.partenaires_tenus",
            "Tenez à jour la liste des partenaires et rendez-la accessible aux personnes.",
        )


@controle(
    "CES-05",
    Gravite.ALERTE,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 15(1)(c), 19 ; CJUE 12 janvier 2023, C-154/21",
    titre="transmissions sans trace",
    marque=M,
)
def trace_des_transmissions(faits, le):
    """Une cession dont les transmissions ne laissent pas de trace."""
    if _cede(faits) and faits.volet("cession").get("trace") is False:
        yield (
            "cession.trace",
            "Gardez trace des transmissions : sans elle, vous ne pourrez ni notifier les oppositions, ni nommer les "
            "destinataires à la personne qui le demande.",
        )


@controle(
    "CES-06",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 9, 10",
    titre="donnée sensible ou d'infraction dans un fichier cédé",
    marque=M,
)
def cession_de_donnees_sensibles(faits, le):
    """Une donnée de l'article 9 ou d'infraction dans une fiche de cession, de location ou d'échange."""
    if _cede(faits):
        for d in (*faits.donnees("sensible"), *faits.donnees("infraction")):
            yield (
                f"donnees[{d['numero']}].categorie",
                "Aucune donnée sensible ni d'infraction ne figure dans un fichier cédé, loué ou échangé : retirez-la.",
            )


@controle(
    "CES-07",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 7(1) ; pratique de sanction de la CNIL",
    titre="fichier acquis sans preuve du consentement d'origine",
    marque=S,
    ecartable=True,
)
def fichier_acquis(faits, le):
    """Un fichier de courtier employé pour une prospection électronique ou téléphonique, sans preuve du consentement."""
    courtier = any("COURTIER" in codes(d, "sources") for d in faits.liste("donnees"))
    canaux = {canal for f in faits.finalites for canal in codes(f, "canaux")}
    vise = canaux & (ELECTRONIQUES | TELEPHONE)
    if courtier and vise and not texte(faits.volet("cession"), "preuve_source"):
        yield (
            "cession.preuve_source",
            "Ce fichier vient d'un courtier : exigez de lui la preuve que chaque personne a consenti à vos messages, "
            "et dites comment vous la tenez.",
        )


def _cede(faits: Faits, canaux: set[str] | None = None) -> bool:
    """Des données sont-elles cédées, louées ou échangées, et pour l'un de ces canaux s'il en est donné ?"""
    cession = faits.volet("cession")
    vise = canaux is None or not canaux.isdisjoint(codes(cession, "canaux"))
    return cession.get("active") is True and vise


def _sans_consentement(faits: Faits, canaux: set[str]) -> list[str]:
    """La base de chaque finalité de cession qui sert ces canaux sans consentement ; les canaux si aucune ne les sert.

    Une finalité qui nomme ses canaux ne se juge que sur eux ; sinon, sur ceux de la cession.
    """
    if not _cede(faits):
        return []
    tous = codes(faits.volet("cession"), "canaux")
    servent = [f for f in faits.finalites_de("cession") if canaux & {*(codes(f, "canaux") or tous)}]
    if not servent:
        return ["cession.canaux"] if canaux & {*tous} else []
    return [
        f"finalites[{f['numero']}].base_legale" for f in servent if f.get("base_legale") != "CONSENTEMENT"
    ]
