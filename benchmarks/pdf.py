"""Le PDF du registre : secondes, mémoire de pointe, pages et octets pour 10, 100, 300 et 1 000 fiches.

Usage : `python -m benchmarks.pdf [N …]`, depuis la racine, dans le venv des essais. Base jetable ; un processus par
mesure, pour que la mémoire de pointe soit la sienne.
"""

import resource
import time
from io import BytesIO

from benchmarks.banc import lancer

TAILLES = (10, 100, 300, 1000)


def mesurer() -> None:
    from django_scopes import scopes_disabled
    from pypdf import PdfReader

    from organismes.models import Organisme
    from organismes.portee import dans
    from registre.echanges.exports import pdf
    from registre.echanges.exports.demande import Demande

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
    lancer("benchmarks.pdf", mesurer, TAILLES)
