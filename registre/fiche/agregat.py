"""L'agrégat : une racine, ses listes et ses volets, sous la forme canonique d'un dictionnaire.

Forme : `{champ: valeur, "finalites": [{"numero": 1, …}], "profilage": {…} | None}`. Une clé vers un référentiel
s'écrit par son code, une liste de codes triée, une date en ISO 8601, une réponse à trois valeurs par
`true`, `false` ou `null`, un texte absent par `""`. Un tiers s'écrit par son identifiant dans le journal (un
changement de nom ne touche pas les fiches) et par son nom dans les fichiers et l'API.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from conservation.ensembles import reunir
from conservation.models import Epreuve, Operation, PlanReleve
from journal.bases import objets
from organismes.champs import champ_de
from organismes.champs_derives import ChampDerive
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from registre.fiche import plan, rubriques
from traitements.elements import VoletDeFiche
from traitements.models import MesureOrganisme, Traitement

CleTiers = Callable[[Tiers], str]
R = TypeVar("R", bound=models.Model)  # la racine
P = TypeVar("P", bound=models.Model, covariant=True)  # l'élément d'une liste, ou le volet
E = TypeVar("E", bound=models.Model)
Modele = type[R]  # un agrégat a lui-même un `type`


def par_identifiant(tiers: Tiers) -> str:
    return str(tiers.pk)


def par_nom(tiers: Tiers) -> str:
    return tiers.nom


@dataclass(frozen=True)
class Partie(Generic[P]):
    """Une liste ou un volet d'un agrégat. `tenus` : voir `plan.Champ` ; `relire` : voir `plan.Liste`."""

    nom: str
    modele: type[P]
    champs: tuple[str, ...]
    tenus: frozenset[str] = frozenset()
    relire: Callable[[Mapping[str, Any]], dict[str, Any]] = dict


@dataclass(frozen=True)
class Agregat(Generic[R]):
    """La forme d'un agrégat. `lien` est la clé des parties vers la racine ; `tenus` : voir `plan.Champ`."""

    type: str
    modele: Modele[R]
    champs: tuple[str, ...]
    listes: tuple[Partie[plan.ElementDeListe], ...] = ()
    volets: tuple[Partie[VoletDeFiche], ...] = ()
    lien: str = ""
    tenus: frozenset[str] = frozenset()

    def charger(self, queryset: models.QuerySet[R]) -> models.QuerySet[R]:
        """Le queryset avec toutes ses parties, en un nombre constant de requêtes."""
        return queryset.select_related(*(v.nom for v in self.volets)).prefetch_related(
            *(liste.nom for liste in self.listes),
            *(f"{partie.nom}__tiers" for partie in self.listes if "tiers" in partie.champs),
        )


def _tenus(champs: Iterable[plan.Champ]) -> frozenset[str]:
    return frozenset(c.nom for c in champs if c.tenu)


def _partie(nom: str, modele: type[E], champs: tuple[plan.Champ, ...]) -> Partie[E]:
    return Partie(nom, modele, tuple(c.nom for c in champs), _tenus(champs))


CHAMPS_FICHE = rubriques.CHAMPS + rubriques.HORS_RUBRIQUES


FICHE = Agregat(
    "fiche",
    Traitement,
    tuple(c.nom for c in CHAMPS_FICHE),
    tuple(replace(_partie(x.nom, x.modele, x.champs), relire=x.relire) for x in rubriques.LISTES),
    tuple(_partie(x.nom, x.modele, x.champs) for x in rubriques.VOLETS),
    "traitement",
    _tenus(CHAMPS_FICHE),
)
LISTES_DE_TIERS = tuple(p for p in FICHE.listes if "tiers" in p.champs)
INTERNES = {"id", "revision", "numero", "organisme", "traitement"}


def tous_les_champs(modele: type[models.Model], sauf: Iterable[str] = ()) -> tuple[str, ...]:
    exclus = INTERNES | set(sauf)
    siens = (c for c in modele._meta.concrete_fields if not isinstance(c, ChampDerive))
    return tuple(c.name for c in siens if c.name not in exclus)


ORGANISME = Agregat(
    "organisme",
    Organisme,
    tous_les_champs(Organisme),
    (Partie("mesures", MesureOrganisme, ("fiche", "precisions")),),
    lien="organisme",
    tenus=frozenset({"reprise"}),
)
TIERS = Agregat("tiers", Tiers, tous_les_champs(Tiers), tenus=frozenset({"fusionne_dans"}))
HABILITATION = Agregat("habilitation", Habilitation, tous_les_champs(Habilitation))
UTILISATEUR = Agregat("utilisateur", Utilisateur, ("courriel", "nom", "administrateur", "is_active"))
OPERATION = Agregat("operation", Operation, ("traitement", *tous_les_champs(Operation, ["enregistre_le"])))
EPREUVE = Agregat("epreuve", Epreuve, ("traitement", *tous_les_champs(Epreuve, ["enregistre_le"])))
PLAN_RELEVE = Agregat("plan", PlanReleve, ("traitement", *tous_les_champs(PlanReleve, ["cree_le"])))


def lu_au_journal(forme: Agregat[Any], texte: str) -> dict[str, Any]:
    """Un instantané consigné au journal, sous la forme qu'il aurait aujourd'hui : les lignes de durée identiques y sont réunies."""
    consigne: dict[str, Any] = json.loads(texte)
    return reunir(consigne)[0] if forme.type == FICHE.type else consigne


def valeur(objet: models.Model, nom: str, cle: CleTiers = par_identifiant) -> Any:
    """La valeur canonique d'un champ."""
    champ = champ_de(objet, nom)
    if champ.is_relation and champ.related_model is Tiers:
        tiers = getattr(objet, nom)
        return None if tiers is None else cle(tiers)
    return _ecrite(getattr(objet, champ.attname))


def _dictionnaire(objet: models.Model, champs: Iterable[str], cle: CleTiers) -> dict[str, Any]:
    return {nom: valeur(objet, nom, cle) for nom in champs}


def volet_de(racine: models.Model, nom: str) -> VoletDeFiche | None:
    """Le volet de la fiche, ou `None`, sans requête quand il est chargé."""
    try:
        return getattr(racine, nom)
    except ObjectDoesNotExist:
        return None


@dataclass
class Objets(Generic[R]):
    """Un agrégat en mémoire : la racine et ses parties, enregistrées ou non."""

    racine: R
    listes: dict[str, list[plan.ElementDeListe]]
    volets: dict[str, VoletDeFiche | None]

    def elements(self, liste: str, modele: type[E]) -> list[E]:
        """Les éléments d'une liste, sous leur modèle."""
        return [e for e in self.listes[liste] if isinstance(e, modele)]


def lire(forme: Agregat[R], racine: R) -> Objets[R]:
    """Les parties d'une racine chargée par `forme.charger`."""
    return Objets(
        racine,
        {p.nom: sorted(getattr(racine, p.nom).all(), key=lambda e: e.numero) for p in forme.listes},
        {p.nom: volet_de(racine, p.nom) for p in forme.volets},
    )


def instantane(forme: Agregat[R], objets: Objets[R], cle: CleTiers = par_identifiant) -> dict[str, Any]:
    """La forme canonique d'un agrégat en mémoire."""
    donnees = _dictionnaire(objets.racine, forme.champs, cle)
    for p in forme.listes:
        donnees[p.nom] = [
            {"numero": e.numero, **_dictionnaire(e, p.champs, cle)} for e in objets.listes[p.nom]
        ]
    for v in forme.volets:
        volet = objets.volets[v.nom]
        donnees[v.nom] = None if volet is None else _dictionnaire(volet, v.champs, cle)
    return donnees


def instantane_de(forme: Agregat[R], racine: R, cle: CleTiers = par_identifiant) -> dict[str, Any]:
    """La forme canonique d'une racine chargée."""
    return instantane(forme, lire(forme, racine), cle)


def canoniques(forme: Agregat[R], queryset: models.QuerySet[R]) -> Iterator[dict[str, Any]]:
    """La forme canonique de chaque racine du queryset, avec son `id`, dans l'ordre des identifiants.

    Une requête par table, lues en parallèle et fusionnées par identifiant : ni le nombre de requêtes ni la mémoire ne
    croissent avec le nombre de fiches. Aucun objet n'est construit.
    """
    flux = {p.nom: _Flux(p, forme.lien, queryset) for p in (*forme.listes, *forme.volets)}
    volets = {p.nom for p in forme.volets}
    for pk, *valeurs in _lignes(forme.modele, ("pk",), forme.champs, queryset.order_by("pk")):
        donnees: dict[str, Any] = {"id": pk, **dict(zip(forme.champs, valeurs, strict=True))}
        for nom, suite in flux.items():
            siens = suite.de(pk)
            donnees[nom] = (siens[0] if siens else None) if nom in volets else siens
        yield donnees


class _Flux:
    """Les lignes d'une partie, rendues racine après racine, dans le même ordre qu'elles."""

    def __init__(self, partie: Partie[models.Model], lien: str, racines: models.QuerySet[Any]):
        liste = any(c.name == "numero" for c in partie.modele._meta.concrete_fields)
        self.noms = (*(("numero",) if liste else ()), *partie.champs)
        self.ordre = (f"{lien}_id", "numero") if liste else (f"{lien}_id",)
        siennes = objets(partie.modele).filter(**{f"{lien}__in": racines.order_by().values("pk")})
        lignes = _lignes(partie.modele, (f"{lien}_id",), self.noms, siennes.order_by(*self.ordre))
        self.groupes = groupby(lignes, key=lambda ligne: ligne[0])
        self.suivant = next(self.groupes, None)
        self.cle: str | None = None
        self.lus: list[list[Any]] = []
        self._lire()

    def _lire(self) -> None:
        self.cle, self.lus = (self.suivant[0], list(self.suivant[1])) if self.suivant else (None, [])

    def de(self, pk: str) -> list[dict[str, Any]]:
        if self.cle != pk:
            return []
        elements = [dict(zip(self.noms, valeurs, strict=True)) for _, *valeurs in self.lus]
        self.suivant = next(self.groupes, None)
        self._lire()
        return elements


def _lignes(
    modele: type[models.Model], cles: tuple[str, ...], noms: tuple[str, ...], queryset: models.QuerySet[Any]
) -> Iterator[list[Any]]:
    colonnes = [*cles, *(champ_de(modele, nom).attname for nom in noms)]
    for ligne in queryset.values_list(*colonnes).iterator(chunk_size=2000):
        yield [v if type(v) in TELLES_QUELLES else _ecrite(v) for v in ligne]


# Ce que la base rend déjà sous sa forme canonique : presque tout ce qu'une fiche porte.
TELLES_QUELLES = frozenset({str, int, bool, list, dict, type(None)})


def _ecrite(brute: Any) -> Any:
    """La valeur canonique d'une valeur de la base : voir `valeur`."""
    if isinstance(brute, UUID):
        return str(brute)
    return brute.isoformat() if isinstance(brute, date) else brute
