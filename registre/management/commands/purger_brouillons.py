"""Efface les brouillons et les envois reçus qui ont fait leur temps."""

from django.core.management.base import BaseCommand

from organismes import brouillons


class Command(BaseCommand):
    help = f"Efface les brouillons de plus de {brouillons.JOURS} jours ; à lancer chaque jour."

    def handle(self, **options):
        n = brouillons.purger()
        self.stdout.write(f"brouillons effacés : {n}")
