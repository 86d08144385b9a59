"""Ce qui empêche de valider une fiche, et ce que le délégué doit avoir lu avant de la valider."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from droit.regles import Constat, Gravite
from organismes.models import Organisme
from registre.conformite.controle import Bilan, Conformite
from registre.fiche.chemins import chemin_lisible
from registre.fiche.codes import Codes
from registre.fiche.rubriques import plan
from traitements.choix import Statut


@dataclass(frozen=True)
class Verdict:
    """`organisme` : les constats qui tiennent à l'organisme. `a_confirmer` : titres des rubriques proposées (modèle, référentiel)."""

    bilan: Bilan
    organisme: list[Constat]
    a_confirmer: list[str]

    @property
    def bloquants(self) -> list[Constat]:
        return [c for c in self.organisme if c.gravite is Gravite.BLOQUANT] + self.bilan.bloquants

    @property
    def a_lire(self) -> list[Constat]:
        """Ce que le délégué valide en connaissance de cause."""
        return [c for c in self.bilan.constats if c.gravite is not Gravite.BLOQUANT]

    @property
    def empechements(self) -> list[str]:
        """Les phrases qui disent pourquoi la fiche ne peut pas être validée ; vide si elle le peut."""
        lues = [f"{c.code}, {chemin_lisible(c.chemin)} : {c.message}" for c in self.bloquants]
        if self.a_confirmer:
            lues.append(f"Rubriques proposées, à confirmer : {', '.join(self.a_confirmer)}.")
        return lues

    @property
    def alertes(self) -> list[str]:
        """Ce que la fiche validée garde en mémoire : « RET-06 · Durée 2, sort final »."""
        siennes = [c for c in self.a_lire if c.gravite is Gravite.ALERTE]
        return [f"{c.code} · {chemin_lisible(c.chemin)}" for c in siennes]


def juger(canonique: dict[str, Any], organisme: Organisme, codes: Codes) -> Verdict:
    """Le verdict du jour sur une fiche que l'on validerait telle quelle."""
    conformite, jour = Conformite(organisme, codes), timezone.localdate()
    return Verdict(
        conformite.bilan({**canonique, "statut": Statut.VALIDEE}, jour),
        conformite.constats_organisme(jour),
        titres_a_confirmer(canonique),
    )


def titres_a_confirmer(canonique: dict[str, Any]) -> list[str]:
    titres = {r.code: r.titre for r in plan(canonique["qualite"])}
    return [titres.get(code, code) for code in canonique.get("a_confirmer") or ()]
