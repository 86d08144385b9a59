"""Le contrôle d'un registre entier : fiches par seconde, requêtes, mémoire de pointe, pour 100, 1 000 et 10 000 fiches.

Usage : `python benchmarks/conformite.py [N …]`, depuis la racine, dans le venv des essais. Base jetable ; un processus par
mesure, pour que la mémoire de pointe soit la sienne.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
TAILLES = (100, 1000, 10_000)
LE = date(2026, 11, 24)


def preparer(nombres: list[int]) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("charger_referentiels", verbosity=0, stdout=open(os.devnull, "w"))
    from benchmarks import generer

    cible, faites = generer.organisme(), 0
    for nombre in sorted(nombres):
        generer.remplir(cible, faites, nombre)
        faites = nombre
        mesure = subprocess.run([sys.executable, __file__, "--mesurer"], check=True, capture_output=True, text=True)
        print(f"{nombre:>6} fiches : {mesure.stdout.strip()}", flush=True)


def mesurer() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django_scopes import scopes_disabled

    from organismes.models import Organisme
    from organismes.portee import dans
    from registre.conformite import Conformite

    with scopes_disabled():
        cible = Organisme.objects.get()
    with dans(cible), CaptureQueriesContext(connection) as requetes:
        debut = time.perf_counter()
        constats = [len(bilan.constats) for _, bilan in Conformite(cible).registre(LE)]
        duree = time.perf_counter() - debut
    pointe = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{duree:.2f} s, {len(constats) / duree:.0f} fiches par seconde, {len(requetes)} requêtes, "
        f"{sum(constats)} constats, {pointe:.0f} Mio"
    )


if __name__ == "__main__":
    sys.path[:0] = [str(RACINE), str(RACINE / "tests")]
    os.environ.setdefault("DONNEES", tempfile.mkdtemp(prefix="registre-mesure-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.reglages_tests")
    import django

    django.setup()
    if sys.argv[1:] == ["--mesurer"]:
        mesurer()
    else:
        preparer([int(n) for n in sys.argv[1:]] or list(TAILLES))
