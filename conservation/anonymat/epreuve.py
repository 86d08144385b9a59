"""L'épreuve entière : d'une table et du rôle de ses colonnes, des entiers et des noms de colonnes. Aucune valeur n'en sort."""

from collections.abc import Iterator, Mapping
from typing import Any

from conservation.anonymat.correlation import rapprochement, sous_ensembles
from conservation.anonymat.detection import detections
from conservation.anonymat.generalisation import propositions
from conservation.anonymat.mesures import individualisation, inference
from conservation.anonymat.table import Classes, JeuDeDonnees, classes, dix_milliemes

IDENTIFIANT, QUASI, SENSIBLE, AUTRE = "identifiant", "quasi", "sensible", "autre"
ROLES = {
    IDENTIFIANT: "identifiant direct",
    QUASI: "quasi-identifiant",
    SENSIBLE: "donnée sensible pour l'épreuve",
    AUTRE: "autre",
}
SEUILS = {"k": 5, "l": 2, "t": 3_000, "uniques": 0}  # repères du produit, non la loi ; t en dix-millièmes


class EpreuveImpossible(Exception):
    """Ce qui manque pour mesurer ; le message le dit, en français."""


def roles_complets(noms: list[str], dits: Mapping[str, str]) -> dict[str, str]:
    """Le rôle de chaque colonne ; une colonne dont on ne dit rien compte comme un quasi-identifiant, par prudence."""
    inconnues = sorted(set(dits) - set(noms))
    if inconnues:
        raise EpreuveImpossible(
            f"Le fichier n'a pas de colonne nommée {', '.join(f'« {n} »' for n in inconnues)}."
        )
    return {nom: dits.get(nom, QUASI) for nom in noms}


def mesurer(
    table: JeuDeDonnees,
    roles: Mapping[str, str],
    seuils: Mapping[str, int],
    second: JeuDeDonnees | None = None,
) -> dict[str, Any]:
    """Les trois critères du G29 sur cette table. Lève `EpreuveImpossible` si rien ne peut être mesuré."""
    trouvees = detections(table.colonnes.items())
    quasi = _de(roles, QUASI)
    if not quasi and not trouvees and not _de(roles, IDENTIFIANT):
        raise EpreuveImpossible("Aucune colonne n'est dite quasi-identifiant : il n'y a rien à mesurer.")
    mesures: dict[str, Any] = {"lignes": table.lignes, "detections": trouvees}
    mesures["correlation"] = _correlation(table, roles, second)
    if quasi:
        lues = classes(table.choisies(quasi))
        mesures["individualisation"] = _individualisation(table, lues, seuils["k"])
        mesures["inference"] = list(_inferences(table, roles, lues))
        mesures["generalisations"] = propositions(table, quasi, seuils["k"])
    return mesures


def _de(roles: Mapping[str, str], *voulus: str) -> list[str]:
    return [nom for nom, role in roles.items() if role in voulus]


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
    }


def _correlation(
    table: JeuDeDonnees, roles: Mapping[str, str], second: JeuDeDonnees | None
) -> dict[str, Any]:
    noms = _de(roles, QUASI, AUTRE)
    return {
        "interne": sous_ensembles(table, noms),
        "second": rapprochement(table, second, noms) if second else None,
    }


def _inferences(table: JeuDeDonnees, roles: Mapping[str, str], lues: Classes) -> Iterator[dict[str, Any]]:
    for nom in _de(roles, SENSIBLE):
        colonne = table.colonnes[nom]
        dite = inference(lues, colonne)
        yield {
            "colonne": nom,
            "nature": "nombres" if colonne.numerique else "catégories",
            "distinctes": len(colonne.valeurs),
            "l": dite.diversite,
            "t": dix_milliemes(dite.proximite.numerator, dite.proximite.denominator),
            "classes_uniformes": dite.classes_uniformes,
        }
