"""La barrière : aucune vue ne s'exécute si la table d'accès ne l'ouvre pas à cette personne."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

from registre.acces import permise


class BarriereMiddleware:
    """Route non déclarée ou droit absent : 403. Personne de connecté : la page de connexion, ou 401 pour l'API."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        return self.suite(request)

    def process_view(self, request, vue, arguments, options):
        nom = request.resolver_match.view_name
        if permise(request, nom):
            return None
        if nom.startswith("api:"):
            return None  # l'API répond elle-même, en JSON, avec la même table
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        raise PermissionDenied("Vos habilitations ne permettent pas d'ouvrir cette page.")
