from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from organismes.portee import dans
from registre.imports import FORMATS
from registre.imports.execution import Bilan, importer
from registre.imports.fichier import FichierRefuse, empreinte, format_de, octets
from registre.management.auteur import COMMANDE
from registre.management.organisme import trouver_organisme


class Command(BaseCommand):
    help = "Importe un registre. Dit ce qui est créé, modifié, inchangé, refusé ; --simuler n'écrit rien."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--format", choices=sorted(FORMATS), help="deviné d'après le contenu par défaut")
        parser.add_argument("--simuler", action="store_true", help="dit ce qui se passerait, n'écrit rien")

    def handle(self, *, fichier, organisme, simuler, **options):
        cible = trouver_organisme(organisme)
        try:
            contenu = octets(fichier)
            with dans(cible):  # le lecteur regarde quels tiers l'organisme connaît déjà
                lot = FORMATS[options["format"] or format_de(contenu, fichier.name)].lire(fichier)
        except FichierRefuse as refus:
            raise CommandError(str(refus)) from refus
        with dans(cible):
            bilan = importer(
                lot,
                cible,
                auteur=COMMANDE,
                nom_fichier=fichier.name,
                sha256=empreinte(contenu),
                simuler=simuler,
            )
        self.dire(bilan, simuler)
        if bilan.refuses:
            raise CommandError(f"{len(bilan.refuses)} refus ; le reste du fichier a été traité.")

    def dire(self, bilan: Bilan, simuler: bool) -> None:
        if simuler:
            self.stdout.write("Simulation : rien n'est écrit.")
        for titre, noms in (
            ("créés", bilan.crees),
            ("modifiés", bilan.modifies),
            ("inchangés", bilan.inchanges),
        ):
            self.stdout.write(f"{titre} : {len(noms)}")
            for nom in noms:
                self.stdout.write(f"  {nom}")
        self.stdout.write(f"refusés : {len(bilan.refuses)}")
        for nom, raisons in bilan.refuses:
            self.stderr.write(f"  {nom}")
            for raison in raisons:
                self.stderr.write(f"    {raison}")
        if bilan.rapports:
            self.stdout.write("compris :")
        for nom, rapport in bilan.rapports:
            self.stdout.write(f"  {nom} : {rapport.resume()}")
            for ligne in rapport.lignes():
                self.stdout.write(f"    {ligne}")
        for avis in dict.fromkeys(bilan.avis):
            self.stdout.write(f"à vérifier : {avis}")
