"""Le texte où une fiche se cherche : tout ce qu'elle dit, replié. Déduit, donc jamais consigné ni exporté."""

from typing import ClassVar, Self

from django.db import models
from django_scopes import ScopedManager


class TexteCherche(models.Model):
    """Les mots d'une fiche, sans le nom des tiers qu'elle cite : ceux-là se cherchent dans leur page, sous leur nom du jour.

    Borné à l'organisme comme la fiche, mais hors du journal : `registre.fiche.recherche` le refait de la fiche à tout moment.
    `marque` : l'état des libellés dont il est fait ; une autre, et il est à refaire.
    """

    traitement = models.OneToOneField(
        "traitements.Traitement", models.CASCADE, primary_key=True, related_name="texte_cherche"
    )
    texte = models.TextField("texte replié")
    marque = models.CharField("état des libellés", max_length=40)

    objects: ClassVar[models.Manager[Self]] = ScopedManager(organisme="traitement__organisme")

    class Meta:
        verbose_name = "texte cherché"
        verbose_name_plural = "textes cherchés"
