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
    rf"^(?:pendant\s+|durant\s+)?(\d{{1,4}}|{'|'.join(NOMBRES)})\s*(?:\(\d+\)\s*)?"
    r"(jour|semaine|mois|an|ann[ée]e)s?(?!\w)[\s.,;:]*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
AUTRE_DUREE = re.compile(r"\d+\s*(?:jour|semaine|mois|an|ann[ée]e)s?\b", re.IGNORECASE)
# Ce qui peut suivre une durée sans la changer ; « et demi », « renouvelable », « puis… » la changeraient.
DEPART = re.compile(r"^(?:[àa]\s+(?:compter|partir)|apr[èe]s|d[èe]s|depuis|suivant)\b", re.IGNORECASE)
A_COMPTER = re.compile(
    r"^[àa]\s+(?:compter|partir)\s+(?:de\s+la\s|de\s+l['’]|des\s|du\s|de\s|d['’])?\s*", re.IGNORECASE
)
DATE = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
DATE_ISO = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$")
DOUBLE = re.compile(r"[ÃÂÅ][\u0080-\u00bf\u0152-\u2122]|â€|â–")


def reparer(texte: str) -> str:
    """Défait un double encodage UTF-8 (« FinalitÃ© » → « Finalité ») ; sinon rend le texte, espaces ôtés aux bords."""
    texte = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    if DOUBLE.search(texte):  # avant d'ôter les espaces : « à » y devient « Ã » suivi d'une espace insécable
        try:
            texte = unicodedata.normalize("NFC", b"".join(map(_octet, texte)).decode("utf-8"))
        except (UnicodeEncodeError, UnicodeDecodeError):
            pass
    return texte.strip()


def _octet(caractere: str) -> bytes:
    """L'octet de Windows-1252, ou de Latin-1 là où Windows-1252 n'en a pas."""
    try:
        return caractere.encode("cp1252")
    except UnicodeEncodeError:
        return caractere.encode("latin-1")


def plier(texte: str) -> str:
    """Sans accents, casse, ponctuation ni espaces en trop : « N° / RÉF » et « n ref » se valent.

    Les lettres des autres écritures restent : deux activités nommées en grec ou en chinois se distinguent.
    """
    decompose = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "oe"))
    decompose = unicodedata.normalize("NFKD", decompose.casefold())
    nu = "".join(c for c in decompose if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", nu).strip()


def valeur(texte: str) -> str:
    """Le texte saisi, ou vide si la cellule ne dit rien (consigne de liste, barre oblique, « N/A »)."""
    propre = reparer(texte)
    if propre.casefold() in RIEN or plier(propre).startswith("selectionnez un element"):
        return ""
    return propre


def est_oui(texte: str) -> bool:
    return _dit(texte, OUI)


def est_non(texte: str) -> bool:
    return _dit(texte, NON)


def _dit(texte: str, reponses: set[str]) -> bool:
    """« ☐ Oui » ne dit ni oui ni non : la case et le mot se contredisent."""
    return texte.casefold().strip() in reponses or ("☐" not in texte and plier(texte) in reponses)


def lire_date(texte: str) -> date | None:
    """Une date ISO ou française, seule ; `None` si ce n'en est pas une ou si autre chose la suit."""
    try:
        if trouve := DATE.match(texte.strip()):
            jour, mois, annee = map(int, trouve.groups())
            return date(annee, mois, jour)
        return date.fromisoformat(trouve[1]) if (trouve := DATE_ISO.match(texte.strip())) else None
    except ValueError:
        return None


def lire_duree(texte: str) -> tuple[int, str, str] | None:
    """« 5 ans à compter du versement » → (5, "ans", "versement") ; `None` si le texte dit plus, ou autre chose.

    Un texte qui porte plusieurs durées, ou nuance la sienne, n'est pas interprété : il resterait une ambiguïté.
    """
    trouve = DUREE.match(texte.strip())
    if not trouve:
        return None
    suite = trouve[3].strip()
    if AUTRE_DUREE.search(suite) or suite and not DEPART.match(suite):
        return None
    nombre = NOMBRES.get(trouve[1].casefold()) or int(trouve[1])
    unite, facteur = UNITES[plier(trouve[2])]
    return nombre * facteur, unite, A_COMPTER.sub("", suite).strip(" .")
