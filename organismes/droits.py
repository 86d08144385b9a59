"""Le seul endroit qui décide qui voit et qui fait quoi.

Les droits se lisent à chaque requête dans les habilitations en cours : une mission finie hier ne lit plus rien
aujourd'hui. Tout ce qui n'est pas accordé ici est refusé.
"""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.http import HttpRequest
from django_scopes import scopes_disabled

from organismes.choix import Role
from organismes.models import Habilitation, Utilisateur
from organismes.pliage import ordre


class Permission(StrEnum):
    LIRE = "lire"  # le registre, l'historique, le journal de son organisme
    TELECHARGER = "telecharger"
    MODIFIER_FICHE = "modifier-fiche"
    VALIDER_FICHE = "valider-fiche"
    MODIFIER_TIERS = "modifier-tiers"
    MODIFIER_ORGANISME = "modifier-organisme"
    ADMINISTRER = "administrer"  # organismes et comptes de l'instance, jamais les fiches


LECTURE = frozenset({Permission.LIRE, Permission.TELECHARGER})
REDACTION = LECTURE | {Permission.MODIFIER_FICHE, Permission.MODIFIER_TIERS}

DROITS: dict[str, frozenset[Permission]] = {
    Role.DPO: REDACTION | {Permission.VALIDER_FICHE, Permission.MODIFIER_ORGANISME},
    Role.CONTRIBUTEUR: REDACTION,
    Role.DIRECTION: LECTURE,
    Role.AUDITEUR: LECTURE,
}


def habilitations(utilisateur: Utilisateur, le: date) -> list[Habilitation]:
    """Les habilitations en cours d'une personne, tous organismes confondus, les plus fortes d'abord."""
    rangs = list(Role.values)
    with scopes_disabled():  # avant de savoir dans quel organisme la personne travaille
        en_cours = (
            Habilitation.objects.actives(le).filter(utilisateur=utilisateur).select_related("organisme")
        )
        return sorted(en_cours, key=lambda h: (ordre(h.organisme.raison_sociale), rangs.index(h.role)))


def hors_periode(utilisateur: Utilisateur, le: date) -> list[Habilitation]:
    """Les habilitations finies ou pas encore commencées d'une personne, la plus récente d'abord."""
    with scopes_disabled():  # de tous ses organismes
        siennes = Habilitation.objects.filter(utilisateur=utilisateur).select_related("organisme")
        return [h for h in siennes.order_by("-debut") if h.debut > le or (h.fin and h.fin < le)]


def droits(utilisateur: Utilisateur | None, roles: Iterable[str]) -> frozenset[Permission]:
    """L'union des droits des rôles tenus dans l'organisme actif, plus celui d'administrer l'instance."""
    if utilisateur is None or not utilisateur.is_authenticated or not utilisateur.is_active:
        return frozenset()
    accordes = frozenset().union(*(DROITS[role] for role in roles))
    return accordes | ({Permission.ADMINISTRER} if utilisateur.administrateur else frozenset())


def peut(requete: HttpRequest, droit: Permission) -> bool:
    """Le porteur de cette requête a-t-il ce droit dans l'organisme actif ?"""
    return droit in getattr(requete, "droits", frozenset())
