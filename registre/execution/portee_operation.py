"""Ce qu'une opération changera à ce que l'on conclut de chaque durée, dit avant de la signer."""

from dataclasses import dataclass

from django.utils import timezone

from conservation.application import Application, application
from conservation.depart import exercice_de
from conservation.models import Operation
from registre.conformite.applications import faits_de, operations_par_fiche
from registre.execution.operations import canonique_de


@dataclass(frozen=True)
class Effet:
    """Une durée, ce que l'on en conclut aujourd'hui, et ce que l'on en conclura une fois l'opération signée."""

    duree: str
    avant: Application
    apres: Application

    @property
    def sans_effet(self) -> tuple[str, ...]:
        """Pourquoi l'opération ne prouverait rien, ou pas tout."""
        return tuple(dit for dit in self.apres.sans_effet if dit not in self.avant.sans_effet)


def effets(neuve: Operation) -> list[Effet]:
    """Pour chaque durée de l'opération, pas encore écrite. Dans la portée de son organisme."""
    fiche, le = canonique_de(neuve.traitement), timezone.localdate()
    exercice = exercice_de({"cloture_exercice": neuve.organisme.cloture_exercice})
    siennes = operations_par_fiche().get(neuve.traitement.reference, [])
    avec = [*siennes, faits_de(neuve) | {"preuve": not neuve.preuve_absente}]  # la pièce se joint en signant
    phrases = dict(zip(neuve.regles, neuve.regles_texte, strict=True))
    return [
        Effet(
            phrases[k["numero"]],
            application(k, fiche, siennes, le, exercice),
            application(k, fiche, avec, le, exercice),
        )
        for k in fiche["conservations"]
        if k["numero"] in phrases
    ]
