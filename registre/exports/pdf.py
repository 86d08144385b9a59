"""Le registre en PDF : couverture, identité, liste paginée, une fiche par activité, signets, balises."""

from django.template.loader import render_to_string

from registre.exports.contenu import Contenu, contenu
from registre.exports.demande import Demande
from registre.exports.moteur import rendre

EXTENSION = "pdf"
TYPE_MIME = "application/pdf"


def produire(demande: Demande) -> bytes:
    """Le PDF du registre, ou d'une seule fiche. Mêmes données, mêmes octets."""
    lu = contenu(demande)
    return rendre(html(lu, seule=demande.fiche is not None), titre=_titre(lu, demande))


def html(lu: Contenu, seule: bool) -> str:
    return render_to_string("pdf/fiche.html" if seule else "pdf/registre.html", {"c": lu})


def _titre(lu: Contenu, demande: Demande) -> str:
    if demande.fiche is not None and lu.parties:
        return lu.parties[0].fiches[0].lue.intitule
    return f"Registre des activités de traitement de {lu.organisme.raison_sociale}"
