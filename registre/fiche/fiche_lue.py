"""Une fiche telle qu'on la lit : le plan appliqué à sa forme canonique. Sert la page, le PDF et les tableurs.

Pur, hormis les libellés que `Codes` tient en mémoire : la même forme canonique donne la même lecture, qu'elle
vienne de la base ou d'une version figée.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from conservation.cycle import cycles, d_archivage
from conservation.durees import Duree
from conservation.durees import lire as lire_duree
from organismes.models import Organisme, Tiers
from registre.fiche import rubriques as plan
from registre.fiche.codes import Codes
from registre.fiche.droits_lus import note_de_finalite
from registre.fiche.lecture import NON_RENSEIGNE, date_en_mots, elements, est_vide, texte
from traitements.choix import DEPUIS
from traitements.models import CategorieDonnees, Destinataire, Traitement
from traitements.phrases import minuscule

CHEMIN = re.compile(r"^(\w+)\[(\d+)\]\.?(\w*)$")
LONGUE = 900  # caractères dans une cellule


@dataclass(frozen=True)
class Valeur:
    """Un champ lu. `lignes` est vide quand rien n'est renseigné ; `texte` ne l'est jamais."""

    champ: str
    libelle: str
    lignes: tuple[str, ...]

    @property
    def rempli(self) -> bool:
        return bool(self.lignes)

    @property
    def texte(self) -> str:
        return ", ".join(self.lignes) or NON_RENSEIGNE


@dataclass(frozen=True)
class Cellule:
    titre: str
    principale: Valeur
    notes: tuple[Valeur, ...]


@dataclass(frozen=True)
class PhaseLue:
    """Une part de la barre des phases. `poids` : sa largeur en douzièmes."""

    genre: str  # active, archive ou sort
    libelle: str
    poids: int


@dataclass(frozen=True)
class Ligne:
    numero: int
    cellules: tuple[Cellule, ...]
    phases: tuple[PhaseLue, ...] = ()

    @property
    def longue(self) -> bool:
        """Trop haute pour ne pas se couper entre deux pages."""
        return any(sum(len(v.texte) for v in (c.principale, *c.notes)) > LONGUE for c in self.cellules)


@dataclass(frozen=True)
class Table:
    nom: str
    titre: str
    singulier: str
    article: str
    colonnes: tuple[plan.Colonne, ...]
    lignes: tuple[Ligne, ...]


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
    tables: tuple[Table, ...]
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
    rubriques = [lire_rubrique(Traitement, r, donnees, codes) for r in plan.plan(donnees["qualite"])]
    return FicheLue(
        reference=donnees["reference"],
        intitule=donnees["intitule"],
        statut=texte(Traitement._meta.get_field("statut"), donnees["statut"], codes),
        qualite=donnees["qualite"],
        donnees=donnees,
        rubriques=tuple(rubriques) + _hors_plan(donnees, codes),
        reprise=tuple(remarques(donnees.get("reprise") or ())),
    )


def remarques(reprise: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Les remarques d'import qui restent à traiter, chacune avec son `numero` dans l'objet (1 pour la première)."""
    return [{**e, "numero": n} for n, e in enumerate(reprise, start=1) if "suite" not in e]


def lire_rubrique(modele, r: plan.Rubrique, donnees: dict, codes: Codes) -> RubriqueLue:
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
    prevus = {x.nom for r in plan.plan(donnees["qualite"]) for x in (*r.listes, *r.volets, *r.champs)}
    champs = tuple(c for c in plan.CHAMPS if c.nom not in prevus and not est_vide(donnees.get(c.nom)))
    listes = [liste for liste in plan.LISTES if liste.nom not in prevus and donnees.get(liste.nom)]
    volets = [volet for volet in plan.VOLETS if volet.nom not in prevus and donnees.get(volet.nom)]
    if not (champs or listes or volets):
        return ()
    rubrique = plan.Rubrique(
        "autres", "Renseignements hors de ce registre", "Autres", "", champs, tuple(listes), tuple(volets)
    )
    return (lire_rubrique(Traitement, rubrique, donnees, codes),)


def _pertinent(champ: plan.Champ, valeurs: dict) -> bool:
    return champ.si is None or champ.si.vaut(valeurs) or not est_vide(valeurs.get(champ.nom))


def _valeur(modele, nom: str, valeurs: dict, codes: Codes) -> Valeur:
    champ = modele._meta.get_field(nom)
    return Valeur(nom, str(champ.verbose_name), tuple(elements(champ, valeurs.get(nom), codes)))


def _valeurs(modele, champs, valeurs: dict, codes: Codes) -> tuple[Valeur, ...]:
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


def _table(liste: plan.Liste, donnees: dict, codes: Codes) -> Table:
    lus = donnees.get(liste.nom) or ()
    phases = suites_de(lus, codes) if liste is plan.CONSERVATIONS else {}
    lignes = tuple(
        _ligne(liste, element, donnees, codes, phases.get(element["numero"], ())) for element in lus
    )
    return Table(liste.nom, liste.titre, liste.singulier, liste.article, liste.colonnes, lignes)


def _ligne(
    liste: plan.Liste, element: dict, donnees: dict, codes: Codes, phases: tuple[PhaseLue, ...]
) -> Ligne:
    cellules = tuple(_cellule(liste, colonne, element, donnees, codes) for colonne in liste.colonnes)
    return Ligne(element["numero"], cellules, phases)


def resumer(liste: plan.Liste, element: dict, donnees: dict, codes: Codes) -> str:
    """Un élément en une phrase : la valeur principale de chaque colonne, et ce qui distingue deux lignes de même catégorie.

    Il peut être incomplet, ou mal saisi.
    """
    if element.get("duree_valeur") is not None and not element.get("duree_unite"):
        element = {**element, "duree_valeur": None}  # la phrase d'une durée demande son unité
    cellules = [_cellule(liste, colonne, element, donnees, codes) for colonne in liste.colonnes]
    dites = [v for c in cellules for v in (c.principale, *(n for n in c.notes if n.champ in DISTINGUENT))]
    return " · ".join(v.texte for v in dites if v.rempli)


def _cellule(liste: plan.Liste, colonne: plan.Colonne, element: dict, donnees: dict, codes: Codes) -> Cellule:
    lues = _valeurs(liste.modele, colonne.champs, element, codes)
    phrase = PHRASES.get((liste.nom, colonne.titre))
    if phrase is None:
        principale = _principale(liste.modele, colonne.champs[0], element, codes)
        pris = {principale.champ}
    else:
        dite, pris = phrase(element, donnees, codes)
        nom = colonne.champs[0].nom
        principale = Valeur(nom, colonne.titre, (dite,) if dite else ())
    obligees = {c.nom for c in colonne.champs if c.si is not None}
    notes = tuple(v for v in lues if v.champ not in pris and (v.rempli or v.champ in obligees))
    return Cellule(colonne.titre, principale, notes + _derivees(liste, colonne, element, donnees, codes))


def _derivees(
    liste: plan.Liste, colonne: plan.Colonne, element, donnees: dict, codes: Codes
) -> tuple[Valeur, ...]:
    """Ce qui se déduit de l'élément et se lit avec lui : calculé, jamais enregistré."""
    nom, libelle, deduire = DERIVEES.get((liste.nom, colonne.titre), ("", "", None))
    dite = deduire(element, donnees, codes) if deduire else ""
    return (Valeur(nom, libelle, (dite,)),) if dite else ()


def _principale(modele, champ: plan.Champ, element: dict, codes: Codes) -> Valeur:
    """La première valeur d'une colonne ; « sans objet » quand une réponse déjà donnée l'exclut."""
    lue = _valeur(modele, champ.nom, element, codes)
    exclue = (
        champ.si is not None and not _pertinent(champ, element) and not est_vide(element.get(champ.si.champ))
    )
    return Valeur(lue.champ, lue.libelle, ("sans objet",)) if exclue else lue


def phrase_duree(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« 3 ans à compter du dernier contact émanant du prospect, puis suppression ».

    Un critère se suffit : « durée de la relation », non « durée de la relation à compter de sa fin ».
    """
    modele = plan.CONSERVATIONS.modele
    fixe = lire_duree(regle)
    morceaux, chiffree = [str(fixe)] if fixe else [], isinstance(fixe, Duree)
    depart = regle.get("point_depart")
    if depart and (chiffree or not morceaux):
        evenement = codes.de(modele._meta.get_field("point_depart").related_model).get(depart)
        morceaux.append(f"à compter {evenement.a_compter if evenement else depart}")
    if regle.get("sort_final") and morceaux:
        sort = texte(modele._meta.get_field("sort_final"), regle["sort_final"], codes)
        morceaux[-1] += f", puis {minuscule(sort)}"
    pris = {
        "duree_valeur",
        "duree_unite",
        "point_depart" if chiffree or not regle.get("critere") else "critere",
    }
    return " ".join(morceaux), pris | ({"sort_final"} if morceaux else set())


def phrase_categorie(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    if not regle.get("categorie"):
        return "Toutes les données de la fiche", {"categorie"}
    return codes.libelle(CategorieDonnees, regle["categorie"]), {"categorie"}


def phrase_destinataire(element: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """Le nom le plus précis que l'on ait : le tiers, sinon le service, sinon le type."""
    if element.get("tiers"):
        return codes.nom_tiers(element["tiers"]), {"tiers"}
    if element.get("nom"):
        return element["nom"], {"nom", "tiers"}
    type_ = Destinataire._meta.get_field("type")
    return texte(type_, element.get("type"), codes), {"type", "tiers"}


def phrase_transfert(element: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« Mailwright Inc., États-Unis »."""
    modele = plan.TRANSFERTS.modele
    lieu = ", ".join(
        lu
        for nom in ("pays", "organisation")
        for lu in elements(modele._meta.get_field(nom), element.get(nom), codes)
    )
    numero = element.get("destinataire_numero")
    cite = next((d for d in donnees.get("destinataires", ()) if d["numero"] == numero), None)
    qui = phrase_destinataire(cite, donnees, codes)[0] if cite else element.get("importateur", "")
    pris = {"pays", "organisation", "destinataire_numero"} | (set() if cite else {"importateur"})
    return ", ".join(m for m in (qui, lieu) if m), pris


def phrase_execution(regle: dict, donnees: dict, codes: Codes) -> tuple[str, set[str]]:
    """« Oui : purge du 12 octobre 2026 » quand des opérations le disent ; sinon ce que la fiche déclare."""
    lue = regle.get("_application")
    if not lue or not lue["derniere"]:
        champ = plan.CONSERVATIONS.modele._meta.get_field("appliquee")
        return ", ".join(elements(champ, regle.get("appliquee"), codes)), {"appliquee"}
    pris = {"appliquee", "appliquee_precisions"} if lue["prouvee"] else {"appliquee"}
    if lue["purge_dite"]:  # sinon la purge déclarée se lit à part
        pris.add("derniere_purge")
    return lue["phrase"], pris


PHRASES = {
    ("conservations", "Durée et point de départ"): phrase_duree,
    ("conservations", "Exécution"): phrase_execution,
    ("conservations", "Catégorie"): phrase_categorie,
    ("destinataires", "Destinataire"): phrase_destinataire,
    ("transferts", "Vers"): phrase_transfert,
}


DERIVEES = {("finalites", "Base légale"): ("droits_ouverts", "droits ouverts", note_de_finalite)}


def suites_de(regles: Sequence[dict], codes: Codes) -> dict[int, tuple[PhaseLue, ...]]:
    """La barre des phases de chaque règle, par numéro ; de deux règles qui se suivent, la dernière ligne montre tout le cycle."""
    barres = {r["numero"]: phases_de(r, codes) for r in regles}
    places = list(barres)
    for cycle in cycles(regles):
        if len(cycle) == 2:
            active, archive = (phases_de(r, codes) for r in cycle)
            premiere, derniere = sorted((r["numero"] for r in cycle), key=places.index)
            barres[premiere], barres[derniere] = (), _d_un_trait(active[0], *archive)
    return barres


def _d_un_trait(active: PhaseLue, archive: PhaseLue, sort: PhaseLue) -> tuple[PhaseLue, ...]:
    """« Active · 3 ans », « Archive · 5 ans », « Suppression » sur une seule barre."""
    return (
        replace(active, poids=5, libelle=active.libelle.removeprefix("Base ").capitalize()),
        replace(archive, poids=4),
        replace(sort, poids=3),
    )


def phases_de(regle: dict, codes: Codes) -> tuple[PhaseLue, ...]:
    """La barre des phases d'une seule règle : sa phase, puis le sort final ; rien sans durée ni critère."""
    fixe = lire_duree(regle)
    if fixe is None:
        return ()
    duree = str(fixe) if isinstance(fixe, Duree) else "critère"
    genre, nom = ("archive", "Archive") if d_archivage(regle) else ("active", "Base active")
    sort = texte(plan.CONSERVATIONS.modele._meta.get_field("sort_final"), regle.get("sort_final"), codes)
    return PhaseLue(genre, f"{nom} · {duree}", 7), PhaseLue("sort", sort, 5)


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


def chemin_lisible(chemin: str) -> str:
    """« finalites[2].libelle » → « Finalité 2, ce que l'on veut faire » ; pour les messages d'erreur."""
    trouve = CHEMIN.match(chemin)
    if trouve and (liste := next((x for x in plan.LISTES if x.nom == trouve[1]), None)):
        return f"{liste.singulier} {trouve[2]}" + (
            f", {_nom_champ(liste.modele, trouve[3])}" if trouve[3] else ""
        )
    if liste := next((x for x in plan.LISTES if x.nom == chemin), None):
        return liste.titre
    tete, point, nom = chemin.partition(".")
    if tete == "organisme":
        return f"Organisme, {_nom_champ(Organisme, nom)}" if nom else "Organisme"
    if volet := next((v for v in plan.VOLETS if v.nom == tete), None):
        return f"{volet.titre}, {_nom_champ(volet.modele, nom)}" if point else volet.titre
    return next(
        (nom for m in (Traitement, Organisme, Tiers) if (nom := _nom_champ(m, chemin)) != chemin), chemin
    )


def ancre_de_saisie(chemin: str) -> str:
    """L'ancre du champ dans le formulaire : « finalites[2].base_legale » → « id_finalites-2-base_legale »."""
    if (trouve := CHEMIN.match(chemin)) and trouve[3]:
        return f"id_{trouve[1]}-{trouve[2]}-{trouve[3]}"
    for rubrique in plan.RUBRIQUES:
        if any(chemin == liste.nom for liste in rubrique.listes):
            return rubrique.code
    return f"id_{chemin.removeprefix('organisme.').replace('.', '-')}"


def _nom_champ(modele, nom: str) -> str:
    connus = {c.name: c for c in modele._meta.get_fields() if hasattr(c, "verbose_name")}
    return str(connus[nom].verbose_name) if nom in connus else nom
