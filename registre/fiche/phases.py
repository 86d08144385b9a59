"""La barre des phases d'une durée de conservation : base active, archive, sort final. Pur, hormis les libellés de `Codes`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conservation.cycle import cycles, d_archivage
from conservation.durees import Duree
from conservation.durees import lire as lire_duree
from organismes.champs import champ_de
from registre.fiche.codes import Codes
from registre.fiche.lecture import texte
from registre.fiche.listes import CONSERVATIONS


@dataclass(frozen=True)
class PhaseLue:
    """Une part de la barre des phases. `poids` : sa largeur en douzièmes."""

    genre: str  # active, archive ou sort
    libelle: str
    poids: int


def suites_de(regles: Sequence[dict], codes: Codes) -> dict[int, tuple[PhaseLue, ...]]:
    """La barre des phases de chaque durée, par numéro ; de deux durées qui se suivent, la dernière ligne montre tout le cycle."""
    barres = {r["numero"]: phases_de(r, codes) for r in regles}
    places = list(barres)
    for cycle in cycles(regles):
        if len(cycle) == 2:
            active, archive = (phases_de(r, codes) for r in cycle)
            premiere, derniere = sorted((r["numero"] for r in cycle), key=places.index)
            barres[premiere], barres[derniere] = (), _d_un_trait(active[0], *archive)
    return barres


def _d_un_trait(active: PhaseLue, archive: PhaseLue, sort: PhaseLue) -> tuple[PhaseLue, ...]:
    """« Active · 3 ans », « Archive · 5 ans », « Suppression » sur une seule barre."""
    return (
        replace(active, poids=5, libelle=active.libelle.removeprefix("Base ").capitalize()),
        replace(archive, poids=4),
        replace(sort, poids=3),
    )


def phases_de(regle: Mapping[str, Any], codes: Codes) -> tuple[PhaseLue, ...]:
    """La barre des phases d'une seule durée : sa phase, puis le sort final ; rien sans délai ni critère."""
    fixe = lire_duree(regle)
    if fixe is None:
        return ()
    duree = str(fixe) if isinstance(fixe, Duree) else "critère"
    genre, nom = ("archive", "Archive") if d_archivage(regle) else ("active", "Base active")
    sort = texte(champ_de(CONSERVATIONS.modele, "sort_final"), regle.get("sort_final"), codes)
    return PhaseLue(genre, f"{nom} · {duree}", 7), PhaseLue("sort", sort, 5)
