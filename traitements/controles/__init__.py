"""Les règles de droit. Chaque module les déclare ; ceux-ci sont nommés un à un."""

from datetime import date

from traitements.controles import bases, completude, conservation, prospection, transferts
from traitements.controles.regle import REGLES, Constat, Exigence, Gravite, Regle
from traitements.faits import Faits

__all__ = [
    "REGLES",
    "Constat",
    "Exigence",
    "Gravite",
    "Regle",
    "bases",
    "completude",
    "conservation",
    "controler",
    "prospection",
    "transferts",
]
ORDRE = list(Gravite)


def controler(faits: Faits, le: date) -> list[Constat]:
    """Tous les constats de ce jour-là, les plus graves d'abord. Une fiche archivée n'en a pas."""
    if faits.fiche.get("statut") == "archivee":
        return []
    trouves = [c for regle in REGLES.values() for c in regle.constats(faits, le)]
    return sorted(trouves, key=lambda c: ORDRE.index(c.gravite))
