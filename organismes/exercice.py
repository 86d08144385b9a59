"""La clôture de l'exercice comptable, telle qu'on la tape : un jour et un mois. Pur."""

import re
from datetime import date

JOUR_ET_MOIS = re.compile(r"(?P<jour>[0-9]{2})/(?P<mois>[0-9]{2})")


def jour_et_mois_lus(texte: str) -> tuple[int, int]:
    """« 31/03 » → (3, 31). Lève `ValueError`, avec un message à montrer ; le 29 février vaut."""
    lu = JOUR_ET_MOIS.fullmatch(texte)
    try:
        jour = date(2000, int(lu["mois"]), int(lu["jour"])) if lu else None
    except ValueError:
        jour = None
    if jour is None:
        raise ValueError("Il faut un jour et un mois : « 31/12 ».")
    return jour.month, jour.day
