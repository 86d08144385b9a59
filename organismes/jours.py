"""Un jour tel qu'on le tape ou qu'on l'envoie : une forme, et des bornes où tout se calcule."""

import re
from datetime import date

from django.core.exceptions import ValidationError

from organismes.exercice import jour_et_mois_lus

FORME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
PREMIER, DERNIER = date(1900, 1, 1), date(2199, 12, 31)
IL_FAUT_UNE_DATE = "Il faut une date (AAAA-MM-JJ)."
HORS_BORNES = f"Cette date est hors de portée : donnez-la entre {PREMIER.year} et {DERNIER.year}."


def jour_lu(texte: object) -> date:
    """« 2026-11-25 ». Lève `ValueError`, avec un message à montrer ; les autres formes ISO n'en sont pas."""
    if not isinstance(texte, str) or not FORME.fullmatch(texte):
        raise ValueError(IL_FAUT_UNE_DATE)
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise ValueError(IL_FAUT_UNE_DATE) from None


def plausible(jour: date) -> date:
    """Le même jour. Lève `ValueError` hors des bornes : une durée ajoutée n'y déborde pas du calendrier."""
    if not PREMIER <= jour <= DERNIER:
        raise ValueError(HORS_BORNES)
    return jour


def jour_et_mois(texte: str) -> None:
    """Le même contrôle, pour un champ de modèle."""
    try:
        jour_et_mois_lus(texte)
    except ValueError as refus:
        raise ValidationError(str(refus)) from None


def controler_jour(jour: date) -> None:
    """Le même contrôle, pour un champ de formulaire."""
    try:
        plausible(jour)
    except ValueError as refus:
        raise ValidationError(str(refus)) from None
