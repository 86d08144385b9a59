from pathlib import Path

from django.core.management.base import CommandError

from isolement.fichier import empreinte, format_de, octets
from isolement.refus import FichierRefuse
from organismes.portee import dans
from registre.echanges.imports import FORMATS
from registre.echanges.imports.bilan import BilanDImport
from registre.echanges.imports.execution import importer
from registre.echanges.imports.identite import AutreOrganisme
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.organisme import trouver_organisme


class Command(Commande):
    help = (
        "Importe un registre. Dit ce qui est créé, modifié, inchangé, refusé, et ce qui a été compris de chaque fiche ; "
        "--simuler n'écrit rien."
    )

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le fichier à lire")
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--format", choices=sorted(FORMATS), help="deviné d'après le contenu par défaut")
        parser.add_argument("--simuler", action="store_true", help="dit ce qui se passerait, n'écrit rien")

        parser.add_argument(
            "--fiches-seulement",
            action="store_true",
            help="ne prend que les fiches et les tiers, jamais l'identité ; pour le fichier d'un autre organisme",
        )

    def handle(self, *, fichier, organisme, simuler, fiches_seulement, **options):
        cible = trouver_organisme(organisme)
        try:
            contenu = octets(fichier)
            with dans(cible):  # le lecteur regarde quels tiers l'organisme connaît déjà
                lot = FORMATS[options["format"] or format_de(contenu, fichier.name)].lire(fichier)
        except FichierRefuse as refus:
            raise CommandError(str(refus)) from refus
        try:
            with dans(cible):
                bilan = importer(
                    lot,
                    cible,
                    auteur=COMMANDE,
                    nom_fichier=fichier.name,
                    sha256=empreinte(contenu),
                    simuler=simuler,
                    fiches_seulement=fiches_seulement,
                )
        except AutreOrganisme as refus:
            raise CommandError(f"{fichier.name} : {refus}") from refus
        self.dire(bilan, simuler)
        if bilan.refuses:
            raise CommandError(f"{len(bilan.refuses)} refus ; le reste du fichier a été traité.")

    def dire(self, bilan: BilanDImport, simuler: bool) -> None:
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
            self.stdout.write(f"  {nom}")
            for raison in raisons:
                self.stdout.write(f"    {raison}")
        for note in bilan.notes:
            self.stdout.write(note)
        self._dire_ce_qui_est_compris(bilan)
        for avis in dict.fromkeys(bilan.avis):
            self.stdout.write(f"à vérifier : {avis}")

    def _dire_ce_qui_est_compris(self, bilan: BilanDImport) -> None:
        if bilan.rapports:
            self.stdout.write("compris :")
        for nom, rapport in bilan.rapports:
            self.stdout.write(f"  {nom} : {rapport.resume()}")
            for ligne in rapport.lignes():
                self.stdout.write(f"    {ligne}")
