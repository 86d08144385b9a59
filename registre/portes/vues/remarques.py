"""Marquer traitée une remarque d'import, depuis la page de la fiche ou celle de l'organisme."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from organismes.models import Organisme
from organismes.requete import RequeteHabilitee
from registre.actes.remarques import Repris, traiter
from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.requetes.designation import entier
from traitements.models import Traitement

CHANGEE = "Cette page a changé depuis votre lecture : relisez la remarque, puis marquez-la de nouveau."


def traiter_remarque(request: RequeteHabilitee, pk, numero: int) -> HttpResponse:
    """POST : `revision` lue, `suite` (facultative)."""
    fiche = get_object_or_404(Traitement.objects.filter(pk=pk))
    _traiter(request, fiche, numero)
    return redirect(f"{reverse('fiche', args=[fiche.pk])}#reprise")


def traiter_remarque_organisme(request: RequeteHabilitee, numero: int) -> HttpResponse:
    """POST : comme celle d'une fiche, pour ce qu'un fichier portait et qui n'est d'aucune fiche."""
    organisme = get_object_or_404(Organisme.objects.filter(pk=request.organisme.pk))
    _traiter(request, organisme, numero)
    return redirect(f"{reverse('organisme')}#reprise")


def _traiter(request: RequeteHabilitee, objet: Repris, numero: int) -> None:
    suite, lue = request.POST.get("suite", ""), entier(request.POST.get("version")) or 0
    try:
        traiter(objet, numero, suite, revision=lue, auteur=request.auteur)
    except Conflit:
        messages.error(request, _avec_le_texte(CHANGEE, suite))
    except Refus as refus:
        messages.error(request, _avec_le_texte(refus.phrases, suite))
    else:
        messages.success(request, "La remarque est traitée ; l'historique la garde.")


def _avec_le_texte(message: str, suite: str) -> str:
    """Ce qui a été tapé et n'a pas pu être gardé se relit dans le message."""
    return f"{message} Votre texte : « {suite.strip()} »." if suite.strip() else message
