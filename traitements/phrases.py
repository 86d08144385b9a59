"""Les morceaux de phrase que plusieurs règles partagent. Pur."""

from collections.abc import Iterable
from datetime import date

MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()


def date_en_mots(jour: date) -> str:
    """« 16 juillet 2020 », « 1er mai 2026 », espace insécable entre le jour et le mois."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}\N{NO-BREAK SPACE}{MOIS[jour.month - 1]} {jour.year}"


def enumerer(mots: Iterable[str]) -> str:
    """« a », « a et b », « a, b et c »."""
    *premiers, dernier = [*mots] or [""]
    return f"{', '.join(premiers)} et {dernier}" if premiers else dernier


def minuscule(texte: str) -> str:
    """Le libellé tel qu'il s'écrit dans une phrase : « Mineurs » → « mineurs » ; un sigle garde ses capitales."""
    return texte if texte[1:2].isupper() else texte[:1].lower() + texte[1:]


def nombre(n: int) -> str:
    """« 1 204 », groupé par une espace fine insécable."""
    return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def compte(n: int, nom: str) -> str:
    """« 1 204 lignes », « 1 ligne », « 0 ligne » : l'espace devant le nom est insécable."""
    return f"{nombre(n)}\N{NO-BREAK SPACE}{nom}{'s' if n > 1 else ''}"
