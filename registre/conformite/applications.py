"""« Durée appliquée ? » pour chaque durée d'une fiche : ses opérations, lues une fois pour tout l'organisme."""

from collections import defaultdict
from datetime import date
from typing import Any

from conservation.application import Application, application
from conservation.depart import premier_terme
from conservation.models import Operation

CLE = "_application"  # posée sur chaque durée de conservation d'une forme canonique, pour qui la lit ; jamais enregistrée
LUES = "id type date en_retard regles source_sha256 corrige_id enregistre_le traitement__reference".split()


def operations_par_fiche() -> dict[str, list[dict[str, Any]]]:
    """Les opérations de la portée, par référence de fiche, sous la forme que `conservation.application` lit."""
    par_fiche: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for o in Operation.objects.order_by("date", "enregistre_le").values(*LUES):
        par_fiche[o["traitement__reference"]].append(
            {
                "id": str(o["id"]),
                "type": o["type"],
                "date": o["date"].isoformat(),
                "en_retard": o["en_retard"],
                "mesure": bool(o["source_sha256"] and not o["corrige_id"]),
                "regles": o["regles"],
                "corrige": str(o["corrige_id"]) if o["corrige_id"] else None,
                "enregistre_le": o["enregistre_le"].isoformat(),
            }
        )
    return dict(par_fiche)


def avec_applications(canonique: dict[str, Any], operations: dict[str, list], le: date) -> dict[str, Any]:
    """La même fiche, chaque durée de conservation portant ce que ses opérations en disent ce jour-là."""
    siennes = operations.get(canonique.get("reference", ""), [])
    regles = [
        {**k, CLE: _en_faits(application(k, siennes, le, premier_terme(k, canonique)))}
        for k in canonique.get("conservations") or ()
    ]
    return {**canonique, "conservations": regles}


def _en_faits(dite: Application) -> dict[str, Any]:
    return {
        "etat": str(dite.etat),
        "pourquoi": dite.pourquoi,
        "phrase": dite.phrase,
        "prouvee": dite.prouvee,
        "derniere": dite.derniere.isoformat() if dite.derniere else None,
        "purge_dite": dite.purge_dite.isoformat() if dite.purge_dite else None,
    }
