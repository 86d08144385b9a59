"""Les vues de gestion : l'administration de Django dans notre cadre, ouverte par nos droits seuls."""

from django.contrib.admin import AdminSite

from organismes.droits import Droit
from registre.gestion.accueil import accueil
from registre.gestion.base import AdminCloisonne


class SiteGestion(AdminSite):
    site_title = "Registre"
    site_header = "Registre"
    index_title = "Gestion"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        return request.user.is_authenticated and bool({Droit.LIRE, Droit.ADMINISTRER} & request.droits)

    def register(self, modeles, admin_class=None, **options) -> None:
        """N'admet que nos classes : les paquets tiers (groupes, adresses d'allauth) n'ont pas d'écran ici."""
        if admin_class is not None and issubclass(admin_class, AdminCloisonne):
            super().register(modeles, admin_class, **options)

    def index(self, request, extra_context=None):
        return accueil(request)

    def get_urls(self):
        """Sans les portes de côté de Django : connexion, mot de passe, traductions, complétion, renvoi `r/`."""
        garde = {"index"}
        return [
            url
            for url in super().get_urls()
            if getattr(url, "name", None) in garde or hasattr(url, "url_patterns")
        ]
