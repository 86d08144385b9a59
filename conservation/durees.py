"""Les durées comme on les dit. Pur : ni base de données, ni horloge."""

SINGULIERS = {"jours": "jour", "mois": "mois", "ans": "an"}


def en_mots(valeur: int, unite: str) -> str:
    """« 3 ans », « 1 an », « 13 mois » ; zéro se dit « aucune conservation »."""
    if valeur == 0:
        return "aucune conservation"
    return f"{valeur} {SINGULIERS[unite] if valeur == 1 else unite}"
