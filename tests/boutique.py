"""De quoi peupler les essais, par les portes du produit : organismes, gens, tiers, fiches."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django_scopes import scopes_disabled

from conservation.anonymat.epreuve import PROTOCOLE
from conservation.models import Epreuve, Operation, PlanReleve
from journal.models import Tete
from journal.service import Auteur
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from organismes.portee import dans
from pages import Navigateur
from registre.actes.fiches import enregistrer_fiche
from registre.execution.epreuves.service import enregistrer as consigner_epreuve
from registre.execution.operations import durees_visees, enregistrer_figee, phrases_des_durees
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import enregistrer
from registre.fiche.referentiels import charger

AUTEUR = Auteur(id="essai", nom="Essai", role="commande")
PROSPECTION = {
    "reference": "TR-001",
    "intitule": "Prospection de particuliers par courriel",
    "famille": "prospection",
    "qualite": "responsable",
    "service": "Direction marketing",
    "finalites": [
        {
            "numero": 1,
            "libelle": "Proposer nos nouveautés à des non-clients",
            "type": "prospection",
            "base_legale": "CONSENTEMENT",
            "canaux": ["EMAIL_B2C"],
            "consentement_preuve": "Horodatage et texte présenté",
            "consentement_retrait": "Lien dans chaque message",
        }
    ],
    "personnes": [{"numero": 1, "categorie": "PROSPECTS"}],
    "donnees": [{"numero": 1, "categorie": "COORDONNEES", "precisions": "Adresse électronique"}],
    "conservations": [
        {
            "numero": 1,
            "categories": ["COORDONNEES"],
            "duree_valeur": 3,
            "duree_unite": "ans",
            "point_depart": "DERNIER_CONTACT_PROSPECT",
            "sort_final": "suppression",
        }
    ],
    "destinataires": [{"numero": 1, "type": "INTERNE", "nom": "Service marketing"}],
    "information": {"opposition_mecanisme": "Lien dans chaque message", "liste_opposition": True},
}


def remplir() -> None:
    """L'état d'une base neuve : la tête du journal et les référentiels."""
    Tete.objects.get_or_create(pk=1)
    charger(AUTEUR)


def creer_organisme(nom: str, **donnees) -> Organisme:
    with scopes_disabled():
        return enregistrer(
            agregat.ORGANISME, {"raison_sociale": nom, **donnees}, Organisme(), auteur=AUTEUR
        ).objet


def creer_maison_lavande() -> Organisme:
    return creer_organisme(
        "Maison Lavande",
        adresse="4 place aux Aires",
        ville="Grasse",
        pays="FR",
        courriel="contact@maison-lavande.example",
    )


def habiliter(
    organisme: Organisme, role: str, courriel: str, nom: str, debut="2026-01-01", fin=None
) -> Utilisateur:
    personne = Utilisateur.objects.filter(courriel=courriel).first() or Utilisateur.objects.create_user(
        courriel, nom, "phrase de passe d'essai"
    )
    with dans(organisme):
        habilitation = Habilitation(organisme=organisme, utilisateur=personne)
        donnees = {"role": role, "debut": debut, "fin": fin}
        enregistrer(agregat.HABILITATION, donnees, habilitation, auteur=AUTEUR)
    return personne


def creer_fiche(organisme: Organisme, **donnees):
    with dans(organisme):
        return enregistrer_fiche(
            {**PROSPECTION, **donnees},
            organisme=organisme,
            auteur=AUTEUR,
            valideur=True,
            admis=frozenset({"reprise"} & donnees.keys()),
        ).objet


def creer_tiers(organisme: Organisme, nom: str, **donnees) -> Tiers:
    with dans(organisme):
        return enregistrer(
            agregat.TIERS, {"nom": nom, **donnees}, Tiers(organisme=organisme), auteur=AUTEUR
        ).objet


def connecte(personne: Utilisateur) -> Client:
    client = Navigateur()
    client.force_login(personne)
    return client


def creer_operation(
    organisme: Organisme, fiche, type_="purge", regles=(1,), preuve: bytes = b"213 lignes", **donnees
):
    """Une opération consignée sur la fiche, avec son fichier de preuve ; documentée, quand elle exécute la durée."""
    if type_ != "constat":
        donnees = {"methode": "Script de purge", **donnees}
        if "volume_avant" not in donnees:
            donnees.setdefault("volume_inconnu", "L'hébergeur ne compte pas.")
        if not preuve:
            donnees.setdefault("preuve_absente", "Le script n'écrit pas de journal.")
    with dans(organisme):
        neuve = Operation(
            organisme=organisme,
            traitement=fiche,
            type=type_,
            regles=list(regles),
            regles_texte=phrases_des_durees(fiche, list(regles), Codes()),
            date=donnees.pop("date", timezone.localdate()),
            **donnees,
        )
        piece = SimpleUploadedFile("journal-de-purge.txt", preuve) if preuve else None
        enregistrer_figee(neuve, auteur=AUTEUR, action="operation", preuve=piece)
    return neuve


def creer_plan(organisme: Organisme, fiche, nom="Clients", **donnees) -> PlanReleve:
    """Un plan de relevé sur un fichier, qui compte la première durée de la fiche."""
    with dans(organisme):
        complet = {
            "nom": nom,
            "genre": "fichier",
            "adresse": "clients.csv",
            "colonne": "quand",
            "durees_visees": durees_visees(fiche, [1]),
            **donnees,
        }
        neuf = PlanReleve(organisme=organisme, traitement=fiche)
        return enregistrer(agregat.PLAN_RELEVE, complet, neuf, auteur=AUTEUR).objet


MESURES = {
    "lignes": 40,
    "detections": [],
    "non_qualifiees": [],
    "correlation": {
        "interne": None,
        "second": {
            "colonnes": ["ville"],
            "parts": {"ville": 10_000},
            "lignes": 300,
            "rapprochees": 0,
            "part": 0,
            "mesure": True,
            "sha256": "b" * 64,
        },
    },
    "individualisation": {
        "k": 5,
        "classes": 8,
        "uniques": 0,
        "part_uniques": 0,
        "sous_seuil": 0,
        "part_sous_seuil": 0,
        "plus_petites": [[5, 8]],
        "copies": 1,
    },
    "inference": [
        {
            "colonne": "panier",
            "nature": "catégories",
            "distinctes": 3,
            "l": 2,
            "t": 1200,
            "classes_uniformes": 0,
        }
    ],
    "non_deduites": [],
    "generalisations": [],
}


def creer_epreuve(
    organisme: Organisme,
    fiche,
    verdict="passee",
    regle=1,
    date=None,
    fichier="ventes.csv",
    protocole=PROTOCOLE,
):
    """Une épreuve d'anonymat consignée sur une durée de la fiche, sans fichier à lire."""
    with dans(organisme):
        neuve = Epreuve(
            organisme=organisme,
            traitement=fiche,
            regle=regle,
            regle_texte=phrases_des_durees(fiche, [regle], Codes())[0],
            date=date or timezone.localdate(),
            fichier=fichier,
            fichier_sha256="a" * 64,
            lignes=40,
            colonnes={"mois": "quasi", "ville": "quasi", "panier": "sensible"},
            seuils={"k": 5, "l": 2, "t": 3000},
            mesures=MESURES,
            verdict=verdict,
            ligne="personne",
            donnees_origine="effacees",
            criteres=3,
            protocole=protocole,
        )
        consigner_epreuve(neuve, auteur=AUTEUR)
    return neuve
