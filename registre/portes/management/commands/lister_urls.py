import json

from registre.portes.management.commande import Commande
from registre.portes.requetes.routes import routes


class Command(Commande):
    help = "Liste toutes les adresses, avec qui peut s'en servir."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="une liste JSON")

    def handle(self, **options):
        toutes = [route.en_dict() for route in routes()]
        if options["json"]:
            self.stdout.write(json.dumps(toutes, ensure_ascii=False, indent=2))
            return
        for route in toutes:
            qui = " ; ".join(f"{m} : {', '.join(q)}" for m, q in route["acces"].items()) or "personne"
            self.stdout.write(f"/{route['chemin']}  ({route['nom']})  {qui}")
