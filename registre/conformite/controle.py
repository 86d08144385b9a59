"""Les constats d'une fiche, d'un organisme ou d'un registre : les règles de `droit.regles` sur les faits de la base."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models

from conservation.depart import exercice_de
from droit.faits import Faits, figer
from droit.regles import Constat, Ecarte, Gravite, controler, controler_organisme, repartir
from droit.reperes import Reperes
from organismes.models import Organisme
from registre.conformite.applications import avec_applications, operations_par_fiche
from registre.conformite.epreuves_lues import epreuves_par_fiche
from registre.conformite.reperes import reperes
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from traitements.models import Traitement


@dataclass(frozen=True)
class Bilan:
    """Ce que les règles disent d'une fiche un jour donné : ce qui reste, ce que le délégué a écarté."""

    constats: list[Constat]
    ecartes: list[Ecarte]

    @property
    def bloquants(self) -> list[Constat]:
        return [c for c in self.constats if c.gravite is Gravite.BLOQUANT]


class Conformite:
    """Contrôle des fiches d'un organisme ; ce qui leur est commun n'est lu qu'une fois.

    S'emploie dans la portée de l'organisme. `fiches` : celles que l'on contrôle, quand ce ne sont pas toutes.
    """

    def __init__(
        self,
        organisme: Organisme,
        codes: Codes | None = None,
        fiches: models.QuerySet[Traitement] | None = None,
    ):
        self.codes, self.fiches = codes or Codes(), fiches
        charge = ag.ORGANISME.charger(Organisme.objects.filter(pk=organisme.pk)).get()
        self.identite: dict[str, Any] = ag.instantane_de(ag.ORGANISME, charge)
        self._identite = figer(self.identite)

    @cached_property
    def reperes(self) -> Reperes:
        return reperes(self.codes)

    @cached_property
    def operations(self) -> dict[str, list[dict[str, Any]]]:
        return operations_par_fiche(self.fiches)

    @cached_property
    def epreuves(self) -> dict[str, list[dict[str, Any]]]:
        return epreuves_par_fiche(self.fiches)

    def avec_applications(self, canonique: dict[str, Any], le: date) -> dict[str, Any]:
        """La fiche, chaque durée portant ce que l'on sait de son application ce jour-là."""
        return avec_applications(canonique, self.operations, le, exercice_de(self.identite))

    def faits(self, canonique: dict[str, Any], le: date | None = None) -> Faits:
        """Les faits d'une fiche ; avec une date, ses durées disent aussi si elles sont appliquées."""
        lue = self.avec_applications(canonique, le) if le else canonique
        siennes = self.epreuves.get(canonique.get("reference", ""), [])
        return Faits(lue, self._identite, self.reperes, epreuves=tuple(siennes))

    def bilan(self, canonique: dict[str, Any], le: date) -> Bilan:
        """Les constats d'une fiche sous sa forme canonique, écarts justifiés à part."""
        trouves = controler(self.faits(canonique, le), le)
        return Bilan(*repartir(trouves, canonique.get("ecarts") or (), le))

    def constats_organisme(self, le: date) -> list[Constat]:
        """Ce qui tient à l'organisme lui-même : identité, délégué, second registre."""
        return controler_organisme(self.faits_organisme(), le)

    def faits_organisme(self) -> Faits:
        nombre = Traitement.objects.actifs().du_sous_traitant().count()
        return Faits({}, self._identite, self.reperes, nombre)

    def registre(self, le: date) -> Iterator[tuple[dict[str, Any], Bilan]]:
        """Les fiches, hors archives (forme canonique, avec `id`), et leur bilan.

        Un nombre de requêtes constant, quel que soit le nombre de fiches ; une seule fiche en mémoire à la fois.
        """
        toutes = Traitement.objects.actifs()
        voulues = toutes if self.fiches is None else toutes.filter(pk__in=self.fiches.order_by().values("pk"))
        for canonique in ag.canoniques(ag.FICHE, voulues):
            yield canonique, self.bilan(canonique, le)
