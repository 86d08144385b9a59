"""Les empreintes qui disent si une étape du démarrage reste à faire."""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

from demarrage import RACINE

PIECES = (
    "isolement",
    "documents",
    "journal",
    "organismes",
    "traitements",
    "conservation",
    "droit",
    "registre",
)


def lire(fichier: Path) -> str:
    with contextlib.suppress(OSError):
        return fichier.read_text().strip()
    return ""


def empreinte(fichiers: Iterable[Path], *mots: str) -> str:
    """SHA-256 du Python en service, de `mots`, puis du nom et du contenu de chaque fichier."""
    condense = hashlib.sha256(repr((sys.version_info[:2], mots)).encode())
    for fichier in sorted(fichiers):
        condense.update(fichier.relative_to(RACINE).as_posix().encode() if RACINE in fichier.parents else b"")
        condense.update(hashlib.sha256(fichier.read_bytes()).digest())
    return condense.hexdigest()


def empreinte_base(mode: str) -> str:
    """Ce dont dépend le contenu de la base : le code des pièces, les référentiels, les bibliothèques."""
    fichiers = [f for piece in PIECES for motif in ("*.py", "*.toml") for f in (RACINE / piece).rglob(motif)]
    return empreinte([*fichiers, RACINE / "requirements.lock"], mode)


def empreinte_statiques() -> str:
    dossiers = (RACINE / "static", *(RACINE / piece / "static" for piece in PIECES))
    fichiers = [f for dossier in dossiers for f in dossier.rglob("*") if f.is_file()]
    return empreinte([*fichiers, RACINE / "requirements.lock"])
