"""Ce à quoi une opération ou une épreuve s'applique, et si c'est toujours la même durée. Pur, sans Django : le droit le lit aussi."""

from collections.abc import Iterable, Mapping
from typing import Any

from conservation.durees import UNITES, lire_chiffree, lire_iso

Faits = Mapping[str, Any]


def visee(regle: Faits) -> dict[str, Any]:
    """Ce à quoi une opération s'applique : les données, la durée ou le critère, le départ, le sort.

    Gardé avec l'opération : que l'un change, et elle a été faite sous une autre durée.
    """
    chiffree = lire_chiffree(regle)
    return {
        "numero": regle["numero"],
        "categories": [regle["categorie"]] if regle.get("categorie") else [],
        "duree": f"P{chiffree.valeur}{UNITES[chiffree.unite].lettre}" if chiffree else "",
        "critere": "" if chiffree else (regle.get("critere") or ""),
        "depart": regle.get("point_depart") or "",
        "phase": regle.get("phase") or "",
        "objet": (regle.get("objet") or "").strip().casefold(),
        "sort": regle.get("sort_final") or "",
    }


def visees_d_alors(fiche: Faits, numeros: Iterable[int]) -> list[dict[str, Any]]:
    """Ce que visait une opération sur ces durées d'une fiche, sous la forme que la fiche avait ce jour-là."""
    voulus = set(numeros)
    return [visee(k) for k in fiche.get("conservations") or () if k["numero"] in voulus]


def sous_la_meme_duree(d_alors: Faits, regle: Faits) -> bool:
    """Une durée ôtée puis refaite sous le même numéro n'est pas la même."""
    return not d_alors.get("disparue") and meme_contenu(d_alors, regle)


def meme_contenu(d_alors: Faits, regle: Faits) -> bool:
    """Les mêmes données, le même délai, départ et sort ; douze mois et un an sont le même délai."""
    actuelle = visee(regle)
    return (
        list(d_alors.get("categories") or ()) == actuelle["categories"]
        and all(d_alors.get(nom) == actuelle[nom] for nom in ("critere", "depart", "phase", "objet", "sort"))
        and _memes_durees(d_alors.get("duree") or "", actuelle["duree"])
    )


def _memes_durees(une: str, autre: str) -> bool:
    a, b = lire_iso(une), lire_iso(autre)
    return une == autre or (a is not None and b is not None and not a.depasse(b) and not b.depasse(a))
