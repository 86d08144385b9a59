"""Les faits d'une fiche, figés : ce que les règles lisent, et rien d'autre. Pur."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any


def figer(valeur: Any) -> Any:
    """La même valeur, en lecture seule : une règle ne peut rien y changer."""
    if isinstance(valeur, Mapping):
        return MappingProxyType({cle: figer(v) for cle, v in valeur.items()})
    if isinstance(valeur, (list, tuple)):
        return tuple(figer(v) for v in valeur)
    return valeur


@dataclass(frozen=True)
class Faits:
    """Une fiche et son organisme sous leur forme canonique ; `hors_eee` : codes des pays qui font un transfert."""

    fiche: Mapping[str, Any]
    organisme: Mapping[str, Any] = field(default_factory=dict)
    hors_eee: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "fiche", figer(self.fiche))
        object.__setattr__(self, "organisme", figer(self.organisme))

    def liste(self, nom: str) -> tuple[Mapping[str, Any], ...]:
        return self.fiche.get(nom) or ()

    @property
    def du_sous_traitant(self) -> bool:
        """La fiche relève de l'article 30(2), qui n'exige ni finalités, ni données, ni durées."""
        return self.fiche.get("qualite") == "sous-traitant"
