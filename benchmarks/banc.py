"""Le banc des mesures : une base jetable que l'on emplit par paliers, un processus par mesure pour que sa mémoire soit la sienne."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent


def lancer(
    module: str,
    mesurer: Callable[[], None],
    tailles: tuple[int, ...],
    fiche: Callable[[int], dict[str, Any]] | None = None,
) -> None:
    """`module` : celui que l'on relance avec `--mesurer` à chaque palier ; les paliers viennent de la ligne de commande, ou de `tailles`.

    `fiche` : celle de chaque rang, quand ce n'est pas celle de `generer`.
    """
    sys.path[:0] = [str(RACINE), str(RACINE / "tests")]
    os.environ.setdefault("DONNEES", tempfile.mkdtemp(prefix="registre-mesure-"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglages_tests")
    import django

    django.setup()
    if sys.argv[1:] == ["--mesurer"]:
        mesurer()
    else:
        _par_paliers(module, sorted(int(n) for n in sys.argv[1:]) or list(tailles), fiche)


def _par_paliers(module: str, nombres: list[int], fiche: Callable[[int], dict[str, Any]] | None) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("charger_referentiels", verbosity=0, stdout=open(os.devnull, "w"))
    from benchmarks import generer

    cible, faites = generer.organisme(), 0
    for nombre in nombres:
        debut = time.perf_counter()
        generer.remplir(cible, faites, nombre, fiche or generer.fiche)
        print(f"{nombre - faites} fiches écrites en {time.perf_counter() - debut:.1f} s", flush=True)
        faites = nombre
        mesure = subprocess.run(
            [sys.executable, "-m", module, "--mesurer"], check=True, capture_output=True, text=True
        )
        print(f"{nombre:>6} fiches : {mesure.stdout.strip()}", flush=True)
