"""L'échéancier de conservation : ce qui est dû, en retard d'abord ; et son agenda."""

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from conservation.echeancier import DUES, Genre
from conservation.models import JetonAgenda
from organismes.droits import Permission, peut
from organismes.pliage import ordre
from organismes.portee import dans
from organismes.requete import RequeteHabilitee
from registre.echanges.exports import echeancier_csv as en_csv
from registre.execution import agenda as abonnements
from registre.execution import echeancier_ics as ics
from registre.execution.echeances import derniers_changements, lire
from registre.execution.echeancier_lu import (
    EcheanceLue,
    FiltresDEcheancier,
    en_sections,
    recapituler,
    regrouper,
)
from registre.portes.requetes.telechargement import exporte
from registre.portes.vues.pages import paginer
from traitements.choix import Famille


def conservation(request: RequeteHabilitee) -> HttpResponse:
    jour = timezone.localdate()
    toutes, filtres = lire(request.organisme, jour), FiltresDEcheancier.de(request.GET)
    en_tout_temps = replace(filtres, quand="").choisir(toutes)
    trouvees = filtres.choisir(en_tout_temps)
    dues = [lue for lue in trouvees if lue.genre in DUES]
    paginee = paginer(request, regrouper(trouvees))
    contexte = {
        **paginee,
        "sections": en_sections(paginee["page"]),
        "reperes": recapituler(en_tout_temps, jour),
        "nombre": len(dues),
        "retards": sum(lue.en_retard for lue in dues),
        "a_fixer": any(lue.genre is Genre.A_FIXER for lue in trouvees),
        "vide": not toutes,
        "filtres": filtres,
        "fiche": _fiche_cherchee(filtres.fiche, toutes),
        "choix": _choix(toutes, filtres),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
        "peut_exporter": peut(request, Permission.TELECHARGER),
    }
    return render(request, "registre/conservation.html", contexte)


def echeancier_csv(request: RequeteHabilitee) -> HttpResponse:
    """Toutes les échéances que la page montre, page après page, avec les mêmes filtres."""
    trouvees = FiltresDEcheancier.de(request.GET).choisir(lire(request.organisme, timezone.localdate()))
    return exporte(en_csv, trouvees, "Échéancier de conservation")


def _fiche_cherchee(fiche: str, toutes: list[EcheanceLue]) -> str:
    """Ce que montre le champ : la référence de la fiche que désigne l'adresse, ou les mots tapés."""
    return next((lue.reference for lue in toutes if lue.fiche == fiche), fiche)


def _choix(toutes: list[EcheanceLue], filtres: FiltresDEcheancier) -> list[dict]:
    familles = dict(Famille.choices)
    listes = (
        ("famille", "Famille", {lue.famille: familles.get(lue.famille, lue.famille) for lue in toutes}),
        ("service", "Service", {lue.service: lue.service for lue in toutes}),
        ("genre", "Échéance", {str(g): g.libelle for g in Genre}),
    )
    return [
        {
            "nom": nom,
            "libelle": libelle,
            "valeur": getattr(filtres, nom),
            "options": sorted(((v, o) for v, o in options.items() if v), key=lambda o: ordre(o[1])),
        }
        for nom, libelle, options in listes
    ]


# --- L'agenda ----------------------------------------------------------------------------------------------------
def agenda(request: RequeteHabilitee) -> HttpResponse:
    """Mes abonnements ; une adresse neuve ne se montre que dans la réponse qui la crée."""
    adresse = ""
    siens = JetonAgenda.objects.filter(utilisateur=request.user)
    if request.method == "POST" and request.POST.get("revoquer"):
        abonnement = get_object_or_404(siens, pk=_identifiant(request.POST["revoquer"]))
        abonnements.revoquer(abonnement, auteur=request.auteur)
        messages.success(request, "Abonnement révoqué : son adresse ne répond plus.")
        return redirect("agenda")
    if request.method == "POST":
        jeton = abonnements.abonner(request.organisme, request.user, auteur=request.auteur)
        adresse = request.build_absolute_uri(reverse("agenda_ics", args=[jeton]))
    reponse = render(request, "registre/agenda.html", {"abonnements": siens, "adresse": adresse})
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _identifiant(texte: str) -> UUID:
    try:
        return UUID(texte)
    except ValueError as erreur:
        raise Http404 from erreur


class ReponseTue(HttpResponse):
    """Django n'en écrit pas l'adresse, donc le jeton, dans son journal."""

    _has_been_logged = True


@login_not_required
def agenda_ics(request: HttpRequest, jeton: str) -> HttpResponse:
    """Le flux, sans session : le jeton suffit, tant qu'il n'est pas révoqué et que la personne est habilitée."""
    jour = timezone.localdate()
    abonnement = abonnements.abonne(jeton, jour)
    if abonnement is None:
        return ReponseTue(
            "Cette adresse n'existe pas ou ne vaut plus.",
            status=404,
            content_type="text/plain; charset=utf-8",
        )
    with dans(abonnement.organisme):
        lues = lire(abonnement.organisme, jour)
        changees = derniers_changements(abonnement.organisme)
    adresses = {e.fiche: f"{settings.ORIGINE.rstrip('/')}{reverse('fiche', args=[e.fiche])}" for e in lues}
    contenu = ics.produire(lues, abonnement.organisme.raison_sociale, jour, changees, adresses)
    reponse = HttpResponse(contenu, content_type=ics.TYPE_MIME)
    reponse["Cache-Control"] = "private, no-store"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
