"""Ce qu'un brouillon portait, lisible sans sa page : chaque champ rempli, sous son libellé."""

import re

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.http import QueryDict
from django.urls import Resolver404, resolve

from registre.fiche.envois import chemin_de
from traitements.phrases import majuscule

MUETS = frozenset(
    ["jeton", "mesure", "pese", "proposer", "version"]
)  # ce que la page porte sans qu'on l'ait tapé
PARTIE = re.compile(
    r"(?P<partie>[a-z_]+)-(?P<rang>\d+)-(?P<champ>[a-z_0-9]+)|(?P<volet>[a-z_]+)-(?P<sien>[a-z_]+)"
)
SUITE = re.compile(r"suite-(\d+)")


def lignes(adresse: str, contenu: QueryDict) -> list[tuple[str, str]]:
    """Les champs remplis : (libellé, ce qui y est), dans l'ordre de la page ; une valeur par ligne."""
    modele = _modele(adresse)
    dites = ((nom, [v for v in valeurs if v.strip()]) for nom, valeurs in contenu.lists())
    return [_ligne(modele, nom, valeurs) for nom, valeurs in dites if valeurs and not _muet(nom)]


def _muet(nom: str) -> bool:
    return nom in MUETS or nom.endswith("-numero")


def _modele(adresse: str) -> type[models.Model] | None:
    """Le modèle qu'une page de gestion saisit ; `None` pour une page qui n'est pas celle d'un modèle."""
    try:
        piece, modele, *_ = (resolve(chemin_de(adresse)).url_name or "").split("_")
        return apps.get_model(piece, modele)
    except (Resolver404, LookupError, ValueError):
        return None


def _ligne(modele, nom: str, valeurs: list[str]) -> tuple[str, str]:
    if suite := SUITE.fullmatch(nom):
        return f"Suite de la remarque {suite[1]}", "\n".join(valeurs)
    situe, champ = _champ(modele, nom)
    libelle = str(getattr(champ, "verbose_name", "") or nom.replace("_", " ").replace("-", " "))
    return f"{situe}{majuscule(libelle)}", "\n".join(_valeur(champ, v) for v in valeurs)


def _champ(modele, nom: str) -> tuple[str, models.Field | None]:
    """Où il se trouve (« Finalités 2 · »), et le champ ; `None` s'il n'est à aucun modèle."""
    try:
        if modele is None or not (lu := PARTIE.fullmatch(nom)):
            return "", modele and modele._meta.get_field(nom)
        siens = modele._meta.get_field(lu["partie"] or lu["volet"]).related_model
        champ = siens._meta.get_field(lu["champ"] or lu["sien"])
    except (FieldDoesNotExist, AttributeError):
        return "", None
    titre = str(siens._meta.verbose_name)
    rang = f" {lu['rang']}" if lu["rang"] else ""
    return f"{majuscule(titre)}{rang} · ", champ


def _valeur(champ, valeur: str) -> str:
    """Un choix se lit par son libellé, un renvoi par ce qu'il désigne encore ; le reste, tel quel."""
    if champ is None or not champ.is_relation:
        return str(dict(getattr(champ, "flatchoices", None) or ()).get(valeur, valeur))
    cibles = champ.related_model
    cles = ["pk", *(["code"] if any(f.name == "code" for f in cibles._meta.fields) else [])]
    for cle in cles:
        try:
            if vise := cibles.objects.filter(**{cle: valeur}).first():
                return str(vise)
        except (ValueError, ValidationError):
            continue
    return valeur
