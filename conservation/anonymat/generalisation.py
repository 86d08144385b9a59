"""Les généralisations qui atteindraient un k choisi, et ce que l'on y perdrait. Heuristique de Datafly (Sweeney, 1998)."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conservation.anonymat.table import Attribut, JeuDeDonnees, classes, dix_milliemes, nombre

DATE = re.compile(r"(\d{4})-(\d{2})-\d{2}(?:[T ].*)?", re.ASCII)
DATE_FRANCAISE = re.compile(r"\d{1,2}[/.](\d{1,2})[/.](\d{4})", re.ASCII)
CODE_POSTAL = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-8]|2[AB])\d{3}", re.ASCII)
TRANCHES = (20, 8, 4)  # nombre de tranches visé, de la plus fine à la plus large
PERTE_ADMISE = 500  # dix-millièmes des lignes que l'on accepte de supprimer dans la proposition moyenne
RETIREE = "colonne retirée"
Passe = Callable[[Attribut], list[str]]


@dataclass
class _Etat:
    """Une colonne en cours de généralisation : ce qui lui a été fait, ce qui peut encore l'être."""

    nom: str
    colonne: Attribut
    depart: int
    passes: list[tuple[str, Passe]]
    faites: list[str] = field(default_factory=list)


def propositions(table: JeuDeDonnees, noms: Sequence[str], k: int) -> list[dict[str, Any]]:
    """Trois voies vers ce k : supprimer, généraliser un peu puis supprimer, généraliser sans supprimer. Aucune si k est atteint."""
    etats = [
        _Etat(n, c, len(c.valeurs), _passes(c, k)) for n, c in zip(noms, table.choisies(noms), strict=True)
    ]
    perdues = _perdues(etats, k)
    if not perdues:
        return []
    dites = [_proposition(etats, perdues, table.lignes, k)]
    moyenne = False
    while perdues and (etat := _suivant(etats, k)):
        libelle, passe = etat.passes.pop(0)
        image = etat.colonne.refondue(passe(etat.colonne))
        if len(image.valeurs) == len(etat.colonne.valeurs):
            continue
        etat.colonne = image
        etat.faites.append(libelle)
        perdues = _perdues(etats, k)
        if perdues and not moyenne and dix_milliemes(perdues, table.lignes) <= PERTE_ADMISE:
            moyenne = True
            dites.append(_proposition(etats, perdues, table.lignes, k))
    if any(e.faites for e in etats):
        derniere = _proposition(etats, perdues, table.lignes, k)
        if derniere not in dites:
            dites.append(derniere)
    return dites


def _suivant(etats: list[_Etat], k: int) -> _Etat | None:
    """La colonne qui a le plus de valeurs distinctes, parmi celles que l'on sait encore généraliser ; à défaut, celle dont le retrait
    fait perdre le moins de lignes."""
    if douces := [e for e in etats if e.passes and e.passes[0][0] != RETIREE]:
        return max(douces, key=lambda e: len(e.colonne.valeurs))
    retirables = [e for e in etats if e.passes and len(e.colonne.valeurs) > 1]
    return min(retirables, key=lambda e: _perdues([a for a in etats if a is not e], k), default=None)


def _perdues(etats: list[_Etat], k: int) -> int:
    """Lignes à supprimer pour qu'aucune classe ne compte moins de k lignes."""
    return sum(t for t in classes([e.colonne for e in etats]).tailles if t < k) if etats else 0


def _proposition(etats: list[_Etat], perdues: int, lignes: int, k: int) -> dict[str, Any]:
    return {
        "k": k if perdues < lignes else 0,
        "supprimees": perdues,
        "part": dix_milliemes(perdues, lignes),
        "colonnes": [
            {
                "colonne": e.nom,
                "faites": e.faites[-1],
                "avant": e.depart,
                "apres": len(e.colonne.valeurs),
            }
            for e in etats
            if e.faites
        ],
    }


def _passes(colonne: Attribut, k: int) -> list[tuple[str, Passe]]:
    """De la plus douce à la plus large. Chacune rend l'image de chaque valeur de la colonne."""
    remplies = [v for v in colonne.valeurs if v]
    larges = [("valeurs rares regroupées", _regrouper(k)), (RETIREE, _par_valeur(lambda v: ""))]
    if not remplies:
        return []
    if all(map(_mois, remplies)):
        return [
            ("dates ramenées au mois", _par_valeur(_mois)),
            ("dates ramenées à l'année", _par_valeur(_annee)),
            *larges,
        ]
    if all(map(CODE_POSTAL.fullmatch, remplies)):
        return [("codes postaux ramenés au département", _par_valeur(_departement)), *larges]
    if colonne.numerique:
        tranches = [(f"nombres rangés en {n} tranches au plus", _tranches(n)) for n in TRANCHES]
        return [*tranches, *larges]
    return larges


def _par_valeur(image: Callable[[str], str]) -> Passe:
    return lambda colonne: [image(v) if v else "" for v in colonne.valeurs]


def _mois(v: str) -> str:
    """« 2026-11 » ; vide si ce n'est ni une date, ni un mois."""
    if lue := DATE.fullmatch(v):
        return f"{lue[1]}-{lue[2]}"
    if lue := DATE_FRANCAISE.fullmatch(v):
        return f"{lue[2]}-{int(lue[1]):02d}"
    return v if re.fullmatch(r"\d{4}-\d{2}", v) else ""


def _annee(v: str) -> str:
    return v[:4]


def _departement(v: str) -> str:
    return v[:3] if v.startswith(("97", "98")) else v[:2]


def _tranches(combien: int) -> Passe:
    """Des tranches de même étendue, sur les valeurs d'origine ; une fois faites, elles se fondent deux à deux."""

    def passe(colonne: Attribut) -> list[str]:
        lus = [_borne(v) for v in colonne.valeurs]
        bas = min(lus)
        large = (max(lus) - bas) / combien or 1
        return [
            f"[{bas + large * min(int((lu - bas) / large), combien - 1):g}" if v else ""
            for v, lu in zip(colonne.valeurs, lus, strict=True)
        ]

    return passe


def _borne(v: str) -> float:
    return nombre(v.lstrip("[")) or 0.0


def _regrouper(k: int) -> Passe:
    def passe(colonne: Attribut) -> list[str]:
        comptes = Counter(dict(enumerate(colonne.effectifs)))
        return [v if comptes[r] >= k else "autre" for r, v in enumerate(colonne.valeurs)]

    return passe
