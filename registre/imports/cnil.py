"""Le « modèle de registre simplifié » de la CNIL (ODS, 2019) : lu par ses libellés, jamais par ses positions.

Chaque feuille qui porte les libellés d'une fiche donne une fiche, quel que soit son nom ; la feuille de liste complète.
Ce qui n'a pas de rubrique est gardé (`reprise`) et se lit sur la fiche. Une garantie ou une adéquation périmée
s'importe telle quelle, avec un avertissement : rien n'est corrigé en silence.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from registre.imports.cnil_feuille import FeuilleFiche, est_fiche
from registre.imports.cnil_fiche import fiche_de
from registre.imports.cnil_liste import FeuilleListe, est_liste
from registre.imports.correspondances import Correspondances
from registre.imports.fichier import FichierRefuse, classeur
from registre.imports.lot import REPRIS, FicheLue, Lot
from registre.imports.reprise import morceaux
from registre.imports.textes import plier, reparer, valeur

TUTORIEL = "registre des traitements fiche tutorielle"
LISTES = ["garanties", "pays", "zone"]
INTITULE_MAX = 200


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si aucune feuille ne ressemble à ce modèle."""
    feuilles = classeur(chemin)
    correspondances = Correspondances()
    fiches: list[FicheLue] = []
    listes: list[FeuilleListe] = []
    etrangeres: list[str] = []
    autres: list[dict[str, Any]] = []
    for feuille in feuilles:
        lignes = [[reparer(c) for c in ligne] for ligne in feuille["lignes"]]
        if est_fiche(lignes):
            lue = fiche_de(FeuilleFiche(feuille["nom"], lignes), correspondances)
            fiches += [lue] if lue else []
        elif est_liste(lignes):
            listes.append(FeuilleListe(feuille["nom"], lignes))
        else:
            texte = _autre(feuille["nom"], lignes)
            etrangeres += [feuille["nom"]] if texte else []
            autres += texte
    if not fiches and not listes:
        raise FichierRefuse(f"{chemin.name} : aucune feuille ne porte les libellés du modèle de la CNIL.")
    organisme: dict[str, Any] = {}
    tiers: dict[str, dict] = {}
    for liste in listes:
        organisme |= liste.organisme()
        fiches = liste.completer(fiches)
        autres += liste.restes
    for fiche in fiches:
        for nom in fiche.donnees.pop("_conjoints", []):
            tiers[nom] = {"nom": nom, "qualites": ["responsable-conjoint"]}
    if autres:
        organisme["reprise"] = autres
    avis = [
        f"La feuille « {nom} » n'est pas du modèle : son texte est gardé avec l'organisme."
        for nom in etrangeres
    ]
    nouveaux = [t for nom, t in tiers.items() if not correspondances.codes.tiers(nom)]
    return Lot(
        fiches=_distinctes(fiches),
        organisme=organisme,
        tiers=nouveaux,
        prudent=True,
        admis=REPRIS | {"date_maj"},  # celle que le classeur donne à la fiche, tant que Registre n'en a pas
        avis=avis,
    )


def _autre(nom: str, lignes: list[list[str]]) -> list[dict[str, Any]]:
    """Une feuille étrangère au modèle : son texte, s'il y en a, pour que rien ne se perde."""
    if _est_annexe(lignes):
        return []
    textes = [" | ".join(c for c in ligne if valeur(c)) for ligne in lignes if any(map(valeur, ligne))]
    return morceaux("feuille du classeur", nom, textes) if textes else []


def _est_annexe(lignes: list[list[str]]) -> bool:
    """Le tutoriel et les listes déroulantes du modèle, reconnus à leur première ligne et non à leur nom."""
    premiere = next((cles for ligne in lignes if (cles := [c for c in map(plier, ligne) if c])), [])
    return premiere[:1] == [TUTORIEL] or premiere[:3] == LISTES


def _distinctes(fiches: list[FicheLue]) -> list[FicheLue]:
    """Deux activités de même nom dans un fichier restent deux : la seconde dit d'où elle vient."""
    vus: set[str] = set()
    for fiche in fiches:
        nom = fiche.donnees["intitule"]
        if plier(nom) in vus:
            fiche.donnees["intitule"] = next(n for n in _suffixes(nom, fiche.origine) if plier(n) not in vus)
            if not fiche.donnees["intitule"].startswith(nom):
                fiche.donnees["reprise"].append(
                    {"source": fiche.origine, "libelle": "Nom du traitement", "valeur": nom}
                )
            fiche.avis.append("Une autre activité du fichier porte le même nom.")
        vus.add(plier(fiche.donnees["intitule"]))
    return fiches


def _suffixes(nom: str, origine: str) -> Iterator[str]:
    for rang in count(1):
        suffixe = f" ({origine[:80]})" if rang == 1 else f" ({origine[:80]}, {rang})"
        yield nom[: INTITULE_MAX - len(suffixe)] + suffixe
