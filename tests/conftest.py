"""Les exemples nommés que les essais partagent : deux boutiques, leurs gens, une fiche de prospection."""

import gc
import re
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.template.base import Template
from django.test import Client
from django.test.utils import _TestState
from hypothesis import HealthCheck, settings

from boutique import connecte, creer_fiche, creer_maison_lavande, creer_organisme, habiliter, remplir
from journal import gardes
from organismes.choix import Role
from organismes.models import Organisme, Utilisateur
from pages import Navigateur
from registre.fiche.references import REFERENCES
from registre.fiche.referentiels import REFERENTIELS
from registre.portes.demonstration.charger import charger as charger_demonstration

# Une machine chargée n'est pas une faute du produit.
settings.register_profile("sans_chronometre", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sans_chronometre")
pytest_plugins = ["bases_jetables"]
# Ce qui fait qu'un essai ouvre la base ; sans l'un d'eux, pytest-django la lui refuse.
BASE = {"db", "transactional_db", "django_db_setup", "live_server"}


def pytest_addoption(parser):
    parser.addoption(
        "--base-seule",
        action="store_true",
        help="les seuls essais qui ouvrent la base : pour l'autre moteur, quand toute la suite a passé sur le premier",
    )


def pytest_collection_modifyitems(config, items):
    if config.getoption("--base-seule"):
        sans = [i for i in items if not (i.get_closest_marker("django_db") or BASE & {*i.fixturenames})]
        config.hook.pytest_deselected(items=sans)
        items[:] = [i for i in items if i not in set(sans)]


def pytest_collection_finish():
    """Ce qui est chargé le reste jusqu'au bout : le ramasse-miettes n'a pas à le reparcourir à chaque document."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        remplir()


@pytest.fixture(scope="session", autouse=True)
def gabarits_nus(django_test_environment):
    """Les gabarits sans l'espion de Django, qui copie le contexte de chacun : aucun essai ne lit `response.context`."""
    espion, Template._render = Template._render, _TestState.saved_data.template_render
    yield
    Template._render = espion


@pytest.fixture(scope="session", autouse=True)
def ecritures_des_referentiels():
    """Un essai qui écrit lui-même dans un référentiel n'y lit plus rien de gardé."""
    tables = "|".join(modele._meta.db_table for modele in REFERENTIELS.values())
    ecriture = re.compile(rf'(?:UPDATE|INSERT INTO|DELETE FROM) "(?:{tables})"')

    def guetter(executer, sql, *suite):
        if isinstance(sql, str) and ecriture.match(sql):
            REFERENCES.suspendues, REFERENCES._gardees = True, ("", {})
        return executer(sql, *suite)

    connection.execute_wrappers.append(guetter)


@pytest.fixture(autouse=True)
def referentiels_gardes(ecritures_des_referentiels):
    REFERENCES.suspendues = False


@pytest.fixture
def base_reelle(transactional_db):
    """Une vraie base, pour le navigateur et les fils ; ses gardes tombent le temps que l'essai suivant la vide."""
    gardes.poser(connection)
    remplir()
    REFERENCES.suspendues = False
    yield
    gardes.retirer(connection)


@pytest.fixture(scope="module")
def a_part(django_db_setup, django_db_blocker):
    """Écrire puis tout rendre : pour un document qu'un module entier lit sans y toucher, et qui coûte à produire."""

    @contextmanager
    def bloc():
        with django_db_blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return bloc


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """La démonstration, chargée une fois pour un module dont chaque essai la rend comme il l'a trouvée ; ses comptes.

    Elle reste jusqu'à la fin du module : un essai qui veut une base vide s'écrit avant ceux qui la lisent.
    """
    bloc = transaction.atomic()
    with django_db_blocker.unblock():
        bloc.__enter__()
        comptes = charger_demonstration()
    yield comptes
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        bloc.__exit__(None, None, None)


@pytest.fixture
def client() -> Client:
    return Navigateur()


@pytest.fixture
def maison_lavande(db) -> Organisme:
    return creer_maison_lavande()


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
