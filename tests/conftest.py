"""Les exemples nommés que les essais partagent : deux boutiques, leurs gens, une fiche de prospection."""

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scopes_disabled

from journal import gardes
from journal.models import Tete
from journal.service import Auteur
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from organismes.portee import dans
from registre import agregat
from registre.enregistrement import enregistrer, enregistrer_fiche
from registre.referentiels import charger

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
        }
    ],
    "personnes": [{"numero": 1, "categorie": "PROSPECTS"}],
    "donnees": [{"numero": 1, "categorie": "COORDONNEES", "precisions": "Adresse électronique"}],
    "conservations": [
        {
            "numero": 1,
            "categorie": "COORDONNEES",
            "duree_valeur": 3,
            "duree_unite": "ans",
            "point_depart": "DERNIER_CONTACT_PROSPECT",
            "sort_final": "suppression",
        }
    ],
    "destinataires": [{"numero": 1, "type": "INTERNE", "nom": "Service marketing"}],
}


def remplir() -> None:
    """L'état d'une base neuve : la tête du journal et les référentiels."""
    Tete.objects.get_or_create(pk=1)
    charger(AUTEUR)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        remplir()


@pytest.fixture
def base_reelle(transactional_db):
    """Une vraie base, pour le navigateur et les fils ; ses gardes tombent le temps que l'essai suivant la vide."""
    gardes.poser(connection)
    remplir()
    yield
    gardes.retirer(connection)


def creer_organisme(nom: str, **donnees) -> Organisme:
    with scopes_disabled():
        return enregistrer(
            agregat.ORGANISME, {"raison_sociale": nom, **donnees}, Organisme(), auteur=AUTEUR
        ).objet


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
            {**PROSPECTION, **donnees}, organisme=organisme, auteur=AUTEUR, valideur=True
        ).objet


def creer_tiers(organisme: Organisme, nom: str, **donnees) -> Tiers:
    with dans(organisme):
        return enregistrer(
            agregat.TIERS, {"nom": nom, **donnees}, Tiers(organisme=organisme), auteur=AUTEUR
        ).objet


def connecte(personne: Utilisateur) -> Client:
    client = Client()
    client.force_login(personne)
    return client


@pytest.fixture
def maison_lavande(db) -> Organisme:
    return creer_organisme("Maison Lavande", siren="", adresse="4 place aux Aires", ville="Grasse", pays="FR")


@pytest.fixture
def autre_boutique(db) -> Organisme:
    return creer_organisme("Savonnerie du Port")


@pytest.fixture
def prospection(maison_lavande):
    return creer_fiche(maison_lavande)


@pytest.fixture
def dpo(maison_lavande) -> Client:
    return connecte(habiliter(maison_lavande, Role.DPO, "claire@lavande.example", "Claire Morel"))


@pytest.fixture
def contributeur(maison_lavande) -> Client:
    return connecte(habiliter(maison_lavande, Role.CONTRIBUTEUR, "lea@lavande.example", "Léa Fontaine"))


@pytest.fixture
def direction(maison_lavande) -> Client:
    return connecte(habiliter(maison_lavande, Role.DIRECTION, "hugo@lavande.example", "Hugo Bernard"))


@pytest.fixture
def auditeur(maison_lavande) -> Client:
    return connecte(habiliter(maison_lavande, Role.AUDITEUR, "nadia@lavande.example", "Nadia Roussel"))


@pytest.fixture
def dpo_voisin(autre_boutique) -> Client:
    return connecte(habiliter(autre_boutique, Role.DPO, "paul@port.example", "Paul Vidal"))


@pytest.fixture
def administrateur(db) -> Client:
    personne = Utilisateur.objects.create_user(
        "admin@instance.example", "Alix Perrin", "phrase de passe d'essai", administrateur=True
    )
    return connecte(personne)
