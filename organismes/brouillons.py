"""Les brouillons : garder ce qui est tapé, le rendre à son auteur seul, l'effacer une fois enregistré ou trop vieux."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django_scopes import scope, scopes_disabled

from organismes.models import Organisme, Utilisateur
from organismes.models_envois import Brouillon, EnvoiRecu

JOURS = 30  # un brouillon, une création reçue
MINUTES_EN_ATTENTE = 12 * 60  # ce qui attend que son auteur se reconnecte
CARACTERES_MAX = 1_000_000
PAR_PERSONNE_MAX = 60
EN_ATTENTE_MAX = 20


class BrouillonClos(Exception):
    """La page a déjà été enregistrée, ou son brouillon jeté."""


class Comble(Exception):
    """Trop de textes attendent déjà la connexion de leur auteur : aucun ne s'efface pour un autre."""


class TropLong(Exception):
    """Au-delà de `CARACTERES_MAX`."""


def garder(
    auteur_pk: UUID | str,
    organisme_pk: UUID | str | None,
    *,
    numero: str,
    adresse: str,
    titre: str,
    contenu: str,
    refuse: bool = False,
    temoin: str = "",
    remplaces: Collection[str] = (),
) -> None:
    """Garde le contenu d'une page ; la même page n'a qu'un brouillon. `temoin` : à rendre pour le reprendre.

    `remplaces` : les titres que le neuf remplace, à la même adresse.

    Lève `TropLong`, `Comble`, ou `BrouillonClos`.
    """
    if len(contenu) > CARACTERES_MAX or len(adresse) > 1000:
        raise TropLong
    page = {"numero": numero, "attente": empreinte(temoin) if temoin else ""}
    siens = {"auteur_id": auteur_pk, "organisme_id": organisme_pk or None, "adresse": adresse}
    valeurs = {"contenu": contenu, "titre": _borne(titre), "refuse": refuse, "ecrit_le": timezone.now()}
    with scope(personne=str(auteur_pk)):
        neuf = _ecrire(page, siens, valeurs)
        if page["attente"]:
            return
        if remplaces:
            pareils = Brouillon.objects.filter(
                **siens, titre__in=map(_borne, remplaces), attente="", clos=False
            )
            pareils.exclude(numero=numero).delete()
        if neuf:
            _borner()


def _borne(titre: str) -> str:
    return titre.replace("\x00", "")[:200]


def _ecrire(page: dict[str, str], siens: dict[str, Any], valeurs: dict[str, Any]) -> bool:
    """Vrai si la page n'avait pas encore de brouillon."""
    if Brouillon.objects.filter(**page, clos=False).update(**valeurs):
        return False
    en_attente = Brouillon.objects.exclude(attente="").filter(ecrit_le__gte=_limite_d_attente())
    if page["attente"] and en_attente.count() >= EN_ATTENTE_MAX:
        raise Comble
    _, neuf = Brouillon.objects.get_or_create(**page, defaults={**siens, **valeurs})
    if not neuf:
        raise BrouillonClos
    return True


def _borner() -> None:
    """Les plus récents seuls restent ; ce qui attend une connexion se compte à part, ce qui est clos ne compte pas."""
    siens = Brouillon.objects.filter(attente="", clos=False).order_by("-ecrit_le")
    if anciens := list(siens.values_list("pk", flat=True)[PAR_PERSONNE_MAX:]):
        Brouillon.objects.filter(pk__in=anciens).delete()


def siens(personne: Utilisateur, organismes: list[Organisme]) -> list[Brouillon]:
    """Les brouillons en cours d'une personne, là où elle est encore habilitée ; le plus récent d'abord, sans leur texte."""
    permis = {None, *(o.pk for o in organismes)}
    with scope(personne=personne.pk):
        lus = Brouillon.objects.select_related("organisme").filter(attente="", clos=False).defer("contenu")
        return [b for b in lus.filter(ecrit_le__gte=_limite()) if b.organisme_id in permis]


def de_la_page(personne: Utilisateur, organisme: Organisme | None, adresse: str) -> list[Brouillon]:
    """Ceux qu'une adresse attend, dans cet organisme ; le plus récent d'abord."""
    with scope(personne=personne.pk):
        return list(
            Brouillon.objects.filter(
                organisme=organisme, adresse=adresse, attente="", clos=False, ecrit_le__gte=_limite()
            )
        )


def montrer(brouillon: Brouillon) -> None:
    """L'envoi refusé a été rendu à son auteur : la page ne le remontre plus que s'il le demande."""
    with scope(personne=brouillon.auteur_id):
        Brouillon.objects.filter(pk=brouillon.pk).update(refuse=False)


def clore(personne: Utilisateur, organisme_pk: UUID | str | None, numero: str, adresse: str) -> None:
    """Efface le contenu ; retient la page, pour qu'un envoi retardataire ne la ressuscite pas."""
    with scope(personne=personne.pk):
        Brouillon.objects.update_or_create(
            numero=numero,
            attente="",
            defaults={"contenu": "", "titre": "", "clos": True, "ecrit_le": timezone.now()},
            create_defaults={
                "auteur": personne,
                "organisme_id": organisme_pk or None,
                "numero": numero,
                "adresse": adresse[:1000],
                "clos": True,
            },
        )


def adopter(personne: Utilisateur, temoin: str) -> list[Brouillon]:
    """Rend à son auteur reconnecté ce qui l'attendait derrière ce témoin ; rien à qui que ce soit d'autre."""
    with scope(personne=personne.pk):
        attendus = list(
            Brouillon.objects.filter(attente=empreinte(temoin), ecrit_le__gte=_limite_d_attente())
        )
        for brouillon in attendus:  # l'envoi est plus récent que le dernier brouillon gardé de la page
            Brouillon.objects.filter(numero=brouillon.numero, attente="").delete()
            brouillon.attente = ""
            brouillon.save(update_fields=["attente"])
    return attendus


def purger() -> int:
    """Efface ce qui a fait son temps, de toutes les personnes. Rend le nombre de brouillons effacés."""
    with scopes_disabled():  # l'âge seul décide ; aucun contenu n'est lu
        attente = Brouillon.objects.exclude(attente="")
        n, _ = attente.filter(ecrit_le__lt=_limite_d_attente()).delete()
        m, _ = Brouillon.objects.filter(ecrit_le__lt=_limite()).delete()
    EnvoiRecu.objects.filter(recu_le__lt=_limite()).delete()
    return n + m


def empreinte(temoin: str) -> str:
    return hashlib.sha256(temoin.encode()).hexdigest()


def _limite_d_attente() -> datetime:
    return timezone.now() - timedelta(minutes=MINUTES_EN_ATTENTE)


def _limite() -> datetime:
    return timezone.now() - timedelta(days=JOURS)
