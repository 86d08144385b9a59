"""Passage long du contrat de l'API, sur la base de la démonstration : `python benchmarks/contrat.py [secondes] [graine]`.

Écrit ce qui a été envoyé et ce qui n'est pas tenu ; sort en 1 s'il reste un manque. Écrit dans la base désignée par
`DATABASE_URL` : une base de passage.
"""

import os
import sys
import time
from pathlib import Path

RACINE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(RACINE), str(RACINE / "tests"), str(RACINE / "tests/portes/api")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")

import django  # noqa: E402

django.setup()

from contrat import eprouver, servir  # noqa: E402
from django.test import Client  # noqa: E402

from organismes.models import Utilisateur  # noqa: E402
from registre.portes.demonstration.charger import charger  # noqa: E402

COURRIEL = "claire.morel@maison-lavande.example"


def principal(secondes: int = 600, graine: int = 1) -> int:
    charger()
    client, debut = Client(), time.monotonic()
    client.force_login(Utilisateur.objects.get(courriel=COURRIEL))
    with servir() as adresse:
        rapport = eprouver(client, exemples=200, secondes=secondes, graine=graine, adresse=adresse)
    for cle, manque in rapport.manques.items():
        sys.stdout.write(f"{cle}\n{manque}\n\n")
    sys.stdout.write(f"{rapport} en {time.monotonic() - debut:.0f} s, graine {graine}\n")
    return 1 if rapport.manques else 0


if __name__ == "__main__":
    sys.exit(principal(*map(int, sys.argv[1:])))
