"""Créer une fiche depuis un modèle : tout ce qu'il propose est à confirmer, rubrique par rubrique."""

import re
from typing import Any

from django.utils import timezone

from journal.service import Auteur
from organismes.models import Organisme
from organismes.pliage import plier
from registre.actes.fiches import enregistrer_fiche
from registre.fiche.enregistrement import Resultat
from registre.fiche.lecture import est_vide
from registre.fiche.plan import Rubrique
from registre.fiche.rubriques import plan
from traitements.choix import Qualite, Statut
from traitements.models import ModeleFiche, Traitement

ACTION = "modele"
SUITE = re.compile(r"[0-9]{1,9}")
PREFIXES: dict[str, str] = {Qualite.SOUS_TRAITANT: "ST"}


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
        "reference": reference_suivante(contenu["qualite"]),
        "statut": Statut.BROUILLON,
        "modele": modele.pk,
        "date_creation": timezone.localdate().isoformat(),
        "a_confirmer": [r.code for r in plan(contenu["qualite"]) if _propose(r, modele.contenu)],
    }


def _propose(rubrique: Rubrique, contenu: dict[str, Any]) -> bool:
    return any(not est_vide(contenu.get(nom)) for nom in rubrique.noms)


def reference_suivante(qualite: str) -> str:
    """« TR-015 » après « TR-014 », « ST-002 » au registre du sous-traitant : une proposition, que la personne peut changer."""
    prefixe = PREFIXES.get(qualite, "TR")
    debut = plier(f"{prefixe}-")
    cles = Traitement.objects.filter(reference_cle__startswith=debut).values_list("reference_cle", flat=True)
    numeros = [int(suite) for cle in cles if SUITE.fullmatch(suite := cle.removeprefix(debut))]
    return f"{prefixe}-{max(numeros, default=0) + 1:03d}"
