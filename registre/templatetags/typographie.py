"""La typographie française des phrases du droit, posée à l'affichage : les règles les écrivent au clavier."""

import re

from django import template

from traitements import phrases

register = template.Library()
INSECABLE, FINE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
REMPLACEMENTS = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"«\s?"), f"«{INSECABLE}"),
    (re.compile(r"\s?»"), f"{INSECABLE}»"),
    (re.compile(r" :"), f"{INSECABLE}:"),
    (re.compile(r" ([;!?])"), rf"{FINE}\1"),
    (re.compile(r"\b(art\.|§|n°|al\.) "), rf"\1{INSECABLE}"),
)


@register.filter
def typo(texte: str) -> str:
    """« l'article 6 ; voir « ceci » » avec l'apostrophe courbe et les espaces insécables de l'imprimerie."""
    for motif, par in REMPLACEMENTS:
        texte = motif.sub(par, str(texte))
    return texte


@register.filter
def de(nom: str) -> str:
    """« d’Atelier Pixel », « de Maison Lavande »."""
    return typo(phrases.de(nom))


@register.filter
def nombre(n: int | None) -> str:
    """« 12 450 », groupé par une espace fine insécable ; vide sans nombre."""
    return phrases.nombre(n) if isinstance(n, int) else ""
