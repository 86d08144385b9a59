"""Des bases à relever, faites pour un essai et jetées après : SQLite, PostgreSQL, MariaDB. Le relevé s'y connecte par ses propres moyens."""

import getpass
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import psycopg
import pymysql
import pytest
from django.db import connection

from registre.execution.sources import mysql, postgresql, sqlite

MOT_DE_PASSE = "phrase-de-passe-d-essai-é"


class SurSQLite:
    source = sqlite

    def __init__(self, tmp_path):
        self.chemin = tmp_path / "clients ? #1.sqlite3"
        self.adresse = f"sqlite:///{self.chemin}"
        self.base = "clients ? #1.sqlite3"
        self.etiquette = f"{self.base}, table "

    def executer(self, *ordres, lignes=()):
        with closing(sqlite3.connect(self.chemin)) as base:
            for ordre in ordres:
                base.execute(ordre)
            if lignes:
                base.executemany(
                    f"INSERT INTO {lignes[0]} VALUES ({', '.join('?' * len(lignes[1][0]))})", lignes[1]
                )
            base.commit()

    def valeur(self, requete):
        with closing(sqlite3.connect(self.chemin)) as base:
            return base.execute(requete).fetchone()[0]


class SurPostgreSQL:
    """L'administrateur écrit ; le relevé se connecte par un compte qui ne sait que lire."""

    source = postgresql

    def __init__(self, conninfo, base):
        self.conninfo = conninfo
        prise = conninfo["host"].startswith("/")
        self.adresse = f"postgresql://{'' if prise else conninfo['host']}:{conninfo['port']}/{base}"
        self.base = f"{'local' if prise else conninfo['host']}/{base}"
        self.etiquette = f"{self.base}."

    def executer(self, *ordres, lignes=()):
        with psycopg.connect(**self.conninfo) as base, base.cursor() as curseur:
            for ordre in ordres:
                curseur.execute(ordre)
            if lignes:
                with curseur.copy(f"COPY {lignes[0]} FROM STDIN") as copie:
                    for ligne in lignes[1]:
                        copie.write_row(ligne)

    def valeur(self, requete):
        with psycopg.connect(**self.conninfo) as base:
            return base.execute(requete).fetchone()[0]


class SurMariaDB:
    """L'administrateur écrit ; le relevé se connecte par un compte qui ne sait que lire."""

    source = mysql

    def __init__(self, serveur, base, compte):
        self.serveur, self.nom, self.compte = serveur, base, compte
        self.adresse = f"mariadb://127.0.0.1:{serveur.port}/{base}"
        self.base = f"127.0.0.1/{base}"
        self.etiquette = f"{self.base}."

    def executer(self, *ordres, lignes=(), mode="ANSI_QUOTES"):
        with closing(self.serveur.connexion(self.nom, mode)) as base, base.cursor() as curseur:
            for ordre in ordres:
                curseur.execute(ordre)
            if lignes:
                places = ", ".join(["%s"] * len(lignes[1][0]))
                curseur.executemany(
                    f"INSERT INTO {lignes[0]} VALUES ({places})".replace("50%", "50%%"), lignes[1]
                )
            base.commit()

    def valeur(self, requete):
        with closing(self.serveur.connexion(self.nom, "ANSI_QUOTES")) as base, base.cursor() as curseur:
            curseur.execute(requete)
            return curseur.fetchone()[0]


class ServeurMariaDB:
    """Un serveur à soi, au compte de qui lance les essais, sur un port libre de cette machine."""

    def __init__(self, dossier: Path, programme: str | None):
        self.prise = str(dossier / "prise")
        with socket.socket() as libre:
            libre.bind(("127.0.0.1", 0))
            self.port = libre.getsockname()[1]
        donnees, compte = f"--datadir={dossier / 'donnees'}", f"--user={getpass.getuser()}"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", donnees, compte, "--skip-test-db"]
            + ["--auth-root-authentication-method=normal"],
            check=True,
            capture_output=True,
        )
        options = [
            f"--socket={self.prise}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
        ]
        legeres = ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", "--skip-log-bin"]
        utf8 = ["--character-set-server=utf8mb4", f"--pid-file={dossier / 'pid'}"]
        with (dossier / "journal").open("wb") as journal:
            self.processus = subprocess.Popen(
                [programme or "mariadbd", "--no-defaults", donnees, compte, *options, *legeres, *utf8],
                stdout=journal,
                stderr=journal,
            )

    def attendre(self) -> None:
        for _ in range(300):
            with socket.socket(socket.AF_UNIX) as prise:
                if prise.connect_ex(self.prise) == 0:
                    return
            assert self.processus.poll() is None, "MariaDB s'est arrêté."
            time.sleep(0.1)
        raise AssertionError("MariaDB ne répond pas.")

    def arreter(self) -> None:
        self.processus.terminate()
        self.processus.wait(60)

    def connexion(self, base: str, mode: str = ""):
        return pymysql.connect(
            unix_socket=self.prise, user="root", database=base, charset="utf8mb4", sql_mode=mode or None
        )


@pytest.fixture(scope="session")
def serveur_mariadb_jetable():
    # Ici : les copies du dépôt où d'autres essais lancent pytest n'ont pas cette pièce.
    from demarrage.machine import MARIADB, absents, comment_installer, serveur_mariadb

    if manquants := absents(MARIADB):
        assert os.environ.get("CI") != "true", f"Il manque {manquants}."
        pytest.skip(comment_installer(manquants))
    memoire = Path("/dev/shm")  # ce qui sera jeté n'a pas à être écrit sur un disque
    ou = memoire if os.access(memoire, os.W_OK) else None
    dossier = Path(
        tempfile.mkdtemp(prefix="registre-mariadb-", dir=ou)
    )  # court : le chemin d'une prise l'est
    serveur = ServeurMariaDB(dossier, serveur_mariadb())
    try:
        serveur.attendre()
        yield serveur
    finally:
        serveur.arreter()
        shutil.rmtree(dossier, ignore_errors=True)


@pytest.fixture
def base_mariadb(serveur_mariadb_jetable, monkeypatch):
    """Une base MariaDB, et dans l'environnement le compte qui ne sait que la lire."""
    nom = f"essai_{uuid4().hex[:12]}"
    with closing(serveur_mariadb_jetable.connexion("mysql")) as base, base.cursor() as curseur:
        curseur.execute(f"CREATE DATABASE {nom}")
        curseur.execute(f"CREATE USER {nom}@'127.0.0.1' IDENTIFIED BY %s", [MOT_DE_PASSE])
        curseur.execute(f"GRANT SELECT, SHOW VIEW, EXECUTE ON {nom}.* TO {nom}@'127.0.0.1'")
    monkeypatch.setenv("RELEVE_UTILISATEUR", nom)
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", MOT_DE_PASSE)
    yield SurMariaDB(serveur_mariadb_jetable, nom, f"{nom}@'127.0.0.1'")
    with closing(serveur_mariadb_jetable.connexion("mysql")) as base, base.cursor() as curseur:
        curseur.execute(f"DROP DATABASE {nom}")
        curseur.execute(f"DROP USER {nom}@'127.0.0.1'")


@pytest.fixture
def base_postgresql(db, monkeypatch):
    """Une base PostgreSQL à part, et dans l'environnement le compte qui ne sait que la lire."""
    if connection.vendor != "postgresql":
        pytest.skip("La base des essais n'est pas PostgreSQL : cet essai tourne avec l'autre base.")
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1")
        infos = connection.connection.info
    conninfo = {"host": infos.host, "port": infos.port, "user": infos.user, "password": infos.password}
    jetable, lecteur = f"{infos.dbname}_releves", f"{infos.dbname}_lecteur"
    with psycopg.connect(**conninfo, dbname="postgres", autocommit=True) as serveur:
        serveur.execute(f'DROP DATABASE IF EXISTS "{jetable}"')
        serveur.execute(f'DROP ROLE IF EXISTS "{lecteur}"')
        serveur.execute(f'CREATE DATABASE "{jetable}"')
        serveur.execute(f"CREATE ROLE \"{lecteur}\" LOGIN PASSWORD '{MOT_DE_PASSE}' IN ROLE pg_read_all_data")
    monkeypatch.setenv("RELEVE_UTILISATEUR", lecteur)
    monkeypatch.setenv("RELEVE_MOT_DE_PASSE", MOT_DE_PASSE)
    yield SurPostgreSQL({**conninfo, "dbname": jetable}, jetable)
    with psycopg.connect(**conninfo, dbname="postgres", autocommit=True) as serveur:
        serveur.execute(f'DROP DATABASE "{jetable}" WITH (FORCE)')
        serveur.execute(f'DROP ROLE "{lecteur}"')


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.lent), "postgresql"])
def base(request, tmp_path):
    """Chacune des bases qu'un relevé sait lire ; MariaDB une fois, PostgreSQL quand la base des essais en est une."""
    if request.param == "sqlite":
        return SurSQLite(tmp_path)
    if request.param == "mariadb" and connection.vendor == "postgresql":
        pytest.skip("MariaDB est relevé quand la base des essais est SQLite.")
    return request.getfixturevalue(f"base_{request.param}")
