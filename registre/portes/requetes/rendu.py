"""Les contrôles des formulaires écrits en Python, au signe près ce que les gabarits de Django écriraient.

Une page de saisie porte des centaines de contrôles ; le moteur de gabarits, appelé pour chacun et pour chacun de ses attributs,
y passait le plus clair de son temps. `tests/portes/gestion/test_rendu.py` compare chaque écriture à celle de Django.
"""

import html
from collections.abc import Callable
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

DOSSIER = "django/forms/widgets"


def echapper(valeur: Any) -> str:
    """`conditional_escape`, sans ses détours pour une chaîne ordinaire : une page en échappe vingt mille."""
    return html.escape(valeur) if type(valeur) is str else conditional_escape(valeur)


def _attributs(attrs: dict[str, Any]) -> str:
    """` nom="valeur"` ; `True` écrit le nom seul, `False` rien."""
    return "".join(
        f" {nom}" if valeur is True else f' {nom}="{echapper(valeur)}"'
        for nom, valeur in attrs.items()
        if valeur is not False
    )


def _entree(controle: dict[str, Any]) -> str:
    valeur = controle["value"]
    dite = "" if valeur is None else f' value="{echapper(valeur)}"'
    nom = echapper(controle["name"])
    return f'<input type="{controle["type"]}" name="{nom}"{dite}{_attributs(controle["attrs"])}>'


def _zone(controle: dict[str, Any]) -> str:
    texte = echapper(controle["value"] or "")
    nom = echapper(controle["name"])
    return f'<textarea name="{nom}"{_attributs(controle["attrs"])}>\n{texte}</textarea>'


ECRITURES: dict[str, Callable[[dict[str, Any]], str]] = {
    **{f"{DOSSIER}/{type_}.html": _entree for type_ in ("text", "email", "url", "number", "date", "hidden")},
    f"{DOSSIER}/textarea.html": _zone,
}


class RenduDirect(DjangoTemplates):
    """Le rendu de Django, les contrôles les plus nombreux en moins."""

    def render(self, template_name: str, context: dict[str, Any], request=None) -> str:
        if ecrire := ECRITURES.get(template_name):
            return mark_safe(ecrire(context["widget"]))  # noqa: S308 - chaque valeur est échappée ci-dessus
        return super().render(template_name, context, request)
