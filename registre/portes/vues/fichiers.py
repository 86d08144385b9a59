"""Les exports que l'on télécharge : obtenir, produire, répondre. Une vue pour le registre, une pour une fiche, tous formats."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from organismes.requete import RequeteHabilitee
from registre.echanges.exports import FORMATS
from registre.echanges.exports.demande import Demande
from registre.portes.requetes.telechargement import exporte
from traitements.models import Traitement


def registre(request: RequeteHabilitee, nom: str) -> HttpResponse:
    """Le registre entier sous le format `nom`."""
    return exporte(FORMATS[nom], Demande(request.organisme), f"Registre {request.organisme.raison_sociale}")


def fiche(request: RequeteHabilitee, pk, nom: str) -> HttpResponse:
    """Une fiche seule sous le format `nom`."""
    lue = get_object_or_404(Traitement.objects.only("reference", "intitule"), pk=pk)
    return exporte(FORMATS[nom], Demande(request.organisme, fiche=lue.pk), f"{lue.reference} {lue.intitule}")
