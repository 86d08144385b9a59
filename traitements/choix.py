"""Valeurs fermées de la fiche. Les codes sont stables et s'exportent ; les libellés peuvent changer."""

from django.db.models import TextChoices


class Famille(TextChoices):
    CLIENTS = "clients", "Clients"
    PROSPECTION = "prospection", "Prospection"
    STATISTIQUES = "statistiques", "Statistiques"
    CESSION = "cession", "Vente, location, échange"
    AVIS = "avis", "Avis"
    FIDELITE = "fidelite", "Fidélité"
    IMPAYES = "impayes", "Impayés et contentieux"
    ETUDES = "etudes", "Études et sondages"
    JEUX = "jeux", "Jeux-concours"
    DROITS = "droits", "Droits des personnes"
    AUTRE = "autre", "Autre"


class Qualite(TextChoices):
    """Qui l'organisme est dans ce traitement (RGPD art. 4(7), 4(8), 26)."""

    RESPONSABLE = "responsable", "Responsable du traitement"
    CONJOINT = "conjoint", "Responsable conjoint"
    SOUS_TRAITANT = "sous-traitant", "Sous-traitant"


class Statut(TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    VALIDEE = "validee", "Validée"
    ARCHIVEE = "archivee", "Archivée"


DEPUIS: dict[str, str] = {
    Statut.VALIDEE: "validee_le",
    Statut.ARCHIVEE: "archivee_le",
}  # le jour où la fiche a pris son état


class TypeFinalite(TextChoices):
    EXECUTION = "execution", "Exécution d'un contrat ou d'une demande"
    PROSPECTION = "prospection", "Prospection"
    PROFILAGE = "profilage", "Profilage"
    STATISTIQUES = "statistiques", "Statistiques"
    CESSION = "cession", "Vente, location ou échange de données"
    AVIS = "avis", "Collecte et publication d'avis"
    ETUDE = "etude", "Étude, enquête ou sondage"
    DROITS = "droits", "Exercice des droits des personnes"
    EXCLUSION = "exclusion", "Exclusion du bénéfice d'un contrat ou d'un service"
    FRAUDE = "fraude", "Prévention de la fraude"
    AUTRE = "autre", "Autre"


class Public(TextChoices):
    B2C = "B2C", "Particuliers"
    B2B = "B2B", "Professionnels"
    MIXTE = "mixte", "Particuliers et professionnels"


class ObjetSollicitation(TextChoices):
    """Ce que l'appel ou le message propose : le régime en dépend (C. conso. art. L223-1 al. 5, L223-5, L223-8)."""

    LOGEMENT = (
        "logement",
        "Économies d'énergie, énergies renouvelables, adaptation d'un logement (équipements, travaux)",
    )
    PRESSE = "presse", "Journaux, périodiques ou magazines"
    DON = "don", "Appel aux dons ou à l'engagement, sans rien vendre"
    AUTRE = "autre", "Autre objet"


class NiveauProfilage(TextChoices):
    AUCUN = "aucun", "Aucun profilage"
    SEGMENTATION = "segmentation", "Segmentation"
    SCORE = "score", "Score ou prédiction individuelle"
    DECISION = "decision_automatisee", "Décision automatisée"


class ExceptionArt22(TextChoices):
    """Cas où une décision exclusivement automatisée est permise (RGPD art. 22(2))."""

    CONTRAT = "contrat", "Nécessaire à la conclusion ou à l'exécution d'un contrat"
    LOI = "loi", "Autorisée par un texte"
    CONSENTEMENT = "consentement-explicite", "Consentement explicite"


class ExceptionArt14(TextChoices):
    """Cas où une collecte indirecte dispense d'informer la personne (RGPD art. 14(5))."""

    DEJA_INFORMEE = "deja-informee", "La personne dispose déjà de ces informations"
    IMPOSSIBLE = "impossible", "Information impossible, ou qui demanderait des efforts disproportionnés"
    TEXTE = "texte", "Obtention ou communication prévue par un texte, avec des garanties"
    SECRET = "secret", "Secret professionnel prévu par un texte"


class OperationCession(TextChoices):
    VENTE = "vente", "Vente"
    LOCATION = "location", "Location"
    ECHANGE = "echange", "Échange"


class DecisionAipd(TextChoices):
    NON_REQUISE = "non_requise", "Non requise"
    REQUISE = "requise", "Requise, à réaliser"
    REALISEE = "realisee", "Réalisée"


class ModuleCct(TextChoices):
    """Modules des clauses contractuelles types de la décision (UE) 2021/914."""

    M1 = "module-1", "Module 1, de responsable à responsable"
    M2 = "module-2", "Module 2, de responsable à sous-traitant"
    M3 = "module-3", "Module 3, de sous-traitant à sous-traitant"
    M4 = "module-4", "Module 4, de sous-traitant à responsable"


class Mention(TextChoices):
    """Mentions de l'information des personnes (RGPD art. 13 et 14)."""

    IDENTITE = "identite", "Identité et coordonnées du responsable"
    DPO = "dpo", "Coordonnées du délégué"
    FINALITES = "finalites", "Finalités"
    BASE = "base", "Base légale"
    INTERETS = "interets", "Intérêts légitimes poursuivis"
    DESTINATAIRES = "destinataires", "Destinataires"
    TRANSFERTS = "transferts", "Transferts hors de l'Espace économique européen"
    DUREES = "durees", "Durées de conservation"
    DROITS = "droits", "Droits des personnes"
    RETRAIT = "retrait", "Droit de retirer le consentement"
    RECLAMATION = "reclamation", "Réclamation auprès de la CNIL"
    CARACTERE_OBLIGATOIRE = "caractere_obligatoire", "Caractère obligatoire ou facultatif des réponses"
    PROFILAGE = "profilage", "Profilage et décision automatisée"
    SOURCE = "source", "Source des données (collecte indirecte)"
    DELAI_ART14 = "delai_art14", "Information dans le délai de l'article 14(3)"
    DEMARCHAGE = "demarchage", "Appels commerciaux soumis au consentement préalable (C. conso. art. L223-2)"
