"""Le corpus d'une avocate : des fiches licites et des fiches fautives, écrites sans connaître les règles.

`licites/` : aucun constat bloquant ; chaque alerte qui reste y est défendue (`alertes`). `fautives/` : chaque faute plantée dit où un
bon constat peut se lire (`ou`) et, depuis la relecture du premier passage, la règle qui la trouve (`par` ; absente : manquée).
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from droit.faits import Faits, figer
from droit.regles import Constat, Gravite, controler, controler_organisme
from droit.reperes import TABLES, Reperes
from exemples_faits import ORGANISME, TIERS, reperes
from traitements.chemins import Chemin

JOUR = date(2026, 11, 26)
CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class FicheDuCorpus:
    nom: str
    lue: dict[str, Any]

    @property
    def faits(self) -> Faits:
        tiers = figer({**TIERS, **self.lue.get("tiers", {})})
        lus = Reperes(**{nom: getattr(reperes(), nom) for nom in TABLES}, tiers=tiers, version="essai")
        return Faits(en_iso(self.lue["fiche"]), {**ORGANISME, **en_iso(self.lue.get("organisme", {}))}, lus)

    @property
    def constats(self) -> list[Constat]:
        """Ceux de la fiche et de son organisme, conseils à part."""
        le = self.lue.get("au", JOUR)
        tous = (*controler(self.faits, le), *controler_organisme(self.faits, le))
        return [c for c in tous if c.gravite is not Gravite.CONSEIL]

    @property
    def fautes(self) -> list[dict[str, Any]]:
        return self.lue.get("fautes", [])


def lire(dossier: str) -> list[FicheDuCorpus]:
    return [
        FicheDuCorpus(f.stem, tomllib.loads(f.read_text())) for f in sorted((CORPUS / dossier).glob("*.toml"))
    ]


def trouvee(faute: dict[str, Any], constats: list[Constat]) -> bool:
    """La règle que la relecture a reconnue parle là où la faute se lit : au champ, ou à l'élément qui le porte."""
    elements = {Chemin.lire(chemin).element for chemin in faute["ou"]}
    return any(c.code in faute.get("par", ()) and Chemin.lire(c.chemin).element in elements for c in constats)


def en_iso(valeur: Any) -> Any:
    """Les dates d'un TOML sous leur forme canonique, en texte."""
    match valeur:
        case dict():
            return {nom: en_iso(v) for nom, v in valeur.items()}
        case list():
            return [en_iso(v) for v in valeur]
    return valeur.isoformat() if isinstance(valeur, date) else valeur
