"""L'histoire d'un objet, en français : qui, quand, et chaque valeur avant et après."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from conservation.ensembles import ANCIENNE
from conservation.models import DureeConservation
from journal.models import Entree
from organismes.champs import ChampListe, champ_de
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.lecture import NON_RENSEIGNE, elements, est_vide
from registre.fiche.rubriques import LISTES, VOLETS
from traitements.chemins import Chemin
from traitements.phrases import accorder, majuscule

ACTIONS = {
    "creation": "Création",
    "modification": "Modification",
    "import": "Import",
    "import-classeur": "Import d'un classeur",
    "suppression": "Suppression",
    "chargement": "Chargement",
    "demonstration": "Données de démonstration",
    "modele": "Création depuis un modèle",
    "validation": "Validation",
    "reouverture": "Réouverture",
    "archivage": "Archivage",
    "ecart": "Écart justifié",
    "ecart-leve": "Écart levé",
    "relecture": "Actualisation",
    "operation": "Opération de conservation",
    "constat": "Relevé",
    "plan": "Plan de relevé gardé",
    "plan-modifie": "Plan de relevé modifié",
    "abonnement": "Abonnement à l'agenda",
    "revocation": "Révocation d'un abonnement",
    "rappel": "Rappel envoyé",
    "epreuve": "Épreuve d'anonymat",
    "lien": "Lien de mot de passe donné",
    "mot-de-passe": "Mot de passe remplacé",
    "remarque-traitee": "Remarque d'import traitée",
    "fusion": "Fusion de deux tiers",
}
# Ce que le journal nomme d'un mot que les pages n'emploient plus.
DITS = {"changements_relus": "Changements pris en compte"}
COPIE = "copie "  # suivi de la référence de la fiche d'origine
REMARQUES_LUES = 3  # au-delà, le texte d'un import noierait le reste de l'histoire
# Les éléments écrits au journal sous une forme plus ancienne, et le nom d'alors d'un champ.
RELUS: dict[type[models.Model], Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    liste.modele: liste.relire for liste in LISTES
}
RENOMMES: dict[tuple[type[models.Model], str], str] = {(DureeConservation, ANCIENNE): "categories"}
SINGULIERS = {liste.nom: liste.singulier for liste in LISTES} | {"mesures": "Mesure de sécurité"}
TITRES_VOLETS = {volet.nom: volet.titre for volet in VOLETS}
FORMES = {
    f.type: f
    for f in (
        *(agregat.FICHE, agregat.ORGANISME, agregat.TIERS, agregat.HABILITATION, agregat.UTILISATEUR),
        *(agregat.OPERATION, agregat.EPREUVE, agregat.PLAN_RELEVE),
    )
}


@dataclass(frozen=True)
class Difference:
    """Un changement lisible : ce qui change, et ses deux valeurs."""

    libelle: str
    avant: str
    apres: str


def action_de_copie(reference: str) -> str:
    """L'action d'une fiche dupliquée : « copie TR-003 »."""
    return f"{COPIE}{reference}"[: Entree._meta.get_field("action").max_length]


def action(entree: Entree) -> str:
    if entree.action.startswith(COPIE):
        return f"Dupliquée de {entree.action.removeprefix(COPIE)}"
    return ACTIONS.get(entree.action, entree.action.replace("-", " ").capitalize())


def modifie(entree: Entree) -> bool:
    """L'entrée change-t-elle ce qui existait ? Sinon, elle crée : tout y est nouveau."""
    return any(c["avant"] is not None for c in entree.changements)


def differences(entree: Entree, codes: Codes) -> list[Difference]:
    """Les changements d'une entrée, dans l'ordre où elle les porte."""
    forme = FORMES.get(entree.objet_type)
    lues = [_difference(forme, c, codes) for c in entree.changements]
    return [d for d in lues if d.avant != d.apres]


def _difference(forme: agregat.Agregat | None, changement: dict[str, Any], codes: Codes) -> Difference:
    chemin, avant, apres = changement["chemin"], changement["avant"], changement["apres"]
    libelle, modele, champ = _designer(forme, chemin)
    if champ is not None and champ.name == "reprise":
        return _difference_de_remarques(libelle, avant or [], apres or [])
    return Difference(libelle, _dire(modele, champ, avant, codes), _dire(modele, champ, apres, codes))


def _difference_de_remarques(libelle: str, avant: list, apres: list) -> Difference:
    """Les seules remarques qui changent, quand elles sont assez peu pour se lire ; sinon combien il y en a."""
    otees, ajoutees = [e for e in avant if e not in apres], [e for e in apres if e not in avant]
    if len(otees) > REMARQUES_LUES or len(ajoutees) > REMARQUES_LUES:
        return Difference(libelle, _compter(avant), _compter(apres))
    return Difference(libelle, _dire_remarques(otees), _dire_remarques(ajoutees))


def _dire_remarques(elements: list) -> str:
    return "\n".join(map(_dire_remarque, elements)) or "rien"


def _dire_remarque(element: dict[str, str]) -> str:
    """« Durée : trois ans (traitée : reportée dans Conservation) »."""
    texte = f"{element.get('libelle', '')} : {element.get('valeur', '')}"
    if "suite" not in element:
        return texte
    return f"{texte} (traitée : {element['suite']})" if element["suite"] else f"{texte} (traitée)"


def _designer(
    forme: agregat.Agregat | None, chemin: str
) -> tuple[str, type[models.Model] | None, models.Field | None]:
    """Le libellé d'un chemin, le modèle qui le porte et son champ (absent pour un élément entier)."""
    if forme is None:
        return DITS.get(chemin, majuscule(chemin.replace("_", " "))), None, None
    parties = {p.nom: p.modele for p in (*forme.listes, *forme.volets)}
    lu = Chemin.lire(chemin)
    if lu.tete in parties:
        nom = SINGULIERS.get(lu.tete, lu.tete)
        libelle = TITRES_VOLETS.get(lu.tete, nom) if lu.numero is None else f"{nom} {lu.numero}"
        return _avec_champ(libelle, parties[lu.tete], lu.champ)
    champ = _champ(forme.modele, chemin)
    return (majuscule(str(champ.verbose_name)) if champ else chemin), forme.modele, champ


def _avec_champ(
    libelle: str, modele: type[models.Model], nom: str
) -> tuple[str, type[models.Model], models.Field | None]:
    champ = _champ(modele, nom) if nom else None
    return (f"{libelle}, {champ.verbose_name}" if champ else libelle), modele, champ


def _champ(modele: type[models.Model], nom: str) -> models.Field | None:
    try:
        return champ_de(modele, RENOMMES.get((modele, nom), nom))
    except FieldDoesNotExist:
        return None


def _compter(elements: list) -> str:
    return f"{len(elements)} {accorder(len(elements), 'élément')}" if elements else "rien"


def _dire(modele: type[models.Model] | None, champ: models.Field | None, valeur: Any, codes: Codes) -> str:
    if isinstance(champ, ChampListe) and isinstance(valeur, str):
        valeur = [valeur] if valeur else []  # un champ qui ne portait alors qu'un code
    if champ is not None:
        return ", ".join(elements(champ, valeur, codes)) or NON_RENSEIGNE
    if est_vide(valeur):
        return "rien"
    if isinstance(valeur, dict) and modele is not None:
        return _resume(modele, valeur, codes)
    return _compter(valeur) if isinstance(valeur, list) else str(valeur)


def _resume(modele: type[models.Model], valeurs: dict[str, Any], codes: Codes) -> str:
    """Un élément entier, ajouté ou retiré : ses valeurs renseignées."""
    dites = []
    for nom, valeur in RELUS.get(modele, dict)(valeurs).items():
        champ = _champ(modele, nom)
        if champ is not None and nom != "numero" and (lues := elements(champ, valeur, codes)):
            dites.append(f"{champ.verbose_name} : {', '.join(lues)}")
    return " ; ".join(dites) or "sans précision"
