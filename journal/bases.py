"""Ce dont héritent les modèles journalisés : aucune écriture hors d'une opération, aucune écriture en masse."""

from typing import TypeVar

from django.db import models

from journal.garde import EcritureHorsJournal, exiger_operation

__all__ = ["EcritureHorsJournal", "GestionnaireJournalise", "ModeleJournalise", "QuerySetJournalise"]

M = TypeVar("M", bound=models.Model)


def _refuse(nom: str):
    def methode(self, *args, **options):
        raise EcritureHorsJournal(
            f"{nom}() contournerait le journal : écrivez objet par objet, dans une operation()."
        )

    methode.__name__ = nom
    methode.alters_data = True
    return methode


class QuerySetJournalise(models.QuerySet[M]):
    update = _refuse("update")
    delete = _refuse("delete")
    bulk_create = _refuse("bulk_create")
    bulk_update = _refuse("bulk_update")
    _raw_delete = _refuse("_raw_delete")


_Gestionnaire = models.Manager.from_queryset(QuerySetJournalise)


class GestionnaireJournalise(_Gestionnaire[M]):
    """Le gestionnaire d'un modèle journalisé."""


class ModeleJournalise(models.Model):
    """Modèle dont chaque écriture doit laisser une entrée dans le journal.

    `save` et `delete` lèvent `EcritureHorsJournal` hors de `journal.service.operation()`.
    """

    class Meta:
        abstract = True

    def save(self, *args, **options):
        exiger_operation(self)
        super().save(*args, **options)

    def delete(self, *args, **options):
        exiger_operation(self)
        return super().delete(*args, **options)
