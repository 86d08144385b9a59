"""Pourquoi, sur qui, sur quoi : finalités, personnes concernées, données traitées (RGPD art. 30(1)(b) et (c))."""

from django.db import models

from organismes.champs import ChampCodes, ChampLignes, ChampNumeros, ligne, oui_non, texte
from traitements.choix import ObjetSollicitation, Public, TypeFinalite
from traitements.elements import ElementDeFiche, fiche
from traitements.models_referentiels import BaseLegale, CategorieDonnees, CategoriePersonnes, ExceptionArt9


class Finalite(ElementDeFiche):
    traitement = fiche("finalites")
    libelle = ligne(
        "ce que l'on veut faire",
        "Une phrase que la personne concernée comprendrait : « gestion » ou « divers » ne suffisent pas "
        "(art. 5(1)(b), 30(1)(b)).",
        400,
        blank=False,
    )
    sous_finalites = ChampLignes("sous-finalités", help_text="Une par ligne.")
    type = models.CharField(
        "nature",
        max_length=20,
        choices=TypeFinalite.choices,
        blank=True,
        help_text="Elle détermine les règles qui s'appliquent.",
    )
    base_legale = models.ForeignKey(
        BaseLegale,
        models.PROTECT,
        verbose_name="base légale",
        null=True,
        blank=True,
        related_name="+",
        help_text="L'article 6(1) en exige une au moins ; pour une même finalité, la CNIL demande de n'en retenir qu'une, la "
        "plus appropriée (2 décembre 2019). L'article 30 ne l'exige pas ; l'information des personnes, si "
        "(art. 13(1)(c), 14(1)(c)).",
    )
    texte_legal = ligne(
        "texte ou article",
        "Pour une obligation légale ou une mission d'intérêt public : le texte qui l'impose (art. 6(3)).",
        500,
    )
    justification = texte(
        "justification de la base", "Pourquoi cette base tient pour cette finalité (art. 5(2)).", 3000
    )
    interet_legitime = texte(
        "intérêt légitime poursuivi", "À dire aux personnes (art. 13(1)(d), 14(2)(b)).", 2000
    )
    balance_faite = oui_non(
        "mise en balance faite", "Intérêt, nécessité, attentes raisonnables des personnes (art. 6(1)(f))."
    )
    balance = texte("mise en balance", "Son résultat, ou la référence du document.", 3000)
    public = models.CharField("public visé", max_length=10, choices=Public.choices, blank=True)
    canaux = ChampCodes(
        "canaux de prospection",
        referentiel="traitements.Canal",
        help_text="Le régime change avec le canal : CPCE art. L34-5, C. conso. art. L223-1.",
    )
    objet_sollicitation = models.CharField(
        "objet de l'appel ou du message",
        max_length=20,
        choices=ObjetSollicitation.choices,
        blank=True,
        help_text="Des équipements ou des travaux d'économies d'énergie, d'énergies renouvelables ou d'adaptation d'un "
        "logement ne se démarchent pas, même avec l'accord du particulier, hors contrat en cours (C. conso. "
        "art. L223-1, al. 5, L223-8) ; la presse échappe à la règle des appels (art. L223-5) ; un appel aux "
        "dons n'est pas une prospection commerciale.",
    )
    contrat_en_cours = oui_non(
        "contrat en cours",
        "La sollicitation se rattache-t-elle à l'exécution d'un contrat en cours, et à son objet (C. conso. art. L223-1, "
        "al. 4) ?",
    )
    rappel_demande = oui_non(
        "rappel d'une personne qui l'a demandé",
        "En réponse à sa demande d'information, dans les cinq jours ouvrables et sur ce seul objet (C. conso. "
        "art. R223-4, qui vise les équipements et travaux du logement). La preuve de la demande se garde trois "
        "ans.",
    )
    analogue_vente = oui_non(
        "coordonnées recueillies lors d'une vente",
        "Première condition de l'exception (CPCE art. L34-5, al. 4).",
    )
    analogue_meme_societe = oui_non("même société", "L'expéditeur est celui qui a recueilli les coordonnées.")
    analogue_produits_analogues = oui_non("produits ou services analogues", "À ceux déjà fournis au client.")
    analogue_opposition_collecte = oui_non(
        "opposition offerte à la collecte", "Sans frais, de manière simple."
    )
    analogue_opposition_envoi = oui_non("opposition offerte à chaque envoi", "Dans chaque message.")
    objet_rapport_profession = oui_non(
        "objet en rapport avec la profession",
        "Condition de la prospection de professionnels sans consentement.",
    )
    promotionnelle = oui_non(
        "contenu promotionnel", "Une enquête qui promeut est une prospection (CPCE art. L34-5)."
    )
    conserve_apres_terme = oui_non(
        "statistiques conservées après le terme",
        "Les données servent-elles encore à des statistiques une fois échue la durée de leur source ? Elles sont alors "
        "anonymisées de manière irréversible (CNIL, référentiel 2021-131 ; NS-48 art. 5, al. 3).",
    )
    suivi_ouverture = oui_non(
        "suivi individuel des ouvertures", "Un pixel dans un courriel est un traceur (LIL art. 82)."
    )
    consentement_recueil = texte(
        "recueil du consentement", "Où et comment la personne consent (art. 4(11), 7).", 2000
    )
    consentement_preuve = texte(
        "preuve du consentement", "Horodatage, texte présenté, page de collecte (art. 7(1)).", 2000
    )
    consentement_retrait = texte("retrait du consentement", "Aussi simple que l'accord (art. 7(3)).", 2000)
    consentement_texte_version = ligne(
        "version du texte présenté", "C'est lui qui prouve l'information (art. 7(1)).", 300
    )
    consentement_precoche = oui_non(
        "case précochée", "Une case précochée n'est pas un consentement (considérant 32)."
    )
    consentement_conditionne = oui_non(
        "consentement imposé comme condition", "Il ne serait pas libre (art. 7(4))."
    )
    consentement_explicite = oui_non("consentement explicite", "Exigé par les articles 9(2)(a) et 22(2)(c).")
    consentement_mentions_appel = oui_non(
        "mentions de la demande de consentement aux appels",
        "Qui appelle et pour quels biens, le choix offert, la période, le retrait à tout moment, l'accès à la preuve "
        "(C. conso. art. R223-1, I).",
    )
    consentement_validite_mois = models.PositiveSmallIntegerField(
        "validité du consentement, en mois",
        null=True,
        blank=True,
        help_text="Pour des appels : un an au plus à compter du recueil (C. conso. art. R223-1, I, 3°).",
    )
    consentement_reconduction = oui_non(
        "reconduction tacite du consentement", "Exclue pour des appels (C. conso. art. R223-1, I)."
    )
    consentement_autorisation_parentale = texte(
        "autorisation parentale", "En France, avant quinze ans (art. 8 ; LIL art. 45).", 1000
    )

    class Meta(ElementDeFiche.Meta):
        verbose_name = "finalité"


class PersonnesConcernees(ElementDeFiche):
    traitement = fiche("personnes")
    categorie = models.ForeignKey(
        CategoriePersonnes, models.PROTECT, verbose_name="catégorie de personnes", related_name="+"
    )
    precisions = texte("précisions", "Qui exactement, si la catégorie ne suffit pas (art. 30(1)(c)).", 2000)
    moins_de_15_ans = oui_non(
        "dont des moins de quinze ans",
        "Avant quinze ans, le consentement à un service en ligne se donne avec un titulaire de l'autorité parentale "
        "(art. 8 ; LIL art. 45).",
    )
    volume = ligne("nombre de personnes", "Ordre de grandeur : « environ 18 500 ».", 120)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "personnes concernées"
        verbose_name_plural = "personnes concernées"


class DonneesTraitees(ElementDeFiche):
    traitement = fiche("donnees")
    categorie = models.ForeignKey(
        CategorieDonnees, models.PROTECT, verbose_name="catégorie de données", related_name="+"
    )
    precisions = texte(
        "données", "Les données elles-mêmes : « nom, prénom, numéro de client » (art. 30(1)(c)).", 3000
    )
    finalites = ChampNumeros(
        "finalités servies", help_text="Numéros des finalités qui ont besoin de ces données (art. 5(1)(c))."
    )
    personnes = ChampCodes(
        "personnes concernées",
        referentiel="traitements.CategoriePersonnes",
        help_text="Si ces données ne concernent pas toutes les personnes de la fiche.",
    )
    sources = ChampCodes(
        "sources",
        referentiel="traitements.SourceDonnees",
        help_text="D'où viennent les données ; une collecte indirecte oblige à informer (art. 14).",
    )
    source_nom = ligne(
        "nom de la source",
        "Pour une collecte indirecte : le partenaire, le fournisseur du fichier, le site (art. 14(2)(f)).",
        300,
    )
    obligatoire = oui_non("réponse obligatoire", "À dire à la collecte (art. 13(2)(e)).")
    consequence_defaut = ligne(
        "conséquence d'un défaut de réponse", "À dire à la collecte (art. 13(2)(e)).", 400
    )
    exception_art9 = models.ForeignKey(
        ExceptionArt9,
        models.PROTECT,
        verbose_name="exception de l'article 9",
        null=True,
        blank=True,
        related_name="+",
        help_text="Pour une donnée sensible : l'exception invoquée (art. 9(2)).",
    )
    justification_art9 = texte("justification de l'exception", "", 2000)
    justification_art10 = texte(
        "titre pour traiter des données d'infraction",
        "RGPD art. 10 ; loi Informatique et Libertés, art. 46.",
        2000,
    )

    class Meta(ElementDeFiche.Meta):
        verbose_name = "données traitées"
        verbose_name_plural = "données traitées"
