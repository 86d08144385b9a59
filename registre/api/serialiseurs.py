"""Les sérialiseurs, fabriqués depuis le plan : ils décrivent la forme canonique au schéma OpenAPI et la rendent.

La validation est celle du formulaire : `registre.enregistrement`, qui seul écrit.
"""

from typing import Any

from django.db import models
from rest_framework import serializers

from organismes.champs import ChampCodes, ChampLignes, ChampListe, ChampNumeros
from organismes.models import Organisme, Tiers
from registre import agregat as ag
from traitements.models import Traitement


def champ_api(champ: models.Field, tenu: bool) -> serializers.Field:
    """Le champ de l'API : son nom est celui du modèle, sa description son aide ; `tenu` : il se lit et ne s'envoie pas."""
    commun: dict[str, Any] = {"required": False, "help_text": _aide(champ), "allow_null": True}
    if tenu:
        commun = {"read_only": True, "help_text": commun["help_text"]}
    match champ:
        case ChampNumeros():
            return serializers.ListField(child=serializers.IntegerField(), **commun)
        case ChampCodes() | ChampLignes():
            return serializers.ListField(child=serializers.CharField(), **commun)
        case ChampListe() | models.JSONField():
            return serializers.ListField(child=serializers.DictField(), **commun)
        case models.BooleanField():
            return serializers.BooleanField(**commun)
        case models.DateField():
            return serializers.DateField(**commun)
        case models.IntegerField():
            return serializers.IntegerField(**commun)
    return serializers.CharField(**_texte(commun))


def _texte(commun: dict[str, Any]) -> dict[str, Any]:
    return commun if commun.get("read_only") else {**commun, "allow_blank": True}


def _aide(champ: models.Field) -> str:
    return f"{champ.verbose_name}. {champ.help_text}".strip(" .") + "."


def serialiseur(
    nom: str,
    modele: type[models.Model],
    champs: tuple[str, ...],
    tenus: frozenset[str] = frozenset(),
    **autres: serializers.Field,
):
    """Une classe de sérialiseur pour ces champs du modèle."""
    attributs = {c: champ_api(modele._meta.get_field(c), c in tenus) for c in champs} | autres
    return type(nom, (serializers.Serializer,), attributs)


def _listes(forme: ag.Agregat) -> dict[str, serializers.Field]:
    """Une liste envoyée remplace la liste entière ; sans numéro, c'est le rang."""
    return {
        p.nom: serialiseur(
            p.modele.__name__, p.modele, p.champs, p.tenus, numero=serializers.IntegerField(required=False)
        )(many=True, required=False)
        for p in forme.listes
    }


def _volets(forme: ag.Agregat) -> dict[str, serializers.Field]:
    return {
        p.nom: serialiseur(p.modele.__name__, p.modele, p.champs, p.tenus)(required=False, allow_null=True)
        for p in forme.volets
    }


def agregat(nom: str, forme: ag.Agregat):
    return serialiseur(
        nom,
        forme.modele,
        forme.champs,
        forme.tenus,
        id=serializers.UUIDField(read_only=True),
        **_listes(forme),
        **_volets(forme),
    )


Fiche = agregat("Fiche", ag.FICHE)
FicheTiers = agregat("Tiers", ag.TIERS)
FicheOrganisme = agregat("Organisme", ag.ORGANISME)
RESUME = ("reference", "intitule", "famille", "qualite", "service", "statut", "date_maj", "validee_le")
FicheResume = serialiseur(
    "FicheResume", Traitement, RESUME, frozenset(RESUME), id=serializers.UUIDField(read_only=True)
)
TiersResume = serialiseur(
    "TiersResume",
    Tiers,
    ("nom", "qualites"),
    frozenset({"nom", "qualites"}),
    id=serializers.UUIDField(read_only=True),
)
OrganismeResume = serialiseur(
    "OrganismeResume", Organisme, ("raison_sociale", "siren"), id=serializers.UUIDField(read_only=True)
)


class LigneReferentiel(serializers.Serializer):
    """Une ligne d'un référentiel ; les autres attributs de la liste sont dans `attributs`."""

    code = serializers.CharField()
    libelle = serializers.CharField()
    source = serializers.CharField()
    verifie = serializers.CharField()
    actif = serializers.BooleanField()
    attributs = serializers.DictField()


class Referentiel(serializers.Serializer):
    """Un référentiel ; `lignes` seulement quand on le demande par son nom."""

    nom = serializers.CharField()
    libelle = serializers.CharField()
    nombre = serializers.IntegerField()


class ReferentielComplet(Referentiel):
    lignes = LigneReferentiel(many=True)
