#!/usr/bin/env python3
"""Commandes de Registre."""

import os
import sys

try:
    import django  # noqa: F401
except ModuleNotFoundError:
    sys.exit(
        "Ce Python n'a pas les bibliothèques de Registre : employez celui du dossier .venv, que « python3 demarrer.py » "
        "prépare : .venv/bin/python manage.py …"
    )

from registre.portes.management.gestion import Gestion
from registre.portes.serveur.reglages import sans_trace

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")
    sans_trace(Gestion(sys.argv).execute)
