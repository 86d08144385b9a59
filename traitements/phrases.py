"""La grammaire des phrases : dates, énumérations, accords, élisions, capitales. Pur."""

import re
import unicodedata
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


VOYELLES = set("aeiouàâäéèêëîïôöùûüÿœæ")
# Devant un h aspiré, pas d'élision : « le registre de Hauts-de-France Habitat », mais « d'Hébergis ».
H_ASPIRES = tuple(
    "hach haie haine hall halt hamac hameau hamster hanche hand hangar hant haras hard harem haricot harnais harp hasard "
    "hât hauss haut havre hélan hérisson héron héros hibou hiérarch hockey holland homard hongr hont hors hotte houbl houe "
    "houl houpp housse huit hulotte hurl hussard hutte".split()
)
SANS_ELISION = re.compile(r"(?:onz\w*|oui|ouistitis?|uhlans?)\b")


def elide(mot: str) -> bool:
    """« de » s'élide-t-il devant ce nom : « d'Atelier Pixel », « d'Hébergis », « d'Yves » ; « de Yoplait », « de Onze » ?"""
    bas = mot.lstrip("« “\"'(").casefold()
    if not bas or mot.lstrip()[:1] in '«“"(' or SANS_ELISION.match(bas):
        return False
    if bas[0] == "h":
        return not bas.startswith(H_ASPIRES)
    if bas[0] == "y":
        return len(bas) > 1 and bas[1].isalpha() and bas[1] not in VOYELLES
    return bas[0] in VOYELLES or unicodedata.normalize("NFD", bas[0])[0] in VOYELLES


def de(nom: str) -> str:
    """« d'Atelier Pixel », « de Maison Lavande », « du Comptoir », « des Jardins de Léa »."""
    article, _, suite = str(nom).partition(" ")
    if suite and article in ("Le", "Les"):
        return f"{'du' if article == 'Le' else 'des'} {suite}"
    return f"d'{nom}" if elide(str(nom)) else f"de {nom}"


def a(nom: str) -> str:
    """« à Atelier Pixel », « au Comptoir », « aux Jardins de Léa »."""
    article, _, suite = str(nom).partition(" ")
    if suite and article in ("Le", "Les"):
        return f"{'au' if article == 'Le' else 'aux'} {suite}"
    return f"à {nom}"


def minuscule(texte: str) -> str:
    """Le libellé tel qu'il s'écrit dans une phrase : « Mineurs » → « mineurs » ; un sigle garde ses capitales."""
    return texte if texte[1:2].isupper() else texte[:1].lower() + texte[1:]


def majuscule(texte: str) -> str:
    """La même phrase, sa première lettre en capitale ; le reste tel quel."""
    return texte[:1].upper() + texte[1:]


def nombre(n: int) -> str:
    """« 1 204 », groupé par une espace fine insécable."""
    return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def compte(n: int, nom: str) -> str:
    """« 1 204 lignes », « 1 ligne », « 0 ligne » : l'espace devant le nom est insécable."""
    return f"{nombre(n)}\N{NO-BREAK SPACE}{accorder(n, nom)}"


def accorder(n: int, mots: str) -> str:
    """« règle proposée » ou, dès deux, « règles proposées » : un s à chaque mot."""
    return " ".join(f"{mot}s" for mot in mots.split(" ")) if n > 1 else mots
