"""Toutes les vérifications du projet, sur une machine quelconque comme en intégration continue."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from demarrage import RACINE, RefusDeDemarrage, dire
from demarrage.environnement import preparer_venv
from demarrage.instance import SECRETS
from demarrage.machine import (
    BESOINS,
    BESOINS_TESTS,
    POSTGRESQL,
    absents,
    comment_installer,
    exiger,
    peut_installer,
)

# Ce qu'un test ne doit jamais hériter de l'utilisateur : ses données, sa base, ses secrets, ses réglages.
PROPRE_A_L_INSTANCE = {
    *SECRETS,
    *("DATABASE_URL", "DONNEES", "DEBUG", "HTTPS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL"),
    *(
        "CLE_JOURNAL_ID",
        "COURRIEL_EXPEDITEUR",
        "ORIGINE",
        "PORT",
        "PROCESSUS",
        "FILS",
        "RELEVE_UTILISATEUR",
        "RELEVE_MOT_DE_PASSE",
        "RELEVE_SECONDES",
        "CONSTAT_UTILISATEUR",  # leurs noms d'avant, lus encore
        "CONSTAT_MOT_DE_PASSE",
    ),
}


# Une grappe qui disparaît avec la commande n'a pas à être durable ; les refus qu'elle consignerait sont ceux
# que les essais provoquent exprès.
POSTGRESQL_JETABLE = (
    "pg_virtualenv",
    *("-c", "--locale=C.UTF-8"),  # sans langue dans l'environnement, la grappe naîtrait en SQL_ASCII
    *("-o", "fsync=off", "-o", "synchronous_commit=off", "-o", "full_page_writes=off"),
    *("-o", "log_min_messages=panic"),
)


VITE = "--vite"  # pour la main : SQLite seul, sans navigateur ni ce qui est marqué lent
RAPIDES = ("-m", "not lent and not navigateur")
AUCUN_ESSAI = 5  # code de pytest : ce qui a été demandé n'ouvre pas la base


class Passe(NamedTuple):
    nom: str
    commande: tuple[str | Path, ...]
    env: dict[str, str] = {}
    admis: tuple[int, ...] = (0,)  # codes de sortie


def tester(arguments: Sequence[str]) -> int:
    """Lance toutes les vérifications, jusqu'au bout même si l'une échoue ; rend 1 si l'une a échoué.

    `--vite` est à nous ; le reste est laissé à pytest.
    """
    exiger(BESOINS)
    if VITE not in arguments:
        outils_des_tests()
    python = preparer_venv(RACINE / ".venv-tests", RACINE / "requirements-tests.lock")
    with tempfile.TemporaryDirectory(prefix="registre-tests-") as donnees:
        env = {nom: valeur for nom, valeur in os.environ.items() if nom not in PROPRE_A_L_INSTANCE}
        env |= {"DONNEES": donnees, "DJANGO_SETTINGS_MODULE": "reglages_tests"}
        env["PYTHONPATH"] = str(RACINE / "tests")  # où sont ces réglages
        echecs = [passe.nom for passe in passes(python, arguments) if not reussie(passe, env)]
    if echecs:
        raise RefusDeDemarrage(f"Échec : {', '.join(echecs)}.")
    dire("Les vérifications lancées sont toutes passées.")
    return 0


def outils_des_tests() -> None:
    """Chromium, PostgreSQL, MariaDB, Poppler : exigés en intégration continue, sinon leur absence est annoncée."""
    if os.environ.get("CI") == "true" or peut_installer():
        return exiger(BESOINS_TESTS)
    if manquants := absents(BESOINS_TESTS):
        dire(f"Des essais seront sautés. {comment_installer(manquants)}")


def passes(python: Path, arguments: Sequence[str]) -> list[Passe]:
    """Les vérifications rapides d'abord, puis la suite sur chacune des deux bases (ou, avec `--vite`, ses essais rapides sur SQLite).

    Un essai qui n'ouvre pas la base ne peut pas savoir laquelle c'est (pytest-django la lui refuse) : il ne passe qu'une fois.
    """
    # L'ordre de pytest-django est gardé : les essais qui vident la base passent après ceux qui la lisent.
    repartis = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")
    vite = VITE in arguments
    choisis = (*RAPIDES * vite, *(a for a in arguments if a != VITE))
    pytest: tuple[str | Path, ...] = (python, "-m", "pytest", *repartis, *choisis)
    suite = [
        Passe("ruff check", (python, "-m", "ruff", "check", ".")),
        Passe("ruff format", (python, "-m", "ruff", "format", "--check", ".")),
        Passe("mypy", (python, "-m", "mypy")),
        Passe("djade", (python.with_name("djade"), "--check", *gabarits())),
        Passe("contrôles de Django", (python, "manage.py", "check")),
        Passe("migrations à jour", (python, "manage.py", "makemigrations", "--check", "--dry-run")),
        Passe("essais sur SQLite", pytest),
    ]
    if not vite and not absents(POSTGRESQL):
        # Les coordonnées de la grappe sont dans les variables PG*, que libpq lit lui-même.
        base = {"DATABASE_URL": "postgres:///postgres"}
        seconde: tuple[str | Path, ...] = (*POSTGRESQL_JETABLE, *pytest, "--base-seule")
        suite.append(Passe("essais sur PostgreSQL", seconde, base, admis=(0, AUCUN_ESSAI)))
    return suite


def gabarits() -> list[str]:
    """Ceux que djade met en forme : pages, PDF et courriels. Il lit la version de Django dans `pyproject.toml`."""
    return sorted(str(p.relative_to(RACINE)) for p in (RACINE / "templates").rglob("*") if p.is_file())


def reussie(passe: Passe, env: dict[str, str]) -> bool:
    dire(f"\n== {passe.nom}")
    return subprocess.run(passe.commande, env={**env, **passe.env}, cwd=RACINE).returncode in passe.admis
