"""Un CSV qu'un tableur français ouvre tel quel : BOM, point-virgule, et aucune cellule qui commence une formule."""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

TYPE_MIME = "text/csv; charset=utf-8"
FORMULES = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class ColonneCsv:
    """Une colonne : son code, qui ne change pas, l'en-tête que l'on lit, et la cellule qu'un objet y met."""

    code: str
    titre: str
    cellule: Callable[[Any], str]


def tableau(colonnes: Sequence[ColonneCsv], objets: Iterable[Any]) -> bytes:
    """Un objet par ligne."""
    return en_csv((c.titre for c in colonnes), ([c.cellule(o) for c in colonnes] for o in objets))


def en_csv(en_tetes: Iterable[str], lignes: Iterable[Iterable[str]]) -> bytes:
    sortie = StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(en_tetes)
    ecrivain.writerows([_inoffensive(cellule) for cellule in ligne] for ligne in lignes)
    return sortie.getvalue().encode("utf-8-sig")


def _inoffensive(cellule: str) -> str:
    return f"'{cellule}" if cellule.startswith(FORMULES) else cellule
