"""Fusionner un tiers dans un autre : choisir, voir ce qui change, confirmer."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from organismes.models import Tiers
from organismes.requete import RequeteHabilitee
from registre.actes.fusion_tiers import ApercuDeFusion, Perime, apercu, fusionner
from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.requetes.designation import designe
from traitements.phrases import compte

PERIME = "Quelque chose a changé depuis votre lecture : relisez l'aperçu avant de confirmer."


def fusion_tiers(request: RequeteHabilitee, pk) -> HttpResponse:
    """GET : choisir le tiers que l'on garde, puis (`?dans=`) l'aperçu. POST : la fusion, si l'aperçu est encore vrai."""
    absorbe = get_object_or_404(Tiers.objects.select_related("fusionne_dans"), pk=pk)
    garde = designe(Tiers.objects.all(), request.POST.get("dans") or request.GET.get("dans"))
    if garde is None:
        return _choisir(request, absorbe)
    try:
        if request.method == "POST":
            return _fusionner(request, garde, absorbe)
        return _montrer(request, garde, absorbe)
    except Refus as refus:
        return _refuser(request, absorbe, refus)
    except (Perime, Conflit):
        messages.error(request, PERIME)
        return _remontrer(request, garde.pk, absorbe.pk)


def _remontrer(request: HttpRequest, garde_pk: UUID, absorbe_pk: UUID) -> HttpResponse:
    """L'aperçu d'après les tiers tels qu'ils sont maintenant ; le choix, si la fusion n'a plus de sens."""
    garde, absorbe = (get_object_or_404(Tiers, pk=pk) for pk in (garde_pk, absorbe_pk))
    try:
        return _montrer(request, garde, absorbe, 409)
    except Refus as refus:
        return _refuser(request, absorbe, refus)


def _refuser(request: HttpRequest, absorbe: Tiers, refus: Refus) -> HttpResponse:
    messages.error(request, refus.phrases)
    return _choisir(request, absorbe, 422)


def _choisir(request: HttpRequest, absorbe: Tiers, statut: int = 200) -> HttpResponse:
    contexte = {"absorbe": absorbe, "autres": Tiers.objects.actifs().exclude(pk=absorbe.pk)}
    return render(request, "registre/fusion_tiers.html", contexte, status=statut)


def _montrer(request: HttpRequest, garde: Tiers, absorbe: Tiers, statut: int = 200) -> HttpResponse:
    contexte = {"absorbe": absorbe, "vu": apercu(garde, absorbe)}
    return render(request, "registre/fusion_tiers.html", contexte, status=statut)


def _fusionner(request: RequeteHabilitee, garde: Tiers, absorbe: Tiers) -> HttpResponse:
    prises = [nom.removeprefix("champ-") for nom, v in request.POST.items() if v == "absorbe"]
    vu = fusionner(garde, absorbe, prises=prises, lu=request.POST.get("lu", ""), auteur=request.auteur)
    messages.success(request, f"« {absorbe} » est fusionné dans « {garde} » : {_reportees(vu)}")
    return redirect("tiers")


def _reportees(vu: ApercuDeFusion) -> str:
    """Les fiches que la fusion a touchées, et elles seules : d'autres citaient peut-être déjà le tiers gardé."""
    n = len(vu.fiches)
    if n == 0:
        return f"aucune fiche ne citait « {vu.absorbe} »."
    citaient, citent = ("citaient", "citent") if n > 1 else ("citait", "cite")
    return f"{compte(n, 'fiche')} qui {citaient} « {vu.absorbe} » {citent} désormais « {vu.garde} »."
