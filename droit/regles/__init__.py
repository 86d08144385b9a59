"""Les règles de droit. Un module d'ici les déclare par thème ; tous sont lus, sans qu'aucune liste les nomme."""

import importlib
import pkgutil
from collections.abc import Mapping
from datetime import date

from droit.faits import Faits
from droit.regles.constat import Constat, Exigence, Gravite, Marque
from droit.regles.ecarts import Ecarte, repartir
from droit.regles.regle import REGLES, THEMES, Portee, Regle
from traitements.chemins import Chemin

__all__ = [
    "REGLES",
    "Constat",
    "Ecarte",
    "Exigence",
    "Gravite",
    "Marque",
    "Portee",
    "Regle",
    "controler",
    "controler_organisme",
    "repartir",
]
RANGS = {gravite: rang for rang, gravite in enumerate(Gravite)}
# Un même fait ne produit qu'un message : la première règle fait taire la seconde sur le même élément.
MASQUES = (
    ("PRO-03", "BAS-04"),
    ("PRO-04", "BAS-05"),
    ("PRO-05", "PRO-01"),
    ("PRO-05", "PRO-03"),
    ("CES-01", "PRO-01"),
    ("CES-02", "PRO-03"),
    ("CES-07", "CES-12"),
    ("CES-08", "CES-14"),
    ("RET-03", "RET-18"),
    ("RET-18", "RET-21"),
    ("TRF-03", "TRF-01"),
    ("TRF-03", "TRF-02"),
    ("AIP-01", "AIP-05"),
    ("SEN-06", "PRF-09"),
)


MASQUANTES = frozenset(parle for parle, _ in MASQUES)
MASQUABLES = frozenset(tue for _, tue in MASQUES)


def controler(faits: Faits, le: date, droit: date | None = None) -> list[Constat]:
    """Tous les constats de la fiche ce jour-là, les plus graves d'abord. Une fiche archivée n'en a pas.

    `droit` : le jour dont on applique les règles, quand ce n'est pas celui où l'on juge.
    """
    if faits.fiche.get("statut") == "archivee":
        return []
    return _constats(faits, le, Portee.FICHE, droit)


def controler_organisme(faits: Faits, le: date, droit: date | None = None) -> list[Constat]:
    """Les constats qui tiennent à l'organisme lui-même ; chacun ne se dit qu'une fois, non fiche par fiche."""
    return _constats(faits, le, Portee.ORGANISME, droit)


def _constats(faits: Faits, le: date, portee: Portee, droit: date | None) -> list[Constat]:
    second = faits.du_sous_traitant
    trouves: list[Constat] = []
    for regle in REGLES.values():
        if regle.portee is portee and (regle.sous_traitant or not second):
            trouves += regle.constats(faits, le, droit)
    return sorted(_demasquer(trouves), key=lambda c: RANGS[c.gravite])


def _demasquer(constats: list[Constat]) -> list[Constat]:
    """Un constat ne fait jamais taire plus grave que lui : une alerte laisse dire ce qui bloque."""
    rangs: dict[tuple[str, str], int] = {}
    for c in constats:
        if c.code in MASQUANTES:
            ici = (c.code, Chemin.lire(c.chemin).element)
            rangs[ici] = min(RANGS[c.gravite], rangs.get(ici, len(RANGS)))
    return [c for c in constats if not _masque(c, rangs)] if rangs else constats


def _masque(constat: Constat, rangs: Mapping[tuple[str, str], int]) -> bool:
    """Une règle qui le fait taire parle-t-elle du même élément, et au moins aussi haut ?"""
    if constat.code not in MASQUABLES:
        return False
    maitres = [parle for parle, tue in MASQUES if tue == constat.code]
    element, rang = Chemin.lire(constat.chemin).element, RANGS[constat.gravite]
    return any(rangs.get((code, element), len(RANGS)) <= rang for code in maitres)


def _lire_les_themes() -> None:
    """Lit chaque module du dossier, dans l'ordre de leurs noms, puis range les règles : par thème, et par code.

    Deux modules peuvent se partager un thème : ses règles se suivent comme s'il n'y en avait qu'un.
    """
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    themes = list(THEMES)
    rangees = sorted(REGLES.items(), key=lambda paire: _rang(paire[1], themes))
    REGLES.clear()
    REGLES.update(rangees)


def _rang(regle: Regle, themes: list[str]) -> tuple[int, str]:
    prefixe = regle.theme.prefixe
    return themes.index(prefixe) if prefixe in themes else len(themes), regle.code


_lire_les_themes()
