"""L'environnement Python : un venv qui contient les versions du verrou, et le prouve par une empreinte."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from demarrage import RefusDeDemarrage, dire
from demarrage.empreintes import empreinte, lire


def preparer_venv(dossier: Path, verrou: Path) -> Path:
    """Rend le python d'un venv qui contient exactement les versions de `verrou` ; ne fait rien s'il est bon.

    Le venv d'un autre Python ou cassé est refait ; un verrou changé est réinstallé par-dessus.
    """
    python, marque = dossier / "bin" / "python", dossier / "empreinte-du-verrou"
    attendu = empreinte([verrou])
    sain = venv_sain(python)
    if sain and lire(marque) == attendu:
        return python
    if not sain:
        creer_venv(dossier)
    # Ôtée avant, posée après : une installation interrompue sera reprise.
    marque.unlink(missing_ok=True)
    installer_verrou(python, verrou)
    marque.write_text(attendu)
    return python


def venv_sain(python: Path) -> bool:
    if not os.access(python, os.X_OK):
        return False
    programme = "import pip, sys; print(*sys.version_info[:2], sys.prefix != sys.base_prefix)"
    try:
        reponse = subprocess.run([python, "-c", programme], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return False
    return reponse.stdout.split() == [*map(str, sys.version_info[:2]), "True"]


def creer_venv(dossier: Path) -> None:
    dire(f"Environnement Python : {dossier}")
    if dossier.is_symlink() or dossier.is_file():
        dossier.unlink()
    executer(
        [sys.executable, "-m", "venv", "--clear", dossier], "L'environnement Python n'a pas pu être créé"
    )


def installer_verrou(python: Path, verrou: Path) -> None:
    dire(f"Bibliothèques : installation de {verrou.name} (empreintes vérifiées)")
    pip: list[str | Path] = [
        python,
        "-m",
        "pip",
        "install",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
    ]
    executer([*pip, "--require-hashes", "-r", verrou], "pip n'a pas pu installer les bibliothèques")


def executer(commande: Sequence[str | Path], raison: str) -> None:
    resultat = subprocess.run(commande, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if resultat.returncode != 0:
        raise RefusDeDemarrage(f"{raison} :\n{resultat.stdout.strip()}")
