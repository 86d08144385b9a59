"""Un fichier CSV : sur la machine de la personne (commande), ou téléversé et lu sans être gardé (page)."""

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

from conservation.constats import Compte
from registre.execution.sources.demande import Demande, Releve, SourceRefusee, etiquette
from registre.execution.sources.lecteur_csv import compter as compter_flux

TABLE = False
SECONDES_MAX = 90
AMORCE = "import sys; sys.path.insert(0, sys.argv.pop()); from registre.execution.sources.lecteur_csv import principal; sys.exit(principal())"
RACINE = str(Path(__file__).resolve().parent.parent.parent)


def reconnait(adresse: str) -> bool:
    return "://" not in adresse


def compter(demande: Demande) -> Releve:
    """Compte un fichier de cette machine. Lève `SourceRefusee`."""
    chemin = Path(demande.adresse)
    source = etiquette(chemin.name)
    try:
        if not stat.S_ISREG(chemin.stat().st_mode):  # un dossier, ou un tuyau qui ferait attendre sans fin
            raise SourceRefusee("Ce chemin ne mène pas à un fichier.")
        with chemin.open("rb", buffering=0) as flux:
            compteur, sha256 = compter_flux(flux, demande.colonne, demande.limite, demande.filtres)
    except (OSError, ValueError) as erreur:
        raison = (
            "il n'existe pas" if isinstance(erreur, FileNotFoundError) else "le système refuse de l'ouvrir"
        )
        # Sans citer le chemin : une adresse de base mal tapée arriverait ici avec son mot de passe.
        raise SourceRefusee(f"Ce fichier est illisible : {raison}.") from None
    return Releve(compteur.compte(), source, sha256)


def compter_televerse(fichier: BinaryIO, nom: str, demande: Demande) -> Releve:
    """Compte un fichier venu d'ailleurs, dans un sous-processus borné en mémoire et en temps. Lève `SourceRefusee`."""
    dit = {
        "colonne": demande.colonne,
        "limite": demande.limite.isoformat(),
        "filtres": [(f.colonne, f.signe, f.valeur) for f in demande.filtres],
        "secondes": SECONDES_MAX,
    }
    commande = [sys.executable, "-I", "-X", "utf8", "-c", AMORCE, json.dumps(dit), RACINE]
    processus = subprocess.Popen(  # noqa: S603 - l'interpréteur même, et une demande en JSON ; sans nos secrets
        commande, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
    )
    with processus:
        try:
            _verser(fichier, processus.stdin)
            sortie, raison = processus.communicate(timeout=SECONDES_MAX)
        except subprocess.TimeoutExpired:
            processus.kill()
            raise SourceRefusee("Ce fichier demande trop de temps à lire.") from None
    if processus.returncode != 0:
        dite = raison.decode("utf-8", "replace").strip() if processus.returncode == 1 else ""
        raise SourceRefusee(dite or "La lecture de ce fichier a dépassé ses limites.")
    *compte, sha256 = json.loads(sortie)
    return Releve(Compte(*compte), etiquette(Path(nom).name), sha256)


def _verser(fichier: BinaryIO, entree: BinaryIO) -> None:
    """Passe le fichier au lecteur ; un lecteur qui a déjà refusé ferme le tuyau, et dira pourquoi."""
    try:
        while morceau := fichier.read(1 << 20):
            entree.write(morceau)
        entree.flush()
    except BrokenPipeError:
        pass
