"""Une épreuve parle-t-elle encore de sa durée ? La réponse est celle des règles de droit : faite sous une autre durée, elles l'ignorent."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from conservation.models import Epreuve
from droit.faits import Faits
from registre.conformite.applications import durees_presentes
from registre.conformite.epreuves_lues import en_faits
from registre.fiche import agregat as ag
from traitements.models import Traitement

AUTRE = "faite sous une autre durée : elle ne dit plus rien de celle-ci"
INCONNUE = "on ne sait plus sous quelle durée elle a été faite : elle ne dit rien de celle-ci"
DISPARUE = "faite sous une durée que la fiche n'a plus"
FORME = ag.Agregat(
    "fiche",
    Traitement,
    ("reference",),
    tuple(p for p in ag.FICHE.listes if p.nom in ("donnees", "conservations")),
    lien="traitement",
)


def hors_de_leur_duree(epreuves: Iterable[Epreuve]) -> dict[UUID, str]:
    """Pourquoi une épreuve ne dit plus rien de sa durée, par identifiant ; celles qui en parlent encore n'y sont pas.

    Dans la portée de leur organisme ; un nombre constant de requêtes.
    """
    de_durees = [e for e in epreuves if e.regle]
    if not de_durees:
        return {}
    presentes = durees_presentes()
    fiches = {
        f["id"]: f
        for f in ag.canoniques(FORME, Traitement.objects.filter(pk__in={e.traitement_id for e in de_durees}))
    }
    faits = {e.pk: en_faits(vars(e), presentes) for e in de_durees}
    return {
        e.pk: _raison(faits[e.pk]["visees"])
        for e in de_durees
        if Faits(fiches[str(e.traitement_id)], epreuves=(faits[e.pk],)).epreuve(faits[e.pk]["regle"], e.date)
        is None
    }


def _raison(visees: list[dict[str, Any]]) -> str:
    if not visees:
        return INCONNUE
    return DISPARUE if any(v["disparue"] for v in visees) else AUTRE


def hors_de_sa_duree(epreuve: Epreuve) -> str:
    return hors_de_leur_duree([epreuve]).get(epreuve.pk, "")
