from django.core.management.base import CommandError

from registre.portes.demonstration.charger import BaseOccupee, CompteDeDemonstration, charger
from registre.portes.demonstration.lecture import DemonstrationIllisible
from registre.portes.management.commande import Commande


class Command(Commande):
    help = "Charge la démonstration dans une base neuve et imprime les comptes, une seule fois."

    def handle(self, *args, **options):
        try:
            comptes = charger()
        except BaseOccupee as occupee:
            raise CommandError(
                "Cette base porte déjà des organismes ou des comptes : la démonstration ne s'y mêle pas. "
                "Donnez-lui un autre dossier, par exemple DONNEES=./donnees-demo."
            ) from occupee
        except DemonstrationIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        if not comptes:
            self.stdout.write(
                "La démonstration est déjà chargée. Mots de passe perdus : « python manage.py nouveau_mot_de_passe "
                "--demo » en donne d'autres."
            )
            return
        dire_comptes(self.stdout, comptes)


def dire_comptes(sortie, comptes: list[CompteDeDemonstration]) -> None:
    sortie.write("Comptes de démonstration. Ces mots de passe ne seront plus montrés ; changez-les.")
    for compte in comptes:
        sortie.write(f"  {compte.courriel:<42} {compte.mot_de_passe:<26} {compte.nom}, {compte.role}")
