"""Les sérialiseurs, fabriqués depuis le plan : ils décrivent la forme canonique au schéma OpenAPI et la rendent.

La validation est celle du formulaire : `registre.fiche.enregistrement`, qui seul écrit.
"""

from django.db import models
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from conservation.models import DureeConservation
from organismes.champs import champ_de
from organismes.models import Organisme, Tiers
from registre.fiche import agregat as ag
from registre.fiche.assemblage import ELEMENTS_MAX
from registre.portes.api.types import champ_api
from traitements.models import Traitement

# Les noms du schéma ne changent pas avec ceux des modèles : un client engendré d'après lui les cite.
NOMS_GARDES: dict[type[models.Model], str] = {DureeConservation: "RegleConservation"}


def serialiseur(
    nom: str,
    modele: type[models.Model],
    champs: tuple[str, ...],
    tenus: frozenset[str] = frozenset(),
    **autres: serializers.Field,
):
    """Une classe de sérialiseur pour ces champs du modèle."""
    attributs = {c: champ_api(champ_de(modele, c), c in tenus) for c in champs} | autres
    return type(nom, (serializers.Serializer,), attributs)


def nom_du_schema(modele: type[models.Model]) -> str:
    return NOMS_GARDES.get(modele, modele.__name__)


def _numero() -> serializers.Field:
    aide = "Ce qui désigne l'élément dans la fiche ; sans lui, son rang."
    return serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=32_000, help_text=aide
    )


def _listes(forme: ag.Agregat) -> dict[str, serializers.Field]:
    """Une liste envoyée remplace la liste entière ; sans numéro, c'est le rang."""
    return {
        p.nom: serialiseur(nom_du_schema(p.modele), p.modele, p.champs, p.tenus, numero=_numero())(
            many=True, required=False, max_length=ELEMENTS_MAX
        )
        for p in forme.listes
    }


def _volets(forme: ag.Agregat) -> dict[str, serializers.Field]:
    return {
        p.nom: serialiseur(nom_du_schema(p.modele), p.modele, p.champs, p.tenus)(
            required=False, allow_null=True
        )
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
    ("nom", "qualites", "actif"),
    frozenset({"nom", "qualites", "actif"}),
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


@extend_schema_serializer(component_name="Referentiel")
class ReferentielEnBref(serializers.Serializer):
    """Un référentiel ; `lignes` seulement quand on le demande par son nom."""

    nom = serializers.CharField()
    libelle = serializers.CharField()
    nombre = serializers.IntegerField()


@extend_schema_serializer(component_name="ReferentielComplet")
class ReferentielComplet(ReferentielEnBref):
    lignes = LigneReferentiel(many=True)
