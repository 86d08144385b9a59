"""L'export canonique : tout le registre en JSON, trié, sans identifiant de base, réimportable sans différence.

Schéma, version 1 (voir docs/format-json.md) : `{"format": "registre-rgpd", "version": 1, "organisme": {…, "mesures":
[…]}, "tiers": [{…}], "fiches": [{…}]}`. Les tiers s'y désignent par leur nom, les fiches par leur référence.
"""

import json
from collections.abc import Iterable
from typing import Any

from organismes.models import Organisme, Tiers
from registre import agregat as ag
from registre.exports.demande import Demande
from traitements.models import Traitement

EXTENSION = "json"
TYPE_MIME = "application/json"
FORMAT = "registre-rgpd"
VERSION = 1


def document(demande: Demande, fiches: Iterable[Traitement] | None = None) -> dict[str, Any]:
    """Le registre sous sa forme canonique. `fiches` : celles de la demande, si elles sont déjà chargées."""
    organisme = ag.ORGANISME.charger(Organisme.objects.filter(pk=demande.organisme.pk)).get()
    chargees = demande.fiches() if fiches is None else fiches
    canoniques = [ag.instantane_de(ag.FICHE, f, ag.par_nom) for f in chargees]
    tiers = [ag.instantane_de(ag.TIERS, t, ag.par_nom) for t in Tiers.objects.select_related("parent")]
    return {
        "format": FORMAT,
        "version": VERSION,
        "organisme": ag.instantane_de(ag.ORGANISME, organisme, ag.par_nom),
        "tiers": sorted(tiers, key=lambda t: t["nom"]),
        "fiches": sorted(canoniques, key=lambda f: f["reference"]),
    }


def produire(demande: Demande) -> bytes:
    texte = json.dumps(document(demande), ensure_ascii=False, indent=2, sort_keys=True)
    return f"{texte}\n".encode()
