"""Corrélation : avec un second fichier, et entre les colonnes d'un même fichier."""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import Any

from conservation.anonymat.personnes import sans_accent
from conservation.anonymat.table import Attribut, JeuDeDonnees, classes, dix_milliemes, nombre

COLONNES_MAX = 3  # d'une combinaison
ESSAIS_MAX = 120  # combinaisons
LIGNES_MAX = 8_000_000  # lignes comptées en tout, toutes combinaisons confondues
PART_COMMUNE_MIN = 1_000  # dix-millièmes : en dessous, deux colonnes de même nom n'ont pas été comparées
SECOND_MIN = 20  # lignes : en dessous, un second fichier ne représente aucune source
ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ].*)?", re.ASCII)
FRANCAISE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?: .*)?", re.ASCII)


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


# --- Le second fichier ---------------------------------------------------------------------------------------------------
def normale(valeur: str) -> str:
    """La valeur sans casse, accent ni blanc superflu ; une date en AAAA-MM-JJ ; « 1 204,50 » et « 1204.5 » n'en font qu'un."""
    if lue := ISO.fullmatch(valeur):
        return f"{lue[1]}-{int(lue[2]):02d}-{int(lue[3]):02d}"
    if lue := FRANCAISE.fullmatch(valeur):
        return f"{lue[3]}-{int(lue[2]):02d}-{int(lue[1]):02d}"
    lu = nombre(valeur)
    return f"{lu:.6f}" if lu is not None else " ".join(sans_accent(valeur).split())


def rapprochement(table: JeuDeDonnees, second: JeuDeDonnees, noms: Sequence[str]) -> dict[str, Any]:
    """Les lignes dont la combinaison de valeurs, sur les colonnes comparées, est unique dans chacun des deux fichiers.

    Une colonne se compare par son nom, sans casse ni accent, si `PART_COMMUNE_MIN` des lignes éprouvées y portent une valeur
    du second fichier. `mesure` : y a-t-il eu de quoi comparer ?
    """
    paires = communes(table, second, noms)
    parts = {n: _part_commune(table.colonnes[n], second.colonnes[autre]) for n, autre in paires}
    comparees = [(n, autre) for n, autre in paires if parts[n] >= PART_COMMUNE_MIN]
    uniques = (
        len(_uniques(table, [n for n, _ in comparees]) & _uniques(second, [a for _, a in comparees]))
        if comparees
        else 0
    )
    return {
        "colonnes": [n for n, _ in comparees],
        "parts": parts,
        "lignes": second.lignes,
        "rapprochees": uniques,
        "part": dix_milliemes(uniques, table.lignes),
        "mesure": bool(comparees) and second.lignes >= min(SECOND_MIN, table.lignes),
    }


def communes(table: JeuDeDonnees, second: JeuDeDonnees, noms: Sequence[str]) -> list[tuple[str, str]]:
    """Les colonnes de même nom dans les deux fichiers, à la casse, aux accents et aux tirets près."""
    siennes = {cle(n): n for n in second.colonnes}
    return [(n, siennes[cle(n)]) for n in noms if cle(n) in siennes]


def cle(intitule: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", sans_accent(intitule)) or intitule


def _part_commune(colonne: Attribut, autre: Attribut) -> int:
    """La part des lignes dont la valeur, non vide, se trouve dans l'autre fichier, en dix-millièmes ; arrondie vers le bas."""
    connues = {normale(v) for v in autre.valeurs if v}
    retrouvees = sum(
        n for v, n in zip(colonne.valeurs, colonne.effectifs, strict=True) if v and normale(v) in connues
    )
    return retrouvees * 10_000 // max(len(colonne.rangs), 1)


def _uniques(table: JeuDeDonnees, noms: Sequence[str]) -> set[tuple[str, ...]]:
    colonnes = [c.refondue([normale(v) for v in c.valeurs]) for c in table.choisies(noms)]
    lues = classes(colonnes)
    seules = [ligne for ligne, classe in enumerate(lues.rangs) if lues.tailles[classe] == 1]
    return {tuple(c.valeurs[c.rangs[ligne]] for c in colonnes) for ligne in seules}
