"""Catégories trouvées : les noms des colonnes d'une table, face aux catégories que la fiche déclare. Pur, et sans aucune valeur.

La loi demande de dire les catégories de données (RGPD art. 30(1)(c)) ; une table en montre souvent plus. Un nom ne prouve ni ce
que la colonne contient, ni qu'elle soit remplie : ce qui est trouvé est à regarder, ce qui ne l'est pas n'est pas absent.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from organismes.pliage import plier
from traitements.lexique_colonnes import CATEGORIES, CHOSES, LIBRES, TECHNIQUES
from traitements.phrases import accorder

CHAMEAU = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
MOT = re.compile(r"[a-z0-9]+")
VIDES = {"de", "du", "des", "d", "la", "le", "l", "les", "of", "the", "a", "au"}
CLES = {"id", "fk", "uuid"}  # « id_customer », « fk_soc » : un lien vers une autre table
CHOSE, LIBRE, TECHNIQUE = "*chose", "*libre", "*technique"


@dataclass(frozen=True)
class Constatees:
    """Les colonnes d'une table, rangées par ce que leur nom en dit.

    `declarees`, `non_declarees` : colonne → catégories nommées que la fiche déclare, ou non ; une colonne peut être des deux.
    """

    declarees: Mapping[str, tuple[str, ...]]
    non_declarees: Mapping[str, tuple[str, ...]]
    sans_colonne: tuple[str, ...]
    libres: tuple[str, ...]
    techniques: tuple[str, ...]
    inconnues: tuple[str, ...]

    @property
    def examine(self) -> str:
        """Ce qui a été regardé, et ce qui ne l'a pas été."""
        reconnues = len({*self.declarees, *self.non_declarees})
        total = reconnues + len(self.libres) + len(self.techniques) + len(self.inconnues)
        return (
            f"Examiné : {_compte(total, 'nom de colonne', 'noms de colonnes')}, {_compte(reconnues, 'reconnu')}, "
            f"{_compte(len(self.techniques), 'technique')}, {_compte(len(self.libres), 'de texte libre', 'de texte libre')}, "
            f"{_compte(len(self.inconnues), 'non reconnu')}. Non examiné : les valeurs, les autres tables, ce que contiennent les "
            "textes libres."
        )


def constater(colonnes: Iterable[str], declarees: Iterable[str]) -> Constatees:
    """Les noms de colonnes face aux codes de catégories de la fiche. Deux colonnes de même nom n'en font qu'une."""
    siennes = set(declarees)
    lues = {
        colonne: categories_de(colonne) for colonne in dict.fromkeys(c.strip() for c in colonnes) if colonne
    }
    reconnues = {c: codes for c, codes in lues.items() if codes and not codes[0].startswith("*")}
    trouvees = {code for codes in reconnues.values() for code in codes}
    return Constatees(
        declarees=_celles(reconnues, lambda code: code in siennes),
        non_declarees=_celles(reconnues, lambda code: code not in siennes),
        sans_colonne=tuple(code for code in dict.fromkeys(declarees) if code not in trouvees),
        libres=tuple(c for c, codes in lues.items() if codes == (LIBRE,)),
        techniques=tuple(c for c, codes in lues.items() if codes == (TECHNIQUE,)),
        inconnues=tuple(c for c, codes in lues.items() if codes in ((), (CHOSE,))),
    )


def _celles(
    reconnues: Mapping[str, tuple[str, ...]], gardee: Callable[[str], bool]
) -> dict[str, tuple[str, ...]]:
    triees = {colonne: tuple(filter(gardee, codes)) for colonne, codes in reconnues.items()}
    return {colonne: codes for colonne, codes in triees.items() if codes}


def categories_de(colonne: str) -> tuple[str, ...]:
    """Les catégories que nomme une colonne, ou un des genres `CHOSE`, `LIBRE`, `TECHNIQUE` ; vide si son nom ne dit rien.

    Le plus long des noms reconnus prend ses mots, les autres se lisent dans ceux qui restent : « billing_email » nomme une facture
    et une coordonnée, « nom_produit » n'est pas un nom. Une catégorie l'emporte sur un genre.
    """
    mots = mots_de(colonne)
    if mots not in _noms() and CLES & {*mots[:1], *mots[-1:]}:
        return (TECHNIQUE,)
    trouves = dict.fromkeys(_lus(mots) or _colles().get("".join(mots), ()))
    return tuple(c for c in trouves if not c.startswith("*")) or tuple(trouves)[:1]


def _lus(mots: tuple[str, ...]) -> list[str]:
    restes: list[str | None] = list(mots)
    lus: list[str] = []
    for nom, codes in _noms().items():
        for debut in range(len(mots) - len(nom) + 1):
            if tuple(restes[debut : debut + len(nom)]) == nom:
                restes[debut : debut + len(nom)] = [None] * len(nom)
                lus += codes
    return lus


def mots_de(colonne: str) -> tuple[str, ...]:
    """« DateDeNaissance », « date_naissance », « Date de naissance » : (date, naissance)."""
    separee = CHAMEAU.sub(" ", colonne)
    return tuple(mot for mot in MOT.findall(plier(separee)) if mot not in VIDES)


@cache
def _noms() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Un nom, en mots → les catégories ou le genre qu'il désigne ; les plus longs d'abord."""
    noms: dict[tuple[str, ...], list[str]] = {}
    genres = {CHOSE: CHOSES, LIBRE: LIBRES, TECHNIQUE: TECHNIQUES}
    for code, liste in {**CATEGORIES, **genres}.items():
        for nom in liste.split(";"):
            noms.setdefault(mots_de(nom.strip()), []).append(code)
    longs = sorted((nom for nom in noms if nom), key=lambda nom: (-sum(map(len, nom)), nom))
    return {nom: tuple(noms[nom]) for nom in longs}


@cache
def _colles() -> Mapping[str, tuple[str, ...]]:
    """« lastname », « datenaissance » : les noms de plusieurs mots, écrits d'une traite."""
    return {"".join(nom): codes for nom, codes in _noms().items() if len(nom) > 1}


def _compte(nombre: int, mot: str, pluriel: str = "") -> str:
    return f"{nombre} {(pluriel if nombre > 1 else mot) if pluriel else accorder(nombre, mot)}"
