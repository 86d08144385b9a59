"""Une purge écrite en SQL : compter, supprimer ou effacer en une transaction, vérifier. Registre n'en exécute rien.

Qui tient la base relit, exécute, et un nouveau relevé constate. L'empreinte du texte lie les deux relevés au procès-verbal.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from conservation.choix import SortFinal
from registre.execution.purge.dialectes import (
    Base,
    ColonneDeDate,
    Forme,
    PurgeImpossible,
    condition,
    heure_de_paris,
    nom,
    nom_de_table,
    valeur,
)
from registre.execution.sources.demande import Filtre

OUVRIR = {Base.POSTGRESQL: "BEGIN", Base.MYSQL: "START TRANSACTION", Base.SQLITE: "BEGIN IMMEDIATE"}
SANS_SQL = {
    SortFinal.ARCHIVAGE_INTERMEDIAIRE: "un passage en archive : ce qu'on y transfère n'est pas à supprimer ainsi",
    SortFinal.ARCHIVAGE_DEFINITIF: "un archivage définitif : rien n'est à supprimer",
}


@dataclass(frozen=True)
class Effacement:
    """Une colonne à vider : à NULL, ou remplacée par une même valeur pour toutes les lignes."""

    colonne: str
    valeur: str | None = None


@dataclass(frozen=True)
class Purge:
    """Ce que l'on purge. `effacer` vide : les lignes se suppriment. `attendues` : ce que le relevé a compté, s'il l'a fait."""

    base: Base
    table: str
    colonne: str
    forme: Forme
    limite: date
    filtres: tuple[Filtre, ...] = ()
    effacer: tuple[Effacement, ...] = ()
    entete: tuple[str, ...] = ()
    attendues: int | None = None


@dataclass(frozen=True)
class SqlDePurge:
    """Les requêtes, une par étape, et le texte commenté qu'on en donne à copier."""

    compter: tuple[str, ...]
    agir: tuple[str, ...]
    verifier: tuple[str, ...]
    commentaires: tuple[tuple[str, ...], ...]

    @cached_property
    def texte(self) -> str:
        etapes = (self.compter, self.agir, self.verifier)
        blocs = [_dit(self.commentaires[0])]
        for dits, requetes in zip(self.commentaires[1:], etapes, strict=True):
            blocs.append("\n".join([_dit(dits), *(f"{requete};" for requete in requetes)]))
        return "\n\n".join(blocs) + "\n"

    @cached_property
    def sha256(self) -> str:
        """L'empreinte du texte, en UTF-8, tel qu'il se copie."""
        return hashlib.sha256(self.texte.encode()).hexdigest()


def effacement(texte: str) -> Effacement:
    """« email » (à NULL), « email= » (texte vide), « nom=Anonyme ». Lève `PurgeImpossible`."""
    colonne, egal, mis = texte.partition("=")
    if not colonne.strip():
        raise PurgeImpossible("Une colonne à vider s'écrit « colonne », « colonne= » ou « colonne=valeur ».")
    return Effacement(colonne.strip(), mis.strip() if egal else None)


def accorder_au_sort(sort_final: str, effacer: tuple[Effacement, ...]) -> None:
    """Ce que la durée dit des données à leur terme permet-il ce SQL ? Lève `PurgeImpossible`."""
    if raison := next((dit for sort, dit in SANS_SQL.items() if sort == sort_final), ""):
        raise PurgeImpossible(f"Cette durée finit par {raison}.")
    if sort_final == SortFinal.ANONYMISATION and not effacer:
        raise PurgeImpossible("Cette durée finit par une anonymisation : dites les colonnes à vider.")
    if sort_final == SortFinal.SUPPRESSION and effacer:
        raise PurgeImpossible(
            "Cette durée finit par une suppression : vider des colonnes ne supprime pas les lignes."
        )


def ecrire(purge: Purge) -> SqlDePurge:
    """Lève `PurgeImpossible` pour ce qui ne s'écrit pas exactement, ou pas sûrement."""
    date_ = ColonneDeDate(purge.base, purge.table, purge.colonne, purge.forme)
    table = nom_de_table(purge.base, purge.table)
    retenues = "\n  AND ".join(condition(purge.base, purge.table, f) for f in purge.filtres) or "1 = 1"
    retard, autres = f"({date_.avant(purge.limite)})", f"({date_.autre_forme()})"
    comptes, garde = [f"{_nombre(retard)} AS en_retard"], ""
    if date_.est_ecrite:
        # Rien ne part tant qu'une ligne date d'une forme que ce SQL ne lit pas : le relevé, lui, l'a peut-être comptée.
        comptes.append(f"{_nombre(autres)} AS autres_formes")
        garde = f"\n  AND (SELECT COUNT(*) FROM (SELECT 1 FROM {table} WHERE {retenues} AND {autres} LIMIT 1) AS a) = 0"
    ou = f"WHERE {retenues}\n  AND {retard}"
    compte = ",\n  ".join(["SELECT COUNT(*) AS examinees", *comptes]) + f"\nFROM {table}\nWHERE {retenues}"
    reste = f"SELECT COUNT(*) AS reste\nFROM {table}\n{ou}{_encore_remplies(purge)}"
    return SqlDePurge(
        compter=_en_transaction(purge, compte),
        agir=_en_transaction(purge, f"{_action(purge, table)}\n{ou}{garde}"),
        verifier=_en_transaction(purge, reste),
        commentaires=_commentaires(purge, date_.est_ecrite),
    )


def _nombre(condition_: str) -> str:
    return f"COALESCE(SUM(CASE WHEN {condition_} THEN 1 ELSE 0 END), 0)"


def _en_transaction(purge: Purge, requete: str) -> tuple[str, ...]:
    heure = heure_de_paris(purge.base, purge.limite) if purge.forme is Forme.NATIVE else ""
    return tuple(ordre for ordre in (OUVRIR[purge.base], heure, requete, "COMMIT") if ordre)


def _action(purge: Purge, table: str) -> str:
    if not purge.effacer:
        return f"DELETE FROM {table}"
    mises = ", ".join(f"{nom(purge.base, e.colonne)} = {_mise(purge.base, e)}" for e in purge.effacer)
    return f"UPDATE {table} SET {mises}"


def _mise(base: Base, e: Effacement) -> str:
    if e.valeur is None:
        return "NULL"
    ecrite = valeur(base, e.valeur)
    return f"CONVERT({ecrite} USING utf8mb4)" if base is Base.MYSQL else ecrite


def _encore_remplies(purge: Purge) -> str:
    """Une ligne dont toutes les colonnes sont vidées n'est plus à compter."""
    if not purge.effacer:
        return ""
    return f"\n  AND ({' OR '.join(_remplie(purge, e) for e in purge.effacer)})"


def _remplie(purge: Purge, e: Effacement) -> str:
    if e.valeur:
        return condition(purge.base, purge.table, Filtre(e.colonne, "!=", e.valeur))
    return f"NOT {condition(purge.base, purge.table, Filtre(e.colonne, 'vide'))}"


def _commentaires(purge: Purge, en_texte: bool) -> tuple[tuple[str, ...], ...]:
    attendues = "le nombre du relevé" if purge.attendues is None else str(purge.attendues)
    filtres = [f"filtre : {f}" for f in purge.filtres]
    autres = (
        "autres_formes doit être à 0 : sinon rien ne sera touché, il reste des dates d'une autre forme.",
    )
    videes = (
        "Vider des colonnes n'est pas anonymiser : ce qui reste se mesure par une épreuve d'anonymat.",
        *(
            ()
            if purge.colonne in {e.colonne for e in purge.effacer}
            else ("La date reste : un nouveau relevé comptera encore ces lignes, sauf filtre.",)
        ),
    )
    return (
        (
            "Registre : SQL de purge, écrit et jamais exécuté par Registre. À relire, puis à exécuter par qui tient la base.",
            "Faites d'abord une sauvegarde, et regardez les tables liées : ce texte n'en touche qu'une.",
            *purge.entete,
            f"base : {purge.base.libelle} ; table : {purge.table} ; date : {purge.colonne}, {purge.forme.libelle}",
            f"limite : {purge.limite.isoformat()}, premier jour encore permis (jour de Paris)",
            *filtres,
        ),
        (f"1. Compter. en_retard doit être {attendues}.", *(autres if en_texte else ())),
        (
            f"2. {'Vider' if purge.effacer else 'Supprimer'}, en une transaction. Autre nombre que {attendues} : "
            "ROLLBACK au lieu de COMMIT.",
            *(videes if purge.effacer else ()),
        ),
        ("3. Vérifier : reste doit être 0. Puis faites un nouveau relevé.",),
    )


def _dit(lignes: tuple[str, ...]) -> str:
    """Des commentaires d'une ligne : un retour à la ligne dans un nom ou une valeur en ferait du SQL."""
    return "\n".join("-- " + "".join(c if c.isprintable() else " " for c in ligne) for ligne in lignes)
