"""Ce que `demarrer.py` fait, pièce par pièce, avec la seule bibliothèque standard de Python."""

from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent


class RefusDeDemarrage(Exception):
    """Rien ne peut être fait ; le texte, en français, dit pourquoi et que faire. Code de sortie 1."""


def dire(texte: str) -> None:
    print(texte, flush=True)
