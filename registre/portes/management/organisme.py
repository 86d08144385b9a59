"""Retrouver l'organisme que désigne une option de commande."""

from uuid import UUID

from django.core.management.base import CommandError
from django_scopes import scopes_disabled

from organismes.models import Organisme


def trouver_organisme(texte: str) -> Organisme:
    """Par identifiant, sinon par SIREN ou raison sociale exacte. Lève `CommandError` (code 1) sinon."""
    with scopes_disabled():  # la ligne de commande choisit sa portée
        trouves = list(_candidats(texte.strip()))
    if len(trouves) == 1:
        return trouves[0]
    if trouves:
        lesquels = ", ".join(f"{o.raison_sociale} ({o.pk})" for o in trouves)
        raise CommandError(
            f"Plusieurs organismes répondent à « {texte} » : {lesquels}. Donnez l'identifiant."
        )
    raise CommandError(f"Aucun organisme ne répond à « {texte} ».")


def _candidats(texte: str):
    try:
        return Organisme.objects.filter(pk=UUID(texte))
    except ValueError:
        pass
    return (
        Organisme.objects.filter(siren=texte)
        if texte.isdigit()
        else Organisme.objects.filter(raison_sociale=texte)
    )
