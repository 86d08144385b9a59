"""Le PDF du registre : secondes, mémoire de pointe, pages et octets pour 10, 100, 300 et 1 000 fiches.

Usage : `python benchmarks/pdf.py [N …]`, depuis la racine, dans le venv des essais. Base jetable ; un processus par
mesure, pour que la mémoire de pointe soit la sienne.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

RACINE = Path(__file__).resolve().parent.parent
TAILLES = (10, 100, 300, 1000)


def preparer(nombres: list[int]) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("charger_referentiels", verbosity=0, stdout=open(os.devnull, "w"))
    from benchmarks import generer

    cible, faites = generer.organisme(), 0
    for nombre in sorted(nombres):
        debut = time.perf_counter()
        generer.remplir(cible, faites, nombre)
        ecrites = nombre - faites
        print(f"{ecrites} fiches écrites en {time.perf_counter() - debut:.1f} s", flush=True)
        faites = nombre
        mesure = subprocess.run(
            [sys.executable, __file__, "--mesurer"], check=True, capture_output=True, text=True
        )
        print(f"{nombre:>6} fiches : {mesure.stdout.strip()}", flush=True)


def mesurer() -> None:
    from django_scopes import scopes_disabled
    from pypdf import PdfReader

    from organismes.models import Organisme
    from organismes.portee import dans
    from registre.exports import pdf
    from registre.exports.demande import Demande

    with scopes_disabled():
        cible = Organisme.objects.get()
    debut = time.perf_counter()
    with dans(cible):
        octets = pdf.produire(Demande(cible))
    duree = time.perf_counter() - debut
    pointe = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    enfants = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    pages = len(PdfReader(BytesIO(octets)).pages)
    print(
        f"{duree:.1f} s, {pages} pages, {len(octets) / 1e6:.2f} Mo, {pointe:.0f} Mio, plus {enfants:.0f} Mio pour chaque processus de mise en pages"
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
