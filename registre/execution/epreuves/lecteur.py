"""Lit un CSV ou un XLSX et n'en rend que des chiffres et des noms de colonnes. Travaille à part (`isolement`), sans Django.

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
from itertools import islice
from typing import Any, BinaryIO

from conservation.anonymat.detection import est_une_donnee
from conservation.anonymat.epreuve import EpreuveImpossible, mesurer, roles_complets
from conservation.anonymat.table import RANG, Attribut, JeuDeDonnees
from isolement import classeurs
from isolement.limites import EPREUVE
from isolement.refus import FichierRefuse
from traitements.phrases import nombre

LIMITES = EPREUVE
ILLISIBLE = "ce n'est ni un CSV lisible, ni un classeur XLSX lisible"
LIGNES_MAX = 200_000  # sur la page ; la commande a les siennes
COLONNES_MAX = 200
TEXTE_MAX = 5_000  # caractères d'une cellule
NOM_MAX = 100
LOT = 50_000
ENTETE_MANQUANT = "la première ligne doit donner le nom des colonnes, jamais des données"


# --- Les lignes ----------------------------------------------------------------------------------------------------------
def lignes(flux: BinaryIO) -> Iterator[list[str]]:
    debut = flux.read(1 << 16)
    flux.seek(0)
    if not debut.strip():
        raise FichierRefuse("ce fichier est vide")
    if debut.startswith(b"PK"):
        return lignes_du_classeur(flux)
    return lignes_du_csv(flux, debut)


def lignes_du_classeur(flux: BinaryIO) -> Iterator[list[str]]:
    """La première feuille."""
    from python_calamine import CalamineWorkbook

    classeurs.controler_archive(flux)
    flux.seek(0)
    feuille = CalamineWorkbook.from_filelike(flux).get_sheet_by_index(0)
    for brute in feuille.iter_rows():
        ligne = [classeurs.texte(c) for c in brute[: COLONNES_MAX + 1]]
        if any(ligne):
            yield ligne


def lignes_du_csv(flux: BinaryIO, debut: bytes) -> Iterator[list[str]]:
    codage = codage_de(flux, debut)
    flux.seek(0)
    texte = io.TextIOWrapper(flux, codage, newline="")
    premiere = texte.readline(1 << 20)
    texte.seek(0)
    csv.field_size_limit(TEXTE_MAX)
    lecteur = csv.reader(texte, delimiter=max(";,\t", key=premiere.count), strict=True)
    try:
        for ligne in lecteur:
            if ligne:
                yield ligne
    except csv.Error:
        raise FichierRefuse(f"la ligne {lecteur.line_num} n'est pas lisible comme une ligne de CSV") from None


def codage_de(flux: BinaryIO, debut: bytes) -> str:
    if debut.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in debut:
        raise FichierRefuse("ce n'est ni un CSV, ni un classeur XLSX")
    decodeur = codecs.getincrementaldecoder("utf-8")()
    try:
        while morceau := flux.read(1 << 20):
            decodeur.decode(morceau)
        decodeur.decode(b"", True)
    except UnicodeDecodeError:
        return "cp1252" if not any(b in debut for b in b"\x81\x8d\x8f\x90\x9d") else "latin-1"
    return "utf-8-sig"


# --- La table ------------------------------------------------------------------------------------------------------------
def table(flux: BinaryIO, lignes_max: int = LIGNES_MAX) -> JeuDeDonnees:
    suite = lignes(flux)
    noms = entete(next(suite, []))
    rangs: list[dict[str, int]] = [{} for _ in noms]
    codes = [array(RANG) for _ in noms]
    lues = 0
    while lot := list(islice(suite, LOT)):
        verifier(lot, len(noms), lues, lignes_max)
        lues += len(lot)
        colonnes = list(zip(*(completee(ligne, len(noms)) for ligne in lot), strict=True))
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
    return JeuDeDonnees(lue, lues)


def completee(ligne: list[str], largeur: int) -> list[str]:
    manque = largeur - len(ligne)
    return ligne + [""] * manque if manque > 0 else ligne[:largeur]


def verifier(lot: list[list[str]], largeur: int, devant: int, lignes_max: int) -> None:
    if devant + len(lot) > lignes_max:
        raise FichierRefuse(f"ce fichier dépasse {nombre(lignes_max)} lignes")
    for rang, ligne in enumerate(lot, devant + 2):
        if len(ligne) > largeur and any(ligne[largeur:]):
            raise FichierRefuse(f"la ligne {rang} a {len(ligne)} cellules, pour {largeur} colonnes")


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
    except EpreuveImpossible as refus:
        raise FichierRefuse(str(refus)) from None


def _repondre(demande: dict, fichiers: list[BufferedReader]) -> dict:
    lues = [ouvrir(flux, rang, demande["lignes_max"]) for rang, flux in enumerate(fichiers)]
    premiere, empreinte = lues[0]
    roles = (
        roles_complets(list(premiere.colonnes), demande["roles"]) if demande["roles"] is not None else None
    )
    second, empreinte_second = lues[1] if len(lues) > 1 else (None, "")
    mesures = mesurer(premiere, demande["seuils"], second, roles, tableau=demande["tableau"])
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


def ouvrir(flux: BufferedReader, rang: int, lignes_max: int) -> tuple[JeuDeDonnees, str]:
    flux.seek(0)
    empreinte = hashlib.file_digest(flux, "sha256").hexdigest()
    flux.seek(0)
    try:
        return table(flux, lignes_max), empreinte
    except FichierRefuse as refus:
        raise FichierRefuse(f"second fichier : {refus}" if rang else str(refus)) from None
