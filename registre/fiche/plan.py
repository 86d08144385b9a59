"""De quoi le plan de la fiche est fait : champs, conditions, colonnes, listes, volets, rubriques. Sans contenu."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from traitements.elements import ElementDeFiche, VoletDeFiche
from traitements.models_flux import MesureOrganisme
from traitements.phrases import majuscule

ElementDeListe = ElementDeFiche | MesureOrganisme


@dataclass(frozen=True)
class Si:
    """Condition de pertinence : le champ `champ` du même élément a l'une de ces valeurs (ou la contient).

    `et` : une seconde à remplir aussi. `ou` : une autre qui suffit.
    """

    champ: str
    valeurs: tuple[Any, ...]
    et: "Si | None" = None
    ou: "Si | None" = None

    def vaut(self, element: dict[str, Any]) -> bool:
        """La condition est-elle remplie par ces valeurs canoniques ?"""
        valeur = element.get(self.champ)
        valeurs = valeur if isinstance(valeur, list) else [valeur]
        remplie = any(v in self.valeurs for v in valeurs) and (self.et is None or self.et.vaut(element))
        return remplie or (self.ou is not None and self.ou.vaut(element))


@dataclass(frozen=True)
class Champ:
    """Un champ du modèle. Hors de sa condition, il ne se montre que s'il est rempli.

    `tenu` : Registre le sait (qui, quand, quel constat) ; aucune porte ne le lit dans ce qu'elle reçoit.
    `demande` : quand la saisie le demande, si c'est plus large que quand la lecture le montre vide.
    """

    nom: str
    si: Si | None = None
    tenu: bool = False
    demande: Si | None = None


@dataclass(frozen=True)
class Colonne:
    """Une colonne de lecture : la première valeur est la principale, les suivantes sont ses notes.

    `code` la désigne, et ne change pas ; `titre` ne fait que se lire.
    """

    code: str
    titre: str
    champs: tuple[Champ, ...]
    large: bool = False


@dataclass(frozen=True)
class Liste:
    """Une liste de la fiche ; `nom` est la relation, la clé des fichiers et celle de l'API."""

    nom: str
    modele: type[ElementDeListe]
    singulier: str
    ajouter: str
    colonnes: tuple[Colonne, ...]
    article: str = ""
    si: Si | None = None  # hors de cette réponse de la fiche, une liste vide ne se lit pas
    relire: Callable[[Mapping[str, Any]], dict[str, Any]] = (
        dict  # lit un élément écrit sous une forme plus ancienne
    )

    @property
    def champs(self) -> tuple[Champ, ...]:
        return tuple(champ for colonne in self.colonnes for champ in colonne.champs)

    @property
    def titre(self) -> str:
        return majuscule(str(self.modele._meta.verbose_name_plural))


@dataclass(frozen=True)
class Volet:
    """Un volet de la fiche, présent une fois ou absent.

    `finalites` : hors de ces natures de finalité, un volet vide ne se lit pas (toujours, si vide).
    """

    nom: str
    modele: type[VoletDeFiche]
    titre: str
    article: str
    champs: tuple[Champ, ...]
    finalites: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rubrique:
    code: str
    titre: str
    onglet: str
    article: str
    champs: tuple[Champ, ...] = ()
    listes: tuple[Liste, ...] = ()
    volets: tuple[Volet, ...] = ()

    @property
    def noms(self) -> tuple[str, ...]:
        """Ceux de ses champs, de ses listes et de ses volets."""
        return (
            *(c.nom for c in self.champs),
            *(liste.nom for liste in self.listes),
            *(v.nom for v in self.volets),
        )


def champs(
    *noms: str, si: Si | None = None, tenu: bool = False, demande: Si | None = None
) -> tuple[Champ, ...]:
    return tuple(Champ(nom, si, tenu, demande) for nom in noms)
