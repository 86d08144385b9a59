"""Ce que la loi fait dire de plus à certains : aux mineurs, aux consommateurs dont on demande le numéro, à qui l'on n'écrit pas.

Aux personnes, un paragraphe ; à qui rédige, une réserve : ce que la notice ne peut pas trancher à sa place.
"""

from collections.abc import Iterator
from datetime import date

from droit.faits import Element, Faits
from droit.numeros import numero_recueilli
from registre.conformite.notice.forme import PUCE, Paragraphe, Plume
from registre.conformite.notice.mots import enchaine, phrase, propre
from traitements.choix import ExceptionArt14
from traitements.phrases import enumerer, minuscule

APPELS_CONSENTIS = date(2026, 8, 11)  # loi n° 2025-594, art. 13 : C. conso. art. L223-2
DISPENSES = {
    ExceptionArt14.DEJA_INFORMEE: "art. 14(5)(a)",
    ExceptionArt14.IMPOSSIBLE: "art. 14(5)(b)",
    ExceptionArt14.TEXTE: "art. 14(5)(c)",
    ExceptionArt14.SECRET: "art. 14(5)(d)",
}


# --- Mineurs ------------------------------------------------------------------------------------------------------
def mineurs(plume: Plume) -> Paragraphe | None:
    """Avant quinze ans, le consentement à un service en ligne se donne avec un titulaire de l'autorité parentale."""
    consenties = plume.faits.consenties
    if not consenties or not any(p.get("moins_de_15_ans") is not False for p in _mineurs(plume.faits)):
        return None
    return Paragraphe(
        "Si vous avez moins de quinze ans",
        "art. 8 ; LIL art. 45",
        (
            "Quand nous vous demandons votre consentement pour un service en ligne, il doit être donné par vous et par l'un de "
            "vos parents, ou par la personne qui exerce l'autorité parentale.",
            *_accord_des_parents(plume, consenties),
        ),
    )


def _accord_des_parents(plume: Plume, consenties: list[Element]) -> list[str]:
    moyens: dict[str, list[str]] = {}
    for f in consenties:
        moyen = plume.ou_blanc(
            f.get("consentement_autorisation_parentale"),
            f"moyen de recueillir l'accord parental à la finalité {f['numero']}",
            "art. 8",
            f"finalites[{f['numero']}].consentement_autorisation_parentale",
        )
        moyens.setdefault(moyen, []).append(str(f["numero"]))
    if len(moyens) == 1:
        return [phrase(f"Comment : {enchaine(m)}") for m in moyens]
    return [f"{PUCE}{phrase(f'Finalité {enumerer(n)} : {enchaine(m)}')}" for m, n in moyens.items()]


def _mineurs(faits: Faits) -> list[Element]:
    return [
        p
        for p in faits.liste("personnes")
        if p.get("categorie") == "MINEURS" or p.get("moins_de_15_ans") is True
    ]


# --- Consommateurs ------------------------------------------------------------------------------------------------
def appels(plume: Plume) -> Paragraphe | None:
    if plume.le < APPELS_CONSENTIS or not numero_recueilli(plume.faits):
        return None
    return Paragraphe(
        "Appels commerciaux",
        "C. conso. art. L223-2",
        (
            "Toute sollicitation par téléphone à des fins commerciales suppose votre consentement préalable, sauf si elle "
            "intervient dans le cadre de l'exécution d'un contrat en cours avec vous.",
        ),
    )


# --- Collecte indirecte -------------------------------------------------------------------------------------------
def dispense(plume: Plume) -> str:
    """L'exception de l'article 14(5) invoquée pour des données qui ne viennent pas de la personne ; vide s'il n'y en a pas."""
    invoquee = str(plume.faits.volet("information").get("exception_art14") or "")
    indirecte = any(map(plume.faits.sources_indirectes, plume.faits.donnees()))
    return invoquee if indirecte and invoquee in DISPENSES else ""


# --- À qui rédige -------------------------------------------------------------------------------------------------
def reserves(plume: Plume) -> Iterator[str]:
    if _mineurs(plume.faits):
        yield (
            "Des mineurs sont concernés : relisez cette notice pour eux, en termes clairs et simples qu'ils comprennent "
            "aisément (RGPD, art. 12(1) ; LIL, art. 45)."
        )
    if invoquee := dispense(plume):
        yield _dispense_invoquee(plume, invoquee)


def _dispense_invoquee(plume: Plume, invoquee: str) -> str:
    article, cas = DISPENSES[ExceptionArt14(invoquee)], minuscule(str(ExceptionArt14(invoquee).label))
    motif = propre(plume.faits.volet("information").get("exception_art14_motif"))
    if not motif:
        plume.blanc("raison de la dispense d'informer", article, "information.exception_art14_motif")
    raison = f"Raison : {enchaine(motif)}." if motif else "La raison n'en est pas dite."
    return (
        "Pour les données qui ne viennent pas de la personne, la fiche invoque une dispense d'informer (RGPD, "
        f"{article}) : {cas}. {raison}"
    )
