import os
import sys
import tempfile
from pathlib import Path

from django.core.management.base import CommandError

from organismes.models import Tiers
from organismes.portee import dans
from registre.echanges.exports import FORMATS
from registre.echanges.exports.demande import Demande
from registre.portes.management.commande import Commande
from registre.portes.management.organisme import trouver_organisme
from registre.portes.serveur.systeme import raison_systeme
from traitements.models import Traitement


class Command(Commande):
    help = "Écrit le registre dans un fichier."

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS), help="la forme du fichier")
        parser.add_argument(
            "--registre", choices=["responsable", "sous-traitant"], default="", help="les deux par défaut"
        )
        parser.add_argument("--client", help="nom du client (registre du sous-traitant)")
        parser.add_argument("--fiche", help="référence d'une seule fiche")
        parser.add_argument(
            "-o", "--sortie", required=True, help="fichier à écrire ; « - » : sortie standard"
        )

    def handle(self, *, organisme, registre, client, fiche, sortie, **options):
        cible = trouver_organisme(organisme)
        with dans(cible):
            demande = Demande(cible, registre, self._fiche(fiche), self._client(client))
            octets = FORMATS[options["format"]].produire(demande)
        ecrire(octets, sortie)
        if sortie != "-":
            self.stdout.write(f"{sortie} : {len(octets)} octets")

    def _fiche(self, reference):
        if not reference:
            return None
        trouvee = Traitement.objects.filter(reference=reference).values_list("pk", flat=True).first()
        if trouvee is None:
            raise CommandError(f"Aucune fiche ne porte la référence « {reference} ».")
        return trouvee

    def _client(self, nom):
        if not nom:
            return None
        trouve = Tiers.objects.filter(nom=nom).values_list("pk", flat=True).first()
        if trouve is None:
            raise CommandError(f"Aucun tiers ne s'appelle « {nom} ».")
        return trouve


def ecrire(octets: bytes, sortie: str) -> None:
    """Écrit d'un coup : un fichier à moitié écrit n'existe jamais. Lève `CommandError`."""
    if sortie == "-":
        sys.stdout.buffer.write(octets)
        return
    chemin = Path(sortie)
    try:
        descripteur, provisoire = tempfile.mkstemp(dir=chemin.parent, prefix=".registre-")
        with os.fdopen(descripteur, "wb") as fichier:
            fichier.write(octets)
            os.fchmod(fichier.fileno(), 0o644)
        Path(provisoire).replace(chemin)
    except OSError as erreur:
        raise CommandError(f"Impossible d'écrire {sortie} : {raison_systeme(erreur)}.") from erreur
