"""{% csrf_token %}, qui pose aussi l'enveloppe : aucun formulaire ne peut donc l'oublier (sans jeton, Django le refuse)."""

from django.template import Library
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from registre.fiche.envois import CHAMP, de_la_requete
from registre.portes.requetes.gardees import est_gardee

register = Library()
CHAMP_CACHE = '<input type="hidden" name="{}" value="{}">'
CHAMP_GARDE = '<input type="hidden" name="{}" value="{}" data-garder="{}">'


class JetonEtEnveloppe(CsrfTokenNode):
    def render(self, context) -> str:
        jeton, request = super().render(context), context.get("request")
        if request is None or getattr(request, "user", None) is None or not request.user.is_authenticated:
            return jeton
        modele, enveloppe = CHAMP_GARDE if est_gardee(request) else CHAMP_CACHE, de_la_requete(request)
        return jeton + format_html(modele, CHAMP, enveloppe.ecrire(), enveloppe.numero)


@register.tag
def csrf_token(parser, token):
    """Remplace la balise de Django du même nom (voir `builtins` dans les réglages)."""
    return JetonEtEnveloppe()
