"""Ce qu'un fichier apporte, une fois lu : un organisme, des tiers, des fiches sous forme canonique, et ce qu'on en a compris."""

from dataclasses import dataclass, field
from typing import Any

from registre.echanges.imports.rapport import Rapport

REPRIS = frozenset({"reprise"})
ACTION_EXPORT = (
    "import"  # au journal ; celui d'un classeur s'en distingue : il n'écrase que ce qu'un classeur a écrit
)
ACTION_CLASSEUR = "import-classeur"


@dataclass
class FicheDuFichier:
    """Une fiche du fichier. `origine` : où elle s'y trouve. `nom` : ce qui la désigne dans les messages. `exemple` : celle que
    le modèle du fichier donne pour exemple, et que personne n'a changée. `doute_sensibles` : pourquoi ses propres lignes
    laissent sans réponse « porte-t-elle des données sensibles ? », ou vide.
    """

    origine: str
    donnees: dict[str, Any]
    avis: list[str] = field(default_factory=list)
    rapport: Rapport | None = None  # absent : le fichier est lu en entier ou refusé (export canonique)
    exemple: bool = False
    doute_sensibles: str = ""
    references: list[str] = field(default_factory=list)  # les adresses des cellules qui portent sa référence

    @property
    def nom(self) -> str:
        return self.donnees.get("intitule") or self.donnees.get("reference") or self.origine


@dataclass
class FicheDuClasseur(FicheDuFichier):
    """Une fiche d'un classeur : chaque cellule y a son sort, que son rapport retient."""

    rapport: Rapport = field(default_factory=Rapport)


@dataclass
class Lot:
    """`prudent` : ne jamais écraser ce qui a été saisi depuis (fichier partiel) ; sinon le fichier fait foi.

    `admis` : les champs que Registre tient et que l'import établit (voir `registre.actes.tenue.Porte`). `rapport` : ce qui n'est
    d'aucune fiche. `refus` : ce qui n'a pas pu être lu (une feuille), et pourquoi. `etranger` : le fichier est d'un autre
    organisme. `action` : celle que le journal retient. `responsables` : les responsables que nomment les fiches → leurs
    fiches. `numeros` : les SIREN que dit le texte du fichier. `operations`, `epreuves` : ce qu'il dit avoir été signé.
    """

    fiches: list[FicheDuFichier]
    organisme: dict[str, Any] = field(default_factory=dict)
    tiers: list[dict[str, Any]] = field(default_factory=list)
    prudent: bool = False
    admis: frozenset[str] = REPRIS
    avis: list[str] = field(default_factory=list)
    rapport: Rapport | None = None
    # Champ de l'organisme → adresses de ses cellules.
    places: dict[str, list[str]] = field(default_factory=dict)
    refus: list[tuple[str, list[str]]] = field(default_factory=list)
    etranger: bool = False
    action: str = ACTION_EXPORT
    responsables: dict[str, list[str]] = field(default_factory=dict)
    numeros: list[str] = field(default_factory=list)
    sans_identite: bool = (
        False  # les coordonnées du fichier sont peut-être celles d'un autre : en remarque, jamais en place
    )
    operations: list[dict[str, Any]] = field(default_factory=list)
    epreuves: list[dict[str, Any]] = field(default_factory=list)
