"""Le comptage : la réalité suit-elle la durée ? Pur : ni base de données, ni horloge, ni réglage.

Ce module se charge aussi seul, dans le sous-processus qui lit un CSV.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FUSEAU = ZoneInfo("Europe/Paris")  # le jour d'un horodatage est celui de Paris
ANNEE_D_ABORD = re.compile(r"(?P<a>[0-9]{4})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P=s)(?P<j>[0-9]{1,2})")
JOUR_D_ABORD = re.compile(r"(?P<j>[0-9]{1,2})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P=s)(?P<a>[0-9]{4})")
HEURE = re.compile(
    r"(?P<h>[01][0-9]|2[0-3]):(?P<m>[0-5][0-9])(:(?P<s>[0-5][0-9])([.,][0-9]+)?)?"
    r"\s*(?P<fuseau>Z|UTC|(?P<signe>[+-])(?P<fh>[01][0-9]|2[0-3])(:?(?P<fm>[0-5][0-9]))?)?"
)
TEXTE_MAX = 64  # aucune date lisible n'est plus longue


@dataclass(frozen=True)
class Decompte:
    """`examinees` comprend les lignes en retard et les lignes sans date lisible."""

    examinees: int
    en_retard: int
    sans_date: int


class Compteur:
    """Compte au fil de l'eau ; ne garde aucune valeur."""

    def __init__(self, limite: date) -> None:
        self.limite = limite
        self.examinees = self.en_retard = self.sans_date = 0

    def voir(self, texte: str) -> None:
        jour = jour_de(texte)
        self.examinees += 1
        if jour is None:
            self.sans_date += 1
        elif jour < self.limite:
            self.en_retard += 1

    def compte(self) -> Decompte:
        return Decompte(self.examinees, self.en_retard, self.sans_date)


def compter(textes: Iterable[str], limite: date) -> Decompte:
    compteur = Compteur(limite)
    for texte in textes:
        compteur.voir(texte)
    return compteur.compte()


def jour_de(texte: str) -> date | None:
    """Le jour que dit ce texte, ou `None` s'il est vide, ambigu (année à deux chiffres) ou illisible.

    AAAA-MM-JJ, AAAA/MM/JJ, JJ/MM/AAAA, JJ-MM-AAAA, suivis ou non d'une heure ; avec un fuseau, le jour est celui de Paris.
    """
    texte = texte.strip()
    if len(texte) > TEXTE_MAX:
        return None
    tete, separateur, heure = texte.partition("T" if " " not in texte else " ")
    jour = _jour_seul(tete)
    if jour is None or not separateur:
        return jour
    lue = HEURE.fullmatch(heure.strip())
    if lue is None:
        return None
    return _a_paris(jour, lue) if lue["fuseau"] else jour


@lru_cache(maxsize=50_000)
def _jour_seul(texte: str) -> date | None:
    lu = ANNEE_D_ABORD.fullmatch(texte) or JOUR_D_ABORD.fullmatch(texte)
    if lu is None:
        return None
    try:
        return date(int(lu["a"]), int(lu["m"]), int(lu["j"]))
    except ValueError:
        return None


def _a_paris(jour: date, heure: re.Match[str]) -> date | None:
    h, m, signe, fh, fm = heure.group("h", "m", "signe", "fh", "fm")
    # Paris change d'heure à une heure ronde : les minutes ne comptent que si le fuseau en a.
    return _jour_a_paris(jour, h, m if fm not in (None, "00") else "00", signe, fh, fm)


@lru_cache(maxsize=50_000)
def _jour_a_paris(
    jour: date, h: str, m: str, signe: str | None, fh: str | None, fm: str | None
) -> date | None:
    decalage = timedelta(hours=int(fh or 0), minutes=int(fm or 0))
    moment = datetime(jour.year, jour.month, jour.day, int(h), int(m))
    try:
        utc = moment + decalage if signe == "-" else moment - decalage
        return FUSEAU.fromutc(utc.replace(tzinfo=FUSEAU)).date()
    except OverflowError:
        return None
