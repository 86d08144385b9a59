"""`/sante/` répond toujours, vite, en JSON : la base va, ou 503 et pourquoi."""

import sqlite3

import pytest
from django.db import connections

from organismes.models import Utilisateur
from registre.portes.vues import sante

pytestmark = pytest.mark.django_db


class Copie:
    """Une connexion dont `copy` rend une autre base."""

    def __init__(self, autre):
        self.autre = autre

    def copy(self):
        return self.autre


@pytest.fixture
def base(monkeypatch, tmp_path):
    """Fait regarder à la sonde la base SQLite de ce chemin."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    def _base(nom):
        reglages = {**connections["default"].settings_dict, "NAME": nom, "OPTIONS": {}}
        monkeypatch.setattr(sante, "connections", {"default": Copie(DatabaseWrapper(reglages, "sonde"))})
        return nom

    return _base


def test_la_base_va(client):
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()) == (200, {"etat": "ok"})


def test_une_base_disparue_n_est_pas_recreee_vide(client, base, tmp_path):
    absente = base(tmp_path / "registre.sqlite3")
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse["Content-Type"]) == (503, "application/json")
    assert "ne s'ouvre pas" in reponse.json()["raison"]
    assert str(tmp_path) not in reponse.content.decode()
    assert not absente.exists()


def test_une_base_sans_table_demande_a_etre_preparee(client, base, tmp_path):
    sqlite3.connect(base(tmp_path / "vide.sqlite3")).execute("CREATE TABLE x (y)").connection.close()
    reponse = client.get("/sante/")
    assert (reponse.status_code, reponse.json()["etat"]) == (503, "indisponible")
    assert "preparer" in reponse.json()["raison"]


def test_un_fichier_qui_n_est_pas_une_base(client, base, tmp_path):
    base(tmp_path / "abime.sqlite3").write_text("ceci n'est pas une base de données, " * 40)
    reponse = client.get("/sante/")
    assert (reponse.status_code, "reprenez une sauvegarde" in reponse.json()["raison"]) == (503, True)


def test_une_base_verrouillee_par_un_autre_repond_503_sans_attendre(client, base, tmp_path, monkeypatch):
    monkeypatch.setattr(sante, "ATTENTE", 0)
    nom = base(tmp_path / "prise.sqlite3")
    autre = sqlite3.connect(nom, isolation_level=None)
    autre.execute("CREATE TABLE x (y)")
    autre.execute("BEGIN EXCLUSIVE")
    reponse = client.get("/sante/")
    autre.close()
    assert (reponse.status_code, "occupée" in reponse.json()["raison"]) == (503, True)


def test_un_serveur_postgresql_absent_repond_503(client, monkeypatch):
    from django.db.backends.postgresql.base import DatabaseWrapper

    reglages = {
        **connections["default"].settings_dict,
        **{
            "NAME": "registre",
            "USER": "compte",
            "PASSWORD": "secret-de-la-base",
            "HOST": "127.0.0.1",
            "PORT": 9,
        },
        "OPTIONS": {},
    }
    monkeypatch.setattr(sante, "connections", {"default": Copie(DatabaseWrapper(reglages, "sonde"))})
    reponse = client.get("/sante/")
    assert reponse.status_code == 503
    assert reponse.json() == {"etat": "indisponible", "raison": "La base de données ne répond pas."}


def test_meme_avec_une_session_la_sonde_ne_lit_pas_les_comptes(dpo, django_assert_num_queries, monkeypatch):
    """La session et le compte sont dans la base : les lire ferait un 500 quand elle est absente."""
    monkeypatch.setattr(sante, "defaut", lambda: "La base de données ne répond pas.")
    with django_assert_num_queries(0):
        assert dpo.get("/sante/").status_code == 503
    assert Utilisateur.objects.exists()
