"""Une fonction écrit le journal, une autre le vérifie."""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from journal.canonique import canonique, differences, empreinte
from journal.garde import Compte, EcritureHorsJournal, EcritureSansTrace, ouverte
from journal.models import Entree, Tete

__all__ = ["Auteur", "EcritureHorsJournal", "EcritureSansTrace", "consigner", "operation", "tete", "verifier"]

SIGNES = (
    "seq horodatage organisme auteur_id auteur_nom role requete action objet_type objet_id objet_libelle changements "
    "instantane_sha256 precedente cle_id"
).split()


@dataclass(frozen=True)
class Auteur:
    """Qui agit : une personne, ou une commande. `requete` relie les entrées d'une même demande."""

    id: str
    nom: str
    role: str
    requete: str = ""


@contextmanager
def operation() -> Iterator[Compte]:
    """Ouvre une transaction où les modèles journalisés peuvent s'écrire.

    Lève `EcritureSansTrace`, et annule tout, si des écritures ont eu lieu sans entrée. S'imbrique : l'opération
    extérieure fait les comptes.
    """
    if (exterieure := ouverte.get()) is not None:
        with transaction.atomic():
            yield exterieure
        return
    compte = Compte()
    jeton = ouverte.set(compte)
    try:
        with transaction.atomic():
            yield compte
            if compte.ecritures and not compte.entrees:
                ecrits = ", ".join(sorted(set(compte.ecritures)))
                raise EcritureSansTrace(f"Écrit sans trace dans le journal : {ecrits}. Tout est annulé.")
    finally:
        ouverte.reset(jeton)


def consigner(
    *,
    auteur: Auteur,
    action: str,
    objet_type: str,
    objet_id: str,
    objet_libelle: str,
    organisme: UUID | None = None,
    avant: dict[str, Any] | None = None,
    apres: dict[str, Any] | None = None,
) -> Entree:
    """Ajoute une entrée à la chaîne, dans la transaction du changement.

    Lève `EcritureHorsJournal` hors d'une opération, `ValueError` si une modification ne change rien.
    """
    compte = ouverte.get()
    if compte is None:
        raise EcritureHorsJournal("consigner() s'appelle dans une operation().")
    changements = differences(avant, apres)
    if avant is not None and apres is not None and not changements:
        raise ValueError("Rien n'a changé : il n'y a rien à consigner.")
    tete_actuelle = Tete.objects.select_for_update().get()
    instantane = canonique(apres) if apres is not None else ""
    entree = Entree(
        seq=tete_actuelle.seq + 1,
        horodatage=timezone.now(),
        organisme=organisme,
        auteur_id=auteur.id,
        auteur_nom=auteur.nom[:200],
        role=auteur.role,
        requete=auteur.requete,
        action=action,
        objet_type=objet_type,
        objet_id=objet_id,
        objet_libelle=objet_libelle[:300],
        changements=changements,
        instantane=instantane,
        instantane_sha256=empreinte(instantane) if instantane else "",
        precedente=tete_actuelle.empreinte,
        cle_id=settings.CLE_JOURNAL_ID,
    )
    entree.empreinte = signature(entree, settings.CLE_JOURNAL)
    entree.save(force_insert=True)
    tete_actuelle.seq, tete_actuelle.empreinte = entree.seq, entree.empreinte
    tete_actuelle.save()
    compte.entrees += 1
    return entree


def signature(entree: Entree, cle: str) -> str:
    """HMAC-SHA256 de tous les champs de l'entrée ; l'instantané y entre par son empreinte."""
    message = canonique({nom: getattr(entree, nom) for nom in SIGNES})
    return hmac.new(cle.encode(), message.encode(), sha256).hexdigest()


def tete() -> tuple[int, str]:
    """Numéro et empreinte de la dernière entrée ; `(0, "")` pour un journal vide."""
    derniere = Tete.objects.get()
    return derniere.seq, derniere.empreinte


@dataclass(frozen=True)
class Anomalie:
    """Une faute de la chaîne. `seq` : l'entrée en cause (0 : la tête ou l'ancre)."""

    seq: int
    message: str


def cle(cle_id: str) -> str | None:
    if cle_id == settings.CLE_JOURNAL_ID:
        return settings.CLE_JOURNAL
    return getattr(settings, "CLES_JOURNAL_ANCIENNES", {}).get(cle_id)


def verifier(ancre: dict[str, Any] | None = None) -> Iterator[Anomalie]:
    """Relit toute la chaîne, en mémoire constante, et rend ses fautes dans l'ordre.

    `ancre` : `{"seq": …, "empreinte": …}`, une tête connue d'avant ; une queue coupée ne se voit qu'avec elle.
    """
    attendu, precedente = 1, ""
    ancre_vue = ancre is None or ancre["seq"] == 0
    for entree in Entree.objects.order_by("seq").iterator(chunk_size=500):
        if entree.seq != attendu:
            yield Anomalie(entree.seq, f"il manque l'entrée n° {attendu}")
        yield from _fautes(entree, precedente)
        if ancre and entree.seq == ancre["seq"]:
            ancre_vue = True
            if not _memes(entree.empreinte, str(ancre["empreinte"])):
                yield Anomalie(
                    entree.seq, "l'empreinte n'est pas celle de l'ancre : la chaîne a été réécrite"
                )
        attendu, precedente = entree.seq + 1, entree.empreinte
    seq, derniere = tete()
    if (seq, derniere) != (attendu - 1, precedente):
        yield Anomalie(
            attendu - 1, f"la tête annonce l'entrée n° {seq} : la fin du journal a été coupée ou ajoutée"
        )
    if ancre is not None and not ancre_vue:
        yield Anomalie(
            attendu - 1, f"l'entrée n° {ancre['seq']} de l'ancre n'existe plus : le journal a été coupé"
        )


def _fautes(entree: Entree, precedente: str) -> Iterator[Anomalie]:
    if entree.precedente != precedente:
        yield Anomalie(entree.seq, "elle ne suit pas l'entrée précédente")
    if (empreinte(entree.instantane) if entree.instantane else "") != entree.instantane_sha256:
        yield Anomalie(entree.seq, "son instantané a été modifié")
    secret = cle(entree.cle_id)
    if secret is None:
        yield Anomalie(entree.seq, f"la clé « {entree.cle_id} » est inconnue")
    elif not _memes(signature(entree, secret), entree.empreinte):
        yield Anomalie(entree.seq, "son contenu a été modifié, ou signé avec une autre clé")


def _memes(a: str, b: str) -> bool:
    """Comparaison à durée constante ; en octets, car une empreinte falsifiée peut contenir n'importe quoi."""
    return hmac.compare_digest(a.encode(), b.encode())


def derniers_instantanes(objet_type: str) -> Iterator[tuple[str, str]]:
    """Pour chaque objet d'un type, son identifiant et l'empreinte de son dernier instantané."""
    dernieres: dict[str, str] = {}
    entrees = Entree.objects.filter(objet_type=objet_type).order_by("seq")
    for objet_id, sha in entrees.values_list("objet_id", "instantane_sha256").iterator(chunk_size=2000):
        dernieres[objet_id] = sha
    yield from dernieres.items()


def revisions(objet_type: str, objet_id: UUID | str) -> QuerySet[Entree]:
    """Les entrées d'un objet, la plus récente d'abord."""
    return Entree.objects.filter(objet_type=objet_type, objet_id=str(objet_id)).order_by("-seq")
