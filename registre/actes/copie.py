"""Dupliquer une fiche : ce qui décrit se copie, à confirmer ; ce qui atteste, ce qui s'est exécuté et ce qui est daté ne se copie pas.

Une copie est une activité nouvelle. Dire d'elle qu'une mise en balance est faite, que des clauses sont signées ou qu'une purge a
eu lieu serait affirmer ce que personne n'a vérifié (RGPD art. 5(2)).
"""

from typing import Any

from django.utils import timezone

from registre.actes.fiches_types import reference_suivante
from registre.fiche.lecture import est_vide
from registre.fiche.rubriques import plan
from traitements.choix import Statut
from traitements.models import INTITULE_MAX

SUFFIXE = " (copie)"
# Ce qui reste sur la fiche d'origine, avec la raison.
PROPRES: dict[str, tuple[str, ...]] = {
    "": (
        *("statut", "validee_le", "alertes_lues", "date_maj"),  # ce que le service tient
        *("date_mise_en_oeuvre", "date_derniere_revue", "date_prochaine_revue"),  # la vie de l'autre activité
        "accord_art26",  # conclu pour l'autre activité
        *("ecarts", "a_confirmer", "reprise", "modele"),  # l'histoire de l'autre fiche
    ),
    "finalites": (
        *("balance_faite", "balance"),  # une mise en balance se fait pour chaque finalité (art. 6(1)(f))
        # La preuve de ce que d'autres ont accepté (art. 7(1)).
        *("consentement_preuve", "consentement_texte_version"),
    ),
    "conservations": (
        *("appliquee", "appliquee_precisions", "derniere_purge", "echeance"),  # l'exécution
        *(
            "suspension_debut",
            "suspension_fin",
            "suspension_dossiers",
            "suspension_filtre",
            "suspension_motif",
        ),  # une procédure en cours
    ),
    # Clauses signées, analyse du pays, vérification datée, information de la CNIL : pour cet autre transfert.
    "transferts": ("document", "tia", "importateur_certifie", "verifie_le", "notification_cnil"),
    "clients": ("instructions",),  # le contrat de ce client, pour l'autre prestation (art. 28(3)(a))
    "information": ("preuve",),
    "cession": ("preuve_source",),
    # L'analyse d'impact porte sur l'autre traitement ; les critères que réunit celui-ci se copient, à confirmer.
    "aipd": ("decision", "justification", "date", "document", "risque_residuel_eleve", "consultation_art36"),
}


def copie(fiche: dict[str, Any]) -> dict[str, Any]:
    """La forme canonique de la fiche à proposer d'après celle-ci : une référence libre, un brouillon, tout à confirmer."""
    neuve = {nom: _sans_preuve(nom, valeur) for nom, valeur in fiche.items() if nom not in PROPRES[""]}
    place = INTITULE_MAX - len(SUFFIXE)
    neuve |= {
        "reference": reference_suivante(fiche["qualite"]),
        "intitule": f"{fiche['intitule'][:place]}{SUFFIXE}",
        "statut": Statut.BROUILLON,
        "date_creation": timezone.localdate().isoformat(),
    }
    return neuve | {"a_confirmer": _copiees(neuve)}


def _sans_preuve(nom: str, valeur: Any) -> Any:
    propres = PROPRES.get(nom, ())
    if isinstance(valeur, dict):
        return {n: v for n, v in valeur.items() if n not in propres}
    if isinstance(valeur, list) and valeur and isinstance(valeur[0], dict):
        return [_sans_preuve(nom, element) for element in valeur]
    return valeur


def _copiees(neuve: dict[str, Any]) -> list[str]:
    """Les rubriques qui portent quelque chose de copié."""
    return [r.code for r in plan(neuve["qualite"]) if any(not est_vide(neuve.get(nom)) for nom in r.noms)]
