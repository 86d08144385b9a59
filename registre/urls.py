"""Toutes les adresses. Chacune est déclarée dans `registre.acces`."""

from django.contrib import admin
from django.urls import include, path

from registre.vues import (
    ecarts,
    fiche,
    fichiers,
    information,
    journal,
    modeles,
    operations,
    organisme,
    registre,
    regles,
    relire,
    sante,
    tableau,
    validation,
)

urlpatterns = [
    path("", tableau.tableau, name="tableau"),
    path("registre/", registre.registre, name="registre"),
    path("registre/registre.pdf", fichiers.registre_pdf, name="registre_pdf"),
    path("registre/registre.json", fichiers.registre_json, name="registre_json"),
    path("fiches/<uuid:pk>/", fiche.fiche, name="fiche"),
    path("fiches/<uuid:pk>/information/", information.information, name="information"),
    path("fiches/<uuid:pk>/information.txt", information.information_txt, name="information_txt"),
    path("fiches/<uuid:pk>/historique/", fiche.historique, name="historique"),
    path("fiches/<uuid:pk>/etat/", validation.etat, name="etat"),
    path("fiches/<uuid:pk>/ecarter/", ecarts.ecarter, name="ecarter"),
    path("fiches/<uuid:pk>/ecarts/<int:numero>/lever/", ecarts.lever_ecart, name="lever_ecart"),
    path("fiches/<uuid:pk>/relue/", relire.relue, name="relue"),
    path("fiches/<uuid:pk>/fiche.pdf", fichiers.fiche_pdf, name="fiche_pdf"),
    path("a-relire/", relire.a_relire, name="a_relire"),
    path("conservation/operations/", operations.operations, name="operations"),
    path("conservation/operations/nouvelle/", operations.operation_nouvelle, name="operation_nouvelle"),
    path("conservation/operations/<uuid:pk>/", operations.operation, name="operation"),
    path("conservation/operations/<uuid:pk>/proces-verbal.pdf", operations.operation_pv, name="operation_pv"),
    path("conservation/operations/<uuid:pk>/preuve/", operations.operation_preuve, name="operation_preuve"),
    path("modeles/", modeles.modeles, name="modeles"),
    path("modeles/<slug:code>/", modeles.modele, name="modele"),
    path("regles/", regles.regles, name="regles"),
    path("organisme/", organisme.organisme, name="organisme"),
    path("organisme/choisir/", organisme.choisir, name="choisir_organisme"),
    path("tiers/", organisme.tiers, name="tiers"),
    path("journal/", journal.journal, name="journal"),
    path("compte/", include("organismes.urls_compte")),
    path("gestion/", admin.site.urls),
    path("api/v1/", include(("registre.api.urls", "api"))),
    path("sante/", sante.sante, name="sante"),
]
