"""Ce que `demarrer.py` fait, pièce par pièce, avec la seule bibliothèque standard de Python."""

import errno
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
MOTS = {
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.ENOENT: "ce chemin n'existe pas",
    errno.EEXIST: "il existe déjà, et n'est pas un dossier",
    errno.ENOTDIR: "un élément du chemin n'est pas un dossier",
    errno.EISDIR: "c'est un dossier",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "ce disque est en lecture seule",
}


class Refus(Exception):
    """Rien ne peut être fait ; le texte, en français, dit pourquoi et que faire. Code de sortie 1."""


def dire(texte: str) -> None:
    print(texte, flush=True)


def raison_systeme(erreur: OSError) -> str:
    """Ce que le système refuse, en français : ses propres mots sont en anglais."""
    return MOTS.get(erreur.errno or 0, f"le système refuse (code {erreur.errno})")
