"""Le cycle de vie d'une catégorie de données : base active, archivage intermédiaire, sort final.

Pur : ni base de données, ni horloge. Les règles se lisent sous leur forme canonique (dictionnaires, dates ISO 8601).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from conservation.choix import Phase, SortFinal
from conservation.durees import Critere, Duree, Suspension, lire, prolonger, terme
from traitements.phrases import date_en_mots, minuscule

Regle = Mapping[str, Any]
SANS_DUREE = Critere("archivage dont la durée n'est pas renseignée")


class Etape(TextChoices):
    """Les phases d'une règle, puis le terme."""

    BASE_ACTIVE = "base_active", "base active"
    ARCHIVAGE = "archivage_intermediaire", "archivage intermédiaire"
    ECHU = "echu", "échu"


@dataclass(frozen=True)
class Periode:
    """`debut`, `fin` : vides quand on ne sait pas les dater. `fin` est le premier jour où la phase n'est plus."""

    etape: Etape
    debut: date | None
    fin: date | None
    fixe_par: tuple[Duree | Critere, ...]


@dataclass(frozen=True)
class Etat:
    """Où en sont les données un jour donné. `gel` : la suspension qui tient l'effacement, s'il y en a une."""

    etape: Etape
    depuis: date | None
    jusqu_au: date | None
    dite: str
    gel: Suspension | None = None


@dataclass(frozen=True)
class Cycle:
    """`sort` : le sort final déclaré, ou vide. `gel` : la suspension sans fin qui gèle le terme."""

    periodes: tuple[Periode, ...]
    sort: str
    gel: Suspension | None = None

    @property
    def fin(self) -> date | None:
        """Le jour du sort final ; `None` s'il tient à un critère, à un événement sans date ou à une suspension."""
        return self.periodes[-1].fin if self.periodes else None

    @property
    def bascules(self) -> tuple[tuple[date, Etape], ...]:
        """Chaque changement de phase que l'on sait dater, le terme compris."""
        suites = [*(p.etape for p in self.periodes[1:]), Etape.ECHU]
        return tuple((p.fin, suite) for p, suite in zip(self.periodes, suites, strict=False) if p.fin)

    def le(self, jour: date) -> Etat:
        """L'état ce jour-là. Avant le point de départ, les données sont dans leur première phase : elles servent encore."""
        for periode in self.periodes:
            if periode.fin is None or jour < periode.fin:
                gel = self.gel if periode is self.periodes[-1] else None
                return Etat(periode.etape, periode.debut, periode.fin, self._dite(periode, gel), gel)
        if not self.periodes:
            return Etat(Etape.BASE_ACTIVE, None, None, "base active, sans durée ni critère")
        return Etat(Etape.ECHU, self.fin, None, f"échu : {self._sort}")

    @property
    def _sort(self) -> str:
        return minuscule(str(SortFinal(self.sort).label)) if self.sort else "sort final non renseigné"

    @staticmethod
    def _dite(periode: Periode, gel: Suspension | None) -> str:
        if gel is not None:
            motif = f" ({gel.motif})" if gel.motif else ""
            return f"{periode.etape.label}, effacement suspendu depuis le {date_en_mots(gel.debut)}{motif}"
        if periode.fin is not None:
            return f"{periode.etape.label} jusqu'au {date_en_mots(periode.fin)}"
        criteres = [str(f) for f in periode.fixe_par if isinstance(f, Critere)]
        return f"{periode.etape.label} : {' ; '.join(criteres) or 'terme sans date connue'}"


def cycle(
    regles: Sequence[Regle],
    depart: date,
    departs: Mapping[str, date] | None = None,
    suspensions: Iterable[Suspension] = (),
) -> Cycle:
    """Le cycle des règles d'une même catégorie.

    `depart` : le jour du point de départ de la première phase. `departs` : la date d'autres points de départ, par code. La
    durée d'archivage court de son propre point de départ ; sans lui, de la fin de la base active ; s'il est autre et sans
    date, le terme n'en a pas. De plusieurs durées pour une phase, la plus longue l'emporte. Une suspension retarde
    l'effacement, jamais la mise en archive.
    """
    actives = [r for r in regles if r.get("phase") != Phase.ARCHIVAGE and lire(r)]
    archives = [r for r in regles if r.get("phase") == Phase.ARCHIVAGE and lire(r)]
    connus = {str(r["point_depart"]): depart for r in actives or archives if r.get("point_depart")}
    connus |= dict(departs or {})
    periodes = []
    if actives:
        periodes.append(_periode(Etape.BASE_ACTIVE, actives, connus, depart, depart))
    debut = periodes[-1].fin if periodes else depart
    sort = _sort(archives or actives)
    if archives:
        periodes.append(_periode(Etape.ARCHIVAGE, archives, connus, debut, debut))
    elif actives and sort == SortFinal.ARCHIVAGE_INTERMEDIAIRE:
        periodes.append(Periode(Etape.ARCHIVAGE, debut, None, (SANS_DUREE,)))
        sort = ""
    return _suspendre(periodes, sort, [*suspensions, *_suspensions(regles)])


def _periode(
    etape: Etape, regles: list[Regle], connus: Mapping[str, date], debut: date | None, defaut: date | None
) -> Periode:
    """Une phase qui commence à `debut` ; `defaut` : d'où courent les durées sans point de départ."""
    fixe_par = tuple(f for r in regles if (f := lire(r)))
    fins = [_fin(r, connus, defaut) for r in regles]
    if debut is None or None in fins:
        return Periode(etape, debut, None, fixe_par)
    return Periode(etape, debut, max([debut, *(f for f in fins if f)]), fixe_par)


def _fin(regle: Regle, connus: Mapping[str, date], defaut: date | None) -> date | None:
    duree, evenement = lire(regle), regle.get("point_depart")
    depart = connus.get(str(evenement)) if evenement else defaut
    return terme(depart, duree) if isinstance(duree, Duree) and depart else None


def _sort(regles: list[Regle]) -> str:
    return next((r["sort_final"] for r in reversed(regles) if r.get("sort_final")), "")


def _suspensions(regles: Iterable[Regle]) -> list[Suspension]:
    return [
        Suspension(
            _jour(r["suspension_debut"]),
            _jour_ou_rien(r.get("suspension_fin")),
            r.get("suspension_motif") or "",
        )
        for r in regles
        if r.get("suspension_debut")
    ]


def _suspendre(periodes: list[Periode], sort: str, suspensions: list[Suspension]) -> Cycle:
    """Repousse la fin de la dernière phase ; une suspension sans fin la gèle."""
    if not periodes or periodes[-1].fin is None:
        return Cycle(tuple(periodes), sort)
    derniere, fin = periodes[-1], periodes[-1].fin
    for suspension in sorted(suspensions, key=lambda s: s.debut):
        prolongee = prolonger(fin, suspension)
        if prolongee is None:
            gelee = Periode(derniere.etape, derniere.debut, None, derniere.fixe_par)
            return Cycle((*periodes[:-1], gelee), sort, suspension)
        fin = prolongee
    return Cycle((*periodes[:-1], Periode(derniere.etape, derniere.debut, fin, derniere.fixe_par)), sort)


def _jour(valeur: str | date) -> date:
    return valeur if isinstance(valeur, date) else date.fromisoformat(valeur)


def _jour_ou_rien(valeur: str | date | None) -> date | None:
    return _jour(valeur) if valeur else None
