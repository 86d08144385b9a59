"""Ce que les règles de prospection et de cession lisent d'une finalité : ses canaux, ce qu'elle fait, ce qu'elle invoque. Pur."""

import re
from collections.abc import Iterable
from datetime import date

from droit.faits import Element, Faits, codes, texte, une_fois
from organismes.pliage import plier

TELEPHONE = date(2026, 8, 11)  # loi n° 2025-594, art. 13, III ; décret n° 2026-662
APPELS = {"TELEPHONE_B2C"}
COURRIELS = {"EMAIL_B2C", "EMAIL_B2B"}
MESSAGES = {"EMAIL_B2C", "SMS_B2C", "RESEAU_SOCIAL_MP"}
# Ce que le registre a écrit, non ce que la fiche déclare.
HORS_DU_TEXTE = ("ecarts", "reprise", "alertes_lues")
CERTAINES = ("prospection", "cession")
# Envoyer un message n'est pas prospecter : ces finalités-là écrivent aussi pour livrer, répondre ou mesurer.
AUTRES_NATURES = ("execution", "statistiques", "avis", "etude", "droits", "exclusion", "fraude")
PROMOTION = re.compile(
    r"\bprospect|\bdemarch|\bpromo|\bpublicit|\bnewsletter|\blettres? d'information|\binfolettre|\bmarketing"
    r"|\bsollicitations? commerciale|\boffres? (?:commerciale|promotionnelle|speciale|exclusive)|\bnos (?:offres|nouveautes)"
)

SANS_CONTRAT = frozenset(
    {"ANCIENS_CLIENTS", "PROSPECTS", "VISITEURS_SITE", "PARTICIPANTS_JEU", "ABONNES_LETTRE", "PARRAINES"}
)
DONS = re.compile(r"\bdons?\b|\bdonateurs?\b|\bmecenat\b|\blegs\b|\bcollectes? de fonds\b|\bbenevol")
CONTRAT_EN_COURS = re.compile(r"contrats? (?:est |sont )?en cours|223-1,? al(?:\.|inea) 4")


def emprunte(finalite: Element, canaux: Iterable[str]) -> bool:
    """La finalité passe-t-elle par l'un de ces canaux ?"""
    return not set(canaux).isdisjoint(codes(finalite, "canaux"))


def sans_consentement(finalite: Element) -> bool:
    return finalite.get("base_legale") != "CONSENTEMENT"


def prospecte(faits: Faits, finalite: Element) -> bool | None:
    """La finalité est-elle une prospection commerciale ? `None` : rien ne le dit, ou ses mots démentent sa nature.

    Un appel aux dons ne promeut ni biens, ni services, ni l'image de qui les vend (CPCE art. L34-5, al. 3).
    """
    nature, objet = finalite.get("type"), finalite.get("objet_sollicitation")
    if objet == "don":
        return False
    if nature in CERTAINES or (nature == "etude" and finalite.get("promotionnelle") is True):
        return True if objet or not DONS.search(intitule(finalite)) else None
    imposee = finalite.get("base_legale") in ("OBLIGATION_LEGALE", "MISSION_INTERET_PUBLIC")
    if nature in AUTRES_NATURES or imposee:
        return None if PROMOTION.search(intitule(finalite)) else False
    return True if faits.fiche.get("famille") == "prospection" else None


@une_fois
def appelantes(faits: Faits) -> list[Element]:
    """Les finalités qui appellent des consommateurs, et ne sont pas certainement autre chose que de la prospection."""
    return [f for f in faits.finalites if emprunte(f, APPELS) and prospecte(faits, f) is not False]


def a_dire(finalite: Element) -> str:
    """Le champ où répondre quand rien ne dit si la finalité prospecte : sa nature, ou son objet si sa nature est dite."""
    return f"finalites[{finalite['numero']}].{'objet_sollicitation' if finalite.get('type') in CERTAINES else 'type'}"


def intitule(finalite: Element) -> str:
    """Ses libellés, pliés : de quoi y chercher un mot."""
    return plier(" ".join((texte(finalite, "libelle"), *codes(finalite, "sous_finalites"))))


def invoque(finalite: Element, motif: re.Pattern[str]) -> bool:
    """Ses mots invoquent-ils une exception que ses réponses ne déclarent pas ?"""
    dits = " ".join(
        texte(finalite, nom) for nom in ("libelle", "justification", "texte_legal", "interet_legitime")
    )
    return motif.search(plier(dits)) is not None


def sans_contrat(faits: Faits) -> bool:
    """La fiche ne vise que des personnes avec qui aucun contrat ne court : prospects, anciens clients."""
    return bool(faits.categories_de_personnes) and faits.categories_de_personnes <= SANS_CONTRAT


def a_des_particuliers(finalite: Element) -> bool:
    return finalite.get("public") != "B2B"
