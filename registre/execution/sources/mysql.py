"""Une base MySQL ou MariaDB : transaction en lecture seule, délai tenu par le serveur, secrets dans l'environnement.

Une transaction en lecture seule n'arrête pas l'écriture d'un fichier du serveur (`INTO OUTFILE`) : un compte qui le pourrait est refusé
avant toute lecture.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from conservation.choix import GenreSource
from conservation.comptage import EN_1970, Decompte
from conservation.dates_ecrites import texte_de
from registre.execution.sources.bases import (
    CLES,
    TROP_LONG,
    Lue,
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

if TYPE_CHECKING:
    from registre.execution.sources.mysql_lecture import LectureMySQL

TABLE = True
GENRE = GenreSource.MYSQL
PREFIXES = ("mysql://", "mariadb://")
PARAMETRES = {"socket", "ssl-ca", "ssl-mode"}  # d'une URL, ceux-là seuls
CHIFFREMENTS = {"preferred", "required", "verify-ca", "verify-identity"}
# Les types, tels que le protocole les numérote : DATE, NEWDATE, DATETIME, TIMESTAMP ; puis les entiers et DECIMAL, et les textes.
DATES = {10, 14, 12, 7}
EN_FLUX = {1, 2, 3, 8, 9, 0, 246, 15, 247, 249, 250, 251, 252, 253, 254}
EXEMPLE = "mysql://hôte:port/base"
# Les classements de MySQL confondent casse, accents et blancs de fin : un filtre compare des octets.
OCTETS = "CAST(CAST({} AS CHAR CHARACTER SET utf8mb4) AS BINARY)"
CONDITIONS = {
    "=": f"{OCTETS} = CAST(%s AS BINARY)",
    "!=": f"NOT ({OCTETS} <=> CAST(%s AS BINARY))",
    "vide": f"COALESCE({OCTETS}, '') = CAST(%s AS BINARY)",
}
# « 0000-00-00 », « 2023-00-00 », « 2023-02-31 » se gardent dans une colonne de dates, et se diraient avant toute limite.
LISIBLE = (
    "(YEAR({c}) > 0 AND MONTH({c}) > 0 AND DAYOFMONTH({c}) > 0"
    " AND (DAYOFMONTH({c}) <= 28 OR DAYOFMONTH({c}) <= DAYOFMONTH(LAST_DAY({c}))))"
)
# Lignes, remplies, lisibles, nulles, en retard, au 1er janvier 1970, à venir. Ce qui est rare passe devant ce qui est long.
COMPTER = f"""
    SELECT COUNT(*),
           COUNT({{c}}),
           COUNT(IF({LISIBLE}, 1, NULL)),
           COUNT(IF(DAYOFMONTH({{c}}) = 0 AND MONTH({{c}}) = 0 AND YEAR({{c}}) = 0, 1, NULL)),
           COUNT(IF({{c}} < '{{limite}}' AND {LISIBLE}, 1, NULL)),
           COUNT(IF({{c}} < '{{limite}}' AND DATE({{c}}) = '{{en_1970}}', 1, NULL)),
           COUNT(IF({{c}} > '{{le}}' AND {{c}} >= '{{limite}}' AND DATE({{c}}) > '{{le}}' AND {LISIBLE}, 1, NULL))"""
EN_TEXTE = "CAST({c} AS CHAR CHARACTER SET utf8mb4)"
RAISONS = {
    1054: "la requête nomme une colonne qui n'existe pas",
    1055: "la requête lit une colonne hors de son GROUP BY",
    1060: "les deux colonnes de la requête ont le même nom",
    1064: "la requête ne s'y comprend pas",
    1142: "ce compte n'a pas le droit de lire tout ce qu'il faudrait",
    1143: "ce compte n'a pas le droit de lire tout ce qu'il faudrait",
    1146: "la requête nomme une table qu'elle n'a pas",
    1205: "une autre application tient la table",
    1356: "cette vue ne se lit plus, ou ce compte n'en a pas le droit",
    1370: "ce compte n'a pas le droit d'exécuter une fonction que la lecture demande",
    1792: "elle aurait demandé une écriture, qui est refusée",
}
DELAI_PASSE = {1969, 3024, 1317}  # MariaDB, MySQL, puis l'interruption


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
            f"({_double(demande.requete.texte)}\n)"
            if demande.requete
            else _par_table(lecture, demande).depuis
        )
        quoi = f"t.{_nom(demande.colonne)}" if demande.colonne else "*"
        types = lecture.decrire(f"SELECT {quoi} FROM {depuis} AS t LIMIT 0")
        textes = [_en_texte(f"t.{_nom(nom)}", type_) for nom, type_ in types]
        lignes = lecture.lignes(f"SELECT {', '.join(textes)} FROM {depuis} AS t", [])
        return regard(source, demande, [nom for nom, _ in types], lignes, texte_de)


@contextmanager
def _lecture(demande: DemandeDeReleve) -> Iterator[tuple["LectureMySQL", str]]:
    """Une transaction qui ne sait que lire, et le nom de la source. Lève `SourceRefusee`."""
    # Ici : le pilote ne se charge que pour qui a une telle base.
    from registre.execution.sources.mysql_lecture import LectureMySQL, PanneMySQL, connecter

    parametres = _parametres(demande)
    base = f"{parametres['host'] or 'local'}/{parametres['database']}"
    try:
        with closing(connecter(parametres, demande.secondes)) as connexion:
            yield LectureMySQL(connexion, demande), nom_de_source(base, demande, ".")
    except PanneMySQL as erreur:
        code = erreur.args[0] if erreur.args else 0
        if code in DELAI_PASSE:
            raise SourceRefusee(TROP_LONG.format(demande.secondes)) from None
        # Le message du serveur n'est pas recopié, il peut citer une valeur.
        raise SourceRefusee(f"La base ne se lit pas : {RAISONS.get(code, 'la lecture a échoué')}.") from None
    except UnicodeError:
        raise SourceRefusee("La base ne se lit pas : elle porte du texte illisible.") from None


def _parametres(demande: DemandeDeReleve) -> dict[str, Any]:
    """Hôte, port et base de l'URL ; le compte et son secret de l'environnement. Lève `SourceRefusee`."""
    lue = lire_adresse(demande.adresse, EXEMPLE, PARAMETRES, demande.identifiants)
    if not lue.base:
        raise SourceRefusee(f"Cette adresse ne nomme pas de base : elle s'écrit {EXEMPLE}.")
    mode = lue.options.get("ssl-mode", "preferred").lower()
    if mode not in CHIFFREMENTS:
        raise SourceRefusee(f"ssl-mode s'écrit {', '.join(sorted(CHIFFREMENTS))}.")
    chiffrement: dict[str, Any] = {}
    if mode != "preferred" or "ssl-ca" in lue.options:
        chiffrement["ssl"] = {
            "ca": lue.options.get("ssl-ca"),
            "verify_mode": mode.startswith("verify"),
            "check_hostname": mode == "verify-identity",
        }
    return {
        "host": lue.hote,
        "port": lue.port or 3306,
        "unix_socket": lue.options.get("socket"),
        "database": lue.base,
        "user": lue.utilisateur,
        "password": secret(
            "MOT_DE_PASSE", demande.identifiants
        ).encode(),  # en octets : le pilote les coderait en latin-1
        **chiffrement,
    }


def _compter(lecture: "LectureMySQL", demande: DemandeDeReleve) -> tuple[Decompte, str]:
    lue = _par_requete(lecture, demande, demande.requete) if demande.requete else _par_table(lecture, demande)
    colonne, depuis = f"t.{_nom(lue.date)}", f" FROM {lue.depuis} AS t WHERE {lue.ou}"
    ((_, type_),) = lecture.decrire(f"SELECT {colonne} FROM {lue.depuis} AS t LIMIT 0")
    valeurs = [f.valeur for f in demande.filtres]
    if type_ in DATES:
        jours = {"limite": demande.limite, "le": demande.le or date.max, "en_1970": EN_1970}
        (comptes,) = lecture.lire(COMPTER.format(c=colonne, **jours) + depuis, valeurs)
        compte = _decompte(*comptes)
    elif type_ in EN_FLUX:
        compteur = demande.compteur()
        for (texte,) in lecture.lignes(f"SELECT {_en_texte(colonne, type_)}" + depuis, valeurs):
            compteur.voir(texte or "")
        compte = compteur.compte()
    else:
        raise SourceRefusee(f"La colonne « {lue.date} » n'est ni une date, ni un texte, ni un nombre entier.")
    controler_stable(lue.lignes, compte.examinees)
    return compte, lue.date


def _decompte(
    lignes: int, remplies: int, lisibles: int, nulles: int, en_retard: int, en_1970: int, futures: int
) -> Decompte:
    illisibles = remplies - lisibles - nulles
    return Decompte(lignes, en_retard, lignes - lisibles, nulles, illisibles, en_1970, futures)


def _par_table(lecture: "LectureMySQL", demande: DemandeDeReleve) -> Lue[str]:
    """Une table se nomme seule, ou avec sa base ; la recherche passe par des paramètres liés."""
    trouvees = lecture.lire(
        "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_SCHEMA = DATABASE() FROM information_schema.TABLES"
        " WHERE TABLE_NAME = %s AND TABLE_SCHEMA = DATABASE() OR CONCAT(TABLE_SCHEMA, '.', TABLE_NAME) = %s",
        [demande.table, demande.table],
    )
    # Les noms du catalogue se comparent sans la casse, ceux des tables non ; celle de cette base passe d'abord.
    exactes = [
        (nom == demande.table, ici, schema, nom)
        for schema, nom, ici in trouvees
        if demande.table in (nom, f"{schema}.{nom}")
    ]
    if not exactes:
        raise table_absente(demande)
    _, _, schema, table = max(exactes)
    colonnes = lecture.lire(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s",
        [schema, table],
    )
    if not colonnes:  # une vue que le serveur ne sait pas ouvrir : il dit pourquoi quand on la lit
        lecture.decrire(f"SELECT * FROM {_nom(schema)}.{_nom(table)} LIMIT 0")
    exiger_colonnes(demande, {nom for (nom,) in colonnes})
    ou = " AND ".join(_condition(f) for f in demande.filtres) or "1"
    return Lue(f"{_nom(schema)}.{_nom(table)}", ou, demande.colonne)


def _par_requete(lecture: "LectureMySQL", demande: DemandeDeReleve, requete: RequeteSQL) -> Lue[str]:
    depuis = f"({_double(requete.texte)}\n)"
    decrite = lecture.decrire(f"SELECT * FROM {depuis} AS t LIMIT 0")
    cle, date_ = cle_et_date([nom for nom, _ in decrite], demande.colonne)
    ((lignes, sans_cle, en_double),) = lecture.lire(f"{CLES.format(c=f't.{_nom(cle)}')} FROM {depuis} AS t")
    controler_cles(lignes, sans_cle, en_double)
    return Lue(depuis, "1", date_, lignes)


def _en_texte(colonne: str, type_: int) -> str:
    """Une date, un texte ou un nombre ; d'un autre type, rien n'est regardé."""
    return EN_TEXTE.format(c=colonne) if type_ in DATES | EN_FLUX else "NULL"


def _condition(filtre: Filtre) -> str:
    return CONDITIONS[filtre.signe].format(f"t.{_nom(filtre.colonne)}")


def _nom(identifiant: str) -> str:
    return "`" + _double(identifiant.replace("`", "``")) + "`"


def _double(texte: str) -> str:
    """Le pilote y lirait « % » comme un paramètre."""
    return texte.replace("%", "%%")
