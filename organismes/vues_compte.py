"""« Mon compte » : qui je suis ici, et ce que je peux y lire."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organismes import brouillons
from organismes.droits import habilitations


def compte(request: HttpRequest) -> HttpResponse:
    jour = timezone.localdate()
    contexte = {
        "jour": jour,
        "habilitations": habilitations(request.user, jour),
        "brouillons": brouillons.siens(request.user, request.organismes),
        "jours": brouillons.JOURS,
    }
    return render(request, "account/compte.html", contexte)
