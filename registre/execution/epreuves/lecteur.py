"""Lit un CSV, un XLSX ou un ODS et n'en rend que des chiffres et des noms de colonnes. Travaille à part (`isolement`), sans Django.

Aucune valeur du fichier n'en sort, même en cas de faute : une erreur se dit par son numéro de ligne ou de colonne.
"""

import codecs
import csv
import hashlib
import io
import unicodedata
from array import array
from collections.abc import Iterator
from io import BufferedReader
from itertools import chain, islice
from typing import Any, BinaryIO

from conservation.anonymat.detection import NATURES, est_une_donnee, nature
from conservation.anonymat.epreuve import EpreuveImpossible, mesurer, roles_complets
from conservation.anonymat.table import RANG, Attribut, JeuDeDonnees
from isolement import classeurs
from isolement.limites import EPREUVE
from isolement.refus import FichierRefuse
from registre.execution.sources.demande import SourceRefusee
from registre.execution.sources.lecteur_classeur import feuilles, feuilles_remplies
from registre.execution.sources.lecteur_csv import separateur_devine, separateur_dit
from registre.execution.sources.tableau import TETE, etendue, rang_de_l_entete
from traitements.phrases import compte, minuscule, nombre

LIMITES = EPREUVE
Ligne = tuple[int, list[str]]
ILLISIBLE = "ce n'est ni un CSV lisible, ni un classeur XLSX ou ODS lisible"
SECOND = "second fichier : "
LIGNES_MAX = 200_000  # sur la page ; la commande a les siennes
COLONNES_MAX = 200
LIGNE_MAX = 1 << 20  # caractères d'une ligne où se cherche le séparateur
TEXTE_MAX = 5_000  # caractères d'une cellule
NOM_MAX = 100
LOT = 50_000
ENTETE_MANQUANT = "la première ligne doit donner le nom des colonnes, jamais des données"


# --- Les lignes ----------------------------------------------------------------------------------------------------------
def lignes(flux: BinaryIO) -> Iterator[Ligne]:
    """Celles qui portent quelque chose, chacune avec son numéro dans le fichier."""
    debut = flux.read(1 << 16)
    flux.seek(0)
    if not debut.strip():
        raise FichierRefuse("ce fichier est vide")
    toutes = lignes_du_classeur(flux) if debut.startswith(b"PK") else lignes_du_csv(flux, debut)
    return ((numero, ligne) for numero, ligne in toutes if any(c.strip() for c in ligne))


def lignes_du_classeur(flux: BinaryIO) -> Iterator[Ligne]:
    """La seule feuille remplie : une épreuve vaut pour le fichier entier, elle n'en laisse pas une de côté."""
    from python_calamine import CalamineWorkbook

    classeurs.controler_archive(flux)
    classeurs.controler_nature(flux)
    flux.seek(0)
    classeur = CalamineWorkbook.from_filelike(flux)
    remplies = feuilles_remplies(classeur, feuilles(classeur))
    if not remplies:
        raise FichierRefuse("ce classeur est vide")
    if len(remplies) > 1:
        raise FichierRefuse(
            f"ce classeur a {len(remplies)} feuilles remplies, masquées comprises : une épreuve vaut pour le fichier entier, n'en laissez qu'une"
        )
    for numero, brute in enumerate(classeur.get_sheet_by_name(remplies[0]).iter_rows(), 1):
        yield numero, [classeurs.texte(c) for c in brute[: COLONNES_MAX + 1]]


def lignes_du_csv(flux: BinaryIO, debut: bytes) -> Iterator[Ligne]:
    codage = codage_de(flux, debut)
    flux.seek(0)
    texte = io.TextIOWrapper(flux, codage, newline="")
    tete = list(islice((ligne for ligne in _bornees(texte) if ligne.strip()), TETE))
    texte.seek(0)
    csv.field_size_limit(LIGNE_MAX)
    separateur, devant = separateur_dit(tete), 0
    voulu = separateur or separateur_devine(tete)
    csv.field_size_limit(TEXTE_MAX)
    if separateur:
        while not texte.readline().strip():
            devant += 1
        devant += 1
    lecteur = csv.reader(texte, delimiter=voulu, strict=True)
    numero = devant + 1
    try:
        for ligne in lecteur:
            yield numero, ligne
            numero = devant + lecteur.line_num + 1
    except csv.Error:
        raise FichierRefuse(f"la ligne {numero} n'est pas lisible comme une ligne de CSV") from None


def _bornees(texte: io.TextIOWrapper) -> Iterator[str]:
    while ligne := texte.readline(LIGNE_MAX):
        yield ligne


def codage_de(flux: BinaryIO, debut: bytes) -> str:
    if debut.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in debut:
        raise FichierRefuse("ce n'est ni un CSV, ni un classeur XLSX ou ODS")
    decodeur = codecs.getincrementaldecoder("utf-8")()
    try:
        while morceau := flux.read(1 << 20):
            decodeur.decode(morceau)
        decodeur.decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252" if not any(b in debut for b in b"\x81\x8d\x8f\x90\x9d") else "latin-1"
    return "utf-8-sig"


# --- La table ------------------------------------------------------------------------------------------------------------
def table(flux: BinaryIO, lignes_max: int = LIGNES_MAX) -> tuple[JeuDeDonnees, int]:
    """La table, et le nombre de lignes de titre au-dessus de son en-tête."""
    suite = lignes(flux)
    tete = list(islice(suite, TETE))
    rang = rang_sous_le_titre([ligne for _, ligne in tete])
    noms = entete(tete[rang][1])
    suite = chain(tete[rang + 1 :], suite)
    rangs: list[dict[str, int]] = [{} for _ in noms]
    codes = [array(RANG) for _ in noms]
    lues = 0
    while lot := list(islice(suite, LOT)):
        lues += len(lot)
        verifier(lot, len(noms), lues, lignes_max)
        colonnes = list(zip(*(completee(ligne, len(noms)) for _, ligne in lot), strict=True))
        for valeurs, rang_de, siens in zip(colonnes, rangs, codes, strict=True):
            siens.extend([rang_de.setdefault(v, len(rang_de)) for v in valeurs])
    if not lues:
        raise FichierRefuse("ce fichier n'a pas de ligne sous son en-tête")
    lue = {n: Attribut(c, list(r)).propre() for n, c, r in zip(noms, codes, rangs, strict=True)}
    repetees = [rang for rang, (n, c) in enumerate(lue.items(), 1) if n in c.valeurs]
    if repetees:
        raise FichierRefuse(
            f"le nom de la colonne {repetees[0]} se retrouve parmi ses valeurs : {ENTETE_MANQUANT}"
        )
    return JeuDeDonnees(lue, lues), rang


def rang_sous_le_titre(tete: list[list[str]]) -> int:
    """Le rang de l'en-tête, comme un relevé le trouve, à la largeur de la plupart des lignes : une seule plus large n'en fait pas un titre.

    Un titre ne compte pas : il ne doit désigner personne. Lève `FichierRefuse`, sans le citer, ou `SourceRefusee`.
    """
    largeur = sorted(map(etendue, tete))[len(tete) // 2] if tete else 0
    rang = rang_de_l_entete([ligne[:largeur] for ligne in tete], None)
    cellules = [c for ligne in tete[:rang] for c in ligne if c.strip()]
    if cellules and (vue := nature(Attribut.de(cellules))):
        raise FichierRefuse(
            f"au-dessus de l'en-tête, une ligne a la forme de : {NATURES[vue[0]]}. Ôtez-la, ou mettez les noms de colonnes en tête du fichier"
        )
    return rang


def completee(ligne: list[str], largeur: int) -> list[str]:
    manque = largeur - len(ligne)
    return ligne + [""] * manque if manque > 0 else ligne[:largeur]


def verifier(lot: list[Ligne], largeur: int, lues: int, lignes_max: int) -> None:
    if lues > lignes_max:
        raise FichierRefuse(f"ce fichier dépasse {nombre(lignes_max)} lignes")
    for numero, ligne in lot:
        if len(ligne) > largeur and any(ligne[largeur:]):
            raise FichierRefuse(
                f"la ligne {numero} a {len(ligne)} cellules, pour {compte(largeur, 'colonne')}"
            )


def entete(cellules: list[str]) -> list[str]:
    noms = [unicodedata.normalize("NFC", " ".join(c.split())) for c in cellules]
    while noms and not noms[-1]:
        noms.pop()
    if not noms:
        raise FichierRefuse("ce fichier n'a pas d'en-tête")
    if len(noms) > COLONNES_MAX:
        raise FichierRefuse(f"ce fichier dépasse {COLONNES_MAX} colonnes")
    for rang, nom in enumerate(noms, 1):
        if not nom:
            raise FichierRefuse(f"la colonne {rang} n'a pas de nom")
        if len(nom) > NOM_MAX or not nom.isprintable() or est_une_donnee(nom):
            raise FichierRefuse(f"le nom de la colonne {rang} a la forme d'une donnée : {ENTETE_MANQUANT}")
        if nom in noms[: rang - 1]:
            raise FichierRefuse(f"deux colonnes portent le même nom (colonne {rang})")
    return noms


# --- La réponse ----------------------------------------------------------------------------------------------------------
def repondre(demande: dict, fichiers: list[BufferedReader]) -> dict:
    """`demande` : seuils, roles (ou rien), tableau, lignes_max. L'empreinte, les colonnes et leurs mesures. Lève `FichierRefuse`."""
    try:
        return _repondre(demande, fichiers)
    except (EpreuveImpossible, SourceRefusee) as refus:
        raise FichierRefuse(str(refus)) from None


def _repondre(demande: dict, fichiers: list[BufferedReader]) -> dict:
    lues = [ouvrir(flux, rang, demande["lignes_max"]) for rang, flux in enumerate(fichiers)]
    premiere, empreinte, titre = lues[0]
    roles = (
        roles_complets(list(premiere.colonnes), demande["roles"]) if demande["roles"] is not None else None
    )
    second, empreinte_second, _ = lues[1] if len(lues) > 1 else (None, "", 0)
    mesures = mesurer(premiere, demande["seuils"], second, roles, tableau=demande["tableau"])
    mesures["titre"] = titre
    for comparaison in comparaisons(mesures):
        comparaison["sha256"] = empreinte_second
        if empreinte_second == empreinte:
            comparaison |= {"meme": True, "mesure": False}
    return {
        "sha256": empreinte,
        "lignes": premiere.lignes,
        "colonnes": list(premiere.colonnes),
        "roles": roles,
        "mesures": mesures,
    }


def comparaisons(mesures: dict[str, Any]) -> list[dict[str, Any]]:
    """Ce qui a été mesuré avec le second fichier, du fichier ou de chaque tableau possible."""
    if "agregats" in mesures:
        toutes = [a["second"] for a in mesures["agregats"].values()]
    else:
        toutes = [mesures["correlation"]["second"]]
    return [c for c in toutes if c]


def ouvrir(flux: BufferedReader, rang: int, lignes_max: int) -> tuple[JeuDeDonnees, str, int]:
    """La table, son empreinte, ses lignes de titre."""
    flux.seek(0)
    empreinte = hashlib.file_digest(flux, "sha256").hexdigest()
    flux.seek(0)
    try:
        lue, titre = table(flux, lignes_max)
    except (FichierRefuse, SourceRefusee) as refus:
        raise FichierRefuse(f"{SECOND}{minuscule(str(refus))}" if rang else str(refus)) from None
    return lue, empreinte, titre
