"""Ce qu'ont en commun les lignes d'un référentiel : un code stable, une source, une marque de vérification."""

from typing import ClassVar, Self

from django.db import models


class Verification(models.TextChoices):
    """Jusqu'où le texte cité a été vérifié. Une ligne de mémoire n'est jamais présentée comme certaine."""

    PRIMAIRE = "primaire", "texte officiel lu"
    SECONDAIRE = "secondaire", "confirmé par une source secondaire"
    MEMOIRE = "memoire", "non vérifié, à relire"


class Referentiel(models.Model):
    """Une ligne d'un référentiel chargé des TOML. Retirée d'un fichier, elle devient inactive, jamais supprimée."""

    objects: ClassVar[models.Manager[Self]]

    code = models.CharField("code", max_length=60, primary_key=True)
    libelle = models.CharField("libellé", max_length=400)
    source = models.CharField("source", max_length=600)
    verifie = models.CharField("vérification", max_length=12, choices=Verification.choices, blank=True)
    remarque = models.TextField("remarque", blank=True)
    ordre = models.PositiveIntegerField("ordre", default=0)
    actif = models.BooleanField("en usage", default=True)

    class Meta:
        abstract = True
        ordering = ["ordre", "code"]

    def __str__(self) -> str:
        return self.libelle

    @property
    def marque(self) -> str:
        """« [P] », « [S] » ou « [M] » ; vide quand la ligne n'a pas de marque."""
        return f"[{self.verifie[0].upper()}]" if self.verifie else ""
