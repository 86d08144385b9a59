"""Réglages du serveur : deux processus de quatre fils, derrière un serveur frontal ou sur la machine même."""

import gc
import os
import sys
from pathlib import Path

# « gunicorn » lancé par son nom ne connaît pas encore ce dossier.
sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")

from django.conf import settings

from registre.portes.serveur.reglages import entier, sans_trace

# Un réglage à corriger se dit ici, en une phrase : plus tard, chaque processus mourrait avec sa trace.
sans_trace(lambda: settings.DEBUG)
workers = sans_trace(lambda: entier("PROCESSUS", 2, 1, 64))
threads = sans_trace(lambda: entier("FILS", 4, 1, 64))
worker_class = "gthread"
bind = f"127.0.0.1:{sans_trace(lambda: entier('PORT', 8000, 1, 65535))}"
timeout = 120  # le PDF d'un grand registre demande plus que les 30 s d'usage
loglevel = "warning"
# Une prise de commande de plus, dans le dossier personnel, que personne n'utiliserait ici.
control_socket_disable = True
# L'application est chargée une fois, avant les processus : mémoire partagée, et `post_fork` a de quoi geler.
preload_app = True


def when_ready(server):
    """Charge les routes avant la première requête, puis dit où ouvrir le navigateur."""
    from django.urls import get_resolver

    from registre.portes.serveur.alertes import dire_les_alertes

    _ = get_resolver().url_patterns
    dire_les_alertes(sys.stderr)
    adresses = ", ".join(f"{prise}/" for prise in server.LISTENERS)
    print(f"Registre est ouvert : {adresses} (Ctrl-C pour l'arrêter)", flush=True)


def post_fork(server, worker):
    """Épargne au ramasse-miettes les objets du code, qui ne meurent jamais.

    Sans cela il les reparcourt sans cesse : un quart à la moitié du temps d'un PDF, et le 95e centile
    de chaque page (200 ms au lieu de 27).
    """
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
