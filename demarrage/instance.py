"""Les données d'une instance : ses secrets, sa base, ses fichiers statiques."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import subprocess
from pathlib import Path

from demarrage import RACINE, RefusDeDemarrage, dire
from demarrage.empreintes import empreinte_base, empreinte_statiques, lire

SECRETS = ("SECRET_KEY", "CLE_JOURNAL")


def dossier_donnees() -> Path:
    return Path(os.environ.get("DONNEES", "").strip() or RACINE / "donnees").absolute()


def base_sqlite(donnees: Path) -> Path | None:
    """Le fichier de la base locale ; `None` quand `DATABASE_URL` désigne une autre base."""
    return None if os.environ.get("DATABASE_URL", "").strip() else donnees / "registre.sqlite3"


def creer_secrets(donnees: Path) -> None:
    """Tire au sort, une fois pour toutes, les secrets que l'environnement ne fournit pas (fichiers 0600)."""
    dossier = donnees / "secrets"
    donnees.mkdir(mode=0o700, parents=True, exist_ok=True)
    dossier.mkdir(mode=0o700, exist_ok=True)
    dossier.chmod(0o700)
    for nom in SECRETS:
        if not os.environ.get(nom) and not (dossier / nom).exists():
            refuser_cle_perdue(nom, donnees)
            ecrire_secret(dossier / nom)


def noter_origine(donnees: Path, port: int) -> None:
    """L'adresse que les commandes mettront dans leurs liens ; la variable `ORIGINE`, si elle est donnée, l'emporte."""
    (donnees / "origine").write_text(f"http://127.0.0.1:{port}\n", encoding="utf-8")


def refuser_cle_perdue(nom: str, donnees: Path) -> None:
    """Une clé neuve sur un journal déjà chaîné le ferait passer pour falsifié : mieux vaut s'arrêter."""
    base = base_sqlite(donnees)
    if nom == "CLE_JOURNAL" and base and base.exists() and base.stat().st_size:
        raise RefusDeDemarrage(
            f"La base {base} existe, mais la clé de son journal a disparu ({donnees / 'secrets' / nom}). "
            f"Remettez ce fichier, ou donnez la clé par la variable CLE_JOURNAL."
        )


def ecrire_secret(fichier: Path) -> None:
    # O_EXCL : deux démarrages simultanés ne peuvent pas s'écraser ; 0600 dès la création, jamais après.
    descripteur = os.open(fichier, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descripteur, "w") as sortie:
        sortie.write(secrets.token_urlsafe(64) + "\n")
        sortie.flush()
        os.fsync(sortie.fileno())


def preparer_instance(python: Path, mode: str, donnees: Path, env: dict[str, str]) -> None:
    """Amène la base et les fichiers statiques à l'état du code ; ne lance rien s'ils y sont déjà."""
    base, attendue = base_sqlite(donnees), empreinte_base(mode)
    marque, statiques = donnees / "empreinte-des-statiques", empreinte_statiques()
    statiques_bons = lire(marque) == statiques and (donnees / "statiques" / "staticfiles.json").exists()
    if statiques_bons and base_prete(base, attendue):
        dire("Base de données et référentiels : à jour")
        return dire_deja_chargee(mode)
    choix = ["--demo"] * (mode == "demo") + ["--sans-statiques"] * statiques_bons
    if subprocess.run([python, "manage.py", "preparer", *choix], env=env, cwd=RACINE).returncode != 0:
        raise RefusDeDemarrage("La base de données n'a pas pu être préparée (la raison est ci-dessus).")
    marque.write_text(statiques)
    if base:
        marquer_base(base, attendue)


def dire_deja_chargee(mode: str) -> None:
    if mode == "demo":
        dire(
            "Démonstration déjà chargée : ses mots de passe ont été montrés au premier démarrage. "
            "Perdus ? .venv/bin/python manage.py nouveau_mot_de_passe --demo"
        )


def numero(empreinte_attendue: str) -> int:
    """Les 31 premiers bits, que `PRAGMA user_version` sait garder ; jamais 0, la valeur d'une base neuve."""
    return (int(empreinte_attendue[:8], 16) >> 1) or 1


def marquer_base(base: Path, attendue: str) -> None:
    # La marque vit DANS la base : restaurer une sauvegarde ramène aussi sa marque, et la migration repart.
    with contextlib.closing(sqlite3.connect(base, timeout=20)) as connexion:
        connexion.execute(f"PRAGMA user_version = {numero(attendue):d}")


def base_prete(base: Path | None, attendue: str) -> bool:
    """Vrai si la base locale porte la marque et a un utilisateur ; une base distante est toujours revue."""
    if base is None or not base.exists():
        return False
    with contextlib.closing(sqlite3.connect(base, timeout=20)) as connexion:
        try:
            marque = connexion.execute("PRAGMA user_version").fetchone()[0]
            return marque == numero(attendue) and bool(
                connexion.execute("SELECT EXISTS (SELECT 1 FROM organismes_utilisateur)").fetchone()[0]
            )
        except sqlite3.DatabaseError:
            return False  # « preparer » dira, lui, ce que cette base a
