"""Une base PostgreSQL : transaction en lecture seule, délai, identifiants cités par le pilote, secrets dans l'environnement."""

import os
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg import sql

from conservation.comptage import FUSEAU, Decompte
from registre.execution.sources.demande import (
    DemandeDeReleve,
    Filtre,
    Releve,
    SourceRefusee,
    empreinte_de_base,
    etiquette,
)

TABLE = True
PREFIXES = ("postgresql://", "postgres://")
SECONDES_MAX = 1800
ATTENTE_VERROU = 10  # secondes : un relevé n'attend pas derrière une migration
PAR_LOT = 20_000
PARAMETRES = {"sslmode", "sslrootcert"}  # d'une URL, ceux-là seuls ; le reste vient de l'environnement
CONDITIONS = {
    "=": "{}::text = {}",
    "!=": "{}::text IS DISTINCT FROM {}",
    "vide": "coalesce({}::text, '') = {}",
}
DATES = {"date", "timestamp without time zone", "timestamp with time zone"}
TEXTES = {"text", "character varying", "character", "citext"}
RAISONS = {
    psycopg.errors.QueryCanceled: "la lecture demande trop de temps",
    psycopg.errors.LockNotAvailable: "une autre application tient la table",
    psycopg.errors.ReadOnlySqlTransaction: "elle aurait demandé une écriture, qui est refusée",
    psycopg.errors.InsufficientPrivilege: "ce compte n'a pas le droit de lire cette table",
}
# Une table se nomme seule, ou avec son schéma ; la recherche passe par des paramètres liés.
TABLES = """
    SELECT n.nspname, c.relname, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND (c.relname = %(nom)s AND pg_catalog.pg_table_is_visible(c.oid) OR n.nspname || '.' || c.relname = %(nom)s)
    ORDER BY c.relname = %(nom)s DESC LIMIT 1"""
COLONNES = """
    SELECT attname, pg_catalog.format_type(atttypid, NULL) FROM pg_catalog.pg_attribute
    WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped"""


def reconnait(adresse: str) -> bool:
    return adresse.startswith(PREFIXES)


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte une table, côté serveur si la colonne est une date, sinon en flux. Lève `SourceRefusee`."""
    connexion = _connecter(_parametres(demande.adresse))
    try:
        with connexion:
            _borner(connexion)
            with connexion.transaction():
                connexion.execute("SET TRANSACTION READ ONLY")
                compte = _compter(connexion, demande)
            source = _etiquette(connexion, demande.table)
    except psycopg.Error as erreur:
        raison = next((r for t, r in RAISONS.items() if isinstance(erreur, t)), "la lecture a échoué")
        raise SourceRefusee(f"La table « {demande.table} » ne se lit pas : {raison}.") from None
    except UnicodeError:
        raise SourceRefusee(f"La table « {demande.table} » porte du texte illisible.") from None
    return Releve(compte, source, empreinte_de_base(source, demande, compte, datetime.now(UTC)))


def _parametres(adresse: str) -> dict[str, str]:
    """Hôte, port et base de l'URL ; le compte et son secret de l'environnement. Lève `SourceRefusee`."""
    try:
        lue, port = urlsplit(adresse), urlsplit(adresse).port
    except ValueError:
        raise SourceRefusee("Cette adresse s'écrit postgresql://hôte:port/base.") from None
    options = dict(parse_qsl(lue.query))
    if lue.password is not None or {"password", "passfile"} & set(options):
        raise SourceRefusee(
            "Un mot de passe ne s'écrit pas dans l'adresse : posez RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE "
            "(ou PGUSER et PGPASSWORD) dans l'environnement."
        )
    if set(options) - PARAMETRES:  # sans le citer : un mot de passe mal placé y tomberait
        raise SourceRefusee(f"Cette adresse n'admet que {' et '.join(sorted(PARAMETRES))} pour paramètres.")
    trouves = {
        "host": unquote(lue.hostname or ""),
        "port": str(port or ""),
        "dbname": unquote(lue.path.removeprefix("/")),
        "user": _secret("UTILISATEUR") or unquote(lue.username or ""),
        "password": _secret("MOT_DE_PASSE"),
        **options,
    }
    return {nom: valeur for nom, valeur in trouves.items() if valeur}


def _secret(nom: str) -> str:
    """`RELEVE_…` de l'environnement ; à défaut son ancien nom, `CONSTAT_…`."""
    return os.environ.get(f"RELEVE_{nom}") or os.environ.get(f"CONSTAT_{nom}", "")


def _connecter(parametres: dict[str, Any]) -> psycopg.Connection:
    try:
        return psycopg.connect(
            **parametres, connect_timeout=10, application_name="registre, relevé", autocommit=True
        )
    except psycopg.Error:  # le message du pilote cite le compte et l'adresse
        raise SourceRefusee(
            "La base ne répond pas, ou refuse la connexion : vérifiez l'hôte, le port, la base, et dans l'environnement "
            "RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE (ou PGUSER et PGPASSWORD)."
        ) from None


def _borner(connexion: psycopg.Connection) -> None:
    """Lecture seule par défaut, délais, heure de Paris : avant toute lecture, pour toute la session."""
    connexion.execute("SET default_transaction_read_only = on")
    connexion.execute(sql.SQL("SET statement_timeout = {}").format(SECONDES_MAX * 1000))
    connexion.execute(sql.SQL("SET lock_timeout = {}").format(ATTENTE_VERROU * 1000))
    connexion.execute(sql.SQL("SET TIME ZONE {}").format(str(FUSEAU)))
    connexion.execute("SET client_encoding = 'UTF8'")


def _compter(connexion: psycopg.Connection, demande: DemandeDeReleve) -> Decompte:
    schema, table, types = _table(connexion, demande)
    colonne = _colonne(demande.colonne)
    conditions: list[sql.Composable] = [_condition(f) for f in demande.filtres]
    depuis = sql.SQL(" FROM {} AS t WHERE {}").format(
        sql.Identifier(_double(schema), _double(table)),
        sql.SQL(" AND ").join(conditions or [sql.SQL("true")]),
    )
    valeurs = [f.valeur for f in demande.filtres]
    if types[demande.colonne] in DATES:
        requete = sql.SQL(
            "SELECT count(*), count(*) FILTER (WHERE isfinite({c}) AND {c} < {limite}::date),"
            " count(*) FILTER (WHERE {c} IS NULL OR NOT isfinite({c}))"
        ).format(c=colonne, limite=demande.limite)
        (comptes,) = connexion.execute(requete + depuis, valeurs).fetchall()
        return Decompte(*comptes)
    if types[demande.colonne] not in TEXTES:
        raise SourceRefusee(f"La colonne « {demande.colonne} » n'est ni une date ni un texte.")
    return _en_flux(connexion, sql.SQL("SELECT {}::text").format(colonne) + depuis, valeurs, demande)


def _en_flux(
    connexion: psycopg.Connection, requete: sql.Composed, valeurs: list[str], demande: DemandeDeReleve
) -> Decompte:
    """Les dates écrites en texte se lisent ici, par lots : la mémoire reste constante."""
    compteur = demande.compteur()
    with connexion.cursor(name="registre_releve") as curseur:
        curseur.itersize = PAR_LOT
        for (texte,) in curseur.execute(requete, valeurs):
            compteur.voir(texte or "")
    return compteur.compte()


def _table(connexion: psycopg.Connection, demande: DemandeDeReleve) -> tuple[str, str, dict[str, str]]:
    trouvee = connexion.execute(TABLES, {"nom": demande.table}).fetchone()
    if trouvee is None:
        raise SourceRefusee(f"Cette base n'a pas de table « {demande.table} ».")
    schema, table, oid = trouvee
    types: dict[str, str] = dict(connexion.execute(COLONNES, [oid]).fetchall())
    for nom in (demande.colonne, *(f.colonne for f in demande.filtres)):
        if nom not in types:
            raise SourceRefusee(f"La table « {demande.table} » n'a pas de colonne « {nom} ».")
    return schema, table, types


def _condition(filtre: Filtre) -> sql.Composed:
    return sql.SQL(CONDITIONS[filtre.signe]).format(_colonne(filtre.colonne), sql.Placeholder())


def _colonne(nom: str) -> sql.Identifier:
    return sql.Identifier("t", _double(nom))


def _double(nom: str) -> str:
    """Le pilote cite l'identifiant, mais y lirait « % » comme un paramètre."""
    return nom.replace("%", "%%")


def _etiquette(connexion: psycopg.Connection, table: str) -> str:
    hote = connexion.info.host
    return etiquette(
        "local" if not hote or hote.startswith("/") else hote, "/", connexion.info.dbname, ".", table
    )
