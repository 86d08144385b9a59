"""Les fiches à actualiser depuis que les référentiels ont changé, et ce qui a changé."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organismes.droits import Permission, peut
from organismes.models import ChangementReferentiel
from organismes.requete import RequeteHabilitee
from registre.conformite.synthese import synthese
from registre.fiche.actualisation import actualiser, dernier_changement, dire
from registre.portes.requetes.designation import entier
from traitements.models import Traitement


def a_actualiser(request: RequeteHabilitee) -> HttpResponse:
    lue = synthese(request.organisme, timezone.localdate())
    numeros = {n for siens in lue.a_actualiser.values() for n in siens}
    changements = {c.pk: c for c in ChangementReferentiel.objects.filter(pk__in=numeros)}
    fiches = Traitement.objects.filter(pk__in=lue.a_actualiser).only("reference", "intitule", "statut")
    lignes = [(f, [dire(changements[n]) for n in lue.a_actualiser[f.pk] if n in changements]) for f in fiches]
    contexte = {
        "jusqu_a": dernier_changement(),
        "lignes": lignes,
        "peut_actualiser": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/a_actualiser.html", contexte)


def actualisee(request: RequeteHabilitee, pk) -> HttpResponse:
    """POST : une personne dit que la fiche tient compte de ce qui a changé."""
    fiche = get_object_or_404(Traitement.objects.filter(pk=pk))
    actualiser(fiche, auteur=request.auteur, jusqu_a=entier(request.POST.get("jusqu_a")))
    messages.success(request, f"« {fiche} » est déclarée à jour.")
    return redirect("a_actualiser")
