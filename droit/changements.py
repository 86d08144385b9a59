"""Ce qu'un droit nouveau change à une fiche : ce qu'il y fait relever, ce qu'il n'y fait plus relever. Pur.

On compare le droit de deux jours sur les mêmes faits, jugés le même jour : une revue qui échoit, un contrat qui finit, une purge qui tarde
ne sont pas un droit nouveau.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from droit.faits import Element, Faits, jour
from droit.regles import REGLES, Constat, Portee, Regle, controler, controler_organisme
from droit.reperes import TABLES, Reperes

VEILLE = timedelta(days=1)


@dataclass(frozen=True)
class DroitNouveau:
    """Un jour où le droit change : les règles qui commencent, changent ou cessent, les lignes de référentiels qui font de même."""

    le: date
    regles: tuple[Regle, ...]
    lignes: tuple[Element, ...]


@dataclass(frozen=True)
class EffetDuDroit:
    """`apportes` : les constats que le droit du jour fait naître. `leves` : ceux qu'il fait disparaître."""

    apportes: list[Constat]
    leves: list[Constat]

    def __bool__(self) -> bool:
        return bool(self.apportes or self.leves)


def changements(reperes: Reperes, depuis: date, au: date) -> list[DroitNouveau]:
    """Les jours où le droit change, après `depuis` et jusqu'à `au` compris, dans leur ordre."""
    lignes = [(j, ligne) for nom in TABLES for ligne in getattr(reperes, nom).values() for j in _jours(ligne)]
    jours = {j for r in REGLES.values() for j in r.jours} | {j for j, _ in lignes}
    return [
        DroitNouveau(
            j,
            tuple(r for r in REGLES.values() if j in r.jours),
            tuple(ligne for quand, ligne in lignes if quand == j),
        )
        for j in sorted(jours)
        if depuis < j <= au
    ]


def difference(faits: Faits, nouveau: DroitNouveau) -> EffetDuDroit:
    """Ce que ce droit change à une fiche jugée ce jour-là, ou à l'organisme quand les faits n'ont pas de fiche.

    Un constat qu'une autre règle fait taire n'a pas disparu : seul compte ce que chaque règle trouve.
    """
    le, veille = nouveau.le, nouveau.le - VEILLE
    avant, apres = (_au(faits, j) if nouveau.lignes else faits for j in (veille, le))
    regles = [r for r in REGLES.values() if nouveau.lignes or r in nouveau.regles]
    if faits.fiche.get("statut") == "archivee" or not _different(regles, avant, apres, le):
        return EffetDuDroit([], [])
    juger = controler if faits.fiche else controler_organisme
    hier, aujourd_hui = juger(avant, le, veille), juger(apres, le, le)
    return EffetDuDroit(
        _sans(aujourd_hui, _trouves(regles, avant, le, veille), regles),
        _sans(hier, _trouves(regles, apres, le, le), regles),
    )


def _au(faits: Faits, droit: date) -> Faits:
    return replace(faits, reperes=replace(faits.reperes, droit_au=droit))


def _different(regles: list[Regle], avant: Faits, apres: Faits, le: date) -> bool:
    return _trouves(regles, avant, le, le - VEILLE) != _trouves(regles, apres, le, le)


def _trouves(regles: list[Regle], faits: Faits, le: date, droit: date) -> set[tuple[str, ...]]:
    """Ce que ces règles trouvent, masquages exceptés."""
    portee = Portee.FICHE if faits.fiche else Portee.ORGANISME
    second = faits.du_sous_traitant
    siennes = [r for r in regles if r.portee is portee and (r.sous_traitant or not second)]
    return {_cle(c) for r in siennes for c in r.constats(faits, le, droit)}


def _sans(constats: list[Constat], connus: set[tuple[str, ...]], regles: list[Regle]) -> list[Constat]:
    codes = {r.code for r in regles}
    return [c for c in constats if c.code in codes and _cle(c) not in connus]


def _cle(constat: Constat) -> tuple[str, ...]:
    return (constat.code, constat.chemin, constat.gravite, constat.dit)


def _jours(ligne: Element) -> Iterator[date]:
    """Le premier jour d'une ligne datée, et le lendemain du dernier."""
    if debut := jour(ligne, "date_effet"):
        yield debut
    if fin := jour(ligne, "date_fin"):
        yield fin + VEILLE
