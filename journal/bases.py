"""Ce dont héritent les modèles journalisés : aucune écriture hors d'une opération, aucune écriture en masse."""

from typing import Any, NoReturn, TypeVar

from django.db import models

from journal.garde import EcritureHorsJournal, exiger_operation

__all__ = [
    "EcritureHorsJournal",
    "GestionnaireJournalise",
    "ModeleJournalise",
    "QuerySetJournalise",
    "objets",
]

M = TypeVar("M", bound=models.Model)


def _refuse(nom: str) -> Any:
    def methode(self: object, *args: object, **options: object) -> NoReturn:
        raise EcritureHorsJournal(
            f"{nom}() contournerait le journal : écrivez objet par objet, dans une operation()."
        )

    refus: Any = methode
    refus.__name__ = nom
    refus.alters_data = True
    return refus


class QuerySetJournalise(models.QuerySet[M]):
    update = _refuse("update")
    delete = _refuse("delete")
    bulk_create = _refuse("bulk_create")
    bulk_update = _refuse("bulk_update")
    _raw_delete = _refuse("_raw_delete")


_Gestionnaire = models.Manager.from_queryset(QuerySetJournalise)


class GestionnaireJournalise(_Gestionnaire[M]):
    """Le gestionnaire d'un modèle journalisé."""


def objets(modele: type[M]) -> models.Manager[M]:
    """Le gestionnaire d'un modèle que l'on n'a que par sa classe : celui d'un agrégat, d'un champ, d'un référentiel."""
    return modele.objects  # type: ignore[attr-defined]  # `type[Model]` n'en a pas ; tout modèle concret, si


class ModeleJournalise(models.Model):
    """Modèle dont chaque écriture doit laisser une entrée dans le journal.

    `save` et `delete` lèvent `EcritureHorsJournal` hors de `journal.service.operation()`.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        exiger_operation(self)
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        exiger_operation(self)
        return super().delete(*args, **options)
