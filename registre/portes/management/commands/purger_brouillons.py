"""Efface les brouillons et les envois reçus qui ont fait leur temps."""

from organismes import brouillons
from registre.portes.management.commande import Commande


class Command(Commande):
    help = f"Efface les brouillons de plus de {brouillons.JOURS} jours ; à lancer chaque jour."

    def handle(self, **options):
        n = brouillons.purger()
        self.stdout.write(f"brouillons effacés : {n}")
