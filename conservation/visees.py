"""Ce à quoi une opération ou une épreuve s'applique, et si c'est toujours la même durée. Pur, sans Django : le droit le lit aussi."""

from collections.abc import Iterable, Mapping
from typing import Any

from conservation.durees import UNITES, lire_chiffree, lire_iso
from conservation.ensembles import categories, en_clair, en_ensembles, se_touchent

Faits = Mapping[str, Any]


def visee(regle: Faits) -> dict[str, Any]:
    """Ce à quoi une opération s'applique : les données, la durée ou le critère, le départ, le sort.

    Gardé avec l'opération : que l'un change, et elle a été faite sous une autre durée.
    """
    chiffree = lire_chiffree(regle)
    return {
        **({"toutes": True} if regle.get("toutes") else {}),
        "numero": regle["numero"],
        "categories": sorted(categories(en_ensembles(regle))),
        "duree": f"P{chiffree.valeur}{UNITES[chiffree.unite].lettre}" if chiffree else "",
        "critere": "" if chiffree else (regle.get("critere") or ""),
        "depart": regle.get("point_depart") or "",
        "phase": regle.get("phase") or "",
        "objet": (regle.get("objet") or "").strip().casefold(),
        "sort": regle.get("sort_final") or "",
    }


def visees_d_alors(fiche: Faits, numeros: Iterable[int]) -> list[dict[str, Any]]:
    """Ce que visait une opération sur ces durées d'une fiche, sous la forme que la fiche avait ce jour-là.

    « Toutes les données » se garde en clair (`toutes`) : celles d'alors, non celles que la fiche déclarera.
    """
    voulus = set(numeros)
    return [
        visee(en_clair(en_ensembles(k), fiche))
        for k in fiche.get("conservations") or ()
        if k["numero"] in voulus
    ]


def sous_la_meme_duree(d_alors: Iterable[Faits], regle: Faits) -> bool:
    """Ces durées d'alors sont-elles celle-ci ? Ôtée puis refaite sous le même numéro, ou d'autres termes, elle n'est pas la même.

    Ensemble, elles visaient toutes les catégories d'aujourd'hui : en ôter une ne défait pas ce qui a été fait des autres.
    """
    return couvrent([v for v in d_alors if not v.get("disparue") and memes_termes(v, regle)], regle)


def couvrent(d_alors: Iterable[Faits], regle: Faits) -> bool:
    """Visaient-elles, à elles toutes, chaque catégorie que la durée vise ? `regle` : en clair.

    Aucune catégorie nommée, et aucune déclarée alors : seule la même durée, qui n'en nomme pas davantage, est couverte. Avant novembre
    2026 « toutes » ne se gardait pas en clair : on ne sait ce qui manquait.
    """
    siennes, lues = set(categories(regle)), list(d_alors)
    if not siennes:
        return any(not v.get("categories") or v.get("toutes") for v in lues)
    if any(not v.get("categories") and not v.get("toutes") for v in lues):
        return True
    return siennes <= {c for v in lues for c in v.get("categories") or ()}


def concerne(d_alors: Iterable[Faits], regle: Faits) -> bool:
    """Une mauvaise nouvelle parle-t-elle de cette durée ? De mêmes termes, elle en partage une catégorie ; ou c'était elle.

    Changer ses catégories, la redécouper, l'ôter et la refaire ne l'efface donc pas. `regle` peut n'être qu'une part d'un `ensemble` : la
    nouvelle est alors celle de la part qui partage ses catégories, et de chacune quand aucune ne les a plus.
    """
    ensemble = regle.get("ensemble", categories(regle))

    def parle(v: Faits) -> bool:
        siennes = v.get("categories") or ()
        elle_meme = v.get("numero") == regle["numero"] and not v.get("disparue")
        return se_touchent(siennes, categories(regle)) or (elle_meme and not se_touchent(siennes, ensemble))

    return any(memes_termes(v, regle) and parle(v) for v in d_alors)


def memes_termes(d_alors: Faits, regle: Faits) -> bool:
    """Le même délai ou critère, départ, phase, objet et sort, quelles que soient les catégories."""
    actuelle = visee(regle)
    return all(
        d_alors.get(nom) == actuelle[nom] for nom in ("critere", "depart", "phase", "objet", "sort")
    ) and _memes_durees(d_alors.get("duree") or "", actuelle["duree"])


def _memes_durees(une: str, autre: str) -> bool:
    a, b = lire_iso(une), lire_iso(autre)
    return une == autre or (a is not None and b is not None and not a.depasse(b) and not b.depasse(a))
