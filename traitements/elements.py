"""Ce que les parties d'une fiche ont en commun : elles vivent et meurent avec elle."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

from journal.bases import GestionnaireJournalise
from organismes.cloison import ModeleCloisonne, gestionnaire

if TYPE_CHECKING:  # qui importe ce module
    from traitements.models import Traitement


def fiche(nom: str) -> "models.ForeignKey[Traitement, Traitement]":
    """La fiche à laquelle un élément appartient ; `nom` est celui de la liste dans la fiche et dans les fichiers."""
    return models.ForeignKey("traitements.Traitement", models.CASCADE, related_name=nom, editable=False)


class PartieDeFiche(ModeleCloisonne):
    PARENT = "traitement"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = gestionnaire("traitement__organisme", GestionnaireJournalise)

    class Meta:
        abstract = True


def numero_unique(nom: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=["traitement", "numero"],
        name=nom,
        violation_error_message="Deux éléments de cette liste portent le même numéro.",
    )


class ElementDeFiche(PartieDeFiche):
    """Un élément d'une liste de la fiche. `numero` le désigne dans la fiche ; il ne change pas."""

    numero = models.PositiveSmallIntegerField("numéro", editable=False)

    class Meta:
        abstract = True
        ordering = ["numero"]
        constraints = [numero_unique("%(class)s_numero_unique")]


class VoletDeFiche(PartieDeFiche):
    """Un volet de la fiche, présent une fois ou pas du tout. Absent : non renseigné."""

    traitement = models.OneToOneField(
        "traitements.Traitement", models.CASCADE, related_name="%(class)s", editable=False
    )

    class Meta:
        abstract = True
