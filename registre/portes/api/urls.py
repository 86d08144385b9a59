from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.routers import SimpleRouter

from registre.portes.api.droits import SelonAcces
from registre.portes.api.schema import SchemaSession
from registre.portes.api.vues import Fiches, LesTiers, Organismes, Referentiels

routeur = SimpleRouter(use_regex_path=False)
routeur.register("fiches", Fiches, "fiches")
routeur.register("tiers", LesTiers, "tiers")
routeur.register("organismes", Organismes, "organismes")
routeur.register("referentiels", Referentiels, "referentiels")

urlpatterns = [
    *routeur.urls,
    path("schema/", SpectacularJSONAPIView.as_view(permission_classes=[SelonAcces]), name="schema"),
]

__all__ = ["SchemaSession", "urlpatterns"]
