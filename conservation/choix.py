"""Valeurs fermées de la conservation (RGPD art. 5(1)(e), 30(1)(f))."""

from django.db.models import TextChoices


class Phase(TextChoices):
    BASE_ACTIVE = "base_active", "Base active"
    ARCHIVAGE = "archivage_intermediaire", "Archivage intermédiaire"


class SortFinal(TextChoices):
    SUPPRESSION = "suppression", "Suppression"
    ANONYMISATION = "anonymisation", "Anonymisation"
    SUPPRESSION_OU_ANONYMISATION = "suppression_ou_anonymisation", "Suppression ou anonymisation"
    ARCHIVAGE_INTERMEDIAIRE = "archivage_intermediaire", "Passage en archivage intermédiaire"
    ARCHIVAGE_DEFINITIF = "archivage_definitif", "Archivage définitif"


class Technique(TextChoices):
    """Ce qui est fait des données à l'échéance. Seules l'agrégation, la généralisation et l'ajout de bruit visent
    une anonymisation ; le hachage, le chiffrement ou une table de correspondance n'en sont pas (art. 4(5),
    considérant 26)."""

    AGREGATION = "agregation", "Agrégation"
    GENERALISATION = "generalisation", "Généralisation"
    BRUIT = "bruit", "Ajout de bruit, confidentialité différentielle"
    PSEUDONYMISATION = "pseudonymisation", "Pseudonymisation"
    HACHAGE = "hachage", "Hachage"
    CHIFFREMENT = "chiffrement", "Chiffrement"
    TABLE = "table_correspondance", "Table de correspondance"
    AUCUNE = "aucune", "Aucune"


class Appliquee(TextChoices):
    OUI = "oui", "Oui"
    PARTIELLEMENT = "partiellement", "Partiellement"
    NON = "non", "Non"
    INCONNU = "inconnu", "On ne le sait pas"


class TypeOperation(TextChoices):
    """Ce que l'on a fait des données à leur terme, ou relevé de leur état."""

    PURGE = "purge", "Purge"
    ARCHIVAGE = "archivage", "Mise en archive"
    ANONYMISATION = "anonymisation", "Anonymisation"
    RELEVE = "constat", "Relevé"


class GenreSource(TextChoices):
    """Ce qu'un relevé a lu. Une base ne montre que l'état du jour où on la lit ; un fichier garde celui de son extraction."""

    SQLITE = "sqlite", "Base SQLite"
    POSTGRESQL = "postgresql", "Base PostgreSQL"
    MYSQL = "mysql", "Base MySQL ou MariaDB"
    FICHIER = "fichier", "Fichier"


class VerdictEpreuve(TextChoices):
    """Ce qu'une épreuve d'anonymat a mesuré ; elle ne prouve jamais l'anonymat dans l'absolu."""

    IDENTIFIANTE = "identifiante", "Données identifiantes"
    PSEUDONYMISEE = "pseudonymisee", "Données pseudonymisées"
    INSUFFISANTE = "insuffisante", "Seuils non atteints"
    PARTIELLE = "partielle", "Mesures incomplètes"
    PASSEE = "passee", "Seuils atteints"


class Niveau(TextChoices):
    """Ce que vaut ce que l'on sait de l'application d'une durée (RGPD art. 5(2)) : on le dit, on l'a écrit, on l'a compté."""

    DECLAREE = "declaree", "déclarée"
    DOCUMENTEE = "documentee", "documentée"
    CONSTATEE = "constatee", "constatée"


class EtatApplication(TextChoices):
    """Ce que l'on conclut un jour donné. « À vérifier » : une purge documentée suit des lignes en retard, aucun relevé ne l'a vérifiée."""

    OUI = "oui", "Oui"
    A_VERIFIER = "a_verifier", "À vérifier"
    PARTIELLEMENT = "partiellement", "Partiellement"
    NON = "non", "Non"
    INCONNU = "inconnu", "On ne le sait pas"


class DonneesOrigine(TextChoices):
    """Les données dont le fichier éprouvé est tiré sont-elles gardées ? (G29, avis 05/2014, § 2.2.3)"""

    GARDEES = "gardees", "Oui, elles sont gardées"
    EFFACEES = "effacees", "Non, elles sont effacées partout, sauvegardes comprises"
    INCONNUES = "inconnues", "Je ne sais pas"


class LigneEprouvee(TextChoices):
    """Ce que décrit une ligne du fichier éprouvé : de là dépend ce que compte k."""

    PERSONNE = "personne", "Une personne, et une seule"
    EVENEMENT = "evenement", "Un événement (achat, visite, clic) : une personne peut en avoir plusieurs"
    GROUPE = "groupe", "Un groupe compté : le fichier est un tableau d'effectifs"
