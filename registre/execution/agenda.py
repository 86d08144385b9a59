"""S'abonner à l'échéancier : un jeton au hasard, montré une fois, dont seule l'empreinte SHA-256 est gardée."""

import hashlib
import secrets
from datetime import date

from django.utils import timezone
from django_scopes import scopes_disabled

from conservation.models import JetonAgenda
from journal.service import Auteur, consigner, operation
from organismes.droits import Permission, droits, habilitations
from organismes.models import Organisme, Utilisateur


def abonner(organisme: Organisme, utilisateur: Utilisateur, *, auteur: Auteur) -> str:
    """Crée l'abonnement et rend le jeton, que rien d'autre ne retient."""
    jeton = secrets.token_urlsafe(32)
    neuf = JetonAgenda(organisme=organisme, utilisateur=utilisateur, empreinte=empreinte(jeton))
    with operation():
        neuf.save()
        _consigner(neuf, auteur, "abonnement", None, {"etat": "en cours"})
    return jeton


def revoquer(abonnement: JetonAgenda, *, auteur: Auteur) -> None:
    if abonnement.revoque_le:
        return
    with operation():
        abonnement.revoque_le = timezone.now()
        abonnement.save(update_fields=["revoque_le"])
        _consigner(abonnement, auteur, "revocation", {"etat": "en cours"}, {"etat": "révoqué"})


def abonne(jeton: str, le: date) -> JetonAgenda | None:
    """L'abonnement en cours que ce jeton ouvre, si sa personne peut encore lire l'organisme ce jour-là."""
    with scopes_disabled():  # le jeton seul dit de quel organisme il s'agit
        trouve = (
            JetonAgenda.objects.select_related("organisme", "utilisateur")
            .filter(empreinte=empreinte(jeton), revoque_le=None)
            .first()
        )
    if trouve is None:
        return None
    siennes = [h.role for h in habilitations(trouve.utilisateur, le) if h.organisme_id == trouve.organisme_id]
    return trouve if Permission.LIRE in droits(trouve.utilisateur, siennes) else None


def empreinte(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()


def _consigner(
    abonnement: JetonAgenda, auteur: Auteur, action: str, avant: dict[str, str] | None, apres: dict[str, str]
) -> None:
    consigner(
        auteur=auteur,
        action=action,
        objet_type="agenda",
        objet_id=str(abonnement.pk),
        objet_libelle=str(abonnement),
        organisme=abonnement.organisme_id,
        avant=avant,
        apres=apres,
    )
