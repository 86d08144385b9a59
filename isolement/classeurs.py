"""Les classeurs ODS et XLSX : ce que l'archive est vraiment, puis ses feuilles, valeurs et coulisses.

`lire_a_part` les lit dans un processus sous limites, où travaille `repondre` : le fichier vient d'ailleurs.
"""

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from isolement.coulisses import Coulisses, XmlRefuse, coulisses
from isolement.fichier import octets
from isolement.lancement import lancer
from isolement.limites import CLASSEUR
from isolement.natures import phrase
from isolement.refus import FichierRefuse

LIMITES = CLASSEUR
ENTREES_MAX = 2_000
DEPLOYE_MAX = 300_000_000  # octets
LIGNES_MAX = 5_000
COLONNES_MAX = 100
FEUILLES_MAX = 300
TEXTE_MAX = 20_000
DOCTYPE = b"<!DOCTYPE"
REDUIRE = " : ôtez ce qui est de trop, ou partagez la feuille, puis recommencez"
RECOPIER = (
    " : l'import lit un classeur ; recopiez le registre dans un tableur et enregistrez-le en ODS ou en XLSX"
)
REENREGISTRER = " : ouvrez-le dans un tableur et enregistrez-le en ODS ou en XLSX, puis recommencez"
PROTEGE = (
    "ce classeur est protégé par un mot de passe : ouvrez-le dans un tableur, ôtez le mot de passe, enregistrez, "
    "puis recommencez"
)
ILLISIBLE = (
    "ce n'est pas un classeur lisible, le fichier est abîmé ou incomplet : ouvrez-le dans un tableur, "
    "enregistrez-le de nouveau en ODS ou en XLSX, puis recommencez"
)
OPENDOCUMENT = {
    "text": "un document de texte (ODT)",
    "presentation": "une présentation (ODP)",
    "graphics": "un dessin (ODG)",
}
# Le début d'un nom de l'archive, et ce qu'elle est alors.
ARCHIVES = (
    ("word/", f"c'est un document Word (DOCX){RECOPIER}"),
    ("ppt/", f"c'est une présentation (PPTX){RECOPIER}"),
    ("xl/workbook.bin", f"c'est un classeur binaire (XLSB){REENREGISTRER}"),
    ("Index/", f"c'est un classeur Numbers{REENREGISTRER}"),
)


def controler_archive(flux: BinaryIO, deploye_max: int = DEPLOYE_MAX) -> None:
    """Compte les octets en les lisant (les tailles annoncées mentent) ; refuse chemins sortants et DOCTYPE."""
    deploye = 0
    with zipfile.ZipFile(flux) as archive:
        if len(archive.infolist()) > ENTREES_MAX:
            raise FichierRefuse("ce classeur contient trop de fichiers")
        for entree in archive.infolist():
            if entree.filename.startswith("/") or ".." in Path(entree.filename).parts:
                raise FichierRefuse("ce classeur contient un chemin qui en sort")
            with archive.open(entree) as deployee:
                xml, fin = entree.filename.endswith((".xml", ".rels")), b""
                while morceau := deployee.read(1 << 20):
                    deploye += len(morceau)
                    if deploye > deploye_max:
                        raise FichierRefuse("une fois décompressé, ce classeur est démesuré")
                    if xml and DOCTYPE in (fin + morceau).upper():
                        raise FichierRefuse(
                            f"ce classeur contient une déclaration DOCTYPE, que l'import refuse{REENREGISTRER}"
                        )
                    fin = morceau[-len(DOCTYPE) :]


def texte(cellule: Any) -> str:
    match cellule:
        case None:
            return ""
        case bool():
            return "Oui" if cellule else "Non"
        case float():
            return str(int(cellule)) if cellule.is_integer() else str(cellule)
        case datetime():
            return (cellule.date() if cellule.time() == time() else cellule).isoformat()
        case date():
            return cellule.isoformat()
        case time() | timedelta():
            return str(cellule)
    if len(str(cellule)) > TEXTE_MAX:
        raise FichierRefuse(f"une cellule dépasse {TEXTE_MAX} caractères")
    return str(cellule)


def lignes(feuille: Any) -> list[list[str]]:
    """Les lignes d'une feuille, sans les vides de la fin. Chaque ligne s'arrête à sa dernière cellule remplie."""
    lues = []
    # Les colonnes vides du début ne sont pas rendues, les lignes vides si : chaque cellule garde sa vraie place.
    vides = [""] * (feuille.start[1] if feuille.start else 0)
    for rang, brute in enumerate(feuille.iter_rows()):
        ligne = vides + [texte(c) for c in brute[: COLONNES_MAX + 1]]
        while ligne and not ligne[-1].strip():
            ligne.pop()
        if len(ligne) > COLONNES_MAX:
            raise FichierRefuse(f"la feuille « {feuille.name} » dépasse {COLONNES_MAX} colonnes{REDUIRE}")
        if rang < LIGNES_MAX:
            lues.append(ligne)
        elif ligne:
            raise FichierRefuse(f"la feuille « {feuille.name} » dépasse {LIGNES_MAX} lignes{REDUIRE}")
    while lues and not lues[-1]:
        lues.pop()
    return lues


def afficher(lues: list[list[str]], affiches: list[tuple[int, int, str]], nom: str) -> list[list[str]]:
    """Met le texte affiché à la place de la valeur qui le perdrait ; la feuille s'étend s'il le faut."""
    for rang, colonne, affiche in affiches:
        if colonne >= COLONNES_MAX:
            raise FichierRefuse(f"la feuille « {nom} » dépasse {COLONNES_MAX} colonnes{REDUIRE}")
        if rang >= LIGNES_MAX:
            raise FichierRefuse(f"la feuille « {nom} » dépasse {LIGNES_MAX} lignes{REDUIRE}")
        if rang < 0:  # « A0 » n'est la place d'aucune cellule
            raise FichierRefuse(ILLISIBLE)
        while len(lues) <= rang:
            lues.append([])
        lues[rang] += [""] * (colonne + 1 - len(lues[rang]))
        lues[rang][colonne] = texte(affiche)
    return lues


def controler_nature(flux: BinaryIO) -> None:
    """Dit ce qu'est vraiment l'archive : beaucoup de formats sont des ZIP, et l'extension ment."""
    with zipfile.ZipFile(flux) as archive:
        noms = archive.namelist()
        if any(entree.flag_bits & 1 for entree in archive.infolist()) or _chiffre(archive, noms):
            raise FichierRefuse(PROTEGE)
        genre = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in noms else ""
    if "opendocument" in genre and "spreadsheet" not in genre:
        raise FichierRefuse(
            f"c'est {OPENDOCUMENT.get(genre.strip().rpartition('.')[2], 'un document OpenDocument')}{RECOPIER}"
        )
    for debut, nature in ARCHIVES:
        if any(nom.startswith(debut) for nom in noms):
            raise FichierRefuse(nature)
    if "content.xml" not in noms and "xl/workbook.xml" not in noms:
        raise FichierRefuse(
            "c'est une archive ZIP, pas un classeur : décompressez-la et importez le classeur qu'elle contient"
        )


def _chiffre(archive: zipfile.ZipFile, noms: list[str]) -> bool:
    manifeste = "META-INF/manifest.xml"
    return manifeste in noms and b"encryption-data" in archive.read(manifeste)


def lire_a_part(chemin: Path) -> list[dict[str, Any]]:
    """Chaque feuille : ses lignes, et ce qu'elle porte à côté (commentaires, fusions, masquages). Rangs depuis zéro.

    Lève `FichierRefuse`, en nommant le fichier.
    """
    if not (contenu := octets(chemin)).startswith(b"PK"):
        raise FichierRefuse(phrase(chemin.name, contenu))
    try:
        feuilles: list[dict[str, Any]] = lancer(__name__, None, [chemin], LIMITES)
    except FichierRefuse as refus:
        raise FichierRefuse(f"{chemin.name} : {refus}.") from None
    return feuilles


def repondre(demande: None, fichiers: list[BinaryIO]) -> list[dict[str, Any]]:
    """Les feuilles d'un classeur, lues dans ce processus."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    (flux,) = fichiers
    controler_archive(flux)
    controler_nature(flux)
    with zipfile.ZipFile(flux) as archive:
        try:
            a_cote = coulisses(archive)
        except XmlRefuse as refus:
            raise FichierRefuse(str(refus)) from refus
    flux.seek(0)
    classeur = CalamineWorkbook.from_filelike(flux)  # par le contenu : un XLSX nommé « .ods » se lit
    metas = [m for m in classeur.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if len(metas) > FEUILLES_MAX:
        raise FichierRefuse(f"ce classeur dépasse {FEUILLES_MAX} feuilles")
    lues = []
    for meta in metas:
        cote = vars(a_cote.get(meta.name, Coulisses())).copy()
        remplies = afficher(lignes(classeur.get_sheet_by_name(meta.name)), cote.pop("affiches"), meta.name)
        masquee = meta.visible != SheetVisibleEnum.Visible
        lues.append({"nom": meta.name, "lignes": remplies, "masquee": masquee, **cote})
    return lues
