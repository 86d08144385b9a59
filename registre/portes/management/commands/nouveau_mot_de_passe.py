from django.conf import settings
from django.core.management.base import CommandError

from organismes.models import Utilisateur
from registre.actes import comptes
from registre.portes.demonstration.charger import renouveler
from registre.portes.demonstration.lecture import DemonstrationIllisible
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.commands.charger_demo import dire_comptes


class Command(Commande):
    help = "Imprime un lien à usage unique pour choisir un mot de passe ; --demo : des mots de passe neufs."

    def add_arguments(self, parser):
        qui = parser.add_mutually_exclusive_group(required=True)
        qui.add_argument("--courriel", help="l'adresse du compte")
        qui.add_argument("--demo", action="store_true", help="tous les comptes de la démonstration")

    def handle(self, *, courriel, demo, **options):
        if demo:
            return self._renouveler()
        personne = Utilisateur.objects.filter(courriel__iexact=courriel.strip()).first()
        if personne is None:
            raise CommandError(f"Aucun compte n'a l'adresse « {courriel} ».")
        if not personne.is_active:
            raise CommandError(
                f"Le compte de {personne} est fermé : un administrateur le rouvre dans Gestion, Comptes."
            )
        lien = comptes.donner_lien(personne, settings.ORIGINE, auteur=COMMANDE)
        self.stdout.write(f"{personne.nom} <{personne.courriel}>")
        self.stdout.write(f"Lien à usage unique : {lien}")

    def _renouveler(self) -> None:
        try:
            neufs = renouveler()
        except DemonstrationIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        if not neufs:
            raise CommandError("Cette base ne porte pas les comptes de la démonstration.")
        dire_comptes(self.stdout, neufs)
