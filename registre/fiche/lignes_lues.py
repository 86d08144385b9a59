"""Ce que l'on lit d'une liste de la fiche : ses lignes, leurs cellules ; et les phases d'un même cycle, en une seule ligne."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from registre.fiche.lecture import NON_RENSEIGNE
from registre.fiche.phases import PhaseLue

LONGUE = 900  # caractères dans une cellule
EN_LISTE = 4
SANS_PHASE = "Avant l'archivage"  # la phase d'une ligne qui ne la dit pas, et qu'une archive suit


@dataclass(frozen=True)
class Valeur:
    """Un champ lu. `lignes` est vide quand rien n'est renseigné ; `texte` ne l'est jamais.

    `entre` : ce qui sépare deux éléments dans le texte ; un point-virgule là où un libellé peut porter une virgule.
    """

    champ: str
    libelle: str
    lignes: tuple[str, ...]
    entre: str = ", "

    @property
    def rempli(self) -> bool:
        return bool(self.lignes)

    @property
    def texte(self) -> str:
        return self.entre.join(self.lignes) or NON_RENSEIGNE

    @property
    def en_liste(self) -> bool:
        """Assez d'éléments pour se lire l'un sous l'autre."""
        return len(self.lignes) >= EN_LISTE


@dataclass(frozen=True)
class TempsLu:
    """Ce qu'une cellule dit d'une des phases d'un cycle : « Base active », puis sa phrase et ses notes."""

    phase: str
    principale: Valeur
    notes: tuple[Valeur, ...]


@dataclass(frozen=True)
class CelluleLue:
    """`temps` : la cellule d'un cycle, phase après phase ; elle n'a alors pas d'autre texte."""

    colonne: str  # son code
    titre: str
    principale: Valeur
    notes: tuple[Valeur, ...]
    temps: tuple[TempsLu, ...] = ()

    @property
    def longueur(self) -> int:
        """Ses caractères."""
        lues: Sequence[CelluleLue | TempsLu] = self.temps or (self,)
        return sum(len(v.texte) for lue in lues for v in (lue.principale, *lue.notes))


@dataclass(frozen=True)
class LigneLue:
    numero: int
    cellules: tuple[CelluleLue, ...]
    phases: tuple[PhaseLue, ...] = ()

    @property
    def en_cycle(self) -> bool:
        """Dit-elle plusieurs phases ?"""
        return any(cellule.temps for cellule in self.cellules)

    @property
    def longue(self) -> bool:
        """Trop haute pour ne pas se couper entre deux pages."""
        return any(cellule.longueur > LONGUE for cellule in self.cellules)


def rangees(lignes: Sequence[LigneLue], suites: Sequence[tuple[int, ...]]) -> tuple[LigneLue, ...]:
    """Les lignes à montrer : les durées d'un même cycle (leurs numéros, dans l'ordre du temps) n'en font qu'une, à la place de la première."""
    par_numero = {ligne.numero: ligne for ligne in lignes}
    suite_de = {numero: suite for suite in suites for numero in suite if len(suite) > 1}
    places = dict.fromkeys(suite_de.get(ligne.numero, (ligne.numero,)) for ligne in lignes)
    return tuple(_d_un_cycle([par_numero[numero] for numero in suite]) for suite in places)


def _d_un_cycle(lignes: Sequence[LigneLue]) -> LigneLue:
    """Les données dites une fois, puis chaque phase sous son nom. Aucun champ ne se perd, la phase devient ce nom."""
    if len(lignes) == 1:
        return lignes[0]
    noms = [_nom_de_phase(ligne) for ligne in lignes]
    premieres, *autres = zip(*(ligne.cellules for ligne in lignes), strict=True)
    barre = next((ligne.phases for ligne in lignes if ligne.phases), ())
    cellules = (_commune(premieres, noms), *(_par_phase(cellules, noms) for cellules in autres))
    return replace(lignes[0], cellules=cellules, phases=barre)


def _nom_de_phase(ligne: LigneLue) -> str:
    phases = (note for cellule in ligne.cellules for note in cellule.notes if note.champ == "phase")
    return next((note.texte for note in phases if note.rempli), SANS_PHASE)


def _commune(cellules: Sequence[CelluleLue], noms: Sequence[str]) -> CelluleLue:
    """Ce que les phases d'un cycle ont en commun ; une note que l'une est seule à porter dit de laquelle elle est."""
    notes = [tuple(n for n in cellule.notes if n.champ != "phase") for cellule in cellules]
    communes = tuple(n for n in notes[0] if all(n in siennes for siennes in notes[1:]))
    propres = tuple(
        replace(n, libelle=f"{n.libelle} ({nom.lower()})")
        for nom, siennes in zip(noms, notes, strict=True)
        for n in siennes
        if n not in communes
    )
    return replace(cellules[0], notes=communes + propres)


def _par_phase(cellules: Sequence[CelluleLue], noms: Sequence[str]) -> CelluleLue:
    """Chaque phase à son tour ; une colonne dont aucune ne dit rien se lit « non renseigné », une fois."""
    if not any(c.principale.rempli or c.notes for c in cellules):
        return cellules[0]
    return replace(
        cellules[0],
        notes=(),
        temps=tuple(TempsLu(nom, c.principale, c.notes) for nom, c in zip(noms, cellules, strict=True)),
    )
