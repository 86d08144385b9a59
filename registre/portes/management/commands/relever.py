from datetime import date
from uuid import UUID

from django.core.management.base import CommandError
from django.utils import timezone

from conservation.depart import ReleveImpossible
from conservation.models import DureeConservation
from organismes.models import Organisme
from organismes.portee import dans
from registre.execution.prereglages import PrereglageInvalide, mesure
from registre.execution.purge.dialectes import Forme, PurgeImpossible
from registre.execution.purge.duree import Lieu, base_de, sql_de
from registre.execution.purge.sql import effacement
from registre.execution.releves import consigner, examen, relever
from registre.execution.sources import source_de
from registre.execution.sources.demande import Releve, SourceRefusee, filtre
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
        "chiffres. PostgreSQL : RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE (ou PGUSER et PGPASSWORD) dans l'environnement."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--duree", required=True, help="TR-002#3, ou l'identifiant de la durée")
        parser.add_argument(
            "--source", required=True, help="FICHIER.csv, sqlite:///base.db ou postgresql://hôte/base"
        )
        parser.add_argument(
            "--table", default="", help="la table ou la vue d'une base, avec son schéma au besoin"
        )
        parser.add_argument("--colonne-date", default="", help="la date d'où court la durée")
        parser.add_argument(
            "--preset",
            default="",
            help="prestashop/factures : la table, la colonne et les filtres d'un outil (commande « prereglages »)",
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
        parser.add_argument(
            "--sql-purge",
            action="store_true",
            help="imprime le SQL de la purge, sans rien compter ni exécuter",
        )
        parser.add_argument(
            "--forme-date",
            choices=[f.value for f in Forme],
            help="comment la colonne range ses dates (SQL de purge)",
        )
        parser.add_argument(
            "--effacer",
            action="append",
            default=[],
            help="colonne à vider au lieu de supprimer la ligne : « email », « email= », « nom=Anonyme » (SQL de purge)",
        )

    def handle(self, *, organisme, duree, source, table, colonne_date, au, simuler, **options):
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        if le > timezone.localdate() and not simuler:
            raise CommandError("Un relevé se consigne une fois fait : cette date est à venir.", returncode=2)
        table, colonne_date, options["filtre"] = regles(table, colonne_date, **options)
        try:
            lecteur = source_de(source)
            if bool(table) is not lecteur.TABLE:
                raise CommandError(
                    "Une base se lit par table : donnez --table."
                    if lecteur.TABLE
                    else "Un CSV n'a pas de table.",
                    returncode=2,
                )
            filtres = tuple(filtre(texte) for texte in options["filtre"])
        except SourceRefusee as refus:
            raise CommandError(str(refus), returncode=2) from None
        fiche, numero = designee(duree, cible)
        if options["sql_purge"]:
            self.imprimer_sql(cible, fiche, numero, le, Lieu(source, table, colonne_date, filtres), options)
            return
        try:
            with dans(cible):
                examen_ = examen(fiche, numero, le)
                self.stdout.write(f"{fiche.reference}#{numero} : {examen_.phrase}")
                demande = examen_.demande(source, colonne_date, table, filtres)
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

    def imprimer_sql(self, organisme, fiche, numero, le, lieu: Lieu, options) -> None:
        """Le texte seul sur la sortie : un fichier où on le redirige a l'empreinte que dit la sortie d'erreur."""
        try:
            effacer = tuple(effacement(texte) for texte in options["effacer"])
            with dans(organisme):
                ecrit = sql_de(fiche, numero, le, base_de(lieu.adresse), lieu, effacer, options["forme_date"])
        except (ReleveImpossible, PurgeImpossible) as refus:
            raise CommandError(str(refus)) from None
        self.stdout.write(ecrit.texte, ending="")
        self.stderr.write(f"Rien n'est exécuté. Empreinte SHA-256 : {ecrit.sha256}")

    def dire(self, releve: Releve, limite: date) -> None:
        compte = releve.compte
        self.stdout.write(f"source : {releve.source}")
        self.stdout.write(f"limite : {limite.isoformat()}")
        self.stdout.write(f"examinées : {compte.examinees}")
        self.stdout.write(f"en retard : {compte.en_retard}")
        self.stdout.write(f"sans date : {compte.sans_date}")
        self.stdout.write(f"empreinte : {releve.sha256}")


def regles(
    table: str, colonne: str, *, preset: str = "", filtre: list[str], **_
) -> tuple[str, str, list[str]]:
    """La table, la colonne et les filtres, ceux du préréglage à défaut d'être donnés. Lève `CommandError`."""
    if preset:
        try:
            outil, m = mesure(preset)
        except PrereglageInvalide as refus:
            raise CommandError(str(refus), returncode=2) from None
        if m.requete:
            raise CommandError(
                f"{preset} se lit par requête, et non par table : « prereglages {outil.code} ».", returncode=2
            )
        table, colonne = table or outil.table(m), colonne or m.colonne
        filtre = filtre or [str(f) for f in m.filtres]
    if not colonne:
        raise CommandError("Donnez --colonne-date, ou un --preset.", returncode=2)
    return table, colonne, filtre


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
