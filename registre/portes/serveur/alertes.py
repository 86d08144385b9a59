"""Ce que les réglages de l'instance laissent à craindre : contrôles de Django, dits au démarrage et par `check`."""

from typing import TextIO

from django.conf import settings
from django.core.checks import Tags, Warning, register, run_checks

LOCALES = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def messagerie(app_configs, **options) -> list[Warning]:
    if settings.MESSAGERIE:
        return []
    return [
        Warning(
            "Cette instance n'envoie pas de courriel : ni lien de mot de passe oublié, ni rappels.",
            hint="Donnez EMAIL_URL, par exemple smtp+tls://compte:motdepasse@serveur:587.",
            id="registre.W001",
        )
    ]


@register(Tags.security)
def chiffrement(app_configs, **options) -> list[Warning]:
    if settings.HTTPS or set(settings.ALLOWED_HOSTS) <= LOCALES:
        return []
    return [
        Warning(
            "Le registre répond à d'autres machines sans HTTPS : mots de passe et cookies passeraient en clair.",
            hint="Mettez un serveur frontal qui chiffre, et HTTPS=oui.",
            id="registre.W002",
        )
    ]


@register(Tags.security)
def deboguage(app_configs, **options) -> list[Warning]:
    if not settings.DEBUG:
        return []
    return [
        Warning(
            "DEBUG est en service : une erreur montre à qui la provoque le code et les réglages.",
            hint="Ôtez DEBUG dès que d'autres que vous ouvrent ce registre.",
            id="registre.W003",
        )
    ]


def dire_les_alertes(sortie: TextIO) -> None:
    """Une ligne par alerte, en français, sans l'habillage anglais de `check`."""
    for alerte in run_checks(tags=[Tags.security]):
        if str(alerte.id).startswith("registre."):
            sortie.write(f"Avertissement ({alerte.id}) : {alerte.msg} {alerte.hint}\n")
