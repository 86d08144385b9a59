"""Les comptages : tailles des classes, diversité et proximité des valeurs sensibles. Exacts : des entiers, aucun arrondi."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, groupby, repeat
from operator import add, mul

from conservation.anonymat.table import Attribut, Classes, nombre

# La distance d'une classe à l'ensemble : son nombre de lignes, puis le rang et l'effectif de ses valeurs sensibles.
Distance = Callable[[int, list[tuple[int, int]]], int]


@dataclass(frozen=True)
class Individualisation:
    """`plus_petites` : taille et nombre des classes les plus petites."""

    k: int
    classes: int
    uniques: int
    sous_seuil: int
    plus_petites: list[tuple[int, int]]


def individualisation(lues: Classes, seuil: int) -> Individualisation:
    """`seuil` : lignes d'une classe en dessous de ce k, comptées dans `sous_seuil`."""
    par_taille = Counter(lues.tailles)
    petites = sorted(par_taille.items())
    return Individualisation(
        k=petites[0][0],
        classes=len(lues.tailles),
        uniques=par_taille[1],
        sous_seuil=sum(taille * n for taille, n in petites if taille < seuil),
        plus_petites=petites[:5],
    )


@dataclass(frozen=True)
class Inference:
    """`diversite` (l) : le moins de valeurs distinctes dans une classe. `proximite` (t) : la plus grande distance à l'ensemble."""

    diversite: int
    proximite: Fraction
    classes_uniformes: int


def inference(lues: Classes, sensible: Attribut) -> Inference:
    """l-diversité distincte ; t-proximité par la distance du transport, ordonnée pour des nombres."""
    mesurer = _ordonnee(sensible) if sensible.numerique else _categorielle(sensible)
    diversite, uniformes = len(sensible.valeurs), 0
    loin, parmi = 0, 1  # la plus grande distance, en fraction
    for classe, presentes in _par_classe(lues, sensible):
        diversite = min(diversite, len(presentes))
        uniformes += len(presentes) == 1
        taille = lues.tailles[classe]
        distance = mesurer(taille, presentes)
        if distance * parmi > loin * taille:
            loin, parmi = distance, taille
    diviseur = len(sensible.rangs) * (max(len(sensible.valeurs) - 1, 1) if sensible.numerique else 1)
    return Inference(diversite, Fraction(loin, parmi * diviseur), uniformes)


def _par_classe(lues: Classes, sensible: Attribut) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Chaque classe et ses valeurs sensibles : rang et effectif."""
    largeur = len(sensible.valeurs)
    paires = Counter(map(add, map(mul, lues.rangs, repeat(largeur)), sensible.rangs))
    for classe, groupe in groupby(sorted(paires), key=lambda paire: paire // largeur):
        yield classe, [(paire % largeur, paires[paire]) for paire in groupe]


def _categorielle(sensible: Attribut) -> Distance:
    """Variation totale : la moitié de la somme des écarts, qui est la somme des seuls excès."""
    effectifs, lignes = sensible.effectifs, len(sensible.rangs)

    def distance(taille: int, presentes: list[tuple[int, int]]) -> int:
        return sum(max(0, n * lignes - effectifs[valeur] * taille) for valeur, n in presentes)

    return distance


def _ordonnee(sensible: Attribut) -> Distance:
    """Somme des écarts cumulés le long des valeurs rangées ; entre deux valeurs présentes, le cumul de la classe ne bouge pas."""
    valeurs, lignes = sensible.valeurs, len(sensible.rangs)
    ordre = sorted(range(len(valeurs)), key=lambda r: (valeurs[r] != "", nombre(valeurs[r]) or 0))
    place = [0] * len(ordre)
    for position, rang in enumerate(ordre):
        place[rang] = position
    cumul = list(accumulate(sensible.effectifs[r] for r in ordre))
    sommes = [0, *accumulate(cumul)]

    def segment(debut: int, fin: int, devant: int, taille: int) -> int:
        """Somme, de `debut` à `fin` exclu, de |devant × lignes − cumul × taille|."""
        niveau = devant * lignes
        bascule = min(max(bisect_right(cumul, niveau // taille), debut), fin)
        dessous = niveau * (bascule - debut) - taille * (sommes[bascule] - sommes[debut])
        dessus = taille * (sommes[fin] - sommes[bascule]) - niveau * (fin - bascule)
        return dessous + dessus

    def distance(taille: int, presentes: list[tuple[int, int]]) -> int:
        total = devant = debut = 0
        for position, n in sorted((place[valeur], n) for valeur, n in presentes):
            total += segment(debut, position, devant, taille)
            debut, devant = position, devant + n
        return total + segment(debut, len(cumul), devant, taille)

    return distance
