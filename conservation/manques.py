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
    """Un manque. `depuis` : le jour du premier relevé d'une suite que rien n'a fermée. `releve` : le dernier.

    `purge` : la première qui l'a suivi, et qu'il reste à vérifier. `lues`, `attendues` : le plus que la suite ait lu, et ce
    qui devait en rester : un relevé plus petit ne les rapetisse pas.
    """

    source: Source
    depuis: date
    releve: Faits
    purge: Faits | None = None
    lues: int = 0
    attendues: int = 0

    def __post_init__(self) -> None:
        self.prolonger(self.releve)

    def prolonger(self, releve: Faits) -> None:
        lues = releve.get("examinees") or 0
        self.releve, self.purge = releve, None
        self.lues = max(self.lues, lues)
        self.attendues = max(self.attendues, lues - releve["en_retard"])

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
    """Ce que la suite des opérations laisse : les manques encore ouverts, les preuves, ce qui n'a rien prouvé et pourquoi.

    `connues` : les sources où des lignes en retard ont été comptées un jour.
    """

    manques: list[LignesEnRetard] = field(default_factory=list)
    preuves: list[Preuve] = field(default_factory=list)
    sans_effet: list[tuple[Faits, str]] = field(default_factory=list)
    connues: set[Source] = field(default_factory=set)

    @property
    def ouverts(self) -> list[LignesEnRetard]:
        """Ceux qu'aucune purge documentée ne suit, le plus ancien d'abord."""
        return sorted((m for m in self.manques if m.purge is None), key=lambda m: m.depuis)


def derouler(operations: Iterable[Faits], le: date, suspension: Suspension | None = None) -> Deroulement:
    """Lit les opérations d'une durée dans l'ordre ; ôter d'un relevé les dossiers encore suspendus n'est pas le rétrécir."""
    deroulement = Deroulement()
    for operation in operations:
        lue = source(operation, _neutres(suspension, operation, le))
        if operation["type"] != TypeOperation.RELEVE:
            _executer(deroulement, operation)
        elif operation.get("en_retard"):
            _ouvrir(deroulement, operation, lue)
        else:
            _relever_a_zero(deroulement, operation, lue)
    return deroulement


def _neutres(suspension: Suspension | None, operation: Faits, le: date) -> tuple[str, ...]:
    """Le filtre d'une suspension en cours, alors et ce jour, qui nomme ses dossiers et ne fait que les ôter (« litige!=114 »)."""
    if suspension is None or not suspension.dossiers or "!=" not in suspension.filtre:
        return ()
    if not (suspension.en_cours(le) and suspension.en_cours(date.fromisoformat(operation["date"]))):
        return ()
    colonne, _, valeur = suspension.filtre.partition("!=")
    return (f"{colonne.strip()}!={valeur.strip()}",)


def _ouvrir(deroulement: Deroulement, releve: Faits, lue: Source) -> None:
    """Un relevé en retard ouvre un manque, ou prolonge celui de la même source : la purge qui le suivait n'a pas suffi."""
    meme = niveau(releve)
    if meme is Niveau.CONSTATEE:
        deroulement.connues.add(lue)
    for manque in deroulement.manques:
        if manque.source == lue and manque.niveau == meme:
            manque.prolonger(releve)
            return
    deroulement.manques.append(LignesEnRetard(lue, date.fromisoformat(releve["date"]), releve))


def _executer(deroulement: Deroulement, execution: Faits) -> None:
    """Une exécution documentée laisse les manques à vérifier ; sans manque, elle vaut preuve de son niveau.

    Ce qu'elle a retiré ne compte qu'une fois, le plus ancien manque d'abord ; une seconde purge ne repousse pas la vérification.
    """
    absents, reste = manquants(execution), retrait(execution)
    if not deroulement.manques:
        deroulement.preuves.append(_preuve(execution, niveau(execution)))
        return
    if absents:
        deroulement.sans_effet.append((execution, f"sans {enumerer(absents)}, elle ne ferme pas le relevé"))
        return
    for manque in deroulement.ouverts:
        en_retard = manque.releve["en_retard"]
        if reste is not None and reste < en_retard:
            lignes = f"{nombre(reste)} {accorder(reste, 'ligne')} {accorder(reste, 'retirée')}"
            deroulement.sans_effet.append((execution, f"{lignes} pour {nombre(en_retard)} en retard"))
        else:
            manque.purge, reste = execution, None if reste is None else reste - en_retard


def _relever_a_zero(deroulement: Deroulement, releve: Faits, lue: Source) -> None:
    if raison := incomplet(releve):
        deroulement.sans_effet.append((releve, raison))
        return
    restes, niveaux = [], [_niveau_a_zero(deroulement, releve, lue)]
    for manque in deroulement.manques:
        if raison := _ne_ferme_pas(manque, releve, lue):
            restes.append(manque)
            deroulement.sans_effet.append((releve, raison))
        elif manque.niveau is Niveau.CONSTATEE and not _assez(releve, manque.attendues):
            # C'est la purge, et non le compte, qui explique les lignes parties.
            niveaux.append(Niveau.DOCUMENTEE)
    deroulement.manques = restes
    if not restes:
        deroulement.preuves.append(_preuve(releve, min(niveaux, key=list(Niveau).index)))


def _niveau_a_zero(deroulement: Deroulement, releve: Faits, lue: Source) -> Niveau:
    """Un filtre ou une requête choisissent ce qui se lit : seul un retard déjà compté là montre qu'ils lisent ce qu'il faut."""
    dite = niveau(releve)
    choisie = (lue.filtres or releve.get("requete")) and lue not in deroulement.connues
    return Niveau.DOCUMENTEE if dite is Niveau.CONSTATEE and choisie else dite


def incomplet(releve: Faits) -> str:
    """Pourquoi un relevé à zéro n'a pas tout lu ; vide s'il est complet. Une ligne sans date lisible n'est pas une ligne à zéro."""
    examinees, a_venir = releve.get("examinees") or 0, releve.get("a_venir") or 0
    if releve.get("differee"):
        return "une base ne montre que son état du jour où on la lit : au titre d'un jour passé, il ne prouve rien"
    if illisibles := releve.get("sans_date") or 0:
        sur = f" sur {nombre(examinees)}" if examinees else ""
        return (
            f"{nombre(illisibles)} {accorder(illisibles, 'ligne')}{sur} sans date lisible : il ne prouve rien"
        )
    if 2 * a_venir > examinees:
        return f"{nombre(a_venir)} dates à venir sur {nombre(examinees)} : la colonne ou son format ne sont pas les bons"
    return ""


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
    if (releve.get("limite") or "") < (manque.releve.get("limite") or ""):
        return "sa date limite est plus ancienne que celle du relevé en retard"
    if not _assez(releve, _attendues(manque)):
        lues = nombre(releve.get("examinees") or 0)
        return f"{lues} lignes lues, quand {nombre(_attendues(manque))} étaient attendues"
    return ""


def _assez(releve: Faits, attendues: int) -> bool:
    return (releve.get("examinees") or 0) >= COMPARABLE * attendues


def _attendues(manque: LignesEnRetard) -> int:
    """Les lignes que la source devrait encore avoir ; ce que la purge en a laissé, si elle portait sur les lignes relevées.

    Un volume d'une autre population n'explique rien.
    """
    avant, apres = (manque.purge or {}).get("volume_avant"), (manque.purge or {}).get("volume_apres")
    if avant is None or apres is None or not COMPARABLE * manque.lues <= avant <= manque.lues / COMPARABLE:
        return manque.attendues
    return min(manque.attendues, int(apres))


def _preuve(operation: Faits, vaut: Niveau) -> Preuve:
    return Preuve(vaut, date.fromisoformat(operation["date"]), dict(operation))
