"""Quoi : la fiche de traitement, racine de l'agrégat, et ses parties."""

import uuid
from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from journal.bases import QuerySetJournalise
from organismes.champs import ChampLignes, ligne, oui_non, texte
from organismes.champs_derives import ChampDerive, Designe, designation
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.invariants import Invariant
from organismes.models import Organisme
from traitements import models_referentiels
from traitements.choix import DEPUIS, Famille, Qualite, Statut
from traitements.models_cas import Aipd, Avis, Cession, Information, Profilage
from traitements.models_donnees import DonneesTraitees, Finalite, PersonnesConcernees
from traitements.models_flux import (
    ClientTraitement,
    Destinataire,
    MesureOrganisme,
    MesureSecurite,
    ResponsableConjoint,
    Transfert,
)
from traitements.models_recherche import TexteCherche
from traitements.models_referentiels import *  # noqa: F403
from traitements.models_suivi import Ecart

__all__ = [
    "Aipd",
    "Avis",
    "Cession",
    "ClientTraitement",
    "Destinataire",
    "DonneesTraitees",
    "Ecart",
    "Finalite",
    "Information",
    "MesureOrganisme",
    "MesureSecurite",
    "PersonnesConcernees",
    "Profilage",
    "ResponsableConjoint",
    "TexteCherche",
    "Traitement",
    "Transfert",
    *models_referentiels.__all__,
]


INTITULE_MAX = 200  # caractères


class QuerySetTraitement(QuerySetJournalise["Traitement"]):
    def du_responsable(self) -> Self:
        """Le registre de l'article 30(1)."""
        return self.exclude(qualite=Qualite.SOUS_TRAITANT)

    def du_sous_traitant(self) -> Self:
        """Le registre de l'article 30(2)."""
        return self.filter(qualite=Qualite.SOUS_TRAITANT)

    def actifs(self) -> Self:
        """Brouillons et fiches validées : ce que l'on tient à jour."""
        return self.exclude(statut=Statut.ARCHIVEE)

    def en_vigueur(self) -> Self:
        """Les fiches validées : un brouillon ne décrit pas encore une activité que l'organisme déclare."""
        return self.filter(statut=Statut.VALIDEE)


_Gestionnaire = models.Manager.from_queryset(QuerySetTraitement)


class GestionnaireTraitements(_Gestionnaire["Traitement"]):
    pass


class Traitement(Designe, ModeleCloisonne):
    """Une fiche du registre (RGPD art. 30)."""

    DESIGNATION = "reference"
    DEJA_PRIS = "Une autre fiche porte déjà cette référence. C'est « {autre} »."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="traitements", editable=False, verbose_name="organisme"
    )
    reference = designation(
        "référence",
        "Courte et stable, par exemple TR-004. Elle désigne la fiche dans tous les documents.",
        40,
    )
    intitule = ligne(
        "intitulé",
        "Le nom de l'activité, tel que vos collègues la connaissent : « Prospection de particuliers par courriel ».",
        INTITULE_MAX,
        blank=False,
    )
    description = texte(
        "description",
        "L'objet du traitement et ses fonctionnalités, en quelques phrases (modèle de la CNIL).",
    )
    famille = models.CharField(
        "famille",
        max_length=20,
        choices=Famille.choices,
        blank=True,
        help_text="Pour ranger le registre ; sans portée juridique.",
    )
    qualite = models.CharField(
        "qualité de l'organisme",
        max_length=20,
        choices=Qualite.choices,
        help_text="Responsable : vous décidez des finalités et des moyens (art. 4(7)). Sous-traitant : vous agissez "
        "pour le compte d'un client (art. 4(8)) ; la fiche entre alors au registre de l'article 30(2).",
    )
    service = ligne(
        "service chargé de la mise en œuvre", "Direction ou service qui pilote le traitement.", 200
    )
    logiciels = texte(
        "logiciels et supports", "Applications, fichiers, dossiers papier, lieux d'hébergement.", 2000
    )
    volumes = ligne("volumes", "Ordre de grandeur : « environ 42 000 prospects ».", 300)
    statut = models.CharField(
        "état",
        max_length=12,
        choices=Statut.choices,
        default=Statut.BROUILLON,
        help_text="Seul le délégué valide ou archive une fiche.",
    )
    date_creation = models.DateField("création de la fiche", null=True, blank=True)
    date_mise_en_oeuvre = models.DateField("mise en œuvre du traitement", null=True, blank=True)
    date_maj = models.DateField("dernière mise à jour de la fiche", null=True, blank=True, editable=False)
    date_derniere_revue = models.DateField("dernière revue", null=True, blank=True)
    date_prochaine_revue = models.DateField(
        "prochaine revue", null=True, blank=True, help_text="Le registre se tient à jour (art. 5(2), 24(1))."
    )
    validee_le = models.DateField("validée le", null=True, blank=True, editable=False)
    archivee_le = models.DateField("archivée le", null=True, blank=True, editable=False)

    accord_art26 = texte(
        "accord entre responsables conjoints",
        "Référence ou grandes lignes de l'accord qui répartit les obligations (art. 26).",
        3000,
    )
    donnees_sensibles = oui_non(
        "données sensibles",
        "Le traitement porte-t-il sur des données de l'article 9 (santé, opinions, origine…) ? Répondez même par non.",
    )
    grande_echelle = oui_non(
        "grande échelle", "Nombre de personnes, volume, durée, étendue géographique (considérant 91)."
    )
    champs_libres = oui_non(
        "zones de texte libre",
        "Commentaires, verbatims, comptes rendus : ils recueillent souvent plus que nécessaire (art. 5(1)(c)).",
    )
    champs_libres_mesure = texte(
        "garde-fou des zones de texte libre", "Avertissement, liste de choix, contrôle périodique.", 2000
    )
    transferts_hors_eee = oui_non(
        "transferts hors de l'Espace économique européen",
        "Un accès à distance depuis un pays tiers est un transfert (art. 30(1)(e), chapitre V). Répondez même par non.",
    )
    securite_heritee = oui_non(
        "mesures de l'organisme applicables",
        "Les mesures de sécurité déclarées pour tout l'organisme valent-elles pour ce traitement ?",
    )
    securite_justification = texte(
        "absence de description",
        "Si vous ne décrivez aucune mesure : pourquoi ce n'est pas possible (art. 30(1)(g)).",
        2000,
    )
    referentiel = ligne(
        "référentiel suivi",
        "Texte de la CNIL pris pour repère, par exemple « CNIL 2021-131 ». Un référentiel n'est pas contraignant.",
        200,
    )
    ecart_justifie = texte("écart au référentiel", "Ce dont vous vous écartez, et pourquoi.", 3000)
    modele = ligne("modèle d'origine", longueur=60, editable=False)
    remarques = texte("remarques", "Tout ce qui n'a pas sa place ailleurs ; figure sur la fiche.")
    a_confirmer = ChampLignes(
        "rubriques à confirmer",
        editable=False,
        help_text="Ce qu'un modèle propose, ou qu'un import a lu sans certitude, et que personne n'a encore confirmé.",
    )
    alertes_lues = ChampLignes(
        "alertes lues à la validation",
        editable=False,
        help_text="Celles que le délégué a vues en validant, sans les lever.",
    )
    referentiels_lus = models.PositiveIntegerField(
        "dernier changement de référentiel relu", default=0, editable=False
    )
    reprise = models.JSONField("éléments repris d'un import", default=list, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, db_column="version")
    reference_cle = ChampDerive("reference", "cle")
    reference_tri = ChampDerive("reference", "tri")
    intitule_tri = ChampDerive("intitule", "tri")
    service_tri = ChampDerive("service", "tri")

    objects: ClassVar[GestionnaireTraitements] = gestionnaire("organisme", GestionnaireTraitements)

    class Meta:
        ordering = ["reference_tri"]
        verbose_name = "fiche"
        verbose_name_plural = "fiches"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "reference_cle"],
                name="traitement_reference_unique",
                violation_error_message="Une autre fiche porte déjà cette référence.",
            ),
            Invariant(
                condition=Q(statut__in=Statut.values),
                name="traitement_statut_connu",
                violation_error_message="Cet état n'existe pas.",
            ),
            Invariant(
                condition=Q(qualite__in=Qualite.values),
                name="traitement_qualite_connue",
                violation_error_message="Dites en quelle qualité vous agissez.",
            ),
        ]
        indexes = [
            models.Index(fields=["organisme", "statut"]),
            models.Index(fields=["organisme", "famille"]),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.intitule}"

    @property
    def etat_depuis(self) -> date | None:
        """Le jour où la fiche a pris son état : validée ou archivée ce jour-là ; rien pour un brouillon."""
        return getattr(self, DEPUIS[self.statut]) if self.statut in DEPUIS else None

    @property
    def est_sous_traitance(self) -> bool:
        return self.qualite == Qualite.SOUS_TRAITANT
