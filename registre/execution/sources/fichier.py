"""Un fichier CSV, XLSX ou ODS : sur la machine de la personne (commande), ou téléversé et lu sans être gardé (page)."""

import hashlib
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from io import FileIO
from pathlib import Path
from typing import Any, BinaryIO

from conservation.apercu import relue
from conservation.choix import GenreSource
from conservation.comptage import Decompte
from isolement.lancement import lancer
from isolement.refus import FichierRefuse
from registre.execution.sources import lecteur
from registre.execution.sources.demande import DemandeDeReleve, Regard, Releve, SourceRefusee, etiquette

TABLE = False
GENRE = GenreSource.FICHIER
A_FEUILLES = {".xlsx", ".xlsm", ".ods"}


def reconnait(adresse: str) -> bool:
    return "://" not in adresse


def a_des_feuilles(adresse: str) -> bool:
    """Un classeur, d'après son nom : sa feuille peut se dire là où une base dit sa table."""
    return Path(adresse).suffix.lower() in A_FEUILLES


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte un fichier de cette machine : un CSV ici, en mémoire constante ; un classeur à part. Lève `SourceRefusee`."""
    with _ouvert(demande.adresse) as (flux, a_part):
        nom = Path(demande.adresse).name
        return (
            compter_televerse(flux, nom, demande) if a_part else _releve(lecteur.compter(flux, demande), nom)
        )


def regarder(adresse: str, le: date, table: str = "") -> Regard:
    """Le premier regard sur un fichier de cette machine. Lève `SourceRefusee`."""
    with _ouvert(adresse) as (flux, a_part):
        nom = Path(adresse).name
        if a_part:
            return regarder_televerse(flux, nom, le, table)
        return _regard(lecteur.regarder(flux, le, table), nom)


def compter_televerse(fichier: BinaryIO | FileIO, nom: str, demande: DemandeDeReleve) -> Releve:
    """Compte un fichier venu d'ailleurs, dans un processus à part. Lève `SourceRefusee`."""
    return _releve(_lancer(lecteur.en_json(demande), fichier), nom)


def empreinte_de(fichier: BinaryIO) -> str:
    """L'empreinte de tout le fichier, laissé à son début."""
    somme = hashlib.sha256()
    fichier.seek(0)
    while morceau := fichier.read(1 << 20):
        somme.update(morceau)
    fichier.seek(0)
    return somme.hexdigest()


def regarder_televerse(fichier: BinaryIO | FileIO, nom: str, le: date, table: str = "") -> Regard:
    """Le premier regard sur un fichier venu d'ailleurs, dans un processus à part. Lève `SourceRefusee`."""
    return _regard(_lancer({"regarder": le.isoformat(), "table": table}, fichier), nom)


def peser_televerse(fichier: BinaryIO | FileIO, le: date, limites: Sequence[date]) -> dict[str, Any]:
    """Un fichier venu d'ailleurs, regardé et compté sous chaque lecture possible, dans un processus à part. Lève `SourceRefusee`."""
    jours = [jour.isoformat() for jour in (le, *limites)]
    lu: dict[str, Any] = _lancer({"peser": jours}, fichier)
    return lu


@contextmanager
def _ouvert(adresse: str) -> Iterator[tuple[FileIO, bool]]:
    """Le fichier, et s'il se lit à part : c'est alors un classeur. Lève `SourceRefusee`, sans citer le chemin.

    Une adresse de base mal tapée arriverait ici avec son mot de passe.
    """
    try:
        chemin = Path(adresse)
        if not stat.S_ISREG(chemin.stat().st_mode):  # un dossier, ou un tuyau qui ferait attendre sans fin
            raise SourceRefusee("Ce chemin ne mène pas à un fichier.")
        with chemin.open("rb", buffering=0) as flux:
            debut = flux.read(4)
            flux.seek(0)
            yield flux, lecteur.est_un_classeur(debut)
    except (OSError, ValueError) as erreur:
        raison = (
            "il n'existe pas" if isinstance(erreur, FileNotFoundError) else "le système refuse de l'ouvrir"
        )
        raise SourceRefusee(f"Ce fichier est illisible : {raison}.") from None


def _lancer(demande: dict[str, Any], fichier: BinaryIO | FileIO) -> Any:
    try:
        return lancer(lecteur.__name__, demande, [fichier], lecteur.LIMITES)
    except FichierRefuse as refus:
        raise SourceRefusee(refus.phrase) from None


def _releve(lu: dict[str, Any], nom: str) -> Releve:
    return Releve(
        Decompte(**lu["compte"]),
        etiquette(Path(nom).name),
        lu["sha256"],
        lu["feuille"],
        lu["titre"],
        genre=GENRE,
    )


def _regard(lu: dict[str, Any], nom: str) -> Regard:
    return Regard(
        source=etiquette(Path(nom).name),
        sha256=lu["sha256"],
        lignes=lu["lignes"],
        colonnes=tuple(relue(c) for c in lu["colonnes"]),
        feuille=lu["feuille"],
        feuilles=tuple(lu["feuilles"]),
        lignes_de_titre=lu["titre"],
    )
