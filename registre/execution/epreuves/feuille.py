"""La feuille de résultat d'une épreuve : ce que la page, le PDF et la commande disent, dans le même ordre."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from conservation.anonymat.conclusion import LIMITES, Conclusion, part, taux
from conservation.anonymat.criteres import CritereDuG29
from conservation.anonymat.detection import NATURES
from conservation.anonymat.epreuve import PROTOCOLE, QUASI, ROLES
from conservation.choix import VerdictEpreuve
from conservation.models import Epreuve
from documents.typographie import Empreinte, NomDeFichier
from registre.execution.epreuves.service import a_refaire, conclusion, valable_jusqu_au
from registre.fiche.lecture import date_en_mots
from traitements.phrases import accorder, compte, majuscule, nombre

Ligne = tuple[str, str]
TONS = {
    "identifiante": "bloquant",
    "pseudonymisee": "bloquant",
    "insuffisante": "alerte",
    "partielle": "alerte",
    "passee": "conseil",
}
G29 = "G29, avis 05/2014"
NON_DIT = "non précisé"


@dataclass(frozen=True)
class Section:
    titre: str
    article: str
    lignes: list[Ligne]


@dataclass(frozen=True)
class FeuilleDeResultat:
    """`dit` : le verdict en quelques mots. `validite` : jusqu'à quand l'épreuve vaut, ou pourquoi elle ne vaut plus ; vide si elle n'a
    rien établi."""

    dit: str
    conclusion: Conclusion
    validite: str
    perimee: bool
    sections: list[Section]
    limites: tuple[str, ...] = LIMITES

    @property
    def ton(self) -> str:
        """La classe de style du verdict : une forme, une couleur et un mot, comme pour un constat."""
        ton = TONS[self.conclusion.verdict]
        return "alerte" if self.perimee and ton == "conseil" else ton


def feuille(epreuve: Epreuve, le: date | None = None, hors: str = "") -> FeuilleDeResultat:
    """La feuille, telle qu'elle se lit ce jour-là (aujourd'hui). `hors` : pourquoi l'épreuve ne dit plus rien de sa durée."""
    lue = conclusion(epreuve)
    sections = [Section("Ce qui a été éprouvé", "", list(_objet(epreuve)))]
    if epreuve.protocole >= PROTOCOLE:
        sections += _mesures(epreuve, lue)
    refaire = hors or a_refaire(epreuve, le or timezone.localdate())
    validite = f"{majuscule(refaire)}." if refaire else _validite(epreuve)
    return FeuilleDeResultat(
        dire(epreuve, hors), lue, validite, bool(refaire), [s for s in sections if s.lignes]
    )


def dire(epreuve: Epreuve, hors: str) -> str:
    """Le verdict en quelques mots ; des seuils atteints sous une autre durée ne le sont pas pour celle-ci."""
    return "Ne vaut plus pour sa durée" if hors and epreuve.verdict == VerdictEpreuve.PASSEE else epreuve.dit


def _validite(epreuve: Epreuve) -> str:
    fin = valable_jusqu_au(epreuve)
    return f"Cette épreuve vaut jusqu'au {date_en_mots(fin)} ; au-delà, elle est à refaire." if fin else ""


def _objet(epreuve: Epreuve) -> Iterator[Ligne]:
    yield "Durée éprouvée", epreuve.regle_texte or "aucune durée en particulier"
    yield "Fichier", NomDeFichier(epreuve.fichier)
    yield "Empreinte SHA-256", Empreinte(epreuve.fichier_sha256)
    titre = epreuve.mesures.get("titre")
    dessus = f", sous {compte(titre, 'ligne')} de titre non {accorder(titre, 'comptée')}" if titre else ""
    yield "Étendue", f"{compte(epreuve.lignes, 'ligne')}, {compte(len(epreuve.colonnes), 'colonne')}{dessus}"
    yield "Une ligne décrit", epreuve.get_ligne_display() if epreuve.ligne else NON_DIT
    yield (
        "Données d'origine gardées ?",
        epreuve.get_donnees_origine_display() if epreuve.donnees_origine else NON_DIT,
    )
    yield "Date de l'épreuve", date_en_mots(epreuve.date)


def _mesures(epreuve: Epreuve, lue: Conclusion) -> Iterator[Section]:
    m, seuils = epreuve.mesures, epreuve.seuils
    yield Section(f"Mesures effectuées : {lue.mesures} sur 3", G29, list(_criteres(lue.criteres)))
    if "agregats" in m:
        yield Section("Le tableau d'effectifs", G29, list(_tableau(m["agregats"], seuils)))
    else:
        yield Section("Individualisation", G29, list(_individualisation(m["individualisation"], seuils)))
        yield Section("Corrélation", G29, list(_correlation(m["correlation"])))
        yield Section("Inférence", G29, list(_inference(m["inference"], seuils)))
    yield Section("Colonnes", "", list(_colonnes(epreuve)))
    yield Section("Généralisations possibles", "", list(_generalisations(m.get("generalisations") or [])))


def _criteres(lus: tuple[CritereDuG29, ...]) -> Iterator[Ligne]:
    for c in lus:
        yield c.nom, f"non mesurée : {c.manque}" if c.manque else "mesurée"


def _individualisation(i: dict[str, Any], seuils: dict[str, int]) -> Iterator[Ligne]:
    yield (
        "Plus petite classe (k), toutes colonnes comptées",
        f"{compte(i['k'], 'ligne')} ; seuil choisi : {seuils['k']}",
    )
    yield "Lignes uniques", f"{compte(i['uniques'], 'ligne')}, {part(i['part_uniques'])}"
    yield "Dans une classe trop petite", f"{compte(i['sous_seuil'], 'ligne')}, {part(i['part_sous_seuil'])}"
    yield "Classes", compte(i["classes"], "classe")
    petites = ", ".join(f"{compte(n, 'classe')} de {taille}" for taille, n in i["plus_petites"])
    yield "Les plus petites", petites


def _correlation(c: dict[str, Any]) -> Iterator[Ligne]:
    interne = c["interne"]
    if interne is None:
        yield "Plus petite combinaison qui isole", "aucune : aucune ligne n'est unique"
    elif interne["isolees"]:
        yield (
            "Plus petite combinaison qui isole",
            f"{', '.join(interne['colonnes'])} : {compte(interne['isolees'], 'ligne')}, {part(interne['part'])}",
        )
    else:
        yield (
            "Plus petite combinaison qui isole",
            f"aucune, sur {compte(interne['essais'], 'combinaison')} de trois colonnes au plus",
        )
    yield from _second(c["second"], "Lignes rapprochées une à une", "ligne")


def _second(second: dict[str, Any] | None, titre: str, mot: str) -> Iterator[Ligne]:
    if second is None:
        yield "Second fichier", "aucun n'a été donné"
        return
    yield "Second fichier", compte(second["lignes"], "ligne")
    yield "Son empreinte SHA-256", Empreinte(second["sha256"])
    communes = "toute valeur comparée sans casse ni accent, les dates ramenées à une seule écriture"
    parts = ", ".join(f"{n} ({part(p)})" for n, p in second["parts"].items())
    yield (
        "Colonnes de même nom, et part des lignes dont la valeur s'y retrouve",
        f"{parts} ; {communes}" if parts else "aucune",
    )
    yield (
        titre,
        f"{compte(second['rapprochees'], mot)}, {part(second['part'])}"
        if second["colonnes"]
        else "non mesuré",
    )


def _inference(lues: list[dict[str, Any]], seuils: dict[str, int]) -> Iterator[Ligne]:
    for lue in lues:
        yield (
            lue["colonne"],
            f"l = {lue['l']} (seuil {seuils['l']}), t = {taux(lue['t'])} (seuil {taux(seuils['t'])}) ; {lue['nature']}, "
            f"{compte(lue['distinctes'], 'valeur')} en tout ; {compte(lue['classes_uniformes'], 'classe')} à valeur unique",
        )


def _tableau(a: dict[str, Any], seuils: dict[str, int]) -> Iterator[Ligne]:
    yield "Colonne des effectifs", f"{a['effectif']} ; {compte(a['personnes'], 'personne')} hors totaux"
    yield (
        "Dimensions",
        f"{', '.join(a['dimensions']) or 'aucune'} ; {part(a['densite'])} des croisements ont une ligne",
    )
    yield (
        "Cases",
        f"{nombre(a['cases'])}, dont {nombre(a['totaux'])} de total et {compte(a['masquees'], 'masquée')}",
    )
    yield "Plus petite case publiée", f"{compte(a['minimum'], 'personne')} ; seuil choisi : {seuils['k']}"
    yield "Cases trop petites", f"{nombre(a['petites'])}, {part(a['part_petites'])}"
    d = a["differences"]
    yield (
        "Retrouvées par différence avec un total",
        f"{nombre(d['retrouvees'])}, sur {compte(d['totaux'], 'rangée')} à total publié",
    )
    yield (
        "Rangées qu'une case domine",
        f"{nombre(a['dominance']['dominees'])} sur {nombre(a['dominance']['rangees'])}",
    )
    for somme, dominees in a["sommes"].items():
        dite = (
            "non mesurée, faute de la plus grande contribution"
            if dominees is None
            else compte(dominees, "case dominée")
        )
        yield f"Dominance d'une personne dans {somme}", dite
    yield from _second(a["second"], "Cases dont l'écart entre les deux tableaux est trop petit", "case")


def _colonnes(epreuve: Epreuve) -> Iterator[Ligne]:
    vues = {d["colonne"]: d for d in epreuve.mesures["detections"]}
    dites = ROLES | ({QUASI: "dimension"} if "agregats" in epreuve.mesures else {})
    for nom, role in epreuve.colonnes.items():
        yield nom, f"{dites[role]}{_forme(vues.get(nom))}"


def _forme(detection: dict[str, Any] | None) -> str:
    if detection is None:
        return ""
    nature = NATURES[detection["nature"]]
    return (
        f" ; a la forme de : {nature}, {part(detection['part'])}"
        if detection["part"]
        else f" ; l'intitulé annonce : {nature}"
    )


def _generalisations(propositions: list[dict[str, Any]]) -> Iterator[Ligne]:
    for rang, p in enumerate(propositions, 1):
        gestes = [
            f"{c['colonne']} : {', puis '.join(c['faites'])} ({c['avant']} valeurs, puis {c['apres']})"
            for c in p["colonnes"]
        ]
        perte = (
            f"{p['suppression']} : {compte(p['supprimees'], 'ligne')}, {part(p['part'])}"
            if p["supprimees"]
            else "aucune ligne à supprimer"
        )
        titre = (
            f"Voie {rang}, pour k = {p['k']}" if p["k"] else f"Voie {rang}, sans issue : rien ne resterait"
        )
        yield titre, " ; ".join([*gestes, perte])
