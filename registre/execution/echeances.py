"""L'échéancier d'un organisme : ses fiches et ses opérations, lues en un nombre constant de requêtes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import Max, Q

from conservation.depart import exercice_de
from conservation.echeancier import DEPARTS, Echeance, echeances, ordre
from conservation.models import Operation
from journal.models import Entree
from organismes.models import Organisme
from registre.conformite.applications import operations_par_fiche
from registre.execution.operations import phrase_de_la_duree
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from traitements.models import Traitement

UN_JOUR = 86_400  # secondes
FORME = ag.Agregat(
    "fiche",
    Traitement,
    (
        "reference",
        "intitule",
        "famille",
        "service",
        *DEPARTS,
    ),
    tuple(p for p in ag.FICHE.listes if p.nom == "conservations"),
    lien="traitement",
)


@dataclass(frozen=True)
class EcheanceLue:
    """Une échéance telle qu'on la montre : la durée en une phrase, et ce que l'on sait de son application."""

    echeance: Echeance
    phrase: str
    famille: str
    service: str

    @property
    def etat(self) -> str:
        lue = self.echeance.application
        return ". ".join([lue.phrase, *lue.sans_effet])


@dataclass(frozen=True)
class LigneDEcheancier:
    """Les durées d'une fiche qui demandent la même chose le même jour, pour la même raison : une purge les fait toutes."""

    lues: tuple[EcheanceLue, ...]

    @property
    def echeance(self) -> Echeance:
        return self.lues[0].echeance

    @property
    def phrases(self) -> list[str]:
        return [lue.phrase for lue in self.lues]

    @property
    def choix(self) -> str:
        """Ce qui coche ces durées dans la page d'une opération ou d'un relevé."""
        fiche = [("fiche", self.echeance.fiche)]
        return urlencode([*fiche, *(("regle", lue.echeance.regle) for lue in self.lues)])


def regrouper(lues: Iterable[EcheanceLue]) -> list[LigneDEcheancier]:
    """Une ligne par fiche et par demande, dans l'ordre reçu."""
    lignes: dict[tuple[Any, ...], list[EcheanceLue]] = {}
    for lue in lues:
        e = lue.echeance
        cle = (e.fiche, e.genre, e.due, e.pourquoi, e.application.titre, e.application.jusqu_au)
        lignes.setdefault(cle, []).append(lue)
    return [LigneDEcheancier(tuple(siennes)) for siennes in lignes.values()]


def en_retard(organisme: Organisme, le: date) -> int:
    """Le nombre d'échéances en retard, tenu en cache tant que le journal n'a pas bougé. Dans la portée de l'organisme."""
    siennes = Q(organisme=organisme.pk) | Q(organisme=None)
    seq = Entree.objects.filter(siennes).aggregate(m=Max("seq"))["m"] or 0
    cle = f"retards:{organisme.pk}:{seq}:{le.isoformat()}"
    tenu = cache.get(cle)
    if tenu is None:
        tenu = sum(e.en_retard for e, _ in _toutes(organisme, le, None))
        cache.set(cle, tenu, UN_JOUR)
    return tenu


def derniers_changements(organisme: Organisme) -> dict[str, datetime]:
    """Le moment du dernier changement de chaque fiche de l'organisme, opérations comprises ; par identifiant."""
    entrees = Entree.objects.filter(objet_type="fiche", organisme=organisme.pk)
    moments = dict(entrees.order_by().values_list("objet_id").annotate(Max("horodatage")))
    operations = Operation.objects.order_by().values_list("traitement_id").annotate(Max("enregistre_le"))
    for fiche, moment in operations:
        moments[str(fiche)] = max(moment, moments.get(str(fiche), moment))
    return moments


def lire(organisme: Organisme, le: date, horizon: date | None = None) -> list[EcheanceLue]:
    """Toutes les échéances de l'organisme, dans sa portée, les retards d'abord, puis les plus proches."""
    codes, lues = Codes(), []
    for echeance, fiche in _toutes(organisme, le, horizon):
        regle = next(k for k in fiche["conservations"] if k["numero"] == echeance.regle)
        lues.append(
            EcheanceLue(
                echeance,
                phrase_de_la_duree(regle, fiche, codes),
                fiche["famille"] or "",
                fiche["service"] or "",
            )
        )
    return sorted(lues, key=lambda lue: ordre(lue.echeance))


def _toutes(organisme: Organisme, le: date, horizon: date | None) -> Iterator[tuple[Echeance, dict]]:
    """Les archives aussi : leurs données ont encore un terme, tant qu'elles existent."""
    operations = operations_par_fiche()
    exercice = exercice_de({"cloture_exercice": organisme.cloture_exercice})
    for fiche in ag.canoniques(FORME, Traitement.objects.all()):
        siennes = operations.get(fiche["reference"], [])
        for echeance in echeances(fiche, siennes, le, horizon, exercice):
            yield echeance, fiche
