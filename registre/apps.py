from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RegistreConfig(AppConfig):
    name = "registre"
    verbose_name = "Registre"


class GestionConfig(AdminConfig):
    """Le site d'administration de Django, remplacé par le nôtre (`/gestion/`)."""

    default_site = "registre.gestion.site.SiteGestion"
