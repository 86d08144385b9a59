"""Lire ce que les gens écrivent vraiment : accents, double encodage, cases, dates, « sélectionnez un élément »."""

import re
import unicodedata
from datetime import date

RIEN = {"", "/", "-", "—", "–", "n/a", "na", "n.a.", "nc", "?", "…", "..."}
OUI = {"oui", "o", "x", "☑", "☒", "✓", "✔", "yes", "true", "vrai", "1"}
NON = {"non", "n", "☐", "no", "false", "faux", "aucun", "aucune", "neant", "0"}
UNITES = {
    "jour": ("jours", 1),
    "semaine": ("jours", 7),
    "mois": ("mois", 1),
    "an": ("ans", 1),
    "annee": ("ans", 1),
}
NOMBRES = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "dix": 10,
    "trente": 30,
}
DUREE = re.compile(
    rf"^(?:pendant\s+|durant\s+)?(\d{{1,4}}|{'|'.join(NOMBRES)})\s*(?:\(\d+\)\s*)?(jour|semaine|mois|annee|an)s?\b[\s.,;:]*(.*)$"
)
DATE = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
A_COMPTER = re.compile(
    r"^(?:à|a)\s+(?:compter|partir)\s+(?:de\s+la|de\s+l['’]|des|du|de|d['’])?\s*", re.IGNORECASE
)


def reparer(texte: str) -> str:
    """Défait un double encodage UTF-8 (« FinalitÃ© » → « Finalité ») ; sinon rend le texte, espaces ôtés aux bords."""
    texte = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not re.search(r"[ÃÂ][\u0080-\u00bf\u0152-\u2122]|â€", texte):
        return texte
    for codage in ("cp1252", "latin-1"):
        try:
            return texte.encode(codage).decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return texte


def plier(texte: str) -> str:
    """Sans accents, casse, ponctuation ni espaces en trop : « N° / RÉF » et « n ref » se valent."""
    decompose = unicodedata.normalize("NFKD", texte.replace("’", "'").replace("œ", "oe").casefold())
    nu = "".join(c for c in decompose if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", nu).strip()


def valeur(texte: str) -> str:
    """Le texte saisi, ou vide si la cellule ne dit rien (consigne de liste, barre oblique, « N/A »)."""
    propre = reparer(texte)
    if propre.casefold() in RIEN or plier(propre).startswith("selectionnez un element"):
        return ""
    return propre


def est_oui(texte: str) -> bool:
    return texte.casefold().strip() in OUI or plier(texte) in OUI - {""}


def est_non(texte: str) -> bool:
    return texte.casefold().strip() in NON or plier(texte) in NON - {""}


def lire_date(texte: str) -> date | None:
    """Une date ISO ou française ; `None` si ce n'en est pas une."""
    try:
        if trouve := DATE.match(texte.strip()):
            jour, mois, annee = map(int, trouve.groups())
            return date(annee, mois, jour)
        return date.fromisoformat(texte.strip()[:10])
    except ValueError:
        return None


def lire_duree(texte: str) -> tuple[int, str, str] | None:
    """« 5 ans à compter du versement » → (5, "ans", "versement") ; `None` si le texte ne commence pas par une durée.

    Un texte qui porte plusieurs durées n'est pas interprété : il resterait une ambiguïté.
    """
    nu = "".join(
        c for c in unicodedata.normalize("NFKD", texte.casefold()) if not unicodedata.combining(c)
    ).strip()
    trouve = DUREE.match(nu)
    if not trouve or re.search(r"\d+\s*(jour|semaine|mois|an|annee)s?\b", trouve[3]):
        return None
    nombre = NOMBRES.get(trouve[1]) or int(trouve[1])
    unite, facteur = UNITES[trouve[2]]
    suite = texte.strip()[len(texte.strip()) - len(trouve[3]) :] if trouve[3] else ""
    return nombre * facteur, unite, A_COMPTER.sub("", suite).strip(" .")
