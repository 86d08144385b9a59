from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from conservation.dates_ecrites import ORDINAIRE, Format, LectureImpossible, lecture_de
from conservation.depart import ReleveImpossible
from conservation.models import DureeConservation, Operation
from organismes.models import Organisme
from organismes.portee import dans
from registre.execution.portee_operation import conclusions
from registre.execution.prereglages import PrereglageInvalide, mesure
from registre.execution.purge.dialectes import Forme, PurgeImpossible
from registre.execution.purge.duree import Lieu, base_de, sql_de
from registre.execution.purge.sql import effacement
from registre.execution.releves import consigner, examen, relever
from registre.execution.sources import source_de
from registre.execution.sources.demande import DemandeDeReleve, Regard, Releve, SourceRefusee
from registre.execution.sources.demande import filtre as lire_filtre
from registre.execution.sources.fichier import a_des_feuilles
from registre.execution.sources.requete import lire as lire_requete
from registre.fiche.enregistrement import Refus
from registre.portes.management.auteur import COMMANDE
from registre.portes.management.commande import Commande
from registre.portes.management.duree import trouver_duree
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from registre.portes.management.regard import dit, dit_en_json
from traitements.models import Traitement


class Command(Commande):
    help = (
        "Compte, sans rien écrire dans la source, les lignes qu'une durée dit ne plus devoir être là. N'en garde que des "
        "chiffres. PostgreSQL, MySQL, MariaDB : RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE dans l'environnement, d'un compte qui "
        "ne sait que lire."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisme", default="", help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--duree", default="", help="TR-002#3, ou l'identifiant de la durée")
        parser.add_argument(
            "--source",
            required=True,
            help="FICHIER.csv, .xlsx ou .ods, sqlite:///base.db, postgresql://hôte/base, mysql://hôte/base ou mariadb://hôte/base",
        )
        parser.add_argument(
            "--table",
            default="",
            help="la table ou la vue d'une base, avec son schéma au besoin ; la feuille d'un classeur",
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
            "--format",
            action="append",
            default=[],
            help=f"comment les dates s'écrivent, répétable : {', '.join(Format)} ; sans lui : {', '.join(ORDINAIRE.codes)}",
        )
        parser.add_argument(
            "--apercu",
            action="store_true",
            help="dit ce que porte chaque colonne, sans compter ni rien écrire",
        )
        parser.add_argument("--json", action="store_true", help="l'aperçu en JSON")
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

    def handle(self, *, organisme, duree, source, au, simuler, **options):
        if options["apercu"]:
            return self.regarder(source, au or timezone.localdate(), **options)
        if not (organisme and duree):
            raise CommandError("Donnez --organisme et --duree, ou --apercu.", returncode=2)
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        if le > timezone.localdate() and not simuler:
            raise CommandError("Un relevé se consigne une fois fait : cette date est à venir.", returncode=2)
        if options["preset"]:
            options |= prereglee(**options)
        lecteur, quoi = lisible(source, **options)
        fiche, numero = designee(duree, cible)
        if options["sql_purge"]:
            if quoi["requete"]:
                raise CommandError("Le SQL d'une purge s'écrit sur une table : donnez --table.", returncode=2)
            lieu = Lieu(source, quoi["table"], quoi["colonne"], quoi["filtres"])
            self.imprimer_sql(cible, fiche, numero, le, lieu, options)
            return
        try:
            with dans(cible):
                examen_ = examen(fiche, numero, le)
                self.stdout.write(f"{fiche.reference}#{numero} : {examen_.phrase}")
                demande = examen_.demande(source, **quoi)
                releve = relever(lecteur.compter, demande, regard_de(lecteur, demande, le))
                self.dire(releve, demande.limite)
                if simuler:
                    self.stdout.write("Simulation : rien n'est écrit.")
                else:
                    faite = consigner(examen_, demande, releve, auteur=COMMANDE)
                    self.stdout.write(f"relevé consigné : {faite.pk}")
                    self.conclure(faite)
        except (ReleveImpossible, SourceRefusee) as refus:
            raise CommandError(str(refus)) from None
        except Refus as refus:
            raise CommandError(" ".join(m for messages in refus.erreurs.values() for m in messages)) from None

    def regarder(
        self, source: str, le: date, *, table: str, colonne_date: str, json: bool, **options: Any
    ) -> None:
        """Le premier regard : ni organisme, ni durée, ni rien d'écrit."""
        lecteur, quoi = lisible(source, table=table, colonne_date=colonne_date, **options)
        demande = DemandeDeReleve(source, limite=le, le=le, secondes=settings.RELEVE_SECONDES, **quoi)
        try:
            regard = regard_de(lecteur, demande, le)()
        except SourceRefusee as refus:
            raise CommandError(str(refus)) from None
        voulue = regard.colonne(colonne_date)
        if colonne_date and voulue is None:
            raise CommandError(f"Cette source n'a pas de colonne « {colonne_date} ».")
        vues = [voulue] if voulue else list(regard.colonnes)
        self.stdout.write(dit_en_json(regard, vues) if json else "\n".join(dit(regard, vues)))

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

    def conclure(self, faite: Operation) -> None:
        """Ce que le registre en conclut, et pourquoi un relevé n'y change rien."""
        for conclue in conclusions(faite):
            if conclue.application:
                self.stdout.write(f"conclusion : {conclue.application.phrase}")
                for dit in conclue.application.sans_effet:
                    self.stdout.write(f"sans effet : {dit}")

    def dire(self, releve: Releve, limite: date) -> None:
        compte = releve.compte
        self.stdout.write(f"source : {releve.source}")
        if releve.feuille:
            self.stdout.write(f"feuille : {releve.feuille}")
        if releve.lignes_de_titre:
            self.stdout.write(f"au-dessus de l'en-tête, non comptées : {releve.lignes_de_titre}")
        self.stdout.write(f"lecture : {releve.lecture}")
        self.stdout.write(f"limite : {limite.isoformat()}")
        self.stdout.write(f"examinées : {compte.examinees}")
        self.stdout.write(f"en retard : {compte.en_retard}")
        self.stdout.write(f"sans date : {compte.sans_date}")
        for mot, nombre in (
            ("dont dates nulles", compte.nulles),
            ("dont illisibles", compte.illisibles),
            ("au 1er janvier 1970", compte.en_1970),
            ("à venir", compte.futures),
        ):
            if nombre:
                self.stdout.write(f"{mot} : {nombre}")
        self.stdout.write(f"empreinte : {releve.sha256}")


def regard_de(lecteur: ModuleType, demande: DemandeDeReleve, le: date) -> Callable[[], Regard]:
    """De quoi regarder cette source avant de la compter."""
    if lecteur.TABLE:
        return partial(lecteur.regarder, demande)
    return partial(lecteur.regarder, demande.adresse, le, demande.table)


def lisible(
    source: str,
    *,
    table: str,
    colonne_date: str,
    filtre: list[str],
    format: Sequence[str] = (),
    requete: Path | None = None,
    apercu: bool = False,
    **_: Any,
) -> tuple[ModuleType, dict[str, Any]]:
    """Qui lit cette source, et ce qu'on lui demande. Lève `CommandError`, code 2 : la ligne se contredit."""
    try:
        lecteur = source_de(source)
        if raison := _contradiction(lecteur, source, table, filtre, requete):
            raise SourceRefusee(raison)
        if not (colonne_date or requete or apercu):
            raise SourceRefusee("Donnez --colonne-date : la date d'où court la durée.")
        return lecteur, {
            "colonne": colonne_date,
            "table": table,
            "filtres": tuple(lire_filtre(texte) for texte in filtre),
            "requete": lire_requete(requete) if requete else None,
            "lecture": lecture_de(format) if format else ORDINAIRE,
        }
    except (SourceRefusee, LectureImpossible) as refus:
        raise CommandError(str(refus), returncode=2) from None


def _contradiction(
    lecteur: ModuleType, source: str, table: str, filtres: list[str], requete: Path | None
) -> str:
    if not lecteur.TABLE and (requete or (table and not a_des_feuilles(source))):
        return "Un CSV n'a pas de table, et un fichier ne se lit pas par requête."
    if lecteur.TABLE and bool(table) is bool(requete):
        return "Une base se lit par table ou par requête : donnez --table, ou bien --requete."
    if requete and filtres:
        return "Une requête porte ses conditions elle-même : ôtez --filtre."
    return ""


def prereglee(*, preset: str, table: str, colonne_date: str, filtre: list[str], **_: Any) -> dict[str, Any]:
    """La table, la colonne et les filtres du préréglage, à défaut d'être donnés. Lève `CommandError`."""
    try:
        outil, m = mesure(preset)
    except PrereglageInvalide as refus:
        raise CommandError(str(refus), returncode=2) from None
    if m.requete:
        raise CommandError(
            f"{preset} se lit par requête, et non par table : « prereglages {outil.code} ».", returncode=2
        )
    return {
        "table": table or outil.table(m),
        "colonne_date": colonne_date or m.colonne,
        "filtre": filtre or [str(f) for f in m.filtres],
    }


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
