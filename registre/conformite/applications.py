"""« Durée appliquée ? » pour chaque durée d'une fiche : ses opérations, lues une fois pour tout l'organisme."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone

from conservation.application import application
from conservation.choix import GenreSource
from conservation.depart import ANNEE_CIVILE, Exercice
from conservation.models import DureeConservation, Operation
from traitements.models import Traitement

CLE = "_application"  # posée sur chaque durée de conservation d'une forme canonique, pour qui la lit ; jamais enregistrée
TELS_QUELS = (
    "type en_retard sans_date a_venir examinees volume_avant volume_apres volume_inconnu methode preuve_absente source regles"
).split()
PERIMETRE = re.compile(r"(table|colonne|filtre) « (.*?) »(?=,|$)", re.IGNORECASE)
LUES = [
    *TELS_QUELS,
    *"id date limite perimetre durees_visees preuve_reference preuve_sha256 source_table source_colonne source_filtres source_lecture source_sha256 source_genre".split(),
    *"corrige_id enregistre_le traitement_id traitement__reference".split(),
]


def operations_par_fiche(
    fiches: models.QuerySet[Traitement] | None = None,
) -> dict[str, list[dict[str, Any]]]:
    """Les opérations de la portée, ou de ces seules fiches, par référence, sous la forme que `conservation.application` lit."""
    par_fiche: dict[str, list[dict[str, Any]]] = defaultdict(list)
    siennes = Operation.objects.filter(**de_ces_fiches(fiches))
    lues = list(siennes.order_by("date", "enregistre_le").values(*LUES))
    presentes = durees_presentes(fiches) if lues else {}
    for o in lues:
        par_fiche[o["traitement__reference"]].append(_en_faits(o, presentes))
    return dict(par_fiche)


def de_ces_fiches(fiches: models.QuerySet[Traitement] | None) -> dict[str, Any]:
    """La condition qui restreint à ces fiches ce qui leur appartient ; aucune condition, toutes."""
    return {} if fiches is None else {"traitement__in": fiches.order_by().values("pk")}


def durees_presentes(fiches: models.QuerySet[Traitement] | None = None) -> dict[str, int]:
    """Le numéro d'aujourd'hui de chaque durée de la portée, par identifiant : un numéro se reprend, un identifiant jamais.

    Les lignes identiques d'avant novembre 2026 sont dans celle qui les a réunies : ce qui les visait la vise.
    """
    lues = DureeConservation.objects.filter(**de_ces_fiches(fiches)).values_list("pk", "numero", "reunies")
    return {ancien: numero for pk, numero, reunies in lues for ancien in (str(pk), *reunies)}


def visees_presentes(
    visees: Sequence[Mapping[str, Any]], presentes: Mapping[str, int]
) -> list[dict[str, Any]]:
    """Les durées d'alors, sous leur numéro d'aujourd'hui ; « disparue » celle que la fiche n'a plus."""
    return [
        {**v, "numero": presentes.get(v["id"], v["numero"]), "disparue": v["id"] not in presentes}
        for v in visees
    ]


def numeros_presents(
    numeros: Iterable[int], visees: Sequence[Mapping[str, Any]], presentes: Mapping[str, int]
) -> dict[int, int | None]:
    """Le numéro d'aujourd'hui de chaque durée que vise une opération : `{3: 1}`, la ligne 3 est dans la 1 ; `None`, disparue.

    Une opération d'avant novembre 2026 peut ne pas savoir quelle durée elle visait : son numéro la dit encore.
    """
    actuels = {v["numero"]: presentes.get(v["id"]) for v in visees}
    return {n: actuels.get(n, n) for n in numeros}


def faits_de(operation: Operation) -> dict[str, Any]:
    """Les mêmes faits d'une opération pas encore écrite, sur les durées d'aujourd'hui."""
    valeurs = {nom: getattr(operation, nom) for nom in LUES if not nom.startswith("traitement__")}
    return _en_faits(valeurs, durees_presentes())


def _lecture(o: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    """La table, la colonne, les filtres d'un relevé. Avant novembre 2026, son périmètre seul les disait."""
    if o["source_colonne"] or not o["source_sha256"]:
        return o["source_table"], o["source_colonne"], o["source_filtres"]
    dits: dict[str, list[str]] = defaultdict(list)
    for mot, valeur in PERIMETRE.findall(o["perimetre"]):
        dits[mot.lower()].append(valeur)
    return "".join(dits["table"]), "".join(dits["colonne"]), dits["filtre"]


def _est_une_base(o: Mapping[str, Any]) -> bool:
    """Un relevé dit ce qu'il a lu ; avant novembre 2026, son nom seul le disait.

    « hôte/base.table », « boutique.db, table clients », « …, requête 3f… » ; un fichier n'a que son nom, sans chemin.
    """
    if o["source_genre"]:
        return bool(o["source_genre"] != GenreSource.FICHIER)
    nom = o["source"]
    return "/" in nom or any(mot in nom for mot in (", table ", ", requête "))


def _differee(o: Mapping[str, Any]) -> bool:
    """Une base lue un jour au titre d'un autre : son état d'alors n'est plus là. Un fichier, lui, garde le jour de son extraction."""
    return _est_une_base(o) and (timezone.localdate(o["enregistre_le"]) - o["date"]).days > 1


def _en_faits(o: Mapping[str, Any], presentes: Mapping[str, int]) -> dict[str, Any]:
    table, colonne, filtres = _lecture(o)
    return {
        **{nom: o[nom] for nom in TELS_QUELS},
        "id": str(o["id"]),
        "date": o["date"].isoformat(),
        "visees": visees_presentes(o["durees_visees"], presentes),
        "regles": sorted(
            {
                n if actuel is None else actuel
                for n, actuel in numeros_presents(o["regles"], o["durees_visees"], presentes).items()
            }
        ),
        "preuve": bool(o["preuve_reference"] or o["preuve_sha256"]),
        "table": table,
        "colonne": colonne,
        "filtres": filtres,
        "lecture": o["source_lecture"],
        "limite": o["limite"].isoformat() if o["limite"] else "",
        "requete": ", requête " in o["source"],
        "differee": _differee(o),
        "mesure": bool(o["source_sha256"] and not o["corrige_id"]),
        "corrige": str(o["corrige_id"]) if o["corrige_id"] else None,
        "enregistre_le": o["enregistre_le"].isoformat(),
    }


def avec_applications(
    canonique: dict[str, Any],
    operations: dict[str, list],
    le: date,
    exercice: Exercice = ANNEE_CIVILE,
) -> dict[str, Any]:
    """La même fiche, chaque durée de conservation portant ce que l'on sait ce jour-là de son application."""
    siennes = operations.get(canonique.get("reference", ""), [])
    regles = [
        {**k, CLE: application(k, canonique, siennes, le, exercice)}
        for k in canonique.get("conservations") or ()
    ]
    return {**canonique, "conservations": regles}
