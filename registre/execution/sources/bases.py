"""Ce que les bases ont en commun : une adresse sans secret, un compte dans l'environnement, un temps qui se compte en tout."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from conservation.apercu import Apercu
from conservation.comptage import Decompte
from registre.execution.sources.demande import (
    IDENTIFIANTS,
    DemandeDeReleve,
    Regard,
    Releve,
    SourceRefusee,
    empreinte_de_base,
    etiquette,
)

ATTENTE_VERROU = 10  # secondes : un relevé n'attend pas derrière une migration
PAR_LOT = 20_000
TROP_LONG = (
    "La lecture demande trop de temps : {} s au plus pour tout le relevé. RELEVE_SECONDES donne davantage."
)
# Lignes, lignes sans clé, lignes dont la clé est déjà celle d'une autre.
CLES = "SELECT count(*), count(*) - count({c}), count({c}) - count(DISTINCT {c})"


class TempsImparti:
    """Le temps du relevé entier : chaque lecture n'a que ce qu'il en reste, une vue sans fin aussi."""

    def __init__(self, secondes: int) -> None:
        self.secondes, self.fin = secondes, time.monotonic() + secondes

    @property
    def passe(self) -> bool:
        return time.monotonic() >= self.fin

    def reste(self) -> float:
        """En secondes, plus de zéro. Lève `SourceRefusee` quand il n'en reste plus."""
        if self.passe:
            raise SourceRefusee(TROP_LONG.format(self.secondes))
        return self.fin - time.monotonic()


Sql = TypeVar("Sql")


class Lue(NamedTuple, Generic[Sql]):
    """Ce qui se compte : ce qui suit « FROM », la condition, la colonne de la date ; d'une requête, le nombre de ses lignes."""

    depuis: Sql
    ou: Sql
    date: str
    lignes: int | None = None


class Adresse(NamedTuple):
    """`options` : ce qui suit « ? ». Un hôte vide : cette machine."""

    hote: str
    port: int | None
    base: str
    utilisateur: str
    options: dict[str, str]


def lire_adresse(adresse: str, exemple: str, admises: set[str], identifiants: str = IDENTIFIANTS) -> Adresse:
    """Hôte, port, base et compte d'une URL qui ne porte aucun secret. Lève `SourceRefusee`, sans citer l'adresse."""
    try:
        lue, port = urlsplit(adresse), urlsplit(adresse).port
    except ValueError:
        raise SourceRefusee(f"Cette adresse s'écrit {exemple}.") from None
    options = dict(parse_qsl(lue.query))
    if lue.password is not None or {"password", "passfile", "passwd"} & set(options):
        raise SourceRefusee(
            f"Un mot de passe ne s'écrit pas dans l'adresse : posez {identifiants}_UTILISATEUR et {identifiants}_MOT_DE_PASSE "
            "dans l'environnement."
        )
    if set(options) - admises:  # sans le citer : un mot de passe mal placé y tomberait
        raise SourceRefusee(f"Cette adresse n'admet que {' et '.join(sorted(admises))} pour paramètres.")
    utilisateur = secret("UTILISATEUR", identifiants) or unquote(lue.username or "")
    return Adresse(
        unquote(lue.hostname or ""), port, unquote(lue.path.removeprefix("/")), utilisateur, options
    )


def secret(nom: str, identifiants: str = IDENTIFIANTS) -> str:
    """`RELEVE_…` de l'environnement, ou sous le nom qu'un plan de relevé lui donne ; à défaut l'ancien nom, `CONSTAT_…`."""
    ancien = os.environ.get(f"CONSTAT_{nom}", "") if identifiants == IDENTIFIANTS else ""
    return os.environ.get(f"{identifiants}_{nom}") or ancien


def nom_de_source(base: str, demande: DemandeDeReleve, avant_la_table: str) -> str:
    """Le nom d'une source : la base, puis la table ou l'empreinte de la requête."""
    if demande.requete:
        return etiquette(base, f", requête {demande.requete.sha256}")
    return etiquette(base, avant_la_table, demande.table)


def releve_de(genre: str, source: str, demande: DemandeDeReleve, compte: Decompte, colonne: str) -> Releve:
    """Ce qu'une base vient de rendre, scellé à cet instant."""
    sceau = empreinte_de_base(source, demande, compte, datetime.now(UTC))
    return Releve(compte, source, sceau, colonne=colonne, genre=genre)


def exiger_colonnes(demande: DemandeDeReleve, presentes: set[str]) -> None:
    """La colonne de la date, si elle est dite, et celles des filtres sont dans la table. Lève `SourceRefusee`."""
    for nom in filter(None, (demande.colonne, *(f.colonne for f in demande.filtres))):
        if nom not in presentes:
            raise SourceRefusee(f"La table « {demande.table} » n'a pas de colonne « {nom} ».")


def table_absente(demande: DemandeDeReleve) -> SourceRefusee:
    return SourceRefusee(f"Cette base n'a pas de table « {demande.table} ».")


def regard(
    source: str,
    demande: DemandeDeReleve,
    noms: Sequence[str],
    lignes: Iterable[Sequence[Any]],
    texte: Callable[[Any], str] = str,
) -> Regard:
    """Les colonnes vues, au fil de ces lignes ; aucune valeur n'est gardée."""
    apercu = Apercu(noms, demande.le or date.max, texte)
    for ligne in lignes:
        apercu.voir(ligne)
    empreinte = empreinte_de_base(source, demande, Decompte(apercu.lignes, 0, 0), datetime.now(UTC))
    return Regard(source, empreinte, apercu.lignes, tuple(apercu.colonnes()))
