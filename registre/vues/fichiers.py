"""Les fichiers que l'on télécharge : obtenir, produire, répondre."""

import unicodedata
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from registre.exports import FORMATS
from registre.exports.demande import Demande
from traitements.models import Traitement


def registre_pdf(request: HttpRequest) -> HttpResponse:
    return _envoyer("pdf", Demande(request.organisme), f"Registre {request.organisme.raison_sociale}")


def registre_json(request: HttpRequest) -> HttpResponse:
    return _envoyer("json", Demande(request.organisme), f"Registre {request.organisme.raison_sociale}")


def fiche_pdf(request: HttpRequest, pk) -> HttpResponse:
    fiche = get_object_or_404(Traitement.objects.only("reference", "intitule"), pk=pk)
    return _envoyer("pdf", Demande(request.organisme, fiche=fiche.pk), f"{fiche.reference} {fiche.intitule}")


def _envoyer(nom_format: str, demande: Demande, titre: str) -> HttpResponse:
    module = FORMATS[nom_format]
    reponse = HttpResponse(module.produire(demande), content_type=module.TYPE_MIME)
    reponse["Content-Disposition"] = disposition(titre, module.EXTENSION)
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def disposition(titre: str, extension: str) -> str:
    """L'en-tête qui nomme le fichier (RFC 6266, 5987) : un nom ASCII de repli, puis le vrai."""
    propre = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else " " for c in titre).strip()[:120]
    simple = unicodedata.normalize("NFKD", propre).encode("ascii", "ignore").decode() or "registre"
    return f"attachment; filename=\"{simple}.{extension}\"; filename*=UTF-8''{quote(f'{propre}.{extension}')}"
