"""Le bilan d'un import, réel ou simulé."""

from dataclasses import dataclass, field

from registre.echanges.imports.rapport import Rapport
from registre.fiche.enregistrement import CREATION, INCHANGE, MODIFICATION


@dataclass
class BilanDImport:
    """Ce que l'import a fait, ou ferait : des noms, et pour chaque refus ses raisons."""

    crees: list[str] = field(default_factory=list)
    modifies: list[str] = field(default_factory=list)
    inchanges: list[str] = field(default_factory=list)
    refuses: list[tuple[str, list[str]]] = field(default_factory=list)
    avis: list[str] = field(default_factory=list)
    rapports: list[tuple[str, Rapport]] = field(default_factory=list)
    """Ce qui a été compris de chaque fiche versée, puis du reste du classeur."""
    notes: list[str] = field(default_factory=list)
    """Ce que le fichier porte et que l'import laisse, sans faute de personne."""

    def noter(self, effet: str, nom: str) -> None:
        {CREATION: self.crees, MODIFICATION: self.modifies, INCHANGE: self.inchanges}[effet].append(nom)

    @property
    def change(self) -> bool:
        return bool(self.crees or self.modifies)

    def en_bref(self) -> str:
        """Ce que le journal montre d'abord : les chiffres, tout le fichier ensemble."""
        ensemble = Rapport()
        for _, rapport in self.rapports:
            ensemble.joindre(rapport)
        compris = f" ; {ensemble.resume()}" if self.rapports else ""
        return f"{len(self.crees)} créés, {len(self.modifies)} modifiés, {len(self.refuses)} refusés{compris}"
