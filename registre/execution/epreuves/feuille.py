"""La feuille de résultat d'une épreuve : ce que la page, le PDF et la commande disent, dans le même ordre."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from conservation.anonymat.conclusion import LIMITES, Conclusion, part, taux
from conservation.anonymat.detection import NATURES
from conservation.anonymat.epreuve import ROLES
from conservation.models import Epreuve
from documents.typographie import NomDeFichier
from registre.execution.epreuves.service import conclusion
from registre.fiche.lecture import date_en_mots
from traitements.phrases import compte

Ligne = tuple[str, str]


class Empreinte(str):
    """Une empreinte : elle se compose en caractères de chasse fixe, quel que soit le nom de sa ligne."""

    chasse_fixe = True


@dataclass(frozen=True)
class Section:
    titre: str
    article: str
    lignes: list[Ligne]


@dataclass(frozen=True)
class FeuilleDeResultat:
    conclusion: Conclusion
    sections: list[Section]
    limites: tuple[str, ...] = LIMITES

    @property
    def ton(self) -> str:
        """La classe de style du verdict : une forme, une couleur et un mot, comme pour un constat."""
        return {"pseudonymisee": "bloquant", "insuffisante": "alerte", "passee": "conseil"}[
            self.conclusion.verdict
        ]


def feuille(epreuve: Epreuve) -> FeuilleDeResultat:
    m = epreuve.mesures
    sections = [
        Section("Ce qui a été mesuré", "", list(_objet(epreuve))),
        Section(
            "Individualisation",
            "G29, avis 05/2014",
            list(_individualisation(m.get("individualisation"), epreuve.seuils)),
        ),
        Section("Corrélation", "G29, avis 05/2014", list(_correlation(m["correlation"]))),
        Section("Inférence", "G29, avis 05/2014", list(_inference(m.get("inference") or [], epreuve.seuils))),
        Section("Colonnes", "", list(_colonnes(epreuve))),
        Section("Généralisations possibles", "", list(_generalisations(m.get("generalisations") or []))),
    ]
    return FeuilleDeResultat(conclusion(epreuve), [s for s in sections if s.lignes])


def _objet(epreuve: Epreuve) -> Iterator[Ligne]:
    yield "Durée éprouvée", epreuve.regle_texte or "aucune durée en particulier"
    yield "Fichier", NomDeFichier(epreuve.fichier)
    yield "Empreinte SHA-256", Empreinte(epreuve.fichier_sha256)
    yield "Étendue", f"{compte(epreuve.lignes, 'ligne')}, {compte(len(epreuve.colonnes), 'colonne')}"
    yield "Date de l'épreuve", date_en_mots(epreuve.date)


def _individualisation(i: dict[str, Any] | None, seuils: dict[str, int]) -> Iterator[Ligne]:
    if i is None:
        return
    yield "Plus petite classe (k)", f"{compte(i['k'], 'ligne')} ; seuil choisi : {seuils['k']}"
    yield "Lignes uniques", f"{compte(i['uniques'], 'ligne')}, {part(i['part_uniques'])}"
    yield "Dans une classe trop petite", f"{compte(i['sous_seuil'], 'ligne')}, {part(i['part_sous_seuil'])}"
    yield "Classes", compte(i["classes"], "classe")
    petites = ", ".join(f"{compte(n, 'classe')} de {taille}" for taille, n in i["plus_petites"])
    yield "Les plus petites", petites


def _correlation(c: dict[str, Any]) -> Iterator[Ligne]:
    interne, second = c["interne"], c["second"]
    if interne["isolees"]:
        dite = f"{', '.join(interne['colonnes'])} : {compte(interne['isolees'], 'ligne')}, {part(interne['part'])}"
    else:
        dite = f"aucune, sur {compte(interne['essais'], 'combinaison')} de trois colonnes au plus"
    yield "Plus petite combinaison qui isole", dite
    if second:
        yield "Second fichier", f"{compte(second['lignes'], 'ligne')} ; empreinte {second['sha256']}"
        yield "Colonnes communes", ", ".join(second["colonnes"]) or "aucune"
        yield (
            "Lignes rapprochées une à une",
            f"{compte(second['rapprochees'], 'ligne')}, {part(second['part'])}",
        )
    else:
        yield "Second fichier", "aucun n'a été donné"


def _inference(lues: list[dict[str, Any]], seuils: dict[str, int]) -> Iterator[Ligne]:
    for lue in lues:
        yield (
            lue["colonne"],
            f"l = {lue['l']} (seuil {seuils['l']}), t = {taux(lue['t'])} (seuil {taux(seuils['t'])}) ; {lue['nature']}, "
            f"{compte(lue['distinctes'], 'valeur')} en tout ; {compte(lue['classes_uniformes'], 'classe')} à valeur unique",
        )


def _colonnes(epreuve: Epreuve) -> Iterator[Ligne]:
    vues = {d["colonne"]: d for d in epreuve.mesures["detections"]}
    for nom, role in epreuve.colonnes.items():
        forme = (
            f" ; a la forme de : {NATURES[vues[nom]['nature']]}, {part(vues[nom]['part'])}"
            if nom in vues
            else ""
        )
        yield nom, f"{ROLES[role]}{forme}"


def _generalisations(propositions: list[dict[str, Any]]) -> Iterator[Ligne]:
    for rang, p in enumerate(propositions, 1):
        gestes = [
            f"{c['colonne']} : {c['faites']} ({c['avant']} valeurs, puis {c['apres']})" for c in p["colonnes"]
        ]
        perte = (
            f"{compte(p['supprimees'], 'ligne')} à supprimer, {part(p['part'])}"
            if p["supprimees"]
            else "aucune ligne à supprimer"
        )
        but = f"k = {p['k']}" if p["k"] else "rien ne resterait"
        yield (
            f"Voie {rang}, pour {but}" if p["k"] else f"Voie {rang}, sans issue",
            " ; ".join([*gestes, perte]),
        )
