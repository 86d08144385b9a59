"""Les filtres de tous les gabarits : un jour, un moment, un nombre. La typographie, elle, se pose à la sortie de la page."""

from datetime import date, datetime

from django import template
from django.template.defaultfilters import pluralize
from django.utils import timezone
from django.utils.html import format_html

from documents.typographie import NomDeFichier, sens_visible
from organismes.choix import Role
from traitements import phrases

register = template.Library()


@register.filter
def jour(valeur: date | None) -> str:
    """« 3 novembre 2026 », « 1er mai 2026 » ; vide s'il n'y a pas de date. Un instant se lit à l'heure de Paris."""
    if not valeur:
        return ""
    return phrases.date_en_mots(timezone.localtime(valeur).date() if isinstance(valeur, datetime) else valeur)


@register.filter
def moment(valeur: datetime | None) -> str:
    """« 3 novembre 2026 à 14 h 05 »."""
    return (
        f"{jour(valeur)} à {timezone.localtime(valeur):%-H\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}%M}"
        if valeur
        else ""
    )


@register.filter
def nombre(valeur: int | None) -> str:
    """« 12 450 », groupé par une espace fine insécable ; vide sans nombre."""
    return phrases.nombre(valeur) if isinstance(valeur, int) else ""


@register.filter("pluralize")
def pluriel(valeur, formes: str = "s") -> str:
    """Remplace le filtre de Django du même nom : en français, zéro prend le singulier. Mêmes arguments."""
    nul = valeur is not None and (not valeur or valeur == "0")
    return pluralize(1 if nul else valeur, formes)


@register.filter
def role(code: str) -> str:
    """Le libellé d'un rôle que le journal garde par son code ; ce qui n'en est pas un reste tel quel."""
    return dict(Role.choices).get(code, code)


@register.filter
def de(nom: str) -> str:
    """« d’Atelier Pixel », « de Maison Lavande »."""
    return phrases.de(str(nom))


@register.filter
def a(nom: str) -> str:
    """« à Maison Lavande », « au Comptoir »."""
    return phrases.a(str(nom))


@register.filter
def fichier(nom: str) -> str:
    """Un nom de fichier à la lettre, hors de la typographie."""
    return format_html("<code>{}</code>", sens_visible(str(nom)))


@register.filter
def dite(valeur: str) -> str:
    """Une valeur lue ; celle qui est un nom de fichier se montre à la lettre."""
    return fichier(valeur) if isinstance(valeur, NomDeFichier) else valeur
