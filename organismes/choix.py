"""Valeurs fermées de la pièce `organismes`. Les codes sont stables ; les libellés peuvent changer."""

from django.db.models import TextChoices


class Role(TextChoices):
    """Des noms de fonction, que l'on porte au féminin comme au masculin : « Claire Morel, délégué(e) »."""

    DPO = "dpo", "Délégué(e) à la protection des données"
    CONTRIBUTEUR = "contributeur", "Contribution"
    DIRECTION = "direction", "Direction"
    AUDITEUR = "auditeur", "Audit"


class DoctrineProfilage(TextChoices):
    """Position de l'organisme sur le consentement au profilage : un choix interne, pas la loi."""

    DROIT_COMMUN = "droit_commun", "Droit commun : consentement quand la loi l'exige"
    TRACEUR_OU_TIERS = (
        "consentement_si_traceur_ou_tiers",
        "Consentement dès qu'il y a traceur ou source tierce",
    )
    TOUT_PROFILAGE = "consentement_tout_profilage", "Consentement pour tout profilage"


class UlterieursAutorises(TextChoices):
    """Régime des sous-traitants ultérieurs (RGPD art. 28(2))."""

    GENERALE = "autorisation-generale", "Autorisation écrite générale"
    SPECIFIQUE = "autorisation-specifique", "Autorisation écrite au cas par cas"
    INTERDITS = "interdits", "Interdits par le contrat"


class QualiteTiers(TextChoices):
    RESPONSABLE_CONJOINT = "responsable-conjoint", "Responsable conjoint"
    SOUS_TRAITANT = "sous-traitant", "Sous-traitant"
    CLIENT = "client", "Client dont nous sommes le sous-traitant"
    DESTINATAIRE = "destinataire", "Destinataire"
    PARTENAIRE = "partenaire", "Partenaire commercial"
    SOURCE = "source", "Source de données"
