"""Le journal de l'organisme : ce qui s'est passé, du plus récent au plus ancien."""

from django.http import HttpResponse
from django.shortcuts import render

from journal.models import Entree
from journal.service import tete
from organismes.requete import RequeteHabilitee
from registre.fiche.codes import Codes
from registre.fiche.historique import action, differences, modifie
from registre.portes.vues.pages import paginer


def journal(request: RequeteHabilitee) -> HttpResponse:
    entrees = Entree.objects.filter(organisme=request.organisme.pk).defer("instantane").order_by("-seq")
    paginee = paginer(request, entrees)
    codes = Codes()
    seq, empreinte = tete()
    contexte = {
        **paginee,
        "lignes": [(e, action(e), differences(e, codes) if modifie(e) else []) for e in paginee["page"]],
        "seq": seq,
        "empreinte": empreinte,
    }
    return render(request, "registre/journal.html", contexte)
