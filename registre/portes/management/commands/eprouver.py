import textwrap
from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import CommandError

from conservation.anonymat.epreuve import EFFECTIF, EpreuveImpossible
from conservation.anonymat.seuils import SeuilRefuse, lire_seuils
from conservation.choix import DonneesOrigine, LigneEprouvee
from conservation.models import Epreuve
from isolement.refus import FichierRefuse
from organismes.portee import dans
from registre.execution.epreuves.feuille import feuille
from registre.execution.epreuves.service import conclure_epreuve, enregistrer, lire_roles, mesurer
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
        raise ArgumentTypeError(str(refus).removesuffix(".")) from None
    return nom, role


class Command(Commande):
    help = "Mesure l'anonymat d'un CSV, d'un XLSX ou d'un ODS, qui n'est jamais gardé, et consigne le résultat sur une durée."

    def add_arguments(self, parser):
        parser.add_argument("fichier", type=Path, help="le CSV, le XLSX ou l'ODS à mesurer")
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
            help="identifiant, quasi, sensible ou autre ; effectif, somme ou maximum dans un tableau d'effectifs ; une colonne que l'on "
            "ne nomme pas compte comme quasi, et aucun rôle n'exempte une colonne",
        )
        parser.add_argument(
            "--ligne",
            choices=LigneEprouvee.values,
            default="",
            help="ce que décrit une ligne : sans réponse, k ne compte que des lignes",
        )
        parser.add_argument(
            "--donnees-origine",
            choices=DonneesOrigine.values,
            default="",
            help="gardez-vous les données d'origine ? sans réponse, l'épreuve ne conclut pas",
        )
        parser.add_argument("--second", type=Path, help="un fichier avec lequel chercher des rapprochements")
        parser.add_argument(
            "--k", type=int, default=5, help="lignes de la plus petite classe (5 ; 3 au moins)"
        )
        parser.add_argument(
            "--l", type=int, default=2, help="valeurs à ne pas déduire distinctes par classe (2 ; 2 au moins)"
        )
        parser.add_argument("--t", default="0.3", help="écart toléré des répartitions (0.3 ; 0.5 au plus)")
        parser.add_argument("--simuler", action="store_true", help="mesure sans rien consigner")

    def handle(self, *, fichier, organisme, duree, **options):
        cible = trouver_organisme(organisme)
        fiche, numero = trouver_duree(duree, cible)
        try:
            seuils = lire_seuils(options["k"], options["l"], options["t"])
        except SeuilRefuse as refus:
            raise CommandError(str(refus), returncode=2) from None
        with dans(cible):
            try:
                epreuve = self.eprouver(fichier, fiche, numero, seuils, options)
                if not options["simuler"]:
                    enregistrer(epreuve, auteur=COMMANDE)
            except (EpreuveImpossible, FichierRefuse, Refus) as refus:
                raise CommandError(str(refus)) from None
            self.dire(epreuve, consignee=not options["simuler"])

    def eprouver(self, fichier, fiche, numero, seuils, options) -> Epreuve:
        roles = dict(options["colonne"])
        ligne = options["ligne"] or (LigneEprouvee.GROUPE if EFFECTIF in roles.values() else "")
        mesure = mesurer(
            fichier,
            fichier.name,
            ligne=ligne,
            seuils=seuils,
            second=options["second"],
            roles=roles,
            page=False,
        )
        return conclure_epreuve(
            mesure, fiche=fiche, regle=numero, roles=roles, origine=options["donnees_origine"]
        )

    def dire(self, epreuve: Epreuve, *, consignee: bool) -> None:
        lue = feuille(epreuve)
        self.stdout.write(f"{epreuve.traitement.reference} · {lue.dit} · {lue.conclusion.titre}.")
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
