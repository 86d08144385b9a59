"""Catégories trouvées : les noms des colonnes d'une source, face aux catégories que la fiche déclare. Aucune valeur n'y entre."""

from collections.abc import Iterable
from dataclasses import dataclass

from registre.fiche.codes import Codes
from traitements.colonnes import Constatees, constater
from traitements.models import CategorieDonnees, Traitement


@dataclass(frozen=True)
class Trouvees:
    """`constatees`, et ses catégories par leurs libellés : colonne → « Coordonnées, État civil »."""

    constatees: Constatees
    non_declarees: tuple[tuple[str, str, bool], ...]
    sans_colonne: tuple[str, ...]
    declarees: tuple[tuple[str, str], ...]


def trouvees(fiche: Traitement, colonnes: Iterable[str]) -> Trouvees:
    """Dans la portée de l'organisme. `non_declarees` dit aussi si la colonne nomme par ailleurs une catégorie déclarée."""
    codes = Codes()
    declarees = fiche.donnees.order_by("numero").values_list("categorie", flat=True)
    lu = constater(colonnes, [code for code in declarees if code])

    def libelles(siens: Iterable[str]) -> str:
        return ", ".join(f"« {codes.libelle(CategorieDonnees, c)} »" for c in siens)

    return Trouvees(
        lu,
        tuple((c, libelles(siens), c in lu.declarees) for c, siens in lu.non_declarees.items()),
        tuple(libelles([code]) for code in lu.sans_colonne),
        tuple((c, libelles(siens)) for c, siens in lu.declarees.items()),
    )
