"""{% csrf_token %}, qui pose aussi l'enveloppe : aucun formulaire ne peut donc l'oublier (sans jeton, Django le refuse)."""

from django.template import Library
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from registre.envois import CHAMP, de_la_requete
from registre.gardees import GARDEES

register = Library()


class JetonEtEnveloppe(CsrfTokenNode):
    def render(self, context) -> str:
        jeton, request = super().render(context), context.get("request")
        if request is None or getattr(request, "user", None) is None or not request.user.is_authenticated:
            return jeton
        resolu = request.resolver_match
        gardee = resolu is not None and resolu.view_name in GARDEES
        champ = '<input type="hidden" name="{}" value="{}"{}>'
        return jeton + format_html(
            champ, CHAMP, de_la_requete(request).ecrire(), format_html(" data-garder") if gardee else ""
        )


@register.tag
def csrf_token(parser, token):
    """Remplace la balise de Django du même nom (voir `builtins` dans les réglages)."""
    return JetonEtEnveloppe()
