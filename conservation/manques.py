"""Les lignes trouvées au-delà du terme, et ce qui en ferme le manque. Pur : ni base de données, ni horloge.

Un relevé ne ferme que le manque de sa propre source, en entier ; une purge ne le ferme jamais seule : elle reste à vérifier.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from conservation.choix import Niveau, TypeOperation
from conservation.durees import Suspension
from conservation.preuves import Source, manquants, niveau, retrait, source
from conservation.visees import Faits
from traitements.phrases import accorder, enumerer, nombre

COMPARABLE = 0.9  # part des lignes attendues qu'un relevé doit encore trouver : un dixième part au fil de la vie d'un fichier


@dataclass
class LignesEnRetard:
    """`depuis` : le jour du premier relevé d'une suite que rien n'a fermée. `releve` : le dernier. `purge` : celle qui l'a suivi."""

    source: Source
    depuis: date
    releve: Faits
    purge: Faits | None = None

    @property
    def niveau(self) -> Niveau:
        return niveau(self.releve)


@dataclass(frozen=True)
class Preuve:
    """Un jour où la durée a été appliquée, et ce que vaut ce qui le dit. `operation` vide : la seule déclaration de la fiche."""

    niveau: Niveau
    jour: date
    operation: dict[str, Any] = field(default_factory=dict, compare=False)


@dataclass
class Deroulement:
    """Ce que la suite des opérations laisse : les manques encore ouverts, les preuves, ce qui n'a rien prouvé et pourquoi."""

    manques: list[LignesEnRetard] = field(default_factory=list)
    preuves: list[Preuve] = field(default_factory=list)
    sans_effet: list[tuple[Faits, str]] = field(default_factory=list)

    @property
    def ouverts(self) -> list[LignesEnRetard]:
        """Ceux qu'aucune purge documentée ne suit, le plus ancien d'abord."""
        return sorted((m for m in self.manques if m.purge is None), key=lambda m: m.depuis)


def derouler(operations: Iterable[Faits], suspension: Suspension | None = None) -> Deroulement:
    """Lit les opérations d'une durée dans l'ordre ; ôter d'un relevé les dossiers suspendus ce jour-là n'est pas le rétrécir."""
    deroulement = Deroulement()
    for operation in operations:
        filtres = _neutres(suspension, operation)
        if operation["type"] != TypeOperation.RELEVE:
            _executer(deroulement, operation)
        elif operation.get("en_retard"):
            _ouvrir(deroulement, operation, source(operation, filtres))
        else:
            _relever_a_zero(deroulement, operation, source(operation, filtres))
    return deroulement


def _neutres(suspension: Suspension | None, operation: Faits) -> tuple[str, ...]:
    """Le filtre d'une suspension en cours, qui nomme ses dossiers et ne fait que les ôter (« litige!=114 »)."""
    if suspension is None or not suspension.dossiers or "!=" not in suspension.filtre:
        return ()
    en_cours = suspension.en_cours(date.fromisoformat(operation["date"]))
    return ("".join(suspension.filtre.split()),) if en_cours else ()


def _ouvrir(deroulement: Deroulement, releve: Faits, lue: Source) -> None:
    """Un relevé en retard ouvre un manque, ou prolonge celui de la même source : la purge qui le suivait n'a pas suffi."""
    meme = niveau(releve)
    for manque in deroulement.manques:
        if manque.source == lue and manque.niveau == meme:
            manque.releve, manque.purge = releve, None
            return
    deroulement.manques.append(LignesEnRetard(lue, date.fromisoformat(releve["date"]), releve))


def _executer(deroulement: Deroulement, execution: Faits) -> None:
    """Une exécution documentée laisse les manques à vérifier ; sans manque, elle vaut preuve de son niveau."""
    absents = manquants(execution)
    if not deroulement.manques:
        deroulement.preuves.append(_preuve(execution))
        return
    if absents:
        deroulement.sans_effet.append((execution, f"sans {enumerer(absents)}, elle ne ferme pas le relevé"))
        return
    for manque in deroulement.manques:
        if raison := _retrait_insuffisant(manque, execution):
            deroulement.sans_effet.append((execution, raison))
        else:
            manque.purge = execution


def _retrait_insuffisant(manque: LignesEnRetard, execution: Faits) -> str:
    retire, en_retard = retrait(execution), manque.releve["en_retard"]
    if retire is None or retire >= en_retard:
        return ""
    lignes = f"{nombre(retire)} {accorder(retire, 'ligne')}"
    return f"{lignes} {accorder(retire, 'retirée')} pour {nombre(en_retard)} en retard"


def _relever_a_zero(deroulement: Deroulement, releve: Faits, lue: Source) -> None:
    if raison := incomplet(releve):
        deroulement.sans_effet.append((releve, raison))
        return
    restes = []
    for manque in deroulement.manques:
        if raison := _ne_ferme_pas(manque, releve, lue):
            restes.append(manque)
            deroulement.sans_effet.append((releve, raison))
    deroulement.manques = restes
    if not restes:
        deroulement.preuves.append(_preuve(releve))


def incomplet(releve: Faits) -> str:
    """Pourquoi un relevé à zéro n'a pas tout lu ; vide s'il est complet. Une ligne sans date lisible n'est pas une ligne à zéro."""
    illisibles = releve.get("sans_date") or 0
    if not illisibles:
        return ""
    sur = f" sur {nombre(releve['examinees'])}" if releve.get("examinees") else ""
    return f"{nombre(illisibles)} {accorder(illisibles, 'ligne')}{sur} sans date lisible : il ne prouve rien"


def _ne_ferme_pas(manque: LignesEnRetard, releve: Faits, lue: Source) -> str:
    """Pourquoi ce relevé à zéro ne ferme pas ce manque ; vide s'il le ferme."""
    if manque.niveau is Niveau.DECLAREE:  # ce qui n'était que dit se contredit de même, ou se compte
        return ""
    if niveau(releve) is Niveau.DECLAREE:
        return "saisi à la main, il ne ferme pas un relevé compté"
    if not lue.meme_colonne(manque.source):
        return (
            "il ne lit pas la même source, table et colonne, ou pas de la même façon, que le relevé en retard"
        )
    if not lue.contient(manque.source):
        return "ses filtres lisent moins que le relevé en retard"
    attendues = _attendues(manque)
    if (releve.get("examinees") or 0) < COMPARABLE * attendues:
        return (
            f"{nombre(releve.get('examinees') or 0)} lignes lues, quand {nombre(attendues)} étaient attendues"
        )
    return ""


def _attendues(manque: LignesEnRetard) -> int:
    """Les lignes que la source devrait encore avoir : celles du relevé en retard, moins celles qui devaient partir."""
    lues = manque.releve.get("examinees") or 0
    partie = _part_de_la_purge(manque.purge, lues) if manque.purge else 0
    return max(0, lues - max(manque.releve["en_retard"], partie))


def _part_de_la_purge(purge: Faits, lues: int) -> int:
    """Ce qu'elle a retiré, si elle portait sur les lignes relevées : un volume d'une autre population n'explique rien."""
    avant = purge.get("volume_avant") or 0
    return (retrait(purge) or 0) if COMPARABLE * lues <= avant <= lues / COMPARABLE else 0


def _preuve(operation: Faits) -> Preuve:
    return Preuve(niveau(operation), date.fromisoformat(operation["date"]), dict(operation))
