import json
from itertools import chain
from pathlib import Path

from django.core.management.base import CommandError
from django_scopes import scopes_disabled

from journal.service import tete
from registre.execution import pieces
from registre.fiche.preuve import anomalies
from registre.portes.management.commande import Commande
from registre.portes.serveur.systeme import raison_systeme
from traitements.phrases import accorder


class Command(Commande):
    help = "Vérifie la chaîne du journal, que chaque objet est tel que sa dernière entrée le dit, et que chaque pièce est celle qu'on a signée."

    def add_arguments(self, parser):
        parser.add_argument(
            "--ancre", type=Path, help='fichier JSON {"seq": …, "empreinte": …} : une tête connue d\'avant'
        )

    def handle(self, *, ancre, **options):
        with scopes_disabled():  # la preuve porte sur toute l'instance
            premiere = next(chain(anomalies(lire_ancre(ancre) if ancre else None), pieces.anomalies()), None)
        if premiere is not None:
            raise CommandError(premiere)
        seq, empreinte = tete()
        self.stdout.write(f"Le journal est intact : {seq} {accorder(seq, 'entrée')}.")
        if seq:
            self.stdout.write(json.dumps({"seq": seq, "empreinte": empreinte}))


def lire_ancre(chemin: Path) -> dict:
    try:
        ancre = json.loads(chemin.read_text(encoding="utf-8"))
        return {"seq": int(ancre["seq"]), "empreinte": str(ancre["empreinte"])}
    except OSError as erreur:
        raise CommandError(f"L'ancre {chemin} ne s'ouvre pas : {raison_systeme(erreur)}.") from erreur
    except (ValueError, KeyError, TypeError) as erreur:
        raise CommandError(
            f'L\'ancre {chemin} ne se lit pas : il faut {{"seq": …, "empreinte": …}}, tel que cette commande l\'imprime.'
        ) from erreur
