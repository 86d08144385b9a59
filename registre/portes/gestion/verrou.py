"""Le verrou optimiste : ce que la personne a lu, signé dans le formulaire, et ce qui a changé depuis."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import models

from journal.models import Entree
from journal.service import revisions
from registre.fiche.agregat import Agregat, lu_au_journal
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Racine
from registre.fiche.historique import Difference, differences

SEL = "registre.gestion.verrou"
REVISIONS_MAX = 10


@dataclass(frozen=True)
class Lu:
    """L'état qu'une personne a sous les yeux : la révision de l'objet, la dernière entrée de son histoire."""

    revision: int | None
    seq: int


RIEN = Lu(None, 0)  # l'objet est neuf : il n'y avait rien à lire, rien ne peut avoir changé


def jeton(forme: Agregat, objet: Racine) -> str:
    """À placer dans le formulaire ; signé, et lié à cet objet."""
    derniere = revisions(forme.type, objet.pk).values_list("seq", flat=True).first() or 0
    return signing.dumps([forme.type, str(objet.pk), objet.revision, derniere], salt=SEL)


def lire(texte: str, forme: Agregat, objet: models.Model) -> Lu:
    """Ce que dit un jeton. Absent, altéré ou d'un autre objet : une révision impossible, donc un conflit."""
    try:
        type_, pk, revision, seq = signing.loads(texte, salt=SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return Lu(-1, 0)
    return Lu(revision, seq) if (type_, pk) == (forme.type, str(objet.pk)) else Lu(-1, 0)


def changements_depuis(
    forme: Agregat, objet: models.Model, lu: Lu, codes: Codes
) -> list[tuple[Entree, list[Difference]]]:
    """Ce que les autres ont enregistré depuis, le plus ancien d'abord."""
    entrees = revisions(forme.type, objet.pk).filter(seq__gt=lu.seq).defer("instantane")[:REVISIONS_MAX]
    return [(e, differences(e, codes)) for e in reversed(entrees)]


def instantane_lu(forme: Agregat, objet: models.Model, lu: Lu) -> dict[str, Any]:
    """L'objet tel que la personne l'a lu, d'après le journal ; vide si le jeton n'en dit rien."""
    texte = revisions(forme.type, objet.pk).filter(seq=lu.seq).values_list("instantane", flat=True).first()
    return lu_au_journal(forme, texte) if texte else {}
