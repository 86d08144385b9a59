"""Les référentiels gardés d'une requête à l'autre : ils ne changent qu'à leur chargement, que le journal consigne.

Ce qui est gardé vaut pour une entrée du journal, celle du dernier chargement, reconnue à son empreinte : elle est signée, enchaînée
à toutes les précédentes, et écrite dans la transaction qui change les lignes. Un chargement, une base restaurée ou une
transaction annulée donnent une autre empreinte, et tout est relu. Une base jamais chargée ne garde rien.
"""

from collections.abc import Callable
from typing import Any

from django.db import models

from journal.bases import objets
from journal.models import Entree

REFERENTIELS = "referentiels"  # le type et l'identifiant de l'objet que `referentiels.charger` consigne


def dernier_chargement() -> str:
    """L'empreinte de l'entrée du dernier chargement ; vide s'il n'y en a pas. Une requête, par un index."""
    chargements = Entree.objects.filter(objet_type=REFERENTIELS, objet_id=REFERENTIELS).order_by("-seq")
    return chargements.values_list("empreinte", flat=True).first() or ""


class References:
    """Ce qu'un processus garde du dernier chargement. À lire seulement : plusieurs fils s'en servent à la fois."""

    def __init__(self) -> None:
        self._gardees: tuple[str, dict[Any, Any]] = ("", {})
        self.suspendues = False  # les essais qui écrivent eux-mêmes dans une table

    def tenir(self, chargement: str, nom: Any, lire: Callable[[], Any]) -> Any:
        """Ce que `lire` donne, gardé sous ce nom tant que le chargement est le même."""
        if not chargement or self.suspendues:
            return lire()
        connu, gardees = self._gardees
        if connu != chargement:
            gardees = {}
            self._gardees = (chargement, gardees)
        if nom not in gardees:
            gardees[nom] = lire()
        return gardees[nom]


REFERENCES = References()


def lignes(modele: type[models.Model]) -> dict[str, Any]:
    """Les lignes d'un référentiel par code, lues dans la base."""
    return {ligne.pk: ligne for ligne in objets(modele).all()}
