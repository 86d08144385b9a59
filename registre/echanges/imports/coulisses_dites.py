"""Ce qu'un lecteur pressé ne verrait pas : les commentaires, gardés ; les fusions et ce que le classeur masque, dits."""

from registre.echanges.imports.cellules import Commentaire, Feuille
from registre.echanges.imports.modele import FUSIONS, est_note
from registre.echanges.imports.rapport import Rapport, Sort, dire_les_premieres
from registre.echanges.imports.reponses import ERREUR
from registre.echanges.imports.reprise import morceaux
from traitements.phrases import accorder

TITRE_COORDONNEES = "coordonnees du "  # le modèle les fusionne lui-même sur deux lignes


def notes(feuille: Feuille) -> list[Commentaire]:
    """Les commentaires que quelqu'un a écrits ; ceux du modèle sont de l'aide."""
    return [c for c in feuille.commentaires if not est_note(c.texte)]


def garder_les_coulisses(feuille: Feuille, origine: str, rapport: Rapport) -> list[dict[str, str]]:
    """Les remarques qui gardent les commentaires ; le rapport dit où ils sont, et ce qui est fusionné ou masqué."""
    lues = notes(feuille)
    if lues:
        commentaires, gardes = accorder(len(lues), "commentaire"), accorder(len(lues), "gardé")
        places = dire_les_premieres(f"{feuille.nom}!{note.place}" for note in lues)
        rapport.mentionner(f"{len(lues)} {commentaires} de cellule {gardes} en remarque : {places}")
    for mention in _fusions(feuille, rapport) + _masquees(feuille) + _erreurs(feuille):
        rapport.mentionner(mention)
    return [element for note in lues for element in morceaux(origine, note.libelle, [note.texte])]


def _fusions(feuille: Feuille, rapport: Rapport) -> list[str]:
    """Les cellules fusionnées sur plusieurs lignes, ou qui portent une valeur, autrement que dans le modèle."""
    muettes = set(rapport.adresses(Sort.LIBELLE))
    pleines = {
        (c.ligne, c.colonne): c.adresse
        for ligne in feuille.lignes
        for c in ligne
        if not c.cle.startswith(TITRE_COORDONNEES)
    }
    gauche = min((colonne for _, colonne in pleines), default=0)
    lues = [
        adresse
        for haut, premiere, bas, derniere in feuille.fusions
        if (adresse := pleines.get((haut, premiere)))
        and (bas > haut or adresse not in muettes and (premiere - gauche, derniere - gauche) not in FUSIONS)
    ]
    cellules = f"{accorder(len(lues), 'cellule fusionnée')}, {accorder(len(lues), 'lue')}"
    return [f"{len(lues)} {cellules} à la première : {dire_les_premieres(lues)}"] if lues else []


def _erreurs(feuille: Feuille) -> list[str]:
    lues = [c.adresse for ligne in feuille.lignes for c in ligne if ERREUR.match(c.texte)]
    return [f"formule en échec dans le classeur, sans valeur : {dire_les_premieres(lues)}"] if lues else []


def _masquees(feuille: Feuille) -> list[str]:
    lues = [
        c.adresse
        for ligne in feuille.lignes
        for c in ligne
        if c.lue and (c.ligne in feuille.lignes_masquees or c.colonne in feuille.colonnes_masquees)
    ]
    return [f"lu dans des lignes ou des colonnes masquées : {dire_les_premieres(lues)}"] if lues else []
