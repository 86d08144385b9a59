"""La preuve : la chaîne du journal tient, et chaque objet est bien ce que sa dernière entrée en dit."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import models

from conservation.ensembles import ANCIENNE, reunir
from conservation.models import DureeConservation, Epreuve, Operation
from conservation.visees import visee, visees_d_alors
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
    yield from _reunions()


def _reunions() -> Iterator[str]:
    """Les durées qui disent en réunir d'autres : le journal d'alors doit les montrer identiques, et leurs opérations les nommer.

    `reunies` n'est dans aucune entrée : ajoutée à la main, elle donnerait à une durée les opérations d'une autre.
    """
    for duree in (
        objets(DureeConservation).exclude(reunies=[]).select_related("traitement").order_by("pk").iterator()
    ):
        renvois = _renvois(duree.traitement_id)
        siennes = {n for n, vers in renvois.items() if vers == duree.numero}
        visees = (
            objets(Operation).filter(traitement=duree.traitement_id).values_list("durees_visees", flat=True)
        )
        citees = {v["numero"] for lues in visees for v in lues if v["id"] in duree.reunies}
        if len(duree.reunies) > len(siennes) or not citees <= siennes:
            yield f"La durée n° {duree.numero} de « {duree.traitement} » dit réunir des lignes que le journal ne montre pas."


def _renvois(fiche: UUID) -> dict[int, int]:
    """Où sont passées les lignes de durée de la fiche, d'après son dernier instantané à une catégorie par ligne."""
    textes = revisions("fiche", fiche).exclude(instantane="").values_list("instantane", flat=True)
    for texte in textes.iterator(chunk_size=20):
        lue = json.loads(texte)
        if any(ANCIENNE in k for k in lue.get("conservations") or ()):
            return reunir(lue)[1]
    return {}


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
    lue, numeros = json.loads(texte) if texte else {}, {v["numero"] for v in objet.durees_visees}
    presentes = [{nom: v for nom, v in visee.items() if nom != "id"} for visee in objet.durees_visees]
    # « Toutes les données » ne s'est gardé en clair qu'ensuite.
    telles_quelles = [visee(k) for k in lue.get("conservations") or () if k["numero"] in numeros]
    return presentes in (visees_d_alors(lue, numeros), telles_quelles)


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
