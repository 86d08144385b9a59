"""Le comptage : la réalité suit-elle la durée ? Pur : ni base de données, ni horloge, ni réglage.

Ce module se charge aussi seul, dans le sous-processus qui lit un fichier.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from conservation.dates_ecrites import (
    FUSEAU,
    ORDINAIRE,
    LecteurDeDates,
    Lecture,
    est_nulle,
    est_vide,
)

__all__ = ["FUSEAU", "Compteur", "Decompte", "compter"]

EN_1970 = date(1970, 1, 1)  # ce qu'écrit un programme qui n'a pas de date
A_CHOISIR = {
    "douteux": "Chaque date de cette colonne se lit aussi bien JJ/MM/AAAA que MM/JJ/AAAA : rien n'y décide.",
    "mois d'abord": "Cette colonne s'écrit MM/JJ/AAAA, le mois d'abord.",
    "melange": "Cette colonne mêle des dates JJ/MM/AAAA et MM/JJ/AAAA : ses dates douteuses se liraient au hasard.",
}


@dataclass(frozen=True)
class Decompte:
    """`examinees` comprend les lignes en retard et les lignes sans date lisible.

    `sans_date` se partage en vides, `nulles` et `illisibles`. `en_1970` (parmi les retards), `futures` : des
    dates lues, à ne pas croire sans voir.
    `ordre` : pourquoi l'ordre du jour et du mois est à choisir (une clé de `A_CHOISIR`) ; vide, le compte tient.
    """

    examinees: int
    en_retard: int
    sans_date: int
    nulles: int = field(default=0, compare=False)
    illisibles: int = field(default=0, compare=False)
    en_1970: int = field(default=0, compare=False)
    futures: int = field(default=0, compare=False)
    ordre: str = field(default="", compare=False)


def ordre_a_choisir(ordres: Collection[str]) -> str:
    """D'après ce que chaque date dit de l'ordre de sa colonne : une clé de `A_CHOISIR`, ou rien si JJ/MM/AAAA y est décidé."""
    if "mois d'abord" in ordres:
        return "melange" if "jour d'abord" in ordres else "mois d'abord"
    return "douteux" if "douteux" in ordres and "jour d'abord" not in ordres else ""


class Compteur:
    """Compte au fil de l'eau, selon une lecture figée d'avance ; ne garde aucune valeur. `le` : le jour du relevé."""

    def __init__(self, limite: date, lecture: Lecture = ORDINAIRE, le: date | None = None) -> None:
        self.limite, self.le = limite, le or date.max
        self.examinees = self.en_retard = self.sans_date = 0
        self.nulles = self.illisibles = self.en_1970 = self.futures = 0
        self._lecteur = LecteurDeDates(lecture.formats)
        self._jour = self._lecteur.jour
        self._choisie = lecture.choisie

    def voir(self, texte: str) -> None:
        jour = self._jour(texte)
        self.examinees += 1
        if jour is None:
            self._sans_date(texte)
        elif jour < self.limite:
            self.en_retard += 1
            if jour == EN_1970:
                self.en_1970 += 1
        elif jour > self.le:
            self.futures += 1

    def _sans_date(self, texte: str) -> None:
        self.sans_date += 1
        if est_nulle(texte):
            self.nulles += 1
        elif not est_vide(texte):
            self.illisibles += 1

    @property
    def ordre(self) -> str:
        """Pourquoi l'ordre du jour et du mois reste à choisir ; vide s'il l'est, ou si la colonne en décide."""
        return "" if self._choisie else ordre_a_choisir(self._lecteur.ordres)

    def compte(self) -> Decompte:
        return Decompte(
            self.examinees,
            self.en_retard,
            self.sans_date,
            self.nulles,
            self.illisibles,
            self.en_1970,
            self.futures,
            self.ordre,
        )


def compter(
    textes: Iterable[str], limite: date, lecture: Lecture = ORDINAIRE, le: date | None = None
) -> Decompte:
    compteur = Compteur(limite, lecture, le)
    for texte in textes:
        compteur.voir(texte)
    return compteur.compte()


def reunir(comptes: Sequence[Decompte]) -> Decompte:
    """Le compte d'une colonne sous plusieurs formats, à partir de celui de chacun : une valeur n'est lue que par un seul.

    Les formats d'une même lecture s'excluent : ce que l'un lit, les autres le disent sans date.
    """
    examinees, nulles = comptes[0].examinees, comptes[0].nulles
    vides = comptes[0].sans_date - nulles - comptes[0].illisibles
    sans_date = examinees - sum(c.examinees - c.sans_date for c in comptes)
    return Decompte(
        examinees,
        sum(c.en_retard for c in comptes),
        sans_date,
        nulles,
        sans_date - nulles - vides,
        sum(c.en_1970 for c in comptes),
        sum(c.futures for c in comptes),
    )
