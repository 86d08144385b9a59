"""Les ressources de l'API. Chacune est bornée à l'organisme actif ; chaque écriture passe par le service."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django_filters import rest_framework as filtres
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import viewsets
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from organismes.droits import Permission, peut
from organismes.models import Tiers
from organismes.pliage import debut_d_ordre, plier
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import enregistrer
from registre.fiche.recherche import chercher, chercher_tiers
from registre.fiche.referentiels import REFERENTIELS
from registre.portes.api import serialiseurs as s
from registre.portes.api.droits import SelonAcces
from registre.portes.api.ecritures import (
    IDEMPOTENCE,
    IF_MATCH,
    ORGANISME,
    REPONSES_CREATION,
    REPONSES_ECRITURE,
    revision_lue,
    une_seule_fois,
    verifier_organisme,
)
from registre.portes.requetes.designation import entier
from traitements.choix import Famille, Qualite, Statut

GARDES = {"statut", "a_confirmer"}  # ils ne changent que nommés : se taire ne valide rien, ne confirme rien


def etiquette(revision: int) -> str:
    return f'"{revision}"'


def donnees_de(request, pk: UUID | None = None) -> dict[str, Any]:
    """Le corps, sans l'`id` renvoyé tel qu'on l'a lu. Un autre est refusé par son nom, comme un champ inconnu."""
    if not entier(request.META.get("CONTENT_LENGTH")) or not isinstance(request.data, dict):
        raise ParseError("Il faut un objet JSON.")
    relu = {"id": str(pk)} if pk else {}
    return {nom: v for nom, v in request.data.items() if relu.get(nom, ...) != v}


class Ressource(viewsets.GenericViewSet):
    """Base des ressources d'un organisme : `forme` décrit l'agrégat, `complet` et `resume` ses sérialiseurs."""

    permission_classes: ClassVar = [SelonAcces]
    forme: ClassVar[ag.Agregat]
    lookup_value_converter = "uuid"

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):  # le schéma se fabrique hors de toute portée
            return self.forme.modele.objects.none()
        return self.forme.modele.objects.all()

    def initial(self, request, *args, **options):
        super().initial(request, *args, **options)
        verifier_organisme(request)

    def creer(self, request, ecrire) -> Response:
        """201, et une seule fois si la requête porte une clé d'idempotence."""
        return une_seule_fois(
            request, lambda: self.repondre(ecrire(), 201), lambda pk: self.repondre(self.charger(pk), 201)
        )

    def charger(self, pk):
        trouve = self.forme.charger(self.get_queryset().filter(pk=pk)).first()
        if trouve is None:
            raise Http404
        return trouve

    def repondre(self, objet, statut: int = 200) -> Response:
        """La forme canonique relue en base, ses tiers par leur nom, et son ETag."""
        objet = self.charger(objet.pk)
        corps = {"id": str(objet.pk), **ag.instantane_de(self.forme, objet, ag.par_nom)}
        reponse = Response(corps, status=statut)
        if hasattr(objet, "revision"):
            reponse["ETag"] = etiquette(objet.revision)
        return reponse

    def page(self, serialiseur) -> Response:
        objets = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        champs = [c for c in serialiseur._declared_fields if c != "id"]
        lignes = [{"id": str(o.pk), **{c: ag.valeur(o, c) for c in champs}} for o in objets]
        return self.get_paginated_response(lignes)


class FiltreFiches(filtres.FilterSet):
    """Déclarés un à un : les déduire du modèle lirait la base hors de toute portée."""

    q = filtres.CharFilter(method="chercher", label="mots cherchés dans toute la fiche")
    reference = filtres.CharFilter(method="de_reference", label="référence")
    famille = filtres.ChoiceFilter(choices=Famille.choices)
    service = filtres.CharFilter(method="du_service", label="service")
    statut = filtres.ChoiceFilter(choices=Statut.choices, label="état")
    qualite = filtres.ChoiceFilter(choices=Qualite.choices, label="qualité")
    base_legale = filtres.CharFilter(field_name="finalites__base_legale", distinct=True, label="base légale")

    def chercher(self, fiches, nom, valeur):
        return chercher(fiches, valeur)

    def de_reference(self, fiches, nom, valeur):
        return fiches.filter(reference_cle=plier(valeur))

    def du_service(self, fiches, nom, valeur):
        return fiches.filter(service_tri__startswith=debut_d_ordre(valeur))


class FiltreTiers(filtres.FilterSet):
    q = filtres.CharFilter(method="chercher", label="mots du nom")
    actif = extend_schema_field({"type": "string", "enum": ["true", "false"]})(
        filtres.ChoiceFilter(choices=(("true", "oui"), ("false", "non")), method="en_usage", label="en usage")
    )

    def en_usage(self, tiers, nom, valeur):
        return tiers.filter(actif=valeur == "true")

    def chercher(self, tiers, nom, valeur):
        return chercher_tiers(tiers, valeur)


class Fiches(Ressource):
    """Les fiches du registre, entières : toutes leurs listes en une requête, une entrée de journal par écriture."""

    forme = ag.FICHE
    filterset_class = FiltreFiches
    serializer_class = s.Fiche

    @extend_schema(responses=s.FicheResume(many=True))
    def list(self, request):
        return self.page(s.FicheResume)

    @extend_schema(responses=s.Fiche)
    def retrieve(self, request, pk):
        return self.repondre(self.charger(pk))

    @extend_schema(
        request=s.Fiche, responses={201: s.Fiche, **REPONSES_CREATION}, parameters=[ORGANISME, IDEMPOTENCE]
    )
    def create(self, request):
        return self.creer(request, lambda: self._ecrire(request, None, donnees_de(request), None))

    @extend_schema(
        request=s.Fiche, responses={200: s.Fiche, **REPONSES_ECRITURE}, parameters=[IF_MATCH, ORGANISME]
    )
    def update(self, request, pk):
        """Remplace la fiche : ce que le corps ne nomme pas redevient vide."""
        vide: dict[str, Any] = {p.nom: [] for p in self.forme.listes} | {
            p.nom: None for p in self.forme.volets
        }
        vide |= {c: None for c in self.forme.champs if c not in {*self.forme.tenus, *GARDES}}
        return self.repondre(
            self._ecrire(request, self.charger(pk), vide | donnees_de(request, pk), revision_lue(request))
        )

    @extend_schema(
        request=s.Fiche, responses={200: s.Fiche, **REPONSES_ECRITURE}, parameters=[IF_MATCH, ORGANISME]
    )
    def partial_update(self, request, pk):
        """Change ce que le corps nomme ; une liste nommée est remplacée entière."""
        return self.repondre(
            self._ecrire(request, self.charger(pk), donnees_de(request, pk), revision_lue(request))
        )

    def _ecrire(self, request, fiche, donnees, revision):
        http = request._request
        return enregistrer_fiche(
            donnees,
            organisme=http.organisme,
            auteur=http.auteur,
            fiche=fiche,
            revision=revision,
            valideur=peut(http, Permission.VALIDER_FICHE),
        ).objet


class LesTiers(Ressource):
    """Les tiers de l'organisme ; un nom n'y figure qu'une fois."""

    forme = ag.TIERS
    filterset_class = FiltreTiers
    serializer_class = s.FicheTiers

    @extend_schema(responses=s.TiersResume(many=True))
    def list(self, request):
        return self.page(s.TiersResume)

    @extend_schema(responses=s.FicheTiers)
    def retrieve(self, request, pk):
        return self.repondre(self.charger(pk))

    @extend_schema(
        request=s.FicheTiers,
        responses={201: s.FicheTiers, **REPONSES_CREATION},
        parameters=[ORGANISME, IDEMPOTENCE],
    )
    def create(self, request):
        neuf = Tiers(organisme=request._request.organisme)
        return self.creer(request, lambda: self._ecrire(request, neuf, donnees_de(request), None))

    @extend_schema(
        request=s.FicheTiers,
        responses={200: s.FicheTiers, **REPONSES_ECRITURE},
        parameters=[IF_MATCH, ORGANISME],
    )
    def update(self, request, pk):
        vide = dict.fromkeys(c for c in self.forme.champs if c not in self.forme.tenus)
        return self.repondre(
            self._ecrire(request, self.charger(pk), vide | donnees_de(request, pk), revision_lue(request))
        )

    @extend_schema(
        request=s.FicheTiers,
        responses={200: s.FicheTiers, **REPONSES_ECRITURE},
        parameters=[IF_MATCH, ORGANISME],
    )
    def partial_update(self, request, pk):
        donnees = donnees_de(request, pk)
        return self.repondre(self._ecrire(request, self.charger(pk), donnees, revision_lue(request)))

    def _ecrire(self, request, tiers, donnees, revision):
        auteur = request._request.auteur
        return enregistrer(self.forme, donnees, tiers, auteur=auteur, revision=revision).objet


class Organismes(Ressource):
    """L'organisme actif, seul visible."""

    forme = ag.ORGANISME
    serializer_class = s.FicheOrganisme

    @extend_schema(responses=s.OrganismeResume(many=True))
    def list(self, request):
        return self.page(s.OrganismeResume)

    @extend_schema(responses=s.FicheOrganisme)
    def retrieve(self, request, pk):
        return self.repondre(self.charger(pk))

    @extend_schema(
        request=s.FicheOrganisme,
        responses={200: s.FicheOrganisme, **REPONSES_ECRITURE},
        parameters=[IF_MATCH, ORGANISME],
    )
    def partial_update(self, request, pk):
        organisme, auteur = self.charger(pk), request._request.auteur
        donnees, revision = donnees_de(request, pk), revision_lue(request)
        return self.repondre(
            enregistrer(self.forme, donnees, organisme, auteur=auteur, revision=revision).objet
        )


NOM = OpenApiParameter("pk", str, "path", description="Nom du référentiel, par exemple « bases-legales ».")


class Referentiels(viewsets.ViewSet):
    """Les référentiels du produit, avec la source et la marque de chaque ligne."""

    permission_classes: ClassVar = [SelonAcces]

    @extend_schema(responses=s.ReferentielEnBref(many=True))
    def list(self, request):
        return Response([_decrire(nom, modele) for nom, modele in REFERENTIELS.items()])

    @extend_schema(responses=s.ReferentielComplet, parameters=[NOM])
    def retrieve(self, request, pk):
        if pk not in REFERENTIELS:
            raise Http404
        modele = REFERENTIELS[pk]
        return Response({**_decrire(pk, modele), "lignes": [_ligne(ligne) for ligne in modele.objects.all()]})


COMMUNS = ("code", "libelle", "source", "verifie", "actif")


def _decrire(nom: str, modele) -> dict[str, Any]:
    nombre = modele.objects.filter(actif=True).count()
    return {"nom": nom, "libelle": str(modele._meta.verbose_name_plural), "nombre": nombre}


def _ligne(ligne) -> dict[str, Any]:
    autres = [c.name for c in ligne._meta.concrete_fields if c.name not in {*COMMUNS, "ordre"}]
    communs = {c: getattr(ligne, c) for c in COMMUNS}
    return {**communs, "attributs": {c: ag.valeur(ligne, c) for c in autres}}
