"""{% exports "registre" %} : les liens de téléchargement d'une page, un par format qui s'y offre."""

from django.template import Library
from django.urls import reverse

from registre.echanges.exports import FORMATS, liens, route

register = Library()


@register.inclusion_tag("registre/exports.html")
def exports(page: str, *arguments) -> dict[str, list[tuple[str, str]]]:
    """Les (adresse, mots) de la page, dans l'ordre de `FORMATS` ; `arguments` : ceux de l'adresse."""
    offerts = [(nom, mots[page]) for nom, module in FORMATS.items() if page in (mots := liens(module))]
    return {"exports": [(reverse(route(page, nom), args=arguments), dits) for nom, dits in offerts]}
