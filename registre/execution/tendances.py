"""La suite des relevés d'un plan : ce qui a été compté, relevé après relevé, et les purges entre eux. Rien n'en est conclu ici."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from conservation.choix import GenreSource, TypeOperation
from conservation.models import Operation, PlanReleve
from conservation.preuves import source
from traitements.phrases import compte, date_en_mots

LARGEUR, HAUTEUR, MARGE = 1000, 100, 20  # du dessin, étiré à la place que la page lui donne


@dataclass(frozen=True)
class Place:
    """Un point du dessin, à l'abscisse du jour ; l'ordonnée croît vers le bas."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.1f} {self.y:.1f}"


@dataclass(frozen=True)
class Courbe:
    """Un nombre au fil des relevés. `maximum` : ce que vaut le haut du dessin."""

    places: tuple[Place, ...]
    maximum: int

    @property
    def trait(self) -> str:
        return "M" + " L".join(map(str, self.places))

    @property
    def points(self) -> str:
        """Un trait sans longueur par relevé : le bout rond du trait fait le point, que l'étirement du dessin ne déforme pas."""
        return " ".join(f"M{place} h0" for place in self.places)


@dataclass(frozen=True)
class LigneDeTendance:
    """Une ligne du tableau : un relevé, ou une purge des mêmes durées. `corrige` : ce relevé, que quelqu'un a corrigé depuis."""

    operation: Operation
    releve: bool
    corrige: bool = False


@dataclass(frozen=True)
class Tendance:
    """Les relevés des mêmes durées, du plus ancien au plus récent, et ce qui a été fait de ces durées depuis le premier."""

    durees: tuple[str, ...]
    releves: tuple[Operation, ...]
    executions: tuple[Operation, ...]
    corriges: frozenset[UUID] = frozenset()

    @property
    def debut(self) -> date:
        return self.releves[0].date

    @property
    def fin(self) -> date:
        return max(o.date for o in (*self.releves, *self.executions))

    @property
    def en_retard(self) -> Courbe:
        return self._courbe(lambda o: o.en_retard or 0, self._plafond)

    @property
    def sans_date(self) -> Courbe | None:
        """Vide quand chaque date s'est lue."""
        if not any(o.sans_date for o in self.releves):
            return None
        return self._courbe(lambda o: o.sans_date or 0, self._plafond)

    @property
    def examinees(self) -> Courbe:
        return self._courbe(lambda o: o.examinees or 0, max((o.examinees or 0) for o in self.releves))

    @property
    def purges(self) -> list[str]:
        """L'abscisse de chaque purge."""
        return [f"{self._x(o.date):.1f}" for o in self.executions]

    @property
    def lignes(self) -> list[LigneDeTendance]:
        """Le tableau, du plus récent au plus ancien."""
        toutes = [LigneDeTendance(o, True, o.pk in self.corriges) for o in self.releves] + [
            LigneDeTendance(o, False) for o in self.executions
        ]
        return sorted(toutes, key=lambda x: (x.operation.date, x.operation.enregistre_le), reverse=True)

    @property
    def phrase(self) -> str:
        """Le dessin, en mots."""
        dits = [
            f"{compte(o.en_retard or 0, 'ligne')} le {date_en_mots(o.date)}"
            + (" (corrigé)" if o.pk in self.corriges else "")
            for o in self.releves
        ]
        faites = [f"{o.get_type_display().lower()} le {date_en_mots(o.date)}" for o in self.executions]
        return f"Au-delà du terme : {', '.join(dits)}." + (
            f" {', '.join(faites).capitalize()}." if faites else ""
        )

    @property
    def _plafond(self) -> int:
        return max(max(o.en_retard or 0, o.sans_date or 0) for o in self.releves)

    def _courbe(self, valeur: Callable[[Operation], int], maximum: int) -> Courbe:
        hauteur = HAUTEUR - 2 * MARGE / 2
        places = (
            Place(self._x(o.date), HAUTEUR - MARGE / 2 - hauteur * valeur(o) / (maximum or 1))
            for o in self.releves
        )
        return Courbe(tuple(places), maximum)

    def _x(self, jour: date) -> float:
        jours = (self.fin - self.debut).days
        if not jours:
            return LARGEUR / 2
        return MARGE + (LARGEUR - 2 * MARGE) * (jour - self.debut).days / jours


def tendances(plan: PlanReleve) -> list[Tendance]:
    """Une par groupe de durées comptées ensemble. Dans la portée de l'organisme.

    Les relevés du plan, et ceux qui ont lu le même fichier de la même façon avant qu'il soit gardé. Une correction se tape : elle
    n'efface pas d'ici ce que Registre a compté.
    """
    siennes = Operation.objects.filter(traitement=plan.traitement)
    corriges = frozenset(siennes.exclude(corrige=None).values_list("corrige_id", flat=True))
    par_durees: dict[tuple[str, ...], list[Operation]] = {}
    executions: list[Operation] = []
    for o in siennes.order_by("date", "enregistre_le"):
        if o.type != TypeOperation.RELEVE:
            if o.pk not in corriges:
                executions.append(o)
        elif o.plan_id == plan.pk or _du_meme_fichier(plan, o):
            par_durees.setdefault(_visees(o), []).append(o)
    return [_tendance(cle, releves, executions, corriges) for cle, releves in par_durees.items()]


def _du_meme_fichier(plan: PlanReleve, releve: Operation) -> bool:
    """Un relevé sans plan qui a lu ce que le plan lit, pour l'une de ses durées ; deux lectures se comparent comme dans `preuves`."""
    if releve.plan_id or not releve.mesuree or releve.source_genre != GenreSource.FICHIER:
        return False
    du_plan = {"source": plan.adresse, "table": plan.table, "colonne": plan.colonne}
    du_releve = {"source": releve.source, "table": releve.source_table, "colonne": releve.source_colonne}
    return source({**du_plan, "filtres": plan.filtres, "lecture": plan.lecture}) == source(
        {**du_releve, "filtres": releve.source_filtres, "lecture": releve.source_lecture}
    ) and {*_visees(releve)} <= {v["id"] for v in plan.durees_visees}


def _tendance(
    cle: tuple[str, ...],
    releves: Sequence[Operation],
    executions: Sequence[Operation],
    corriges: frozenset[UUID],
) -> Tendance:
    debut = releves[0].date
    siennes = [o for o in executions if o.date >= debut and {*cle} & {*_visees(o)}]
    return Tendance(tuple(releves[-1].regles_texte), tuple(releves), tuple(siennes), corriges)


def _visees(operation: Operation) -> tuple[str, ...]:
    return tuple(sorted(v["id"] for v in operation.durees_visees))
