"""Lire les données de démonstration : `instance.toml`, puis un dossier par organisme, un fichier par fiche."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOSSIER = Path(__file__).resolve().parent
TABLES = ("administrateur", "habilitations", "organismes", "changements", "executions", "epreuves", "ecarts")


class DemonstrationIllisible(Exception):
    """Un TOML de la démonstration ne peut pas être lu ; le message dit lequel et pourquoi."""


@dataclass(frozen=True)
class DonneesOrganisme:
    """Un organisme de la démonstration, dans la forme des fiches, prêt à être enregistré."""

    identite: dict[str, Any]
    tiers: list[dict[str, Any]]
    fiches: list[dict[str, Any]]


def instance() -> dict[str, Any]:
    """Qui se connecte (`administrateur`, `habilitations`), les `organismes` ; leur histoire : `changements`, `executions`, `epreuves`,
    `ecarts`.

    Lève `DemonstrationIllisible`.
    """
    return _lire(DOSSIER / "instance.toml", *TABLES)


def organismes() -> list[DonneesOrganisme]:
    """Les organismes, dans l'ordre où ils sont créés. Lève `DemonstrationIllisible`."""
    return [_organisme(DOSSIER / nom) for nom in instance()["organismes"]]


def _organisme(dossier: Path) -> DonneesOrganisme:
    lu = _lire(dossier / "organisme.toml", "organisme", "tiers")
    fichiers = sorted(set(dossier.glob("*.toml")) - {dossier / "organisme.toml"})
    return DonneesOrganisme(lu["organisme"], lu["tiers"], [_lire(f, "fiche")["fiche"] for f in fichiers])


def _lire(chemin: Path, *tables: str) -> dict[str, Any]:
    """Un fichier qui porte ces tables et rien d'autre : un titre mal orthographié perdrait tout sans un mot."""
    nom = f"{chemin.parent.name}/{chemin.name}"
    try:
        lu = tomllib.loads(chemin.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as erreur:
        raise DemonstrationIllisible(f"{nom} : illisible ({erreur}).") from erreur
    if set(lu) != set(tables):
        raise DemonstrationIllisible(
            f"{nom} : il faut {', '.join(tables)}, et rien d'autre (lu : {', '.join(lu)})."
        )
    return lu
