"""La preuve : la chaîne du journal tient, et chaque objet est bien ce que sa dernière entrée en dit."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import models

from conservation.models import Epreuve, Operation
from conservation.visees import visees_d_alors
from journal.bases import objets
from journal.canonique import canonique, empreinte
from journal.service import derniers_instantanes, revisions, verifier
from organismes.champs import champ_de
from registre.fiche import agregat as ag

LOT = 200


def anomalies(ancre: dict[str, Any] | None = None) -> Iterator[str]:
    """Les fautes, en français, la première entrée fautive d'abord. S'emploie hors de toute portée."""
    for anomalie in verifier(ancre):
        yield f"Entrée n° {anomalie.seq} : {anomalie.message}." if anomalie.seq else f"{anomalie.message}."
    for forme in (
        ag.ORGANISME,
        ag.TIERS,
        ag.HABILITATION,
        ag.FICHE,
        ag.OPERATION,
        ag.EPREUVE,
        ag.PLAN_RELEVE,
    ):
        yield from _ecarts(forme)


def _ecarts(forme: ag.Agregat[Any]) -> Iterator[str]:
    attendus = dict(derniers_instantanes(forme.type))
    for objet in forme.charger(objets(forme.modele).order_by("pk")).iterator(chunk_size=LOT):
        attendu = attendus.pop(str(objet.pk), None)
        if attendu is None:
            yield f"« {objet} » ({forme.type}) n'a aucune entrée au journal."
        elif not _tel_que_consigne(forme, objet, attendu):
            yield f"« {objet} » ({forme.type}) n'est plus tel que sa dernière entrée au journal le décrit."
    for objet_id, attendu in attendus.items():
        if attendu:  # sans instantané : une suppression consignée
            yield f"L'objet {objet_id} ({forme.type}) a disparu sans que le journal le dise."


def _tel_que_consigne(forme: ag.Agregat[Any], objet: models.Model, attendu: str) -> bool:
    """L'objet est-il ce que sa dernière entrée décrit ? Un champ que le produit a gagné depuis y manque : il doit être vide."""
    present = ag.instantane_de(forme, objet)
    if empreinte(canonique(present)) == attendu:
        return True
    texte = revisions(forme.type, objet.pk).values_list("instantane", flat=True).first()
    if not texte:
        return False
    consigne, parties = (
        ag.lu_au_journal(forme, texte),
        {p.nom: p.modele for p in (*forme.listes, *forme.volets)},
    )
    if (
        isinstance(objet, (Operation, Epreuve))
        and "durees_visees" not in consigne
        and _visees_retrouvees(objet)
    ):
        present.pop("durees_visees")
    return _memes(consigne, json.loads(canonique(present)), forme.modele, parties)


def _visees_retrouvees(objet: Operation | Epreuve) -> bool:
    """Une pièce signée avant de garder ses durées les a reprises du journal : sont-elles bien celles d'alors ?"""
    alors = revisions("fiche", objet.traitement_id).filter(horodatage__lte=objet.enregistre_le)
    texte = alors.exclude(instantane="").values_list("instantane", flat=True).first()
    attendues = visees_d_alors(json.loads(texte), [v["numero"] for v in objet.durees_visees]) if texte else []
    return attendues == [{nom: v for nom, v in visee.items() if nom != "id"} for visee in objet.durees_visees]


def _memes(consigne: dict, present: dict, modele: type[models.Model], parties: dict | None = None) -> bool:
    parties = parties or {}
    if set(consigne) - set(present):
        return False
    return all(
        _meme_valeur(consigne[nom], valeur, parties.get(nom))
        if nom in consigne
        else _neuf(modele, nom, valeur, parties)
        for nom, valeur in present.items()
    )


def _meme_valeur(consignee: Any, presente: Any, partie: type[models.Model] | None) -> bool:
    if partie is None or consignee is None or presente is None:
        return consignee == presente
    if isinstance(consignee, dict):
        return _memes(consignee, presente, partie)
    return len(consignee) == len(presente) and all(
        _memes(ancien, nouveau, partie) for ancien, nouveau in zip(consignee, presente, strict=True)
    )


def _neuf(modele: type[models.Model], nom: str, valeur: Any, parties: dict) -> bool:
    """La valeur d'un champ apparu depuis : vide, ou celle que la migration lui a donnée."""
    return valeur in (None, "", []) or (nom not in parties and valeur == champ_de(modele, nom).get_default())
