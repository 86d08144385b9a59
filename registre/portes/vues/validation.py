"""L'état d'une fiche : le délégué voit les constats, puis valide, rouvre ou archive."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from organismes.requete import RequeteHabilitee
from registre.actes.fiches import enregistrer_fiche
from registre.conformite.constats import ecartes, par_exigence
from registre.conformite.validation import juger
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.requetes.designation import entier
from traitements.choix import Statut
from traitements.models import Traitement

# Ce que l'on demande → l'état, le nom de l'action au journal, la phrase dite ensuite.
ACTIONS = {
    "valider": (Statut.VALIDEE, "validation", "La fiche est validée."),
    "rouvrir": (Statut.BROUILLON, "reouverture", "La fiche est de nouveau un brouillon."),
    "archiver": (
        Statut.ARCHIVEE,
        "archivage",
        "La fiche est archivée : elle reste lisible et ne figure plus au registre.",
    ),
}


def etat(request: RequeteHabilitee, pk) -> HttpResponse:
    """GET : les constats, et ce que l'on peut faire. POST : `action` et la `revision` que l'on a lue."""
    fiche = get_object_or_404(agregat.FICHE.charger(Traitement.objects.filter(pk=pk)))
    if request.method == "POST" and request.POST.get("action") in ACTIONS:
        return _changer(request, fiche, *ACTIONS[request.POST["action"]])
    return _montrer(request, fiche)


def _montrer(request: RequeteHabilitee, fiche: Traitement, statut: int = 200) -> HttpResponse:
    verdict = juger(agregat.instantane_de(agregat.FICHE, fiche), request.organisme, Codes())
    contexte = {
        "traitement": fiche,
        "verdict": verdict,
        "de_l_organisme": par_exigence(verdict.organisme),
        "bloquants": par_exigence(verdict.bilan.bloquants),
        "a_lire": par_exigence(verdict.a_lire),
        "ecartes": ecartes(verdict.bilan),
        "possible": not verdict.empechements,
    }
    return render(request, "registre/etat.html", contexte, status=statut)


def _changer(
    request: RequeteHabilitee, fiche: Traitement, statut: str, action: str, phrase: str
) -> HttpResponse:
    if action == "validation" and not _lus(request, fiche):
        messages.error(request, "Dites d'abord que vous avez lu les constats qui restent.")
        return _montrer(request, fiche, 422)
    try:
        enregistrer_fiche(
            {"statut": statut},
            organisme=request.organisme,
            auteur=request.auteur,
            fiche=fiche,
            revision=entier(request.POST.get("version")) or -1,
            valideur=True,
            action=action,
        )
    except Conflit:
        messages.error(request, "La fiche a changé depuis votre lecture : relisez-la avant de décider.")
        # relue : déjà trouvée dans la portée de l'organisme, seul son contenu a changé entre-temps
        return _montrer(request, Traitement.objects.get(pk=fiche.pk), 409)
    except Refus:
        messages.error(request, "La fiche ne peut pas encore être validée : voyez ce qui l'empêche.")
        # relue : la tentative refusée a pu laisser des valeurs sur l'objet en main
        return _montrer(request, Traitement.objects.get(pk=fiche.pk), 422)
    messages.success(request, phrase)
    return redirect("fiche", pk=fiche.pk)


def _lus(request: RequeteHabilitee, fiche: Traitement) -> bool:
    """Valider avec des alertes suppose de dire qu'on les a lues."""
    verdict = juger(agregat.instantane_de(agregat.FICHE, fiche), request.organisme, Codes())
    return not verdict.a_lire or request.POST.get("lus") == "oui"
