"""Ce que l'import a compris d'un fichier : le sort de chaque cellule, par son adresse. Rien ne s'y compte deux fois.

Une valeur a un seul sort. Les libellés, les têtes et les consignes du modèle ne sont pas des valeurs : on les note aussi,
pour que toute cellule remplie soit retrouvée, et que les comptes tombent juste.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from traitements.phrases import accorder

ADRESSES_MAX = 12  # au-delà, la ligne ne se lit plus ; le journal les porte toutes


class Sort(IntEnum):
    """Du plus sûr au moins sûr : une cellule notée deux fois garde le moins sûr de ses sorts."""

    LIBELLE = 0
    PLACEE = 1
    REMARQUE = 2
    DOUTEUSE = 3
    INCOMPRISE = 4


DITS = {
    Sort.PLACEE: ("placée", "placées"),
    Sort.REMARQUE: ("gardée en remarque", "gardées en remarque"),
    Sort.DOUTEUSE: ("douteuse, à confirmer", "douteuses, à confirmer"),
    Sort.INCOMPRISE: ("non comprise, gardée en remarque", "non comprises, gardées en remarque"),
}
NOMS = {
    Sort.PLACEE: "placees",
    Sort.REMARQUE: "remarques",
    Sort.DOUTEUSE: "douteuses",
    Sort.INCOMPRISE: "incomprises",
}


@dataclass
class Rapport:
    """`cellules` : adresse (« Feuille!B12 ») → son sort et pourquoi. `mentions` : ce qu'il faut savoir de la lecture."""

    cellules: dict[str, tuple[Sort, str]] = field(default_factory=dict)
    mentions: list[str] = field(default_factory=list)

    def noter(self, adresse: str, sort: Sort, raison: str = "") -> None:
        ancien = self.cellules.get(adresse)
        if ancien is None or sort > ancien[0]:
            self.cellules[adresse] = (sort, raison)

    def mentionner(self, texte: str) -> None:
        if texte not in self.mentions:
            self.mentions.append(texte)

    def joindre(self, autre: "Rapport") -> None:
        """Ajoute ce qu'un autre rapport dit d'autres cellules."""
        for adresse, (sort, raison) in autre.cellules.items():
            self.noter(adresse, sort, raison)
        for mention in autre.mentions:
            self.mentionner(mention)

    def adresses(self, sort: Sort) -> list[str]:
        return [adresse for adresse, (s, _) in self.cellules.items() if s == sort]

    @property
    def total(self) -> int:
        """Le nombre de valeurs : les cellules remplies qui ne sont ni un libellé ni une consigne du modèle."""
        return sum(sort > Sort.LIBELLE for sort, _ in self.cellules.values())

    def resume(self) -> str:
        """« 2 valeurs sur 6 placées ; 4 valeurs sur 6 gardées en remarque »."""
        parts = [
            f"{_valeurs(len(lues))} sur {self.total} {DITS[sort][len(lues) > 1]}"
            for sort in DITS
            if (lues := self.adresses(sort))
        ]
        return " ; ".join(parts) or "aucune valeur"

    def lignes(self) -> list[str]:
        """Le détail : les cellules qu'il faut relire, et ce qu'il faut savoir de la lecture."""
        dites = []
        if remarques := self.adresses(Sort.REMARQUE):
            dites.append(f"en remarque : {dire_les_premieres(remarques)}")
        for sort, titre in ((Sort.DOUTEUSE, "à confirmer"), (Sort.INCOMPRISE, "non compris")):
            for adresse in self.adresses(sort):
                raison = self.cellules[adresse][1]
                dites.append(f"{titre} : {adresse}{f' ({raison})' if raison else ''}")
        return dites + self.mentions

    def en_json(self) -> dict[str, Any]:
        """Pour le journal : les chiffres, et toutes les cellules à relire avec leur raison."""
        return {nom: len(self.adresses(sort)) for sort, nom in NOMS.items()} | {
            "valeurs": self.total,
            "cellules": {
                NOMS[sort]: {a: self.cellules[a][1] for a in lues}
                for sort in (Sort.REMARQUE, Sort.DOUTEUSE, Sort.INCOMPRISE)
                if (lues := self.adresses(sort))
            },
            "mentions": self.mentions,
        }


def dire_les_premieres(adresses: Iterable[str]) -> str:
    """Les premières adresses, et combien d'autres."""
    toutes = list(adresses)
    reste = len(toutes) - ADRESSES_MAX
    suite = f" et {reste} {accorder(reste, 'autre')}" if reste > 0 else ""
    return ", ".join(toutes[:ADRESSES_MAX]) + suite


def _valeurs(nombre: int) -> str:
    return f"{nombre} {accorder(nombre, 'valeur')}"
