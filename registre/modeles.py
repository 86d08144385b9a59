"""Créer une fiche depuis un modèle : tout ce qu'il propose est à confirmer, rubrique par rubrique."""

from typing import Any

from django.db.models import Max
from django.utils import timezone

from journal.service import Auteur
from organismes.models import Organisme
from registre.enregistrement import Resultat, enregistrer_fiche
from registre.lecture import est_vide
from registre.plan import Rubrique
from registre.rubriques import plan
from traitements.choix import Statut
from traitements.models import ModeleFiche, Traitement

ACTION = "modele"


def creer(modele: ModeleFiche, organisme: Organisme, *, auteur: Auteur) -> Resultat:
    """Une fiche en brouillon, remplie de ce que le modèle propose. S'emploie dans la portée de l'organisme."""
    return enregistrer_fiche(
        proposition(modele),
        organisme=organisme,
        auteur=auteur,
        action=ACTION,
        admis=frozenset({"modele"}),
    )


def proposition(modele: ModeleFiche) -> dict[str, Any]:
    """La forme canonique de la fiche à créer."""
    contenu = {"qualite": "responsable", **modele.contenu}
    return contenu | {
        "reference": reference_suivante("TR"),
        "statut": Statut.BROUILLON,
        "modele": modele.pk,
        "date_creation": timezone.localdate().isoformat(),
        "a_confirmer": [r.code for r in plan(contenu["qualite"]) if _propose(r, modele.contenu)],
    }


def _propose(rubrique: Rubrique, contenu: dict[str, Any]) -> bool:
    elements = (*rubrique.champs, *rubrique.listes, *rubrique.volets)
    return any(not est_vide(contenu.get(e.nom)) for e in elements)


def reference_suivante(prefixe: str) -> str:
    """« TR-015 » après « TR-014 » : une proposition, que la personne peut changer."""
    derniere = Traitement.objects.filter(reference__regex=rf"^{prefixe}-[0-9]{{3,}}$").aggregate(
        m=Max("reference")
    )["m"]
    numero = int(derniere.rpartition("-")[2]) + 1 if derniere else 1
    return f"{prefixe}-{numero:03d}"
