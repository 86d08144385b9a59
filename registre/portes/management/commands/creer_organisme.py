from django.core.management.base import CommandError
from django_scopes import scopes_disabled

from organismes.models import Organisme
from registre.fiche import agregat
from registre.fiche.enregistrement import Refus, enregistrer
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande


class Command(Commande):
    help = "Crée un organisme et imprime son identifiant."

    def add_arguments(self, parser):
        parser.add_argument("--nom", required=True, help="raison sociale")
        parser.add_argument("--siren", default="", help="neuf chiffres")

    def handle(self, *, nom, siren, **options):
        donnees = {"raison_sociale": nom, "siren": "".join(siren.split())}
        try:
            with scopes_disabled():  # l'organisme n'existe pas encore : aucune portée
                resultat = enregistrer(agregat.ORGANISME, donnees, Organisme(), auteur=COMMANDE)
        except Refus as refus:
            raise CommandError(str(refus)) from refus
        self.stdout.write(str(resultat.objet.pk))
