"""L'export canonique : tout le registre en JSON, trié, sans identifiant de base, réimportable sans différence.

Schéma, version 3 (voir docs/format-json.md) : `{"format": "registre-rgpd", "version": 3, "organisme": {…, "mesures":
[…]}, "tiers": [{…}], "fiches": [{…}], "operations": [{…}], "epreuves": [{…}]}`. Les tiers s'y désignent par leur nom, les
fiches par leur référence ; une opération ou une épreuve garde l'identifiant sous lequel elle a été signée.
"""

import json
from collections.abc import Iterable
from datetime import UTC
from typing import Any
from uuid import UUID

from conservation.models import Epreuve, Operation
from conservation.models_operations import Fige
from organismes.models import Organisme, Tiers
from registre.echanges.exports.demande import Demande
from registre.fiche import agregat as ag
from traitements.models import Traitement

EXTENSION = "json"
TYPE_MIME = "application/json"
FORMAT = "registre-rgpd"
VERSION = 3
# La première ne portait ni opérations ni épreuves ; jusqu'à la deuxième, une durée ne visait qu'une catégorie de données.
VERSIONS_LUES = (1, 2, 3)
# La fiche se dit par sa référence ; le compte et le plan de relevé sont d'ici.
HORS_DE_L_EXPORT = {"traitement", "auteur_identifiant", "plan"}


def document(demande: Demande, fiches: Iterable[Traitement] | None = None) -> dict[str, Any]:
    """Le registre sous sa forme canonique. `fiches` : celles de la demande, si elles sont déjà chargées."""
    organisme = ag.ORGANISME.charger(Organisme.objects.filter(pk=demande.organisme.pk)).get()
    chargees = list(demande.fiches() if fiches is None else fiches)
    references = {f.pk: f.reference for f in chargees}
    canoniques = [ag.instantane_de(ag.FICHE, f, ag.par_nom) for f in chargees]
    tiers = [ag.instantane_de(ag.TIERS, t, ag.par_nom) for t in Tiers.objects.select_related("parent")]
    return {
        "format": FORMAT,
        "version": VERSION,
        "organisme": ag.instantane_de(ag.ORGANISME, organisme, ag.par_nom),
        "tiers": sorted(tiers, key=lambda t: t["nom"]),
        "fiches": sorted(canoniques, key=lambda f: f["reference"]),
        "operations": signees(ag.OPERATION, references),
        "epreuves": signees(ag.EPREUVE, references),
    }


def signees(forme: ag.Agregat, references: dict[UUID, str]) -> list[dict[str, Any]]:
    """Les opérations ou les épreuves de ces fiches (identifiant → référence), les plus anciennes d'abord."""
    objets: Iterable[Operation | Epreuve] = forme.modele.objects.filter(traitement__in=references)
    lues = [{"fiche": references[o.traitement_id], **signee(forme, o)} for o in objets]
    return sorted(lues, key=lambda s: (s["fiche"], s["date"], s["enregistre_le"], s["id"]))


def signee(forme: ag.Agregat, objet: Fige) -> dict[str, Any]:
    champs = [nom for nom in forme.champs if nom not in HORS_DE_L_EXPORT]
    return {
        "id": str(objet.pk),
        "enregistre_le": objet.enregistre_le.astimezone(UTC).isoformat(),
        **{nom: ag.valeur(objet, nom) for nom in champs},
    }


def produire(demande: Demande) -> bytes:
    texte = json.dumps(document(demande), ensure_ascii=False, indent=2, sort_keys=True)
    return f"{texte}\n".encode()
