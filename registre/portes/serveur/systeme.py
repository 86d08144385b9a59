"""Ce que le système refuse, en français : ses propres mots sont en anglais. Bibliothèque standard seule : `demarrer.py` s'en sert."""

import errno

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


def raison_systeme(erreur: OSError) -> str:
    return MOTS.get(erreur.errno or 0, f"le système refuse (code {erreur.errno})")
