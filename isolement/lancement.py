"""Lancer un lecteur à part : un processus neuf, sans nos secrets, qui ne reçoit que des descripteurs ouverts et une demande.

Un protocole : la demande en JSON sur son entrée, la réponse en JSON sur sa sortie, `{"lu": …}` ou `{"refus": raison}`.
L'autre côté est `isolement.__main__`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from isolement.fichier import Source, descripteur
from isolement.limites import Limites
from isolement.refus import FichierRefuse

RACINE = Path(__file__).resolve().parents[1]
# Ce qu'un programme attend de toute machine ; les secrets, eux, restent ici.
TRANSMISES = ("PATH", "HOME", "TMPDIR", "XDG_CACHE_HOME", "LD_LIBRARY_PATH")
TROP_LONG = "ce fichier demande trop de temps à lire"
DEPASSE = "la lecture de ce fichier a dépassé ses limites"


def lancer(lecteur: str, demande: Any, fichiers: Sequence[Source], limites: Limites) -> Any:
    """Ce que le module `lecteur` lit de ces fichiers, sous `limites`. Lève `FichierRefuse`."""
    with ExitStack() as pile:
        ouverts = [pile.enter_context(descripteur(f, limites.octets)) for f in fichiers]
        try:
            lu = subprocess.run(  # noqa: S603 - l'interpréteur même et des nombres
                _commande("isolement", lecteur, *map(str, ouverts)),
                input=json.dumps(demande).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # une trace pourrait citer une valeur
                timeout=limites.attente,
                pass_fds=ouverts,
                cwd=RACINE,
                env=_environnement(),
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise FichierRefuse(TROP_LONG) from None
    if lu.returncode != 0:
        raise FichierRefuse(DEPASSE)
    reponse = json.loads(lu.stdout)
    if "refus" in reponse:
        raise FichierRefuse(reponse["refus"])
    return reponse["lu"]


def ouvrir_atelier(paquet: str) -> subprocess.Popen[bytes]:
    """Un processus neuf qui sert `paquet` (son `__main__`) par ses deux tuyaux, jusqu'à ce qu'on le ferme.

    Neuf plutôt qu'une bifurcation : le serveur a des fils et des connexions ouvertes.
    """
    return subprocess.Popen(  # noqa: S603 - l'interpréteur même, sans rien qui vienne d'une saisie
        _commande(paquet), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=RACINE, env=_environnement()
    )


def _commande(paquet: str, *arguments: str) -> list[str]:
    """Ni les variables de Python ni les paquets de la personne : le produit seul, lancé depuis sa racine."""
    return [sys.executable, "-E", "-s", "-X", "utf8", "-m", paquet, *arguments]


def _environnement() -> dict[str, str]:
    return {nom: os.environ[nom] for nom in TRANSMISES if nom in os.environ}
