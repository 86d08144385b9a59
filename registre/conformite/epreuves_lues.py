"""Ce que les règles de droit lisent des épreuves : leur durée, leur date, leur verdict."""

from collections import defaultdict
from typing import Any

from conservation.models import Epreuve


def epreuves_par_fiche() -> dict[str, list[dict[str, Any]]]:
    """Les épreuves de la portée, par référence de fiche, de la plus ancienne à la plus récente. Une requête."""
    par_fiche: dict[str, list[dict[str, Any]]] = defaultdict(list)
    lues = Epreuve.objects.order_by("date", "enregistre_le")
    for reference, regle, date, verdict in lues.values_list(
        "traitement__reference", "regle", "date", "verdict"
    ):
        par_fiche[reference].append({"regle": regle, "date": date.isoformat(), "verdict": verdict})
    return dict(par_fiche)
