from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from conservation.depart import ReleveImpossible
from conservation.models import DureeConservation
from organismes.models import Organisme
from organismes.portee import dans
from registre.execution.releves import consigner, examen, relever
from registre.execution.sources import source_de
from registre.execution.sources.demande import Releve, SourceRefusee
from registre.execution.sources.demande import filtre as lire_filtre
from registre.execution.sources.requete import lire as lire_requete
from registre.fiche.enregistrement import Refus
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.duree import trouver_duree
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from traitements.models import Traitement


class Command(Commande):
    help = (
        "Compte, sans rien écrire dans la source, les lignes qu'une durée dit ne plus devoir être là. N'en garde que des "
        "chiffres. PostgreSQL, MySQL, MariaDB : RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE dans l'environnement, d'un compte qui "
        "ne sait que lire."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--duree", required=True, help="TR-002#3, ou l'identifiant de la durée")
        parser.add_argument(
            "--source",
            required=True,
            help="FICHIER.csv, sqlite:///base.db, postgresql://hôte/base, mysql://hôte/base ou mariadb://hôte/base",
        )
        parser.add_argument(
            "--table", default="", help="la table ou la vue d'une base, avec son schéma au besoin"
        )
        parser.add_argument(
            "--requete",
            type=Path,
            help="FICHIER.sql au lieu d'une table : un SELECT qui rend une clé et une date",
        )
        parser.add_argument(
            "--colonne-date",
            default="",
            help="la date d'où court la durée ; la seconde colonne d'une requête",
        )
        parser.add_argument(
            "--filtre",
            action="append",
            default=[],
            help="colonne=valeur, colonne!=valeur, « colonne est vide » ; gardé au registre",
        )
        parser.add_argument(
            "--au", type=jour, help="jour de l'extraction, AAAA-MM-JJ ; aujourd'hui par défaut"
        )
        parser.add_argument("--simuler", action="store_true", help="compte et n'enregistre rien")

    def handle(self, *, organisme, duree, source, au, simuler, **options):
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        if le > timezone.localdate() and not simuler:
            raise CommandError("Un relevé se consigne une fois fait : cette date est à venir.", returncode=2)
        lecteur, quoi = lisible(source, **options)
        fiche, numero = designee(duree, cible)
        try:
            with dans(cible):
                examen_ = examen(fiche, numero, le)
                self.stdout.write(f"{fiche.reference}#{numero} : {examen_.phrase}")
                demande = examen_.demande(source, **quoi)
                releve = relever(lecteur.compter, demande)
                self.dire(releve, demande.limite)
                if simuler:
                    self.stdout.write("Simulation : rien n'est écrit.")
                else:
                    faite = consigner(examen_, demande, releve, auteur=COMMANDE)
                    self.stdout.write(f"relevé consigné : {faite.pk}")
        except (ReleveImpossible, SourceRefusee) as refus:
            raise CommandError(str(refus)) from None
        except Refus as refus:
            raise CommandError(" ".join(m for messages in refus.erreurs.values() for m in messages)) from None

    def dire(self, releve: Releve, limite: date) -> None:
        compte = releve.compte
        self.stdout.write(f"source : {releve.source}")
        self.stdout.write(f"limite : {limite.isoformat()}")
        self.stdout.write(f"examinées : {compte.examinees}")
        self.stdout.write(f"en retard : {compte.en_retard}")
        self.stdout.write(f"sans date : {compte.sans_date}")
        self.stdout.write(f"empreinte : {releve.sha256}")


def lisible(
    source: str, *, table: str, colonne_date: str, filtre: list[str], requete: Path | None = None, **_: Any
) -> tuple[ModuleType, dict[str, Any]]:
    """Qui lit cette source, et ce qu'on lui demande. Lève `CommandError`, code 2 : la ligne se contredit."""
    try:
        lecteur = source_de(source)
        if raison := _contradiction(lecteur, table, colonne_date, filtre, requete):
            raise SourceRefusee(raison)
        return lecteur, {
            "colonne": colonne_date,
            "table": table,
            "filtres": tuple(lire_filtre(texte) for texte in filtre),
            "requete": lire_requete(requete) if requete else None,
        }
    except SourceRefusee as refus:
        raise CommandError(str(refus), returncode=2) from None


def _contradiction(
    lecteur: ModuleType, table: str, colonne: str, filtres: list[str], requete: Path | None
) -> str:
    if not lecteur.TABLE and (table or requete):
        return "Un fichier n'a pas de table, et ne se lit pas par requête."
    if lecteur.TABLE and bool(table) is bool(requete):
        return "Une base se lit par table ou par requête : donnez --table, ou bien --requete."
    if requete and filtres:
        return "Une requête porte ses conditions elle-même : ôtez --filtre."
    return "" if colonne or requete else "Donnez --colonne-date : la date d'où court la durée."


def designee(texte: str, organisme: Organisme) -> tuple[Traitement, int]:
    """La fiche et le numéro de la durée : par son identifiant, sinon par « TR-002#3 ». Lève `CommandError`."""
    try:
        identifiant = UUID(texte)
    except ValueError:
        return trouver_duree(texte, organisme)
    with dans(organisme):
        lue = DureeConservation.objects.filter(pk=identifiant).select_related("traitement").first()
    if lue is None:
        raise CommandError("Cet organisme n'a pas de durée de cet identifiant.")
    return lue.traitement, lue.numero
