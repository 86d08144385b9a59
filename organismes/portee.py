"""La portée d'une requête : la personne, son organisme actif, ses droits du jour."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django_scopes import scope

from journal.service import Auteur
from organismes.choix import Role
from organismes.droits import Permission, droits, habilitations
from organismes.models import Organisme, Utilisateur
from organismes.requete import RequetePlacee

CLE_SESSION = "organisme"


def dans(organisme: Organisme) -> AbstractContextManager[None]:
    """Gestionnaire de contexte : les requêtes ne voient que cet organisme."""
    return scope(organisme=organisme.pk)


class PorteeMiddleware:
    """Pose `request.organisme`, `.roles`, `.droits`, `.auteur`, puis borne toute requête SQL à l'organisme.

    Sans habilitation en cours, `request.organisme` vaut `None` et aucune portée n'est ouverte : toute lecture
    d'un modèle cloisonné lève `ScopeError`.
    """

    def __init__(self, suite: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.suite = suite

    def __call__(self, request: RequetePlacee) -> HttpResponseBase:
        placer(request)
        if request.organisme is None:
            return self.suite(request)
        with dans(request.organisme):
            return self.suite(request)


def placer(request: RequetePlacee) -> None:
    """Lit les habilitations du jour et choisit l'organisme actif (celui de la session, sinon le premier)."""
    personne = request.user if isinstance(request.user, Utilisateur) else None
    toutes = habilitations(personne, timezone.localdate()) if personne else []
    request.organismes = list({h.organisme_id: h.organisme for h in toutes}.values())
    request.organisme = _actif(request)
    siennes = [h for h in toutes if request.organisme and h.organisme_id == request.organisme.pk]
    request.roles = [h.role for h in siennes]
    request.droits = droits(personne, request.roles)
    request.auteur = _auteur(personne, request.roles)


def _actif(request: RequetePlacee) -> Organisme | None:
    choisi = request.session.get(CLE_SESSION) if request.organismes else None
    return next((o for o in request.organismes if str(o.pk) == choisi), next(iter(request.organismes), None))


def _auteur(personne: Utilisateur | None, roles: list[str]) -> Auteur | None:
    if personne is None:
        return None
    role = roles[0] if roles else ("administrateur" if personne.administrateur else "")
    return Auteur(id=str(personne.pk), nom=personne.nom, role=role, requete=str(uuid4()))


def libelle_roles(request: RequetePlacee) -> str:
    noms = [Role(role).label for role in request.roles]
    if Permission.ADMINISTRER in request.droits and not noms:
        noms = ["Administration de l'instance"]
    return ", ".join(noms)


def exiger(request: RequetePlacee, droit: Permission) -> None:
    """Arrête la requête (403) si le droit manque."""
    if droit not in request.droits:
        raise PermissionDenied("Vos habilitations ne permettent pas cette action.")
