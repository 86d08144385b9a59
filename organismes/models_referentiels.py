"""Référentiels de la pièce `organismes` : pays, décisions d'adéquation, secteurs."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from organismes.referentiel import Referentiel

__all__ = ["ChangementReferentiel", "DecisionAdequation", "Pays", "Secteur"]


class Pays(Referentiel):
    """Pays ou territoire (ISO 3166-1), ou organisation internationale. `code` : ISO alpha-2."""

    class Situation(models.TextChoices):
        UE = "ue", "Union européenne"
        AELE = "aele-eee", "Espace économique européen hors Union"
        FRANCAIS_UE = "francais-ue", "Outre-mer français, dans l'Union"
        FRANCAIS_HORS_UE = "francais-hors-ue", "Outre-mer français, hors de l'Union"
        TIERS = "tiers", "Pays tiers"
        ORGANISATION = "organisation-internationale", "Organisation internationale"

    statut = models.CharField("situation", max_length=30, choices=Situation.choices)
    autres_noms = models.JSONField("autres graphies", default=list, blank=True)

    class Meta(Referentiel.Meta):
        ordering = ["ordre", "libelle"]
        verbose_name = "pays"
        verbose_name_plural = "pays"

    @property
    def dans_eee(self) -> bool:
        """Sans transfert au sens du chapitre V. L'outre-mer hors de l'Union relève de la loi de 1978, titre V."""
        return self.statut in {self.Situation.UE, self.Situation.AELE, self.Situation.FRANCAIS_UE}


class QuerySetDecision(models.QuerySet["DecisionAdequation"]):
    def en_vigueur(self, le: date) -> Self:
        """Les décisions qui valent ce jour-là (bornes comprises)."""
        return self.filter(Q(date_fin__isnull=True) | Q(date_fin__gte=le), date_effet__lte=le)


_GestionnaireDecisions = models.Manager.from_queryset(QuerySetDecision)


class GestionnaireDecisions(_GestionnaireDecisions["DecisionAdequation"]):
    pass


class DecisionAdequation(Referentiel):
    """Décision d'adéquation (RGPD art. 45). `date_fin` : dernier jour où elle vaut."""

    pays = models.ForeignKey(Pays, models.PROTECT, related_name="decisions", verbose_name="pays")
    date_effet = models.DateField("en vigueur depuis")
    date_fin = models.DateField("en vigueur jusqu'au", null=True, blank=True)
    portee = models.TextField("portée", blank=True)
    partielle = models.BooleanField("partielle", default=False)
    contentieux = models.TextField("contentieux", blank=True)
    verification_importateur = models.CharField("où vérifier l'importateur", max_length=300, blank=True)
    doute = models.TextField("point à relire", blank=True)

    objects: ClassVar[GestionnaireDecisions] = GestionnaireDecisions()

    class Meta(Referentiel.Meta):
        verbose_name = "décision d'adéquation"
        verbose_name_plural = "décisions d'adéquation"


class Secteur(Referentiel):
    """Secteur d'activité. Tous sont soumis au RGPD ; certains sont hors d'un référentiel de la CNIL."""

    soumis_rgpd = models.BooleanField("soumis au RGPD", default=True)
    hors_referentiel_gestion_commerciale = models.BooleanField(
        "hors du référentiel gestion commerciale", default=False
    )
    hors_referentiel_impayes = models.BooleanField("hors du référentiel impayés", default=False)
    textes_propres = models.JSONField("textes propres au secteur", default=list, blank=True)
    absent_du_seed = models.BooleanField("absent du texte fondateur", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "secteur"


class ChangementReferentiel(models.Model):
    """Une ligne qu'une version nouvelle des référentiels a changée ou retirée : les fiches qui la citent sont à actualiser.

    Ni cloisonné (il vaut pour toute l'instance) ni journalisé objet par objet : l'entrée « chargement » du journal le porte.
    """

    id = models.BigAutoField(primary_key=True)  # croissant : une fiche retient le dernier qu'elle a vu
    liste = models.CharField("référentiel", max_length=60)
    code = models.CharField("code", max_length=60)
    libelle = models.CharField("libellé", max_length=400)
    version = models.CharField("version des référentiels", max_length=30)
    le = models.DateField("chargé le")
    changements = models.JSONField("changements", default=list)  # [{"champ", "avant", "apres"}]
    retiree = models.BooleanField("retirée", default=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = "changement de référentiel"
        verbose_name_plural = "changements de référentiels"

    def __str__(self) -> str:
        return f"{self.libelle} ({self.code})"
