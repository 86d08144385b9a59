"""Une base PostgreSQL : transaction en lecture seule, délai, identifiants cités par le pilote, secrets dans l'environnement.

Une transaction en lecture seule n'arrête pas un programme lancé par le serveur (`COPY … TO PROGRAM`) : un compte qui le pourrait est
refusé avant toute lecture.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from conservation.choix import GenreSource
from conservation.comptage import EN_1970, FUSEAU, Decompte
from conservation.dates_ecrites import texte_de
from registre.execution.sources.bases import (
    ATTENTE_VERROU,
    CLES,
    PAR_LOT,
    TROP_LONG,
    Lue,
    TempsImparti,
    exiger_colonnes,
    lire_adresse,
    nom_de_source,
    regard,
    releve_de,
    secret,
    table_absente,
)
from registre.execution.sources.demande import (
    DemandeDeReleve,
    Filtre,
    Regard,
    Releve,
    RequeteSQL,
    SourceRefusee,
)
from registre.execution.sources.requete import cle_et_date, controler_cles, controler_stable

TABLE = True
GENRE = GenreSource.POSTGRESQL
PREFIXES = ("postgresql://", "postgres://")
PARAMETRES = {"sslmode", "sslrootcert"}  # d'une URL, ceux-là seuls ; le reste vient de l'environnement
DECRIRE = "SELECT * FROM "  # une erreur de la requête s'y situe
CONDITIONS = {
    "=": "{}::text = {}",
    "!=": "{}::text IS DISTINCT FROM {}",
    "vide": "coalesce({}::text, '') = {}",
}
DATES = {"date", "timestamp without time zone", "timestamp with time zone"}
COMPTER = """
    SELECT count(*),
           count(*) FILTER (WHERE isfinite({c}) AND {c} < {limite}::date),
           count(*) FILTER (WHERE {c} IS NULL OR NOT isfinite({c})),
           0,
           count(*) FILTER (WHERE NOT isfinite({c})),
           count(*) FILTER (WHERE {c}::date = {en_1970}::date AND {c} < {limite}::date),
           count(*) FILTER (WHERE isfinite({c}) AND {c}::date > {le}::date AND {c} >= {limite}::date)"""
EN_FLUX = {"text", "character varying", "character", "citext", "smallint", "integer", "bigint", "numeric"}
RAISONS = {
    psycopg.errors.LockNotAvailable: "une autre application tient la table",
    psycopg.errors.ReadOnlySqlTransaction: "elle aurait demandé une écriture, qui est refusée",
    psycopg.errors.InsufficientPrivilege: "ce compte n'a pas le droit de lire tout ce qu'il faudrait",
    psycopg.errors.UndefinedTable: "la requête nomme une table qu'elle n'a pas, ou que ce compte ne voit pas",
    psycopg.errors.UndefinedColumn: "la requête nomme une colonne qui n'existe pas",
    psycopg.errors.SyntaxError: "la requête ne s'y comprend pas",
    psycopg.errors.GroupingError: "la requête lit une colonne hors de son GROUP BY",
    psycopg.errors.FeatureNotSupported: "la requête demande ce qu'une lecture ne fait pas",
}
SEULES_CERTAINES_LIGNES = (
    "une politique de sécurité n'y montre à ce compte que certaines lignes, et le compte serait faux ; donnez-lui de les lire "
    "toutes (BYPASSRLS), ou relevez par le propriétaire de la table"
)
# Être membre suffit : une fonction peut prendre le rôle.
TROP_DE_DROITS = """
    SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE pg_catalog.pg_has_role(session_user, oid, 'MEMBER') AND (rolsuper
      OR rolname IN ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files')))"""
# Une table se nomme seule, ou avec son schéma ; la recherche passe par des paramètres liés.
TABLES = """
    SELECT n.nspname, c.relname, c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
      AND (c.relname = %(nom)s AND pg_catalog.pg_table_is_visible(c.oid) OR n.nspname || '.' || c.relname = %(nom)s)
    ORDER BY c.relname = %(nom)s DESC LIMIT 1"""
COLONNES = (
    "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped"
)


def reconnait(adresse: str) -> bool:
    return adresse.startswith(PREFIXES)


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte une table ou une requête, côté serveur si la colonne est une date, sinon en flux. Lève `SourceRefusee`."""
    with _lecture(demande) as (lecture, source):
        compte, colonne = _compter(lecture, demande)
    return releve_de(GENRE, source, demande, compte, colonne)


def regarder(demande: DemandeDeReleve) -> Regard:
    """Le premier regard : la colonne demandée, ou toutes. Lève `SourceRefusee`."""
    with _lecture(demande) as (lecture, source):
        depuis = (
            _texte(f"({demande.requete.texte}\n)") if demande.requete else _par_table(lecture, demande).depuis
        )
        quoi = _colonne(demande.colonne) if demande.colonne else sql.SQL("*")
        types = _types(lecture, sql.SQL("SELECT {} FROM {} AS t LIMIT 0").format(quoi, depuis))
        textes = [_en_texte(nom, type_) for nom, type_ in types]
        requete = sql.SQL("SELECT {} FROM {} AS t").format(sql.SQL(", ").join(textes), depuis)
        lignes = lecture.lots(requete, [])
        return regard(source, demande, [nom for nom, _ in types], lignes, texte_de)


@contextmanager
def _lecture(demande: DemandeDeReleve) -> Iterator[tuple["LecturePostgreSQL", str]]:
    """Une transaction qui ne sait que lire, et le nom de la source. Lève `SourceRefusee`."""
    connexion = _connecter(_parametres(demande))
    try:
        with connexion:
            _borner(connexion)
            with connexion.transaction():
                connexion.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                _exiger_un_simple_lecteur(connexion)
                lecture = LecturePostgreSQL(connexion, TempsImparti(demande.secondes))
                yield lecture, nom_de_source(_base(connexion), demande, ".")
    except psycopg.errors.QueryCanceled:
        raise SourceRefusee(TROP_LONG.format(demande.secondes)) from None
    except UnicodeError:
        raise SourceRefusee("La base ne se lit pas : elle porte du texte illisible.") from None
    except psycopg.Error as erreur:
        raise SourceRefusee(f"La base ne se lit pas : {_raison(erreur, demande)}.") from None


def _raison(erreur: psycopg.Error, demande: DemandeDeReleve) -> str:
    """La raison en français ; le message du serveur n'est pas recopié, il peut citer une valeur."""
    if erreur.diag.source_function == "check_enable_rls":
        return SEULES_CERTAINES_LIGNES
    raison = next((r for classe, r in RAISONS.items() if isinstance(erreur, classe)), "la lecture a échoué")
    place = erreur.diag.statement_position
    if demande.requete is None or place is None:
        return raison
    avant = demande.requete.texte[: max(0, int(place) - 1 - len(DECRIRE + "("))]
    return f"{raison} (ligne {avant.count(chr(10)) + 1})"


def _parametres(demande: DemandeDeReleve) -> dict[str, str]:
    """Hôte, port et base de l'URL ; le compte et son secret de l'environnement. Lève `SourceRefusee`."""
    lue = lire_adresse(demande.adresse, "postgresql://hôte:port/base", PARAMETRES, demande.identifiants)
    trouves = {
        "host": lue.hote,
        "port": str(lue.port or ""),
        "dbname": lue.base,
        "user": lue.utilisateur,
        "password": secret("MOT_DE_PASSE", demande.identifiants),
        **lue.options,
    }
    return {nom: valeur for nom, valeur in trouves.items() if valeur}


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
    """Lecture seule par défaut, toutes les lignes ou aucune, heure de Paris : avant toute lecture, pour toute la session."""
    connexion.execute("SET default_transaction_read_only = on")
    # Une politique de lignes fait échouer la lecture, au lieu de la rétrécir.
    connexion.execute("SET row_security = off")
    connexion.execute(sql.SQL("SET lock_timeout = {}").format(ATTENTE_VERROU * 1000))
    connexion.execute(sql.SQL("SET TIME ZONE {}").format(str(FUSEAU)))
    connexion.execute("SET client_encoding = 'UTF8'")


def _exiger_un_simple_lecteur(connexion: psycopg.Connection) -> None:
    if connexion.execute(TROP_DE_DROITS).fetchone() == (True,):
        raise SourceRefusee(
            "Ce compte PostgreSQL peut tout : il est administrateur, ou peut lancer des programmes ou toucher aux fichiers du "
            "serveur, ce qu'une lecture seule n'arrête pas. Faites un compte qui ne sait que lire : CREATE ROLE registre_lecture "
            "LOGIN PASSWORD '…'; GRANT SELECT ON la_table TO registre_lecture;"
        )


class LecturePostgreSQL:
    """Une connexion, et le temps qui lui reste : chaque ordre n'a que celui-là."""

    def __init__(self, connexion: psycopg.Connection, delai: TempsImparti) -> None:
        self.connexion, self.delai = connexion, delai

    def lire(self, requete: sql.Composable, valeurs: Sequence[str] = ()) -> psycopg.Cursor[Any]:
        self._borner()
        # En binaire, le protocole n'admet qu'une instruction.
        return self.connexion.execute(requete.as_string(self.connexion), valeurs, binary=True)

    def lots(self, requete: sql.Composable, valeurs: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Ligne à ligne, par lots : la mémoire reste constante, et une lecture sans fin s'arrête au délai."""
        with self.connexion.cursor(name="registre_releve") as curseur:
            self._borner()
            curseur.execute(requete.as_string(self.connexion), valeurs)
            while lot := curseur.fetchmany(PAR_LOT):
                yield from lot
                self._borner()

    def _borner(self) -> None:
        millisecondes = max(1, int(self.delai.reste() * 1000))
        self.connexion.execute(sql.SQL("SET statement_timeout = {}").format(millisecondes))


def _compter(lecture: LecturePostgreSQL, demande: DemandeDeReleve) -> tuple[Decompte, str]:
    lue = _par_requete(lecture, demande, demande.requete) if demande.requete else _par_table(lecture, demande)
    colonne, depuis = _colonne(lue.date), sql.SQL(" FROM {} AS t WHERE {}").format(lue.depuis, lue.ou)
    ((_, type_),) = _types(lecture, sql.SQL("SELECT {} FROM {} AS t LIMIT 0").format(colonne, lue.depuis))
    valeurs = [f.valeur for f in demande.filtres]
    if type_ in DATES:
        requete = sql.SQL(COMPTER).format(
            c=colonne, limite=demande.limite, le=demande.le or date.max, en_1970=EN_1970
        )
        (comptes,) = lecture.lire(requete + depuis, valeurs).fetchall()
        compte = Decompte(*comptes)
    elif type_ in EN_FLUX:
        compteur = demande.compteur()
        for (texte,) in lecture.lots(sql.SQL("SELECT {}::text").format(colonne) + depuis, valeurs):
            compteur.voir(texte or "")
        compte = compteur.compte()
    else:
        raise SourceRefusee(f"La colonne « {lue.date} » n'est ni une date, ni un texte, ni un nombre entier.")
    controler_stable(lue.lignes, compte.examinees)
    return compte, lue.date


def _types(lecture: LecturePostgreSQL, requete: sql.Composable) -> list[tuple[str, str]]:
    """Le nom et le type de chaque colonne ; d'un domaine, le serveur dit le type qu'il restreint. Une extension ôte son schéma."""
    decrite = lecture.lire(requete).description or []
    numeros = [c.type_code for c in decrite]
    noms = lecture.connexion.execute(
        "SELECT n, pg_catalog.format_type(n, NULL) FROM unnest(%s::oid[]) n", [numeros]
    )
    types = {numero: nom.rpartition(".citext")[1].strip(".") or nom for numero, nom in noms}
    return [(c.name, types[c.type_code]) for c in decrite]


def _en_texte(nom: str, type_: str) -> sql.Composable:
    """Une date, un texte ou un nombre ; d'un autre type, rien n'est regardé."""
    return sql.SQL("{}::text" if type_ in DATES | EN_FLUX else "NULL::text").format(_colonne(nom))


def _par_table(lecture: LecturePostgreSQL, demande: DemandeDeReleve) -> Lue[sql.Composable]:
    trouvee = lecture.connexion.execute(TABLES, {"nom": demande.table}).fetchone()
    if trouvee is None:
        raise table_absente(demande)
    schema, table, oid = trouvee
    exiger_colonnes(demande, {nom for (nom,) in lecture.connexion.execute(COLONNES, [oid])})
    conditions: list[sql.Composable] = [_condition(f) for f in demande.filtres]
    ou = sql.SQL(" AND ").join(conditions or [sql.SQL("true")])
    return Lue(sql.Identifier(_double(schema), _double(table)), ou, demande.colonne)


def _par_requete(
    lecture: LecturePostgreSQL, demande: DemandeDeReleve, requete: RequeteSQL
) -> Lue[sql.Composable]:
    depuis = _texte(f"({requete.texte}\n)")
    decrite = lecture.lire(_texte(DECRIRE) + depuis + _texte(" AS t LIMIT 0")).description or ()
    cle, date_ = cle_et_date([c.name for c in decrite], demande.colonne)
    compter_les_cles = sql.SQL(CLES + " FROM {depuis} AS t").format(c=_colonne(cle), depuis=depuis)
    ((lignes, sans_cle, en_double),) = lecture.lire(compter_les_cles).fetchall()
    controler_cles(lignes, sans_cle, en_double)
    return Lue(depuis, sql.SQL("true"), date_, lignes)


def _texte(texte: str) -> sql.SQL:
    """Le SQL de la personne, tel quel : une accolade n'y est pas une place, ni « % » un paramètre."""
    return sql.SQL(_double(texte))


def _condition(filtre: Filtre) -> sql.Composed:
    return sql.SQL(CONDITIONS[filtre.signe]).format(_colonne(filtre.colonne), sql.Placeholder())


def _colonne(nom: str) -> sql.Identifier:
    return sql.Identifier("t", _double(nom))


def _double(texte: str) -> str:
    """Le pilote cite l'identifiant, mais y lirait « % » comme un paramètre."""
    return texte.replace("%", "%%")


def _base(connexion: psycopg.Connection) -> str:
    hote = connexion.info.host
    return f"{'local' if not hote or hote.startswith('/') else hote}/{connexion.info.dbname}"
