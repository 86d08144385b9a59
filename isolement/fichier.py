"""Ouvrir un fichier venu d'ailleurs : est-ce un fichier, combien pèse-t-il, de quel format est-il."""

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from isolement.limites import CLASSEUR, en_megaoctets
from isolement.natures import LUS, phrase
from isolement.refus import FichierRefuse

UTF_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"{\0", "utf-16-le"), (b"\0{", "utf-16-be"))
RAISONS = {
    errno.ENOENT: "il n'existe pas",
    errno.ENOTDIR: "il n'existe pas",
    errno.EACCES: "vous n'en avez pas le droit",
    errno.EPERM: "vous n'en avez pas le droit",
    errno.ENAMETOOLONG: "son nom est trop long",
}


Source = Path | Any  # un chemin, ou un fichier ouvert : téléversé, en mémoire ou sur le disque


def octets(chemin: Path) -> bytes:
    nom = chemin.name or str(chemin)
    try:
        etat = chemin.stat()
        if not stat.S_ISREG(etat.st_mode):  # un dossier, ou un tuyau qui ferait attendre sans fin
            raise FichierRefuse(f"{nom} est illisible : ce n'est pas un fichier.")
        if etat.st_size > CLASSEUR.octets:
            raise FichierRefuse(f"{nom} dépasse {en_megaoctets(CLASSEUR.octets)}.")
        contenu = chemin.read_bytes()
    except OSError as erreur:
        raise _illisible(chemin, erreur) from erreur
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


@contextmanager
def descripteur(fichier: Source, octets_max: int) -> Iterator[int]:
    """Un descripteur ouvert en lecture. Un téléversement tenu en mémoire passe par un fichier sans nom, qui disparaît aussitôt.

    Lève `FichierRefuse`.
    """
    with ExitStack() as pile:
        ouvert = pile.enter_context(_ouvrir(fichier)) if isinstance(fichier, Path) else fichier
        try:
            numero = ouvert.fileno()
        except (AttributeError, OSError):
            ouvert = pile.enter_context(_anonyme(fichier))
            numero = ouvert.fileno()
        etat = os.fstat(numero)
        if not stat.S_ISREG(etat.st_mode):
            raise FichierRefuse("ce n'est pas un fichier")
        if etat.st_size > octets_max:
            raise FichierRefuse(f"ce fichier dépasse {en_megaoctets(octets_max)}")
        yield numero


def _ouvrir(chemin: Path) -> BinaryIO:
    try:
        if not stat.S_ISREG(chemin.stat().st_mode):  # un tuyau ferait attendre sans fin
            raise FichierRefuse(f"{chemin.name} est illisible : ce n'est pas un fichier.")
        return chemin.open("rb")
    except OSError as erreur:
        raise _illisible(chemin, erreur) from erreur


def _illisible(chemin: Path, erreur: OSError) -> FichierRefuse:
    raison = RAISONS.get(erreur.errno or 0, "le système refuse de l'ouvrir")
    return FichierRefuse(f"{chemin.name or chemin} est illisible : {raison}.")


def _anonyme(fichier: Any) -> BinaryIO:
    sans_nom = tempfile.TemporaryFile()
    fichier.seek(0)
    while morceau := fichier.read(1 << 20):
        sans_nom.write(morceau)
    sans_nom.flush()
    return sans_nom
