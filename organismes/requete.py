"""La requête que reçoit une vue : ce qu'`organismes.portee` y a posé, et ce que `registre.acces` garantit déjà.

Trois noms, du moins sûr au plus sûr ; une vue annonce celui que sa route garantit. Aucun ne se construit : ce sont les
requêtes de Django, dont ces classes disent les attributs.
"""

from typing import TypeGuard

from django.http import HttpRequest

from journal.service import Auteur
from organismes.droits import Permission, peut
from organismes.models import Organisme, Utilisateur


class RequetePlacee(HttpRequest):
    """Une requête passée par `PorteeMiddleware` : peut-être sans personne, peut-être sans organisme."""

    organismes: list[Organisme]  # ceux où la personne est habilitée aujourd'hui
    organisme: Organisme | None  # l'actif ; `None` pour qui n'est habilité nulle part, administrateur compris
    roles: list[str]  # ceux qu'elle y tient
    droits: frozenset[Permission]
    auteur: Auteur | None  # `None` pour qui n'est pas connecté


class RequeteConnectee(RequetePlacee):
    """La route exige une personne connectée : `CONNECTE`, ou un droit de l'instance."""

    user: Utilisateur
    auteur: Auteur


class RequeteHabilitee(RequeteConnectee):
    """La route exige un droit qui vient d'une habilitation : tout autre que `ADMINISTRER`. Il y a donc un organisme."""

    organisme: Organisme


def habilitee(request: RequetePlacee) -> TypeGuard[RequeteHabilitee]:
    """Cette personne lit-elle un registre ? Tout rôle donne ce droit, et aucun rôle ne se tient hors d'un organisme."""
    return peut(request, Permission.LIRE)
