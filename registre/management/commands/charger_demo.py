from django.core.management.base import CommandError

from registre.demonstration.charger import BaseOccupee, charger
from registre.management.commande import Commande


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
        if not comptes:
            self.stdout.write(
                "La démonstration est déjà chargée. Mot de passe perdu : « Mot de passe oublié » à la connexion "
                "imprime un lien dans ce terminal."
            )
            return
        self.stdout.write("Comptes de démonstration. Ces mots de passe ne seront plus montrés ; changez-les.")
        for compte in comptes:
            self.stdout.write(
                f"  {compte.courriel:<42} {compte.mot_de_passe:<26} {compte.nom}, {compte.role}"
            )
