"""Les colonnes qui se déduisent d'une autre à chaque écriture : de quoi trier, chercher, et refuser un doublon.

Elles ne se saisissent pas, ne se consignent pas, ne s'exportent pas : elles se recalculent (`organismes.pliage`).
"""

from collections.abc import Callable, Collection
from typing import Any, ClassVar, Self
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from organismes.champs import INTERDITS, qui_se_voit, sans_caractere_interdit
from organismes.pliage import cherchable, ordre, plier

FORMES: dict[str, Callable[[str], str]] = {"cle": plier, "tri": ordre, "mots": cherchable}
# Deux objets d'avant la règle d'unicité gardent leur nom : la clé du second porte son identifiant après ce signe.
HOMONYME = "\n"


class ChampDesignation(models.CharField):
    """Ce qui désigne un objet dans son organisme : visible, sans espaces aux bords, unique une fois plié."""

    def validate(self, valeur: str, instance: models.Model | None) -> None:
        super().validate(valeur, instance)
        qui_se_voit(valeur)


def designation(libelle: str, aide: str = "", longueur: int = 300) -> "models.CharField[str, str]":
    return ChampDesignation(
        libelle, max_length=longueur, help_text=aide, validators=[sans_caractere_interdit]
    )


class ChampDerive(models.TextField):
    """La forme (`cle`, `tri` ou `mots`) que prend le champ `source` du même objet."""

    def __init__(self, source: str = "", forme: str = "", **options: Any) -> None:
        self.source, self.forme = source, forme
        super().__init__(**options | {"default": "", "editable": False, "blank": True})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        nom, chemin, _, _ = super().deconstruct()
        return nom, chemin, [], {"source": self.source, "forme": self.forme}

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        """Sur PostgreSQL, l'ordre des caractères et non celui de la langue de la base : le même que sur SQLite."""
        c = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": c}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        valeur = self.calculer(instance)
        setattr(instance, self.attname, valeur)
        return valeur

    def calculer(self, instance: models.Model) -> str:
        valeur = FORMES[self.forme](getattr(instance, self.source))
        tenue = getattr(instance, self.attname)
        return tenue if tenue.partition(HOMONYME)[0] == valeur else valeur


class Designe(models.Model):
    """Modèle qu'un champ désigne dans son organisme. `DESIGNATION` : ce champ ; sa clé est `<champ>_cle`."""

    objects: ClassVar[models.Manager[Self]]
    organisme_id: UUID

    DESIGNATION = ""
    DEJA_PRIS = ""  # la phrase du refus ; `{autre}` nomme celui qui porte déjà ce nom

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if (autre := self.homonyme()) is not None:
            raise ValidationError({self.DESIGNATION: self.DEJA_PRIS.format(autre=autre)})
        for derive in (c for c in self._meta.concrete_fields if isinstance(c, ChampDerive)):
            derive.pre_save(self, self._state.adding)  # l'unicité se contrôle sur la clé de ce nom

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        exclus = set(exclude or ())
        if self.DESIGNATION in exclus:  # déjà refusée : sa clé ne dit rien
            exclus.add(f"{self.DESIGNATION}_cle")
        super().validate_constraints(exclude=exclus)

    def homonyme(self) -> Self | None:
        """Un autre objet de l'organisme qui porte le même nom, à la casse, aux accents et aux espaces près ; sinon `None`."""
        designation = getattr(self, self.DESIGNATION)
        if INTERDITS.search(designation):
            return None  # refusé par son champ, et PostgreSQL ne saurait même pas le chercher
        nom, cle = f"{self.DESIGNATION}_cle", plier(designation)
        inchange = not self._state.adding and getattr(self, nom).partition(HOMONYME)[0] == cle
        if not cle or inchange:
            return None  # son nom n'a pas changé : s'il avait un homonyme, il l'avait déjà
        memes = Q(**{nom: cle}) | Q(**{f"{nom}__startswith": f"{cle}{HOMONYME}"})
        return type(self).objects.filter(memes, Q(organisme=self.organisme_id)).exclude(pk=self.pk).first()

    @classmethod
    def homonymes(cls) -> list[tuple[Self, Self]]:
        """Dans la portée, les objets d'avant la règle d'unicité qui portent le nom d'un autre, avec cet autre."""
        cle = f"{cls.DESIGNATION}_cle"
        seconds = list(cls.objects.filter(**{f"{cle}__contains": HOMONYME}))
        premieres = {getattr(o, cle).partition(HOMONYME)[0] for o in seconds}
        trouves = cls.objects.filter(**{f"{cle}__in": premieres}) if seconds else ()
        premiers = {(o.organisme_id, getattr(o, cle)): o for o in trouves}
        paires = [
            (o, premiers.get((o.organisme_id, getattr(o, cle).partition(HOMONYME)[0]))) for o in seconds
        ]
        return [(o, premier) for o, premier in paires if premier is not None]


def remplir(modele: Any, designation: str) -> None:
    """Calcule les colonnes déduites des lignes d'avant ; `modele` est celui de la migration. Aucun nom n'est changé.

    Quand deux lignes d'un organisme portent le même nom une fois plié, la seconde garde le sien, et sa clé porte son identifiant :
    la base les distingue, les pages les signalent (`homonymes`), une troisième est refusée.
    """
    derives = [c for c in modele._meta.concrete_fields if isinstance(c, ChampDerive)]
    vues: set[tuple] = set()
    lues = {"organisme_id", *(c.source for c in derives), *(c.name for c in derives)}
    for ligne_ in list(modele.objects.order_by("organisme_id", designation, "pk").only(*lues)):
        valeurs = {c.name: c.calculer(ligne_) for c in derives}
        cle = f"{designation}_cle"
        if (ligne_.organisme_id, valeurs[cle]) in vues:
            valeurs[cle] += f"{HOMONYME}{ligne_.pk}"
        vues.add((ligne_.organisme_id, valeurs[cle]))
        modele.objects.filter(pk=ligne_.pk).update(**valeurs)
