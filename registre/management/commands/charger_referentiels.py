from django.core.management.base import CommandError

from registre.management.auteur import COMMANDE
from registre.management.commande import Commande
from registre.referentiels import FichierInvalide, charger


class Command(Commande):
    help = "Charge les référentiels du produit ; une ligne retirée des fichiers devient inactive."

    def handle(self, *args, **options):
        try:
            bilans = charger(COMMANDE)
        except FichierInvalide as erreur:
            raise CommandError(str(erreur)) from erreur
        for bilan in bilans:
            self.stdout.write(f"{bilan.nom}, {bilan.phrase}")
