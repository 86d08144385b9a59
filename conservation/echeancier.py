"""Ce qui est dû, et quand, durée par durée. Pur : ni base de données, ni horloge.

Une fiche et ses opérations se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from conservation.application import EXECUTIONS, application, en_vigueur
from conservation.choix import Appliquee, TypeOperation
from conservation.depart import court_des_le_debut, mise_en_oeuvre, premier_terme
from conservation.durees import Duree, Suspension, lire_suspension, prolonger, terme
from organismes.pliage import ordre as ordre_francais
from traitements.phrases import date_en_mots

DEPARTS = ("date_mise_en_oeuvre",)  # ce que l'échéancier lit de la fiche, hors ses durées


class Genre(StrEnum):
    RELEVE = "constat"
    TERME = "terme"
    PURGE = "purge"
    SUSPENDUE = "suspendue"
    INCONNU = "inconnu"
    A_FIXER = "a-fixer"

    @property
    def libelle(self) -> str:
        return LIBELLES[self]


LIBELLES = {
    Genre.RELEVE: "Lignes au-delà du terme",
    Genre.TERME: "Terme daté",
    Genre.PURGE: "Purge périodique",
    Genre.SUSPENDUE: "Suspendue",
    Genre.INCONNU: "Échéance inconnue",
    Genre.A_FIXER: "Fréquence à fixer",
}
DUES = (Genre.RELEVE, Genre.TERME, Genre.PURGE)


@dataclass(frozen=True)
class Echeance:
    """Ce qu'une durée demande. `fiche` : son identifiant ; `regle` : son numéro. `due` est vide quand rien n'est daté.

    `retard_jours` ne compte que ce que les faits portent : une échéance inconnue n'est jamais en retard.
    """

    fiche: str
    reference: str
    intitule: str
    regle: int
    genre: Genre
    due: date | None
    retard_jours: int
    pourquoi: str

    @property
    def en_retard(self) -> bool:
        """Due avant ce jour ; un relevé qui trouve des lignes l'est dès le jour même."""
        return self.genre is Genre.RELEVE or self.retard_jours > 0


def echeances(
    fiche: Mapping[str, Any], operations: Sequence[Mapping[str, Any]], le: date, horizon: date | None = None
) -> list[Echeance]:
    """Les échéances d'une fiche, triées par `ordre` ; celles d'après l'horizon n'y sont pas, les retards toujours."""
    toutes = [
        Echeance(
            str(fiche.get("id") or ""),
            fiche.get("reference") or "",
            fiche.get("intitule") or "",
            regle["numero"],
            genre,
            due,
            max(0, (le - due).days) if due else 0,
            pourquoi,
        )
        for regle in fiche.get("conservations") or ()
        for genre, due, pourquoi in _de_la_regle(regle, fiche, operations, le)
    ]
    return sorted((e for e in toutes if not (horizon and e.due and e.due > horizon)), key=ordre)


def ordre(e: Echeance) -> tuple[Any, ...]:
    """Les retards d'abord, puis le plus proche ; ce qui n'a pas de date vient à la fin."""
    return (not e.en_retard, e.due or date.max, e.due is None, ordre_francais(e.reference), e.regle, e.genre)


def _de_la_regle(
    regle: Mapping[str, Any], fiche: Mapping[str, Any], operations: Iterable[Mapping[str, Any]], le: date
) -> Iterator[tuple[Genre, date | None, str]]:
    if (suspension := lire_suspension(regle)) and suspension.en_cours(le):
        yield Genre.SUSPENDUE, None, _dire_suspension(suspension)
        return
    siennes = en_vigueur(regle, operations, le)
    lue = application(regle, siennes, le, premier_terme(regle, fiche))
    echeance, frequence = _jour(regle.get("echeance")), regle.get("frequence_mois")
    if echeance and not _satisfait(regle, siennes, echeance):
        yield _terme(echeance, fiche, suspension)
    if lue.prouvee and lue.etat == Appliquee.NON:
        yield Genre.RELEVE, lue.derniere, lue.pourquoi
    elif frequence:
        yield _purge(regle, fiche, siennes, le, suspension)
    elif regle.get("duree_valeur") is not None and not echeance:
        yield Genre.A_FIXER, None, "une durée, sans fréquence de purge ni échéance"


def _terme(
    echeance: date, fiche: Mapping[str, Any], suspension: Suspension | None
) -> tuple[Genre, date | None, str]:
    """Un terme que la fiche date. Antérieur au traitement lui-même, il est mal daté : rien n'est en retard pour autant."""
    dite, debut = f"terme fixé au {date_en_mots(echeance)}", mise_en_oeuvre(fiche)
    if debut and echeance < debut:
        return Genre.INCONNU, None, f"{dite}, avant la mise en œuvre du {date_en_mots(debut)} : à corriger"
    return Genre.TERME, _reporter(echeance, suspension), dite


def _purge(
    regle: Mapping[str, Any],
    fiche: Mapping[str, Any],
    siennes: Iterable[Mapping[str, Any]],
    le: date,
    suspension: Suspension | None,
) -> tuple[Genre, date | None, str]:
    """La purge périodique : après la dernière que l'on connaît, et jamais avant le premier terme.

    Aucune purge connue : le silence n'est pas un retard. Seule une durée qui court dès le début du traitement a alors une
    échéance passée ; les autres dépendent d'événements que la fiche ne date pas.
    """
    depart, dit = _derniere(regle, siennes, le)
    premier, periode = premier_terme(regle, fiche), f"tous les {regle['frequence_mois']} mois"
    connue = depart or mise_en_oeuvre(fiche)
    if connue is None:
        return Genre.INCONNU, None, f"{periode} ; aucune purge connue, ni date de mise en œuvre"
    due = max(terme(connue, Duree(regle["frequence_mois"], "mois")), premier or date.min)
    if depart is None:
        dit = f"aucune purge connue ; rien à terme avant le {date_en_mots(premier or connue)}"
        if due < le and not court_des_le_debut(regle):
            return (
                Genre.INCONNU,
                None,
                f"{periode} ; aucune purge connue, et un départ propre à chaque personne",
            )
    return Genre.PURGE, _reporter(due, suspension), f"{periode} ; {dit}"


def _satisfait(regle: Mapping[str, Any], siennes: Iterable[Mapping[str, Any]], echeance: date) -> bool:
    jours = [_jour(o["date"]) for o in siennes if o["type"] in EXECUTIONS]
    jours.append(_jour(regle.get("derniere_purge")))
    return any(jour >= echeance for jour in jours if jour)


def _derniere(
    regle: Mapping[str, Any], siennes: Iterable[Mapping[str, Any]], le: date
) -> tuple[date | None, str]:
    """La plus récente de la dernière exécution enregistrée et de la purge déclarée ; vide si l'on n'en connaît aucune."""
    faite = _jour(max((o["date"] for o in siennes if o["type"] in EXECUTIONS or _a_zero(o)), default=None))
    declaree = _jour(regle.get("derniere_purge"))
    if declaree and (faite is None or faite < declaree <= le):
        documentee = f", sans opération enregistrée depuis celle du {date_en_mots(faite)}" if faite else ""
        return declaree, f"dernière purge déclarée le {date_en_mots(declaree)}{documentee}"
    return (faite, f"dernière exécution le {date_en_mots(faite)}") if faite else (None, "")


def _a_zero(operation: Mapping[str, Any]) -> bool:
    return operation["type"] == TypeOperation.RELEVE and operation.get("en_retard") == 0


def _dire_suspension(suspension: Suspension) -> str:
    fin = f" jusqu'au {date_en_mots(suspension.fin)}" if suspension.fin else ""
    motif = f" : {suspension.motif}" if suspension.motif else ""
    return f"effacement suspendu depuis le {date_en_mots(suspension.debut)}{fin}{motif}"


def _reporter(due: date, suspension: Suspension | None) -> date:
    """Une suspension finie reporte à sa fin ce qui échéait pendant elle."""
    return (prolonger(due, suspension) or due) if suspension else due


def _jour(texte: str | None) -> date | None:
    return date.fromisoformat(texte) if texte else None
