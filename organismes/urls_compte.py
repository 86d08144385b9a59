"""Les pages de compte, à inclure sous `/compte/`."""

from django.urls import include, path, re_path

from organismes import vues_compte

urlpatterns = [
    path("", vues_compte.compte, name="compte"),
    path("email/", vues_compte.adresse_fermee),
    re_path(r"^confirm-email/", vues_compte.adresse_fermee),
    path("", include("allauth.account.urls")),
]
