"""Ce que vaut encore une épreuve : au-delà d'un délai, ou mesurée par un protocole abandonné, elle est à refaire."""

from datetime import date

from conservation.anonymat.epreuve import PROTOCOLE
from conservation.durees import ajouter_mois
from traitements.phrases import date_en_mots


def valable_jusqu_au(du: date, protocole: int, mois: int) -> date | None:
    """Le dernier jour où cette épreuve vaut ; `None` si son protocole est abandonné, donc si elle ne vaut plus."""
    if protocole < PROTOCOLE:
        return None
    try:
        return ajouter_mois(du, mois)
    except ValueError:
        return date.max


def a_refaire(du: date, protocole: int, mois: int, le: date) -> str:
    """Pourquoi l'épreuve est à refaire ce jour-là ; vide si elle vaut encore."""
    fin = valable_jusqu_au(du, protocole, mois)
    if fin is None:
        return "à refaire : mesurée par un protocole que Registre n'emploie plus"
    return "" if le <= fin else f"à refaire : elle valait jusqu'au {date_en_mots(fin)} ({mois} mois)"
