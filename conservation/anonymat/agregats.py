"""Un tableau d'effectifs, une ligne par groupe compté : petites cases, cases retrouvées par différence, dominance.

Le G29 (avis 05/2014, § 2.2.3) n'admet comme anonymes, quand les données d'origine restent, que des données agrégées au point
que les événements individuels n'y sont plus identifiables.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from conservation.anonymat.correlation import communes, normale
from conservation.anonymat.dimensions import designe
from conservation.anonymat.formes import TOTAUX
from conservation.anonymat.intitules import MAXIMUMS, MESURES, compte_des_personnes, parmi
from conservation.anonymat.personnes import sans_accent
from conservation.anonymat.seuils import DOMINANCE
from conservation.anonymat.table import Attribut, JeuDeDonnees, dix_milliemes, nombre

MASQUEES = frozenset(["", "s", "c", "ns", "nd", "n/a", "na", "*", "**", "***", "...", "…", "secret", "-"])
BORNEE = re.compile(r"(?:<|≤|moins de)\s*\d{1,6}")
DENSITE_MIN = (
    2_000  # dix-millièmes des croisements possibles : des personnes une à une en remplissent bien moins
)
CANDIDATES_MAX = 6
CONSTANT_MIN = 20  # cases : au-delà, un même effectif partout n'a pas été compté
Cles = tuple[str, ...]


@dataclass(frozen=True)
class Groupe:
    """Une ligne du tableau : ses modalités, son effectif (`None` s'il est masqué), les dimensions où elle est un total."""

    cles: Cles
    effectif: int | None
    totaux: frozenset[int]


def candidates(table: JeuDeDonnees) -> list[str]:
    """Les colonnes qui pourraient compter des personnes : des entiers, sous un intitulé qui ne dit pas autre chose."""
    return [n for n, c in table.colonnes.items() if compte_des_personnes(n) is not False and _compte(c)]


def probables(table: JeuDeDonnees) -> list[str]:
    """Parmi elles, celles dont l'intitulé dit un compte, s'il en est ; peu, car chacune se mesure."""
    lues = candidates(table)
    return ([n for n in lues if compte_des_personnes(n)] or lues)[:CANDIDATES_MAX]


def _compte(colonne: Attribut) -> bool:
    lus = [_entier(v) for v in colonne.valeurs if not _masquee(v)]
    return bool(lus) and None not in lus


def mesures_de(table: JeuDeDonnees, effectif: str) -> list[str]:
    """Les colonnes de nombres qui mesurent au lieu de classer : des décimales, ou un intitulé qui le dit (montant, max)."""
    return [
        n
        for n, c in table.colonnes.items()
        if n != effectif
        and c.numerique
        and (parmi(n, MESURES) or any(not float(nombre(v) or 0).is_integer() for v in c.valeurs if v))
    ]


def maximums_de(mesures: Sequence[str]) -> list[str]:
    return [n for n in mesures if parmi(n, MAXIMUMS)]


def agregats(
    table: JeuDeDonnees,
    effectif: str,
    k: int,
    second: JeuDeDonnees | None = None,
    *,
    mesures: Sequence[str] | None = None,
    maximums: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Les trois risques d'un tableau dont `effectif` compte les personnes. Des entiers et des noms de colonnes."""
    mesures = mesures_de(table, effectif) if mesures is None else mesures
    maximums = maximums_de(mesures) if maximums is None else maximums
    dimensions = [n for n in table.colonnes if n not in (effectif, *mesures, *maximums)]
    cases, illisibles = _cases(table, effectif, dimensions)
    fines = [c for c in cases if not c.totaux]
    comptees = [c.effectif for c in cases if c.effectif]
    petites = sum(n < k for n in comptees)
    return {
        "effectif": effectif,
        "dimensions": dimensions,
        "maximums": list(maximums),
        "propres": _propres(table, dimensions),
        "cases": len(cases),
        "totaux": len(cases) - len(fines),
        "masquees": sum(c.effectif is None for c in cases),
        "illisibles": illisibles,
        "personnes": sum(c.effectif or 0 for c in fines),
        "doublons": len(cases) - len({c.cles for c in cases}),
        "densite": _densite(fines, len(dimensions)),
        "minimum": min(comptees, default=0),
        "constant": len(fines) >= CONSTANT_MIN and len({c.effectif for c in fines}) == 1,
        "petites": petites,
        "part_petites": dix_milliemes(petites, len(cases)),
        "differences": _differences(cases, len(dimensions), k),
        "dominance": _dominance(cases, len(dimensions)),
        "sommes": _sommes(table, [n for n in mesures if n not in maximums], maximums),
        "second": _second(table, second, effectif, dimensions, cases, k) if second else None,
    }


# --- Les cases -----------------------------------------------------------------------------------------------------------
def _masquee(v: str) -> bool:
    return sans_accent(v) in MASQUEES or BORNEE.fullmatch(sans_accent(v)) is not None


def _entier(v: str) -> int | None:
    lu = nombre(v)
    return int(lu) if lu is not None and lu >= 0 and lu == int(lu) else None


def _cases(table: JeuDeDonnees, effectif: str, dimensions: Sequence[str]) -> tuple[list[Groupe], int]:
    """Les lignes du tableau, et combien ont un effectif illisible."""
    lus = [None if _masquee(v) else _entier(v) for v in table.colonnes[effectif].valeurs]
    fautifs = [not _masquee(v) and _entier(v) is None for v in table.colonnes[effectif].valeurs]
    colonnes = [(c.rangs, [normale(v) for v in c.valeurs]) for c in table.choisies(dimensions)]
    cases = []
    for ligne, rang in enumerate(table.colonnes[effectif].rangs):
        cles = tuple(valeurs[rangs[ligne]] for rangs, valeurs in colonnes)
        cases.append(Groupe(cles, lus[rang], frozenset(d for d, v in enumerate(cles) if v in TOTAUX)))
    return cases, sum(fautifs[r] for r in table.colonnes[effectif].rangs)


def _propres(table: JeuDeDonnees, dimensions: Sequence[str]) -> list[dict[str, Any]]:
    """Les dimensions qui désignent au lieu de classer, lignes de total ôtées : une détection chacune, sans valeur."""
    lues = {
        n: [v for v in table.colonnes[n].valeurs if normale(v) not in TOTAUX and not _masquee(v)]
        for n in dimensions
    }
    return [
        {"colonne": n, "nature": lue[0], "part": lue[1]}
        for n, valeurs in lues.items()
        if (lue := designe(n, valeurs))
    ]


def _densite(fines: Sequence[Groupe], dimensions: int) -> int:
    """La part des croisements possibles qui ont une ligne, en dix-millièmes."""
    croisements = prod(len({c.cles[d] for c in fines}) for d in range(dimensions))
    return min(10_000, len({c.cles for c in fines}) * 10_000 // max(croisements, 1))


def _rangees(cases: Sequence[Groupe], dimension: int) -> Iterator[tuple[list[Groupe], int | None]]:
    """Les cases qui ne diffèrent que par cette dimension, et leur total publié."""
    groupes: dict[Cles, list[Groupe]] = defaultdict(list)
    for c in cases:
        groupes[c.cles[:dimension] + c.cles[dimension + 1 :]].append(c)
    for groupe in groupes.values():
        totaux = [c.effectif for c in groupe if dimension in c.totaux]
        yield [c for c in groupe if dimension not in c.totaux], totaux[0] if totaux else None


def _differences(cases: Sequence[Groupe], dimensions: int, k: int) -> dict[str, int]:
    """Ce qu'un total publié laisse retrouver : le reste, une fois ôtées les cases publiées, compte moins de k personnes."""
    examinees = retrouvees = 0
    for d in range(dimensions):
        for rangee, total in _rangees(cases, d):
            if total is None or not rangee:
                continue
            examinees += 1
            retrouvees += 0 < total - sum(c.effectif or 0 for c in rangee) < k
    return {"totaux": examinees, "retrouvees": retrouvees}


def _dominance(cases: Sequence[Groupe], dimensions: int) -> dict[str, int]:
    """Les rangées dont une case porte plus de 85 % de l'effectif : savoir la rangée, c'est savoir la modalité."""
    examinees = dominees = 0
    for d in range(dimensions):
        if len({c.cles[d] for c in cases if d not in c.totaux}) < 2:
            continue
        for rangee, total in _rangees(cases, d):
            somme = max(total or 0, sum(c.effectif or 0 for c in rangee))
            if somme:
                examinees += 1
                dominees += max((c.effectif or 0 for c in rangee), default=0) * 10_000 > DOMINANCE * somme
    return {"rangees": examinees, "dominees": dominees}


def _sommes(table: JeuDeDonnees, sommes: Sequence[str], maximums: Sequence[str]) -> dict[str, Any]:
    """Pour chaque somme, les cases où la plus grande contribution dépasse 85 % ; `None` si aucune colonne ne la donne."""
    paires = {
        s: maximums[0] if len(maximums) == 1 and len(sommes) == 1 else _sien(s, maximums) for s in sommes
    }
    return {s: (_cases_dominees(table, s, m) if m else None) for s, m in paires.items()}


def _sien(somme: str, maximums: Sequence[str]) -> str | None:
    """« max_montant » est celui de « montant »."""
    siens = [
        m
        for m in maximums
        if set(re.findall(r"[a-z]+", sans_accent(somme))) <= set(re.findall(r"[a-z]+", sans_accent(m)))
    ]
    return siens[0] if siens else None


def _cases_dominees(table: JeuDeDonnees, somme: str, maximum: str) -> int:
    s, m = table.colonnes[somme], table.colonnes[maximum]
    couples = zip(s.rangs, m.rangs, strict=True)
    lus = ((nombre(s.valeurs[a]), nombre(m.valeurs[b])) for a, b in couples)
    return sum(v is None or x is None or x * 10_000 > DOMINANCE * v for v, x in lus if v != 0)


def _second(
    table: JeuDeDonnees,
    second: JeuDeDonnees,
    effectif: str,
    dimensions: Sequence[str],
    cases: Sequence[Groupe],
    k: int,
) -> dict[str, Any]:
    """Deux tableaux des mêmes cases : leur différence ne doit pas compter moins de k personnes."""
    paires: Mapping[str, str] = dict(communes(table, second, [*dimensions, effectif]))
    comparables = bool(dimensions) and len(paires) == len(dimensions) + 1
    parts = dict.fromkeys(paires, 0)
    differentes = retrouvees = 0
    if comparables:
        autres = {
            c.cles: c.effectif for c in _cases(second, paires[effectif], [paires[d] for d in dimensions])[0]
        }
        communs = [(c.effectif, autres[c.cles]) for c in cases if c.cles in autres]
        differentes = sum(a is not None and b is not None and 0 < abs(a - b) < k for a, b in communs)
        retrouvees = sum((a is None) != (b is None) and 0 < (a or b or 0) < k for a, b in communs)
        parts = dict.fromkeys(paires, len(communs) * 10_000 // max(len(cases), 1))
    return {
        "colonnes": list(paires) if comparables else [],
        "parts": parts,
        "lignes": second.lignes,
        "rapprochees": differentes + retrouvees,
        "part": dix_milliemes(differentes + retrouvees, len(cases)),
        "mesure": comparables and min(parts.values(), default=0) >= 5_000,
    }
