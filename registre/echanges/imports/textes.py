"""Lire ce que les gens écrivent vraiment : accents, double encodage, dates, « sélectionnez un élément »."""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from organismes import pliage
from organismes.jours import DERNIER, PREMIER

DATE = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
DATE_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$")
DOUBLE = re.compile(r"[ÃÂÅ][\u0080-\u00bf\u0152-\u2122]|â€|â–")


def mal_encode(texte: str) -> bool:
    """Le texte porte-t-il les traces d'un double encodage ?"""
    return bool(DOUBLE.search(texte))


def reparer(texte: str) -> str:
    """Défait un double encodage UTF-8 (« FinalitÃ© » → « Finalité ») ; sinon rend le texte, espaces ôtés aux bords."""
    texte = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    # Avant d'ôter les espaces : « à » y devient « Ã » suivi d'une espace insécable.
    return unicodedata.normalize("NFC", redecoder(texte)).strip()


def redecoder(texte: str) -> str:
    """Défait un double encodage et ne touche à rien d'autre ; rend le texte tel quel s'il n'y en a pas, ou s'il résiste."""
    if not mal_encode(texte):
        return texte
    try:
        return b"".join(map(_octet, unicodedata.normalize("NFC", texte))).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return texte


def _octet(caractere: str) -> bytes:
    """L'octet de Windows-1252, ou de Latin-1 là où Windows-1252 n'en a pas."""
    try:
        return caractere.encode("cp1252")
    except UnicodeEncodeError:
        return caractere.encode("latin-1")


# La même cellule se relit pour chaque question ; 40 Mo au plus, si toutes sont pleines.
@lru_cache(maxsize=1024)
def plier(texte: str) -> str:
    """Sans accents, casse, ponctuation ni espaces en trop : « N° / RÉF » et « n ref » se valent.

    Les lettres des autres écritures restent : deux activités nommées en grec ou en chinois se distinguent.
    """
    return pliage.plier_les_mots(texte)


def valeur(texte: str) -> str:
    """Le texte saisi, ou vide si la cellule ne dit rien (consigne de liste déroulante)."""
    propre = reparer(texte)
    if plier(propre).startswith("selectionnez un element"):
        return ""
    return propre


def lire_date(texte: str) -> date | None:
    """Une date ISO ou française, seule, que les champs acceptent ; `None` si ce n'en est pas une ou si autre chose la suit."""
    try:
        if trouve := DATE.match(texte.strip()):
            jour, mois, annee = map(int, trouve.groups())
            lue = date(annee, mois, jour)
        elif trouve := DATE_ISO.match(texte.strip()):
            lue = date.fromisoformat(trouve[1])
        else:
            return None
    except ValueError:
        return None
    return lue if PREMIER <= lue <= DERNIER else None
