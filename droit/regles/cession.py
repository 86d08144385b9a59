"""Cession, location, échange de fichiers : ce que le partenaire pourra faire, ce que la personne doit savoir."""

from datetime import date

from droit.faits import Faits, codes, texte
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, theme

theme("CES", "Vente, location, échange de données", 50)

ELECTRONIQUES = {"EMAIL_B2C", "SMS_B2C", "AUTOMATE_FAX", "RESEAU_SOCIAL_MP"}
TELEPHONE = {"TELEPHONE_B2C"}
POSTAL = {"POSTAL_B2C"}


@bloquant(
    "CES-01",
    "CPCE art. L34-5 ; CNIL, fiche du 28 décembre 2018",
    P,
    "transmission pour une prospection électronique, sans consentement",
)
def transmission_electronique(faits: Faits, le: date) -> Trouves:
    """Une transmission à des partenaires pour leur prospection électronique, sans consentement."""
    for chemin in _sans_consentement(faits, ELECTRONIQUES):
        yield (
            chemin,
            "Transmettre des données à des partenaires pour leur prospection électronique suppose le consentement "
            "préalable de la personne : fondez sur lui la finalité de cession correspondante.",
        )


@bloquant(
    "CES-02",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "transmission pour des appels, sans consentement",
    depuis=date(2026, 8, 11),
)
def transmission_telephonique(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, une transmission à des partenaires pour leurs appels, sans consentement."""
    for chemin in _sans_consentement(faits, TELEPHONE):
        yield (
            chemin,
            "Depuis le 11 août 2026, le partenaire ne peut pas appeler sans consentement : l'intérêt légitime, admis "
            "en 2018 pour cette transmission, ne suffit plus.",
        )


@bloquant(
    "CES-03",
    "CNIL, fiche du 28 décembre 2018",
    P,
    "transmission d'adresses postales sans information ni opposition préalables",
)
def transmission_postale(faits: Faits, le: date) -> Trouves:
    """Une transmission pour une prospection postale, sans information ni opposition préalables."""
    if _cede(faits, POSTAL) and faits.volet("cession").get("information_opposition") is False:
        yield (
            "cession.information_opposition",
            "Informez les personnes et permettez-leur de s'opposer avant toute transmission.",
        )


@alerte("CES-04", "CNIL, fiche du 28 décembre 2018", S, "liste des partenaires non tenue")
def liste_des_partenaires(faits: Faits, le: date) -> Trouves:
    """Une cession sans liste des partenaires tenue à jour."""
    if _cede(faits) and faits.volet("cession").get("partenaires_tenus") is False:
        yield (
            "cession.partenaires_tenus",
            "Tenez à jour la liste des partenaires et rendez-la accessible aux personnes.",
        )


@alerte("CES-05", "RGPD art. 15(1)(c), 19 ; CJUE 12 janvier 2023, C-154/21", M, "transmissions sans trace")
def trace_des_transmissions(faits: Faits, le: date) -> Trouves:
    """Une cession dont les transmissions ne laissent pas de trace."""
    if _cede(faits) and faits.volet("cession").get("trace") is False:
        yield (
            "cession.trace",
            "Gardez trace des transmissions : sans elle, vous ne pourrez ni notifier les oppositions, ni nommer les "
            "destinataires à la personne qui le demande.",
        )


@bloquant("CES-06", "RGPD art. 9, 10", M, "donnée sensible ou d'infraction dans un fichier cédé")
def cession_de_donnees_sensibles(faits: Faits, le: date) -> Trouves:
    """Une donnée de l'article 9 ou d'infraction dans une fiche de cession, de location ou d'échange."""
    if _cede(faits):
        for d in (*faits.donnees("sensible"), *faits.donnees("infraction")):
            yield (
                f"donnees[{d['numero']}].categorie",
                "Aucune donnée sensible ni d'infraction ne figure dans un fichier cédé, loué ou échangé : retirez-la.",
            )


@bloquant(
    "CES-07",
    "RGPD art. 7(1) ; pratique de sanction de la CNIL",
    S,
    "fichier acquis sans preuve du consentement d'origine",
    ecartable=True,
)
def fichier_acquis(faits: Faits, le: date) -> Trouves:
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
