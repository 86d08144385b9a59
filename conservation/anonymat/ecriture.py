"""Une valeur telle qu'elle se lit : chiffres de toute écriture, pleine chasse et caractères invisibles ramenés à l'écriture ordinaire.

« ١٢٣٤٥ » est 12345 : une forme se cherche dans ce qui se lit, et non dans ses octets.
"""

import re
import unicodedata

from conservation.anonymat.table import Attribut

EXPOSANT = re.compile(r"(?<=[^\W\d_])[²³](?!\w)")  # « m² » est une unité, et non un code « m2 »


class _Ecriture(dict[int, str]):
    """Chaque caractère vers le sien, cherché une fois : un chiffre décimal vers 0 à 9, un caractère de format vers rien."""

    def __missing__(self, point: int) -> str:
        c = chr(point)
        self[point] = "" if unicodedata.category(c) == "Cf" else str(unicodedata.decimal(c, c))
        return self[point]


ECRITURE = _Ecriture()


def ordinaire(valeur: str) -> str:
    """En forme NFKC, chiffres décimaux de 0 à 9, sans caractère de format (largeur nulle, sens de lecture)."""
    if valeur.isascii():
        return valeur
    return unicodedata.normalize("NFKC", EXPOSANT.sub("", valeur)).translate(ECRITURE).strip()


def colonne_ordinaire(colonne: Attribut) -> Attribut:
    """La même ; deux valeurs qui se lisent de même n'en font qu'une."""
    caracteres: set[str] = set().union(*colonne.valeurs)
    if all(ordinaire(c) == c and not unicodedata.combining(c) for c in caracteres if not c.isascii()):
        return colonne
    return colonne.refondue([ordinaire(v) for v in colonne.valeurs])
