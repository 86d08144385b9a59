"""Une durée vaut pour un ensemble de catégories de données ; vide, pour toutes celles de la fiche. Pur, sans Django.

Une fiche se lit sous sa forme canonique. Avant novembre 2026 chaque ligne de conservation n'avait qu'une catégorie (`categorie`) : la
même durée s'y répétait, et une seule purge demandait autant d'opérations.
"""

import json
from collections.abc import Iterable, Mapping
from types import NoneType
from typing import Any

Faits = Mapping[str, Any]
ANCIENNE = "categorie"  # la clé d'alors


def categories(regle: Faits) -> tuple[str, ...]:
    """Les codes des catégories de données qu'une durée vise ; aucun : toutes celles de la fiche."""
    lues = regle.get("categories")
    return tuple([c for c in lues if isinstance(c, str)]) if isinstance(lues, (list, tuple)) else ()


def vise(regle: Faits, categorie: str) -> bool:
    """La durée vaut-elle pour cette catégorie ?"""
    siennes = categories(regle)
    return not siennes or categorie in siennes


def se_touchent(unes: Iterable[str], autres: Iterable[str]) -> bool:
    """Deux ensembles ont-ils une catégorie en commun ? L'ensemble vide est celui de toutes les catégories."""
    a, b = set(unes), set(autres)
    return not a or not b or bool(a & b)


def en_clair(regle: Faits, fiche: Faits) -> dict[str, Any]:
    """La durée, ses catégories nommées : « toutes » sont celles que la fiche déclare, moins celles qu'une autre durée de même phase nomme.

    Une catégorie déclarée plus tard n'est donc pas couverte par ce qui a été fait avant. Sans donnée déclarée, rien n'est nommé.
    `toutes` garde qu'elle les visait toutes.
    """
    if categories(regle):
        return dict(regle)
    declarees = {c for d in fiche.get("donnees") or () if isinstance(c := d.get("categorie"), str) and c}
    nommees = {
        c
        for autre in fiche.get("conservations") or ()
        if (autre.get("phase") or "") == (regle.get("phase") or "") and not _objet(autre)
        for c in categories(en_ensembles(autre))
    }
    return {**regle, "categories": sorted(declarees - nommees or declarees), "toutes": True}


def en_ensembles(regle: Faits) -> dict[str, Any]:
    """La même ligne de conservation, sous sa forme d'aujourd'hui. Mal formée, ou si elle porte les deux clés, elle reste telle quelle."""
    lue = dict(regle)
    if "categories" not in lue and isinstance(lue.get(ANCIENNE, False), (str, NoneType)):
        seule = lue.pop(ANCIENNE)
        lue["categories"] = [seule] if seule else []
    return lue


def en_categorie_seule(regle: dict[str, Any]) -> dict[str, Any]:
    """L'inverse de `en_ensembles`, quand la durée ne vise qu'une catégorie, ou aucune : la forme dont les écarts ont l'empreinte."""
    siennes = categories(regle)
    if "categories" not in regle or len(siennes) > 1:
        return regle
    return {ANCIENNE: next(iter(siennes), None)} | {n: v for n, v in regle.items() if n != "categories"}


def reunir(fiche: Faits) -> tuple[dict[str, Any], dict[int, int]]:
    """Une fiche d'avant, ses lignes identiques réunies, et le numéro que prend chacune : `{3: 1}`, la ligne 3 est dans la 1.

    Deux catégories se réunissent quand tout leur cycle est le même, ligne à ligne : base active, archive. Une ligne sans catégorie, ou
    dont un écart justifié parle, ne se réunit pas : l'écart n'a été écrit que pour elle. Une fiche d'aujourd'hui reste telle quelle.
    """
    lignes, ecarts = fiche.get("conservations"), fiche.get("ecarts") or ()
    if (
        not isinstance(lignes, list)
        or not _d_avant(lignes)
        or not all(isinstance(e, Mapping) for e in ecarts)
    ):
        return dict(fiche), {}
    ecartes = {str(e.get("chemin") or "").partition(".")[0] for e in ecarts}
    gardes: dict[str, list[Faits]] = {}
    prises: dict[int, list[str]] = {}
    renvois: dict[int, int] = {}
    for categorie, cycle in _cycles(lignes):
        seul = not categorie or any(f"conservations[{k['numero']}]" in ecartes for k in cycle)
        cle = _cle(cycle, str(cycle[0]["numero"]) if seul else "")
        for premiere, ligne in zip(gardes.setdefault(cle, cycle), cycle, strict=True):
            prises.setdefault(premiere["numero"], []).extend([categorie] if categorie else [])
            if ligne is not premiere:
                renvois[ligne["numero"]] = premiere["numero"]
    reunies = [
        {**en_ensembles(ligne), "categories": sorted(set(prises[ligne["numero"]]))}
        for ligne in lignes
        if ligne["numero"] in prises
    ]
    return {**fiche, "conservations": reunies}, renvois


def _d_avant(lignes: list[Any]) -> bool:
    """Des lignes bien formées et numérotées, dont aucune n'a la forme d'aujourd'hui."""
    if not all(isinstance(k, Mapping) and isinstance(k.get(ANCIENNE), (str, NoneType)) for k in lignes):
        return False
    numeros = [k.get("numero") for k in lignes]
    if any(type(n) is not int for n in numeros) or len(set(numeros)) < len(numeros):
        return False
    return any(ANCIENNE in k for k in lignes) and not any("categories" in k for k in lignes)


def _cycles(lignes: Iterable[Faits]) -> list[tuple[str, list[Faits]]]:
    """Les lignes de chaque catégorie, pour les mêmes données couvertes, dans l'ordre de la fiche."""
    cycles: dict[tuple[str, str], list[Faits]] = {}
    for ligne in lignes:
        cycles.setdefault((ligne.get(ANCIENNE) or "", _objet(ligne)), []).append(ligne)
    return [(categorie, cycle) for (categorie, _), cycle in cycles.items()]


def _objet(ligne: Faits) -> str:
    return str(ligne.get("objet") or "").strip().casefold()


def _cle(cycle: list[Faits], propre: str) -> str:
    """Ce que dit un cycle, catégorie et numéros exceptés."""
    dits = [
        {n: v for n, v in k.items() if n not in (ANCIENNE, "numero") and v not in (None, "", [])}
        for k in cycle
    ]
    return json.dumps([propre, dits], sort_keys=True, default=str)
