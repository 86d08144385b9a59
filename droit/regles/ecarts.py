"""Les écarts justifiés : un constat que le délégué écarte, par écrit, pour un temps, sur des faits précis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from droit.regles.constat import Constat


@dataclass(frozen=True)
class Ecarte:
    """Un constat écarté et l'écart qui vaut pour lui (forme canonique d'un élément de la liste `ecarts`)."""

    constat: Constat
    ecart: Mapping[str, Any]


def repartir(
    constats: Iterable[Constat], ecarts: Iterable[Mapping[str, Any]], le: date
) -> tuple[list[Constat], list[Ecarte]]:
    """Ce qui reste à traiter, et ce qu'un écart en vigueur couvre.

    L'écart ne vaut que pour la règle, le champ et les faits qu'il a visés (leur empreinte), de `pose_le` à `fin` comprises :
    si les faits changent ou si le terme passe, le constat revient.
    """
    # Un écart refusé en cours de saisie n'a ni jour ni terme : il ne couvre rien.
    poses = [e for e in ecarts if e["pose_le"] and e["fin"]]
    siens = [e for e in poses if e["pose_le"] <= le.isoformat() <= e["fin"]]
    if not siens:  # presque toujours : aucune empreinte n'est alors à calculer
        return list(constats), []
    couverts = {(e["regle"], e["chemin"], e["faits"]): e for e in siens}
    restent, ecartes = [], []
    for constat in constats:
        ecart = couverts.get((constat.code, constat.chemin, constat.empreinte))
        if ecart is not None and constat.ecartable:
            ecartes.append(Ecarte(constat, ecart))
        else:
            restent.append(constat)
    return restent, ecartes
