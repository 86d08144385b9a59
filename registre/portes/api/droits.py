"""Qui entre dans l'API : la table d'accès du site, et rien d'autre."""

from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import BasePermission

from registre.acces import permise


class AuthentificationSession(SessionAuthentication):
    """La session du site. Sans elle : 401, avec l'adresse où se connecter."""

    def authenticate_header(self, request) -> str:
        return "Session"


class FermeParDefaut(BasePermission):
    """Par défaut, personne."""

    message = "Cette ressource n'est ouverte à personne."

    def has_permission(self, request, view) -> bool:
        return False


class SelonAcces(BasePermission):
    """Ce que `registre.acces` ouvre à cette route, à cette méthode, dans l'organisme actif."""

    message = "Vos habilitations ne permettent pas cette action."

    def has_permission(self, request, view) -> bool:
        if not request.user.is_authenticated or request._request.organisme is None:
            return False
        return permise(request._request, request.resolver_match.view_name)
