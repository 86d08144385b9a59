"""Ce que voit la personne d'une requête illisible, d'une adresse inconnue, d'une panne ; l'API le dit en JSON."""

from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import server_error

from registre.portes.requetes.entree import RefusDEntree
from registre.portes.requetes.reception import gardee_au_refus
from traitements.phrases import nombre

ILLISIBLE = "L'envoi est incomplet, ou n'a pas la forme que cette page attend."
AUTRE_HOTE = "Ce registre ne répond pas sous ce nom de machine. L'administrateur de l'instance l'ajoute au réglage ALLOWED_HOSTS."
TROP_LONG = "Le texte envoyé est trop long pour une seule requête : enregistrez en plusieurs fois."


def requete_refusee(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, ou 413 ; en français, jamais le message de la bibliothèque."""
    trop = isinstance(exception, RequestDataTooBig)
    motif, statut = TROP_LONG if trop else _motif(exception), 413 if trop else 400
    if _api(request):
        return _json(motif, statut)
    return render(request, "400.html", {"motif": motif}, status=statut)


def _motif(exception: Exception) -> str:
    if isinstance(exception, TooManyFieldsSent):
        return f"L'envoi compte plus de {nombre(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)} champs : enregistrez en plusieurs fois."
    if isinstance(exception, DisallowedHost):
        return AUTRE_HOTE
    return str(exception) if isinstance(exception, RefusDEntree) else ILLISIBLE


def introuvable(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _api(request):
        return _json("Rien sous cette adresse.", 404)
    return render(request, "404.html", {"garde": gardee_au_refus(request)}, status=404)


def interdit(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 ; ce que portait l'envoi est gardé, et la page le dit."""
    contexte = {"exception": str(exception), "garde": gardee_au_refus(request)}
    return render(request, "403.html", contexte, status=403)


def panne(request: HttpRequest) -> HttpResponse:
    return (
        _json("Une panne est survenue ; rien n'a été enregistré.", 500)
        if _api(request)
        else server_error(request)
    )


def _api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _json(detail: str, statut: int) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=statut, json_dumps_params={"ensure_ascii": False})
