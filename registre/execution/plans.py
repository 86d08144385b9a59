"""Garder un plan de relevé, et le refaire tel quel : même source, même lecture, mêmes durées, ou un refus qui dit pourquoi.

Une page ne donne jamais d'adresse à lire : qui en taperait une ferait lire au serveur ce qu'il veut, avec le compte de l'instance.
Seule la commande garde l'adresse d'une base ; d'un fichier, la page ne garde que le nom.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from conservation.choix import GenreSource
from conservation.dates_ecrites import ORDINAIRE, Lecture, lecture_de
from conservation.ensembles import en_clair
from conservation.models import Operation, PlanReleve
from conservation.preuves import COPIE
from conservation.visees import sous_la_meme_duree
from journal.service import Auteur
from registre.conformite.applications import durees_presentes
from registre.execution.operations import canonique_de, durees_visees, phrase_de_la_duree
from registre.execution.releves import Examen, examens
from registre.execution.sources.bases import secret
from registre.execution.sources.demande import IDENTIFIANTS, DemandeDeReleve, Filtre, Releve, filtre
from registre.execution.sources.fichier import empreinte_de
from registre.execution.sources.requete import gardee
from registre.fiche import agregat as ag
from registre.fiche.assemblage import propre
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus, enregistrer
from traitements.phrases import date_en_mots

SQLITE = "sqlite:///"
AVEC_COMPTE = {GenreSource.POSTGRESQL, GenreSource.MYSQL}
ARRETE = "Ce plan est arrêté : reprenez-le avant de le relever."
AUTRE_DEPART = "Le départ n'est plus celui que date la colonne du plan : arrêtez ce plan, et gardez-en un autre sur la bonne colonne."
CHEMIN_IMPOSSIBLE = (OSError, RuntimeError, ValueError)  # nom trop long, liens en boucle, dossier fermé
RETOUCHE = (
    "La requête porte des fins de ligne Windows ou des accents décomposés : enregistrez son fichier en UTF-8, fins de ligne "
    "Unix, pour que le plan en garde l'empreinte."
)


class PlanImpossible(Exception):
    """Ce plan ne se relève pas ; le message dit pourquoi, en français."""


@dataclass(frozen=True)
class DureeDuPlan:
    """Une durée que le plan compte. `ecart` : pourquoi elle ne se compte plus ; vide si elle est celle d'alors. `numero` : 0, disparue."""

    numero: int
    phrase: str
    ecart: str = ""


# --- Garder -------------------------------------------------------------------------------------------------------------
def garder(
    voulus: Sequence[Examen], demande: DemandeDeReleve, releve: Releve, nom: str, *, auteur: Auteur
) -> PlanReleve:
    """Le plan d'un relevé que l'on vient de lire. Lève `Refus`."""
    fiche, base = voulus[0].fiche, releve.genre != GenreSource.FICHIER
    requete = demande.requete
    if requete and propre(requete.entier) != requete.entier:
        raise Refus({"": [RETOUCHE]})
    if tuple(filtre(str(f)) for f in demande.filtres) != demande.filtres:
        raise Refus(
            {"": ["Un filtre de ce relevé ne se réécrit pas tel quel : le plan ne le relirait pas de même."]}
        )
    donnees = {
        "nom": nom.strip(),
        "genre": releve.genre,
        "adresse": _adresse(demande.adresse) if base else COPIE.sub("", releve.source),
        "identifiants": demande.identifiants if releve.genre in AVEC_COMPTE else "",
        "table": demande.table or releve.feuille,
        "requete": requete.entier if requete else "",
        "requete_nom": requete.nom if requete else "",
        "requete_sha256": requete.sha256 if requete else "",
        "colonne": releve.colonne or demande.colonne,
        "filtres": [str(f) for f in demande.filtres],
        "lecture": releve.lecture.codes if releve.lecture.choisie else [],
        "durees_visees": durees_visees(fiche, [n for e in voulus for n in e.numeros]),
    }
    neuf = PlanReleve(organisme_id=fiche.organisme_id, traitement=fiche)
    return enregistrer(ag.PLAN_RELEVE, donnees, neuf, auteur=auteur, action="plan").objet


def se_garde(releve: Operation) -> bool:
    """Ce relevé peut-il faire un plan sans être refait ? Il a été compté, sur un fichier : d'une base, il ne dit pas l'adresse."""
    return releve.mesuree and releve.source_genre == GenreSource.FICHIER and releve.plan_id is None


def garder_ce_releve(releve: Operation, nom: str, *, auteur: Auteur) -> PlanReleve:
    """Le plan d'un relevé déjà signé, qui lui reste étranger mais de même source. Lève `Refus`, `PlanImpossible`."""
    presents = durees_presentes()
    if not se_garde(releve) or not {v["id"] for v in releve.durees_visees} <= presents.keys():
        raise PlanImpossible(
            "Ce relevé ne se refait pas tel quel : faites-en un nouveau, et gardez-en le plan."
        )
    ordinaire = releve.source_lecture == ORDINAIRE.codes
    donnees = {
        "nom": nom.strip(),
        "genre": releve.source_genre,
        "adresse": COPIE.sub("", releve.source),
        "table": releve.source_table,
        "colonne": releve.source_colonne,
        "filtres": releve.source_filtres,
        "lecture": [] if ordinaire else releve.source_lecture,
        "durees_visees": releve.durees_visees,
    }
    neuf = PlanReleve(organisme_id=releve.organisme_id, traitement=releve.traitement)
    return enregistrer(ag.PLAN_RELEVE, donnees, neuf, auteur=auteur, action="plan").objet


def _adresse(adresse: str) -> str:
    """Une base SQLite se retrouve d'où que la commande soit lancée."""
    if not adresse.startswith(SQLITE):
        return adresse
    return f"{SQLITE}{Path(adresse.removeprefix(SQLITE)).absolute()}"


def adresse_dite(plan: PlanReleve) -> str:
    """Où le plan lit, pour qui lit la page : d'une base SQLite, le nom de son fichier, sans les dossiers du serveur."""
    return Path(plan.adresse).name if plan.genre == GenreSource.SQLITE else plan.adresse


def modifier(
    plan: PlanReleve, *, nom: str, numeros: Sequence[int], actif: bool, revision: int, auteur: Auteur
) -> None:
    """Son nom, ses durées telles qu'elles sont aujourd'hui, s'il est relevé ou arrêté. Lève `Refus`, `Conflit`, `ReleveImpossible`."""
    examens(plan.traitement, numeros, timezone.localdate())  # les durées se comptent-elles, et ensemble ?
    visees = durees_visees(plan.traitement, numeros)
    if {v["depart"] for v in visees} != {v["depart"] for v in plan.durees_visees}:
        raise Refus({"regle": [AUTRE_DEPART]})
    donnees: dict[str, Any] = {"nom": nom.strip(), "actif": actif, "durees_visees": visees}
    enregistrer(ag.PLAN_RELEVE, donnees, plan, auteur=auteur, revision=revision, action="plan-modifie")


# --- Relever ------------------------------------------------------------------------------------------------------------
def durees_du_plan(plan: PlanReleve) -> list[DureeDuPlan]:
    """Les durées que le plan compte, chacune retrouvée par son identifiant, et ce qui l'empêche d'être comptée."""
    canonique, codes = canonique_de(plan.traitement), Codes()
    durees, presentes = {k["numero"]: k for k in canonique["conservations"]}, durees_presentes()
    disparues = [v for v in plan.durees_visees if v["id"] not in presentes]
    siennes: dict[int, list[dict[str, Any]]] = {}
    for visee in plan.durees_visees:
        if visee["id"] in presentes:  # deux lignes d'alors peuvent n'en faire plus qu'une
            siennes.setdefault(presentes[visee["id"]], []).append(visee)
    lues = [
        DureeDuPlan(0, f"Durée n° {v['numero']} d'alors", "elle n'est plus dans la fiche") for v in disparues
    ]
    for numero, visees in sorted(siennes.items()):
        ecart = (
            ""
            if sous_la_meme_duree(visees, en_clair(durees[numero], canonique))
            else "elle a changé depuis que ce plan la compte"
        )
        lues.append(DureeDuPlan(numero, phrase_de_la_duree(durees[numero], canonique, codes), ecart))
    return lues


def examens_du_plan(plan: PlanReleve, le: date) -> tuple[list[Examen], list[DureeDuPlan]]:
    """Ce qui se compte ce jour-là, et les durées écartées. Lève `PlanImpossible` s'il ne reste rien, `ReleveImpossible`."""
    if not plan.actif:
        raise PlanImpossible(ARRETE)
    lues = durees_du_plan(plan)
    ecartees = [d for d in lues if d.ecart]
    if gardees := [d.numero for d in lues if not d.ecart]:
        return examens(plan.traitement, gardees, le), ecartees
    raise PlanImpossible(f"Aucune durée de ce plan ne se compte plus : {dire_ecarts(ecartees)}.")


def dire_ecarts(ecartees: Iterable[DureeDuPlan]) -> str:
    return " ; ".join(f"« {d.phrase} », {d.ecart}" for d in ecartees)


def demande_du_plan(plan: PlanReleve, voulu: Examen, adresse: str = "") -> DemandeDeReleve:
    """Ce que le plan fait lire. `adresse` : d'un fichier, où il est. Lève `PlanImpossible` sans le compte, `SourceRefusee`."""
    if plan.genre in AVEC_COMPTE and plan.identifiants != IDENTIFIANTS:
        if not secret("UTILISATEUR", plan.identifiants):
            raise PlanImpossible(
                f"Ce plan lit par le compte de {plan.identifiants}_UTILISATEUR et {plan.identifiants}_MOT_DE_PASSE : "
                "posez-les dans l'environnement."
            )
    return voulu.demande(
        adresse or plan.adresse,
        plan.colonne,
        plan.table,
        filtres_de(plan),
        gardee(plan.requete_nom, plan.requete, plan.requete_sha256) if plan.requete else None,
        lecture_du_plan(plan),
        plan.identifiants or IDENTIFIANTS,
    )


def filtres_de(plan: PlanReleve) -> tuple[Filtre, ...]:
    return tuple(filtre(texte) for texte in plan.filtres)


def lecture_du_plan(plan: PlanReleve) -> Lecture:
    return lecture_de(plan.lecture) if plan.lecture else ORDINAIRE


# --- Un fichier ---------------------------------------------------------------------------------------------------------
def exiger_ce_nom(plan: PlanReleve, nom: str) -> None:
    """Le fichier que lit le plan se reconnaît à son nom. Lève `PlanImpossible`."""
    if COPIE.sub("", nom).casefold() != COPIE.sub("", plan.adresse).casefold():
        raise PlanImpossible(
            f"Ce plan lit « {plan.adresse} », et ce fichier s'appelle « {nom} » : pour le registre, c'est une autre source. "
            "S'il est bien le même export, donnez-lui ce nom ; sinon, faites-en un nouveau relevé."
        )


def jour_du_neuf(plan: PlanReleve, chemin: Path) -> date:
    """Le jour d'une extraction que rien n'a encore comptée ainsi. Lève `PlanImpossible` si un relevé l'a fait, du plan ou non.

    Sans personne pour dire de quel jour elle est, recompter la même dirait appliquée ce jour-là une durée que rien n'a vérifiée.
    Elle est du jour où le fichier a été écrit, jamais à venir, ni après un relevé qui l'a lue autrement : copiée, elle ne rajeunit pas.
    """
    try:
        with chemin.open("rb") as fichier:
            sha256 = empreinte_de(fichier)
        ecrit = datetime.fromtimestamp(chemin.stat().st_mtime, tz=timezone.get_current_timezone()).date()
    except CHEMIN_IMPOSSIBLE:
        raise PlanImpossible("Ce fichier ne se lit pas : le système refuse de l'ouvrir.") from None
    lus = list(Operation.objects.filter(source_sha256=sha256))  # du plus récent au plus ancien
    presentes = durees_presentes()
    if deja := next((o for o in lus if _compte_de_meme(plan, o, presentes)), None):
        raise PlanImpossible(
            f"Ce fichier est celui du relevé du {date_en_mots(deja.date)} : refaites l'extraction avant de relever, ou dites par --au "
            "de quel jour elle est."
        )
    return min(ecrit, timezone.localdate(), *(o.date for o in lus))


def _compte_de_meme(plan: PlanReleve, releve: Operation, presentes: Mapping[str, int]) -> bool:
    """Par le plan, ou pour l'une de ses durées dans la même colonne. Avant novembre 2026, un relevé ne disait pas la sienne."""
    if releve.plan_id == plan.pk:
        return True
    siennes, du_plan = (
        {presentes[v["id"]] for v in visees if v["id"] in presentes}
        for visees in (releve.durees_visees, plan.durees_visees)
    )
    if releve.traitement_id != plan.traitement_id or not siennes & du_plan:
        return False
    lu = (releve.source_table, releve.source_colonne.casefold(), {*releve.source_filtres})
    return not releve.source_colonne or lu == (plan.table, plan.colonne.casefold(), {*plan.filtres})


def fichier_designe(plan: PlanReleve, chemin: Path) -> Path:
    """Le fichier que la personne montre, s'il est celui du plan. Lève `PlanImpossible`."""
    exiger_ce_nom(plan, chemin.name)
    if not _est_un_fichier(chemin):
        raise PlanImpossible("Ce fichier n'existe pas, n'en est pas un, ou le système le refuse.")
    return chemin


def fichier_depose(plan: PlanReleve) -> Path | None:
    """Le fichier du plan dans le dossier où l'instance réserve les extractions de son organisme ; `None` sans `RELEVE_DOSSIER`.

    Deux organismes nomment leurs exports pareil, et l'un ne lit pas l'autre : chacun a son dossier, `RELEVE_DOSSIER/<son
    identifiant>/`. Lève `PlanImpossible` si le fichier n'y est pas, ou si un lien mène hors de ce dossier.
    """
    if not settings.RELEVE_DOSSIER:
        return None
    chemin = _dans_son_dossier(Path(settings.RELEVE_DOSSIER), str(plan.organisme_id), plan.adresse)
    if chemin is None:
        raise PlanImpossible(
            f"« {plan.adresse} » n'est pas dans le dossier des extractions de l'organisme (RELEVE_DOSSIER/{plan.organisme_id}/)."
        )
    return chemin


def _dans_son_dossier(racine: Path, organisme: str, nom: str) -> Path | None:
    """Le dossier de l'organisme n'est lui-même pas suivi s'il est un lien : il mènerait chez un autre."""
    try:
        dossier = racine.resolve() / organisme
        chemin = (dossier / nom).resolve()
    except CHEMIN_IMPOSSIBLE:
        return None
    return chemin if chemin.is_relative_to(dossier) and _est_un_fichier(chemin) else None


def _est_un_fichier(chemin: Path) -> bool:
    try:
        return chemin.is_file()
    except CHEMIN_IMPOSSIBLE:
        return False
