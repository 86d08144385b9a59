"""Lit un classeur et l'écrit en JSON sur la sortie standard. Lancé à part, sous limites : le fichier vient d'ailleurs.

Ne dépend ni de Django ni du reste du produit. Usage : `lecteur.py FICHIER`. Codes : 0, ou 1 avec la raison.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

MEMOIRE_MAX = 1_500_000_000  # octets
SECONDES_MAX = 30
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
ABIME = (
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


class Refuse(Exception):
    pass


def controler_archive(chemin: Path) -> None:
    """Compte les octets en les lisant (les tailles annoncées mentent) ; refuse chemins sortants et DOCTYPE."""
    deploye = 0
    with zipfile.ZipFile(chemin) as archive:
        if len(archive.infolist()) > ENTREES_MAX:
            raise Refuse("ce classeur contient trop de fichiers")
        for entree in archive.infolist():
            if entree.filename.startswith("/") or ".." in Path(entree.filename).parts:
                raise Refuse("ce classeur contient un chemin qui en sort")
            with archive.open(entree) as flux:
                xml, fin = entree.filename.endswith((".xml", ".rels")), b""
                while morceau := flux.read(1 << 20):
                    deploye += len(morceau)
                    if deploye > DEPLOYE_MAX:
                        raise Refuse("une fois décompressé, ce classeur est démesuré")
                    if xml and DOCTYPE in (fin + morceau).upper():
                        raise Refuse(
                            f"ce classeur contient une déclaration DOCTYPE, que l'import refuse{REENREGISTRER}"
                        )
                    fin = morceau[-len(DOCTYPE) :]


def texte(cellule) -> str:
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
        raise Refuse(f"une cellule dépasse {TEXTE_MAX} caractères")
    return str(cellule)


def lignes(feuille) -> list[list[str]]:
    """Les lignes d'une feuille, sans les vides de la fin. Chaque ligne s'arrête à sa dernière cellule remplie."""
    lues = []
    # Les colonnes vides du début ne sont pas rendues, les lignes vides si : chaque cellule garde sa vraie place.
    vides = [""] * (feuille.start[1] if feuille.start else 0)
    for rang, brute in enumerate(feuille.iter_rows()):
        ligne = vides + [texte(c) for c in brute[: COLONNES_MAX + 1]]
        while ligne and not ligne[-1].strip():
            ligne.pop()
        if len(ligne) > COLONNES_MAX:
            raise Refuse(f"la feuille « {feuille.name} » dépasse {COLONNES_MAX} colonnes{REDUIRE}")
        if rang < LIGNES_MAX:
            lues.append(ligne)
        elif ligne:
            raise Refuse(f"la feuille « {feuille.name} » dépasse {LIGNES_MAX} lignes{REDUIRE}")
    while lues and not lues[-1]:
        lues.pop()
    return lues


def afficher(lues: list[list[str]], affiches: list[tuple[int, int, str]], nom: str) -> list[list[str]]:
    """Met le texte affiché à la place de la valeur qui le perdrait ; la feuille s'étend s'il le faut."""
    for rang, colonne, affiche in affiches:
        if colonne >= COLONNES_MAX:
            raise Refuse(f"la feuille « {nom} » dépasse {COLONNES_MAX} colonnes{REDUIRE}")
        if rang >= LIGNES_MAX:
            raise Refuse(f"la feuille « {nom} » dépasse {LIGNES_MAX} lignes{REDUIRE}")
        if rang < 0:  # « A0 » n'est la place d'aucune cellule
            raise Refuse(ABIME)
        while len(lues) <= rang:
            lues.append([])
        lues[rang] += [""] * (colonne + 1 - len(lues[rang]))
        lues[rang][colonne] = texte(affiche)
    return lues


def controler_nature(chemin: Path) -> None:
    """Dit ce qu'est vraiment l'archive : beaucoup de formats sont des ZIP, et l'extension ment."""
    with zipfile.ZipFile(chemin) as archive:
        noms = archive.namelist()
        if any(entree.flag_bits & 1 for entree in archive.infolist()) or _chiffre(archive, noms):
            raise Refuse(PROTEGE)
        genre = archive.read("mimetype")[:100].decode("ascii", "replace") if "mimetype" in noms else ""
    if "opendocument" in genre and "spreadsheet" not in genre:
        raise Refuse(
            f"c'est {OPENDOCUMENT.get(genre.strip().rpartition('.')[2], 'un document OpenDocument')}{RECOPIER}"
        )
    for debut, nature in ARCHIVES:
        if any(nom.startswith(debut) for nom in noms):
            raise Refuse(nature)
    if "content.xml" not in noms and "xl/workbook.xml" not in noms:
        raise Refuse(
            "c'est une archive ZIP, pas un classeur : décompressez-la et importez le classeur qu'elle contient"
        )


def _chiffre(archive: zipfile.ZipFile, noms: list[str]) -> bool:
    manifeste = "META-INF/manifest.xml"
    return manifeste in noms and b"encryption-data" in archive.read(manifeste)


def lire(chemin: Path) -> list[dict]:
    """Chaque feuille : ses lignes, et ce qu'elle porte à côté (commentaires, fusions, masquages). Rangs depuis zéro."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    sys.path.insert(0, str(Path(__file__).resolve().parent))  # lancé en mode isolé : ce dossier n'y est pas
    from coulisses import Coulisses, XmlRefuse, coulisses

    controler_archive(chemin)
    controler_nature(chemin)
    with zipfile.ZipFile(chemin) as archive:
        try:
            a_cote = coulisses(archive)
        except XmlRefuse as refus:
            raise Refuse(str(refus)) from refus
    with chemin.open("rb") as flux:  # par le contenu : un XLSX nommé « .ods » se lit
        classeur = CalamineWorkbook.from_filelike(flux)
    metas = [m for m in classeur.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    if len(metas) > FEUILLES_MAX:
        raise Refuse(f"ce classeur dépasse {FEUILLES_MAX} feuilles")
    lues = []
    for meta in metas:
        cote = vars(a_cote.get(meta.name, Coulisses())).copy()
        remplies = afficher(lignes(classeur.get_sheet_by_name(meta.name)), cote.pop("affiches"), meta.name)
        masquee = meta.visible != SheetVisibleEnum.Visible
        lues.append({"nom": meta.name, "lignes": remplies, "masquee": masquee, **cote})
    return lues


def principal() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMOIRE_MAX, MEMOIRE_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_MAX, SECONDES_MAX + 5))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        feuilles = lire(Path(sys.argv[1]))
    except Refuse as refus:
        print(refus, file=sys.stderr)
        return 1
    except MemoryError:
        print("ce classeur demande trop de mémoire", file=sys.stderr)
        return 1
    except Exception:  # un fichier abîmé peut lever n'importe quoi ; il ne doit rien casser d'autre
        print(ABIME, file=sys.stderr)
        return 1
    sys.stdout.write(json.dumps(feuilles, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(principal())
