"""Toutes les routes du site, et qui chacune laisse entrer : ce que la table d'accès dit, mis en regard des adresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from organismes.choix import Role
from organismes.droits import DROITS, Permission
from registre.acces import ACCES, CONNECTE, PUBLIC, exigence

TOUS = ("GET", "POST")


@dataclass(frozen=True)
class Route:
    """`acces` : par méthode, qui entre (« public », « connecté », des rôles, « administrateur »)."""

    chemin: str
    nom: str

    @property
    def declaree(self) -> bool:
        return self.nom in ACCES

    def methodes(self) -> tuple[str, ...]:
        regle = ACCES.get(self.nom)
        return tuple(regle) if isinstance(regle, dict) else TOUS

    def acces(self) -> dict[str, list[str]]:
        return {m: qui(exigence(self.nom, m)) for m in self.methodes()} if self.declaree else {}

    def en_dict(self) -> dict[str, Any]:
        return {"chemin": self.chemin, "nom": self.nom, "acces": self.acces()}


def qui(exige) -> list[str]:
    """Les rôles qu'une exigence laisse entrer."""
    if exige is None:
        return []
    if exige == PUBLIC:
        return ["public"]
    if exige == CONNECTE:
        return ["connecté"]
    roles = [str(role) for role in Role.values if DROITS[role] & set(exige)]
    return [*roles, "administrateur"] if Permission.ADMINISTRER in exige else roles


def routes() -> list[Route]:
    return sorted(set(_parcourir(get_resolver(), "", "")), key=lambda r: (r.chemin, r.nom))


def _parcourir(resolveur: URLResolver, chemin: str, espace: str) -> Iterator[Route]:
    for motif in resolveur.url_patterns:
        suite = f"{chemin}{motif.pattern}"
        if isinstance(motif, URLResolver):
            dans = f"{espace}{motif.namespace}:" if motif.namespace else espace
            yield from _parcourir(motif, suite, dans)
        elif isinstance(motif, URLPattern):
            yield Route(suite, f"{espace}{motif.name or ''}")
