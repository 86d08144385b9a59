"""Le référentiel des durées, chacune avec sa nature, sa force et sa source."""

from django.db import models

from organismes.referentiel import Referentiel, Verification
from traitements.models_referentiels import Evenement

__all__ = ["DureeReference"]


class DureeReference(Referentiel):
    """Une durée de conservation. `source` cite son texte ; `force` dit ce qu'il vaut.

    De nature « droit » ou « délai », elle n'en est pas une : un délai laissé à la personne, ou à vous pour agir. Une fiche
    peut la citer, elle n'oblige à rien garder. `situation` et `quand` aident à choisir, sans rien ajouter au droit.

    Une durée de force « usage », ou dont la marque est « mémoire », est une proposition, jamais la loi.
    """

    class Nature(models.TextChoices):
        MAXIMALE = "maximale", "à ne pas dépasser sans justification"
        MINIMALE = "minimale", "minimum"
        FIXE = "fixe", "imposée"
        CRITERE = "critere", "critère à documenter"
        DROIT = "droit", "droit de la personne : n'oblige pas à conserver"
        DELAI = "delai", "délai pour agir, non une durée de conservation"

    class SituationVisee(models.TextChoices):
        """À qui, ou à quoi, la durée s'applique ; dans l'ordre où le formulaire les propose."""

        PROSPECT = "prospect", "Prospect"
        CLIENT = "client", "Client"
        COMPTE = "compte", "Compte en ligne"
        CONTRAT = "contrat", "Contrat et commande"
        CONTRAT_ELECTRONIQUE = "contrat_electronique", "Contrat électronique de 120 € ou plus"
        COMPTABILITE = "comptabilite", "Factures et comptabilité"
        PAIEMENT = "paiement", "Paiement"
        GARANTIE = "garantie", "Garantie et service après-vente"
        RECLAMATION = "reclamation", "Réclamation et échanges"
        IMPAYE = "impaye", "Impayé et contentieux"
        CHOIX = "choix", "Consentement, opposition, exercice des droits"
        FIDELITE = "fidelite", "Programme de fidélité"
        ENQUETE = "enquete", "Jeu, étude, enquête"
        AVIS = "avis", "Avis en ligne"
        TRACEUR = "traceur", "Traceurs et audience"
        APPEL = "appel", "Appels enregistrés"
        CESSION = "cession", "Fichier loué, cédé ou échangé"
        STATISTIQUE = "statistique", "Statistiques et profils"
        SECURITE = "securite", "Sécurité et preuves"
        AUTRE = "autre", "Autres situations"

    class Force(models.TextChoices):
        CONTRAIGNANT = "contraignant", "loi ou règlement"
        PRESCRIPTION = "prescription", "délai pour agir en justice"
        RECOMMANDE = "recommande", "recommandation de la CNIL"
        JURISPRUDENCE = "jurisprudence", "décision ou arrêt"
        USAGE = "usage", "usage : proposition, sans texte chiffré"
        HISTORIQUE = "historique", "ancien texte, gardé comme repère"

    traitements = models.JSONField("modèles de traitements", default=list)
    categories = models.JSONField("catégories de données", default=list)
    phase = models.CharField("phase", max_length=30)
    duree = models.CharField("durée (ISO 8601)", max_length=10, blank=True)
    duree_valeur = models.PositiveIntegerField("durée", null=True, blank=True)
    duree_unite = models.CharField("unité", max_length=5, blank=True)
    duree_min = models.CharField("durée minimale (ISO 8601)", max_length=10, blank=True)
    critere = models.CharField("critère", max_length=400, blank=True)
    situation = models.CharField("situation", max_length=20, choices=SituationVisee.choices, blank=True)
    quand = models.CharField("quand elle s'applique", max_length=200, blank=True)
    nature = models.CharField("nature", max_length=12, choices=Nature.choices)
    force = models.CharField("force", max_length=15, choices=Force.choices)
    type_source = models.CharField("type de source", max_length=30)
    point_depart = models.ForeignKey(
        Evenement, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="point de départ"
    )
    sort_final = models.CharField("sort final", max_length=30)
    regle_suivante = models.CharField("durée suivante", max_length=60, blank=True)
    doute = models.BooleanField("point à relire", default=False)

    class Meta(Referentiel.Meta):
        db_table = "conservation_reglereference"  # le nom que la base lui a donné d'abord
        verbose_name = "durée de référence"
        verbose_name_plural = "référentiel des durées"

    def __str__(self) -> str:
        """Dit toujours ce que la durée vaut : un usage ou une durée à relire ne passe pas pour la loi."""
        relire = ", à relire" if self.a_relire else ""
        return f"{self.libelle} ({self.get_force_display()}{relire})"

    @property
    def nature_dite(self) -> str:
        """« durée à ne pas dépasser sans justification », « critère à documenter », « droit de la personne… »."""
        seule = {self.Nature.CRITERE, self.Nature.DROIT, self.Nature.DELAI}
        return f"{'' if self.nature in seule else 'durée '}{self.get_nature_display()}"

    @property
    def a_relire(self) -> bool:
        """Son texte n'a pas été lu, ou sa lecture laisse un doute."""
        return self.doute or self.verifie == Verification.MEMOIRE
