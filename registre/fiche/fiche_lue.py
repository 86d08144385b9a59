"""Une fiche telle qu'on la lit : le plan appliqué à sa forme canonique. Sert la page, le PDF et les tableurs.

Pur, hormis les libellés que `Codes` tient en mémoire : la même forme canonique donne la même lecture, qu'elle
vienne de la base ou d'une version figée.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from conservation.cycle import cycles
from organismes.champs import ChampCodes, champ_de
from registre.fiche import plan, rubriques
from registre.fiche.codes import Codes
from registre.fiche.lecture import date_en_mots, elements, est_vide, texte
from registre.fiche.lignes_lues import CelluleLue, LigneLue, Valeur, rangees
from registre.fiche.listes import CONSERVATIONS
from registre.fiche.phases import PhaseLue, suites_de
from registre.fiche.phrases_fiche import DERIVEES, PHRASES
from traitements.choix import DEPUIS
from traitements.models import Traitement


@dataclass(frozen=True)
class TableLue:
    nom: str
    titre: str
    singulier: str
    article: str
    colonnes: tuple[plan.Colonne, ...]
    lignes: tuple[LigneLue, ...]
    rangees: tuple[LigneLue, ...]  # les mêmes, les phases d'un cycle en une seule


@dataclass(frozen=True)
class VoletLu:
    nom: str
    titre: str
    article: str
    valeurs: tuple[Valeur, ...]


@dataclass(frozen=True)
class RubriqueLue:
    code: str
    titre: str
    article: str
    valeurs: tuple[Valeur, ...]
    tables: tuple[TableLue, ...]
    volets: tuple[VoletLu, ...]


@dataclass(frozen=True)
class FicheLue:
    reference: str
    intitule: str
    statut: str
    qualite: str
    donnees: dict[str, Any]
    rubriques: tuple[RubriqueLue, ...]
    reprise: tuple[dict[str, Any], ...]


DISTINGUENT = {"precisions", "objet", "phase"}
DANS_LE_TITRE = {"reference", "intitule"}


def lire(donnees: dict[str, Any], codes: Codes) -> FicheLue:
    """Lit une fiche dans l'ordre de son registre ; ce qui est rempli hors de son plan vient à la fin."""
    lues = [lire_rubrique(Traitement, r, donnees, codes) for r in rubriques.plan(donnees["qualite"])]
    return FicheLue(
        reference=donnees["reference"],
        intitule=donnees["intitule"],
        statut=texte(Traitement._meta.get_field("statut"), donnees["statut"], codes),
        qualite=donnees["qualite"],
        donnees=donnees,
        rubriques=tuple(lues) + _hors_plan(donnees, codes),
        reprise=tuple(remarques(donnees.get("reprise") or ())),
    )


def remarques(reprise: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Les remarques d'import qui restent à traiter, chacune avec son `numero` dans l'objet (1 pour la première)."""
    return [{**e, "numero": n} for n, e in enumerate(reprise, start=1) if "suite" not in e]


def lire_rubrique(modele: type[models.Model], r: plan.Rubrique, donnees: dict, codes: Codes) -> RubriqueLue:
    """Une rubrique lue ; `modele` est celui de la racine (fiche ou organisme)."""
    champs = tuple(c for c in r.champs if c.nom not in DANS_LE_TITRE)
    return RubriqueLue(
        r.code,
        r.titre,
        r.article,
        _valeurs(modele, champs, donnees, codes),
        tuple(_table(liste, donnees, codes) for liste in r.listes if _liste_se_lit(liste, donnees)),
        tuple(_volet(v, donnees, codes) for v in r.volets if _se_lit(v, donnees)),
    )


def _hors_plan(donnees: dict, codes: Codes) -> tuple[RubriqueLue, ...]:
    """Ce que la fiche porte hors du plan de son registre (elle a changé de qualité) : montré, jamais perdu."""
    prevus = {nom for r in rubriques.plan(donnees["qualite"]) for nom in r.noms}
    champs = tuple(c for c in rubriques.CHAMPS if c.nom not in prevus and not est_vide(donnees.get(c.nom)))
    listes = [liste for liste in rubriques.LISTES if liste.nom not in prevus and donnees.get(liste.nom)]
    volets = [volet for volet in rubriques.VOLETS if volet.nom not in prevus and donnees.get(volet.nom)]
    if not (champs or listes or volets):
        return ()
    rubrique = plan.Rubrique(
        "autres", "Renseignements hors de ce registre", "Autres", "", champs, tuple(listes), tuple(volets)
    )
    return (lire_rubrique(Traitement, rubrique, donnees, codes),)


def _pertinent(champ: plan.Champ, valeurs: dict) -> bool:
    return champ.si is None or champ.si.vaut(valeurs) or not est_vide(valeurs.get(champ.nom))


def _valeur(modele: type[models.Model], nom: str, valeurs: dict, codes: Codes) -> Valeur:
    champ = champ_de(modele, nom)
    return Valeur(nom, str(champ.verbose_name), tuple(elements(champ, valeurs.get(nom), codes)))


def _valeurs(
    modele: type[models.Model], champs: Iterable[plan.Champ], valeurs: dict, codes: Codes
) -> tuple[Valeur, ...]:
    return tuple(_valeur(modele, c.nom, valeurs, codes) for c in champs if _pertinent(c, valeurs))


def _liste_se_lit(liste: plan.Liste, donnees: dict) -> bool:
    return liste.si is None or bool(donnees.get(liste.nom)) or liste.si.vaut(donnees)


def _se_lit(volet: plan.Volet, donnees: dict) -> bool:
    natures = {f["type"] for f in donnees.get("finalites", ())}
    return not volet.finalites or bool(donnees.get(volet.nom)) or bool(natures & set(volet.finalites))


def _volet(volet: plan.Volet, donnees: dict, codes: Codes) -> VoletLu:
    valeurs = donnees.get(volet.nom) or {}
    return VoletLu(
        volet.nom, volet.titre, volet.article, _valeurs(volet.modele, volet.champs, valeurs, codes)
    )


def _table(liste: plan.Liste, donnees: dict, codes: Codes) -> TableLue:
    lus = donnees.get(liste.nom) or ()
    phases = suites_de(lus, codes) if liste is CONSERVATIONS else {}
    suites = [tuple(k["numero"] for k in cycle) for cycle in cycles(lus)] if liste is CONSERVATIONS else []
    lignes = tuple(
        _ligne(liste, element, donnees, codes, phases.get(element["numero"], ())) for element in lus
    )
    return TableLue(
        liste.nom,
        liste.titre,
        liste.singulier,
        liste.article,
        liste.colonnes,
        lignes,
        rangees(lignes, suites),
    )


def _ligne(
    liste: plan.Liste, element: dict, donnees: dict, codes: Codes, phases: tuple[PhaseLue, ...]
) -> LigneLue:
    cellules = tuple(_cellule(liste, colonne, element, donnees, codes) for colonne in liste.colonnes)
    return LigneLue(element["numero"], cellules, phases)


def resumer(liste: plan.Liste, element: dict, donnees: dict, codes: Codes) -> str:
    """Un élément en une phrase : la valeur principale de chaque colonne, et ce qui distingue deux lignes de même catégorie.

    Il peut être incomplet, ou mal saisi.
    """
    if element.get("duree_valeur") is not None and not element.get("duree_unite"):
        element = {**element, "duree_valeur": None}  # la phrase d'une durée demande son unité
    cellules = [_cellule(liste, colonne, element, donnees, codes) for colonne in liste.colonnes]
    dites = [v for c in cellules for v in (c.principale, *(n for n in c.notes if n.champ in DISTINGUENT))]
    return " · ".join(v.texte for v in dites if v.rempli)


def _cellule(
    liste: plan.Liste, colonne: plan.Colonne, element: dict, donnees: dict, codes: Codes
) -> CelluleLue:
    lues = _valeurs(liste.modele, colonne.champs, element, codes)
    phrase = PHRASES.get((liste.nom, colonne.code))
    if phrase is None:
        principale = _principale(liste.modele, colonne.champs[0], element, codes)
        pris = {principale.champ}
    else:
        dite, pris = phrase(element, donnees, codes)
        principale = _dite(liste, colonne, element, dite, codes)
    obligees = {c.nom for c in colonne.champs if c.si is not None}
    notes = tuple(v for v in lues if v.champ not in pris and (v.rempli or v.champ in obligees))
    return CelluleLue(
        colonne.code, colonne.titre, principale, notes + _derivees(liste, colonne, element, donnees, codes)
    )


def _dite(liste: plan.Liste, colonne: plan.Colonne, element: dict, dite: str, codes: Codes) -> Valeur:
    """La phrase d'une colonne ; un ensemble de codes garde ses éléments, pour se lire en liste s'il est long."""
    nom = colonne.champs[0].nom
    champ = champ_de(liste.modele, nom)
    lus = tuple(elements(champ, element.get(nom), codes)) if isinstance(champ, ChampCodes) else ()
    return Valeur(nom, colonne.titre, lus or ((dite,) if dite else ()), " ; " if lus else ", ")


def _derivees(
    liste: plan.Liste, colonne: plan.Colonne, element: dict, donnees: dict, codes: Codes
) -> tuple[Valeur, ...]:
    """Ce qui se déduit de l'élément et se lit avec lui : calculé, jamais enregistré."""
    nom, libelle, deduire = DERIVEES.get((liste.nom, colonne.code), ("", "", None))
    dite = deduire(element, donnees, codes) if deduire else ""
    return (Valeur(nom, libelle, (dite,)),) if dite else ()


def _principale(modele: type[models.Model], champ: plan.Champ, element: dict, codes: Codes) -> Valeur:
    """La première valeur d'une colonne ; « sans objet » quand une réponse déjà donnée l'exclut."""
    lue = _valeur(modele, champ.nom, element, codes)
    exclue = (
        champ.si is not None and not _pertinent(champ, element) and not est_vide(element.get(champ.si.champ))
    )
    return Valeur(lue.champ, lue.libelle, ("sans objet",)) if exclue else lue


def sous_titre(lue: FicheLue) -> str:
    """« TR-004 · Direction marketing · validée le 3 novembre 2026 · prochaine revue le 3 novembre 2027 »."""
    d = lue.donnees
    etat, depuis = lue.statut.lower(), d.get(DEPUIS.get(d["statut"], ""))
    if depuis:
        etat += f" le {date_en_mots(depuis)}"
    revue = (
        f"prochaine revue le {date_en_mots(d['date_prochaine_revue'])}"
        if d.get("date_prochaine_revue") and d["statut"] != "archivee"
        else ""
    )
    return " · ".join(m for m in (d["reference"], d.get("service"), etat, revue) if m)
