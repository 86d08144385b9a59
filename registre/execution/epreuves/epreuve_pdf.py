"""La feuille de résultat d'une épreuve d'anonymat : ce qui a été mesuré, sur quoi, par qui, et ce que cela ne prouve pas."""

from django.template.loader import render_to_string
from django.utils import timezone

from conservation.models import Epreuve
from documents.moteur import rendre
from journal.service import revisions
from registre.execution.epreuves.feuille import feuille
from registre.execution.epreuves.portee import hors_de_sa_duree
from registre.fiche.lecture import date_en_mots

EXTENSION = "pdf"
TYPE_MIME = "application/pdf"


def produire(epreuve: Epreuve) -> bytes:
    """Le PDF de la feuille. Mêmes données, mêmes octets."""
    contexte = {
        "epreuve": epreuve,
        # Le document ne change pas avec le jour où on l'imprime.
        "f": feuille(epreuve, epreuve.date, hors_de_sa_duree(epreuve)),
        "entree": revisions("epreuve", epreuve.pk).get(),
        "jour": date_en_mots(timezone.localtime(epreuve.enregistre_le).date()),
    }
    return rendre(
        render_to_string("pdf/epreuve.html", contexte), f"Épreuve d'anonymat, {epreuve.traitement.reference}"
    )
