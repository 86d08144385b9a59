import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone

from conservation.dates_ecrites import ORDINAIRE, Format, LectureImpossible, lecture_de
from conservation.depart import ReleveImpossible
from conservation.models import DureeConservation, PlanReleve
from conservation.models_plans import IDENTIFIANTS as MOTIF_IDENTIFIANTS
from organismes.models import Organisme
from organismes.portee import dans
from registre.execution.plans import durees_du_plan
from registre.execution.prereglages import PrereglageInvalide, mesure
from registre.execution.purge.dialectes import Forme, PurgeImpossible
from registre.execution.purge.duree import Lieu, base_de, sql_de
from registre.execution.purge.sql import effacement
from registre.execution.releves import examens, relever
from registre.execution.sources import source_de
from registre.execution.sources.demande import (
    IDENTIFIANTS,
    DemandeDeReleve,
    Regard,
    SourceRefusee,
)
from registre.execution.sources.demande import filtre as lire_filtre
from registre.execution.sources.fichier import a_des_feuilles
from registre.execution.sources.requete import lire as lire_requete
from registre.fiche.enregistrement import Refus
from registre.portes.management.commande import Commande
from registre.portes.management.compte_rendu import CompteRendu
from registre.portes.management.duree import trouver_duree
from registre.portes.management.jour import jour
from registre.portes.management.organisme import trouver_organisme
from registre.portes.management.plans import Releveur, plans_designes, uuid_de
from registre.portes.management.regard import dit, dit_en_json
from traitements.models import Traitement
from traitements.phrases import compte

DU_PLAN = (
    "table",
    "requete",
    "colonne_date",
    "format",
    "filtre",
    "preset",
    "apercu",
    "sql_purge",
    "garder_plan",
)
SANS_TABLE = (
    "Le SQL d'une purge s'écrit sur une table : donnez --table et sa colonne. D'une requête, Registre ne sait pas quelles lignes "
    "retirer, ni de quelles tables ; sa clé les désigne, à qui tient la base de l'écrire."
)


class Command(Commande):
    help = (
        "Compte, sans rien écrire dans la source, les lignes qu'une durée dit ne plus devoir être là. N'en garde que des "
        "chiffres. PostgreSQL, MySQL, MariaDB : RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE dans l'environnement, d'un compte qui "
        "ne sait que lire."
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisme", default="", help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument(
            "--duree",
            action="append",
            default=[],
            help="TR-002#3, ou l'identifiant de la durée ; répétable, sur une même fiche et d'un même départ",
        )
        parser.add_argument(
            "--plan", default="", help="refait un plan de relevé tel quel : son nom ou son identifiant"
        )
        parser.add_argument(
            "--tous-les-plans",
            action="store_true",
            help="refait tous les plans actifs de l'organisme, ou de l'instance sans --organisme",
        )
        parser.add_argument("--fichier", default="", help="avec --plan : où est le fichier que lit le plan")
        parser.add_argument(
            "--garder-plan", default="", metavar="NOM", help="garde ce relevé pour plan, sous ce nom"
        )
        parser.add_argument(
            "--identifiants",
            default=IDENTIFIANTS,
            metavar="RELEVE_…",
            help="le début du nom des variables d'environnement qui portent le compte : RELEVE_BOUTIQUE lit "
            "RELEVE_BOUTIQUE_UTILISATEUR et RELEVE_BOUTIQUE_MOT_DE_PASSE",
        )
        parser.add_argument(
            "--source",
            default="",
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
            "--au",
            type=jour,
            help="jour de l'extraction, AAAA-MM-JJ ; aujourd'hui par défaut, ou le jour où a été écrit le fichier que lit un plan",
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

    def handle(self, *, source, **options):
        if options["plan"] or options["tous_les_plans"]:
            self.refaire(source, **options)
            return
        if not source:
            raise CommandError("Donnez --source, ou --plan.", returncode=2)
        if not re.match(MOTIF_IDENTIFIANTS, options["identifiants"]):
            raise CommandError("--identifiants s'écrit RELEVE, ou RELEVE_BOUTIQUE.", returncode=2)
        if options["apercu"]:
            self.regarder(source, options.pop("au") or timezone.localdate(), **options)
            return
        if not (options["organisme"] and options["duree"]):
            raise CommandError("Donnez --organisme et --duree, ou --apercu.", returncode=2)
        self.relever(source, **options)

    def relever(
        self,
        source: str,
        *,
        organisme: str,
        duree: str | Sequence[str],
        au: date | None,
        simuler: bool,
        **options: Any,
    ) -> None:
        cible, le = trouver_organisme(organisme), au or timezone.localdate()
        exiger_un_jour_passe(le, simuler)
        if simuler and options["garder_plan"]:
            raise CommandError("Une simulation n'écrit rien : elle ne garde pas de plan.", returncode=2)
        if options["preset"]:
            options |= prereglee(**options)
        lecteur, quoi = lisible(source, **options)
        fiche, numeros = designees(duree, cible)
        if options["sql_purge"]:
            self.imprimer_sql(cible, fiche, numeros, le, lieu_de(source, quoi), options)
            return
        try:
            with dans(cible):
                voulus = examens(fiche, numeros, le)
                demandes = [e.demande(source, **quoi) for e in voulus]
                lus = [relever(lecteur.compter, d, regard_de(lecteur, d, le)) for d in demandes]
                compte_rendu = CompteRendu(self.stdout, simuler)
                compte_rendu.signer(voulus, demandes, lus, nom=options["garder_plan"])
        except (ReleveImpossible, SourceRefusee) as refus:
            raise CommandError(str(refus)) from None
        except Refus as refus:
            raise CommandError(refus.phrases) from None

    def refaire(
        self,
        source: str,
        *,
        organisme: str,
        plan: str,
        fichier: str,
        duree: str | Sequence[str],
        au: date | None,
        simuler: bool,
        **options: Any,
    ) -> None:
        """Refait un plan, ou tous, sans rien demander. Code 1 si l'un n'a pas été relevé, ou pas en entier ; les autres le sont.

        `source` et `duree` ne peuvent que redire ce que le plan dit.
        """
        if any(options[nom] for nom in DU_PLAN) or (source and fichier):
            raise CommandError(
                "Un plan dit lui-même ce qu'il lit : n'ajoutez que --fichier et --au.", returncode=2
            )
        fichier = fichier or source
        if bool(plan) is options["tous_les_plans"] or ((fichier or duree) and not plan):
            raise CommandError(
                "Donnez --plan, avec --fichier au besoin, ou --tous-les-plans seul.", returncode=2
            )
        exiger_un_jour_passe(au or timezone.localdate(), simuler)
        reprise, refuses = Releveur(CompteRendu(self.stdout, simuler), self.stderr, fichier, au), 0
        for designe in plans_designes(plan, organisme):
            if duree:
                exiger_ses_durees(designe, *designees(duree, designe.organisme))
            with dans(designe.organisme):
                refuses += not (reprise.refaire(designe) if plan else reprise.tenter(designe))
        if refuses:
            raise CommandError(f"{compte(refuses, 'plan')} à revoir : voyez les lignes ci-dessus.")

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

    def imprimer_sql(self, organisme, fiche, numeros: Sequence[int], le, lieu: Lieu, options) -> None:
        """Le texte seul sur la sortie : un fichier où on le redirige a l'empreinte que dit la sortie d'erreur."""
        if len(numeros) > 1:
            raise CommandError("Le SQL d'une purge s'écrit pour une durée à la fois.", returncode=2)
        try:
            effacer = tuple(effacement(texte) for texte in options["effacer"])
            with dans(organisme):
                ecrit = sql_de(
                    fiche, numeros[0], le, base_de(lieu.adresse), lieu, effacer, options["forme_date"]
                )
        except (ReleveImpossible, PurgeImpossible) as refus:
            raise CommandError(str(refus)) from None
        self.stdout.write(ecrit.texte, ending="")
        self.stderr.write(f"Rien n'est exécuté. Empreinte SHA-256 : {ecrit.sha256}")


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
    identifiants: str = IDENTIFIANTS,
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
            "identifiants": identifiants,
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


def exiger_ses_durees(plan: PlanReleve, fiche: Traitement, numeros: Sequence[int]) -> None:
    with dans(plan.organisme):
        siennes = {d.numero for d in durees_du_plan(plan)}
    if fiche.pk != plan.traitement_id or set(numeros) != siennes:
        raise CommandError(f"Le plan « {plan.nom} » ne compte pas ces durées : ôtez --duree.", returncode=2)


def exiger_un_jour_passe(le: date, simuler: bool) -> None:
    if le > timezone.localdate() and not simuler:
        raise CommandError("Un relevé se consigne une fois fait : cette date est à venir.", returncode=2)


def lieu_de(source: str, quoi: dict[str, Any]) -> Lieu:
    """Où purger. Lève `CommandError` pour une requête."""
    if quoi["requete"]:
        raise CommandError(SANS_TABLE, returncode=2)
    return Lieu(source, quoi["table"], quoi["colonne"], quoi["filtres"])


def designees(textes: str | Sequence[str], organisme: Organisme) -> tuple[Traitement, list[int]]:
    """La fiche et les numéros de ses durées. Lève `CommandError`."""
    lues = [designee(texte, organisme) for texte in ([textes] if isinstance(textes, str) else textes)]
    if len({fiche.pk for fiche, _ in lues}) > 1:
        raise CommandError("Les durées d'un relevé sont d'une même fiche.", returncode=2)
    return lues[0][0], [numero for _, numero in lues]


def designee(texte: str, organisme: Organisme) -> tuple[Traitement, int]:
    """La fiche et le numéro de la durée : par son identifiant, sinon par « TR-002#3 ». Lève `CommandError`."""
    if (identifiant := uuid_de(texte)) is None:
        return trouver_duree(texte, organisme)
    with dans(organisme):
        lue = DureeConservation.objects.filter(pk=identifiant).select_related("traitement").first()
    if lue is None:
        raise CommandError("Cet organisme n'a pas de durée de cet identifiant.")
    return lue.traitement, lue.numero
