"""Une base SQLite : un fichier qui ne bouge pas, ouvert sans rien laisser à côté, et borné à lire par SQLite lui-même."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from conservation.choix import GenreSource
from conservation.comptage import Decompte
from conservation.dates_ecrites import texte_de
from registre.execution.sources.bases import (
    CLES,
    TROP_LONG,
    Lue,
    TempsImparti,
    exiger_colonnes,
    nom_de_source,
    regard,
    releve_de,
    table_absente,
)
from registre.execution.sources.demande import (
    DemandeDeReleve,
    Filtre,
    Regard,
    Releve,
    RequeteSQL,
    SourceRefusee,
    etiquette,
)
from registre.execution.sources.requete import cle_et_date, controler_cles, controler_stable

TABLE = True
GENRE = GenreSource.SQLITE
PREFIXE = "sqlite:///"
OCTETS_MAX = (
    1 << 26
)  # d'une valeur : une fonction qui en fabriquerait de plus longues ne se laisserait pas interrompre
PAS = 10_000  # instructions de SQLite entre deux regards sur la montre
JOURNAL = bytes.fromhex(
    "d9d505f920a163d7"
)  # la tête d'un journal dont une écriture interrompue attend la reprise
PERMIS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
CONDITIONS = {
    "=": "CAST({} AS TEXT) = ?",
    "!=": "CAST({} AS TEXT) IS NOT ?",
    "vide": "({} IS NULL OR CAST({} AS TEXT) = ?)",
}
EN_COURS = (
    "La base {} a des écritures que son fichier ne porte pas encore ({}) : le compte les ignorerait. Fermez l'application qui "
    "s'en sert, ou relevez une copie faite par « VACUUM INTO »."
)


def reconnait(adresse: str) -> bool:
    return adresse.startswith(PREFIXE)


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte une table ou une requête. Lève `SourceRefusee`. Ligne à ligne : rien n'est gardé."""
    with _lecture(demande) as (base, source):
        compte, colonne = _compter(base, demande)
    return releve_de(GENRE, source, demande, compte, colonne)


def regarder(demande: DemandeDeReleve) -> Regard:
    """Le premier regard : la colonne demandée, ou toutes. Lève `SourceRefusee`."""
    with _lecture(demande) as (base, source):
        depuis = f"({demande.requete.texte}\n)" if demande.requete else _nom(demande.table)
        noms = [c[0] for c in base.execute(f"SELECT * FROM {depuis} AS t LIMIT 0").description]
        vus = [nom for nom in noms if demande.colonne in ("", nom)]
        colonnes = ", ".join(f"t.{_nom(nom)}" for nom in vus)
        return regard(source, demande, vus, base.execute(f"SELECT {colonnes} FROM {depuis} AS t"), texte_de)


@contextmanager
def _lecture(demande: DemandeDeReleve) -> Iterator[tuple[sqlite3.Connection, str]]:
    """La base, bornée à lire, et le nom de la source. Lève `SourceRefusee`, aussi quand le fichier a bougé pendant la lecture."""
    chemin = _chemin(demande.adresse)
    avant = _etat(chemin)
    try:
        with closing(_ouvrir(chemin)) as base:
            _borner(base, demande)
            yield base, nom_de_source(chemin.name, demande, ", table ")
    except sqlite3.Error as erreur:
        raise _refus(erreur, chemin.name, demande) from None
    if _etat(chemin) != avant:
        raise SourceRefusee(
            f"La base {etiquette(chemin.name)} a changé pendant la lecture : le compte serait faux. Recommencez, l'application fermée."
        )


def _chemin(adresse: str) -> Path:
    """`sqlite:///base.db` est relatif, `sqlite:////chemin/base.db` absolu, comme partout ailleurs."""
    chemin = Path(adresse.removeprefix(PREFIXE))
    if not chemin.is_file():
        raise SourceRefusee(
            f"La base {etiquette(chemin.name)} n'existe pas ; un chemin absolu s'écrit sqlite:////chemin/base.db."
        )
    return chemin


def _etat(chemin: Path) -> tuple[int, int]:
    """Ce qui changerait si l'on écrivait. Lève `SourceRefusee` quand une écriture est à côté, que ce fichier n'a pas encore."""
    reel = chemin.resolve()  # SQLite range ses fichiers auprès du vrai, non du lien
    attente, journal = (reel.with_name(reel.name + suffixe) for suffixe in ("-wal", "-journal"))
    try:
        if attente.exists() and attente.stat().st_size:
            raise SourceRefusee(EN_COURS.format(etiquette(chemin.name), "fichier -wal"))
        if journal.exists() and _debut(journal) == JOURNAL:
            raise SourceRefusee(EN_COURS.format(etiquette(chemin.name), "fichier -journal"))
        lu = reel.stat()
    except OSError:
        raise SourceRefusee(
            f"La base {etiquette(chemin.name)} ne se lit pas : le système refuse de l'ouvrir."
        ) from None
    return lu.st_size, lu.st_mtime_ns


def _debut(fichier: Path) -> bytes:
    with fichier.open("rb") as flux:
        return flux.read(len(JOURNAL))


def _ouvrir(chemin: Path) -> sqlite3.Connection:
    """`immutable` : ni verrou, ni -wal, ni -shm auprès du fichier d'autrui ; `_etat` veille à ce qu'il ne bouge pas."""
    return sqlite3.connect(f"file:{quote(str(chemin))}?mode=ro&immutable=1", uri=True, timeout=10)


def _borner(base: sqlite3.Connection, demande: DemandeDeReleve) -> None:
    """Un délai, et rien qu'une lecture ; la table et ses colonnes y sont. Lève `SourceRefusee`."""
    temps = TempsImparti(demande.secondes)
    base.set_progress_handler(lambda: temps.passe, PAS)
    base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, OCTETS_MAX)
    # Un octet faux ne fait pas échouer tout le compte : sa ligne n'a pas de date lisible.
    base.text_factory = lambda octets: octets.decode("utf-8", "replace")
    base.execute("PRAGMA query_only=ON")
    base.execute("PRAGMA trusted_schema=OFF")
    if not demande.requete:
        colonnes = {c for (c,) in base.execute("SELECT name FROM pragma_table_xinfo(?)", [demande.table])}
        if not colonnes:
            raise table_absente(demande)
        exiger_colonnes(demande, colonnes)
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in PERMIS else sqlite3.SQLITE_DENY)


def _compter(base: sqlite3.Connection, demande: DemandeDeReleve) -> tuple[Decompte, str]:
    lue = _par_requete(base, demande, demande.requete) if demande.requete else _par_table(demande)
    compteur = demande.compteur()
    valeurs = base.execute(
        f"SELECT t.{_nom(lue.date)} FROM {lue.depuis} AS t WHERE {lue.ou}",
        [f.valeur for f in demande.filtres],
    )
    for (valeur,) in valeurs:
        # Un nombre passe par le texte : secondes, millisecondes ou AAAAMMJJ se lisent comme dans un fichier.
        compteur.voir(texte_de(valeur))
    controler_stable(lue.lignes, compteur.examinees)
    return compteur.compte(), lue.date


def _par_table(demande: DemandeDeReleve) -> Lue[str]:
    return Lue(
        _nom(demande.table), " AND ".join(_condition(f) for f in demande.filtres) or "1", demande.colonne
    )


def _par_requete(base: sqlite3.Connection, demande: DemandeDeReleve, requete: RequeteSQL) -> Lue[str]:
    depuis = f"({requete.texte}\n)"
    decrite = base.execute(f"SELECT * FROM {depuis} AS t LIMIT 0").description
    cle, date_ = cle_et_date([c[0] for c in decrite], demande.colonne)
    lignes, sans_cle, en_double = base.execute(
        f"{CLES.format(c=f't.{_nom(cle)}')} FROM {depuis} AS t"
    ).fetchone()
    controler_cles(lignes, sans_cle, en_double)
    return Lue(depuis, "1", date_, lignes)


def _condition(filtre: Filtre) -> str:
    return CONDITIONS[filtre.signe].replace("{}", f"t.{_nom(filtre.colonne)}")


def _nom(identifiant: str) -> str:
    return '"' + identifiant.replace('"', '""') + '"'


def _refus(erreur: sqlite3.Error, nom: str, demande: DemandeDeReleve) -> SourceRefusee:
    """La raison en français ; le message du pilote n'est pas recopié, il peut citer une valeur."""
    code = getattr(erreur, "sqlite_errorcode", 0) & 0xFF  # sans le détail du code étendu
    if code == sqlite3.SQLITE_INTERRUPT:
        return SourceRefusee(TROP_LONG.format(demande.secondes))
    raisons = {
        sqlite3.SQLITE_NOTADB: "ce n'est pas une base SQLite",
        sqlite3.SQLITE_CANTOPEN: "le système refuse de l'ouvrir",
        sqlite3.SQLITE_BUSY: "une autre application la tient",
        sqlite3.SQLITE_READONLY: "elle aurait demandé une écriture, qui est refusée",
        sqlite3.SQLITE_AUTH: "elle aurait demandé autre chose qu'une lecture, qui est refusée",
        sqlite3.SQLITE_TOOBIG: "une de ses valeurs est démesurée",
    }
    if demande.requete:
        raisons[sqlite3.SQLITE_ERROR] = (
            "la requête ne s'y comprend pas (une table, une colonne, une virgule ?)"
        )
    return SourceRefusee(
        f"La base {etiquette(nom)} ne se lit pas : {raisons.get(code, 'la lecture a échoué')}."
    )
