"""Amène une instance à l'état du code : base, cache, référentiels, fichiers statiques, démonstration."""

import os
import sys
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django_scopes import scopes_disabled

from organismes.models import Tiers
from registre.portes.management.commande import Commande
from traitements.models import Traitement


class Command(Commande):
    """Un seul processus pour toutes les étapes : démarrer Django coûte plus que chacune d'elles.

    Sans risque à relancer : chaque étape ne fait que ce qui reste à faire.
    """

    help = "Prépare l'instance : migrations, cache, référentiels, fichiers statiques ; dit comment commencer."
    # Les contrôles de Django lisent la base avant qu'elle existe ; `migrate` fait les siens.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="charge aussi les données de démonstration")
        parser.add_argument("--sans-statiques", action="store_true", help="laisse les fichiers statiques")

    def handle(self, *, demo, sans_statiques, **options):
        self.etape("Base de données", "migrate", interactive=False, verbosity=0)
        self.etape("Cache partagé", "createcachetable", verbosity=0)
        self.etape("Référentiels", "charger_referentiels", stdout=StringIO())  # vingt lignes de compte
        self._nommer_les_homonymes()
        if not sans_statiques:
            self.etape("Fichiers statiques", "collectstatic", interactive=False, clear=True, verbosity=0)
        if demo:
            self.etape("Données de démonstration", "charger_demo")
        elif not get_user_model().objects.exists():
            self.stdout.write(premiers_pas())

    def _nommer_les_homonymes(self):
        """Ce que la règle d'unicité refuserait aujourd'hui reste tel quel, et se dit : à chacun de choisir."""
        with scopes_disabled():  # toute l'instance
            paires: list[tuple[Traitement | Tiers, ...]] = [*Traitement.homonymes(), *Tiers.homonymes()]
        for objet, autre in paires:
            self.stdout.write(
                f"À départager ({objet.organisme}) : « {objet} » et « {autre} » portent le même nom, à la casse, aux "
                "accents ou aux espaces près."
            )

    def etape(self, titre, commande, **options):
        self.stdout.write(titre)
        self.stdout.flush()
        call_command(commande, **{"stdout": self.stdout, "stderr": self.stderr} | options)


def premiers_pas() -> str:
    """Les commandes exactes, à copier, pour une instance où personne ne peut encore se connecter."""
    python = Path(sys.executable)
    python = python.relative_to(settings.RACINE) if python.is_relative_to(settings.RACINE) else python
    ailleurs = settings.DONNEES != settings.RACINE / "donnees"
    manage = f"DONNEES={settings.DONNEES} " * ailleurs + f"{os.fspath(python)} manage.py"
    return f"""
Personne ne peut encore se connecter. Créez l'organisme, puis le premier administrateur :
  {manage} creer_organisme --nom "Nom de l'organisme"
  {manage} creer_utilisateur --courriel vous@exemple.fr --nom "Votre nom" --administrateur
La première commande affiche l'identifiant de l'organisme ; la seconde, un lien à usage unique pour choisir
le mot de passe. Pour donner un rôle : --organisme IDENTIFIANT --role dpo.
"""
