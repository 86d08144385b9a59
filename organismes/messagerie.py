"""La messagerie de l'instance : y en a-t-il une, répond-elle, et pourquoi un envoi manque. Elle parle anglais ; nous, non."""

import logging
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection

from documents.typographie import composer

journal = logging.getLogger(__name__)

ABSENTE = "Cette instance n’envoie pas de courriel : demandez à l’administrateur un lien pour choisir un mot de passe."
MUETTE = (
    "Le courriel n’a pas pu partir : {raison} Réessayez plus tard, ou demandez un lien à l’administrateur."
)


def exiger_messagerie() -> None:
    """Ouvre et referme une connexion au serveur de courriel. Lève `ValidationError` s'il n'y en a pas, ou s'il ne répond pas.

    Fait pour toute adresse, connue ou non : une panne qui ne se verrait que pour un compte dirait qu'il existe.
    """
    if not settings.MESSAGERIE:
        raise ValidationError(ABSENTE)
    try:
        with get_connection():
            pass
    except (OSError, ValueError) as erreur:
        raison = raison_envoi(erreur)
        journal.error("Messagerie : %s", raison)
        raise ValidationError(MUETTE.format(raison=raison)) from erreur


def raison_envoi(erreur: Exception) -> str:
    if isinstance(erreur, SMTPAuthenticationError):
        return "le serveur de messagerie refuse le compte ou le mot de passe d’EMAIL_URL."
    if isinstance(erreur, SMTPRecipientsRefused):
        return "le serveur de messagerie refuse cette adresse."
    if isinstance(erreur, SMTPException) and not isinstance(
        erreur, SMTPConnectError | SMTPServerDisconnected
    ):
        return "le serveur de messagerie a refusé le message."
    return "le serveur de messagerie ne répond pas."


def compose(message: EmailMessage) -> EmailMessage:
    """Le même message, sujet et corps à la typographie française ; ses adresses ne changent pas."""
    message.subject, message.body = composer(str(message.subject)), composer(str(message.body))
    return message


def envoyer(message: EmailMessage) -> None:
    """Envoie ; un échec se dit au journal du serveur, sans le message, qui porte un lien."""
    try:
        message.send()
    except (OSError, ValueError) as erreur:
        journal.error("Courriel non parti : %s", raison_envoi(erreur))
