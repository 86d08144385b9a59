from django.core.management.base import CommandError

from registre.execution import prereglages
from registre.execution.prereglages import SOURCES, Mesure, Outil, PrereglageInvalide
from registre.portes.management.commande import Commande


class Command(Commande):
    help = "Pour un outil courant : où sont les dates, ce qu'elles disent, ce qui en a été vérifié, et la ligne à lancer."

    def add_arguments(self, parser):
        parser.add_argument(
            "outil", nargs="?", help="prestashop, woocommerce, dolibarr… ; sans nom, la liste"
        )

    def handle(self, *, outil: str | None, **options):
        try:
            if outil is None:
                for o in prereglages.outils():
                    self.stdout.write(f"{o.code} : {o.nom} ({SOURCES[o.source]}), {len(o.mesures)} mesures")
            else:
                self.decrire(prereglages.outil(outil))
        except PrereglageInvalide as refus:
            raise CommandError(str(refus)) from None

    def decrire(self, lu: Outil) -> None:
        self.stdout.write(f"{lu.nom}, {SOURCES[lu.source]}, lu le {lu.lu_le:%d/%m/%Y}")
        for reserve in lu.reserves:
            self.stdout.write(f"- {reserve}")
        for m in lu.mesures:
            self.stdout.write(f"\n{lu.code}/{m.code} : {m.libelle}")
            self.stdout.write(f"  durées : {', '.join(m.durees)} ; {'exacte' if m.exacte else 'approchée'}")
            self.stdout.write(f"  {m.dit}")
            self.stdout.write(f"  {m.marque} : {m.ou}")
            self.stdout.write(f"  {_lieu(lu, m)}")


def _lieu(lu: Outil, m: Mesure) -> str:
    """Où chercher, tel qu'on le donne à `relever`."""
    filtres = "".join(f' --filtre "{f}"' for f in m.filtres)
    if m.requete:
        return f"requête (une clé, une date) : {lu.requete(m)}"
    if m.fichier:
        return f'{m.fichier} : --colonne-date "{m.colonne}"{filtres}'
    return f'--table "{lu.table(m)}" --colonne-date "{m.colonne}"{filtres}'
