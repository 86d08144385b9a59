"""Les dates telles que les fichiers et les bases les écrivent : chaque format, et la lecture que l'on choisit avant de compter.

Pur : ni base de données, ni horloge, ni réglage. Se charge aussi seul, dans le sous-processus qui lit un fichier.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from zoneinfo import ZoneInfo

FUSEAU = ZoneInfo("Europe/Paris")  # le jour d'un horodatage est celui de Paris
TEXTE_MAX = 64  # aucune date lisible n'est plus longue
HEURE = re.compile(
    r"(?P<h>[01][0-9]|2[0-3]):(?P<m>[0-5][0-9])(:(?P<s>[0-5][0-9])([.,][0-9]+)?)?"
    r"\s*(?P<fuseau>Z|UTC|(?P<signe>[+-])(?P<fh>[01][0-9]|2[0-3])(:?(?P<fm>[0-5][0-9]))?)?"
)
HEURE_ANGLAISE = re.compile(r"(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])?\s*[AP]\.?M\.?", re.IGNORECASE)
ANNEE_D_ABORD = re.compile(r"(?P<a>[0-9]{4})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P=s)(?P<j>[0-9]{1,2})")
JOUR_D_ABORD = re.compile(r"(?P<j>[0-9]{1,2})(?P<s>[-/])(?P<m>[0-9]{1,2})(?P=s)(?P<a>[0-9]{4})")
MOIS_D_ABORD = re.compile(r"(?P<m>[0-9]{1,2})(?P<s>[-/])(?P<j>[0-9]{1,2})(?P=s)(?P<a>[0-9]{4})")
JOUR_A_POINTS = re.compile(r"(?P<j>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<a>[0-9]{4})")
JOUR_ANNEE_COURTE = re.compile(r"(?P<j>[0-9]{1,2})(?P<s>[-/.])(?P<m>[0-9]{1,2})(?P=s)(?P<a>[0-9]{2})")
MOIS_ANNEE_COURTE = re.compile(r"(?P<m>[0-9]{1,2})(?P<s>[-/])(?P<j>[0-9]{1,2})(?P=s)(?P<a>[0-9]{2})")
COMPACTE = re.compile(
    r"(?P<a>[0-9]{4})(?P<m>[0-9]{2})(?P<j>[0-9]{2})(([01][0-9]|2[0-3])([0-5][0-9])([0-5][0-9])?)?"
)
NOMBRE = re.compile(r"(?P<entier>-?[0-9]{1,15})([.,](?P<reste>[0-9]+))?")
NOMMEE = re.compile(
    r"([^\W\d_]+\.?,?\s+)?(?P<j>[0-9]{1,2})(er)?[\s.-]+(?P<mois>[^\W\d_]+)\.?[\s,.-]+(?P<a>[0-9]{4}|[0-9]{2})"
    r"(?P<heure>[\s,]+.*)?"
)
NOMMEE_ANGLAISE = re.compile(
    r"(?P<mois>[^\W\d_]+)\.?\s+(?P<j>[0-9]{1,2})(st|nd|rd|th)?,?\s+(?P<a>[0-9]{4})(?P<heure>[\s,]+.*)?"
)
DATE_NULLE = re.compile(r"0000([-/])00\1 ?00.*|00([-/.])00\2(0000|00)|0{8}|0{14}|0([.,]0+)?")
VIDES = frozenset({"", "null", "(null)", "\\n", "none", "nan", "nat"})
MOIS = {
    nom: rang
    for rang, noms in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev feb february",
            "mars mar march",
            "avril avr apr april",
            "mai may",
            "juin jun june",
            "juillet juil jul july",
            "aout aug august",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        1,
    )
    for nom in noms.split()
}
ORIGINE_EXCEL = date(1899, 12, 30)  # d'un numéro de série au-delà du faux 29 février 1900
PIVOT = 69  # années à deux chiffres, comme POSIX : 69 à 99 vont à 1969-1999, 00 à 68 à 2000-2068


class LectureImpossible(Exception):
    """Des formats inconnus, absents, ou qui ne se lisent pas ensemble ; le message dit lesquels, en français."""


class Format(StrEnum):
    """Une écriture des dates. Sa valeur est le code que la commande reçoit et que le registre garde."""

    ISO = "aaaa-mm-jj"
    JOUR_MOIS = "jj/mm/aaaa"
    MOIS_JOUR = "mm/jj/aaaa"
    POINTS = "jj.mm.aaaa"
    COMPACT = "aaaammjj"
    NOMME = "mois-en-lettres"
    SECONDES = "epoch-s"
    MILLISECONDES = "epoch-ms"
    EXCEL = "excel"
    JOUR_MOIS_COURT = "jj/mm/aa"
    MOIS_JOUR_COURT = "mm/jj/aa"
    NOMME_COURT = "mois-en-lettres-aa"

    @property
    def libelle(self) -> str:
        return LIBELLES[self]


LIBELLES = {
    Format.ISO: "AAAA-MM-JJ",
    Format.JOUR_MOIS: "JJ/MM/AAAA",
    Format.MOIS_JOUR: "MM/JJ/AAAA",
    Format.POINTS: "JJ.MM.AAAA",
    Format.COMPACT: "AAAAMMJJ",
    Format.NOMME: "mois en lettres (12 janv. 2024)",
    Format.SECONDES: "secondes depuis 1970",
    Format.MILLISECONDES: "millisecondes depuis 1970",
    Format.EXCEL: "numéro de jour d'un tableur",
    Format.JOUR_MOIS_COURT: "JJ/MM/AA, de 1969 à 2068",
    Format.MOIS_JOUR_COURT: "MM/JJ/AA, de 1969 à 2068",
    Format.NOMME_COURT: "mois en lettres, année à deux chiffres (12 janv. 24)",
}
NOMBRES = (Format.COMPACT, Format.SECONDES, Format.MILLISECONDES, Format.EXCEL)
# Ce qui se lit de plusieurs façons ne se lit que d'une : l'ordre du jour et du mois, et ce que compte un nombre.
# Une autre lecture des mêmes chiffres : deux relevés ne se comparent que lus pareil.
INTERPRETES = {Format.MOIS_JOUR, Format.MOIS_JOUR_COURT, Format.JOUR_MOIS_COURT, Format.NOMME_COURT, *NOMBRES}
EXCLUSIFS = (
    ({Format.JOUR_MOIS, Format.JOUR_MOIS_COURT}, {Format.MOIS_JOUR, Format.MOIS_JOUR_COURT}),
    *(({un}, {autre}) for un, autre in combinations(NOMBRES, 2)),
)


@dataclass(frozen=True)
class Lecture:
    """Les formats retenus, figés avant le compte. `choisie` : par une personne, ou parce que rien d'autre n'était possible."""

    formats: tuple[Format, ...]
    choisie: bool = True

    def __str__(self) -> str:
        return ", ".join(f.libelle for f in self.formats)

    @property
    def codes(self) -> list[str]:
        return [f.value for f in self.formats]


ORDINAIRE = Lecture((Format.ISO, Format.JOUR_MOIS), choisie=False)


def lecture_de(codes: Iterable[str]) -> Lecture:
    """La lecture que disent ces codes. Lève `LectureImpossible`."""
    voulus = [code.strip().casefold() for code in codes if code.strip()]
    inconnus = [code for code in voulus if code not in list(Format)]
    if inconnus or not voulus:
        raise LectureImpossible(
            (f"Format de date inconnu : {', '.join(inconnus)[:100]}." if inconnus else "Aucun format choisi.")
            + f" Formats : {', '.join(Format)}."
        )
    formats = tuple(f for f in Format if f in voulus)
    for uns, autres in EXCLUSIFS:
        if (un := uns & set(formats)) and (autre := autres & set(formats)):
            dits = " et ".join(f.libelle for f in formats if f in (un | autre))
            raise LectureImpossible(
                f"Une même valeur se lirait de deux façons : choisissez un seul format entre {dits}."
            )
    return Lecture(formats)


def texte_de(valeur: object) -> str:
    """Une valeur de base de données, telle que le compteur la lit ; ce qui n'est ni texte, ni nombre, ni date est vide."""
    match valeur:
        case str():
            return valeur
        case date():
            return valeur.isoformat()
        case bool():
            return ""
        case int():
            return str(valeur)
        case float() | Decimal():
            return str(int(valeur)) if valeur == valeur // 1 else str(valeur)
    return ""


def est_vide(texte: str) -> bool:
    """Rien n'est écrit, ou ce qu'une base écrit pour « rien »."""
    return len(texte) <= TEXTE_MAX and texte.strip().casefold() in VIDES


def est_nulle(texte: str) -> bool:
    """Une « date nulle » : `0000-00-00`, `00/00/0000`, ou le zéro d'un nombre."""
    return len(texte) <= TEXTE_MAX and DATE_NULLE.fullmatch(texte.strip()) is not None


# --- Lire ---------------------------------------------------------------------------------------------------------------
# Un lecteur par format : le jour d'un texte sans heure (`tete`), ou `None`.


def _lu(lu: re.Match[str] | None) -> date | None:
    if lu is None:
        return None
    annee = int(lu["a"])
    if len(lu["a"]) == 2:
        annee += 1900 if annee >= PIVOT else 2000
    return _jour(annee, int(lu["m"]), int(lu["j"]))


def _jour(annee: int, mois: int, jour: int) -> date | None:
    try:
        return date(annee, mois, jour)
    except ValueError:
        return None


def _epoque(tete: str, par_seconde: int) -> date | None:
    """Zéro n'est pas un jour : un programme l'écrit pour « jamais »."""
    lu = NOMBRE.fullmatch(tete)
    if lu is None or not int(lu["entier"]):
        return None
    try:
        utc = datetime(1970, 1, 1) + timedelta(seconds=int(lu["entier"]) // par_seconde)
        return FUSEAU.fromutc(utc.replace(tzinfo=FUSEAU)).date()
    except OverflowError:
        return None


def _excel(tete: str) -> date | None:
    lu = NOMBRE.fullmatch(tete)
    numero = int(lu["entier"]) if lu else 0
    if numero < 1 or numero == 60:  # le 29 février 1900 des tableurs n'a pas existé
        return None
    try:
        return ORIGINE_EXCEL + timedelta(days=numero + (numero < 60))
    except OverflowError:
        return None


TETES = {
    Format.ISO: lambda t: _lu(ANNEE_D_ABORD.fullmatch(t)),
    Format.JOUR_MOIS: lambda t: _lu(JOUR_D_ABORD.fullmatch(t)),
    Format.MOIS_JOUR: lambda t: _lu(MOIS_D_ABORD.fullmatch(t)),
    Format.POINTS: lambda t: _lu(JOUR_A_POINTS.fullmatch(t)),
    Format.COMPACT: lambda t: _lu(COMPACTE.fullmatch(t)),
    Format.SECONDES: lambda t: _epoque(t, 1),
    Format.MILLISECONDES: lambda t: _epoque(t, 1000),
    Format.EXCEL: _excel,
    Format.JOUR_MOIS_COURT: lambda t: _lu(JOUR_ANNEE_COURTE.fullmatch(t)),
    Format.MOIS_JOUR_COURT: lambda t: _lu(MOIS_ANNEE_COURTE.fullmatch(t)),
}
A_L_ANGLAISE = {Format.MOIS_JOUR, Format.MOIS_JOUR_COURT}
NOMMES = {Format.NOMME: 4, Format.NOMME_COURT: 2}  # chiffres de l'année


class LecteurDeDates:
    """Lit les dates selon une lecture ; garde en mémoire les derniers jours lus, jamais plus.

    `ordres` : ce que les dates à barres ou à tirets disent de l'ordre du jour et du mois (voir `ordre_de`).
    """

    def __init__(self, formats: Iterable[Format]) -> None:
        formats = tuple(formats)
        self.ordres: set[str] = set()
        self._tetes = [TETES[f] for f in formats if f in TETES]
        self._chiffres = {NOMMES[f] for f in formats if f in NOMMES}
        self._anglaise = bool(A_L_ANGLAISE & set(formats)) or bool(self._chiffres)
        self.jour_seul = lru_cache(maxsize=50_000)(self._jour_seul)

    def jour(self, texte: str) -> date | None:
        """Le jour que dit ce texte, suivi ou non d'une heure ; `None` s'il est vide ou illisible. Avec un fuseau, celui de Paris."""
        texte = texte.strip()
        if len(texte) > TEXTE_MAX:
            return None
        if self._chiffres and (nommee := self._nommee(texte)):
            return nommee
        tete, separateur, heure = texte.partition("T" if " " not in texte else " ")
        jour = self.jour_seul(tete)
        if jour is None or not separateur:
            return jour
        return self.a_l_heure(jour, heure.strip())

    def _jour_seul(self, tete: str) -> date | None:
        self.ordres.add(ordre_de(tete))
        return next((jour for lire in self._tetes if (jour := lire(tete)) is not None), None)

    def _nommee(self, texte: str) -> date | None:
        lu = NOMMEE.fullmatch(texte) or NOMMEE_ANGLAISE.fullmatch(texte)
        if lu is None or len(lu["a"]) not in self._chiffres:
            return None
        mois, annee = MOIS.get(_sans_accent(lu["mois"]), 0), int(lu["a"])
        if len(lu["a"]) == 2:
            annee += 1900 if annee >= PIVOT else 2000
        jour, heure = _jour(annee, mois, int(lu["j"])), (lu["heure"] or "").strip(" ,\t")
        heure = heure.removeprefix("à ").replace("h", ":").replace("GMT", "UTC")
        return self.a_l_heure(jour, heure) if jour and heure else jour

    def a_l_heure(self, jour: date, heure: str) -> date | None:
        """Le jour, à Paris, de cette heure ; `None` si elle ne se lit pas."""
        lue = HEURE.fullmatch(heure)
        if lue is None:
            return jour if self._anglaise and HEURE_ANGLAISE.fullmatch(heure) else None
        return _a_paris(jour, lue) if lue["fuseau"] else jour


@lru_cache(maxsize=50_000)
def ordre_de(tete: str) -> str:
    """« douteux », « jour d'abord », « mois d'abord » ; rien pour une autre date, ou pour une qui dit le même jour (05/05)."""
    jour, mois = TETES[Format.JOUR_MOIS](tete), TETES[Format.MOIS_JOUR](tete)
    if jour and mois:
        return "douteux" if jour != mois else ""
    return "jour d'abord" if jour else "mois d'abord" if mois else ""


def _sans_accent(mot: str) -> str:
    nu = unicodedata.normalize("NFD", mot.casefold())
    return "".join(c for c in nu if not unicodedata.combining(c))


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
