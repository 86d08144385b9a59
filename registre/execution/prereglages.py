"""Les préréglages : pour un outil courant, où est la date, ce qu'elle dit, et ce que l'on en a vérifié. Sans la base.

Un préréglage n'est pas une preuve : il épargne de chercher une table, et dit ce que sa colonne ne sait pas.
"""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from conservation.models_referentiels import DureeReference
from registre.execution.sources.demande import Filtre, SourceRefusee, filtre

DOSSIER = Path(__file__).parent / "outils"
SOURCES = {"mysql": "MySQL ou MariaDB", "postgresql": "PostgreSQL", "csv": "fichier CSV"}
FORMES = {"date", "texte"}  # une date de la base ; une date écrite, que le relevé sait lire
VERIFIE = {"lu": "lu à la source", "seconde_main": "de seconde main, à vérifier"}


class PrereglageInvalide(Exception):
    """Un fichier d'outil ne se lit pas, ou un code n'existe pas ; le message dit lequel, et quoi."""


@dataclass(frozen=True)
class Mesure:
    """Une date à relever. Elle est dans une `table`, une `requete` (une clé et une date) ou un `fichier`, un seul des trois.

    `exacte` : la colonne est l'événement d'où court la durée ; sinon elle l'approche, et `dit` dit comment.
    """

    code: str
    libelle: str
    situation: str
    durees: tuple[str, ...]
    colonne: str
    forme: str
    exacte: bool
    dit: str
    verifie: str
    ou: str
    table: str = ""
    requete: str = ""
    fichier: str = ""
    filtres: tuple[Filtre, ...] = ()

    def __post_init__(self) -> None:
        if sum(map(bool, (self.table, self.requete, self.fichier))) != 1:
            raise ValueError("il faut une table, une requête ou un fichier, et un seul")
        if self.requete and self.filtres:
            raise ValueError("une requête porte ses conditions elle-même")
        for nom, admis in (("forme", FORMES), ("verifie", VERIFIE), ("situation", _situations())):
            if getattr(self, nom) not in admis:
                raise ValueError(f"{nom} : « {getattr(self, nom)} » n'est pas connu")
        if vides := [
            nom for nom in ("code", "libelle", "colonne", "dit", "ou", "durees") if not getattr(self, nom)
        ]:
            raise ValueError(f"{', '.join(vides)} : vide")

    @property
    def marque(self) -> str:
        return VERIFIE[self.verifie]


@dataclass(frozen=True)
class Outil:
    """Un logiciel et ses mesures. `prefixe` : celui des tables, que l'installation choisit. `lu_le` : le jour de la lecture."""

    code: str
    nom: str
    source: str
    prefixe: str
    lu_le: date
    reserves: tuple[str, ...]
    mesures: tuple[Mesure, ...]

    def table(self, mesure: Mesure) -> str:
        """Le nom de la table, préfixe compris ; vide pour une requête ou un fichier."""
        return f"{self.prefixe}{mesure.table}" if mesure.table else ""

    def requete(self, mesure: Mesure) -> str:
        return mesure.requete.replace("{prefixe}", self.prefixe)


@cache
def outils() -> tuple[Outil, ...]:
    """Tous les outils du produit. Lève `PrereglageInvalide`."""
    return tuple(lire(fichier) for fichier in sorted(DOSSIER.glob("*.toml")))


def outil(code: str) -> Outil:
    """Lève `PrereglageInvalide`, avec les codes qui existent."""
    trouve = next((o for o in outils() if o.code == code), None)
    if trouve is None:
        raise PrereglageInvalide(
            f"Aucun préréglage ne s'appelle « {code} » ; il y a {', '.join(o.code for o in outils())}."
        )
    return trouve


def mesure(designation: str) -> tuple[Outil, Mesure]:
    """« prestashop/factures ». Lève `PrereglageInvalide`, avec ce que l'outil propose."""
    code, _, nom = designation.partition("/")
    sien = outil(code)
    trouvee = next((m for m in sien.mesures if m.code == nom), None)
    if trouvee is None:
        raise PrereglageInvalide(
            f"{sien.nom} n'a pas de préréglage « {nom} » ; il a {', '.join(f'{code}/{m.code}' for m in sien.mesures)}."
        )
    return sien, trouvee


def lire(fichier: Path) -> Outil:
    """Un outil et ses mesures, contrôlés. Lève `PrereglageInvalide`."""
    try:
        document = tomllib.loads(fichier.read_text(encoding="utf-8"))
        entete, brutes = document.pop("outil"), document.pop("mesure")
        if document:
            raise ValueError(f"clé inconnue : {', '.join(document)}")
        lu = Outil(**{**entete, "reserves": tuple(entete["reserves"])}, mesures=tuple(map(_mesure, brutes)))
        _controler(lu)
    except KeyError as absente:
        raise PrereglageInvalide(f"{fichier.name} : il manque {absente.args[0]}.") from absente
    except (OSError, UnicodeDecodeError, ValueError, TypeError, SourceRefusee) as erreur:
        raise PrereglageInvalide(f"{fichier.name} : {erreur}.") from erreur
    return lu


def _mesure(brute: dict[str, Any]) -> Mesure:
    code = brute.get("code", "une mesure sans code")
    if inconnues := set(brute) - {f.name for f in fields(Mesure)}:
        raise ValueError(f"{code} : clé inconnue : {', '.join(sorted(inconnues))}")
    listes = {
        "durees": tuple(brute.get("durees", ())),
        "filtres": tuple(filtre(texte) for texte in brute.get("filtres", ())),
    }
    try:
        return Mesure(**{**brute, **listes})
    except ValueError as erreur:
        raise ValueError(f"{code} : {erreur}") from erreur


def _controler(lu: Outil) -> None:
    if lu.source not in SOURCES:
        raise ValueError(f"source : « {lu.source} » n'est pas connue")
    codes = [m.code for m in lu.mesures]
    if len(set(codes)) != len(codes):
        raise ValueError("deux mesures ont le même code")
    for m in lu.mesures:
        if bool(m.fichier) is not (lu.source == "csv"):
            raise ValueError(f"{m.code} : une base a des tables, un CSV des fichiers")


def _situations() -> list[str]:
    return list(DureeReference.SituationVisee.values)
