"""Ce que les règles trouvent dans tout un registre, tenu en cache tant que le journal n'a pas bougé.

Les constats ne s'enregistrent pas : ils se recalculent dès qu'un objet de l'organisme, un référentiel ou le jour change, ce
que la tête du journal et la date disent exactement.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.core.cache import cache
from django.db.models import Max, Q

from droit.regles import REGLES, Constat, Gravite, Regle
from journal.models import Entree
from organismes.models import ChangementReferentiel, Organisme
from registre.conformite.controle import Conformite
from registre.fiche.actualisation import touchent
from registre.fiche.referentiels import version_en_service
from traitements.models import Traitement

UN_JOUR = 86_400  # secondes
FORME = 2  # à augmenter avec les champs de `Synthese` : le cache partagé survit à une mise à jour


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
    cle = f"synthese:{FORME}:{position(organisme, le)}:{len(REGLES)}"
    tenue = cache.get(cle)
    if tenue is None:
        tenue = _calculer(organisme, le)
        cache.set(cle, tenue, UN_JOUR)
    return tenue


def position(organisme: Organisme, le: date) -> str:
    """Ce dont dépend tout ce qui se calcule d'un registre : sa tête de journal, les référentiels en service, le jour."""
    siennes = Q(organisme=organisme.pk) | Q(organisme=None)
    seq = Entree.objects.filter(siennes).aggregate(m=Max("seq"))["m"] or 0
    return f"{organisme.pk}:{seq}:{le.isoformat()}:{version_en_service()}"


def _calculer(organisme: Organisme, le: date) -> Synthese:
    conformite = Conformite(organisme)
    par_regle, ecartes = defaultdict(list), defaultdict(list)
    lue = Synthese(organisme=conformite.constats_organisme(le))
    changements = list(ChangementReferentiel.objects.all())
    lus = dict(Traitement.objects.values_list("pk", "referentiels_lus"))
    for canonique, bilan in conformite.registre(le):
        pk = UUID(canonique["id"])
        for code in dict.fromkeys(c.code for c in bilan.constats):
            par_regle[code].append(pk)
        for code in dict.fromkeys(e.constat.code for e in bilan.ecartes):
            ecartes[code].append(pk)
        if bilan.constats:
            lue.par_fiche[pk] = {
                str(g): n for g in Gravite if (n := sum(c.gravite is g for c in bilan.constats))
            }
        if siens := touchent(canonique, lus.get(pk, 0), changements):
            lue.a_actualiser[pk] = [c.pk for c in siens]
    lue.par_regle, lue.ecartes = dict(par_regle), dict(ecartes)
    return lue
