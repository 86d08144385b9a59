"""La page d'accueil de la gestion : ce que cette personne peut y faire."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from organismes.droits import Permission
from organismes.requete import RequeteConnectee
from registre.fiche.referentiels import FICHIERS, version_referentiels

ENTREES = (
    (
        Permission.MODIFIER_FICHE,
        "Nouvelle fiche",
        "Une activité dont vous décidez, art. 30(1).",
        "admin:traitements_traitement_add",
        "",
    ),
    (
        Permission.MODIFIER_FICHE,
        "Nouvelle fiche de sous-traitance",
        "Une activité menée pour le compte d'un client, art. 30(2).",
        "admin:traitements_traitement_add",
        "?registre=sous-traitant",
    ),
    (
        Permission.MODIFIER_TIERS,
        "Inscrire un tiers",
        "Sous-traitant, partenaire, client, source.",
        "admin:organismes_tiers_add",
        "",
    ),
    (
        Permission.MODIFIER_ORGANISME,
        "Modifier l'organisme",
        "Identité, délégué, représentant, mesures de sécurité communes.",
        "admin:organismes_organisme_change",
        "organisme",
    ),
    (
        Permission.ADMINISTRER,
        "Organismes",
        "Ceux que cette instance héberge.",
        "admin:organismes_organisme_changelist",
        "",
    ),
    (
        Permission.ADMINISTRER,
        "Comptes et habilitations",
        "Qui entre, dans quel rôle, jusqu'à quand.",
        "admin:organismes_utilisateur_changelist",
        "",
    ),
)


def accueil(request: RequeteConnectee) -> HttpResponse:
    entrees = [
        {"titre": titre, "texte": texte, "url": _adresse(request, nom, suite)}
        for droit, titre, texte, nom, suite in ENTREES
        if droit in request.droits
    ]
    referentiels = [
        (modele._meta.verbose_name_plural, modele.objects.filter(actif=True).count())
        for _, modele in FICHIERS
    ]
    contexte = {"entrees": entrees, "referentiels": referentiels, "version": version_referentiels()}
    return render(request, "gestion/accueil.html", contexte)


def _adresse(request, nom: str, suite: str) -> str:
    if suite == "organisme":
        return reverse(nom, args=[request.organisme.pk])
    return f"{reverse(nom)}{suite}"
