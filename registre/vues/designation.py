"""Ce qu'un paramètre d'adresse désigne dans la portée : l'objet, ou 404."""

from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404


def designe(objets: QuerySet, texte: str | None) -> Model | None:
    """L'objet dont `texte` est l'identifiant ; `None` s'il est vide. Lève `Http404` s'il ne désigne rien."""
    if not texte:
        return None
    try:
        return get_object_or_404(objets, pk=UUID(texte))
    except ValueError:
        raise Http404("Cette adresse ne désigne rien.") from None
