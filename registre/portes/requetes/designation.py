"""Ce qu'un paramètre d'adresse désigne dans la portée : l'objet, ou 404."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Manager, Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

M = TypeVar("M", bound=Model)


def entier(texte: str | None) -> int | None:
    """Le nombre que dit un paramètre ; `None` s'il n'en dit pas un. « ² » est un chiffre pour Python, pas un nombre."""
    return int(texte) if texte and texte.isascii() and texte.isdigit() and len(texte) <= 18 else None


def designe(objets: Manager[M] | QuerySet[M], texte: str | None) -> M | None:
    """L'objet dont `texte` est l'identifiant ; `None` s'il est vide. Lève `Http404` s'il ne désigne rien."""
    if not texte:
        return None
    try:
        return get_object_or_404(objets, pk=UUID(texte))
    except ValueError:
        raise Http404("Cette adresse ne désigne rien.") from None
