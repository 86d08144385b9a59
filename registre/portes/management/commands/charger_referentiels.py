from django.core.management.base import CommandError
from django_scopes import scopes_disabled

from registre.fiche.recherche import completer
from registre.fiche.referentiels import FichierInvalide, charger
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from traitements.phrases import compte


class Command(Commande):
    help = (
        "Charge les référentiels du produit, une ligne retirée des fichiers devient inactive ; "
        "puis prépare la recherche dans les fiches."
    )

    def handle(self, *args, **options):
        try:
            bilans = charger(COMMANDE)
        except FichierInvalide as erreur:
            raise CommandError(str(erreur)) from erreur
        for bilan in bilans:
            self.stdout.write(f"{bilan.nom}, {bilan.phrase}")
        with scopes_disabled():  # les libellés ont pu changer pour toutes les fiches de l'instance
            if refaits := completer():
                self.stdout.write(f"recherche, {compte(refaits, 'fiche')} à relire par la recherche : fait")
