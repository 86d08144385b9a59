"""Les durées comme on les dit et comme on les compte. Pur : ni base de données, ni horloge."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

SINGULIERS = {"jours": "jour", "mois": "mois", "ans": "an"}
UNITES_ISO = {"D": "jours", "M": "mois", "Y": "ans"}
REPERE = date(2001, 1, 1)  # un jour quelconque, d'où comparer deux durées d'unités différentes


def en_mots(valeur: int, unite: str) -> str:
    """« 3 ans », « 1 an », « 13 mois » ; zéro se dit « aucune conservation »."""
    if valeur == 0:
        return "aucune conservation"
    return f"{valeur} {SINGULIERS[unite] if valeur == 1 else unite}"


def ajouter_mois(jour: date, mois: int) -> date:
    """Le même quantième, ou le dernier jour du mois s'il n'existe pas : 31 janvier + 1 mois, 28 ou 29 février."""
    annee, rang = divmod(jour.month - 1 + mois, 12)
    annee += jour.year
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))


@dataclass(frozen=True)
class Duree:
    """Un nombre et son unité : jours, mois ou ans. Lève `ValueError` pour une durée qui n'en est pas une."""

    valeur: int
    unite: str

    def __post_init__(self) -> None:
        if self.unite not in SINGULIERS or self.valeur < 0:
            raise ValueError(f"Ce n'est pas une durée : {self.valeur} {self.unite}.")

    def __str__(self) -> str:
        return en_mots(self.valeur, self.unite)


@dataclass(frozen=True)
class Plage:
    """Un minimum, un maximum, ou les deux ; `None` : pas de borne de ce côté."""

    minimum: Duree | None = None
    maximum: Duree | None = None

    def __post_init__(self) -> None:
        if self.minimum and self.maximum and terme(REPERE, self.maximum) < terme(REPERE, self.minimum):
            raise ValueError(f"Le minimum ({self.minimum}) dépasse le maximum ({self.maximum}).")

    def __contains__(self, duree: Duree) -> bool:
        jour = terme(REPERE, duree)
        assez = self.minimum is None or terme(REPERE, self.minimum) <= jour
        return assez and (self.maximum is None or jour <= terme(REPERE, self.maximum))

    def __str__(self) -> str:
        """« de 6 mois à 1 an », « 6 mois au moins », « 1 an au plus »."""
        if self.minimum and self.maximum:
            return f"de {self.minimum} à {self.maximum}"
        if self.minimum:
            return f"{self.minimum} au moins"
        return f"{self.maximum} au plus" if self.maximum else "sans borne"


@dataclass(frozen=True)
class Critere:
    """L'événement qui met fin à la conservation quand aucun chiffre n'est possible (RGPD art. 13(2)(a))."""

    texte: str

    def __str__(self) -> str:
        return self.texte


def lire(regle: Mapping[str, Any]) -> Duree | Critere | None:
    """Ce qu'une règle fixe, sous sa forme canonique : sa durée, sinon son critère, sinon rien."""
    if regle.get("duree_valeur") is not None and regle.get("duree_unite"):
        return Duree(regle["duree_valeur"], regle["duree_unite"])
    return Critere(regle["critere"]) if regle.get("critere") else None


def lire_iso(texte: str) -> Duree | None:
    """« P13M » → 13 mois (ISO 8601, une seule unité) ; `None` pour tout autre texte."""
    lu = re.fullmatch(r"P(\d+)([DMY])", texte)
    return Duree(int(lu[1]), UNITES_ISO[lu[2]]) if lu else None


def terme(depart: date, duree: Duree) -> date:
    """Le jour où la durée expire, de quantième à quantième ; le dernier jour du calendrier si elle va au-delà.

    31 janvier + 1 mois : 28 ou 29 février. 29 février + 1 an : 28 février.
    """
    try:
        if duree.unite == "jours":
            return depart + timedelta(days=duree.valeur)
        return ajouter_mois(depart, duree.valeur * (12 if duree.unite == "ans" else 1))
    except (OverflowError, ValueError):
        return date.max


def cloture_exercice(jour: date, cloture: tuple[int, int] = (12, 31)) -> date:
    """La fin de l'exercice comptable qui contient ce jour ; `cloture` : son mois et son quantième.

    Un quantième que le mois n'a pas cette année-là vaut son dernier jour : (2, 29) clôt le 28 février trois ans sur quatre.
    """
    fin = _cloture(jour.year, cloture)
    return fin if jour <= fin else _cloture(jour.year + 1, cloture)


def _cloture(annee: int, cloture: tuple[int, int]) -> date:
    mois, quantieme = cloture
    if annee > date.max.year:
        return date.max
    return date(annee, mois, min(quantieme, monthrange(annee, mois)[1]))


@dataclass(frozen=True)
class Suspension:
    """Une procédure en cours suspend l'effacement. `fin` vide : elle n'est pas finie."""

    debut: date
    fin: date | None = None
    motif: str = ""


def prolonger(fin: date, suspension: Suspension) -> date | None:
    """Le terme, compte tenu d'une suspension de l'effacement ; `None` tant qu'elle le tient gelé.

    Elle n'ajoute pas sa durée : les données dont le terme tombe pendant la procédure attendent sa fin, les autres
    gardent leur terme (RGPD art. 5(1)(e) : pas plus longtemps que nécessaire). Commencée après le terme, elle ne
    ressuscite rien. Une fin antérieure au début ne compte pas.
    """
    if suspension.debut > fin:
        return fin
    return None if suspension.fin is None else max(fin, suspension.fin)
