"""L'agrégat : une racine, ses listes et ses volets, sous la forme canonique d'un dictionnaire.

Forme : `{champ: valeur, "finalites": [{"numero": 1, …}], "profilage": {…} | None}`. Une clé vers un référentiel
s'écrit par son code, une liste de codes triée, une date en ISO 8601, une réponse à trois valeurs par
`true`, `false` ou `null`, un texte absent par `""`. Un tiers s'écrit par son identifiant dans le journal (un
changement de nom ne touche pas les fiches) et par son nom dans les fichiers et l'API.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from organismes.models import Habilitation, Organisme, Tiers
from registre import rubriques as plan
from traitements.models import MesureOrganisme, Traitement

CleTiers = Callable[[Tiers], str]


def par_identifiant(tiers: Tiers) -> str:
    return str(tiers.pk)


def par_nom(tiers: Tiers) -> str:
    return tiers.nom


@dataclass(frozen=True)
class Partie:
    """Une liste ou un volet d'un agrégat."""

    nom: str
    modele: type[models.Model]
    champs: tuple[str, ...]


@dataclass(frozen=True)
class Agregat:
    """La forme d'un agrégat. `lien` est la clé des parties vers la racine."""

    type: str
    modele: type[models.Model]
    champs: tuple[str, ...]
    listes: tuple[Partie, ...] = ()
    volets: tuple[Partie, ...] = ()
    lien: str = ""

    def charger(self, queryset: models.QuerySet) -> models.QuerySet:
        """Le queryset avec toutes ses parties, en un nombre constant de requêtes."""
        return queryset.select_related(*(v.nom for v in self.volets)).prefetch_related(
            *(liste.nom for liste in self.listes),
            *(f"{partie.nom}__tiers" for partie in self.listes if "tiers" in partie.champs),
        )


def _partie(element: plan.Liste | plan.Volet) -> Partie:
    return Partie(element.nom, element.modele, tuple(c.nom for c in element.champs))


FICHE = Agregat(
    "fiche",
    Traitement,
    (*(c.nom for c in plan.CHAMPS), "reprise"),
    tuple(_partie(liste) for liste in plan.LISTES),
    tuple(_partie(volet) for volet in plan.VOLETS),
    "traitement",
)
INTERNES = {"id", "version", "numero", "organisme", "traitement"}


def tous_les_champs(modele: type[models.Model], sauf: Iterable[str] = ()) -> tuple[str, ...]:
    exclus = INTERNES | set(sauf)
    return tuple(c.name for c in modele._meta.concrete_fields if c.name not in exclus)


ORGANISME = Agregat(
    "organisme",
    Organisme,
    tous_les_champs(Organisme),
    (Partie("mesures", MesureOrganisme, ("fiche", "precisions")),),
    lien="organisme",
)
TIERS = Agregat("tiers", Tiers, tous_les_champs(Tiers))
HABILITATION = Agregat("habilitation", Habilitation, tous_les_champs(Habilitation))


def valeur(objet: models.Model, nom: str, cle: CleTiers = par_identifiant) -> Any:
    """La valeur canonique d'un champ."""
    champ = objet._meta.get_field(nom)
    if champ.is_relation and champ.related_model is Tiers:
        tiers = getattr(objet, nom)
        return None if tiers is None else cle(tiers)
    brute = getattr(objet, champ.attname)
    if isinstance(brute, (date, UUID)):
        return brute.isoformat() if isinstance(brute, date) else str(brute)
    return brute


def _dictionnaire(objet: models.Model, champs: Iterable[str], cle: CleTiers) -> dict[str, Any]:
    return {nom: valeur(objet, nom, cle) for nom in champs}


def volet_de(racine: models.Model, nom: str) -> models.Model | None:
    """Le volet de la fiche, ou `None`, sans requête quand il est chargé."""
    try:
        return getattr(racine, nom)
    except racine._meta.get_field(nom).related_model.DoesNotExist:
        return None


@dataclass
class Objets:
    """Un agrégat en mémoire : la racine et ses parties, enregistrées ou non."""

    racine: models.Model
    listes: dict[str, list[models.Model]]
    volets: dict[str, models.Model | None]


def lire(forme: Agregat, racine: models.Model) -> Objets:
    """Les parties d'une racine chargée par `forme.charger`."""
    return Objets(
        racine,
        {p.nom: sorted(getattr(racine, p.nom).all(), key=lambda e: e.numero) for p in forme.listes},
        {p.nom: volet_de(racine, p.nom) for p in forme.volets},
    )


def instantane(forme: Agregat, objets: Objets, cle: CleTiers = par_identifiant) -> dict[str, Any]:
    """La forme canonique d'un agrégat en mémoire."""
    donnees = _dictionnaire(objets.racine, forme.champs, cle)
    for p in forme.listes:
        donnees[p.nom] = [
            {"numero": e.numero, **_dictionnaire(e, p.champs, cle)} for e in objets.listes[p.nom]
        ]
    for p in forme.volets:
        volet = objets.volets[p.nom]
        donnees[p.nom] = None if volet is None else _dictionnaire(volet, p.champs, cle)
    return donnees


def instantane_de(forme: Agregat, racine: models.Model, cle: CleTiers = par_identifiant) -> dict[str, Any]:
    """La forme canonique d'une racine chargée."""
    return instantane(forme, lire(forme, racine), cle)
