"""Ce qui arrive : un envoi vaut pour le compte et l'organisme de sa page, une seule fois, et rien de tapé ne se perd.

Trois refus gardent le texte : plus de session, un jeton périmé, un autre organisme. Aucun n'est rejoué : la page revient
telle qu'on l'avait laissée, et la personne appuie de nouveau sur « Enregistrer ».
"""

import logging
import secrets
from contextlib import ExitStack

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from organismes import brouillons
from organismes.models import EnvoiRecu
from organismes.models_envois import REPRISE
from organismes.portee import CLE_SESSION
from organismes.requete import RequeteConnectee, RequetePlacee
from registre.acces import COMPTE
from registre.fiche import envois
from registre.fiche.envois import DejaRecu, Enveloppe, Envoi
from registre.portes.requetes.gardees import (
    GARDEES,
    LECTURES,
    REMARQUES,
    NonGardee,
    Reprise,
    enveloppe_de,
    garder,
    rang_de_remarque,
)

TEMOIN = "envoi_en_attente"  # témoin au hasard, déposé dans le navigateur qui s'est vu refuser un envoi
GARDE = "Votre session était finie. Ce que vous aviez tapé est gardé douze heures : connectez-vous dans ce navigateur pour le retrouver. Ce n'est pas encore enregistré."
PROPOSES_MAX = 3  # les plus récents ; « Mon compte » les a tous
FINIE = (
    "Votre session était finie : connectez-vous, puis recommencez. Cet envoi n'a été ni enregistré ni gardé."
)
# Où mène un envoi déjà reçu.
ARRIVEES = {
    "fiche": "admin:traitements_traitement_change",
    "utilisateur": "admin:organismes_utilisateur_change",
    "operation": "operation",
    "epreuve": "epreuve",
    "plan": "plan_de_releve",
}
LISTES = {
    "tiers": "tiers",
    "organisme": "admin:organismes_organisme_changelist",
    "habilitation": "admin:organismes_utilisateur_changelist",
}


# --- Sans session --------------------------------------------------------------------------------------------------
class ConnexionMiddleware(LoginRequiredMiddleware):
    """La page de connexion, pour qui n'est pas connecté ; un envoi y attend le retour de son auteur."""

    def handle_no_permission(self, request, view_func):
        if request.method != "POST" or request.path == reverse("brouillon_garder"):
            return super().handle_no_permission(request, view_func)
        return vers_la_connexion(request)


def vers_la_connexion(request: HttpRequest) -> HttpResponse:
    """Met l'envoi de côté pour son auteur, puis demande de se connecter ; la page rouvrira telle qu'elle était."""
    enveloppe = enveloppe_de(request)
    temoin = request.COOKIES.get(TEMOIN) or secrets.token_urlsafe(32)
    garde = enveloppe is not None and _garder(request, enveloppe, refuse=True, temoin=temoin)
    if enveloppe is None:
        suite = "/"
    else:
        suite = enveloppe.reprise if garde else enveloppe.adresse
    messages.warning(request, GARDE if garde else FINIE)
    reponse = redirect_to_login(suite)
    if garde:
        _deposer(reponse, temoin)
    return reponse


def _deposer(reponse: HttpResponse, temoin: str) -> None:
    reponse.set_cookie(
        TEMOIN,
        temoin,
        max_age=brouillons.MINUTES_EN_ATTENTE * 60,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


class RetourMiddleware:
    """La personne reconnectée retrouve ce qui l'attendait, dans l'organisme où elle l'avait tapé."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        temoin = request.COOKIES.get(TEMOIN)
        adoptes = brouillons.adopter(request.user, temoin) if temoin and request.user.is_authenticated else []
        voulu = request.GET.get(REPRISE)
        rendu = next((b for b in adoptes if b.numero == voulu), None)
        if rendu is not None and rendu.organisme_id:  # celui que l'adresse demande, pas le plus récent
            request.session[CLE_SESSION] = str(rendu.organisme_id)
        reponse = self.suite(request)
        if adoptes:
            reponse.delete_cookie(TEMOIN)
        return reponse


# --- Jeton périmé --------------------------------------------------------------------------------------------------
def jeton_refuse(request: HttpRequest, reason="") -> HttpResponse:
    """La vue qu'appelle Django quand le jeton du formulaire n'est pas celui de la session (`CSRF_FAILURE_VIEW`)."""
    enveloppe = enveloppe_de(request)
    if enveloppe is not None and not request.user.is_authenticated:
        return vers_la_connexion(request)
    if enveloppe is not None and enveloppe.personne != str(request.user.pk):
        return autre_compte(request, enveloppe)
    garde = enveloppe is not None and _garder(request, enveloppe, refuse=True)
    contexte = {"enveloppe": enveloppe, "garde": garde}
    return _sans_trace(render(request, "403_csrf.html", contexte, status=403))


def autre_compte(request: HttpRequest, enveloppe: Enveloppe) -> HttpResponse:
    """La page avait été ouverte par quelqu'un d'autre : son texte l'attend, et n'attend que lui."""
    temoin = request.COOKIES.get(TEMOIN) or secrets.token_urlsafe(32)
    garde = _garder(request, enveloppe, refuse=True, temoin=temoin)
    reponse = render(request, "registre/autre_compte.html", {"garde": garde}, status=409)
    if garde:
        _deposer(reponse, temoin)
    return _sans_trace(reponse)


# --- Autre organisme -----------------------------------------------------------------------------------------------
def autre_organisme(request: RequetePlacee, enveloppe: Enveloppe | None, *, garde: bool) -> HttpResponse:
    """Rien n'est rangé ailleurs que là où la page avait été ouverte ; on propose d'y revenir."""
    cible = enveloppe.organisme if enveloppe else None
    contexte = {
        "enveloppe": enveloppe,
        "retour": enveloppe.ecrire() if enveloppe else "",
        "garde": garde,
        "origine": next((o for o in request.organismes if str(o.pk) == cible), None),
    }
    return _sans_trace(render(request, "registre/autre_organisme.html", contexte, status=409))


def _brouillon_d_ailleurs(request: RequeteConnectee) -> Enveloppe | None:
    """L'adresse demande un brouillon de la personne, tapé pour un autre de ses organismes : la page où il l'attend."""
    voulu, actif = request.GET.get(REPRISE), request.organisme and request.organisme.pk
    siens = brouillons.siens(request.user, request.organismes) if voulu else []
    vise = next((b for b in siens if b.numero == voulu and b.organisme_id not in (None, actif)), None)
    if vise is None:
        return None
    return Enveloppe(str(vise.auteur_id), str(vise.organisme_id), vise.numero, vise.adresse)


class RequeteRecue(RequeteConnectee):
    """La requête d'une personne connectée, entre les mains de `ReceptionMiddleware`."""

    pile_de_reception: ExitStack  # referme, après la vue, l'envoi ouvert avant elle
    enveloppe: Enveloppe  # celle de l'envoi ouvert ; absente de toute autre requête, comme `envoi`
    envoi: Envoi
    reprise: Reprise | None  # absente d'une page qui ne garde rien


class ReceptionMiddleware:
    """Ouvre l'enveloppe avant que les droits ne se jugent ; après la vue, efface ou garde le brouillon."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        with ExitStack() as pile:
            request.pile_de_reception = pile
            reponse = self.suite(request)
        return _apres(request, reponse)

    def process_view(self, request, vue, arguments, options):
        nom = request.resolver_match.view_name
        if nom in COMPTE or nom.startswith("api:") or not request.user.is_authenticated:
            return None
        if request.method in ("GET", "HEAD"):
            if ailleurs := _brouillon_d_ailleurs(request):
                return autre_organisme(request, ailleurs, garde=True)
            if nom in GARDEES or (nom in LECTURES and REPRISE in request.GET):
                request.reprise = _reprise(request)
            return None
        enveloppe = enveloppe_de(request)
        if enveloppe is not None and enveloppe.personne != str(request.user.pk):
            return autre_compte(request, enveloppe)
        if _d_un_autre_organisme(request, enveloppe):
            garde = enveloppe is not None and _garder(request, enveloppe, refuse=True)
            return autre_organisme(request, enveloppe, garde=garde)
        return self._ouvrir(request, enveloppe) if enveloppe is not None else None

    def _ouvrir(self, request: RequeteRecue, enveloppe: Enveloppe) -> HttpResponse | None:
        request.enveloppe, request.envoi = enveloppe, envois.du_formulaire(request, enveloppe)
        if deja := request.envoi.recu():
            return _arriver(request, deja)
        request.pile_de_reception.enter_context(envois.en_cours(request.envoi))
        return None

    def process_exception(self, request, exception):
        if isinstance(exception, DejaRecu):
            return _arriver(request, exception.recu)
        return None


def _d_un_autre_organisme(request: RequetePlacee, enveloppe: Enveloppe | None) -> bool:
    """Sans enveloppe, seule une personne d'un seul organisme ne peut pas se tromper."""
    if enveloppe is None:
        return len(request.organismes) > 1
    return enveloppe.organisme != (str(request.organisme.pk) if request.organisme else "")


def _reprise(request) -> Reprise:
    """Le brouillon que l'adresse demande, et ceux que la page propose. Un envoi refusé revient de lui-même, une fois."""
    tous = brouillons.de_la_page(request.user, request.organisme, envois.adresse_de(request))
    voulu = request.GET.get(REPRISE)
    rendu = next((b for b in tous if (b.numero == voulu if voulu else b.refuse)), None)
    if rendu is not None and rendu.refuse:
        brouillons.montrer(rendu)
    autres = tuple(b for b in tous if b is not rendu)[:PROPOSES_MAX]
    nom = request.resolver_match.view_name
    fichier = (
        rendu is not None and nom in GARDEES and GARDEES[nom].attend_un_fichier(QueryDict(rendu.contenu))
    )
    return Reprise(rendu, autres, nom in LECTURES, fichier)


def _arriver(request, recu: EnvoiRecu) -> HttpResponse:
    """Le second envoi mène à ce que le premier a créé."""
    messages.info(request, "Cet envoi nous était déjà parvenu : il n'a été enregistré qu'une fois.")
    if recu.objet_type in ARRIVEES:
        return HttpResponseRedirect(reverse(ARRIVEES[recu.objet_type], args=[recu.objet_id]))
    if request.resolver_match.view_name.endswith("_add"):
        return HttpResponseRedirect(reverse(LISTES[recu.objet_type]))
    return HttpResponseRedirect(envois.adresse_de(request))  # un tiers inscrit depuis une fiche : la fiche


def _apres(request, reponse: HttpResponse) -> HttpResponse:
    """Enregistré : le brouillon s'efface. Refusé, ou en panne : il se garde."""
    nom = request.resolver_match.view_name if request.resolver_match else ""
    if nom in GARDEES:
        _sans_trace(reponse)
    envoi, reprise = getattr(request, "envoi", None), getattr(request, "reprise", None)
    if reprise is not None and reprise.rendu is not None and reponse.status_code in (403, 404):
        request.reprise = None  # plus de page à relire ni à enregistrer : le texte seul
        contexte = {"lignes": reprise.lignes}
        return _sans_trace(render(request, "registre/texte_garde.html", contexte, status=reponse.status_code))
    if envoi is None:
        return reponse
    if reponse.status_code in (409, 422) and (deja := envoi.recu()):
        return _arriver(request, deja)
    if nom in GARDEES or nom in REMARQUES:
        if reponse.status_code == 302 or (reponse.status_code == 200 and envoi.recu()):
            e = request.enveloppe
            brouillons.clore(request.user, e.organisme, e.numero, e.adresse)
        elif reponse.status_code >= 400:
            _garder(request, request.enveloppe, refuse=reponse.status_code not in (409, 422))
    return reponse


def gardee_au_refus(request) -> bool:
    """Pour la page d'un refus (403, 404) : ce que portait l'envoi est gardé."""
    enveloppe, resolu = getattr(request, "enveloppe", None), request.resolver_match
    garde = resolu is not None and (resolu.view_name in GARDEES or resolu.view_name in REMARQUES)
    return garde and enveloppe is not None and _garder(request, enveloppe, refuse=True)


def _sans_trace(reponse: HttpResponse) -> HttpResponse:
    """Une page de saisie ne reste pas dans le cache du navigateur : y revenir la redemande, brouillon compris."""
    add_never_cache_headers(reponse)
    return reponse


def _garder(request, enveloppe: Enveloppe, *, refuse: bool, temoin: str = "") -> bool:
    """Garde ce que porte l'envoi, si cela se peut."""
    if request.path != envois.chemin_de(enveloppe.adresse) and not rang_de_remarque(request):
        return False  # « Quitter », « Jeter » : ils portent l'enveloppe de la page, et non son texte
    try:
        garder(request, enveloppe, refuse=refuse, temoin=temoin)
    except (NonGardee, brouillons.BrouillonClos, brouillons.Comble, brouillons.TropLong):
        return False
    except DatabaseError:  # la base est peut-être la panne elle-même
        logging.getLogger(__name__).exception("Un brouillon n'a pas pu être gardé.")
        return False
    return True
