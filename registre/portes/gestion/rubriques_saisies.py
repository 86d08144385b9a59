"""Ce que la page de saisie montre du formulaire : ses rubriques, leurs volets, leurs listes et les lignes ouvertes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from registre.conformite.constats import ConstatLu, par_exigence
from registre.fiche.plan import Liste, Rubrique, Volet
from registre.portes.gestion.blocs import Bloc, BlocNumerote, Gabarit, attributs
from registre.portes.gestion.disposition import se_deplie

OUVERTES_MAX = 8  # au-delà, les lignes d'une liste se lisent résumées et s'ouvrent une à une


@dataclass(frozen=True)
class LigneSaisie:
    """Un élément à l'écran. Fermé, il se lit en une phrase et garde ses valeurs dans des champs cachés."""

    bloc: BlocNumerote
    ouverte: bool
    resume: str = ""
    a_voir: bool = False  # ce que son repli cache est à montrer dès qu'elle s'ouvre


@dataclass
class ListeSaisie:
    """Une liste de la rubrique. `suivant` : le numéro du prochain élément ; `gabarit` : un bloc vide à copier.

    `demandees` : les lignes que la personne vient d'ouvrir (« donnees-3 »). `resumer` : un élément en une phrase.
    """

    liste: Liste
    blocs: list[BlocNumerote]
    suivant: int
    gabarit: Gabarit
    demandees: set[str]
    resumer: Callable[[dict[str, Any]], str]

    @cached_property
    def lignes(self) -> list[LigneSaisie]:
        """Les éléments à montrer ; une longue liste ne s'ouvre que là où il y a à faire."""
        ouvertes = self._ouvertes()
        return [
            LigneSaisie(b, True)
            if b in ouvertes
            else LigneSaisie(b, False, self.resumer(b.canoniques()), se_deplie(b))
            for b in self.blocs
        ]

    def _ouvertes(self) -> list[BlocNumerote]:
        if len(self.blocs) <= OUVERTES_MAX:
            return self.blocs
        fautives = [b for b in self.blocs if b.fautif][:OUVERTES_MAX]
        return [
            b for b in self.blocs if b in fautives or b.dispute or b.inscrit or b.prefix in self.demandees
        ]

    @property
    def fermees(self) -> int:
        return sum(not ligne.ouverte for ligne in self.lignes)

    @property
    def se_dedouble(self) -> bool:
        """Deux bases légales font deux finalités : un geste copie l'une pour écrire l'autre."""
        return any(champ.nom == "base_legale" for champ in self.liste.champs)

    @property
    def cite_un_tiers(self) -> bool:
        return any(champ.nom == "tiers" for champ in self.liste.champs)

    @property
    def si(self) -> dict[str, str] | None:
        return attributs(self.liste.si) if self.liste.si else None


@dataclass
class VoletSaisi:
    volet: Volet
    bloc: Bloc

    @property
    def si(self) -> dict[str, str] | None:
        """Un volet propre à certaines natures se montre dès qu'une finalité en est."""
        natures = self.volet.finalites
        return {"champs": "finalites-*-type", "valeurs": " ".join(natures)} if natures else None


@dataclass
class RubriqueSaisie:
    rubrique: Rubrique
    racine: Bloc | None
    listes: list[ListeSaisie]
    volets: list[VoletSaisi]
    a_confirmer: bool = False  # proposée par un modèle, que personne n'a encore confirmée
    constats: list[ConstatLu] = field(default_factory=list)

    def blocs(self) -> list[Bloc]:
        racine = [self.racine] if self.racine else []
        return [
            *racine,
            *(b for liste in self.listes for b in liste.blocs),
            *(v.bloc for v in self.volets),
        ]

    @property
    def fautes(self) -> int:
        siennes = [len(bloc.errors) for bloc in self.blocs() if bloc.is_bound]
        return sum([*siennes, *(b.fautes_d_inscription for liste in self.listes for b in liste.blocs)])

    @property
    def gravite(self) -> str:
        """La pastille de l'onglet : la lettre du constat le plus grave (`controler` les rend dans cet ordre)."""
        return self.constats[0].constat.gravite[0] if self.constats else ""

    @property
    def groupes(self) -> list[tuple[str, list[ConstatLu]]]:
        return par_exigence(lu.constat for lu in self.constats)

    @property
    def disputes(self) -> int:
        return sum(
            bool(bloc.autre) + sum(1 for c in bloc.fields.values() if c.autre) for bloc in self.blocs()
        )
