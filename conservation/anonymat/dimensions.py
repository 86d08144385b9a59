"""Une dimension de tableau qui désigne au lieu de classer : des numéros, des codes, des dates propres à chacun.

Une nomenclature fermée (semaines, mois, départements, âges, rangs) a beaucoup de modalités sans désigner personne ; trois cents numéros,
même croisés avec douze mois ou suivis d'un total, sont trois cents dossiers.
"""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from math import gcd

from conservation.anonymat.correlation import ISO, normale
from conservation.anonymat.ecriture import ordinaire
from conservation.anonymat.intitules import ACTIVITES, GENS, LIEUX, NAISSANCES, NUMEROS, OBJETS, RANGS, parmi
from conservation.anonymat.personnes import sans_accent
from conservation.anonymat.table import dix_milliemes

DISTINCTES_MIN = 20  # modalités : en dessous, les valeurs seules ne disent rien
CHIFFRES = re.compile(r"\d+", re.ASCII)
ESPACES = re.compile(r"(?<=\d)[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}](?=\d)", re.ASCII)
COMPACTE = re.compile(r"((?:19|20)\d\d)([01]\d)([0-3]\d)", re.ASCII)
PERIODE = re.compile(
    r"(?:(?:19|20)\d\d[-/_ ]?)?[STQMWJ]\d{1,3}|[TQS][1-4][-/ ](?:19|20)\d\d", re.ASCII | re.I
)
CODE = re.compile(r"(?=.*\d)(?=.*[^\W\d_])[\w./-]{3,40}")
EN_LETTRES = re.compile(r"(\d{1,2})(?:er)?[ ./-](\w{3,9})\.?[ ./-](\d{2,4})", re.ASCII)
MOIS = ("jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec")
ANNEE_COURTE = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})", re.ASCII)
JUSQU_A = re.compile(r"\s+(?:-|–|au|à)\s+")
TRANCHE = re.compile(r"\D*(\d+)\s*(?:-|–|à|a|et)\s*(\d+)\D*", re.ASCII)
ACTIVITE = re.compile(r"\d{2}\.?\d{2}[A-Z]", re.ASCII)  # la nomenclature d'activités française (NAF)
AGE_MAX, JOUR_MAX = 130, 366


def designe(intitule: str, valeurs: Sequence[str]) -> tuple[str, int] | None:
    """La nature de ce qui désigne et la part des valeurs qui en ont la forme. `valeurs` : distinctes, totaux et valeurs masquées ôtés."""
    valeurs = [ordinaire(v) for v in valeurs]
    jours = [j for v in valeurs if (j := _jour(v))]
    if jours and parmi(intitule, NAISSANCES):
        return "naissance", dix_milliemes(len(jours), len(valeurs))
    chiffrees = [v for v in valeurs if CHIFFRES.search(v)]
    propre = "propre", dix_milliemes(len(chiffrees), len(valeurs))
    if _numerote_des_gens(intitule, chiffrees):
        return propre
    if len(chiffrees) < DISTINCTES_MIN or len(chiffrees) * 10 < len(valeurs):
        return None
    if len(jours) * 2 > len(chiffrees):
        return None if _calendrier(set(jours)) else propre
    return None if _nomenclature(intitule, chiffrees) else propre


def _numerote_des_gens(intitule: str, valeurs: Sequence[str]) -> bool:
    """« dossier », « commande » : deux numéros de quatre chiffres y suffisent, qui ne sont pas des années."""
    if not parmi(intitule, GENS) or parmi(intitule, RANGS | LIEUX | OBJETS):
        return False
    longs = [n for v in valeurs if _jour(v) is None for n in _nombres(v) if len(n) >= 4]
    return sum(not (1900 <= int(n) <= 2100 or _mois_ou_semaine(n)) for n in longs) > 1


def _nomenclature(intitule: str, valeurs: Sequence[str]) -> bool:
    """L'intitulé dit une liste fermée, et les valeurs y tiennent ; sans lui, elles y tiennent d'elles-mêmes."""
    if _suite(valeurs) and not (parmi(intitule, GENS | NUMEROS) and not parmi(intitule, RANGS)):
        return True
    if _tranches(valeurs) or (parmi(intitule, ACTIVITES) and all(map(ACTIVITE.fullmatch, valeurs))):
        return True
    if parmi(intitule, RANGS):
        return _presque_toutes([_bornee(v, JOUR_MAX, 3) for v in valeurs])
    if parmi(intitule, LIEUX):
        return _presque_toutes([all(len(n) <= 5 for n in _nombres(v)) for v in valeurs])
    if parmi(intitule, GENS) and (parmi(intitule, NUMEROS) or not parmi(intitule, OBJETS)):
        return False
    if parmi(intitule, OBJETS):
        return True
    if parmi(intitule, NUMEROS):
        return False
    return _presque_toutes([_bornee(v, AGE_MAX, 2) and not _code(v) for v in valeurs])


def _tranches(valeurs: Sequence[str]) -> bool:
    """« 0-999 », « 1 000 à 1 999 » : des bornes qui se suivent sans se recouvrir, ce que des numéros coupés en deux ne font pas."""
    lues = sorted((int(m[1]), int(m[2])) for v in valeurs if (m := TRANCHE.fullmatch(ESPACES.sub("", v))))
    suivies = all(a[1] <= b[0] for a, b in zip(lues, lues[1:], strict=False))
    return len(lues) * 10 >= len(valeurs) * 9 and all(a < b for a, b in lues) and suivies


def _presque_toutes(tenues: Sequence[bool]) -> bool:
    return sum(tenues) * 10 >= len(tenues) * 9


def _nombres(v: str) -> list[str]:
    """Les nombres qu'elle porte ; « 12 34 56 78 » n'en est qu'un."""
    colle = ESPACES.sub("", v)
    return CHIFFRES.findall(colle if colle.isdecimal() else v)


def _bornee(v: str, maximum: int, nombres: int) -> bool:
    """Un âge, un jour, une année, un mois d'une année, une tranche : des nombres que tout le monde partage."""
    lus = _nombres(v)
    return len(lus) <= nombres and all(
        int(n) <= maximum or 1900 <= int(n) <= 2100 or _mois_ou_semaine(n) for n in lus
    )


def _mois_ou_semaine(n: str) -> bool:
    return len(n) == 6 and 1900 <= int(n[:4]) <= 2100 and 1 <= int(n[4:]) <= 53


def _code(v: str) -> bool:
    return CODE.fullmatch(v) is not None and PERIODE.fullmatch(v) is None


def _suite(valeurs: Sequence[str]) -> bool:
    """1, 2, 3… : la place d'une ligne."""
    lus = sorted(int(v) for v in valeurs if v.isdecimal() and len(v) < 6)
    return len(lus) == len(valeurs) and lus[0] in (0, 1) and lus == list(range(lus[0], lus[0] + len(lus)))


# --- Les dates -----------------------------------------------------------------------------------------------------------
def _jour(v: str) -> date | None:
    """Le jour qu'elle donne, en chiffres ou en lettres ; le premier, si elle va d'un jour à un autre."""
    v = JUSQU_A.split(v.removeprefix("du "))[0]
    if lue := COMPACTE.fullmatch(v) or ISO.fullmatch(normale(v)):
        an, mois, jour = lue.groups()
    elif lue := EN_LETTRES.fullmatch(sans_accent(v)):
        jour, nom, an = lue.groups()
        mois = next((str(n) for n, m in enumerate(MOIS, 1) if nom.startswith(m)), "0")
    elif lue := ANNEE_COURTE.fullmatch(v):
        jour, mois, an = lue.groups()
    else:
        return None
    try:
        return date(int(an) + (1900 if len(an) == 2 else 0), int(mois), int(jour))
    except ValueError:
        return None


def _calendrier(jours: set[date]) -> bool:
    """La moitié au moins des jours, des mois ou des pas réguliers (semaines, trimestres) de la période : on compte le temps."""
    un_par_mois = len({j.day for j in jours}) == 1 or {(j + timedelta(days=1)).day for j in jours} == {1}
    rangs = sorted({j.year * 12 + j.month if un_par_mois else j.toordinal() for j in jours})
    pas = gcd(*(b - a for a, b in zip(rangs, rangs[1:], strict=False))) or 1
    return len(rangs) * 2 >= (rangs[-1] - rangs[0]) // pas + 1
