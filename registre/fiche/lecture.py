"""Comment une valeur se lit : en français, à partir de sa forme canonique. Une seule fois, pour toutes les sorties."""

from datetime import date
from typing import Any

from django.db import models

from organismes.champs import ChampCodes, ChampListe, ChampNumeros
from organismes.models import Tiers, Utilisateur
from registre.fiche.codes import Codes
from traitements import phrases
from traitements.models import ModeleFiche, Traitement

NON_RENSEIGNE = "non renseigné"


def date_en_mots(jour: date | str) -> str:
    """« 3 novembre 2026 » ; accepte aussi la forme canonique d'une date."""
    return phrases.date_en_mots(date.fromisoformat(jour) if isinstance(jour, str) else jour)


def est_vide(valeur: Any) -> bool:
    return valeur is None or valeur == "" or valeur == []


def elements(champ: models.Field, valeur: Any, codes: Codes) -> list[str]:
    """Les libellés d'une valeur, un par élément ; liste vide si elle n'est pas renseignée."""
    if est_vide(valeur):
        return []
    if isinstance(champ, ChampNumeros):
        return [f"n°\N{NO-BREAK SPACE}{n}" for n in valeur]
    if isinstance(champ, ChampCodes):
        return [_libelle_code(champ, code, codes) for code in valeur]
    if isinstance(champ, ChampListe):
        return list(valeur)
    return [_simple(champ, valeur, codes)]


def texte(champ: models.Field, valeur: Any, codes: Codes) -> str:
    """La valeur en une ligne ; « non renseigné » quand elle manque."""
    return ", ".join(elements(champ, valeur, codes)) or NON_RENSEIGNE


def _libelle_code(champ: ChampCodes, code: str, codes: Codes) -> str:
    if champ.choix is not None:
        return dict(champ.choix.choices).get(code, code)
    return codes.libelle(champ.modele(), code)


def _simple(champ: models.Field, valeur: Any, codes: Codes) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if champ.is_relation:
        if champ.related_model is Tiers:
            return codes.nom_tiers(valeur)
        if champ.related_model is Utilisateur:
            return codes.nom_personne(valeur)
        modele = champ.related_model
        return (
            codes.libelle(modele, valeur) if modele is not None and hasattr(modele, "code") else str(valeur)
        )
    if isinstance(champ, models.DateField):
        return date_en_mots(valeur)
    if champ.model is Traitement and champ.name == "modele":
        return codes.libelle(ModeleFiche, valeur)
    if isinstance(champ, models.IntegerField):
        return phrases.nombre(valeur) if isinstance(valeur, int) else str(valeur)
    if champ.choices:
        return str(dict(champ.flatchoices).get(valeur, valeur))
    return str(valeur)
