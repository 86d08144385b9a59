"""Les exports du registre : un module par format, une ligne dans `FORMATS`. La commande, les pages et leurs droits en découlent.

Un module d'export porte `EXTENSION`, `TYPE_MIME` et `produire(demande) -> bytes`. `LIENS` (facultatif) dit les pages qui
l'offrent et en quels mots ; sans lui, la liste des fiches offre le registre entier. Ce qu'une page montre et donne aussi en
fichier (procès-verbal, feuille d'épreuve, CSV de l'échéancier ou des durées) ne part pas d'une demande, et n'est pas ici.
"""

from collections.abc import Mapping
from types import ModuleType

from registre.echanges.exports import json_registre, pdf

FORMATS = {
    "json": json_registre,
    "pdf": pdf,
}
FICHE = "fiche"  # la page d'une fiche : le seul export qui ne porte pas sur tout le registre


def liens(module: ModuleType) -> Mapping[str, str]:
    """Page (nom de sa route) → mots du lien."""
    return getattr(module, "LIENS", {"registre": f"Exporter ({module.EXTENSION.upper()})"})


def de_la_fiche() -> list[str]:
    """Les formats qui savent rendre une fiche seule."""
    return [nom for nom, module in FORMATS.items() if FICHE in liens(module)]


def route(page: str, nom: str) -> str:
    """Le nom de la route qui donne ce format depuis cette page : « registre_pdf », « fiche_pdf »."""
    return f"{FICHE if page == FICHE else 'registre'}_{nom}"


def routes() -> list[str]:
    """Toutes les routes d'export ; `registre.urls` leur donne une adresse, `registre.acces` exige le droit de télécharger."""
    return [route("registre", nom) for nom in FORMATS] + [route(FICHE, nom) for nom in de_la_fiche()]
