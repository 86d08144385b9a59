"""Le premier regard sur une source, avant le compte : quelles colonnes portent des dates, sous quels formats, et ce qui reste obscur.

Pur, au fil de l'eau, en mémoire constante. Rien de ce qu'il rend ne cite une valeur, sauf la plus ancienne et la plus récente
des dates : ce qui ne se lit pas se dit par sa forme. Se charge aussi seul, dans le sous-processus qui lit un fichier.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from conservation.comptage import A_CHOISIR, EN_1970, ordre_a_choisir
from conservation.dates_ecrites import (
    NOMBRE,
    NOMBRES,
    NOMMES,
    TETES,
    TEXTE_MAX,
    Format,
    LecteurDeDates,
    Lecture,
    est_nulle,
    est_vide,
    ordre_de,
)

ESSAIS = 2_000  # valeurs remplies sans aucune date : au-delà, la colonne n'est plus examinée
FORMES_MAX = 200  # formes distinctes tenues par colonne
FORMES_DITES = 5
LECTURES_MAX = 8  # proposées pour une colonne
# Un nombre n'est peut-être une date que dans ces bornes, avec ces chiffres : sinon c'est un numéro, un montant.
CHIFFRES = {
    5: (Format.EXCEL,),
    8: (Format.COMPACT,),
    9: (Format.SECONDES,),
    10: (Format.SECONDES,),
    12: (Format.COMPACT, Format.MILLISECONDES),
    13: (Format.MILLISECONDES,),
    14: (Format.COMPACT,),
}
DATEES = tuple(f for f in TETES if f not in NOMBRES)
PLAUSIBLES = {
    Format.COMPACT: (date(1900, 1, 1), date(2100, 1, 1)),
    Format.SECONDES: (date(1990, 1, 1), date(2100, 1, 1)),
    Format.MILLISECONDES: (date(1990, 1, 1), date(2100, 1, 1)),
    Format.EXCEL: (date(1954, 1, 1), date(2100, 1, 1)),
}
A_BARRES = (Format.JOUR_MOIS, Format.MOIS_JOUR)
SANS_DOUTE = (Format.ISO, Format.POINTS, Format.NOMME)
SUR_CHOIX = (Format.EXCEL, Format.JOUR_MOIS_COURT, Format.MOIS_JOUR_COURT, Format.NOMME_COURT)


@dataclass
class FormatVu:
    """`lus` : les valeurs que ce format lit, de `plus_ancienne` à `plus_recente`."""

    format: Format
    lus: int
    plus_ancienne: date
    plus_recente: date
    en_1970: int = 0
    futures: int = 0

    def voir(self, jour: date, le: date) -> None:
        self.lus += 1
        if jour < self.plus_ancienne:
            self.plus_ancienne = jour
        elif jour > self.plus_recente:
            self.plus_recente = jour
        self.en_1970 += jour == EN_1970
        self.futures += jour > le


@dataclass(frozen=True)
class ColonneVue:
    """`remplies` : ni vides ni nulles. `illisibles` : sous aucun format connu, dites par leurs `formes` les plus fréquentes.

    `abandonnee` : aucune date parmi les premières valeurs remplies, la suite n'est pas examinée.
    """

    nom: str
    remplies: int
    vides: int
    nulles: int
    illisibles: int
    ordre: str
    abandonnee: bool
    formats: tuple[FormatVu, ...]
    formes: tuple[tuple[str, int], ...]

    @property
    def lues(self) -> int:
        """Les valeurs qu'un format au moins sait lire."""
        return self.remplies - self.illisibles

    @property
    def a_choisir(self) -> str:
        """Pourquoi une personne doit choisir le format ; vide s'il se propose sans doute."""
        if self.proposee or not self.formats:
            return ""
        if self.ordre:
            return A_CHOISIR[self.ordre]
        return "Peut-être pas des dates : ne retenez un format que si vous savez que ces valeurs s'écrivent ainsi."

    @property
    def proposee(self) -> Lecture | None:
        """La lecture qui ne suppose rien ; `None` s'il n'y en a pas."""
        if self.ordre in ("douteux", "melange"):
            return None
        vus = {f.format for f in self.formats}
        barres = Format.MOIS_JOUR if self.ordre else Format.JOUR_MOIS
        retenus = [f for f in Format if f in vus and (f in SANS_DOUTE or f is barres)]
        if not retenus and (seul := self._seul_nombre()):
            retenus = [seul]
        return Lecture(tuple(retenus)) if retenus else None

    @property
    def certaine(self) -> Lecture | None:
        """La lecture proposée, si elle lit chaque valeur remplie : la colonne ne peut rien être d'autre."""
        proposee = self.proposee
        if proposee is None or self.abandonnee or not self.remplies:
            return None
        return proposee if self.lues_par(proposee) == self.remplies else None

    @property
    def lectures(self) -> list[Lecture]:
        """Chaque lecture possible de la colonne, la proposée d'abord, puis celle qui lit le plus de valeurs."""
        vus = [f.format for f in self.formats]
        sans_doute = [f for f in vus if f in SANS_DOUTE]
        sens = [[f for f in vus if f in cote] for cote in self._sens()]
        nombres = [[f] for f in vus if f in NOMBRES]
        courts = [[f] for f in vus if f is Format.NOMME_COURT]
        possibles = {
            tuple(f for f in Format if f in (*sans_doute, *un, *nombre, *court))
            for un in sens or [[]]
            for nombre in ([], *nombres)
            for court in ([], *courts)
        }
        lectures = [Lecture(formats) for formats in possibles if formats]
        return sorted(lectures, key=lambda x: (x != self.proposee, -self.lues_par(x), x.codes))[:LECTURES_MAX]

    def lues_par(self, lecture: Lecture) -> int:
        return sum(f.lus for f in self.formats if f.format in lecture.formats)

    def _sens(self) -> list[tuple[Format, ...]]:
        """Les ordres du jour et du mois entre lesquels rien n'a décidé, avec ou sans les années à deux chiffres."""
        jour, mois = (
            ((Format.JOUR_MOIS,), (Format.JOUR_MOIS, Format.JOUR_MOIS_COURT)),
            ((Format.MOIS_JOUR,), (Format.MOIS_JOUR, Format.MOIS_JOUR_COURT)),
        )
        vus = {f.format for f in self.formats}
        if self.ordre == "mois d'abord":
            return [*mois]
        if self.ordre or not vus & set(A_BARRES):
            return [*jour, *mois]
        return [*jour]

    def _seul_nombre(self) -> Format | None:
        entiers = [f.format for f in self.formats if f.format in NOMBRES and f.lus == self.remplies]
        return entiers[0] if len(entiers) == 1 and entiers[0] not in SUR_CHOIX else None


class Apercu:
    """Reçoit les lignes une à une : `voir(ligne)`, dans l'ordre des noms de colonnes.

    `le` : au-delà, une date est future. `texte` : ce que dit une valeur, pour une source qui ne rend pas que des textes.
    """

    def __init__(self, noms: Sequence[str], le: date, texte: Callable[[Any], str] = str) -> None:
        self.lignes = 0
        self._texte = texte
        self._colonnes = [_Colonne(nom, le) for nom in noms]
        self._suivies = list(enumerate(self._colonnes))

    def voir(self, valeurs: Sequence[Any]) -> None:
        self.lignes += 1
        largeur = len(valeurs)
        for rang, colonne in self._suivies:
            if not colonne.voir(self._texte(valeurs[rang]) if rang < largeur else ""):
                self._suivies = [(r, c) for r, c in self._suivies if not c.abandonnee]

    def colonnes(self) -> list[ColonneVue]:
        return [colonne.vue() for colonne in self._colonnes]


@dataclass
class _Colonne:
    nom: str
    le: date
    remplies: int = 0
    vides: int = 0
    nulles: int = 0
    illisibles: int = 0
    abandonnee: bool = False
    ordres: set[str] = field(default_factory=set)
    formats: dict[Format, FormatVu] = field(default_factory=dict)
    formes: Counter[str] = field(default_factory=Counter)

    def voir(self, texte: str) -> bool:
        """Faux quand la colonne ne porte décidément aucune date : inutile de la lui montrer encore."""
        lus = lectures_de(texte)
        if lus:
            self._lire(texte, lus)
        elif est_vide(texte):
            self.vides += 1
        elif est_nulle(texte):
            self.nulles += 1
        else:
            self._ne_pas_lire(texte)
        return not self.abandonnee

    def _lire(self, texte: str, lus: tuple[tuple[Format, date], ...]) -> None:
        self.remplies += 1
        for format_, jour in lus:
            if (vu := self.formats.get(format_)) is None:
                vu = self.formats[format_] = FormatVu(format_, 0, jour, jour)
            vu.voir(jour, self.le)
        if lus[0][0] in A_BARRES:
            self.ordres.add(ordre_de(_tete(texte)[0]))

    def _ne_pas_lire(self, texte: str) -> None:
        self.remplies += 1
        self.illisibles += 1
        vue = forme(texte)
        self.formes[vue if vue in self.formes or len(self.formes) < FORMES_MAX else "…"] += 1
        self.abandonnee = self.illisibles == self.remplies >= ESSAIS

    def vue(self) -> ColonneVue:
        formats = sorted(self.formats.values(), key=lambda f: (-f.lus, list(Format).index(f.format)))
        dites = self.formes.most_common(FORMES_DITES)
        reste = self.illisibles - sum(n for _, n in dites)
        return ColonneVue(
            self.nom,
            self.remplies,
            self.vides,
            self.nulles,
            self.illisibles,
            ordre_a_choisir(self.ordres),
            self.abandonnee,
            tuple(formats),
            tuple(dites + ([("…", reste)] if reste else [])),
        )


# --- Une valeur -----------------------------------------------------------------------------------------------------------
_NOMMES = {format_: LecteurDeDates([format_]) for format_ in NOMMES}
_HEURES = {format_: LecteurDeDates([format_]).a_l_heure for format_ in TETES}


def lectures_de(texte: str) -> tuple[tuple[Format, date], ...]:
    """Chaque format qui sait lire cette valeur comme une date plausible, et le jour qu'il y lit."""
    if len(texte) > TEXTE_MAX:
        return ()
    tete, heure = _tete(texte)
    if lus := _lectures_de_la_tete(tete):
        return _a_l_heure(lus, heure) if heure else lus
    if not any(c.isdigit() for c in texte):
        return ()
    return tuple((f, jour) for f, lecteur in _NOMMES.items() if (jour := lecteur.jour(texte)))


def _tete(texte: str) -> tuple[str, str]:
    texte = texte.strip()
    tete, separateur, heure = texte.partition("T" if " " not in texte else " ")
    return tete, separateur and heure.strip()


@lru_cache(maxsize=50_000)
def _lectures_de_la_tete(tete: str) -> tuple[tuple[Format, date], ...]:
    nombre = NOMBRE.fullmatch(tete)
    possibles = CHIFFRES.get(len(nombre["entier"]), ()) if nombre else DATEES
    lus = ((f, TETES[f](tete)) for f in possibles)
    return tuple((f, jour) for f, jour in lus if jour and _plausible(f, jour))


def _a_l_heure(lus: tuple[tuple[Format, date], ...], heure: str) -> tuple[tuple[Format, date], ...]:
    ajustes = ((f, _HEURES[f](jour, heure)) for f, jour in lus)
    return tuple((f, jour) for f, jour in ajustes if jour)


def _plausible(format_: Format, jour: date) -> bool:
    debut, fin = PLAUSIBLES.get(format_, (date.min, date.max))
    return debut <= jour <= fin


def forme(texte: str) -> str:
    """Ce à quoi ressemble une valeur, sans rien en dire : « 9999-99 », « Aa… », « 99 a… 9999 »."""
    dite = "".join(_signe(c) for c in " ".join(texte[: 4 * TEXTE_MAX].split()))
    dite = re.sub(r"(?<=[Aa])[Aa]{2,}", "…", dite)
    dite = re.sub(r"9{15,}", "9…", dite)
    return dite if len(dite) <= TEXTE_MAX else f"{dite[:40].rstrip('…')}…"


def _signe(c: str) -> str:
    if c.isdecimal():
        return "9"
    if c.isalpha():
        return "A" if c.isupper() else "a"
    return c if c.isascii() and c.isprintable() else "?"


def part(lus: int, remplies: int) -> str:
    """« 66,7 % », au dixième : n'arrondit jamais à tout ce qui n'est pas tout, ni à rien ce qui n'est pas rien."""
    dixiemes = min(max(round(lus * 1000 / remplies), 1), 999) if 0 < lus < remplies else 1000 * bool(lus)
    entiers, reste = divmod(dixiemes, 10)
    return f"{entiers},{reste}\N{NO-BREAK SPACE}%" if reste else f"{entiers}\N{NO-BREAK SPACE}%"


def dite(vue: ColonneVue) -> dict[str, Any]:
    """Une colonne vue, en textes et en nombres : pour traverser un processus, ou pour `--json`."""
    formats = [
        {**vars(f), "plus_ancienne": f.plus_ancienne.isoformat(), "plus_recente": f.plus_recente.isoformat()}
        for f in vue.formats
    ]
    return {**vars(vue), "formats": formats, "formes": [list(f) for f in vue.formes]}


def relue(lue: dict[str, Any]) -> ColonneVue:
    """La colonne que disait `dite`."""
    formats = tuple(
        FormatVu(
            Format(f["format"]),
            f["lus"],
            date.fromisoformat(f["plus_ancienne"]),
            date.fromisoformat(f["plus_recente"]),
            f["en_1970"],
            f["futures"],
        )
        for f in lue["formats"]
    )
    return ColonneVue(**{**lue, "formats": formats, "formes": tuple((f, n) for f, n in lue["formes"])})
