"""Le cycle de vie d'une donnée : base active, archivage intermédiaire, sort final. Pur : ni base de données, ni horloge."""

from collections.abc import Iterable, Mapping
from typing import Any

from conservation.choix import Phase
from conservation.durees import lire
from conservation.ensembles import categories


def d_archivage(regle: Mapping[str, Any]) -> bool:
    return regle.get("phase") == Phase.ARCHIVAGE


def cycles(regles: Iterable[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], ...]]:
    """Les durées d'une fiche, sous leur forme canonique, rangées par cycle : (base active, archivage), ou une seule.

    Une durée de base active et une d'archivage, pour les mêmes données, se suivent. Plusieurs durées d'une même phase ne se
    suivent pas : chacune est son propre cycle. Une ligne sans délai ni critère n'en a pas.
    """
    memes_donnees: dict[tuple[frozenset[str], str], list[Mapping[str, Any]]] = {}
    for regle in regles:
        if lire(regle) is not None:
            cle = frozenset(categories(regle)), (regle.get("objet") or "").strip().casefold()
            memes_donnees.setdefault(cle, []).append(regle)
    return [cycle for siennes in memes_donnees.values() for cycle in _enchainer(siennes)]


def _enchainer(regles: list[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], ...]]:
    rangees = sorted(regles, key=d_archivage)
    if [d_archivage(r) for r in rangees] == [False, True]:
        return [tuple(rangees)]
    return [(r,) for r in regles]
