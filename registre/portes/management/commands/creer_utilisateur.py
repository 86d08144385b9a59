import sys

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from journal.service import operation
from organismes.choix import Role
from organismes.models import Habilitation, Utilisateur
from organismes.portee import dans
from registre.actes import comptes
from registre.fiche import agregat
from registre.fiche.enregistrement import Refus, enregistrer
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme


class Command(Commande):
    help = (
        "Crée un compte. Le mot de passe se lit sur l'entrée standard si elle en porte un ; "
        "sinon la commande imprime un lien à usage unique."
    )

    def add_arguments(self, parser):
        parser.add_argument("--courriel", required=True, help="l'adresse, qui sert d'identifiant")
        parser.add_argument("--nom", required=True, help="nom et prénom")
        parser.add_argument("--organisme", help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--role", choices=Role.values, help="dans cet organisme")
        parser.add_argument("--debut", type=jour, help="AAAA-MM-JJ ; aujourd'hui par défaut")
        parser.add_argument("--fin", type=jour, help="AAAA-MM-JJ, ce jour compris")
        parser.add_argument("--administrateur", action="store_true", help="administre l'instance")

    def handle(self, *, courriel, nom, organisme, role, debut, fin, administrateur, **options):
        if bool(organisme) != bool(role):
            raise CommandError("--organisme et --role vont ensemble.", returncode=2)
        if not organisme and not administrateur:
            raise CommandError("Donnez --organisme et --role, ou --administrateur.", returncode=2)
        cible = trouver_organisme(organisme) if organisme else None
        mot_de_passe = lire_mot_de_passe()
        try:
            with operation():
                utilisateur = self._compte(courriel, nom, mot_de_passe, administrateur, cible)
                if cible:
                    self._habiliter(utilisateur, cible, role, debut or timezone.localdate(), fin)
        except ValidationError as erreur:
            raise CommandError(" ".join(erreur.messages)) from erreur
        except Refus as refus:
            raise CommandError(str(refus)) from refus
        self._dire(utilisateur, mot_de_passe)

    def _compte(self, courriel, nom, mot_de_passe, administrateur, cible) -> Utilisateur:
        """Un compte existant reçoit une habilitation de plus ; son mot de passe et son nom ne changent pas."""
        existant = Utilisateur.objects.filter(courriel__iexact=courriel.strip()).first()
        if existant and cible and not administrateur and mot_de_passe is None:
            return existant
        if mot_de_passe is not None:
            validate_password(mot_de_passe, Utilisateur(courriel=courriel, nom=nom))
        return comptes.creer(
            courriel, nom, auteur=COMMANDE, mot_de_passe=mot_de_passe, administrateur=administrateur
        )

    def _habiliter(self, utilisateur, organisme, role, debut, fin) -> None:
        with dans(organisme):
            habilitation = Habilitation(organisme=organisme, utilisateur=utilisateur)
            donnees = {"role": role, "debut": debut.isoformat(), "fin": fin.isoformat() if fin else None}
            enregistrer(agregat.HABILITATION, donnees, habilitation, auteur=COMMANDE)

    def _dire(self, utilisateur: Utilisateur, mot_de_passe: str | None) -> None:
        self.stdout.write(f"{utilisateur.nom} <{utilisateur.courriel}>")
        if mot_de_passe is None and not utilisateur.has_usable_password():
            lien = comptes.donner_lien(utilisateur, settings.ORIGINE, auteur=COMMANDE)
            self.stdout.write(f"Lien à usage unique : {lien}")


def lire_mot_de_passe() -> str | None:
    """La première ligne de l'entrée standard, si elle n'est pas un terminal et n'est pas vide."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return None
    return sys.stdin.readline().rstrip("\r\n") or None
