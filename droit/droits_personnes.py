"""Les droits que chaque finalité ouvre aux personnes, d'après sa base légale (RGPD art. 7(3), 15 à 22). Pur."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from droit.faits import RIEN, Element, Faits, codes, texte

OUI, CONDITIONNEL = "oui", "conditionnel"
# Nom du droit dans la table des bases légales → son code dans celle des droits.
SELON_LA_BASE = {
    "acces": "ACCES",
    "rectification": "RECTIFICATION",
    "effacement": "EFFACEMENT",
    "limitation": "LIMITATION",
    "portabilite": "PORTABILITE",
    "opposition": "OPPOSITION",
    "retrait_consentement": "RETRAIT",
}
# Natures d'une finalité à laquelle la personne s'oppose sans motif : prospecter, ou remettre à qui prospectera.
PROSPECTE = ("prospection", "cession")
SERVICE = (
    "execution",
    "avis",
    "droits",
    "exclusion",
    "fraude",
)  # elles écrivent pour livrer, répondre ou prévenir


class DroitOuvert(NamedTuple):
    """Un droit que la personne tient d'une finalité.

    `code` : celui de la table des droits. `ouverture` : « oui », ou « conditionnel » quand les faits de la fiche ne
    suffisent pas à le dire. `article` : le texte qui le donne. `precision` : sa condition ou sa réserve, s'il y en a une.
    """

    code: str
    ouverture: str
    article: str = ""
    precision: str = ""


def droits_ouverts(faits: Faits, finalite: Element) -> list[DroitOuvert]:
    """Les droits que cette finalité ouvre ; ceux qu'elle n'ouvre pas n'y figurent pas.

    Tant que la base légale n'est pas choisie, seuls restent ceux qui n'en dépendent pas.
    """
    return [
        droit._replace(article=_article(faits, droit.code)) for droit in droits_sans_article(faits, finalite)
    ]


def droits_sans_article(faits: Faits, finalite: Element) -> list[DroitOuvert]:
    """Les mêmes, pour qui n'a pas à citer le texte de chacun."""
    de_la_base = list(_selon_la_base(faits, finalite))
    du_consentement = _du_consentement_explicite(finalite, {droit.code for droit in de_la_base})
    return [*de_la_base, *du_consentement, *_selon_la_nature(faits, finalite), *_en_tout_cas()]


def prospecte(finalite: Element) -> bool:
    """La finalité est-elle une prospection, par sa nature, par ses canaux ou par son contenu (RGPD art. 21(2)) ?"""
    enquete_promotionnelle = finalite.get("type") == "etude" and finalite.get("promotionnelle") is True
    imposee = finalite.get("base_legale") in ("OBLIGATION_LEGALE", "MISSION_INTERET_PUBLIC")
    ecrit = bool(codes(finalite, "canaux")) and finalite.get("type") not in SERVICE and not imposee
    return finalite.get("type") in PROSPECTE or ecrit or enquete_promotionnelle


# Ce que le consentement explicite de l'article 9(2)(a) ouvre, sous une autre base légale (art. 7(3), 20(1)(a)).
DU_CONSENTEMENT_EXPLICITE = (
    DroitOuvert(
        "RETRAIT", OUI, precision="pour les données de l'article 9 traitées avec le consentement explicite"
    ),
    DroitOuvert(
        "PORTABILITE",
        CONDITIONNEL,
        precision="art. 20(1) : données fournies par la personne et traitement automatisé",
    ),
)


def _selon_la_base(faits: Faits, finalite: Element) -> Iterator[DroitOuvert]:
    base = faits.reperes.bases_legales.get(texte(finalite, "base_legale"), RIEN)
    precisions = base.get("droits_precisions") or RIEN
    for nom, code in SELON_LA_BASE.items():
        ouverture = (base.get("droits") or RIEN).get(nom)
        if ouverture in (OUI, CONDITIONNEL):
            yield DroitOuvert(code, ouverture, precision=precisions.get(nom, ""))


def _du_consentement_explicite(finalite: Element, deja: Container[str]) -> Iterator[DroitOuvert]:
    if finalite.get("consentement_explicite") is True:
        yield from (droit for droit in DU_CONSENTEMENT_EXPLICITE if droit.code not in deja)


def _selon_la_nature(faits: Faits, finalite: Element) -> Iterator[DroitOuvert]:
    if prospecte(finalite):
        yield DroitOuvert("OPPOSITION_PROSPECTION", OUI, precision="sans motif et à tout moment")
    elif finalite.get("type") == "profilage":
        yield DroitOuvert(
            "OPPOSITION_PROSPECTION",
            CONDITIONNEL,
            precision="dans la mesure où le profilage est lié à une prospection",
        )
    if faits.volet("profilage").get("decision_auto") is True:
        yield DroitOuvert(
            "DECISION_AUTOMATISEE",
            CONDITIONNEL,
            precision="si la décision sert cette finalité ; sauf contrat, texte ou consentement explicite (art. 22(2))",
        )


def _en_tout_cas() -> Iterator[DroitOuvert]:
    """Quelles que soient la finalité et sa base."""
    yield DroitOuvert("POST_MORTEM", OUI)
    yield DroitOuvert("RECLAMATION", OUI)


def _article(faits: Faits, code: str) -> str:
    return str(faits.reperes.droits.get(code, RIEN).get("article", ""))
