"""Les vues de gestion : l'administration de Django dans notre cadre, ouverte par nos droits seuls."""

from django.contrib.admin import AdminSite
from django.urls import include, path

from organismes.droits import Permission
from registre.portes.gestion.accueil import accueil
from registre.portes.gestion.base import AdminCloisonne


class SiteGestion(AdminSite):
    site_title = "Registre"
    site_header = "Registre"
    index_title = "Gestion"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request) -> bool:
        return request.user.is_authenticated and bool(
            {Permission.LIRE, Permission.ADMINISTRER} & request.droits
        )

    def register(self, model_or_iterable, admin_class=None, **options):
        """N'admet que nos classes : les paquets tiers (groupes, adresses d'allauth) n'ont pas d'écran ici."""
        if admin_class is not None and issubclass(admin_class, AdminCloisonne):
            super().register(model_or_iterable, admin_class, **options)

    def index(self, request, extra_context=None):
        return accueil(request)

    def get_urls(self):
        """L'accueil et nos écrans, sans les portes de côté de Django : connexion, complétion, renvoi `r/`…"""
        ecrans = [
            path(f"{modele._meta.app_label}/{modele._meta.model_name}/", include(ecran.urls))
            for modele, ecran in self._registry.items()
        ]
        return [path("", self.admin_view(self.index), name="index"), *ecrans]
