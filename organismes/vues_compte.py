"""« Mon compte » : qui je suis ici, et ce que je peux y lire."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from organismes import brouillons
from organismes.droits import habilitations
from organismes.requete import RequeteConnectee


def compte(request: RequeteConnectee) -> HttpResponse:
    jour = timezone.localdate()
    contexte = {
        "jour": jour,
        "habilitations": habilitations(request.user, jour),
        "brouillons": brouillons.siens(request.user, request.organismes),
        "jours": brouillons.JOURS,
    }
    return render(request, "account/compte.html", contexte)
