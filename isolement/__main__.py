"""L'autre côté de `isolement.lancement` : `python -m isolement LECTEUR DESCRIPTEUR…`, la demande sur l'entrée standard.

Un lecteur est un module qui donne `LIMITES`, `ILLISIBLE` et `repondre(demande, fichiers)` ; il lève `FichierRefuse`.
"""

import importlib
import json
import os
import resource
import sys

from isolement.limites import Limites
from isolement.refus import FichierRefuse

SURSIS = 5  # secondes entre l'avertissement et l'arrêt


def borner(limites: Limites) -> None:
    for limite, souple, dure in (
        (resource.RLIMIT_AS, limites.memoire, limites.memoire),
        (resource.RLIMIT_CPU, limites.secondes, limites.secondes + SURSIS),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),  # une image de la mémoire contiendrait le fichier
    ):
        resource.setrlimit(limite, (souple, dure))


def servir(nom: str, descripteurs: list[str]) -> None:
    lecteur = importlib.import_module(nom)
    borner(lecteur.LIMITES)
    demande = json.load(sys.stdin)
    fichiers = [os.fdopen(int(d), "rb", closefd=False) for d in descripteurs]
    try:
        for fichier in fichiers:
            fichier.seek(0)
        reponse = {"lu": lecteur.repondre(demande, fichiers)}
    except FichierRefuse as refus:
        reponse = {"refus": str(refus)}
    except MemoryError:
        reponse = {"refus": "ce fichier demande trop de mémoire"}
    except Exception:  # un fichier abîmé peut lever n'importe quoi, avec une de ses valeurs dans le message
        reponse = {"refus": lecteur.ILLISIBLE}
    sys.stdout.write(json.dumps(reponse, ensure_ascii=False))


if __name__ == "__main__":
    servir(sys.argv[1], sys.argv[2:])
