"""Les mots d'une notice : accorder, joindre, enchaîner des textes saisis dans une phrase. Pur."""

import re
from typing import Any

from traitements.phrases import minuscule

ARTICLES_DU_NOM = {"le", "la", "les", "un", "une", "des", "du", "notre", "nos", "votre", "vos"}
INFINITIF = re.compile(r"(?:[A-ZÀ-Ü]['’])?\w+(?:er|ir|re)")
NEGATION = re.compile(r"^Ne (?:pas|plus|jamais) ")
NOMS_EN_R = set(
    "annuaire anniversaire atelier autre avenir cadre calendrier centre chiffre commentaire courrier devoir dossier "
    "fichier formulaire histoire inventaire lettre loisir newsletter nombre notaire offre ordre panier papier "
    "partenaire questionnaire registre salaire titre".split()
)
# Premiers mots d'une catégorie qui nomment des données ; les autres nomment ce à quoi elles servent.
DES_DONNEES = {
    "coordonnées",
    "données",
    "informations",
    "moyens",
    "transactions",
    "factures",
    "profils",
    "preuves",
}


def nom_propre(valeur: Any) -> str:
    """Un nom saisi, sur une ligne : « Mailwright Inc. » garde son point."""
    return " ".join(str(valeur or "").split())


def propre(valeur: Any) -> str:
    """Un texte saisi, sur une ligne et sans la ponctuation qui le termine."""
    return nom_propre(valeur).rstrip(" .;,")


def enchaine(texte: str) -> str:
    """Un texte saisi, à la suite d'un deux-points : en minuscule s'il commence par un article ou un infinitif."""
    mot = texte.split(" ", 1)[0].rstrip(",")
    article = mot.casefold() in ARTICLES_DU_NOM or mot[:2] in ("L'", "L’")
    return minuscule(texte) if article or est_infinitif(texte) else texte


def est_infinitif(texte: str) -> bool:
    """Le texte commence-t-il par ce qui a la forme d'un infinitif : « Prendre, préparer », « S'assurer de » ?"""
    mot = NEGATION.sub("", texte).split(" ", 1)[0].rstrip(",")
    return INFINITIF.fullmatch(mot) is not None and mot.casefold() not in NOMS_EN_R


def les(libelle: str) -> str:
    """Les données d'une catégorie : « les coordonnées », « les données « Vie personnelle » »."""
    if libelle.split(" ", 1)[0].rstrip(",").casefold() in DES_DONNEES:
        return f"les {minuscule(libelle)}"
    return f"les données « {libelle} »"


def des(libelle: str) -> str:
    return f"d{les(libelle)[1:]}"


def phrase(*morceaux: str) -> str:
    """Les morceaux non vides, suivis d'un point, à moins qu'ils n'en portent un."""
    dits = " ".join(m for m in morceaux if m)
    return dits if not dits or dits.endswith((".", "?", "!")) else f"{dits}."
