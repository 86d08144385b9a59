"""Les fichiers que l'on télécharge : obtenir, produire, répondre."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from registre.echanges.exports import FORMATS
from registre.echanges.exports.demande import Demande
from registre.portes.requetes.telechargement import telechargement
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
    return telechargement(module.produire(demande), titre, module.EXTENSION, module.TYPE_MIME)
