#!/usr/bin/env python3
"""Commandes de Registre."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as faute:  # un réglage manquant se dit en une phrase, sans trace
        sys.exit(f"Réglage à corriger : {faute}")
