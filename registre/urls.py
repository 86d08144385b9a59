"""Toutes les adresses. Chacune est déclarée dans `registre.acces`."""

from django.contrib import admin
from django.urls import include, path

from registre.echanges.exports import FICHE, FORMATS, de_la_fiche, route
from registre.portes.vues import (
    actualiser,
    brouillons,
    categories,
    durees,
    ecarts,
    echeancier,
    epreuves,
    fiche,
    fiches_types,
    fichiers,
    fusion_tiers,
    information,
    journal,
    operations,
    organisme,
    plans,
    purge,
    registre,
    regles,
    releves,
    remarques,
    sante,
    tableau,
    validation,
)

handler400 = "registre.portes.vues.refus.requete_refusee"
handler403 = "registre.portes.vues.refus.interdit"
handler404 = "registre.portes.vues.refus.introuvable"
handler500 = "registre.portes.vues.refus.panne"
urlpatterns = [
    path("", tableau.tableau, name="tableau"),
    path("registre/", registre.registre, name="registre"),
    *(
        path(f"registre/registre.{nom}", fichiers.registre, {"nom": nom}, name=route("registre", nom))
        for nom in FORMATS
    ),
    path("fiches/<uuid:pk>/", fiche.fiche, name="fiche"),
    path("fiches/<uuid:pk>/information/", information.information, name="information"),
    path("fiches/<uuid:pk>/information.txt", information.information_txt, name="information_txt"),
    path("fiches/<uuid:pk>/categories-trouvees/", categories.categories_trouvees, name="categories_trouvees"),
    path("fiches/<uuid:pk>/sql-de-purge/", purge.sql_de_purge, name="sql_de_purge"),
    path("fiches/<uuid:pk>/historique/", fiche.historique, name="historique"),
    path("fiches/<uuid:pk>/etat/", validation.etat, name="etat"),
    path("fiches/<uuid:pk>/ecarter/", ecarts.ecarter, name="ecarter"),
    path("fiches/<uuid:pk>/ecarts/<int:numero>/lever/", ecarts.lever_ecart, name="lever_ecart"),
    path(
        "fiches/<uuid:pk>/remarques/<int:numero>/traiter/",
        remarques.traiter_remarque,
        name="traiter_remarque",
    ),
    path("fiches/<uuid:pk>/relue/", actualiser.actualisee, name="actualisee"),
    *(
        path(f"fiches/<uuid:pk>/fiche.{nom}", fichiers.fiche, {"nom": nom}, name=route(FICHE, nom))
        for nom in de_la_fiche()
    ),
    path("a-relire/", actualiser.a_actualiser, name="a_actualiser"),
    path("conservation/", echeancier.conservation, name="conservation"),
    path("conservation/echeancier.csv", echeancier.echeancier_csv, name="echeancier_csv"),
    path("conservation/agenda/", echeancier.agenda, name="agenda"),
    path("agenda/<str:jeton>/registre.ics", echeancier.agenda_ics, name="agenda_ics"),
    path("conservation/operations/", operations.operations, name="operations"),
    path("conservation/operations/nouvelle/", operations.operation_nouvelle, name="operation_nouvelle"),
    path("conservation/constats/nouveau/", releves.releve_nouveau, name="releve_nouveau"),
    path("conservation/plans/", plans.plans_de_releve, name="plans_de_releve"),
    path("conservation/plans/<uuid:pk>/", plans.plan_de_releve, name="plan_de_releve"),
    path("conservation/plans/<uuid:pk>/modifier/", plans.plan_modifier, name="plan_modifier"),
    path("conservation/plans/<uuid:pk>/relever/", plans.plan_relever, name="plan_relever"),
    path("conservation/operations/<uuid:pk>/", operations.operation, name="operation"),
    path("conservation/operations/<uuid:pk>/plan/", plans.plan_nouveau, name="plan_nouveau"),
    path("conservation/operations/<uuid:pk>/proces-verbal.pdf", operations.operation_pv, name="operation_pv"),
    path("conservation/operations/<uuid:pk>/preuve/", operations.operation_preuve, name="operation_preuve"),
    path("conservation/epreuves/", epreuves.epreuves, name="epreuves"),
    path("conservation/epreuves/nouvelle/", epreuves.epreuve_nouvelle, name="epreuve_nouvelle"),
    path("conservation/epreuves/<uuid:pk>/", epreuves.epreuve, name="epreuve"),
    path("conservation/epreuves/<uuid:pk>/epreuve.pdf", epreuves.epreuve_feuille, name="epreuve_pdf"),
    path("conservation/durees/", durees.durees, name="durees"),
    path("conservation/durees.csv", durees.durees_csv, name="durees_csv"),
    path("modeles/", fiches_types.fiches_types, name="fiches_types"),
    path("modeles/<slug:code>/", fiches_types.fiche_type, name="fiche_type"),
    path("regles/", regles.regles, name="regles"),
    path("organisme/", organisme.organisme, name="organisme"),
    path(
        "organisme/remarques/<int:numero>/traiter/",
        remarques.traiter_remarque_organisme,
        name="traiter_remarque_organisme",
    ),
    path("organisme/choisir/", organisme.choisir, name="choisir_organisme"),
    path("tiers/", organisme.tiers, name="tiers"),
    path("tiers/<uuid:pk>/fusion/", fusion_tiers.fusion_tiers, name="fusion_tiers"),
    path("journal/", journal.journal, name="journal"),
    path("compte/brouillon/", brouillons.garder_en_tapant, name="brouillon_garder"),
    path("compte/brouillons/<uuid:pk>/jeter/", brouillons.jeter, name="brouillon_jeter"),
    path("compte/", include("organismes.urls_compte")),
    path("gestion/", admin.site.urls),
    path("api/v1/", include(("registre.portes.api.urls", "api"))),
    path("sante/", sante.sante, name="sante"),
]
