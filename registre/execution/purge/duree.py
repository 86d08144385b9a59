"""De la durée d'une fiche au SQL qui l'applique : sa limite ce jour-là, sa phrase, ce que les données deviennent."""

from dataclasses import dataclass
from datetime import date

from conservation.durees import Suspension
from conservation.models import DureeConservation
from registre.execution.purge.dialectes import Base, Forme, PurgeImpossible
from registre.execution.purge.sql import Effacement, Purge, SqlDePurge, accorder_au_sort, ecrire
from registre.execution.releves import examen
from registre.execution.sources.demande import Filtre, SourceRefusee, filtre
from traitements.models import Traitement

ADRESSES = {
    "sqlite:": Base.SQLITE,
    "postgresql:": Base.POSTGRESQL,
    "postgres:": Base.POSTGRESQL,
    "mysql:": Base.MYSQL,
    "mariadb:": Base.MYSQL,
}


@dataclass(frozen=True)
class Lieu:
    """Où sont les lignes. `adresse` ne se recopie jamais dans le SQL : elle peut porter un compte."""

    adresse: str
    table: str
    colonne: str
    filtres: tuple[Filtre, ...] = ()


def base_de(adresse: str) -> Base:
    """La base d'une adresse de relevé. Lève `PurgeImpossible` pour un fichier."""
    trouvee = next((base for debut, base in ADRESSES.items() if adresse.startswith(debut)), None)
    if trouvee is None:
        raise PurgeImpossible("Un fichier ne se purge pas par du SQL : donnez l'adresse d'une base.")
    return trouvee


def sql_de(
    fiche: Traitement,
    numero: int,
    le: date,
    base: Base,
    lieu: Lieu,
    effacer: tuple[Effacement, ...] = (),
    forme: str | None = None,
) -> SqlDePurge:
    """S'emploie dans la portée de l'organisme. Lève `ReleveImpossible` (durée non chiffrée) et `PurgeImpossible`.

    Une suspension en cours garde ses dossiers : le filtre qui les ôte s'ajoute, et sans lui rien ne s'écrit.
    Sans forme dite : une date de la base, ou du texte AAAA-MM-JJ pour SQLite, qui n'a pas de type date.
    """
    vue = examen(fiche, numero, le)
    duree = DureeConservation.objects.get(traitement=fiche, numero=numero)
    accorder_au_sort(duree.sort_final, effacer)
    voulue = Forme(forme) if forme else _forme_usuelle(base)
    return ecrire(
        Purge(
            base=base,
            table=lieu.table,
            colonne=lieu.colonne,
            forme=voulue,
            limite=vue.limite,
            filtres=tuple(dict.fromkeys((*lieu.filtres, *_dossiers_gardes(duree, le)))),
            effacer=effacer,
            entete=(f"{fiche.reference}#{numero} : {vue.phrase}", f"au {le.isoformat()}"),
        )
    )


def _dossiers_gardes(duree: DureeConservation, le: date) -> tuple[Filtre, ...]:
    """Le filtre qui ôte les dossiers d'une suspension en cours (RGPD art. 17(3)(e)). Lève `PurgeImpossible` s'il n'y en a pas."""
    if duree.suspension_debut is None:
        return ()
    if not Suspension(duree.suspension_debut, duree.suspension_fin).en_cours(le):
        return ()
    try:
        ote = filtre(duree.suspension_filtre)
    except SourceRefusee:
        ote = None
    if ote is None or ote.signe != "!=":
        raise PurgeImpossible(
            "Cette durée est suspendue, et la fiche ne dit pas le filtre qui en ôte les dossiers (« dossier!=2026-114 ») : "
            "ce SQL les effacerait."
        )
    return (ote,)


def _forme_usuelle(base: Base) -> Forme:
    return Forme.TEXTE_ISO if base is Base.SQLITE else Forme.NATIVE
