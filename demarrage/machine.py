"""La machine : la version de Python et les paquets Debian dont Registre a besoin."""

from __future__ import annotations

import ctypes.util
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

from demarrage import RefusDeDemarrage, dire

PYTHON_MIN = (3, 11)


class Besoin(NamedTuple):
    """Un paquet Debian et le moyen de savoir que ce qu'il apporte est déjà là."""

    paquet: str
    present: Callable[[], bool]


def module(nom: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(nom) is not None


def bibliotheque(nom: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(nom) is not None


def programme(nom: str) -> Callable[[], bool]:
    return lambda: shutil.which(nom) is not None


def serveur_postgresql() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def serveur_mariadb() -> str | None:
    """Le programme du serveur : Debian le range hors du chemin des utilisateurs ordinaires."""
    return shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/libexec:/usr/local/sbin")


# Debian sépare ensurepip de python3 ; WeasyPrint charge Pango et HarfBuzz, qui ne sont pas sur PyPI.
BESOINS = (
    Besoin("python3-venv", module("ensurepip")),
    Besoin("libpangoft2-1.0-0", bibliotheque("pangoft2-1.0")),
    Besoin("libharfbuzz-subset0", bibliotheque("harfbuzz-subset")),
)
POSTGRESQL = (
    Besoin("postgresql", serveur_postgresql),
    Besoin("postgresql-common", programme("pg_virtualenv")),
)
# Le serveur sans son service : les essais lancent le leur, et le jettent.
MARIADB = (
    Besoin("mariadb-server-core", lambda: bool(serveur_mariadb()) and programme("mariadb-install-db")()),
    Besoin("mariadb-client-core", programme("my_print_defaults")),
)
BESOINS_TESTS = (
    Besoin("chromium", programme("chromium")),
    Besoin("libatomic1", bibliotheque("atomic")),  # le pilote de Playwright en a besoin
    *POSTGRESQL,
    *MARIADB,
    Besoin("poppler-utils", programme("pdftoppm")),
)


def verifier_python() -> None:
    if sys.version_info[:2] < PYTHON_MIN:
        ici = ".".join(map(str, sys.version_info[:3]))
        raise RefusDeDemarrage(
            f"Registre demande Python 3.11 ou plus récent ; celui-ci est Python {ici} ({sys.executable})."
        )
    if os.name != "posix":
        raise RefusDeDemarrage("Registre se lance sous Linux ou macOS (sous Windows : dans WSL).")


def absents(besoins: Iterable[Besoin]) -> list[str]:
    """Les paquets Debian qui manquent à cette machine, dans l'ordre des besoins."""
    importlib.invalidate_caches()
    return [besoin.paquet for besoin in besoins if not besoin.present()]


def peut_installer() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def exiger(besoins: Iterable[Besoin]) -> None:
    """Installe ce qui manque (root et apt), sinon lève `RefusDeDemarrage` avec la ligne à lancer."""
    besoins = tuple(besoins)
    manquants = absents(besoins)
    if manquants and peut_installer():
        installer_paquets(manquants)
        manquants = absents(besoins)
    if manquants:
        raise RefusDeDemarrage(comment_installer(manquants))


def comment_installer(paquets: list[str]) -> str:
    if shutil.which("apt-get") is None:
        return f"Il manque à cette machine l'équivalent des paquets Debian : {' '.join(paquets)}."
    ligne = f"sudo apt-get install {' '.join(paquets)}"
    return f"Il manque des paquets à cette machine. Lancez cette ligne, puis recommencez :\n  {ligne}"


def installer_paquets(paquets: list[str]) -> None:
    dire(f"Paquets Debian à installer : {' '.join(paquets)}")
    # La liste des paquets n'est rafraîchie que si elle manque ou si elle a vieilli : l'essai le dit.
    if apt("install", "-y", "--no-install-recommends", *paquets).returncode == 0:
        return
    apt("update")
    essai = apt("install", "-y", "--no-install-recommends", *paquets)
    if essai.returncode != 0:
        raise RefusDeDemarrage(f"apt-get n'a pas pu installer {' '.join(paquets)} :\n{essai.stdout.strip()}")


def apt(*arguments: str) -> subprocess.CompletedProcess[str]:
    chemins = os.environ.get("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin"  # « su » sans tiret les oublie
    return subprocess.run(
        ["apt-get", "-q", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8", "PATH": chemins},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
