"""Les généralisations qui atteindraient un k choisi, et ce que l'on y perdrait. Heuristique de Datafly (Sweeney, 1998).

Chaque étape est une `Etape` : sa phrase suffit à la refaire, et c'est elle, appliquée, qui donne le k et la perte annoncés.
"""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from conservation.anonymat.table import Attribut, JeuDeDonnees, classes, dix_milliemes, nombre

DATE = re.compile(r"(\d{4})-(\d{2})-\d{2}(?:[T ].*)?", re.ASCII)
DATE_FRANCAISE = re.compile(r"\d{1,2}[/.](\d{1,2})[/.](\d{4})", re.ASCII)
CODE_POSTAL = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8]|2[AB])\d{3}", re.ASCII)
TRANCHES = (20, 8, 4)  # nombre de tranches visé, de la plus fine à la plus large
PERTE_ADMISE = 500  # dix-millièmes des lignes que l'on accepte de supprimer dans la proposition moyenne
CELLULES_MAX = 10_000_000  # comptées en tout : au-delà, la recherche s'arrête où elle en est
RETIREE = "colonne retirée"
MOIS, ANNEE = "dates ramenées au mois (AAAA-MM)", "dates ramenées à l'année (AAAA)"
DEPARTEMENT = "codes postaux ramenés au département (deux premiers caractères, trois outre-mer)"
RARES = "valeurs portées par moins de {k} lignes remplacées par « autre »"
PAS = "nombres ramenés au multiple de {pas} inférieur ou égal"
SUPPRIMER = "supprimer les lignes dont la combinaison est portée par moins de {k} lignes"
Passe = Callable[[Attribut], list[str]]


@dataclass(frozen=True)
class Etape:
    """`phrase` : ce qui est fait, en toutes lettres. `passe` : l'image de chaque valeur. `reprend` : des valeurs d'origine, à la place de
    l'étape précédente ; sinon, de ce que celle-ci a laissé."""

    phrase: str
    passe: Passe
    reprend: bool = False


@dataclass
class _Etat:
    """Une colonne en cours de généralisation : ce qui lui a été fait, ce qui peut encore l'être."""

    nom: str
    origine: Attribut
    colonne: Attribut
    etapes: list[Etape]
    faites: list[str] = field(default_factory=list)

    def avancer(self) -> bool:
        """Franchit l'étape suivante ; faux si elle ne rassemble rien."""
        etape = self.etapes.pop(0)
        base = self.origine if etape.reprend else self.colonne
        image = base.refondue(etape.passe(base))
        if len(image.valeurs) >= len(self.colonne.valeurs):
            return False
        self.colonne = image
        self.faites = [etape.phrase] if etape.reprend else [*self.faites, etape.phrase]
        return True


class _Recherche:
    """Les états des colonnes, et ce que l'on a déjà compté."""

    def __init__(self, table: JeuDeDonnees, noms: Sequence[str], k: int) -> None:
        self.k, self.lignes, self.comptees = k, table.lignes, 0
        self.etats = [
            _Etat(n, c, c, list(etapes(c, k))) for n, c in zip(noms, table.choisies(noms), strict=True)
        ]

    @property
    def epuisee(self) -> bool:
        return self.comptees > CELLULES_MAX

    def tailles(self, etats: Sequence[_Etat]) -> list[int]:
        gardes = [e.colonne for e in etats if len(e.colonne.valeurs) > 1]
        self.comptees += self.lignes * max(len(gardes), 1)
        return classes(gardes).tailles if gardes else [self.lignes]

    def perdues(self, etats: Sequence[_Etat]) -> int:
        """Lignes à supprimer pour qu'aucune classe ne compte moins de k lignes."""
        return sum(t for t in self.tailles(etats) if t < self.k)

    def suivant(self) -> _Etat | None:
        """La colonne qui a le plus de valeurs distinctes, parmi celles que l'on sait encore généraliser ; à défaut, celle dont le
        retrait fait perdre le moins de lignes."""
        if self.epuisee:
            return None
        if douces := [e for e in self.etats if e.etapes and e.etapes[0].phrase != RETIREE]:
            return max(douces, key=lambda e: len(e.colonne.valeurs))
        retirables = [e for e in self.etats if e.etapes and len(e.colonne.valeurs) > 1]
        return min(
            retirables, key=lambda e: self.perdues([a for a in self.etats if a is not e]), default=None
        )

    def proposition(self) -> dict[str, Any]:
        """Ce qu'il faut faire, dans l'ordre, et le k que cela donne : celui de la plus petite classe qui reste."""
        tailles = self.tailles(self.etats)
        perdues = sum(t for t in tailles if t < self.k)
        return {
            "k": min((t for t in tailles if t >= self.k), default=0),
            "supprimees": perdues,
            "part": dix_milliemes(perdues, self.lignes),
            "suppression": SUPPRIMER.format(k=self.k) if perdues else "",
            "colonnes": [
                {
                    "colonne": e.nom,
                    "faites": list(e.faites),
                    "avant": len(e.origine.valeurs),
                    "apres": len(e.colonne.valeurs),
                }
                for e in self.etats
                if e.faites
            ],
        }


def propositions(table: JeuDeDonnees, noms: Sequence[str], k: int) -> list[dict[str, Any]]:
    """Trois voies vers ce k : supprimer, généraliser un peu puis supprimer, généraliser sans supprimer. Aucune si k est atteint."""
    recherche = _Recherche(table, noms, k)
    perdues = recherche.perdues(recherche.etats)
    if not perdues:
        return []
    dites = [recherche.proposition()]
    moyenne = False
    while perdues and (etat := recherche.suivant()):
        if not etat.avancer():
            continue
        perdues = recherche.perdues(recherche.etats)
        if perdues and not moyenne and dix_milliemes(perdues, table.lignes) <= PERTE_ADMISE:
            moyenne = True
            dites.append(recherche.proposition())
    derniere = recherche.proposition()
    return dites if derniere in dites else [*dites, derniere]


# --- Les étapes ----------------------------------------------------------------------------------------------------------
def etapes(colonne: Attribut, k: int) -> Iterator[Etape]:
    """De la plus douce à la plus large."""
    remplies = [v for v in colonne.valeurs if v]
    if not remplies:
        return
    if all(map(_mois, remplies)):
        yield Etape(MOIS, _par_valeur(_mois))
        yield Etape(ANNEE, _par_valeur(lambda v: _mois(v)[:4]), reprend=True)
    elif all(map(CODE_POSTAL.fullmatch, remplies)):
        yield Etape(DEPARTEMENT, _par_valeur(_departement))
    elif colonne.numerique:
        yield from map(_arrondi, _pas(remplies))
    yield Etape(RARES.format(k=k), _regrouper(k))
    yield Etape(RETIREE, _par_valeur(lambda v: ""))


def _par_valeur(image: Callable[[str], str]) -> Passe:
    return lambda colonne: [image(v) if v else "" for v in colonne.valeurs]


def _mois(v: str) -> str:
    """« 2026-11 » ; vide si ce n'est ni une date, ni un mois."""
    if lue := DATE.fullmatch(v):
        return f"{lue[1]}-{lue[2]}"
    if lue := DATE_FRANCAISE.fullmatch(v):
        return f"{lue[2]}-{int(lue[1]):02d}"
    return v if re.fullmatch(r"\d{4}-\d{2}", v) else ""


def _departement(v: str) -> str:
    return v[:3] if v.startswith(("97", "98")) else v[:2]


def _pas(valeurs: Sequence[str]) -> list[float]:
    """Des pas ronds (1, 2 ou 5 fois une puissance de dix), croissants, qui n'annoncent aucune valeur du fichier."""
    lus = [nombre(v) or 0.0 for v in valeurs]
    etendue = max(lus) - min(lus)
    ronds = [_rond(etendue / combien) for combien in TRANCHES] if etendue else []
    return sorted({p for p in ronds if 1e-4 <= p <= 1e11})


def _rond(brut: float) -> float:
    """Le plus petit pas rond qui ne soit pas inférieur à celui-ci."""
    puissance = 10.0 ** math.floor(math.log10(brut))
    return next(m * puissance for m in (1, 2, 5, 10) if m * puissance >= brut * (1 - 1e-9))


def _arrondi(pas: float) -> Etape:
    def image(v: str) -> str:
        lu = nombre(v)
        return v if lu is None else f"{math.floor(lu / pas + 1e-9) * pas:.12g}"

    return Etape(PAS.format(pas=f"{pas:.12g}".replace(".", ",")), _par_valeur(image), reprend=True)


def _regrouper(k: int) -> Passe:
    return lambda colonne: [
        v if n >= k else "autre" for v, n in zip(colonne.valeurs, colonne.effectifs, strict=True)
    ]
