"""Une requête comme source : un `SELECT` qui donne une clé et une date, par exemple le dernier contact de chaque client.

Ce qui est contrôlé ici l'est à la lettre, pour le dire en français. La sûreté, elle, ne tient pas à cette lecture : la base ne
reçoit qu'une instruction, mise en sous-requête, dans une transaction en lecture seule.
"""

import hashlib
import re
from codecs import BOM_UTF8
from pathlib import Path

from registre.execution.sources.demande import RequeteSQL, SourceRefusee, etiquette

OCTETS_MAX = 100_000
# Commentaires, textes et identifiants cités : rien de ce qu'ils contiennent n'est du SQL.
NEUTRE = re.compile(
    r"""--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\$(\w*)\$.*?\$\1\$""", re.DOTALL
)
LECTURE = re.compile(r"[\s(]*(SELECT|WITH)\b", re.IGNORECASE)
AUTRE_GESTE = re.compile(
    r"\b(INTO|FOR\s+(NO\s+KEY\s+|KEY\s+)?(UPDATE|SHARE)|LOCK\s+IN\s+SHARE)\b", re.IGNORECASE
)


def lire(chemin: Path) -> RequeteSQL:
    """La requête que contient ce fichier. Lève `SourceRefusee`."""
    try:
        octets = _octets(chemin)
        texte = octets.decode("utf-8-sig")
    except (OSError, ValueError):
        raise SourceRefusee(
            "Le fichier de la requête ne se lit pas : il faut un fichier de texte, en UTF-8."
        ) from None
    return RequeteSQL(etiquette(chemin.name), une_lecture(texte), hashlib.sha256(octets).hexdigest(), texte)


def gardee(nom: str, entier: str, sha256: str) -> RequeteSQL:
    """La requête qu'un plan garde. Lève `SourceRefusee` si ce n'est plus le texte dont il garde l'empreinte."""
    octets = entier.encode()
    if sha256 not in (hashlib.sha256(octets).hexdigest(), hashlib.sha256(BOM_UTF8 + octets).hexdigest()):
        raise SourceRefusee("Le texte de la requête n'est plus celui dont le plan garde l'empreinte.")
    return RequeteSQL(nom, une_lecture(entier), sha256, entier)


def _octets(chemin: Path) -> bytes:
    if not chemin.is_file():  # un tuyau ferait attendre sans fin
        raise SourceRefusee("Le fichier de la requête n'existe pas.")
    with chemin.open("rb") as fichier:
        octets = fichier.read(OCTETS_MAX + 1)
    if len(octets) > OCTETS_MAX:
        raise SourceRefusee(
            f"Le fichier de la requête dépasse {OCTETS_MAX // 1000} ko : ce n'est pas une requête."
        )
    return octets


def une_lecture(texte: str) -> str:
    """Le `SELECT` seul, sans son point-virgule final ni ce qui le suit. Lève `SourceRefusee`."""
    if "\0" in texte:
        raise SourceRefusee("Le fichier de la requête ne se lit pas : il faut un fichier de texte, en UTF-8.")
    nu = NEUTRE.sub(lambda m: " " * len(m[0]), texte).rstrip()
    while nu.endswith(";"):
        nu = nu[:-1].rstrip()
    if not nu.strip():
        raise SourceRefusee("Le fichier de la requête n'en contient aucune.")
    if ";" in nu:
        raise SourceRefusee("Une requête est une seule instruction : ce fichier en contient plusieurs.")
    if not LECTURE.match(nu):
        raise SourceRefusee("Une requête ne fait que lire : elle commence par SELECT, ou par WITH … SELECT.")
    if AUTRE_GESTE.search(nu):
        raise SourceRefusee("Une requête ne fait que lire : ôtez-en INTO, FOR UPDATE et ce qui verrouille.")
    if not _fermee(nu):
        raise SourceRefusee("Les parenthèses de la requête ne se referment pas.")
    return texte[: len(nu)]


def _fermee(nu: str) -> bool:
    ouvertes = 0
    for signe in nu:
        ouvertes += (signe == "(") - (signe == ")")
        if ouvertes < 0:
            return False
    return ouvertes == 0


def cle_et_date(noms: list[str], colonne: str) -> tuple[str, str]:
    """Laquelle des deux colonnes est la clé, laquelle est la date : `colonne` si elle est dite, sinon la seconde. Lève `SourceRefusee`."""
    if len(noms) != 2:
        raise SourceRefusee(
            f"Une requête rend deux colonnes, une clé et une date : celle-ci en rend {len(noms)}."
        )
    if noms[0] == noms[1]:
        raise SourceRefusee(
            "Les deux colonnes de la requête ont le même nom : nommez-les (… AS cle, … AS dernier_contact)."
        )
    if colonne and colonne not in noms:
        raise SourceRefusee(f"La requête ne rend pas de colonne « {colonne} ».")
    cle, date_ = reversed(noms) if colonne == noms[0] else noms
    return cle, date_


def controler_cles(lignes: int, sans_cle: int, en_double: int) -> None:
    """Une ligne par personne ou par dossier, sinon le compte ment. Lève `SourceRefusee` en disant combien."""
    fautes = []
    if sans_cle:
        fautes.append(f"{sans_cle} sans clé")
    if en_double:
        fautes.append(f"{en_double} dont la clé est déjà celle d'une autre")
    if fautes:
        raise SourceRefusee(
            f"Sur {lignes} lignes, la requête en rend {' et '.join(fautes)} : le compte serait faux. "
            f"Groupez par clé (GROUP BY), et écartez les clés vides."
        )


def controler_stable(premiere: int | None, seconde: int) -> None:
    """Une requête lue deux fois rend autant de lignes (`None` : une table, lue une fois). Lève `SourceRefusee`."""
    if premiere not in (None, seconde):
        raise SourceRefusee(
            "La requête ne rend pas deux fois les mêmes lignes : ôtez-en ce qui tient au hasard."
        )
