"""Les durées comme on les dit et comme on les compte : la seule notion de durée. Pur : ni base de données, ni horloge."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Unite:
    """`lettre` : celle de la norme ISO 8601. `mois` : ce qu'elle en compte ; 0 pour une unité qui se compte en jours."""

    singulier: str
    lettre: str
    mois: int


UNITES = {"jours": Unite("jour", "D", 0), "mois": Unite("mois", "M", 1), "ans": Unite("an", "Y", 12)}
ISO = {unite.lettre: nom for nom, unite in UNITES.items()}
# D'où comparer deux durées d'unités différentes. Partis d'un 1er juillet, les mois qui se suivent sont les plus longs :
# 31 jours font un mois, 62 jours deux mois, 365 jours un an. 30 jours en font moins qu'un.
REPERE = date(2000, 7, 1)


@dataclass(frozen=True)
class Duree:
    """Un nombre et son unité : jours, mois ou ans. Lève `ValueError` pour une durée qui n'en est pas une.

    Deux durées égales au sens de Python s'écrivent de la même façon ; 12 mois et 1 an se comparent par `depasse`.
    """

    valeur: int
    unite: str

    def __post_init__(self) -> None:
        if self.unite not in UNITES or self.valeur < 0:
            raise ValueError(f"Ce n'est pas une durée : {self.valeur} {self.unite}.")

    def __str__(self) -> str:
        """« 3 ans », « 1 an », « 13 mois » ; zéro se dit « aucune conservation »."""
        return self.en_chiffres if self.valeur else "aucune conservation"

    @property
    def en_chiffres(self) -> str:
        """La même, zéro compris : « 0 jour »."""
        return f"{self.valeur} {UNITES[self.unite].singulier if self.valeur < 2 else self.unite}"

    def depasse(self, autre: "Duree") -> bool:
        """Est-elle plus longue que l'autre, au calendrier ? 31 jours ne dépassent pas 1 mois, ni 36 mois 3 ans."""
        return _depuis_le_repere(self) > _depuis_le_repere(autre)


@dataclass(frozen=True)
class Critere:
    """L'événement qui met fin à la conservation quand aucun chiffre n'est possible (RGPD art. 13(2)(a))."""

    texte: str

    def __str__(self) -> str:
        return self.texte


def lire_chiffree(regle: Mapping[str, Any]) -> Duree | None:
    """La durée d'une ligne de conservation, sous sa forme canonique ; `None` si elle n'en a pas, ou si ce n'en est pas une."""
    valeur, unite = regle.get("duree_valeur"), regle.get("duree_unite")
    if type(valeur) is not int or not isinstance(unite, str):  # un booléen n'est pas un nombre
        return None
    return _duree(valeur, unite) if unite in UNITES and valeur >= 0 else None


@lru_cache(maxsize=1_024)
def _duree(valeur: int, unite: str) -> Duree:
    """Les mêmes reviennent d'une fiche à l'autre."""
    return Duree(valeur, unite)


def lire(regle: Mapping[str, Any]) -> Duree | Critere | None:
    """Ce qu'une ligne de conservation fixe, sous sa forme canonique : sa durée, sinon son critère, sinon rien."""
    return lire_chiffree(regle) or (Critere(regle["critere"]) if regle.get("critere") else None)


def lire_iso(texte: str) -> Duree | None:
    """« P13M » → 13 mois (ISO 8601, une seule unité) ; `None` pour tout autre texte."""
    lu = re.fullmatch(rf"P([0-9]+)([{''.join(ISO)}])", texte)
    return Duree(int(lu[1]), ISO[lu[2]]) if lu else None


# --- Le calendrier -----------------------------------------------------------------------------------------------------
def ajouter_mois(jour: date, mois: int) -> date:
    """Le même quantième, ou le dernier jour du mois s'il n'existe pas : 31 janvier + 1 mois, 28 ou 29 février."""
    annee, rang = divmod(jour.month - 1 + mois, 12)
    annee += jour.year
    return date(annee, rang + 1, min(jour.day, monthrange(annee, rang + 1)[1]))


def terme(depart: date, duree: Duree) -> date:
    """Le jour où la durée expire, de quantième à quantième ; le dernier jour du calendrier si elle va au-delà.

    31 janvier + 1 mois : 28 ou 29 février. 29 février + 1 an : 28 février.
    """
    try:
        return _decaler(depart, duree, 1)
    except (OverflowError, ValueError):
        return date.max


@lru_cache(maxsize=1_024)
def _depuis_le_repere(duree: Duree) -> date:
    return terme(REPERE, duree)


def premier_depart(fin: date, duree: Duree) -> date:
    """Le plus petit jour dont le terme n'est pas antérieur à `fin` ; le premier jour du calendrier si rien ne l'est.

    Le 28 février 2021 plus trois ans échoit avant le 29 février 2024 : le premier départ est le 1er mars 2021.
    """
    try:
        jour = _decaler(fin, duree, -1)
    except (OverflowError, ValueError):
        return date.min
    return jour if terme(jour, duree) >= fin else jour + timedelta(days=1)


def _decaler(jour: date, duree: Duree, sens: int) -> date:
    if mois := UNITES[duree.unite].mois:
        return ajouter_mois(jour, sens * duree.valeur * mois)
    return jour + timedelta(days=sens * duree.valeur)


# --- La suspension -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Suspension:
    """Une procédure en cours suspend l'effacement des seuls dossiers qu'elle concerne. `fin` vide : elle n'est pas finie.

    `dossiers` : lesquels, en clair. `filtre` : celui qui les ôte d'un relevé (« dossier!=2026-114 »). Le reste de la base échoit
    comme avant, et ce qui était en retard le reste (RGPD art. 5(1)(e), 17(3)(e)).
    """

    debut: date
    fin: date | None = None
    motif: str = ""
    dossiers: str = ""
    filtre: str = ""

    def en_cours(self, le: date) -> bool:
        """Bornes comprises."""
        return self.debut <= le <= (self.fin or date.max)


def lire_suspension(regle: Mapping[str, Any]) -> Suspension | None:
    """La suspension d'une ligne de conservation, sous sa forme canonique, s'il y en a une."""
    if not regle.get("suspension_debut"):
        return None
    fin = date.fromisoformat(regle["suspension_fin"]) if regle.get("suspension_fin") else None
    textes = (regle.get(f"suspension_{nom}") or "" for nom in ("motif", "dossiers", "filtre"))
    return Suspension(date.fromisoformat(regle["suspension_debut"]), fin, *textes)
