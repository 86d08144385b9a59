"""Le journal de l'organisme : ce qui s'est passé, du plus récent au plus ancien."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from journal.models import Entree
from journal.service import tete
from registre.codes import Codes
from registre.historique import action, differences, modifie

PAR_PAGE = 50


def journal(request: HttpRequest) -> HttpResponse:
    entrees = Entree.objects.filter(organisme=request.organisme.pk).defer("instantane").order_by("-seq")
    page = Paginator(entrees, PAR_PAGE).get_page(request.GET.get("page"))
    codes = Codes()
    seq, empreinte = tete()
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "lignes": [(e, action(e), differences(e, codes) if modifie(e) else []) for e in page],
        "seq": seq,
        "empreinte": empreinte,
    }
    return render(request, "registre/journal.html", contexte)
