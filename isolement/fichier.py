"""Ouvrir un fichier venu d'ailleurs : la taille d'abord, le contenu ensuite, à part et sous limites."""

import errno
import hashlib
import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

from isolement import classeurs as lecteur
from isolement.natures import LUS, phrase

OCTETS_MAX = 30_000_000
SECONDES_MAX = 60
UTF_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
RAISONS = {
    errno.ENOENT: "il n'existe pas",
    errno.ENOTDIR: "il n'existe pas",
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.ENAMETOOLONG: "son nom est trop long",
}


class FichierRefuse(Exception):
    """Le fichier ne peut pas être lu ; le message dit pourquoi, en français."""


def octets(chemin: Path) -> bytes:
    nom = chemin.name or str(chemin)
    try:
        etat = chemin.stat()
        if not stat.S_ISREG(etat.st_mode):  # un dossier, ou un tuyau qui ferait attendre sans fin
            raise FichierRefuse(f"{nom} est illisible : ce n'est pas un fichier.")
        if etat.st_size > OCTETS_MAX:
            raise FichierRefuse(f"{nom} dépasse {OCTETS_MAX // 1_000_000} Mo.")
        contenu = chemin.read_bytes()
    except OSError as erreur:
        raison = RAISONS.get(erreur.errno, "le système refuse de l'ouvrir")
        raise FichierRefuse(f"{nom} est illisible : {raison}.") from erreur
    if not contenu:
        raise FichierRefuse(f"{chemin.name} est vide. {LUS} Choisissez le fichier qui porte le registre.")
    return contenu


def empreinte(contenu: bytes) -> str:
    return hashlib.sha256(contenu).hexdigest()


def format_de(contenu: bytes, nom: str) -> str:
    """Devine le format : un classeur est une archive ZIP, l'export canonique un objet JSON.

    Lève `FichierRefuse`, en disant ce qu'est le fichier (`nom`, tel qu'il se nomme) et quoi en faire.
    """
    if contenu.startswith(b"PK"):
        return "cnil-ods"
    contenu = en_utf8(contenu)
    if contenu.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and not contenu.startswith(b"{\\rtf"):
        return "json"
    raise FichierRefuse(phrase(nom, contenu))


def en_utf8(contenu: bytes) -> bytes:
    """Le même texte en UTF-8 quand ces octets sont d'un JSON en UTF-16, avec ou sans marque ; sinon les octets eux-mêmes."""
    codage = next((nom for debut, nom in UTF_16 if contenu.startswith(debut)), "")
    try:
        return contenu.decode(codage).encode() if codage else contenu
    except (UnicodeDecodeError, UnicodeEncodeError):
        return contenu


def classeur(chemin: Path) -> list[dict[str, Any]]:
    """Les feuilles d'un classeur ODS ou XLSX, telles que `lecteur.lire` les rend. Lève `FichierRefuse`."""
    if not (contenu := octets(chemin)).startswith(b"PK"):
        raise FichierRefuse(phrase(chemin.name, contenu))
    commande = [sys.executable, "-I", lecteur.__file__, str(chemin)]
    try:
        lu = subprocess.run(commande, capture_output=True, timeout=SECONDES_MAX, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise FichierRefuse(f"{chemin.name} demande trop de temps à lire.") from None
    if lu.returncode != 0:
        raison = lu.stderr.decode("utf-8", "replace").strip().splitlines()
        detail = raison[-1] if lu.returncode == 1 and raison else "la lecture a dépassé ses limites"
        raise FichierRefuse(f"{chemin.name} : {detail}.")
    return json.loads(lu.stdout)
