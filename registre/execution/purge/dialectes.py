"""Comment chaque base cite un nom, écrit une valeur, reconnaît une date. Pur : que du texte, rien ne s'exécute.

Ce que le comptage tient pour une date au-delà du terme (`conservation.comptage`, `registre.execution.sources`), la condition
écrite ici le tient aussi, ni plus ni moins ; ce que SQL ne sait pas dire exactement se refuse.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from conservation.comptage import FUSEAU
from registre.execution.sources.demande import Filtre

NOM_MAX = 63  # octets ; au-delà, PostgreSQL coupe un nom sans le dire
HEURE = "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,9})?)?"


class PurgeImpossible(Exception):
    """Ce SQL ne s'écrit pas exactement ; le message dit pourquoi, en français."""


class Base(StrEnum):
    POSTGRESQL = "postgresql"
    MYSQL = "mysql"
    SQLITE = "sqlite"

    @property
    def libelle(self) -> str:
        return {"postgresql": "PostgreSQL", "mysql": "MySQL ou MariaDB", "sqlite": "SQLite"}[self]


class Forme(StrEnum):
    """Comment la date est rangée."""

    NATIVE = "date"
    TEXTE_ISO = "texte-iso"
    TEXTE_FRANCAIS = "texte-francais"
    COMPACTE = "aaaammjj"
    SECONDES = "epoch-s"
    MILLISECONDES = "epoch-ms"

    @property
    def libelle(self) -> str:
        return LIBELLES[self]


LIBELLES = {
    Forme.NATIVE: "une date (type date, datetime ou timestamp de la base)",
    Forme.TEXTE_ISO: "un texte AAAA-MM-JJ, suivi ou non d'une heure sans fuseau",
    Forme.TEXTE_FRANCAIS: "un texte JJ/MM/AAAA, suivi ou non d'une heure sans fuseau",
    Forme.COMPACTE: "huit chiffres AAAAMMJJ, en texte ou en nombre",
    Forme.SECONDES: "un nombre entier de secondes depuis 1970",
    Forme.MILLISECONDES: "un nombre entier de millisecondes depuis 1970",
}
EPOQUES = {Forme.SECONDES: 1, Forme.MILLISECONDES: 1000}  # ce qui se compte en une seconde
# Ce qui s'écrit de plusieurs façons, et dont chaque valeur se contrôle avant d'être lue ; une date de la base, non.
ECRITES = {Forme.TEXTE_ISO, Forme.TEXTE_FRANCAIS, Forme.COMPACTE, *EPOQUES}
ADMISES = {
    Base.POSTGRESQL: {Forme.NATIVE, *ECRITES},
    Base.MYSQL: {Forme.NATIVE, *ECRITES},
    Base.SQLITE: ECRITES,  # elle n'a pas de type date
}
# Position de l'année, du mois et du jour dans le texte, à partir de 1.
PLACES = {Forme.TEXTE_ISO: (1, 6, 9), Forme.TEXTE_FRANCAIS: (7, 4, 1), Forme.COMPACTE: (1, 5, 7)}
MOTIFS = {
    Forme.TEXTE_ISO: f"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]{HEURE})?",
    Forme.TEXTE_FRANCAIS: f"[0-9]{{2}}/[0-9]{{2}}/[0-9]{{4}}([T ]{HEURE})?",
    Forme.COMPACTE: "[0-9]{8}",
    Forme.SECONDES: "-?[0-9]{1,15}",
    Forme.MILLISECONDES: "-?[0-9]{1,15}",
}
# Le début de chaque date, comme SQLite le reconnaît : il n'a pas d'expressions régulières.
DEBUTS = {
    Forme.TEXTE_ISO: "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]",
    Forme.TEXTE_FRANCAIS: "[0-9][0-9]/[0-9][0-9]/[0-9][0-9][0-9][0-9]",
}
AN_UN = -62_135_596_800  # secondes : avant, aucun calendrier ne le lit


def nom(base: Base, identifiant: str) -> str:
    """L'identifiant cité. Lève `PurgeImpossible` pour ce qu'aucune base n'admet comme nom."""
    if not identifiant or not identifiant.isprintable() or len(identifiant.encode()) > NOM_MAX:
        raise PurgeImpossible(
            f"Un nom de table ou de colonne a de 1 à {NOM_MAX} octets, sans caractère de commande."
        )
    signe = "`" if base is Base.MYSQL else '"'
    return signe + identifiant.replace(signe, signe * 2) + signe


def nom_de_table(base: Base, table: str) -> str:
    """« schéma.table » en deux noms ; SQLite n'a pas de schéma, un point y est dans le nom."""
    if base is Base.SQLITE:
        return nom(base, table)
    return ".".join(nom(base, morceau) for morceau in table.split(".", 1))


def valeur(base: Base, texte: str) -> str:
    """La valeur écrite, quels que soient les réglages de la base. Lève `PurgeImpossible` pour un caractère nul."""
    if "\0" in texte:
        raise PurgeImpossible("Une valeur ne peut pas porter de caractère nul.")
    if (
        base is Base.MYSQL
    ):  # en hexadécimal : ni barre oblique ni apostrophe à interpréter, ni espace final oublié
        return f"X'{texte.encode().hex()}'"
    cite = "'" + texte.replace("'", "''") + "'"
    if base is Base.POSTGRESQL and "\\" in texte:
        return "E" + cite.replace("\\", "\\\\")
    return cite


def colonne_de(base: Base, table: str, colonne: str) -> str:
    """La colonne, avec sa table : seule, SQLite ferait d'un nom inconnu un texte, et le filtre garderait tout."""
    return f"{nom_de_table(base, table)}.{nom(base, colonne)}"


def condition(base: Base, table: str, filtre: Filtre) -> str:
    """Le filtre d'un relevé : la valeur se compare au texte de la colonne, telle quelle."""
    texte, cherche = en_texte(base, colonne_de(base, table, filtre.colonne)), valeur(base, filtre.valeur)
    if base is Base.MYSQL:
        texte = f"CAST({texte} AS BINARY)"
    if filtre.signe == "vide":
        return f"({texte} IS NULL OR {texte} = '')"
    if filtre.signe == "=":
        return f"{texte} = {cherche}"
    differe = {
        Base.POSTGRESQL: "{} IS DISTINCT FROM {}",
        Base.SQLITE: "{} IS NOT {}",
        Base.MYSQL: "NOT ({} <=> {})",
    }
    return differe[base].format(texte, cherche)


def heure_de_paris(base: Base, limite: date) -> str:
    """L'ordre qui donne à la session l'heure de Paris : elle décide du jour d'un horodatage. Vide si la base n'en a pas.

    MySQL ne connaît pas toujours les noms de fuseaux : c'est le décalage du jour limite, le seul où il compte.
    """
    if base is Base.POSTGRESQL:
        return f"SET LOCAL TIME ZONE '{FUSEAU.key}'"
    if base is Base.SQLITE:
        return ""
    decalage = datetime(limite.year, limite.month, limite.day, tzinfo=FUSEAU).utcoffset() or timedelta()
    heures, minutes = divmod(int(decalage.total_seconds()) // 60, 60)
    return f"SET time_zone = '{heures:+03d}:{minutes:02d}'"


def en_texte(base: Base, colonne: str) -> str:
    if base is Base.MYSQL:
        return f"CONVERT({colonne} USING utf8mb4)"
    return f"CAST({colonne} AS {'text' if base is Base.POSTGRESQL else 'TEXT'})"


@dataclass(frozen=True)
class ColonneDeDate:
    """La colonne d'où court la durée, et comment elle range ses dates. `table` : la table telle qu'on l'a nommée."""

    base: Base
    table: str
    colonne: str
    forme: Forme

    def __post_init__(self) -> None:
        if self.forme not in ADMISES[self.base]:
            raise PurgeImpossible(
                f"{self.base.libelle} ne range pas ainsi ses dates : {self.forme.libelle}. Admis : "
                f"{' ; '.join(f.libelle for f in Forme if f in ADMISES[self.base])}."
            )

    @property
    def citee(self) -> str:
        return colonne_de(self.base, self.table, self.colonne)

    @property
    def est_ecrite(self) -> bool:
        return self.forme in ECRITES

    def avant(self, limite: date) -> str:
        """La ligne porte-t-elle une date lisible, antérieure à ce jour de Paris ?"""
        if self.est_ecrite:
            lue = (
                self._epoque_avant(limite)
                if self.forme in EPOQUES
                else f"{self._existe()} AND {self._iso()} < '{limite.isoformat()}'"
            )
            return f"CASE WHEN {self._du_motif()} THEN {lue} ELSE {self._faux} END"
        if self.base is Base.POSTGRESQL:
            return f"isfinite({self.citee}) AND {self.citee} < DATE '{limite.isoformat()}'"
        # MySQL admet des jours qui n'existent pas (0000-00-00, 2020-05-00, 2023-02-31) : ce ne sont pas des dates.
        c = self.citee
        existe = (
            f"YEAR({c}) > 0 AND MONTH({c}) > 0 AND DAYOFMONTH({c}) BETWEEN 1 AND DAYOFMONTH(LAST_DAY({c}))"
        )
        return f"{existe} AND {c} < '{limite.isoformat()}'"

    def autre_forme(self) -> str:
        """La ligne porte-t-elle un texte d'une autre forme, que le relevé lirait peut-être et que ce SQL ne lit pas ?"""
        if not self.est_ecrite:
            return self._faux
        texte = en_texte(self.base, self.citee)
        remplie = f"{self.citee} IS NOT NULL AND TRIM({texte}) <> ''"
        return f"{remplie} AND NOT ({self._du_motif()})"

    @property
    def _faux(self) -> str:
        return "0" if self.base is Base.SQLITE else "FALSE"

    # --- Une date écrite en texte ---------------------------------------------------------------------------------
    def _du_motif(self) -> str:
        texte = en_texte(self.base, self.citee)
        if self.base is Base.SQLITE:
            return self._de_chiffres() if self.forme not in DEBUTS else self._du_motif_sqlite()
        signe = "~" if self.base is Base.POSTGRESQL else "REGEXP"
        return f"{texte} {signe} '^{MOTIFS[self.forme]}$'"

    def _de_chiffres(self) -> str:
        """Un nombre entier, ou un texte qui n'a que des chiffres : huit pour AAAAMMJJ."""
        c, longueur = self.citee, f"length(CAST({self.citee} AS BLOB))"
        nombre = f"typeof({c}) = 'integer'"
        texte = f"typeof({c}) = 'text' AND {c} <> '' AND {c} NOT GLOB '*[^0-9]*'"
        if self.forme is Forme.COMPACTE:
            return f"({longueur} = 8 AND ({nombre} AND {c} > 0 OR {texte}))"
        return f"({nombre} OR {texte} AND {longueur} <= 15)"

    def _du_motif_sqlite(self) -> str:
        """SQLite n'a pas d'expressions régulières : longueurs comptées en octets, chiffres et bornes, un par un."""
        c, jour = self.citee, DEBUTS[self.forme]
        longueur = f"length(CAST({c} AS BLOB))"
        heures = [
            f"({longueur} = {len_} AND {c} GLOB '{jour}[T ]{suite}' AND substr({c}, 12, 2) <= '23')"
            for len_, suite in ((16, "[0-2][0-9]:[0-5][0-9]"), (19, "[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"))
        ]
        return f"typeof({c}) = 'text' AND ({longueur} = 10 AND {c} GLOB '{jour}' OR {' OR '.join(heures)})"

    def _epoque_avant(self, limite: date) -> str:
        """Zéro n'est pas un jour, et la limite est un minuit de Paris : un instant, le même pour toutes les bases."""
        types = {Base.POSTGRESQL: "bigint", Base.MYSQL: "SIGNED", Base.SQLITE: "INTEGER"}
        n, par_seconde = f"CAST({en_texte(self.base, self.citee)} AS {types[self.base]})", EPOQUES[self.forme]
        fin = int(datetime(limite.year, limite.month, limite.day, tzinfo=FUSEAU).timestamp())
        return f"{n} <> 0 AND {n} >= {AN_UN * par_seconde} AND {n} < {fin * par_seconde}"

    def _iso(self) -> str:
        """« 2023-11-24 », de quoi se comparer comme un texte."""
        return self._joindre(*(self._morceau(rang) for rang in range(3)))

    def _morceau(self, rang: int) -> str:
        longueur = 4 if rang == 0 else 2
        return f"SUBSTR({en_texte(self.base, self.citee)}, {PLACES[self.forme][rang]}, {longueur})"

    def _joindre(self, annee: str, mois: str, jour: str) -> str:
        if self.base is Base.MYSQL:
            return f"CONCAT({annee}, '-', {mois}, '-', {jour})"
        # L'ordre des octets, non celui d'une langue : des chiffres et des tirets.
        return f"({annee} || '-' || {mois} || '-' || {jour})" + (
            ' COLLATE "C"' if self.base is Base.POSTGRESQL else ""
        )

    def _existe(self) -> str:
        """Ce jour est-il au calendrier ? Un 31 novembre ne se lit pas, pas plus que l'an zéro."""
        annee, mois, jour = (self._morceau(rang) for rang in range(3))
        entier = f"CAST({annee} AS {'SIGNED' if self.base is Base.MYSQL else 'INTEGER'})"
        bissextile = f"({entier} % 4 = 0 AND {entier} % 100 <> 0 OR {entier} % 400 = 0)"
        dernier = (
            f"CASE WHEN {mois} IN ('04', '06', '09', '11') THEN '30' WHEN {mois} <> '02' THEN '31' "
            f"WHEN {bissextile} THEN '29' ELSE '28' END"
        )
        return f"{annee} <> '0000' AND {mois} BETWEEN '01' AND '12' AND {jour} BETWEEN '01' AND {dernier}"
