"""Le contrôle d'un registre entier : fiches par seconde, requêtes, mémoire de pointe, pour 100, 1 000 et 10 000 fiches.

Usage : `python -m benchmarks.conformite [N …]`, depuis la racine, dans le venv des essais. Base jetable ; un processus par
mesure, pour que la mémoire de pointe soit la sienne.
"""

import resource
import time
from datetime import date

from benchmarks.banc import lancer

TAILLES = (100, 1000, 10_000)
LE = date(2026, 11, 24)


def mesurer() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django_scopes import scopes_disabled

    from organismes.models import Organisme
    from organismes.portee import dans
    from registre.conformite.controle import Conformite

    with scopes_disabled():  # la base du banc ne tient qu'un organisme : on va le chercher
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
    lancer("benchmarks.conformite", mesurer, TAILLES)
