"""Un fichier de lignes, CSV ou classeur : où est son en-tête, comment se nomment ses colonnes. Ne dépend pas de Django.

Au-dessus de l'en-tête peuvent se trouver un titre, une date d'édition, des lignes blanches : rien n'en est compté.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conservation.anonymat.detection import est_une_donnee
from conservation.apercu import lectures_de
from registre.execution.sources.demande import SourceRefusee, propre

TETE = 60  # premières lignes où chercher l'en-tête
NOM_MAX = 200
SANS_ENTETE = "La première ligne a la forme de données, pas de noms de colonnes : ajoutez une ligne de noms en tête du fichier."
DONNEES_AU_DESSUS = (
    "Des lignes de données précèdent celle qui nomme la colonne : elles ne seraient pas comptées. Mettez la ligne de noms "
    "en tête du fichier."
)


@dataclass(frozen=True)
class Tableau:
    """`lignes` : celles d'après l'en-tête, lues une seule fois, que `encore` relit. `texte` : ce que dit une de leurs cellules."""

    noms: list[str]
    lignes: Iterator[Sequence[Any]]
    encore: Callable[[], Iterator[Sequence[Any]]]
    texte: Callable[[Any], str] = str
    titre: int = 0
    feuille: str = ""
    feuilles: tuple[str, ...] = ()


def remplies(ligne: Sequence[str]) -> int:
    return sum(1 for c in ligne if c.strip())


def etendue(ligne: Sequence[str]) -> int:
    """Jusqu'à sa dernière cellule remplie."""
    return max((rang_ for rang_, c in enumerate(ligne, 1) if c.strip()), default=0)


def rang_de_l_entete(tete: Sequence[Sequence[str]], colonne: str | None) -> int:
    """Le rang, dans les premières lignes, de celle qui nomme les colonnes. Lève `SourceRefusee`, sans en citer une."""
    if colonne is None:
        return _entete_devinee(tete)
    rang = next((r for r, ligne in enumerate(tete) if rangs(ligne, colonne)), None)
    if rang is None:
        lues = max((len(ligne) for ligne in tete[:1]), default=0)
        pluriel = "s" if lues > 1 else ""
        raise SourceRefusee(
            f"La première ligne ne nomme aucune colonne « {colonne.strip()} » ({lues} colonne{pluriel} lue{pluriel}), et "
            f"les suivantes non plus."
        )
    if any(_est_une_ligne_de_donnees(ligne, tete[rang]) for ligne in tete[:rang]):
        raise SourceRefusee(DONNEES_AU_DESSUS)
    return rang


def rangs(noms: Sequence[str], voulu: str) -> list[int]:
    """Les rangs des colonnes de ce nom ; la casse ne compte que si deux noms ne diffèrent que par elle."""
    propres, voulu = [propre(n) for n in noms], propre(voulu)
    exacts = [r for r, n in enumerate(propres) if n == voulu]
    return exacts or [r for r, n in enumerate(propres) if n.casefold() == voulu.casefold()]


def rang(noms: Sequence[str], voulu: str) -> int:
    """Lève `SourceRefusee`. Le message ne cite jamais la ligne : sans en-tête, elle porterait les données d'une personne."""
    trouves = rangs(noms, voulu)
    if len(trouves) == 1:
        return trouves[0]
    if trouves:
        raise SourceRefusee(f"Plusieurs colonnes s'appellent « {voulu.strip()} » : renommez-en une.")
    raise SourceRefusee(f"L'en-tête ne nomme aucune colonne « {voulu.strip()} » ({len(noms)} colonnes lues).")


def _est_une_ligne_de_donnees(ligne: Sequence[str], entete: Sequence[str]) -> bool:
    return remplies(ligne) >= max(2, remplies(entete)) and any(lectures_de(c) for c in ligne)


def _entete_devinee(tete: Sequence[Sequence[str]]) -> int:
    """La première ligne presque aussi large que la plus remplie : un titre n'a qu'une ou deux cellules, à gauche."""
    largeur = max((remplies(ligne) for ligne in tete), default=0)
    if not largeur:
        raise SourceRefusee("Ce fichier est vide.")
    trouve = next(
        r
        for r, ligne in enumerate(tete)
        if etendue(ligne) * 5 >= largeur * 3 and remplies(ligne) * 2 >= largeur
    )
    if _sont_des_donnees(tete[trouve], tete[trouve + 1 :]):
        raise SourceRefusee(SANS_ENTETE)
    return trouve


def _sont_des_donnees(noms: Sequence[str], suite: Sequence[Sequence[str]]) -> bool:
    """Une cellule en forme de donnée, un nom repris parmi les valeurs, ou une colonne de dates qui n'a pas de nom."""
    suite = [ligne for ligne in suite if list(ligne) != list(noms)]
    for rang_, nom in enumerate(noms):
        valeurs = [ligne[rang_] for ligne in suite if rang_ < len(ligne) and ligne[rang_].strip()]
        if not nom.strip():
            if any(lectures_de(v) for v in valeurs):
                return True
        elif len(nom) > NOM_MAX or est_une_donnee(nom) or lectures_de(nom) or nom in valeurs:
            return True
    return False
