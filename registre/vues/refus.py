"""La page d'une requête illisible ; l'API la dit en JSON."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from registre.entree import RefusDEntree

ILLISIBLE = "L'envoi est incomplet, ou n'a pas la forme que cette page attend."
TROP_LONG = "Le texte envoyé est trop long pour une seule requête : enregistrez en plusieurs fois."


def requete_refusee(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, ou 413 ; en français, jamais le message de la bibliothèque."""
    trop = isinstance(exception, RequestDataTooBig)
    motif = TROP_LONG if trop else str(exception) if isinstance(exception, RefusDEntree) else ILLISIBLE
    statut = 413 if trop else 400
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": motif}, status=statut, json_dumps_params={"ensure_ascii": False})
    return render(request, "400.html", {"motif": motif}, status=statut)
