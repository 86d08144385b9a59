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
                        raise Refuse("ce classeur contient une déclaration DOCTYPE")
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
    for rang, brute in enumerate(feuille.iter_rows()):
        ligne = [texte(c) for c in brute[: COLONNES_MAX + 1]]
        while ligne and not ligne[-1].strip():
            ligne.pop()
        if len(ligne) > COLONNES_MAX:
            raise Refuse(f"la feuille « {feuille.name} » dépasse {COLONNES_MAX} colonnes")
        if rang < LIGNES_MAX:
            lues.append(ligne)
        elif ligne:
            raise Refuse(f"la feuille « {feuille.name} » dépasse {LIGNES_MAX} lignes")
    while lues and not lues[-1]:
        lues.pop()
    return lues


def lire(chemin: Path) -> list[dict]:
    from python_calamine import CalamineWorkbook

    controler_archive(chemin)
    classeur = CalamineWorkbook.from_path(str(chemin))
    noms = classeur.sheet_names
    if len(noms) > FEUILLES_MAX:
        raise Refuse(f"ce classeur dépasse {FEUILLES_MAX} feuilles")
    return [{"nom": nom, "lignes": lignes(classeur.get_sheet_by_name(nom))} for nom in noms]


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
    except Exception as erreur:  # un fichier abîmé peut lever n'importe quoi ; il ne doit rien casser d'autre
        print(f"ce n'est pas un classeur lisible ({type(erreur).__name__})", file=sys.stderr)
        return 1
    sys.stdout.write(json.dumps(feuilles, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(principal())
