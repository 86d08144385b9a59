"""Référentiels de la fiche : bases légales, catégories, canaux, garanties, mesures, critères d'analyse d'impact."""

from django.db import models

from organismes.referentiel import Referentiel

__all__ = [
    "BaseLegale",
    "Canal",
    "CategorieDonnees",
    "CategoriePersonnes",
    "CritereAipd",
    "Droit",
    "Evenement",
    "ExceptionArt9",
    "FinaliteHorsReferentiel",
    "Garantie",
    "MesureGuide",
    "ModeleFiche",
    "Parametre",
    "SourceDonnees",
    "TypeAipd",
    "TypeDestinataire",
]


def liste(libelle: str) -> models.JSONField:
    return models.JSONField(libelle, default=list, blank=True)


class BaseLegale(Referentiel):
    """Les six bases de l'article 6(1)."""

    lettre = models.CharField("lettre", max_length=1)
    article = models.CharField("article", max_length=60)
    droits = models.JSONField("droits ouverts", default=dict)
    droits_precisions = models.JSONField("précisions sur les droits", default=dict, blank=True)
    champs_requis = liste("champs requis")
    conditions = liste("conditions")

    class Meta(Referentiel.Meta):
        verbose_name = "base légale"
        verbose_name_plural = "bases légales"


class Droit(Referentiel):
    """Droits des personnes (RGPD art. 12 à 22, 77 ; LIL art. 48 s.)."""

    article = models.CharField("article", max_length=120)

    class Meta(Referentiel.Meta):
        verbose_name = "droit"


class ExceptionArt9(Referentiel):
    lettre = models.CharField("lettre", max_length=1)
    pertinence_commerciale = models.CharField("pertinence en gestion commerciale", max_length=20)

    class Meta(Referentiel.Meta):
        verbose_name = "exception de l'article 9"
        verbose_name_plural = "exceptions de l'article 9"


class CategorieDonnees(Referentiel):
    exemples = liste("exemples")
    origine = liste("origine")
    sensible = models.BooleanField("donnée de l'article 9", default=False)
    infraction = models.BooleanField("donnée de l'article 10", default=False)
    hautement_personnel = models.BooleanField("hautement personnelle (WP248)", default=False)
    nir = models.BooleanField("numéro de sécurité sociale", default=False)
    conservation_interdite = models.BooleanField("conservation interdite", default=False)
    absent_du_seed = models.BooleanField("absente du texte fondateur", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "catégorie de données"
        verbose_name_plural = "catégories de données"


class CategoriePersonnes(Referentiel):
    vulnerable = models.BooleanField("personnes vulnérables", default=False)
    cnil_ods = models.BooleanField("dans la liste de la CNIL", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "catégorie de personnes"
        verbose_name_plural = "catégories de personnes"


class TypeDestinataire(Referentiel):
    cnil_ods = models.BooleanField("dans la liste de la CNIL", default=False)
    contrat_art28 = models.BooleanField("contrat de l'article 28", default=False)
    accord_art26 = models.BooleanField("accord de l'article 26", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "type de destinataire"
        verbose_name_plural = "types de destinataires"


class SourceDonnees(Referentiel):
    information = models.CharField("information due", max_length=300)
    indirecte = models.BooleanField("collecte indirecte (art. 14)", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "source de données"
        verbose_name_plural = "sources de données"


class Canal(Referentiel):
    """Canal de prospection et son régime."""

    regime = models.CharField("régime", max_length=20)
    exception = models.TextField("exception", blank=True)
    condition = models.TextField("condition", blank=True)
    base = models.CharField("base", max_length=30, blank=True)
    base_exception = models.CharField("base de l'exception", max_length=30, blank=True)
    date_effet = models.DateField("régime en vigueur depuis", null=True, blank=True)
    regime_anterieur = models.CharField("régime antérieur", max_length=200, blank=True)

    class Meta(Referentiel.Meta):
        verbose_name = "canal de prospection"
        verbose_name_plural = "canaux de prospection"


class Garantie(Referentiel):
    """Garantie d'un transfert (RGPD chapitre V), y compris celles qui ne valent plus."""

    article = models.CharField("article", max_length=120)
    document_requis = models.BooleanField("document requis", default=False)
    tia_requise = models.BooleanField("analyse du transfert requise", default=False)
    module_requis = models.BooleanField("module requis", default=False)
    autorisation_cnil = models.BooleanField("autorisation de la CNIL", default=False)
    derogation = models.BooleanField("dérogation de l'article 49", default=False)
    occasionnel = models.BooleanField("transfert occasionnel seulement", default=False)
    notification_cnil = models.BooleanField("information de la CNIL", default=False)
    information_personnes = models.BooleanField("information des personnes", default=False)
    valide = models.BooleanField("encore valable", default=True)
    cnil_ods = models.CharField("libellé du modèle de la CNIL", max_length=120, blank=True)

    class Meta(Referentiel.Meta):
        verbose_name = "garantie"


class MesureGuide(Referentiel):
    """Une mesure du guide de la sécurité de la CNIL (mars 2024), qui l'appelle « fiche »."""

    chapitre = models.CharField("chapitre", max_length=120)
    controles = liste("points de contrôle")

    class Meta(Referentiel.Meta):
        db_table = "traitements_fichesecurite"
        verbose_name = "mesure de sécurité"
        verbose_name_plural = "mesures de sécurité"


class Evenement(Referentiel):
    """Point de départ d'une durée. `a_compter` complète « à compter »."""

    a_compter = models.CharField("à compter…", max_length=300)

    class Meta(Referentiel.Meta):
        verbose_name = "point de départ"
        verbose_name_plural = "points de départ"


class CritereAipd(Referentiel):
    exemple_commercial = models.CharField("exemple", max_length=300, blank=True)

    class Meta(Referentiel.Meta):
        verbose_name = "critère d'analyse d'impact"
        verbose_name_plural = "critères d'analyse d'impact"


class TypeAipd(Referentiel):
    """Type de traitement soumis à analyse d'impact, ou dispensé."""

    liste = models.CharField("liste", max_length=20)  # art35-3, requise ou dispense
    commercial = models.BooleanField("courant en gestion commerciale", default=False)

    class Meta(Referentiel.Meta):
        verbose_name = "type de traitement (analyse d'impact)"
        verbose_name_plural = "types de traitements (analyse d'impact)"


class FinaliteHorsReferentiel(Referentiel):
    class Meta(Referentiel.Meta):
        verbose_name = "finalité hors du référentiel gestion commerciale"
        verbose_name_plural = "finalités hors du référentiel gestion commerciale"


class Parametre(Referentiel):
    """Ce qu'un texte fixe et qui n'est pas une liste : seuils, délais, correspondances."""

    valeur = models.JSONField("valeur")

    class Meta(Referentiel.Meta):
        verbose_name = "paramètre"


class ModeleFiche(Referentiel):
    """Un modèle de fiche : un point de départ rédigé, que l'organisme adapte, justifie et confirme.

    `contenu` a la forme canonique d'une fiche, sans référence ni dates. Le reste guide la rédaction et n'entre pas dans la
    fiche : ce que l'outil ne peut pas affirmer à la place de l'organisme (ses sous-traitants, ses transferts).
    """

    description = models.TextField("description")
    rattachement = liste("finalités du texte fondateur")
    contenu = models.JSONField("contenu de la fiche")
    vigilance = liste("points de vigilance")
    references = liste("textes")
    sous_traitants = liste("sous-traitants fréquents, à nommer")
    # {"cas": […], "garantie": "…"}
    transferts = models.JSONField("transferts fréquents", default=dict, blank=True)
    # {"conclusion": "…", "motif": "…"}
    aipd = models.JSONField("analyse d'impact", default=dict, blank=True)

    class Meta(Referentiel.Meta):
        verbose_name = "modèle de fiche"
        verbose_name_plural = "modèles de fiches"
