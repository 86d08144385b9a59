"""La preuve : la chaîne du journal tient, et chaque objet est bien ce que sa dernière entrée en dit."""

from collections.abc import Iterator
from typing import Any

from journal.canonique import canonique, empreinte
from journal.service import derniers_instantanes, verifier
from registre import agregat as ag

LOT = 200


def anomalies(ancre: dict[str, Any] | None = None) -> Iterator[str]:
    """Les fautes, en français, la première entrée fautive d'abord. S'emploie hors de toute portée."""
    for anomalie in verifier(ancre):
        yield f"Entrée n° {anomalie.seq} : {anomalie.message}." if anomalie.seq else f"{anomalie.message}."
    for forme in (ag.ORGANISME, ag.TIERS, ag.HABILITATION, ag.FICHE):
        yield from _ecarts(forme)


def _ecarts(forme: ag.Agregat) -> Iterator[str]:
    attendus = dict(derniers_instantanes(forme.type))
    for objet in forme.charger(forme.modele.objects.order_by("pk")).iterator(chunk_size=LOT):
        attendu = attendus.pop(str(objet.pk), None)
        if attendu is None:
            yield f"« {objet} » ({forme.type}) n'a aucune entrée au journal."
        elif empreinte(canonique(ag.instantane_de(forme, objet))) != attendu:
            yield f"« {objet} » ({forme.type}) n'est plus tel que sa dernière entrée au journal le décrit."
    for objet_id, attendu in attendus.items():
        if attendu:  # sans instantané : une suppression consignée
            yield f"L'objet {objet_id} ({forme.type}) a disparu sans que le journal le dise."
