"""Les lignes d'une feuille de classeur, XLSX ou ODS. Travaille à part (`isolement`), sans Django : une feuille tient en mémoire."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from io import BufferedReader
from itertools import islice
from typing import Any, BinaryIO

from isolement import classeurs
from isolement.refus import FichierRefuse
from registre.execution.sources.demande import SourceRefusee, propre
from registre.execution.sources.tableau import TETE, Tableau, rang_de_l_entete

DEPLOYE_MAX = 2_000_000_000  # octets du classeur décompressé
PAS_UN_CLASSEUR = "Ce fichier n'est ni un CSV, ni un classeur XLSX ou ODS : enregistrez la feuille sous l'un de ces formats."


def ouvrir(flux: BufferedReader, colonne: str | None, feuille: str) -> tuple[Tableau, Callable[[], str]]:
    """Le tableau de cette feuille, et l'empreinte SHA-256 du fichier. Lève `SourceRefusee` ou `FichierRefuse`.

    Sans `feuille`, la seule remplie ; s'il y en a plusieurs, un compte refuse, un premier regard montre la première.
    """
    sha256 = hashlib.file_digest(flux, "sha256").hexdigest()
    classeur = _classeur(flux)
    noms = feuilles(classeur)
    if feuille and feuille not in noms:
        raise SourceRefusee(f"Ce classeur n'a pas de feuille « {feuille} ».")
    choisies = (feuille,) if feuille else feuilles_remplies(classeur, noms)
    if not choisies:
        raise SourceRefusee("Ce classeur est vide.")
    if len(choisies) > 1 and colonne is not None:
        raise SourceRefusee(
            f"Ce classeur a {len(choisies)} feuilles remplies : dites laquelle compter, parmi {_dites(choisies)}."
        )
    feuille_ = classeur.get_sheet_by_name(choisies[0])
    return _tableau(feuille_.iter_rows, colonne, choisies), lambda: sha256


def _classeur(flux: BinaryIO) -> Any:
    from python_calamine import CalamineWorkbook

    classeurs.controler_archive(flux, DEPLOYE_MAX)
    try:
        classeurs.controler_nature(flux)
    except FichierRefuse as refus:
        raise refus if str(refus) == classeurs.PROTEGE else SourceRefusee(PAS_UN_CLASSEUR) from None
    flux.seek(0)
    return CalamineWorkbook.from_filelike(flux)


def feuilles(classeur: Any) -> list[str]:
    from python_calamine import SheetTypeEnum

    noms = [m.name for m in classeur.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if len(noms) > classeurs.FEUILLES_MAX:
        raise SourceRefusee(f"Ce classeur dépasse {classeurs.FEUILLES_MAX} feuilles.")
    return noms


def feuilles_remplies(classeur: Any, noms: Sequence[str]) -> tuple[str, ...]:
    if len(noms) == 1:
        return tuple(noms)
    return tuple(n for n in noms if classeur.get_sheet_by_name(n).height)


def _tableau(
    brutes: Callable[[], Iterator[list[Any]]], colonne: str | None, choisies: tuple[str, ...]
) -> Tableau:
    def lignes() -> Iterator[list[Any]]:
        return (ligne for ligne in brutes() if any(_porte(c) for c in ligne))

    tete = [[classeurs.texte(c) for c in ligne] for ligne in islice(lignes(), TETE)]
    entete = rang_de_l_entete(tete, colonne)

    def donnees() -> Iterator[list[Any]]:
        return islice(lignes(), entete + 1, None)

    noms = [propre(n) for n in tete[entete]]
    return Tableau(noms, donnees(), donnees, classeurs.texte, entete, choisies[0], choisies)


def _porte(cellule: Any) -> bool:
    return bool(cellule.strip()) if isinstance(cellule, str) else cellule is not None


def _dites(noms: Sequence[str]) -> str:
    return ", ".join(f"« {n} »" for n in noms[:10])
