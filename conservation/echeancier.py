"""Ce qui est dû, et quand, durée par durée : ce que `conservation.application` en dit, rangé. Pur : ni base de données, ni horloge.

Une fiche et ses opérations se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from conservation.application import Application, application
from conservation.attentes import DUES, Attente, Genre
from conservation.depart import ANNEE_CIVILE, Exercice
from organismes.pliage import ordre as ordre_francais

__all__ = ["DEPARTS", "DUES", "Echeance", "Genre", "echeances", "ordre"]
DEPARTS = (
    "date_mise_en_oeuvre",
    "statut",
    "archivee_le",
)  # ce que l'échéancier lit de la fiche, hors ses durées


@dataclass(frozen=True)
class Echeance:
    """Ce qu'une durée demande. `fiche` : son identifiant ; `regle` : son numéro. `due` est vide quand rien n'est daté.

    `lignes` : celles que chaque source a au-delà du terme.
    """

    fiche: str
    reference: str
    intitule: str
    regle: int
    genre: Genre
    due: date | None
    retard_jours: int
    pourquoi: str
    en_retard: bool
    application: Application
    lignes: tuple[int, ...] = ()


def echeances(
    fiche: Mapping[str, Any],
    operations: Sequence[Mapping[str, Any]],
    le: date,
    horizon: date | None = None,
    exercice: Exercice = ANNEE_CIVILE,
) -> list[Echeance]:
    """Les échéances d'une fiche, triées par `ordre` ; celles d'après l'horizon n'y sont pas, les retards toujours."""
    toutes = [
        _echeance(fiche, regle["numero"], lue, demande)
        for regle in fiche.get("conservations") or ()
        for lue in [application(regle, fiche, operations, le, exercice)]
        for demande in lue.attentes
    ]
    return sorted((e for e in toutes if not (horizon and e.due and e.due > horizon)), key=ordre)


def ordre(e: Any) -> tuple[Any, ...]:
    """Les retards d'abord, puis le plus proche ; ce qui n'a pas de date vient à la fin. `e` : une échéance, calculée ou telle qu'on la montre."""
    return (not e.en_retard, e.due or date.max, e.due is None, _rang(e.reference), e.regle, e.genre)


_rang = lru_cache(maxsize=4096)(
    ordre_francais
)  # toutes les échéances d'une fiche se rangent par la même référence


def _echeance(fiche: Mapping[str, Any], numero: int, lue: Application, d: Attente) -> Echeance:
    nommee = (str(fiche.get("id") or ""), fiche.get("reference") or "", fiche.get("intitule") or "")
    return Echeance(*nommee, numero, d.genre, d.due, d.retard_jours, d.pourquoi, d.en_retard, lue, d.lignes)
