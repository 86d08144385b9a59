"""Corrélation : avec un second fichier, et entre les colonnes d'un même fichier."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from conservation.anonymat.table import JeuDeDonnees, classes, dix_milliemes

COLONNES_MAX = 3  # d'une combinaison
ESSAIS_MAX = 120  # combinaisons
LIGNES_MAX = 15_000_000  # lignes comptées en tout, toutes combinaisons confondues


def sous_ensembles(table: JeuDeDonnees, noms: Sequence[str]) -> dict[str, Any]:
    """La plus petite combinaison de colonnes qui isole des lignes, et, à taille égale, celle qui en isole le plus.

    `complete` est faux quand toutes les combinaisons d'au plus `COLONNES_MAX` colonnes n'ont pu être essayées.
    """
    rangees = sorted(noms, key=lambda n: -len(table.colonnes[n].valeurs))
    reste = min(ESSAIS_MAX, max(len(noms), LIGNES_MAX // max(table.lignes, 1)))
    essais = 0
    for taille in range(1, min(COLONNES_MAX, len(rangees)) + 1):
        trouve: tuple[int, tuple[str, ...]] = (0, ())
        for combinaison in combinations(rangees, taille):
            if essais >= reste:
                return _dit(trouve, table.lignes, essais, complete=False)
            essais += 1
            isolees = classes(table.choisies(combinaison)).tailles.count(1)
            trouve = max(trouve, (isolees, combinaison), key=lambda lu: lu[0])
        if trouve[0]:
            return _dit(trouve, table.lignes, essais, complete=True)
    return _dit((0, ()), table.lignes, essais, complete=True)


def _dit(trouve: tuple[int, tuple[str, ...]], lignes: int, essais: int, *, complete: bool) -> dict[str, Any]:
    isolees, colonnes = trouve
    return {
        "colonnes": list(colonnes),
        "isolees": isolees,
        "part": dix_milliemes(isolees, lignes),
        "essais": essais,
        "complete": complete,
    }


def rapprochement(table: JeuDeDonnees, second: JeuDeDonnees, noms: Sequence[str]) -> dict[str, Any]:
    """Les lignes dont la combinaison de valeurs, sur les colonnes communes, est unique dans chacun des deux fichiers."""
    communes = [n for n in noms if n in second.colonnes]
    uniques = len(_uniques(table, communes) & _uniques(second, communes)) if communes else 0
    return {
        "colonnes": communes,
        "lignes": second.lignes,
        "rapprochees": uniques,
        "part": dix_milliemes(uniques, table.lignes),
    }


def _uniques(table: JeuDeDonnees, noms: Sequence[str]) -> set[tuple[str, ...]]:
    colonnes = table.choisies(noms)
    lues = classes(colonnes)
    seules = [ligne for ligne, classe in enumerate(lues.rangs) if lues.tailles[classe] == 1]
    return {tuple(c.valeurs[c.rangs[ligne]] for c in colonnes) for ligne in seules}
