from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class RegistreConfig(AppConfig):
    name, label = "registre.portes", "registre"  # ses commandes et ses vues de gestion sont des portes
    verbose_name = "Registre"

    def ready(self) -> None:
        from registre.portes.serveur import alertes  # noqa: F401 - inscrit les contrôles de Django, une fois les modèles chargés


class GestionConfig(AdminConfig):
    """Le site d'administration de Django, remplacé par le nôtre (`/gestion/`)."""

    default_site = "registre.portes.gestion.site.SiteGestion"
