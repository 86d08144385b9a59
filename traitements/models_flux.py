"""À qui, où, sous quelle garde : destinataires, transferts, sécurité, partenaires (RGPD art. 26, 28, 30, 32, 44 s.)."""

import uuid

from django.db import models

from journal.bases import GestionnaireJournalise
from organismes.champs import ChampCodes, ligne, oui_non, texte
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.models import Organisme, Pays, Tiers
from traitements.choix import ModuleCct
from traitements.elements import ElementDeFiche, fiche
from traitements.models_referentiels import Garantie, MesureGuide, TypeDestinataire


class Destinataire(ElementDeFiche):
    traitement = fiche("destinataires")
    type = models.ForeignKey(
        TypeDestinataire, models.PROTECT, verbose_name="type de destinataire", related_name="+"
    )
    nom = ligne(
        "service ou catégorie",
        "Le service interne, ou la catégorie de destinataires (art. 30(1)(d)) : « Service client », « Transporteurs ».",
        300,
    )
    tiers = models.ForeignKey(
        Tiers,
        models.PROTECT,
        verbose_name="tiers",
        null=True,
        blank=True,
        related_name="destinataires",
        help_text="L'entité nommée, quand elle est connue ; son contrat se lit dans sa propre page (art. 28).",
    )
    pays = models.ForeignKey(
        Pays,
        models.PROTECT,
        verbose_name="pays",
        null=True,
        blank=True,
        related_name="+",
        help_text="Là où les données sont traitées ou consultées.",
    )
    categories = ChampCodes(
        "données communiquées",
        referentiel="traitements.CategorieDonnees",
        help_text="Si ce destinataire ne reçoit pas toutes les données de la fiche.",
    )
    precisions = texte("précisions", "Pourquoi et comment il les reçoit.", 2000)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "destinataire"


class Transfert(ElementDeFiche):
    traitement = fiche("transferts")
    destinataire_numero = models.PositiveSmallIntegerField(
        "destinataire n°",
        null=True,
        blank=True,
        help_text="Le numéro du destinataire de la rubrique précédente ; vide s'il n'y figure pas.",
    )
    importateur = ligne(
        "importateur", "Qui reçoit les données, s'il n'est pas un destinataire numéroté.", 300
    )
    pays = models.ForeignKey(
        Pays,
        models.PROTECT,
        verbose_name="pays",
        null=True,
        blank=True,
        related_name="+",
        help_text="L'article 30(1)(e) exige d'identifier le pays tiers.",
    )
    organisation = ligne("organisation internationale", "Si le destinataire en est une (art. 30(1)(e)).", 200)
    garantie = models.ForeignKey(
        Garantie,
        models.PROTECT,
        verbose_name="garantie",
        null=True,
        blank=True,
        related_name="+",
        help_text="Ce qui rend le transfert licite (art. 45, 46, 49).",
    )
    document = ligne(
        "document",
        "Référence ou adresse des clauses ; pièce exigée au registre pour l'art. 49(1), al. 2.",
        500,
    )
    tia = oui_non("analyse du transfert faite", "Évaluation du droit du pays de destination (CEPD 01/2020).")
    module_cct = models.CharField("module des clauses", max_length=10, choices=ModuleCct.choices, blank=True)
    importateur_certifie = oui_non(
        "importateur couvert par la décision",
        "États-Unis : certifié au Data Privacy Framework ; Canada : soumis à la LPRPDE.",
    )
    verifie_le = models.DateField("vérifié le", null=True, blank=True)
    repetitif = oui_non(
        "transfert répétitif", "Les dérogations de l'article 49 ne couvrent pas un flux régulier."
    )
    notification_cnil = oui_non("CNIL informée", "Exigé pour l'art. 49(1), deuxième alinéa.")
    precisions = texte("précisions", "", 2000)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "transfert"


class MesureSecurite(ElementDeFiche):
    traitement = fiche("mesures")
    fiche = models.ForeignKey(
        MesureGuide,
        models.PROTECT,
        verbose_name="mesure",
        null=True,
        blank=True,
        related_name="+",
        help_text="Fiches du guide de la sécurité de la CNIL, édition 2024.",
    )
    precisions = texte(
        "description",
        "En termes généraux : l'article 30(1)(g) n'attend pas les secrets de votre sécurité.",
        2000,
    )

    class Meta(ElementDeFiche.Meta):
        verbose_name = "mesure de sécurité"
        verbose_name_plural = "mesures de sécurité"


class MesureOrganisme(ModeleCloisonne):
    """Mesure de sécurité valable pour tout l'organisme, dont les fiches héritent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, models.CASCADE, related_name="mesures", editable=False)
    numero = models.PositiveSmallIntegerField("numéro", editable=False)
    fiche = models.ForeignKey(
        MesureGuide, models.PROTECT, verbose_name="mesure", null=True, blank=True, related_name="+"
    )
    precisions = texte("description", "En termes généraux (art. 30(1)(g), 32).", 2000)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["numero"]
        verbose_name = "mesure de sécurité de l'organisme"
        verbose_name_plural = "mesures de sécurité de l'organisme"
        constraints = [
            models.UniqueConstraint(fields=["organisme", "numero"], name="mesureorganisme_numero_unique")
        ]


class ResponsableConjoint(ElementDeFiche):
    traitement = fiche("responsables_conjoints")
    tiers = models.ForeignKey(
        Tiers, models.PROTECT, verbose_name="responsable conjoint", related_name="conjoints"
    )
    repartition = texte(
        "répartition des obligations", "Qui informe, qui répond aux demandes (art. 26(1)).", 2000
    )

    class Meta(ElementDeFiche.Meta):
        verbose_name = "responsable conjoint"
        verbose_name_plural = "responsables conjoints"


class ClientTraitement(ElementDeFiche):
    """Un responsable pour le compte duquel l'organisme agit (RGPD art. 30(2)(a) et (b))."""

    traitement = fiche("clients")
    tiers = models.ForeignKey(
        Tiers,
        models.PROTECT,
        verbose_name="client",
        related_name="prestations",
        help_text="Le responsable du traitement pour le compte duquel vous agissez (art. 30(2)(a)).",
    )
    categories_traitements = texte(
        "catégories de traitements",
        "Ce que vous faites pour ce client (art. 30(2)(b)) : hébergement, routage, saisie…",
        3000,
    )
    instructions = texte("instructions du client", "Contrat ou document qui les porte (art. 28(3)(a)).", 2000)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "client"
