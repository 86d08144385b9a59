"""Combien de temps : les durées de conservation d'une fiche (RGPD art. 5(1)(e), 30(1)(f) ; LIL art. 4, 5°)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from conservation.choix import Appliquee, Phase, SortFinal, Technique
from conservation.durees import UNITES
from conservation.models_operations import Epreuve, JetonAgenda, Operation, Rappel
from conservation.models_plans import PlanReleve
from conservation.models_referentiels import DureeReference
from organismes.champs import ChampCodes, ChampLignes, ligne, oui_non, texte
from organismes.invariants import Invariant
from traitements.elements import ElementDeFiche, fiche, numero_unique
from traitements.models import Evenement

__all__ = [
    "Epreuve",
    "JetonAgenda",
    "Operation",
    "PlanReleve",
    "Rappel",
    "DureeConservation",
    "DureeReference",
]


class DureeConservation(ElementDeFiche):
    """Une durée, ou un critère, pour un ensemble de catégories de données et une phase.

    Les catégories sont celles du référentiel, non des lignes de la fiche : on remplit la fiche d'un seul tenant.
    Vide, la durée vaut pour toutes les données de la fiche. `reunies` : les identifiants des lignes d'avant novembre 2026 (une par
    catégorie) que celle-ci réunit ; leurs opérations sont les siennes.
    """

    traitement = fiche("conservations")
    categories = ChampCodes(
        "catégories de données",
        referentiel="traitements.CategorieDonnees",
        help_text="Toutes celles que la même durée couvre : l'article 30(1)(f) demande un délai par catégorie. Aucune : toutes les "
        "données de la fiche.",
    )
    reunies = ChampLignes("durées réunies", editable=False)
    objet = ligne(
        "données couvertes", "Si la durée ne vise qu'une partie de ces données : « factures ».", 300
    )
    phase = models.CharField(
        "phase",
        max_length=30,
        choices=Phase.choices,
        blank=True,
        help_text="Base active : usage courant. Archivage intermédiaire : tri, accès restreint.",
    )
    duree_valeur = models.PositiveIntegerField(
        "durée", null=True, blank=True, validators=[MaxValueValidator(36_500)]
    )
    duree_unite = models.CharField("unité", max_length=5, choices=[(nom, nom) for nom in UNITES], blank=True)
    critere = ligne(
        "critère",
        "Quand aucun chiffre n'est possible : l'événement qui met fin à la conservation (art. 13(2)(a)).",
        500,
    )
    point_depart = models.ForeignKey(
        Evenement,
        models.PROTECT,
        verbose_name="point de départ",
        null=True,
        blank=True,
        related_name="+",
        help_text="L'événement à compter duquel la durée court : sans lui, elle ne s'applique pas.",
    )
    point_depart_precisions = ligne("précision du point de départ", longueur=300)
    ouverture_vaut_contact = oui_non(
        "l'ouverture d'un courriel compte comme un contact",
        "La simple ouverture n'est pas un contact émanant du prospect (référentiel CNIL 2021-131, § 7).",
    )
    sort_final = models.CharField(
        "sort final",
        max_length=30,
        choices=SortFinal.choices,
        blank=True,
        help_text="Ce que deviennent les données à l'échéance.",
    )
    technique = models.CharField(
        "technique", max_length=30, choices=Technique.choices, blank=True, help_text="Pour une anonymisation."
    )
    acces_restreint = oui_non(
        "accès restreint", "Condition de l'archivage intermédiaire, avec un tri préalable."
    )
    regle_reference = models.ForeignKey(
        DureeReference,
        models.PROTECT,
        verbose_name="durée de référence",
        null=True,
        blank=True,
        related_name="+",
        help_text="La durée de référence dont celle-ci s'inspire.",
    )
    source = ligne("source", "Texte qui fonde la durée : « C. com. art. L123-22 ».", 500)
    justification_ecart = texte("justification d'un écart", "Si vous dépassez la durée de référence.", 2000)
    appliquee = models.CharField(
        "durée appliquée ?",
        max_length=15,
        choices=Appliquee.choices,
        blank=True,
        help_text="Les données ne se gardent pas au-delà de ce qui est nécessaire (RGPD art. 5(1)(e)).",
    )
    appliquee_precisions = ligne("comment, ou pourquoi non", longueur=500)
    derniere_purge = models.DateField("dernière purge", null=True, blank=True)
    echeance = models.DateField("prochaine échéance", null=True, blank=True)
    frequence_mois = models.PositiveSmallIntegerField(
        "intervalle entre deux purges, en mois",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="La fréquence des purges, quand le terme dépend de chaque personne (dernier contact).",
    )
    suspension_debut = models.DateField(
        "suspendue depuis",
        null=True,
        blank=True,
        help_text="Une procédure en cours suspend l'effacement des dossiers qu'elle concerne, et d'eux seuls.",
    )
    suspension_fin = models.DateField("suspendue jusqu'au", null=True, blank=True)
    suspension_dossiers = ligne(
        "dossiers suspendus",
        "Lesquels : « les commandes du litige 2026-114 ». Le reste échoit comme avant.",
        500,
    )
    suspension_filtre = ligne(
        "filtre des dossiers suspendus",
        "Ce qui les ôte d'un relevé : « litige!=2026-114 ».",
        300,
    )
    suspension_motif = ligne("motif de la suspension", longueur=300)
    texte_origine = texte("texte d'origine", "Le texte tapé ou importé, gardé tel quel.", 3000)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "durée de conservation"
        verbose_name_plural = "durées de conservation"
        db_table = "conservation_regleconservation"  # le nom que la base lui a donné d'abord
        constraints = [
            numero_unique("regleconservation_numero_unique"),
            Invariant(
                condition=Q(duree_valeur__isnull=True, duree_unite="")
                | Q(duree_valeur__isnull=False) & ~Q(duree_unite=""),
                name="duree_et_unite",
                violation_error_message="Une durée se compose d'un nombre et d'une unité.",
            ),
        ]
