"""Ce qu'une opération change à ce que l'on conclut de chaque durée : dit avant de la signer, et une fois signée."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from conservation.application import Application, application
from conservation.attentes import Genre
from conservation.depart import exercice_de
from conservation.models import Operation
from registre.conformite.applications import (
    durees_presentes,
    faits_de,
    numeros_presents,
    operations_par_fiche,
)
from registre.execution.operations import canonique_de
from traitements.phrases import date_en_mots


@dataclass(frozen=True)
class Effet:
    """Une durée, ce que l'on en conclut aujourd'hui, et ce que l'on en conclura une fois l'opération signée.

    `remarque` : pourquoi une opération datée d'un autre jour ne change rien, ou à quelle date elle compte.
    """

    duree: str
    avant: Application
    apres: Application
    remarque: str = ""

    @property
    def sans_effet(self) -> tuple[str, ...]:
        """Pourquoi l'opération ne prouverait rien, ou pas tout."""
        return tuple(dit for dit in self.apres.sans_effet if dit not in self.avant.sans_effet)


@dataclass(frozen=True)
class DureeConclue:
    """Une durée que vise une opération, ce que l'on en conclut aujourd'hui ; vide si la fiche ne l'a plus."""

    duree: str
    application: Application | None


def effets(neuve: Operation) -> list[Effet]:
    """Pour chaque durée de l'opération, pas encore écrite. Dans la portée de son organisme."""
    siennes = operations_par_fiche().get(neuve.traitement.reference, [])
    piece = {"preuve": not neuve.preuve_absente}  # elle se joint en signant
    avant = _applications(neuve, siennes, set(neuve.regles))
    apres = _applications(neuve, [*siennes, faits_de(neuve) | piece], set(neuve.regles))
    return [
        Effet(phrase, avant[n], apres[n], _remarque(neuve, avant[n], apres[n]))
        for n, phrase in _phrases(neuve)
        if n in avant
    ]


def _remarque(neuve: Operation, avant: Application, apres: Application) -> str:
    """Vide quand la conclusion ou ses raisons le disent déjà."""
    if apres.phrase != avant.phrase:
        datee = neuve.date < timezone.localdate() and apres.derniere == neuve.date
        return (
            f"L'opération compte au {date_en_mots(neuve.date)} ; le jour de la signature reste au registre."
            if datee
            else ""
        )
    if apres.sans_effet != avant.sans_effet:
        return ""
    quoi = f"{neuve.get_type_display()} du {date_en_mots(neuve.date)}"
    if apres.derniere is None or neuve.date >= apres.derniere:
        return f"{quoi} : rien ne change à ce que l'on conclut."
    plus_tard = date_en_mots(apres.derniere)
    if any(d.genre is Genre.RELEVE for d in apres.retards):
        return f"{quoi}, avant le relevé du {plus_tard} : ce qu'il a compté était encore là ensuite, rien n'est fermé."
    return f"{quoi} : ce que l'on conclut tient au {plus_tard}, plus récent."


def conclusions(faite: Operation) -> list[DureeConclue]:
    """Pour chaque durée de l'opération, écrite. Dans la portée de son organisme."""
    actuels = numeros_presents(faite.regles, faite.durees_visees, durees_presentes())
    siennes = operations_par_fiche().get(faite.traitement.reference, [])
    lues = _applications(faite, siennes, {n for n in actuels.values() if n is not None})
    trouvees = ((phrase, actuels[n]) for n, phrase in _phrases(faite))
    return [DureeConclue(phrase, None if n is None else lues.get(n)) for phrase, n in trouvees]


def _phrases(operation: Operation) -> list[tuple[int, str]]:
    return list(zip(sorted(operation.regles), operation.regles_texte, strict=False))


def _applications(
    operation: Operation, operations: list[dict[str, Any]], numeros: set[int]
) -> dict[int, Application]:
    fiche, le = canonique_de(operation.traitement), timezone.localdate()
    exercice = exercice_de({"cloture_exercice": operation.organisme.cloture_exercice})
    return {
        k["numero"]: application(k, fiche, operations, le, exercice)
        for k in fiche["conservations"]
        if k["numero"] in numeros
    }
