"""Une durée de conservation, et la règle du référentiel qu'elle cite : ce qu'elle fixe, ce qu'elle vaut. Pur."""

import re
from collections.abc import Mapping
from typing import Any

from droit.faits import texte

Duree = Mapping[
    str, Any
]  # tout ce qui porte `duree_valeur` et `duree_unite` : règle d'une fiche ou du référentiel
JOURS = {"jours": 1, "mois": 30.4375, "ans": 365.25}  # pour comparer deux durées, rien d'autre
UNITES_ISO = {"D": "jours", "M": "mois", "Y": "ans"}
# Un usage, ou une règle que personne n'a relue, ne passe jamais pour la loi.
FORCES = {
    "contraignant": "loi ou règlement",
    "prescription": "délai pour agir en justice",
    "recommande": "recommandation de la CNIL",
    "jurisprudence": "décision ou arrêt",
    "usage": "proposition sans texte chiffré",
    "historique": "ancien texte, sans valeur depuis le 25 mai 2018",
}


def renseignee(duree: Duree) -> bool:
    return type(duree.get("duree_valeur")) in (int, float)  # un booléen n'est pas un nombre


def en_jours(duree: Duree) -> float | None:
    """La durée en jours, pour la comparer à une autre ; `None` si elle manque ou n'a pas d'unité."""
    unite = JOURS.get(texte(duree, "duree_unite"))
    return duree["duree_valeur"] * unite if unite and renseignee(duree) else None


def plus_longue(une: Duree, autre: Duree) -> bool:
    """La première dépasse-t-elle la seconde ? Non si l'une des deux est inconnue."""
    jours, autres = en_jours(une), en_jours(autre)
    return jours is not None and autres is not None and jours > autres


def en_mots(duree: Duree) -> str:
    """« 3 ans », « 1 an », « 13 mois »."""
    valeur, unite = duree.get("duree_valeur"), texte(duree, "duree_unite")
    return f"{valeur} {unite.removesuffix('s') if valeur in (0, 1) and unite != 'mois' else unite}"


def maximum(reference: Duree) -> Duree | None:
    """La durée que cette règle demande de ne pas dépasser."""
    return reference if reference.get("nature") == "maximale" and renseignee(reference) else None


def minimum(reference: Duree) -> Duree | None:
    """La durée au-dessous de laquelle cette règle demande de ne pas descendre."""
    if reference.get("nature") in ("minimale", "fixe"):
        return reference if renseignee(reference) else None
    lu = re.fullmatch(r"P(\d+)([DMY])", texte(reference, "duree_min"))
    return {"duree_valeur": int(lu[1]), "duree_unite": UNITES_ISO[lu[2]]} if lu else None


def contraignante(reference: Duree) -> bool:
    return reference.get("force") == "contraignant"


def a_relire(reference: Duree) -> bool:
    """Le texte n'a pas été lu, ou sa lecture laisse un doute."""
    return reference.get("doute") is True or reference.get("verifie") == "memoire"


def valeur(reference: Duree) -> str:
    """« recommandation de la CNIL », « proposition sans texte chiffré, à relire »."""
    force = FORCES.get(texte(reference, "force"), "référence")
    return f"{force}, à relire" if a_relire(reference) else force
