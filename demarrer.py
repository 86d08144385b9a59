#!/usr/bin/env python3
"""Installe et lance Registre avec la seule bibliothèque standard : une machine où rien n'est installé suffit.

    python3 demarrer.py demo     [--port 8000] [--sans-serveur]   tout installer, avec un exemple, servir
    python3 demarrer.py serveur  [--port 8000] [--sans-serveur]   la même chose, registre vide
    python3 demarrer.py tests    [arguments de pytest]            tout vérifier, sur SQLite et PostgreSQL
    python3 demarrer.py tests    --vite [arguments de pytest]     pour la main : SQLite seul, ni navigateur ni essais lents

Codes de sortie : 0 fait, 1 refusé (la raison est sur la sortie d'erreur), 2 mauvais usage.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from demarrage import RACINE, RefusDeDemarrage, dire
from demarrage.environnement import preparer_venv
from demarrage.instance import creer_secrets, dossier_donnees, noter_origine, preparer_instance
from demarrage.machine import BESOINS, exiger, verifier_python
from demarrage.verifications import tester
from registre.portes.serveur.systeme import raison_systeme


class Usage(Exception):
    """La ligne de commande ne se comprend pas. Code de sortie 2."""


PORT = 8000


class Options(NamedTuple):
    mode: str
    port: int = PORT
    servir: bool = True
    pytest: tuple[str, ...] = ()


def lire_options(arguments: Sequence[str]) -> Options:
    """Lit `mode [--port N] [--sans-serveur]`, ou `tests` suivi d'arguments laissés à pytest.

    À la main plutôt qu'avec argparse, dont les refus sont en anglais. Lève `Usage`.
    """
    if not arguments or arguments[0] not in ("demo", "serveur", "tests"):
        raise Usage("il faut dire demo, serveur ou tests")
    mode, suite = arguments[0], iter(arguments[1:])
    if mode == "tests":
        return Options(mode, pytest=tuple(suite))
    options = Options(mode)
    for mot in suite:
        nom, egal, valeur = mot.partition("=")
        if mot == "--sans-serveur":
            options = options._replace(servir=False)
        elif nom == "--port":
            options = options._replace(port=lire_port(valeur if egal else next(suite, "")))
        else:
            raise Usage(f"« {mot} » n'est pas une option")
    return options


def lire_port(texte: str) -> int:
    if not (texte.isascii() and texte.isdigit() and 1 <= int(texte) <= 65535):
        raise Usage(f"--port attend un nombre de 1 à 65535, pas « {texte} »")
    return int(texte)


def verifier_port(port: int) -> None:
    with socket.socket() as prise:
        prise.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            prise.bind(("127.0.0.1", port))
        except PermissionError as erreur:
            raise RefusDeDemarrage(
                f"Le port {port} est réservé à root. Choisissez-en un au-delà de 1023."
            ) from erreur
        except OSError as erreur:
            raise RefusDeDemarrage(
                f"Le port {port} est déjà pris. Choisissez-en un autre : --port {port % 65535 + 1}"
            ) from erreur


def servir(python: Path, port: int, env: dict[str, str]) -> None:
    """Cède la place à gunicorn, qui reçoit ainsi lui-même Ctrl-C et SIGTERM et rend 0. Ne revient pas."""
    sys.stdout.flush()
    os.chdir(RACINE)
    gunicorn = [str(python), "-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    os.execve(gunicorn[0], [*gunicorn, "registre.wsgi:application"], env)


def demarrer(options: Options) -> int:
    if options.servir:
        verifier_port(options.port)
    exiger(BESOINS)
    python = preparer_venv(RACINE / ".venv", RACINE / "requirements.lock")
    donnees = dossier_donnees()
    creer_secrets(donnees)
    if options.servir or options.port != PORT:
        noter_origine(donnees, options.port)
    env = {**os.environ, "DONNEES": str(donnees), "DJANGO_SETTINGS_MODULE": "registre.settings"}
    # gunicorn.conf.py décide ; gunicorn, lui, la lirait avant, et en anglais.
    env.pop("WEB_CONCURRENCY", None)
    preparer_instance(python, options.mode, donnees, env)
    if options.servir:
        servir(python, options.port, env)
    return 0


def main(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] in ("-h", "--help", "--aide"):
        dire(__doc__ or "")
        return 0
    try:
        options = lire_options(arguments)
        verifier_python()
        return tester(options.pytest) if options.mode == "tests" else demarrer(options)
    except Usage as erreur:
        print(f"demarrer.py : {erreur}.\n\n{__doc__}", file=sys.stderr)
        return 2
    except RefusDeDemarrage as refus:
        print(refus, file=sys.stderr)
    except PermissionError as erreur:
        print(f"Pas le droit de lire ou d'écrire {erreur.filename} : à qui est ce dossier ?", file=sys.stderr)
    except OSError as erreur:
        print(
            f"Impossible d'écrire {erreur.filename or 'les données'} : {raison_systeme(erreur)}.",
            file=sys.stderr,
        )
    except KeyboardInterrupt:
        print("Interrompu.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
