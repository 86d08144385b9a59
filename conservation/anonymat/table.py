"""Un fichier en mémoire, colonne par colonne : chaque valeur distincte y reçoit un rang, et l'on ne compte que des rangs."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count, repeat
from operator import add, mul
from typing import Self

RANG = "I"
# « 01000 » n'en est pas un.
NOMBRE = re.compile(r"[+-]?(?:0|[1-9]\d{0,30})(?:[.,]\d{1,30})?(?:[eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True)
class Attribut:
    """`rangs` : un par ligne ; `valeurs[rang]` : la valeur, sans les blancs qui l'entourent."""

    rangs: "array[int]"
    valeurs: list[str]

    @classmethod
    def de(cls, valeurs: Iterable[str]) -> Self:
        rang_de: dict[str, int] = {}
        rangs = array(RANG, [rang_de.setdefault(v, len(rang_de)) for v in valeurs])
        return cls(rangs, list(rang_de)).propre()

    def propre(self) -> Self:
        """La même, deux valeurs qui ne diffèrent que par les blancs qui les entourent n'en faisant qu'une."""
        if all(v == v.strip() for v in self.valeurs):
            return self
        return self.refondue([v.strip() for v in self.valeurs])

    def refondue(self, images: Sequence[str]) -> Self:
        """La colonne où chaque valeur est remplacée par son image (`images[rang]`)."""
        rang_de: dict[str, int] = {}
        nouveaux = [rang_de.setdefault(v, len(rang_de)) for v in images]
        return type(self)(array(RANG, [nouveaux[r] for r in self.rangs]), list(rang_de))

    @cached_property
    def effectifs(self) -> list[int]:
        """Nombre de lignes de chaque valeur."""
        comptes = Counter(self.rangs)
        return [comptes[rang] for rang in range(len(self.valeurs))]

    @cached_property
    def numerique(self) -> bool:
        """Toutes les valeurs sont des nombres, à l'exception des vides ; « 01000 » n'en est pas un."""
        lus = [nombre(v) for v in self.valeurs if v]
        return bool(lus) and None not in lus


@dataclass(frozen=True)
class JeuDeDonnees:
    colonnes: dict[str, Attribut]
    lignes: int

    def choisies(self, noms: Iterable[str]) -> list[Attribut]:
        return [self.colonnes[n] for n in noms]


@dataclass(frozen=True)
class Classes:
    """Les classes d'équivalence : lignes qui portent les mêmes valeurs. `rangs` : la classe de chaque ligne."""

    rangs: "array[int]"
    tailles: list[int]


def classes(colonnes: Sequence[Attribut]) -> Classes:
    """Groupe les lignes par leurs valeurs dans ces colonnes (une au moins)."""
    lues = Classes(colonnes[0].rangs, colonnes[0].effectifs)
    for colonne in colonnes[1:]:
        lues = croiser(lues, Classes(colonne.rangs, colonne.effectifs))
    return lues


def croiser(une: Classes, autre: Classes) -> Classes:
    """Les classes de deux partages des mêmes lignes, pris ensemble."""
    if len(une.tailles) == 1:
        return autre
    if len(autre.tailles) == 1:
        return une
    cles = list(map(add, map(mul, une.rangs, repeat(len(autre.tailles))), autre.rangs))
    rang_de = dict(zip(dict.fromkeys(cles), count(), strict=False))
    rangs = array(RANG, map(rang_de.__getitem__, cles))
    comptes = Counter(rangs)
    return Classes(rangs, [comptes[rang] for rang in range(len(rang_de))])


def nombre(texte: str) -> float | None:
    """La valeur d'un nombre écrit à la française ou à l'anglaise ; `None` si ce n'en est pas un.

    Ne sert qu'à ranger les valeurs : rien de ce qui s'enregistre n'en garde trace.
    """
    brut = texte.replace("\N{NO-BREAK SPACE}", "").replace("\N{NARROW NO-BREAK SPACE}", "").replace(" ", "")
    if not NOMBRE.fullmatch(brut):
        return None
    lu = float(brut.replace(",", "."))
    return lu if abs(lu) < 1e300 else None


def dix_milliemes(partie: int, tout: int) -> int:
    """La part en dix-millièmes, arrondie vers le haut : un risque ne se minore pas."""
    return -(-partie * 10_000 // tout) if tout else 0
