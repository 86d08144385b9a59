import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.core.management.base import CommandError

from organismes.portee import dans
from registre.execution.categories import Trouvees, trouvees
from registre.portes.management.commande import Commande
from registre.portes.management.organisme import trouver_organisme
from traitements.models import Traitement

SQLITE = "sqlite:///"
AUTRES = (
    "Une autre base donne ses noms par « SELECT column_name FROM information_schema.columns WHERE table_name = '…' » : "
    "passez-les à --colonnes."
)


class Command(Commande):
    help = (
        "Confronte les noms des colonnes d'une table ou d'un fichier aux catégories que la fiche déclare. Ne lit aucune valeur, "
        "n'écrit rien. " + AUTRES
    )

    def add_arguments(self, parser):
        parser.add_argument("--organisme", required=True, help="identifiant, SIREN ou raison sociale exacte")
        parser.add_argument("--fiche", required=True, help="la référence de la fiche : TR-002")
        parser.add_argument("--source", default="", help="FICHIER.csv ou sqlite:///base.db")
        parser.add_argument("--table", default="", help="la table d'une base SQLite")
        parser.add_argument(
            "--colonnes", default="", help="les noms eux-mêmes, séparés par des virgules ou des lignes"
        )

    def handle(self, *, organisme, fiche, source, table, colonnes, **options):
        if bool(source) is bool(colonnes):
            raise CommandError("Donnez --source, ou bien --colonnes.", returncode=2)
        noms = noms_de(source, table) if source else colonnes.replace("\n", ",").split(",")
        with dans(trouver_organisme(organisme)):
            lue = Traitement.objects.filter(reference=fiche).first()
            if lue is None:
                raise CommandError(f"Aucune fiche de cet organisme ne porte la référence {fiche}.")
            self.dire(trouvees(lue, noms))

    def dire(self, lu: Trouvees) -> None:
        for colonne, siennes, aussi in lu.non_declarees:
            dit = "catégorie non déclarée" if aussi else "aucune catégorie déclarée"
            self.stdout.write(f"colonne `{colonne}` : {dit} ({siennes})")
        for categorie in lu.sans_colonne:
            self.stdout.write(f"catégorie déclarée {categorie} : aucune colonne")
        for colonne, siennes in lu.declarees:
            self.stdout.write(f"colonne `{colonne}` : {siennes}")
        for titre, liste in (
            ("à regarder (nom non reconnu)", lu.constatees.inconnues),
            ("texte libre, non examiné", lu.constatees.libres),
        ):
            if liste:
                self.stdout.write(f"{titre} : {', '.join(f'`{c}`' for c in liste)}")
        self.stdout.write(lu.constatees.examine)


def noms_de(source: str, table: str) -> list[str]:
    """Les noms des colonnes, et rien d'autre. Lève `CommandError`, sans citer l'adresse : elle peut porter un secret."""
    try:
        if source.startswith(SQLITE):
            return _d_une_table(Path(source.removeprefix(SQLITE)), table)
        if "://" in source:
            raise CommandError(AUTRES, returncode=2)
        with Path(source).open(encoding="utf-8-sig", errors="replace", newline="") as fichier:
            premiere = fichier.readline(1 << 16)
        dialecte = max(";,\t|", key=premiere.count)
        return next(csv.reader([premiere], delimiter=dialecte), [])
    except (OSError, ValueError, csv.Error, sqlite3.Error):
        raise CommandError("Cette source ne se lit pas : ni un CSV, ni une base SQLite.") from None


def _d_une_table(chemin: Path, table: str) -> list[str]:
    if not chemin.is_file():
        raise CommandError("Cette base n'existe pas ; un chemin absolu s'écrit sqlite:////chemin/base.db.")
    with closing(sqlite3.connect(f"file:{quote(str(chemin))}?mode=ro", uri=True)) as base:
        noms = [nom for (nom,) in base.execute("SELECT name FROM pragma_table_xinfo(?)", [table])]
    if not noms:
        raise CommandError(f"Cette base n'a pas de table « {table} ».")
    return noms
