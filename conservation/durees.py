"""Les durées comme on les dit et comme on les compte. Pur : ni base de données, ni horloge."""

from calendar import monthrange
from datetime import date

SINGULIERS = {"jours": "jour", "mois": "mois", "ans": "an"}


def en_mots(valeur: int, unite: str) -> str:
    """« 3 ans », « 1 an », « 13 mois » ; zéro se dit « aucune conservation »."""
    if valeur == 0:
        return "aucune conservation"
    return f"{valeur} {SINGULIERS[unite] if valeur == 1 else unite}"


def ajouter_mois(jour: date, mois: int) -> date:
    """Le même quantième, ou le dernier jour du mois s'il n'existe pas : 31 janvier + 1 mois, 28 ou 29 février."""
    annee, rang = divmod(jour.month - 1 + mois, 12)
    annee += jour.year
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))
