"""Qui : l'organisme qui tient le registre, les tiers qu'il cite, les personnes qui y travaillent."""

import uuid
from typing import ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django_scopes import scopes_disabled

from journal.bases import GestionnaireJournalise, ModeleJournalise, QuerySetJournalise
from organismes import identite, siren
from organismes.champs import ChampCodes, ligne, oui_non, qui_se_voit, texte
from organismes.champs_derives import ChampDerive, Designe, designation
from organismes.choix import DoctrineProfilage, QualiteTiers, UlterieursAutorises
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.invariants import Invariant
from organismes.jours import jour_et_mois
from organismes.models_envois import Brouillon, EnvoiRecu
from organismes.models_personnes import Habilitation, Utilisateur
from organismes.models_referentiels import ChangementReferentiel, DecisionAdequation, Pays, Secteur

__all__ = [
    "Brouillon",
    "ChangementReferentiel",
    "DecisionAdequation",
    "EnvoiRecu",
    "Habilitation",
    "Organisme",
    "Pays",
    "Secteur",
    "Tiers",
    "Utilisateur",
]


class Identite(models.Model):
    """Coordonnées d'une personne morale."""

    adresse = ligne("adresse")
    code_postal = ligne("code postal", longueur=20)
    ville = ligne("ville", longueur=120)
    pays = models.ForeignKey(
        Pays, models.PROTECT, verbose_name="pays", null=True, blank=True, related_name="+", db_index=False
    )
    telephone = ligne("téléphone", longueur=40)
    courriel = models.EmailField("adresse électronique", blank=True)

    class Meta:
        abstract = True


class Organisme(Identite, ModeleJournalise):
    """L'entreprise dont ce registre décrit les traitements (RGPD art. 30(1)(a) et 30(2)(a))."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    raison_sociale = ligne(
        "raison sociale",
        "Le nom qui figurera sur le registre : celui du responsable du traitement (art. 30(1)(a)).",
        blank=False,
        validators=[qui_se_voit],
    )
    siren = ligne(
        "numéro SIREN", "Neuf chiffres ; laissez vide hors de France.", 9, validators=[siren.verifier]
    )
    site = models.URLField("site internet", blank=True)
    representant_legal = ligne(
        "représentant légal", "La personne qui engage l'organisme : gérant, président."
    )
    representant_legal_qualite = ligne("qualité du représentant légal", longueur=120)

    etabli_ue = oui_non(
        "établi dans l'Union européenne",
        "Un responsable établi hors de l'Union qui vise des personnes qui s'y trouvent désigne un "
        "représentant (art. 3(2) et 27).",
    )
    representant_ue_nom = ligne(
        "représentant dans l'Union", "Seulement si l'organisme est établi hors de l'Union (art. 27)."
    )
    representant_ue_adresse = ligne("adresse du représentant")
    representant_ue_code_postal = ligne("code postal du représentant", longueur=20)
    representant_ue_ville = ligne("ville du représentant", longueur=120)
    representant_ue_telephone = ligne("téléphone du représentant", longueur=40)
    representant_ue_courriel = models.EmailField("adresse électronique du représentant", blank=True)

    representant_ue_exception = ligne(
        "exception à la désignation d'un représentant",
        "Si aucun n'est désigné : pourquoi l'article 27(2) en dispense (traitement occasionnel et sans risque, autorité "
        "publique).",
        500,
    )

    dpo_obligatoire = oui_non(
        "désignation d'un délégué obligatoire",
        "Obligatoire pour une autorité publique, un suivi régulier et systématique à grande échelle, ou des "
        "données des articles 9 et 10 à grande échelle (art. 37(1)).",
    )
    dpo_nom = ligne(
        "délégué(e) à la protection des données",
        "Nom et prénom, si un délégué est désigné (art. 30(1)(a), 37).",
    )
    dpo_societe = ligne(
        "société, pour une délégation externe", "Laissez vide si la fonction est tenue dans l'organisme."
    )
    dpo_adresse = ligne("adresse (DPO)")
    dpo_code_postal = ligne("code postal (DPO)", longueur=20)
    dpo_ville = ligne("ville (DPO)", longueur=120)
    dpo_telephone = ligne("téléphone (DPO)", longueur=40)
    dpo_courriel = models.EmailField("adresse électronique (DPO)", blank=True)

    secteur = models.ForeignKey(
        Secteur,
        models.PROTECT,
        verbose_name="secteur d'activité",
        null=True,
        blank=True,
        related_name="+",
        help_text="Certains secteurs sont hors du référentiel CNIL de gestion commerciale. Aucun n'est hors "
        "du RGPD (art. 2 et 3).",
    )
    autorite_publique = oui_non(
        "autorité publique",
        "État, collectivité, établissement public ou organisme chargé d'une mission de service public : l'intérêt légitime "
        "ne fonde pas ce qui relève de ses missions (art. 6(1), second alinéa), et un délégué est obligatoire (art. 37(1)(a)).",
    )
    effectif = models.PositiveIntegerField(
        "effectif", null=True, blank=True, help_text="Nombre de personnes employées (art. 30(5))."
    )
    cloture_exercice = ligne(
        "clôture de l'exercice comptable",
        "Le jour et le mois, « 31/12 » : une durée qui court de la clôture se compte depuis elle. Vide : l'année civile.",
        5,
        validators=[jour_et_mois],
    )
    est_sous_traitant = oui_non(
        "agit aussi comme sous-traitant",
        "Si l'organisme traite des données pour le compte d'autrui, il tient un second registre (art. 30(2)).",
    )
    derogation_30_5 = oui_non(
        "dérogation de l'article 30(5) invoquée",
        "Elle ne couvre pas un traitement habituel, comme un fichier de clients.",
    )
    declare_hors_rgpd = oui_non(
        "déclaré hors du RGPD",
        "Renseigné par une reprise. Aucun secteur n'est exclu du RGPD pour ce motif (art. 2 et 3).",
    )
    doctrine_profilage = models.CharField(
        "doctrine de profilage",
        max_length=40,
        choices=DoctrineProfilage.choices,
        default=DoctrineProfilage.DROIT_COMMUN,
        help_text="Un choix de l'organisme, plus exigeant que la loi s'il le veut.",
    )
    delai_revue_mois = models.PositiveSmallIntegerField(
        "délai de revue (mois)",
        default=12,
        validators=[MinValueValidator(1)],
        help_text="Temps au bout duquel une fiche inchangée est à revoir (art. 5(2), 24(1)).",
    )
    reprise = models.JSONField("éléments repris d'un import", default=list, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, db_column="version")

    objects = gestionnaire("pk", GestionnaireJournalise)  # une portée ne voit que son organisme

    class Meta:
        ordering = ["raison_sociale"]
        verbose_name = "organisme"

    def __str__(self) -> str:
        return self.raison_sociale

    def clean(self) -> None:
        super().clean()
        if siren.valide(self.siren) and self._siren_d_un_autre():
            raise ValidationError(
                {
                    "siren": "Un organisme d'un autre nom porte déjà ce numéro dans cette instance : vérifiez-le."
                }
            )

    def _siren_d_un_autre(self) -> bool:
        """Le même nom peut se créer deux fois (une reprise à côté de l'ancien) ; un numéro inchangé ne se refuse pas."""
        # Un numéro vaut pour toute l'instance ; rien d'autre n'est dit de son porteur.
        with scopes_disabled():
            porteurs = list(Organisme.objects.filter(siren=self.siren))
        if any(o.pk == self.pk for o in porteurs):
            return False
        return any(not identite.memes_noms(o.raison_sociale, self.raison_sociale) for o in porteurs)


class QuerySetTiers(QuerySetJournalise["Tiers"]):
    def actifs(self) -> Self:
        """Ceux que l'on propose encore ; les autres restent lisibles là où une fiche les cite."""
        return self.filter(actif=True)


_GestionnaireTiers = models.Manager.from_queryset(QuerySetTiers)


class GestionnaireTiers(_GestionnaireTiers["Tiers"]):
    pass


class Tiers(Identite, Designe, ModeleCloisonne):
    """Une entité que plusieurs fiches citent : sous-traitant, responsable conjoint, client, partenaire, source."""

    DESIGNATION = "nom"
    DEJA_PRIS = "Un tiers porte déjà ce nom. C'est « {autre} »."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="tiers")
    nom = designation("nom", "Raison sociale. Un même tiers ne s'inscrit qu'une fois.")
    qualites = ChampCodes(
        "qualités",
        choix=QualiteTiers,
        help_text="Ce que ce tiers est pour vous ; plusieurs réponses possibles.",
    )
    siren = ligne(
        "numéro SIREN", "Neuf chiffres ; laissez vide hors de France.", 9, validators=[siren.verifier]
    )
    contact = ligne("personne à contacter")
    representant = ligne(
        "représentant", "Pour un client établi hors de l'Union : son représentant (art. 27, 30(2)(a))."
    )
    dpo_nom = ligne(
        "délégué(e) à la protection des données du tiers", "Exigé pour un client (art. 30(2)(a))."
    )
    dpo_courriel = models.EmailField("adresse électronique (DPO du tiers)", blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="sous-traitant principal",
        null=True,
        blank=True,
        related_name="ulterieurs",
        help_text="Pour un sous-traitant ultérieur : le sous-traitant qui l'a recruté (art. 28(4)).",
    )
    contrat_art28 = oui_non(
        "contrat de sous-traitance conclu",
        "Le contrat écrit que l'article 28(3) exige avec un sous-traitant.",
    )
    contrat_date = models.DateField("date du contrat", null=True, blank=True)
    contrat_fin = models.DateField("fin du contrat", null=True, blank=True)
    contrat_document = ligne("document contractuel", "Référence ou adresse du contrat signé.", 500)
    ulterieurs_autorises = models.CharField(
        "sous-traitants ultérieurs",
        max_length=30,
        choices=UlterieursAutorises.choices,
        blank=True,
        help_text="Ce que le contrat prévoit pour le recrutement d'autres sous-traitants (art. 28(2)).",
    )
    remarques = texte("remarques")
    revision = models.PositiveIntegerField(default=1, editable=False, db_column="version")
    actif = models.BooleanField(
        "en usage",
        default=True,
        help_text="Non : il n'est plus proposé aux fiches, et reste lisible là où elles le citent.",
    )
    fusionne_dans = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name="fusionné dans",
        null=True,
        blank=True,
        editable=False,
        related_name="absorbes",
    )
    nom_cle = ChampDerive("nom", "cle")
    nom_tri = ChampDerive("nom", "tri")
    nom_mots = ChampDerive("nom", "mots")

    objects: ClassVar[GestionnaireTiers] = gestionnaire("organisme", GestionnaireTiers)

    class Meta:
        ordering = ["nom_tri"]
        verbose_name = "tiers"
        verbose_name_plural = "tiers"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "nom_cle"],
                name="tiers_nom_unique",
                violation_error_message="Un tiers porte déjà ce nom.",
            ),
            Invariant(
                condition=Q(contrat_fin__isnull=True)
                | Q(contrat_date__isnull=True)
                | Q(contrat_fin__gte=F("contrat_date")),
                name="tiers_contrat_dates",
                violation_error_message="Le contrat ne peut pas finir avant d'avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        if self.actif and self.fusionne_dans_id:
            raise ValidationError({"actif": f"Ce tiers a été fusionné dans « {self.fusionne_dans} »."})
        self._sans_boucle("parent", "Un tiers ne peut pas être son propre sous-traitant.")
        self._sans_boucle("fusionne_dans", "Un tiers ne peut pas être fusionné dans lui-même.")

    def _sans_boucle(self, lien: str, refus: str) -> None:
        """Remonte le lien de tiers en tiers. Lève `ValidationError` s'il revient sur l'un d'eux."""
        suivant, vus = getattr(self, lien), {self.pk}
        while suivant is not None:
            if suivant.pk in vus:
                raise ValidationError({lien: refus})
            vus.add(suivant.pk)
            suivant = getattr(suivant, lien)
