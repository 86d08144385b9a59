"""L'épreuve entière : d'une table, des entiers et des noms de colonnes. Aucune valeur n'en sort.

`mesurer` ne connaît aucun rôle : toute colonne gardée dans le fichier compte. `retenir` applique ensuite les rôles, qui disent ce
qu'il ne faut pas pouvoir déduire et ce qui compte des personnes ; ils n'exemptent aucune colonne.
"""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import Any

from conservation.anonymat.agregats import agregats, candidates, probables
from conservation.anonymat.correlation import rapprochement, sous_ensembles
from conservation.anonymat.detection import detections, non_qualifiees
from conservation.anonymat.generalisation import propositions
from conservation.anonymat.intitules import est_sensible
from conservation.anonymat.mesures import individualisation, inference
from conservation.anonymat.table import RANG, Classes, JeuDeDonnees, classes, croiser, dix_milliemes

PROTOCOLE = 2  # de l'épreuve ; une épreuve d'un protocole antérieur ne prouve plus rien
IDENTIFIANT, QUASI, SENSIBLE, AUTRE = "identifiant", "quasi", "sensible", "autre"
EFFECTIF, SOMME, MAXIMUM = "effectif", "somme", "maximum"
ROLES = {
    IDENTIFIANT: "identifiant direct",
    QUASI: "quasi-identifiant",
    SENSIBLE: "à ne pas pouvoir déduire",
    AUTRE: "ni l'un ni l'autre : comptée des deux façons",
    EFFECTIF: "nombre de personnes",
    SOMME: "somme ou moyenne du groupe",
    MAXIMUM: "plus grande contribution à la somme",
}
CLASSES_MIN = 20  # en dessous, des tailles toutes multiples d'un même nombre peuvent être un hasard
INFERENCE_MAX = 6_000_000  # cellules : au-delà, l'inférence ne se mesure que sur les colonnes désignées


class EpreuveImpossible(Exception):
    """Ce qui manque pour mesurer ; le message le dit, en français."""


def roles_complets(noms: Sequence[str], dits: Mapping[str, str]) -> dict[str, str]:
    """Le rôle de chaque colonne ; une colonne dont on ne dit rien compte comme un quasi-identifiant, par prudence."""
    inconnues = sorted(set(dits) - set(noms))
    if inconnues:
        raise EpreuveImpossible(
            f"Le fichier n'a pas de colonne nommée {', '.join(f'« {n} »' for n in inconnues)}."
        )
    roles = {nom: dits.get(nom, QUASI) for nom in noms}
    if list(roles.values()).count(EFFECTIF) > 1:
        raise EpreuveImpossible("Deux colonnes sont dites « effectif » : un tableau n'en a qu'une.")
    return roles


def mesurer(
    table: JeuDeDonnees,
    seuils: Mapping[str, int],
    second: JeuDeDonnees | None = None,
    roles: Mapping[str, str] | None = None,
    *,
    tableau: bool = False,
) -> dict[str, Any]:
    """Ce qui se mesure sur cette table : ligne à ligne, ou comme un `tableau` d'effectifs. Sans `roles`, ce que chacun de ceux que
    l'on pourra choisir demandera."""
    communes: dict[str, Any] = {
        "lignes": table.lignes,
        "detections": detections(table.colonnes.items()),
        "non_qualifiees": non_qualifiees(table.colonnes.items()),
    }
    if tableau:
        return {**communes, "agregats": _agregats(table, seuils, second, roles)}
    noms = list(table.colonnes)
    individualite = _individualisation(table, classes(table.choisies(noms)), seuils["k"])
    return {
        **communes,
        "individualisation": individualite,
        "correlation": {
            "interne": sous_ensembles(table, noms) if individualite["uniques"] else None,
            "second": rapprochement(table, second, noms) if second else None,
        },
        "inference": dict(_inferences(table, _a_deduire(table, roles))),
        "generalisations": propositions(table, noms, seuils["k"]),
    }


def retenir(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    """Ce que ces rôles demandent, parmi ce qui a été mesuré. Lève `EpreuveImpossible`."""
    communes = {c: mesures[c] for c in ("lignes", "detections", "non_qualifiees")}
    communes["titre"] = mesures.get("titre", 0)
    if "agregats" in mesures:
        return {**communes, **_du_tableau(mesures, roles)}
    voulues = a_deduire(roles)
    return {
        **communes,
        "individualisation": mesures["individualisation"],
        "correlation": mesures["correlation"],
        "inference": [mesures["inference"][n] for n in voulues if n in mesures["inference"]],
        "non_deduites": [n for n in voulues if n not in mesures["inference"]],
        "generalisations": mesures["generalisations"],
    }


def _du_tableau(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, Any]:
    effectif = next((n for n, role in roles.items() if role == EFFECTIF), "")
    if not effectif:
        raise EpreuveImpossible(
            f"Une ligne décrit un groupe : dites quelle colonne compte les personnes (rôle « {EFFECTIF} »)."
        )
    if effectif not in mesures["agregats"]:
        raise EpreuveImpossible(
            f"« {effectif} » ne se lit pas comme un nombre de personnes : il faut des entiers, sous un intitulé qui le dise (effectif, nb_clients)."
        )
    lu = mesures["agregats"][effectif]
    if ailleurs := [n for n, role in roles.items() if role in (SOMME, MAXIMUM) and n in lu["dimensions"]]:
        raise EpreuveImpossible(
            f"« {ailleurs[0]} » se lit comme une dimension du tableau, et non comme une somme : la commande « eprouver » permet de le dire "
            "avant la lecture."
        )
    # Des effectifs ou des sommes qui se suivent ne sont pas des numéros de dossier.
    nombres = {effectif, *lu["sommes"], *lu["maximums"]}
    vues = [d for d in mesures["detections"] if d["nature"] != "sequence" or d["colonne"] not in nombres]
    connues = {d["colonne"] for d in vues}
    propres = [d for d in lu.get("propres", ()) if d["colonne"] not in connues]
    return {"detections": vues + propres, "agregats": lu}


def accorder_la_ligne(roles: Mapping[str, str], *, tableau: bool) -> None:
    """Un rôle de tableau ne se dit que d'un tableau. Lève `EpreuveImpossible`."""
    fautives = [n for n, role in roles.items() if role in (EFFECTIF, SOMME, MAXIMUM)]
    if fautives and not tableau:
        raise EpreuveImpossible(
            f"« {fautives[0]} » est dite d'un tableau d'effectifs : une ligne y décrit un groupe."
        )


def roles_du_tableau(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> dict[str, str]:
    """Les rôles tels que le tableau a été mesuré : ce qui n'est ni l'effectif, ni une dimension, est une somme ou un maximum."""
    tableau = mesures.get("agregats")
    if not tableau:
        return dict(roles)
    lus = dict.fromkeys(tableau["sommes"], SOMME) | dict.fromkeys(tableau["maximums"], MAXIMUM)
    return {n: lus.get(n, role if role in (IDENTIFIANT, EFFECTIF) else QUASI) for n, role in roles.items()}


def a_deduire(roles: Mapping[str, str]) -> list[str]:
    """Les colonnes dont la déduction se mesure : celles qu'on dit, celles que leur intitulé dit, et toutes les « autre »."""
    return [n for n, role in roles.items() if role in (SENSIBLE, AUTRE) or est_sensible(n)]


def _a_deduire(table: JeuDeDonnees, roles: Mapping[str, str] | None) -> list[str]:
    noms = list(table.colonnes)
    if roles is not None:
        return a_deduire(roles)
    return noms if table.lignes * len(noms) <= INFERENCE_MAX else [n for n in noms if est_sensible(n)]


def _agregats(
    table: JeuDeDonnees,
    seuils: Mapping[str, int],
    second: JeuDeDonnees | None,
    roles: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Les mesures de tableau, pour chaque colonne qui pourrait en être l'effectif, ou pour celle que les rôles disent."""
    if roles is None:
        return {n: agregats(table, n, seuils["k"], second) for n in probables(table)}
    possibles = candidates(table)
    dit = {role: [n for n, r in roles.items() if r == role] for role in (EFFECTIF, SOMME, MAXIMUM)}
    precises = {"mesures": dit[SOMME], "maximums": dit[MAXIMUM]} if dit[SOMME] or dit[MAXIMUM] else {}
    return {n: agregats(table, n, seuils["k"], second, **precises) for n in dit[EFFECTIF] if n in possibles}


def _individualisation(table: JeuDeDonnees, lues: Classes, seuil: int) -> dict[str, Any]:
    dite = individualisation(lues, seuil)
    return {
        "k": dite.k,
        "classes": dite.classes,
        "uniques": dite.uniques,
        "part_uniques": dix_milliemes(dite.uniques, table.lignes),
        "sous_seuil": dite.sous_seuil,
        "part_sous_seuil": dix_milliemes(dite.sous_seuil, table.lignes),
        "plus_petites": [list(paire) for paire in dite.plus_petites],
        "copies": gcd(*lues.tailles) if dite.classes >= CLASSES_MIN else 1,
    }


# --- L'inférence ---------------------------------------------------------------------------------------------------------
def _inferences(table: JeuDeDonnees, voulues: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Chaque colonne, déduite de toutes les autres ; une colonne d'une seule valeur n'apprend rien d'une classe plutôt que d'une autre."""
    for nom, lues in _classes_sans(table, set(voulues)):
        colonne = table.colonnes[nom]
        dite = inference(lues, colonne)
        yield (
            nom,
            {
                "colonne": nom,
                "nature": "nombres" if colonne.numerique else "catégories",
                "distinctes": len(colonne.valeurs),
                "l": dite.diversite,
                "t": dix_milliemes(dite.proximite.numerator, dite.proximite.denominator),
                "classes_uniformes": dite.classes_uniformes,
            },
        )


def _classes_sans(table: JeuDeDonnees, voulues: set[str]) -> Iterator[tuple[str, Classes]]:
    """Pour chaque colonne voulue, les classes de toutes les autres : celles d'avant croisées avec celles d'après."""
    noms = list(table.colonnes)
    une = Classes(array(RANG, bytes(table.lignes * array(RANG).itemsize)), [table.lignes])
    apres = [une]
    for nom in reversed(noms[1:]):
        apres.append(croiser(apres[-1], classes([table.colonnes[nom]])))
    avant = une
    for nom in noms:
        suite = apres.pop()
        if nom in voulues:
            yield nom, croiser(avant, suite)
        avant = croiser(avant, classes([table.colonnes[nom]]))
