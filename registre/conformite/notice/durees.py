"""Combien de temps (art. 13(2)(a), 14(2)(a))."""

from conservation.ensembles import categories, vise
from droit.faits import Element
from registre.conformite.notice.forme import PUCE, Paragraphe, Plume, categorie
from registre.conformite.notice.mots import des, enchaine, phrase, propre
from registre.fiche.phrases_fiche import phrase_duree
from traitements.phrases import enumerer


def durees(plume: Plume) -> Paragraphe:
    article, regles = plume.article("durees"), plume.faits.liste("conservations")
    lignes = [_duree(plume, r, article) for r in regles]
    lignes += [
        f"{PUCE}{categorie(plume, d)} : {_sans_duree(plume, d, article)}."
        for d in plume.faits.liste("donnees")
        if not any(vise(r, d.get("categorie") or "") for r in regles)
    ]
    return Paragraphe(
        "Combien de temps nous les gardons",
        article,
        tuple(lignes) or (plume.blanc("durées de conservation", article, "conservations"),),
    )


def _sans_duree(plume: Plume, d: Element, article: str) -> str:
    return plume.blanc(f"durée de conservation {des(categorie(plume, d))}", article, "conservations")


def _duree(plume: Plume, r: Element, article: str) -> str:
    """« • Coordonnées : 3 ans à compter du dernier contact émanant du prospect, puis suppression. »"""
    quoi = " ; ".join(_categories(plume, r)) or _toutes(plume)
    tete = ", ".join(m for m in (quoi, enchaine(propre(r.get("objet"))), _en_archive(r)) if m)
    return phrase(f"{PUCE}{tete} : {_terme(plume, r, article)}")


def _toutes(plume: Plume) -> str:
    """Une durée sans catégorie laisse les siennes à celles qui en nomment."""
    nommees = any(categories(r) for r in plume.faits.liste("conservations"))
    return "Toutes les autres données" if nommees else "Toutes ces données"


def _categories(plume: Plume, r: Element) -> list[str]:
    return [plume.faits.reperes.libelle("categories_donnees", c) for c in categories(r)]


def _en_archive(r: Element) -> str:
    if r.get("phase") != "archivage_intermediaire":
        return ""
    return "en archive à accès restreint" if r.get("acces_restreint") is True else "en archive"


def _terme(plume: Plume, r: Element, article: str) -> str:
    ici, nom = f"conservations[{r['numero']}]", enumerer(map(des, _categories(plume, r) or ["données"]))
    if r.get("duree_valeur") is None and not propre(r.get("critere")):
        return plume.blanc(f"durée de conservation {nom}", article, f"{ici}.duree_valeur")
    if r.get("duree_valeur") is None:  # le critère dit de lui-même quand la conservation s'arrête
        return phrase_duree({**r, "point_depart": None}, {}, plume.codes)[0]
    entiere, _ = phrase_duree(dict(r), {}, plume.codes)
    if not r["duree_valeur"] or r.get("point_depart"):
        return entiere
    depart = plume.ou_blanc(
        r.get("point_depart_precisions"),
        f"point de départ de la durée {nom}",
        article,
        f"{ici}.point_depart",
    )
    duree, _ = phrase_duree({**r, "sort_final": ""}, {}, plume.codes)
    return f"{duree} à compter de : {depart}{entiere.removeprefix(duree)}"
