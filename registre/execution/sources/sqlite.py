"""Une base SQLite : ouverte en lecture seule, et bornée à lire par SQLite lui-même."""

import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from conservation.comptage import Compteur, Decompte
from conservation.dates_ecrites import texte_de
from registre.execution.sources.demande import (
    DemandeDeReleve,
    Filtre,
    Releve,
    SourceRefusee,
    empreinte_de_base,
    etiquette,
)

TABLE = True
PREFIXE = "sqlite:///"
SECONDES_MAX = 1800
PERMIS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
CONDITIONS = {
    "=": "CAST({} AS TEXT) = ?",
    "!=": "CAST({} AS TEXT) IS NOT ?",
    "vide": "({} IS NULL OR CAST({} AS TEXT) = ?)",
}


def reconnait(adresse: str) -> bool:
    return adresse.startswith(PREFIXE)


def compter(demande: DemandeDeReleve) -> Releve:
    """Compte une table. Lève `SourceRefusee`. La date se lit dans SQLite même, ligne à ligne : rien n'est gardé."""
    chemin = _chemin(demande.adresse)
    source = etiquette(chemin.name, ", table ", demande.table)
    try:
        with closing(_ouvrir(chemin)) as base:
            compte = _compter(base, demande)
    except sqlite3.Error as erreur:
        raise SourceRefusee(_raison(erreur, chemin.name)) from None
    return Releve(compte, source, empreinte_de_base(source, demande, compte, datetime.now(UTC)))


def _chemin(adresse: str) -> Path:
    """`sqlite:///base.db` est relatif, `sqlite:////chemin/base.db` absolu, comme partout ailleurs."""
    chemin = Path(adresse.removeprefix(PREFIXE))
    if not chemin.is_file():
        raise SourceRefusee(
            f"La base {etiquette(chemin.name)} n'existe pas ; un chemin absolu s'écrit sqlite:////chemin/base.db."
        )
    return chemin


def _ouvrir(chemin: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(chemin))}?mode=ro&immutable=0", uri=True, timeout=10)


def _compter(base: sqlite3.Connection, demande: DemandeDeReleve) -> Decompte:
    base.execute("PRAGMA query_only=ON")
    base.execute("PRAGMA trusted_schema=OFF")
    colonnes = {c for (c,) in base.execute("SELECT name FROM pragma_table_xinfo(?)", [demande.table])}
    if not colonnes:
        raise SourceRefusee(f"Cette base n'a pas de table « {demande.table} ».")
    for nom in (demande.colonne, *(f.colonne for f in demande.filtres)):
        if nom not in colonnes:
            raise SourceRefusee(f"La table « {demande.table} » n'a pas de colonne « {nom} ».")
    compteur = demande.compteur()
    base.create_aggregate("registre_compter", 1, lambda: _Agregat(compteur))
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in PERMIS else sqlite3.SQLITE_DENY)
    fin = time.monotonic() + SECONDES_MAX
    base.set_progress_handler(lambda: time.monotonic() > fin, 1_000_000)
    ou = " AND ".join(_condition(f) for f in demande.filtres) or "1"
    base.execute(
        f"SELECT registre_compter(t.{_nom(demande.colonne)}) FROM {_nom(demande.table)} AS t WHERE {ou}",
        [f.valeur for f in demande.filtres],
    ).fetchone()
    return compteur.compte()


class _Agregat:
    """Ce que SQLite appelle à chaque ligne retenue."""

    def __init__(self, compteur: Compteur) -> None:
        self.compteur = compteur

    def step(self, valeur: object, /) -> None:
        self.compteur.voir(texte_de(valeur))

    def finalize(self) -> int:
        return 0  # le compte se lit dans `compteur` ; SQLite attend une valeur


def _condition(filtre: Filtre) -> str:
    return CONDITIONS[filtre.signe].replace("{}", f"t.{_nom(filtre.colonne)}")


def _nom(identifiant: str) -> str:
    return '"' + identifiant.replace('"', '""') + '"'


def _raison(erreur: sqlite3.Error, nom: str) -> str:
    """La raison en français ; le message du pilote n'est pas recopié, il peut citer une valeur."""
    code = getattr(erreur, "sqlite_errorcode", 0) & 0xFF  # sans le détail du code étendu
    raisons = {
        sqlite3.SQLITE_NOTADB: "ce n'est pas une base SQLite",
        sqlite3.SQLITE_CANTOPEN: "le système refuse de l'ouvrir",
        sqlite3.SQLITE_BUSY: "une autre application la tient",
        sqlite3.SQLITE_READONLY: "elle aurait demandé une écriture, qui est refusée",
        sqlite3.SQLITE_AUTH: "elle aurait demandé autre chose qu'une lecture, qui est refusée",
        sqlite3.SQLITE_INTERRUPT: "la lecture demande trop de temps",
    }
    return f"La base {etiquette(nom)} ne se lit pas : {raisons.get(code, 'la lecture a échoué')}."
