"""Un fichier CSV : sur la machine de la personne (commande), ou téléversé et lu sans être gardé (page)."""

import stat
from pathlib import Path
from typing import BinaryIO

from conservation.comptage import Decompte
from isolement.lancement import lancer
from isolement.refus import FichierRefuse
from registre.execution.sources import lecteur_csv
from registre.execution.sources.demande import DemandeDeReleve, Releve, SourceRefusee, etiquette

TABLE = False


def reconnait(adresse: str) -> bool:
    return "://" not in adresse


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte un fichier de cette machine. Lève `SourceRefusee`."""
    chemin = Path(demande.adresse)
    source = etiquette(chemin.name)
    try:
        if not stat.S_ISREG(chemin.stat().st_mode):  # un dossier, ou un tuyau qui ferait attendre sans fin
            raise SourceRefusee("Ce chemin ne mène pas à un fichier.")
        with chemin.open("rb", buffering=0) as flux:
            compteur, sha256 = lecteur_csv.compter(flux, demande.colonne, demande.limite, demande.filtres)
    except (OSError, ValueError) as erreur:
        raison = (
            "il n'existe pas" if isinstance(erreur, FileNotFoundError) else "le système refuse de l'ouvrir"
        )
        # Sans citer le chemin : une adresse de base mal tapée arriverait ici avec son mot de passe.
        raise SourceRefusee(f"Ce fichier est illisible : {raison}.") from None
    return Releve(compteur.compte(), source, sha256)


def compter_televerse(fichier: BinaryIO, nom: str, demande: DemandeDeReleve) -> Releve:
    """Compte un fichier venu d'ailleurs, dans un processus à part. Lève `SourceRefusee`."""
    dit = {
        "colonne": demande.colonne,
        "limite": demande.limite.isoformat(),
        "filtres": [(f.colonne, f.signe, f.valeur) for f in demande.filtres],
    }
    try:
        *compte, sha256 = lancer(lecteur_csv.__name__, dit, [fichier], lecteur_csv.LIMITES)
    except FichierRefuse as refus:
        raise SourceRefusee(refus.phrase) from None
    return Releve(Decompte(*compte), etiquette(Path(nom).name), sha256)
