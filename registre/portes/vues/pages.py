"""Une liste page par page, la même sur tous les écrans."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from registre.portes.requetes.designation import designe
from traitements.models import Traitement

PAR_PAGE = 50


def paginer(
    request: HttpRequest, lignes: QuerySet | Sequence[Any], par_page: int = PAR_PAGE
) -> dict[str, Any]:
    """La page que demande l'adresse (`page`) et les numéros à montrer sous elle (`pages`). Un numéro absurde rend la plus proche."""
    page = Paginator(lignes, par_page).get_page(request.GET.get("page"))
    return {"page": page, "pages": page.paginator.get_elided_page_range(page.number)}


def paginer_par_fiche(request: HttpRequest, lignes: QuerySet[Model]) -> dict[str, Any]:
    """La même, restreinte à la fiche que désigne l'adresse (`fiche`, ou `None`). Lève `Http404` si elle ne désigne rien."""
    fiche = designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is not None:
        lignes = lignes.filter(traitement=fiche)
    return {"fiche": fiche, **paginer(request, lignes)}
