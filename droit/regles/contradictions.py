"""Réponses que la fiche dément elle-même : un contrat en cours sans client, des fichiers remis contre paiement et non cédés."""

import re
from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.regle import M, P, Trouves, alerte
from organismes.pliage import plier

# Celles avec qui aucun contrat ne court : leur seule présence dément « contrat en cours ».
SANS_CONTRAT = frozenset(
    {"ANCIENS_CLIENTS", "PROSPECTS", "VISITEURS_SITE", "PARTICIPANTS_JEU", "ABONNES_LETTRE", "PARRAINES"}
)
PAYE = re.compile(
    r"contre (?:paiement|remuneration)|\bremuner|\bmonetis|\b(?:vend|loue|echange)\w* (?:les |nos |des |leurs |ces )?(?:donnees|fichiers?|adresses|coordonnees|contacts|profils)"
    r"|\b(?:vente|location|echange|revente|achat) (?:de|des|du) (?:donnees|fichiers?|adresses|coordonnees|contacts|profils)"
)


PROMOTIONS = re.compile(
    r"\bpromotions?\b|\bpromotionnel|\boffres? (?:commerciale|speciale|exclusive|du mois|de partenaire)|\bpublicit"
)


@alerte(
    "PRO-17", "C. conso. art. L223-1, al. 4", P, "contrat en cours déclaré pour des personnes sans contrat"
)
def contrat_sans_client(faits: Faits, le: date) -> Trouves:
    """Une sollicitation dite rattachée à un contrat en cours, dans une fiche qui ne vise que des prospects ou d'anciens clients."""
    personnes = faits.categories_de_personnes
    if not personnes or not personnes <= SANS_CONTRAT:
        return
    for f in faits.finalites:
        if f.get("contrat_en_cours") is True and codes(f, "canaux"):
            yield (
                f"finalites[{f['numero']}].contrat_en_cours",
                "Cette fiche ne vise aucun client dont le contrat est en cours "
                f"({faits.citer('categories_personnes', sorted(personnes))}) : un contrat exécuté ou résilié n'est plus en cours. "
                "Corrigez cette réponse, ou les personnes concernées.",
            )


@alerte(
    "CES-14",
    "RGPD art. 5(1)(a), 13(1)(e), 30(1)(d)",
    M,
    "remise de données contre paiement, non dite cession",
)
def cession_tue(faits: Faits, le: date) -> Trouves:
    """Une fiche qui dit ne rien céder, ou n'en dit rien, et dont les mots parlent de données vendues, louées ou échangées."""
    if faits.volet("cession").get("active") is True:
        return
    if any(PAYE.search(plier(lu)) for lu in _dits(faits)):
        yield (
            "cession.active",
            "La fiche parle de données remises contre paiement, vendues, louées ou échangées, et ne le déclare pas : répondez à cette "
            "question, et décrivez la transmission.",
        )


def _dits(faits: Faits) -> list[str]:
    recoivent = [r for r in faits.liste("destinataires") if r.get("type") not in ("INTERNE", "SOUS_TRAITANT")]
    dits = [texte(r, nom) for r in recoivent for nom in ("nom", "precisions")]
    return [*dits, *(_de_finalite(f) for f in faits.finalites)]


def _de_finalite(finalite: Element) -> str:
    return " ".join((texte(finalite, "libelle"), *codes(finalite, "sous_finalites")))


@alerte(
    "PRO-19", "CPCE art. L34-5 ; RGPD art. 5(1)(b), 6(1)(b)", M, "promotion jointe à l'exécution d'un contrat"
)
def promotion_jointe(faits: Faits, le: date) -> Trouves:
    """Une finalité dite d'exécution, sans canal de prospection, dont les mots parlent de promotions ou d'offres commerciales."""
    for f in faits.finalites_de("execution", "avis", "autre"):
        if not codes(f, "canaux") and PROMOTIONS.search(plier(_de_finalite(f))):
            yield (
                f"finalites[{f['numero']}].type",
                "Cette finalité parle de promotions ou d'offres commerciales : en faire une prospection à part, avec ses canaux et sa "
                "base légale, ou dire pourquoi ce n'en est pas une.",
            )


@alerte(
    "TRF-14", "RGPD art. 30(1)(d) et (e), 44", M, "logiciel d'un pays tiers sans destinataire ni transfert"
)
def logiciel_d_un_pays_tiers(faits: Faits, le: date) -> Trouves:
    """Un pays tiers nommé dans les logiciels de la fiche, qu'aucun destinataire ni transfert ne reprend."""
    logiciels = plier(texte(faits.fiche, "logiciels"))
    if not logiciels:
        return
    connus = {faits.pays(r) for r in faits.liste("destinataires")} | {
        x.get("pays") for x in faits.liste("transferts")
    }
    tus = [
        code
        for code, nom in _pays_tiers(faits)
        if code not in connus and nom in logiciels and _entier(nom, logiciels)
    ]
    if tus:
        yield (
            "logiciels",
            f"Les logiciels cités nomment un pays tiers ({faits.citer('pays', tus)}), et aucun destinataire ni transfert ne le reprend : "
            "dites si des données y sont hébergées ou consultées, et décrivez alors le destinataire et le transfert.",
        )


def _pays_tiers(faits: Faits) -> list[tuple[str, str]]:
    """Le code et le nom plié de chaque pays tiers ; lus une fois par jeu de repères."""
    memoire = faits.reperes.memoire
    if "noms des pays tiers" not in memoire:
        memoire["noms des pays tiers"] = [
            (code, plier(str(ligne["libelle"])))
            for code, ligne in faits.reperes.pays.items()
            if ligne.get("statut") == "tiers"
        ]
    noms: list[tuple[str, str]] = memoire["noms des pays tiers"]
    return noms


def _entier(nom: str, logiciels: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(nom)}(?!\w)", logiciels) is not None
