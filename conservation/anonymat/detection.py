"""Reconnaître, à la forme des valeurs, ce qui désigne une personne : courriel, téléphone, NIR, IBAN, empreinte, numéro d'ordre."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from conservation.anonymat.table import Attribut, dix_milliemes

ECHANTILLON = 20_000  # valeurs distinctes examinées par colonne
COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
TELEPHONE = re.compile(r"(?:(?:\+|00)\d{1,3}|0)[ .-]?[1-9](?:[ .-]?\d){7,12}", re.ASCII)
NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|[2-9]\d|1\d)(?:\d{2}|2[AB])\d{6}(?:\d{2})", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
HEXADECIMAL = re.compile(
    r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{128})", re.I | re.A
)
UUID = re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.I | re.A)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}", re.ASCII)
NUMEROTE = re.compile(r"(\D*)(\d{1,15})", re.ASCII)
SEQUENCE_MIN = 20  # lignes : en dessous, une suite de nombres ne dit rien


def courriel(v: str) -> bool:
    return COURRIEL.search(v) is not None


def telephone(v: str) -> bool:
    return TELEPHONE.fullmatch(v) is not None


def nir(v: str) -> bool:
    """Treize chiffres et leur clé : 97 moins le reste par 97 (2A et 2B valent 19 et 18)."""
    brut = re.sub(r"[ .-]", "", v).upper()
    if not NIR.fullmatch(brut):
        return False
    chiffres = brut[:13].replace("2A", "19").replace("2B", "18")
    return int(brut[13:]) == 97 - int(chiffres) % 97


def iban(v: str) -> bool:
    """Les quatre premiers caractères passés à la fin, les lettres comptées de 10 à 35, le reste par 97 vaut 1."""
    brut = re.sub(r"[ .-]", "", v).upper()
    if not IBAN.fullmatch(brut):
        return False
    return int("".join(str(int(c, 36)) for c in brut[4:] + brut[:4])) % 97 == 1


def base64(v: str) -> bool:
    formes = (str.isupper, str.islower, str.isdigit)
    return BASE64.fullmatch(v) is not None and all(any(forme(c) for c in v) for forme in formes)


# Nature, reconnaissance, et part des valeurs (en dix-millièmes) à partir de laquelle la colonne est signalée : une clé
# juste ou une arobase ne se rencontrent guère par hasard ; une suite de chiffres, si.
FORMES: tuple[tuple[str, Callable[[str], bool], int], ...] = (
    ("courriel", courriel, 1),
    ("nir", nir, 500),
    ("iban", iban, 100),
    ("telephone", telephone, 2_000),
    ("uuid", lambda v: UUID.fullmatch(v) is not None, 2_000),
    ("hexadecimal", lambda v: HEXADECIMAL.fullmatch(v) is not None, 2_000),
    ("base64", base64, 5_000),
)
NATURES = {
    "courriel": "adresses électroniques",
    "nir": "numéros de sécurité sociale (NIR), clé vérifiée",
    "iban": "IBAN, clé vérifiée",
    "telephone": "numéros de téléphone",
    "uuid": "identifiants UUID",
    "hexadecimal": "empreintes (hachage en hexadécimal)",
    "base64": "jetons ou empreintes (base64)",
    "sequence": "numéros d'ordre, un par ligne",
}


def nature(colonne: Attribut) -> tuple[str, int] | None:
    """Ce que la colonne semble contenir et la part des valeurs examinées qui en ont la forme ; `None` si rien n'apparaît."""
    remplies = [v for v in colonne.valeurs if v]
    examinees = _echantillon(remplies)
    for nom, reconnait, seuil in FORMES:
        part = dix_milliemes(sum(map(reconnait, examinees)), len(examinees))
        if part >= seuil:
            return nom, part
    return ("sequence", 10_000) if _sequence(remplies, len(colonne.rangs)) else None


def _echantillon(valeurs: list[str]) -> list[str]:
    """Toutes, ou des valeurs prises à intervalles réguliers sur tout le fichier."""
    pas = -(-len(valeurs) // ECHANTILLON) or 1
    return valeurs[::pas]


def _sequence(valeurs: list[str], lignes: int) -> bool:
    """Presque une valeur par ligne, un même préfixe, des numéros serrés : « CLI-00041 », « CLI-00042 »."""
    if lignes < SEQUENCE_MIN or len(valeurs) * 10 < lignes * 9:
        return False
    lues = [NUMEROTE.fullmatch(v) for v in valeurs]
    if None in lues or len({m[1] for m in lues if m}) != 1:
        return False
    numeros = [int(m[2]) for m in lues if m]
    return max(numeros) - min(numeros) < 2 * len(numeros)


def detections(colonnes: Iterable[tuple[str, Attribut]]) -> list[dict[str, Any]]:
    """Une ligne par colonne signalée : son nom, la nature, la part. Jamais une valeur."""
    lues = [(nom, nature(colonne)) for nom, colonne in colonnes]
    return [{"colonne": nom, "nature": n[0], "part": n[1]} for nom, n in lues if n]


def est_une_donnee(cellule: str) -> bool:
    """Une cellule d'en-tête qui a la forme d'une donnée : le fichier n'a sans doute pas d'en-tête."""
    if any(reconnait(cellule) for nom, reconnait, _ in FORMES if nom != "base64"):
        return True
    return re.fullmatch(r"[\d\s.,/:+-]+", cellule) is not None and sum(c.isdigit() for c in cellule) > 4
