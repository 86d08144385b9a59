from smtplib import SMTPException

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from django_scopes import scopes_disabled

from organismes.messagerie import raison_envoi
from organismes.models import Organisme
from organismes.portee import dans
from registre.execution.rappels import destinataires, envoyer, recapituler
from registre.portes.management.commande import Commande
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from traitements.phrases import accorder

SANS_MESSAGERIE = (
    "Cette instance n'envoie pas de courriel : aucun rappel n'est parti. Donnez EMAIL_URL, par exemple "
    "smtp+tls://compte:motdepasse@serveur:587."
)


class Command(Commande):
    help = "Envoie les rappels du jour ; relancée, elle n'envoie rien de plus. Sort en 1 si un envoi échoue."

    def add_arguments(self, parser):
        parser.add_argument("--organisme", help="identifiant, SIREN ou raison sociale ; tous par défaut")
        parser.add_argument("--au", type=jour, help="AAAA-MM-JJ ; aujourd'hui par défaut")

    def handle(self, *, organisme, au, **options):
        if not settings.MESSAGERIE:
            raise CommandError(SANS_MESSAGERIE)
        le = au or timezone.localdate()
        with scopes_disabled():  # la ligne de commande choisit sa portée
            cibles = [trouver_organisme(organisme)] if organisme else list(Organisme.objects.all())
        envoyes, echecs = 0, 0
        for cible in cibles:
            with dans(cible):
                recapitulatif = recapituler(cible, le, settings.ORIGINE)
                for personne in destinataires(le):
                    try:
                        envoyes += envoyer(cible, personne, recapitulatif)
                    except (OSError, SMTPException) as erreur:
                        echecs += 1
                        self.stderr.write(f"{personne.courriel} : {raison_envoi(erreur)}")
        self.stdout.write(f"{envoyes} {accorder(envoyes, 'rappel envoyé')}.")
        if echecs:
            raise CommandError(f"{echecs} {accorder(echecs, 'envoi')} en échec.")
