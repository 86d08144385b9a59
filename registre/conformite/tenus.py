"""Ce qui se calcule fiche par fiche, tenu en cache au rythme du journal : après un changement, seules les fiches qu'il touche se refont.

Le journal dit ce qui a changé depuis. Ce qui n'est pas une fiche, ni l'une de ses preuves, peut toucher toutes les fiches : l'organisme, un
tiers, les référentiels. Le jour et le code les touchent toutes aussi : ils sont dans la clé.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache as une_fois
from pathlib import Path
from typing import Generic, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max, Q, QuerySet

from conservation.models import Epreuve, Operation
from journal.models import Entree
from organismes.models import Organisme
from registre.fiche.referentiels import version_en_service
from traitements.models import Traitement

UN_JOUR = 86_400  # secondes
PIECES = ("droit", "conservation", "traitements", "organismes", "registre")
DE_LA_FICHE = ("fiche", "relecture")  # leur entrée porte l'identifiant de la fiche
PREUVES: dict[str, type[Operation] | type[Epreuve]] = {"operation": Operation, "epreuve": Epreuve}
SANS_EFFET = {"plan", "agenda", "rappel", "fichier", "utilisateur", "habilitation"}
BEAUCOUP = 500  # fiches touchées : au-delà, tout refaire coûte moins

P = TypeVar("P")
Calcul = Callable[[QuerySet[Traitement]], dict[UUID, P]]


@dataclass
class Tenus(Generic[P]):
    """Ce qui est calculé de chaque fiche, tel que le disait l'entrée `seq` du journal."""

    seq: int
    par_fiche: dict[UUID, P]


def tenir(nom: str, organisme: Organisme, le: date, calculer: Calcul[P]) -> dict[UUID, P]:
    """Par fiche de l'organisme, ce que `calculer` rend. S'emploie dans sa portée. `nom` : celui du calcul, dans le cache."""
    seq = tete(organisme)  # lue avant les fiches : ce qui s'écrit entre-temps se refera
    cle = f"{nom}:{organisme.pk}:{le.isoformat()}:{version_en_service()}:{empreinte_du_code()}"
    tenus: Tenus[P] | None = cache.get(cle)
    if tenus is not None and tenus.seq == seq:
        return tenus.par_fiche
    touchees = _touchees(organisme, tenus.seq) if tenus is not None else None
    if tenus is None or touchees is None:
        par_fiche = calculer(Traitement.objects.all())
    else:
        gardees = {pk: lu for pk, lu in tenus.par_fiche.items() if pk not in touchees}
        par_fiche = gardees | calculer(Traitement.objects.filter(pk__in=touchees)) if touchees else gardees
    cache.set(cle, Tenus(seq, par_fiche), UN_JOUR)
    return par_fiche


def tete(organisme: Organisme) -> int:
    """Le numéro de la dernière entrée du journal qui puisse toucher cet organisme."""
    return _entrees(organisme).aggregate(m=Max("seq"))["m"] or 0


def _entrees(organisme: Organisme) -> QuerySet[Entree]:
    return Entree.objects.filter(Q(organisme=organisme.pk) | Q(organisme=None))


def _touchees(organisme: Organisme, depuis: int) -> set[UUID] | None:
    """Les fiches dont les faits ont pu changer depuis cette entrée ; `None` : toutes."""
    lues = _entrees(organisme).filter(seq__gt=depuis).order_by("seq")
    ecrites = list(lues.values_list("objet_type", "objet_id")[: BEAUCOUP + 1])
    types = {type_ for type_, _ in ecrites} - SANS_EFFET
    if len(ecrites) > BEAUCOUP or types - {*DE_LA_FICHE, *PREUVES}:
        return None
    touchees = {UUID(pk) for type_, pk in ecrites if type_ in DE_LA_FICHE}
    for type_, modele in PREUVES.items():
        siennes = [pk for lu, pk in ecrites if lu == type_]
        touchees |= set(modele.objects.filter(pk__in=siennes).values_list("traitement_id", flat=True))
    return touchees


@une_fois
def empreinte_du_code() -> str:
    """Ce que le programme en marche calculerait autrement après une mise à jour : le cache partagé y survit."""
    lue = hashlib.sha256(repr(settings.EPREUVE_VALABLE_MOIS).encode())
    racine = Path(__file__).resolve().parents[2]
    for fichier in sorted(f for piece in PIECES for f in (racine / piece).rglob("*.py")):
        lue.update(fichier.read_bytes())
    return lue.hexdigest()[:12]
