"""Ce que les règles trouvent dans tout un registre, tenu en cache tant que le journal n'a pas bougé.

Les constats ne s'enregistrent pas : ils se recalculent dès qu'un objet de l'organisme, un référentiel ou le jour change, ce
que la tête du journal et la date disent exactement. Une fiche enregistrée ne fait rejuger qu'elle (voir `conformite.tenus`).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.cache import cache
from django.db.models import QuerySet

from droit.regles import REGLES, Constat, Gravite, Regle
from organismes.models import ChangementReferentiel, Organisme
from registre.conformite.controle import Conformite
from registre.conformite.tenus import UN_JOUR, empreinte_du_code, tenir, tete
from registre.fiche.actualisation import touchent
from registre.fiche.referentiels import version_en_service
from traitements.models import Traitement


@dataclass(frozen=True)
class FicheJugee:
    """Ce que les règles disent d'une fiche : codes qui parlent, codes écartés, constats par gravité, changements de référentiels à voir."""

    codes: tuple[str, ...]
    ecartes: tuple[str, ...]
    nombres: dict[str, int]
    a_actualiser: list[int]


@dataclass
class Synthese:
    """`par_regle` : code → fiches touchées. `par_fiche` : fiche → nombre de constats par gravité.

    `ecartes` : code → fiches où un écart justifié couvre la règle. `a_actualiser` : fiche → numéros des changements de référentiels.
    """

    par_regle: dict[str, list[UUID]] = field(default_factory=dict)
    par_fiche: dict[UUID, dict[str, int]] = field(default_factory=dict)
    ecartes: dict[str, list[UUID]] = field(default_factory=dict)
    a_actualiser: dict[UUID, list[int]] = field(default_factory=dict)
    organisme: list[Constat] = field(default_factory=list)

    def regles(self) -> list[tuple[Regle, int]]:
        """Les règles qui parlent et leur nombre de fiches : les plus graves, puis les plus répandues d'abord."""
        ordre = list(Gravite)
        lues = [(REGLES[code], len(fiches)) for code, fiches in self.par_regle.items()]
        return sorted(lues, key=lambda r: (ordre.index(r[0].gravite_effective), -r[1], r[0].code))


def synthese(organisme: Organisme, le: date) -> Synthese:
    """S'emploie dans la portée de l'organisme."""
    cle = f"synthese:{position(organisme, le)}:{len(REGLES)}"
    tenue = cache.get(cle)
    if tenue is None:
        tenue = _calculer(organisme, le)
        cache.set(cle, tenue, UN_JOUR)
    return tenue


def position(organisme: Organisme, le: date) -> str:
    """Ce dont dépend tout ce qui se calcule d'un registre : sa tête de journal, les référentiels en service, le jour, le code."""
    return f"{organisme.pk}:{tete(organisme)}:{le.isoformat()}:{version_en_service()}:{empreinte_du_code()}"


def _calculer(organisme: Organisme, le: date) -> Synthese:
    jugees = tenir(f"jugees:{len(REGLES)}", organisme, le, lambda fiches: _juger(organisme, fiches, le))
    par_regle, ecartes = defaultdict(list), defaultdict(list)
    lue = Synthese(organisme=Conformite(organisme).constats_organisme(le))
    for pk, jugee in jugees.items():
        for code in jugee.codes:
            par_regle[code].append(pk)
        for code in jugee.ecartes:
            ecartes[code].append(pk)
        if jugee.nombres:
            lue.par_fiche[pk] = jugee.nombres
        if jugee.a_actualiser:
            lue.a_actualiser[pk] = jugee.a_actualiser
    lue.par_regle, lue.ecartes = dict(par_regle), dict(ecartes)
    return lue


def _juger(organisme: Organisme, fiches: QuerySet[Traitement], le: date) -> dict[UUID, FicheJugee]:
    changements = list(ChangementReferentiel.objects.all())
    lus = dict(fiches.values_list("pk", "referentiels_lus"))
    jugees = {}
    for canonique, bilan in Conformite(organisme, fiches=fiches).registre(le):
        pk = UUID(canonique["id"])
        siens = touchent(canonique, lus.get(pk, 0), changements)
        jugees[pk] = FicheJugee(
            tuple(dict.fromkeys(c.code for c in bilan.constats)),
            tuple(dict.fromkeys(e.constat.code for e in bilan.ecartes)),
            {str(g): n for g in Gravite if (n := sum(c.gravite is g for c in bilan.constats))},
            [c.pk for c in siens],
        )
    return jugees
