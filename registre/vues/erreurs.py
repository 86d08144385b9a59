"""La page d'une demande que le serveur ne peut pas lire."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MEGA = 1024 * 1024


def mauvaise_demande(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 ; un envoi trop gros dit la limite qu'il dépasse et comment ne rien perdre."""
    limite = ""
    if isinstance(exception, TooManyFieldsSent):
        limite = f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} champs"
    elif isinstance(exception, RequestDataTooBig):
        limite = f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEGA} Mo de texte"
    return render(request, "400.html", {"limite": limite}, status=400)
