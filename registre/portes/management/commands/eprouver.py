import textwrap
from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import CommandError

from conservation.models import Epreuve
from isolement.refus import FichierRefuse
from organismes.portee import dans
from registre.execution.epreuves.feuille import feuille
from registre.execution.epreuves.service import enregistrer, lire_roles, lire_seuils, preparer
from registre.fiche.enregistrement import Refus
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.duree import trouver_duree
from registre.portes.management.organisme import trouver_organisme


def colonne(texte: str) -> tuple[str, str]:
    """« ville=quasi »."""
    try:
        ((nom, role),) = lire_roles([texte]).items()
    except FichierRefuse as refus:
        raise ArgumentTypeError(str(refus)) from None
    return nom, role


class Command(Commande):
    help = "Mesure l'anonymat d'un CSV ou d'un XLSX, qui n'est jamais gardé, et consigne le résultat sur une durée."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le CSV ou le XLSX à mesurer")
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument(
            "--duree", required=True, help="TR-004#2 : référence de la fiche, numéro de la durée"
        )
        parser.add_argument(
            "--colonne",
            action="append",
            type=colonne,
            default=[],
            metavar="NOM=ROLE",
            help="identifiant, quasi, sensible ou autre ; une colonne que l'on ne nomme pas compte comme quasi",
        )
        parser.add_argument("--second", type=Path, help="un fichier avec lequel chercher des rapprochements")
        parser.add_argument("--k", type=int, default=5, help="lignes de la plus petite classe (5)")
        parser.add_argument("--l", type=int, default=2, help="valeurs sensibles distinctes par classe (2)")
        parser.add_argument("--t", default="0.3", help="écart toléré des répartitions (0.3)")
        parser.add_argument("--simuler", action="store_true", help="mesure sans rien consigner")

    def handle(self, *, fichier, organisme, duree, second, **options):
        cible = trouver_organisme(organisme)
        fiche, numero = trouver_duree(duree, cible)
        try:
            seuils = lire_seuils(options["k"], options["l"], options["t"])
        except FichierRefuse as refus:
            raise CommandError(str(refus), returncode=2) from None
        with dans(cible):
            try:
                epreuve = preparer(
                    fichier,
                    fichier.name,
                    fiche=fiche,
                    regle=numero,
                    roles=dict(options["colonne"]),
                    seuils=seuils,
                    second=second,
                )
                if not options["simuler"]:
                    enregistrer(epreuve, auteur=COMMANDE)
            except (FichierRefuse, Refus) as refus:
                raise CommandError(str(refus)) from None
            self.dire(epreuve, consignee=not options["simuler"])

    def dire(self, epreuve: Epreuve, *, consignee: bool) -> None:
        lue = feuille(epreuve)
        self.stdout.write(f"{epreuve.traitement.reference} · {lue.conclusion.titre}.")
        self.dire_liste("Motifs", lue.conclusion.motifs)
        self.dire_liste("Réserves", lue.conclusion.reserves)
        for section in lue.sections:
            self.stdout.write(f"\n{section.titre}")
            for nom, valeur in section.lignes:
                self.stdout.write(f"  {nom} : {valeur}")
        self.dire_liste("Limites", lue.limites)
        self.stdout.write(
            f"\nÉpreuve consignée : {epreuve.pk}" if consignee else "\nSimulation : rien n'est consigné."
        )

    def dire_liste(self, titre: str, phrases: tuple[str, ...]) -> None:
        if phrases:
            self.stdout.write(f"\n{titre}")
        for phrase in phrases:
            self.stdout.write(textwrap.fill(phrase, 118, initial_indent="  - ", subsequent_indent="    "))
