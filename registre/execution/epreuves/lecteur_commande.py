"""Le même lecteur, pour la commande : personne n'attend devant une page, elle lit plus de lignes et plus longtemps."""

from isolement.limites import EPREUVE_COMMANDE
from registre.execution.epreuves.lecteur import ILLISIBLE, repondre

__all__ = ["ILLISIBLE", "LIGNES_MAX", "LIMITES", "repondre"]
LIMITES = EPREUVE_COMMANDE
LIGNES_MAX = 10_000_000
