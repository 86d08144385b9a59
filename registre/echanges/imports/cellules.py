"""Les cellules d'un classeur, chacune avec son adresse ; les feuilles, avec ce qu'elles portent à côté."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from registre.echanges.imports.textes import plier, reparer, valeur


def lettres(colonne: int) -> str:
    """0 → « A », 26 → « AA »."""
    texte = ""
    colonne += 1
    while colonne:
        colonne, reste = divmod(colonne - 1, 26)
        texte = chr(65 + reste) + texte
    return texte


@dataclass(frozen=True)
class Cellule:
    """Une cellule remplie. `ligne` et `colonne` partent de zéro ; l'adresse se lit comme dans un tableur."""

    feuille: str
    ligne: int
    colonne: int
    texte: str

    @property
    def adresse(self) -> str:
        return f"{self.feuille}!{lettres(self.colonne)}{self.ligne + 1}"

    @cached_property
    def cle(self) -> str:
        return plier(self.texte)

    @cached_property
    def lue(self) -> str:
        return valeur(self.texte)


@dataclass(frozen=True)
class Commentaire:
    """Une note attachée à une cellule, qui peut être vide."""

    ligne: int
    colonne: int
    auteur: str
    texte: str

    @property
    def place(self) -> str:
        return f"{lettres(self.colonne)}{self.ligne + 1}"

    @property
    def libelle(self) -> str:
        return f"Commentaire de la cellule {self.place}{f' ({self.auteur})' if self.auteur else ''}"


@dataclass
class Feuille:
    """`lignes` : les cellules remplies de chaque ligne, lignes vides comprises. `fusions` : rangs des bords compris."""

    nom: str
    lignes: list[list[Cellule]]
    masquee: bool = False
    commentaires: list[Commentaire] = field(default_factory=list)
    fusions: list[tuple[int, int, int, int]] = field(default_factory=list)
    lignes_masquees: list[int] = field(default_factory=list)
    colonnes_masquees: list[int] = field(default_factory=list)

    @classmethod
    def lire(cls, lue: dict[str, Any]) -> "Feuille":
        """Depuis ce que rend le lecteur de classeurs."""
        nom = reparer(lue["nom"])
        lignes = [
            [
                Cellule(nom, rang, colonne, texte)
                for colonne, brut in enumerate(ligne)
                if (texte := reparer(brut))
            ]
            for rang, ligne in enumerate(lue["lignes"])
        ]
        return cls(
            nom,
            lignes,
            lue["masquee"],
            [
                Commentaire(ligne, colonne, reparer(auteur), reparer(texte))
                for ligne, colonne, auteur, texte in lue["commentaires"]
            ],
            [(a, b, c, d) for a, b, c, d in lue["fusions"]],
            lue["lignes_masquees"],
            lue["colonnes_masquees"],
        )

    def extrait(self, debut: int, fin: int) -> "Feuille":
        """Les lignes de `debut` (comprise) à `fin` (exclue) ; chaque cellule garde son adresse."""
        return Feuille(
            self.nom,
            [ligne if debut <= rang < fin else [] for rang, ligne in enumerate(self.lignes)],
            self.masquee,
            [c for c in self.commentaires if debut <= c.ligne < fin],
            [f for f in self.fusions if debut <= f[0] < fin],
            [rang for rang in self.lignes_masquees if debut <= rang < fin],
            self.colonnes_masquees,
        )

    @cached_property
    def _hautes(self) -> list[tuple[int, int, int, int]]:
        """Les fusions sur plusieurs lignes, rares : les seules qui prolongent un libellé."""
        return [fusion for fusion in self.fusions if fusion[2] > fusion[0]]

    def tete_de_fusion(self, ligne: int, colonne: int) -> tuple[int, int] | None:
        """La première cellule de la fusion, sur plusieurs lignes, qui couvre celle-ci ; `None` si elle n'est pas couverte."""
        for haut, gauche, bas, droite in self._hautes:
            if haut <= ligne <= bas and gauche <= colonne <= droite and (haut, gauche) != (ligne, colonne):
                return haut, gauche
        return None
