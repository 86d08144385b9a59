"""Le « modèle de registre simplifié » de la CNIL (ODS, 2019) : lu par ses libellés, jamais par ses positions.

Chaque feuille qui porte les libellés d'une fiche donne une fiche, quel que soit son nom ; la feuille de liste complète.
Ce qui n'a pas de rubrique est gardé (`reprise`) et se lit sur la fiche. Une garantie ou une adéquation périmée
s'importe telle quelle, avec un avertissement : rien n'est corrigé en silence.
"""

from pathlib import Path
from typing import Any

from registre.imports.cnil_feuille import FeuilleFiche, est_fiche
from registre.imports.cnil_fiche import fiche_de
from registre.imports.cnil_liste import FeuilleListe, est_liste
from registre.imports.correspondances import Correspondances
from registre.imports.fichier import FichierRefuse, classeur
from registre.imports.lot import FicheLue, Lot
from registre.imports.textes import plier, reparer, valeur

CONNUES = ("tutoriel", "listes")
TEXTE_FEUILLE_MAX = 5_000


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si aucune feuille ne ressemble à ce modèle."""
    feuilles = classeur(chemin)
    correspondances = Correspondances()
    fiches: list[FicheLue] = []
    listes: list[FeuilleListe] = []
    autres: list[dict[str, Any]] = []
    for feuille in feuilles:
        lignes = [[reparer(c) for c in ligne] for ligne in feuille["lignes"]]
        if est_fiche(lignes):
            lue = fiche_de(FeuilleFiche(feuille["nom"], lignes), correspondances)
            fiches += [lue] if lue else []
        elif est_liste(lignes):
            listes.append(FeuilleListe(feuille["nom"], lignes))
        else:
            autres += _autre(feuille["nom"], lignes)
    if not fiches and not listes:
        raise FichierRefuse(f"{chemin.name} : aucune feuille ne porte les libellés du modèle de la CNIL.")
    organisme: dict[str, Any] = {}
    tiers: dict[str, dict] = {}
    for liste in listes:
        organisme |= liste.organisme()
        fiches = liste.completer(fiches)
    for fiche in fiches:
        for nom in fiche.donnees.pop("_conjoints", []):
            tiers[nom] = {"nom": nom, "qualites": ["responsable-conjoint"]}
    if autres:
        organisme["reprise"] = autres
    avis = [
        f"La feuille « {a['libelle']} » n'est pas du modèle : son texte est gardé avec l'organisme."
        for a in autres
    ]
    nouveaux = [t for nom, t in tiers.items() if not correspondances.codes.tiers(nom)]
    return Lot(fiches=_distinctes(fiches), organisme=organisme, tiers=nouveaux, prudent=True, avis=avis)


def _autre(nom: str, lignes: list[list[str]]) -> list[dict[str, Any]]:
    """Une feuille étrangère au modèle : son texte, s'il y en a, pour que rien ne se perde."""
    if any(connu in plier(nom) for connu in CONNUES):
        return []
    texte = "\n".join(
        " | ".join(c for c in ligne if valeur(c)) for ligne in lignes if any(map(valeur, ligne))
    )
    return (
        [{"source": "feuille du classeur", "libelle": nom, "valeur": texte[:TEXTE_FEUILLE_MAX]}]
        if texte
        else []
    )


def _distinctes(fiches: list[FicheLue]) -> list[FicheLue]:
    """Deux activités de même nom dans un fichier restent deux : la seconde dit d'où elle vient."""
    vus: set[str] = set()
    for fiche in fiches:
        cle = plier(fiche.donnees["intitule"])
        if cle in vus:
            fiche.donnees["intitule"] = f"{fiche.donnees['intitule']} ({fiche.origine})"[:200]
            fiche.avis.append("Une autre activité du fichier porte le même nom.")
        vus.add(cle)
    return fiches
