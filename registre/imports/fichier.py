"""Ouvrir un fichier venu d'ailleurs : la taille d'abord, le contenu ensuite, à part et sous limites."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from registre.imports import lecteur

OCTETS_MAX = 30_000_000
SECONDES_MAX = 60


class FichierRefuse(Exception):
    """Le fichier ne peut pas être lu ; le message dit pourquoi, en français."""


def octets(chemin: Path) -> bytes:
    try:
        if chemin.stat().st_size > OCTETS_MAX:
            raise FichierRefuse(f"{chemin.name} dépasse {OCTETS_MAX // 1_000_000} Mo.")
        contenu = chemin.read_bytes()
    except OSError as erreur:
        raise FichierRefuse(f"{chemin.name} est illisible : {erreur.strerror}.") from erreur
    if not contenu:
        raise FichierRefuse(f"{chemin.name} est vide.")
    return contenu


def empreinte(contenu: bytes) -> str:
    return hashlib.sha256(contenu).hexdigest()


def format_de(contenu: bytes) -> str:
    """Devine le format : un classeur est une archive ZIP, l'export canonique un objet JSON."""
    if contenu.startswith(b"PK"):
        return "cnil-ods"
    if contenu.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "json"
    raise FichierRefuse("Ce fichier n'est ni un classeur ni un export JSON : précisez --format.")


def classeur(chemin: Path) -> list[dict[str, Any]]:
    """Les feuilles d'un classeur ODS ou XLSX : `[{"nom": …, "lignes": [[texte, …], …]}, …]`."""
    octets(chemin)
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
