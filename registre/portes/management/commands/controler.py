import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from droit.regles import Constat
from organismes.portee import dans
from registre.conformite.controle import Conformite
from registre.fiche.chemins import chemin_lisible
from registre.fiche.referentiels import version_en_service
from registre.portes.management.commande import Commande
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from traitements.phrases import accorder


class Command(Commande):
    help = "Dit ce qui manque ou contredit la loi, fiche par fiche. Sort en 0 quoi qu'il trouve."

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--au", type=jour, help="AAAA-MM-JJ ; aujourd'hui par défaut")
        parser.add_argument("--json", action="store_true", help="une liste JSON, écarts justifiés compris")

    def handle(self, *, organisme, au, **options):
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        with dans(cible):
            lignes = sorted(constats(Conformite(cible), le), key=lambda ligne: ligne["fiche"] or "")
        if options["json"]:
            self.stdout.write(json.dumps(lignes, ensure_ascii=False, indent=2))
        else:
            self.dire(lignes, le)

    def dire(self, lignes: list[dict[str, Any]], le: date) -> None:
        sujet = None
        for ligne in lignes:
            if ligne["fiche"] != sujet:
                sujet = ligne["fiche"]
                self.stdout.write(f"{sujet} {ligne['intitule']}" if sujet else "Organisme")
            etat = "écarté" if ligne["ecart"] else ligne["gravite"]
            self.stdout.write(
                f"  {etat:<8}  {ligne['code']}  {ligne['champ']} : {ligne['message']} ({ligne['source']})"
            )
        comptes = {
            g: sum(1 for x in lignes if x["gravite"] == g and not x["ecart"])
            for g in ("bloquant", "alerte", "conseil")
        }
        detail = ", ".join(f"{n} {accorder(n, gravite)}" for gravite, n in comptes.items())
        ecartes = sum(1 for x in lignes if x["ecart"])
        suite = f" ; {ecartes} {accorder(ecartes, 'écart justifié')}" if ecartes else ""
        self.stdout.write(f"Au {le.isoformat()} : {detail}{suite}.")


def constats(conformite: Conformite, le: date) -> Iterator[dict[str, Any]]:
    """Un dictionnaire par constat : d'abord l'organisme (`fiche` vaut `None`), puis chaque fiche, hors archives."""
    for constat in conformite.constats_organisme(le):
        yield ligne(constat)
    for fiche, bilan in conformite.registre(le):
        for constat in bilan.constats:
            yield ligne(constat, fiche)
        for ecarte in bilan.ecartes:
            yield ligne(ecarte.constat, fiche, dict(ecarte.ecart))


def ligne(
    constat: Constat, fiche: dict[str, Any] | None = None, ecart: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "fiche": fiche["reference"] if fiche else None,
        "intitule": fiche["intitule"] if fiche else None,
        "code": constat.code,
        "gravite": constat.gravite,
        "exigence": constat.exigence,
        "chemin": constat.chemin,
        "champ": chemin_lisible(constat.chemin),
        "valeur": constat.valeur,
        "message": constat.message,
        "source": constat.source,
        "marque": constat.marque,
        "ecartable": constat.ecartable,
        "ecart": ecart and {nom: ecart[nom] for nom in ("raison", "pose_le", "fin", "pose_par")},
        "date": constat.le.isoformat(),
        "referentiels": version_en_service(),
    }
