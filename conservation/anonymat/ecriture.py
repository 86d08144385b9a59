"""Une valeur telle qu'elle se lit : chiffres de toute écriture, pleine chasse et caractères invisibles ramenés à l'écriture ordinaire.

« ١٢٣٤٥ » est 12345 : une forme se cherche dans ce qui se lit, et non dans ses octets.
"""

import re
import unicodedata

from conservation.anonymat.table import Attribut

EXPOSANT = re.compile(r"(?<=[^\W\d_])[²³](?!\w)")  # « m² » est une unité, et non un code « m2 »


def ordinaire(valeur: str) -> str:
    """En forme NFKC, chiffres décimaux de 0 à 9, sans caractère de format (largeur nulle, sens de lecture)."""
    if valeur.isascii():
        return valeur
    lus = (
        c for c in unicodedata.normalize("NFKC", EXPOSANT.sub("", valeur)) if unicodedata.category(c) != "Cf"
    )
    return "".join(str(unicodedata.decimal(c, c)) for c in lus).strip()


def colonne_ordinaire(colonne: Attribut) -> Attribut:
    """La même ; deux valeurs qui se lisent de même n'en font qu'une."""
    if all(map(str.isascii, colonne.valeurs)):
        return colonne
    return colonne.refondue([ordinaire(v) for v in colonne.valeurs])
