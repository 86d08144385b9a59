"""L'auteur des changements faits en ligne de commande."""

import getpass

from journal.service import Auteur


def _compte() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # un conteneur sans compte nommé
        return "inconnu"


COMMANDE = Auteur(id=f"commande:{_compte()}", nom=f"Ligne de commande ({_compte()})", role="commande")
