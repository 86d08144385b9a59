"""Les relevés : un CSV de 1 Go, 10 millions de lignes sur PostgreSQL, MariaDB et SQLite ; secondes et mémoire de pointe.

Usage : `PYTHONPATH=tests python -m benchmarks.releves [csv|postgresql|mariadb|sqlite …]`, depuis la racine, dans le venv des essais ;
PostgreSQL est une grappe jetable (`pg_virtualenv`), MariaDB le serveur jetable des essais. Un processus par mesure, pour que la mémoire
de pointe soit la sienne.
"""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

LIMITE = date(2023, 11, 24)
OCTETS = 1_000_000_000
LIGNES = 10_000_000
JOURS = [(LIMITE + timedelta(days=n)).isoformat() for n in range(-213, 1000)]


def mesurer(adresse: str, table: str, colonne: str, filtre: str) -> None:
    """Dans un processus neuf : ce que la commande fait, sans l'enregistrement."""
    from registre.execution.sources import source_de
    from registre.execution.sources.demande import DemandeDeReleve
    from registre.execution.sources.demande import filtre as lire_filtre

    filtres = (lire_filtre(filtre),) if filtre else ()
    debut = time.perf_counter()
    compte = source_de(adresse).compter(DemandeDeReleve(adresse, colonne, LIMITE, table, filtres)).compte
    duree = time.perf_counter() - debut
    pointe = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{compte.examinees} lignes, {compte.en_retard} en retard : {duree:.1f} s, "
        f"{compte.examinees / duree / 1e6:.2f} million de lignes par seconde, {pointe:.0f} Mio"
    )


def dire(
    titre: str, adresse: str, table: str = "", colonne: str = "dernier_contact", filtre: str = ""
) -> None:
    commande = [sys.executable, "-m", "benchmarks.releves", "--mesurer", adresse, table, colonne, filtre]
    lu = subprocess.run(commande, check=True, capture_output=True, text=True)
    print(f"{titre} : {lu.stdout.strip()}", flush=True)


def sur_csv(dossier: Path) -> None:
    for titre, heure in (("jours", ""), ("horodatages avec fuseau", " 08:{:02}:{:02}+00:00")):
        chemin = dossier / "clients.csv"
        bloc = "".join(
            f'{n};"Client {n}, rue des Aires";client{n}@exemple.example;'
            f"{JOURS[n % len(JOURS)]}{heure.format(n % 60, n // 60 % 60)};prospect\n"
            for n in range(100_000)
        ).encode()
        with chemin.open("wb") as fichier:
            fichier.write(b"id;nom;courriel;dernier_contact;statut\n")
            for _ in range(OCTETS // len(bloc) + 1):
                fichier.write(bloc)
        dire(f"CSV, {chemin.stat().st_size / 1e9:.2f} Go, {titre}", str(chemin))
    dire("CSV, le même, un filtre", str(chemin), filtre="statut=prospect")
    chemin.unlink()


def sur_sqlite(dossier: Path) -> None:
    chemin = dossier / "clients.sqlite3"
    with closing(sqlite3.connect(chemin)) as base:
        base.execute("CREATE TABLE clients (id integer, nom text, dernier_contact text)")
        lignes = ((n, f"Client {n}", JOURS[n % len(JOURS)]) for n in range(LIGNES))
        base.executemany("INSERT INTO clients VALUES (?, ?, ?)", lignes)
        base.commit()
    dire(f"SQLite, {chemin.stat().st_size / 1e9:.2f} Go", f"sqlite:///{chemin}", "clients")
    chemin.unlink()


def sur_postgresql(dossier: Path) -> None:
    if "PGPORT" not in os.environ:  # on se relance dans une grappe jetable
        if shutil.which("pg_virtualenv") is None:
            print("PostgreSQL : pg_virtualenv est absent, mesure sautée.")
            return
        moi = [sys.executable, "-m", "benchmarks.releves", "postgresql"]
        options = ["-c", "--locale=C.UTF-8", "-o", "fsync=off"]
        subprocess.run(["pg_virtualenv", *options, *moi], check=True)
        return
    import psycopg

    with psycopg.connect("dbname=postgres", autocommit=True) as base:
        base.execute(
            "CREATE TABLE clients AS SELECT n AS id, 'Client ' || n AS nom,"
            " date '2023-11-24' + (n % 1213) - 213 AS dernier_contact,"
            " (date '2023-11-24' + (n % 1213) - 213)::text AS en_texte, 'prospect' AS statut"
            f" FROM generate_series(0, {LIGNES - 1}) n"
        )
        base.execute("ANALYZE clients")
        base.execute("CREATE ROLE releve LOGIN PASSWORD 'releve' IN ROLE pg_read_all_data")
    os.environ |= {"RELEVE_UTILISATEUR": "releve", "RELEVE_MOT_DE_PASSE": "releve"}
    adresse = "postgresql:///postgres"
    dire("PostgreSQL, colonne de dates", adresse, "clients")
    dire("PostgreSQL, colonne de dates, un filtre", adresse, "clients", filtre="statut=prospect")
    dire("PostgreSQL, dates écrites en texte, en flux", adresse, "clients", "en_texte")


def sur_mariadb(dossier: Path) -> None:
    from bases_jetables import ServeurMariaDB
    from demarrage.machine import MARIADB, absents, serveur_mariadb

    if absents(MARIADB):
        print("MariaDB : le serveur est absent, mesure sautée.")
        return
    serveur = ServeurMariaDB(dossier, serveur_mariadb())
    try:
        serveur.attendre()
        with closing(serveur.connexion("mysql")) as base, base.cursor() as curseur:
            for ordre in (
                "CREATE DATABASE boutique",
                "CREATE USER releve@'127.0.0.1' IDENTIFIED BY 'releve'",
                "GRANT SELECT ON boutique.* TO releve@'127.0.0.1'",
                "CREATE TABLE boutique.clients ENGINE=InnoDB AS SELECT seq AS id, CONCAT('Client ', seq) AS nom, 'prospect' AS statut,"
                " DATE '2023-11-24' + INTERVAL (CAST(seq AS SIGNED) % 1213 - 213) DAY AS dernier_contact,"
                " CAST(DATE '2023-11-24' + INTERVAL (CAST(seq AS SIGNED) % 1213 - 213) DAY AS CHAR) AS en_texte"
                f" FROM mysql.seq_0_to_{LIGNES - 1}",
            ):
                curseur.execute(ordre)
        os.environ |= {"RELEVE_UTILISATEUR": "releve", "RELEVE_MOT_DE_PASSE": "releve"}
        adresse = f"mariadb://127.0.0.1:{serveur.port}/boutique"
        dire("MariaDB, colonne de dates", adresse, "clients")
        dire("MariaDB, colonne de dates, un filtre", adresse, "clients", filtre="statut=prospect")
        dire("MariaDB, dates écrites en texte, en flux", adresse, "clients", "en_texte")
    finally:
        serveur.arreter()


MESURES = {"csv": sur_csv, "sqlite": sur_sqlite, "postgresql": sur_postgresql, "mariadb": sur_mariadb}

if __name__ == "__main__":
    if sys.argv[1:2] == ["--mesurer"]:
        mesurer(*sys.argv[2:])
    else:
        with tempfile.TemporaryDirectory(prefix="registre-releves-") as dossier:
            for nom in sys.argv[1:] or MESURES:
                MESURES[nom](Path(dossier))
