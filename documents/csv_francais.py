"""Un CSV qu'un tableur français ouvre tel quel : BOM, point-virgule, et aucune cellule qui commence une formule."""

import csv
from collections.abc import Iterable
from io import StringIO

FORMULES = ("=", "+", "-", "@", "\t", "\r")


def en_csv(en_tetes: Iterable[str], lignes: Iterable[Iterable[str]]) -> bytes:
    sortie = StringIO()
    ecrivain = csv.writer(sortie, delimiter=";")
    ecrivain.writerow(en_tetes)
    ecrivain.writerows([_inoffensive(cellule) for cellule in ligne] for ligne in lignes)
    return sortie.getvalue().encode("utf-8-sig")


def _inoffensive(cellule: str) -> str:
    return f"'{cellule}" if cellule.startswith(FORMULES) else cellule
