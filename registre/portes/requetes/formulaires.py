"""Ce que les pages demandent aux formulaires de Django."""

from typing import TypeVar

from django.forms import BaseForm, Field

from registre.fiche.enregistrement import Refus

C = TypeVar("C", bound=Field)


def champ(formulaire: BaseForm, nom: str, classe: type[C]) -> C:
    """Le champ de ce nom, dont la page change les réponses. Lève `TypeError` s'il n'est pas de cette classe."""
    trouve = formulaire.fields[nom]
    if not isinstance(trouve, classe):
        raise TypeError(f"{nom} : {type(trouve).__name__}, et non {classe.__name__}")
    return trouve


def poser(formulaire: BaseForm, refus: Refus) -> None:
    """Pose chaque faute sur son champ, ou en tête s'il n'est pas de ce formulaire."""
    for nom, messages in refus.erreurs.items():
        formulaire.add_error(nom if nom in formulaire.fields else None, messages)
