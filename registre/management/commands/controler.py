import json
from dataclasses import asdict
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from organismes.portee import dans
from registre.conformite import Conformite
from registre.management.organisme import trouver_organisme


class Command(BaseCommand):
    help = "Dit ce qui manque ou contredit la loi, fiche par fiche. Sort en 0 quoi qu'il trouve."

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--au", type=date.fromisoformat, help="AAAA-MM-JJ ; aujourd'hui par défaut")
        parser.add_argument("--json", action="store_true", help="une liste JSON")

    def handle(self, *, organisme, au, **options):
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        with dans(cible):
            trouves = [
                (f["reference"], c) for f, bilan in Conformite(cible).registre(le) for c in bilan.constats
            ]
        if options["json"]:
            lignes = [{"fiche": reference, **asdict(c)} for reference, c in trouves]
            self.stdout.write(json.dumps(lignes, ensure_ascii=False, indent=2))
            return
        for reference, c in trouves:
            self.stdout.write(f"{reference}  {c.gravite:<8}  {c.code}  {c.chemin} : {c.message} ({c.source})")
        self.stdout.write(f"{len(trouves)} constats au {le.isoformat()}.")
