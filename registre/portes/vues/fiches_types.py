"""Les fiches types, ou modèles de fiches : on les lit, puis on crée une fiche depuis l'un d'eux."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.actes import fiches_types as creation
from registre.actes.fiches_types import proposition
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.fiche.fiche_lue import lire
from traitements.choix import Famille
from traitements.models import ModeleFiche


def fiches_types(request: RequeteHabilitee) -> HttpResponse:
    tous = ModeleFiche.objects.filter(actif=True)
    familles = dict(Famille.choices)
    lignes = [(m, familles.get(m.contenu.get("famille"), "")) for m in tous]
    return render(request, "registre/fiches_types.html", {"lignes": lignes, "peut_creer": _peut(request)})


def fiche_type(request: RequeteHabilitee, code: str) -> HttpResponse:
    """GET : tout ce que le modèle propose. POST : crée la fiche et ouvre sa saisie."""
    trouve = get_object_or_404(ModeleFiche, pk=code, actif=True)
    if request.method == "POST":
        try:
            fiche = creation.creer(trouve, request.organisme, auteur=request.auteur).objet
        except Refus as refus:
            messages.error(request, f"La fiche n'est pas créée. {refus}")
            return _montrer(request, trouve, 422)
        messages.success(
            request, f"« {fiche} » est créée en brouillon. Relisez chaque rubrique, adaptez-la, confirmez-la."
        )
        return redirect("admin:traitements_traitement_change", fiche.pk)
    return _montrer(request, trouve)


def _montrer(request: RequeteHabilitee, modele: ModeleFiche, statut: int = 200) -> HttpResponse:
    lue = lire(entiere(modele), Codes())
    contexte = {"modele": modele, "fiche": lue, "peut_creer": _peut(request)}
    return render(request, "registre/fiche_type.html", contexte, status=statut)


def entiere(modele: ModeleFiche) -> dict:
    """Le contenu du modèle sous la forme d'une fiche entière, pour le lire comme une fiche."""
    vide: dict[str, Any] = {"validee_le": None, "date_prochaine_revue": None, "service": "", "reprise": []}
    listes = {
        nom: [{"type": "", **e} for e in valeur]
        for nom, valeur in modele.contenu.items()
        if _elements(valeur)
    }
    return {**vide, **proposition(modele), **listes, "reference": "", "date_creation": None}


def _elements(valeur) -> bool:
    return isinstance(valeur, list) and bool(valeur) and isinstance(valeur[0], dict)


def _peut(request) -> bool:
    return peut(request, Permission.MODIFIER_FICHE)
