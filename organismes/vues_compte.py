"""« Mon compte » : qui je suis ici, et ce que je peux y lire. L'adresse est l'affaire de l'administrateur."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organismes.droits import habilitations


def compte(request: HttpRequest) -> HttpResponse:
    jour = timezone.localdate()
    contexte = {"jour": jour, "habilitations": habilitations(request.user, jour)}
    return render(request, "account/compte.html", contexte)


def adresse_fermee(request: HttpRequest, **_) -> HttpResponse:
    """Remplace les pages d'allauth qui ajoutent une adresse : elle identifie, nul ne change la sienne."""
    return redirect("compte")
