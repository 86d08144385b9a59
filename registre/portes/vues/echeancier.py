"""L'échéancier de conservation : ce qui est dû, en retard d'abord ; et son agenda."""

from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from conservation.echeancier import DUES, Genre
from conservation.models import JetonAgenda
from organismes.droits import Permission, peut
from organismes.pliage import ordre
from organismes.portee import dans
from organismes.requete import RequeteHabilitee
from registre.echanges.exports import echeancier_csv as en_csv
from registre.execution import agenda as abonnements
from registre.execution import echeancier_ics as ics
from registre.execution.echeances import EcheanceLue, LigneDEcheancier, derniers_changements, lire, regrouper
from registre.portes.requetes.telechargement import exporte
from traitements.choix import Famille
from traitements.phrases import MOIS

FILTRES = ("fiche", "famille", "service", "genre", "retard")


def conservation(request: RequeteHabilitee) -> HttpResponse:
    toutes, filtres = lire(request.organisme, timezone.localdate()), _filtres(request)
    trouvees = _filtrer(toutes, filtres)
    dues = [lue for lue in trouvees if lue.echeance.genre in DUES]
    remplis = {nom: valeur for nom, valeur in filtres.items() if valeur}
    contexte = {
        "groupes": _groupes(dues),
        "suspendues": _du_genre(trouvees, Genre.SUSPENDUE),
        "inconnues": _du_genre(trouvees, Genre.INCONNU),
        "a_fixer": _du_genre(trouvees, Genre.A_FIXER),
        "nombre": len(dues),
        "retards": sum(lue.echeance.en_retard for lue in dues),
        "vide": not toutes,
        "filtre": bool(remplis),
        "filtres": filtres,
        "requete": f"?{urlencode(remplis)}" if remplis else "",
        "choix": _choix(toutes, filtres),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
        "peut_exporter": peut(request, Permission.TELECHARGER),
    }
    return render(request, "registre/conservation.html", contexte)


def echeancier_csv(request: RequeteHabilitee) -> HttpResponse:
    """Les échéances que la page montre, avec les mêmes filtres."""
    trouvees = _filtrer(lire(request.organisme, timezone.localdate()), _filtres(request))
    return exporte(en_csv, trouvees, "Échéancier de conservation")


def _filtres(request: HttpRequest) -> dict[str, str]:
    return {nom: request.GET.get(nom, "") for nom in FILTRES}


def _filtrer(lues: list[EcheanceLue], filtres: dict[str, str]) -> list[EcheanceLue]:
    def passe(lue: EcheanceLue) -> bool:
        valeurs = (
            (lue.echeance.fiche, filtres["fiche"]),
            (lue.famille, filtres["famille"]),
            (lue.service, filtres["service"]),
            (str(lue.echeance.genre), filtres["genre"]),
        )
        return all(not voulu or valeur == voulu for valeur, voulu in valeurs) and (
            not filtres["retard"] or lue.echeance.en_retard
        )

    return [lue for lue in lues if passe(lue)]


def _du_genre(lues: list[EcheanceLue], genre: Genre) -> list[LigneDEcheancier]:
    return regrouper(lue for lue in lues if lue.echeance.genre is genre)


def _groupes(dues: list[EcheanceLue]) -> list[tuple[str, list[LigneDEcheancier]]]:
    """« En retard », puis un groupe par mois."""

    def titre(lue: EcheanceLue) -> str:
        if lue.echeance.en_retard:
            return "En retard"
        due = lue.echeance.due
        return f"{MOIS[due.month - 1].capitalize()} {due.year}" if due else lue.echeance.genre.libelle

    return [(nom, regrouper(siennes)) for nom, siennes in groupby(dues, key=titre)]


def _choix(toutes: list[EcheanceLue], filtres: dict[str, str]) -> list[dict]:
    familles = dict(Famille.choices)
    listes = (
        ("fiche", "Fiche", {lue.echeance.fiche: lue.echeance.reference for lue in toutes}),
        ("famille", "Famille", {lue.famille: familles.get(lue.famille, lue.famille) for lue in toutes}),
        ("service", "Service", {lue.service: lue.service for lue in toutes}),
        ("genre", "Échéance", {str(g): g.libelle for g in Genre}),
        ("retard", "Retard", {"1": "En retard seulement"}),
    )
    return [
        {
            "nom": nom,
            "libelle": libelle,
            "valeur": filtres[nom],
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
        lues = [lue.echeance for lue in lire(abonnement.organisme, jour)]
        changees = derniers_changements(abonnement.organisme)
    adresses = {e.fiche: f"{settings.ORIGINE.rstrip('/')}{reverse('fiche', args=[e.fiche])}" for e in lues}
    contenu = ics.produire(lues, abonnement.organisme.raison_sociale, jour, changees, adresses)
    reponse = HttpResponse(contenu, content_type=ics.TYPE_MIME)
    reponse["Cache-Control"] = "private, no-store"
    reponse["Referrer-Policy"] = "no-referrer"
    return reponse
