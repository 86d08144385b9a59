"""Ce que les règles de droit lisent des épreuves : leur durée, leur date, leur verdict, et jusqu'à quand elles valent."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models

from conservation.anonymat.validite import valable_jusqu_au
from conservation.models import Epreuve
from registre.conformite.applications import de_ces_fiches, durees_presentes, visees_presentes
from traitements.models import Traitement

LUES = "traitement__reference traitement_id regle date verdict protocole durees_visees".split()


def epreuves_par_fiche(
    fiches: models.QuerySet[Traitement] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Les épreuves de la portée, ou de ces seules fiches, par référence de fiche, de la plus ancienne à la plus récente. Deux requêtes."""
    par_fiche: dict[str, list[dict[str, Any]]] = defaultdict(list)
    siennes = Epreuve.objects.filter(**de_ces_fiches(fiches))
    lues = list(siennes.order_by("date", "enregistre_le").values(*LUES))
    presentes = durees_presentes(fiches) if lues else {}
    for e in lues:
        par_fiche[e["traitement__reference"]].append(en_faits(e, presentes))
    return dict(par_fiche)


def en_faits(e: Mapping[str, Any], presentes: Mapping[str, int]) -> dict[str, Any]:
    """Une épreuve sous la forme que les règles lisent. `presentes` : voir `durees_presentes`."""
    visees = visees_presentes(e["durees_visees"], presentes)
    fin = valable_jusqu_au(e["date"], e["protocole"], settings.EPREUVE_VALABLE_MOIS)
    return {
        "regle": visees[0]["numero"] if visees else e["regle"],
        "date": e["date"].isoformat(),
        "verdict": e["verdict"],
        "visees": visees,
        "valable_jusqu_au": fin and fin.isoformat(),
    }
