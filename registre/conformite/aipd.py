"""Les critères d'analyse d'impact que les faits de la fiche suggèrent, tels qu'on les montre (RGPD art. 35 ; WP248 rév. 01)."""

from dataclasses import dataclass

from droit.criteres_aipd import PropositionAipd, proposer
from droit.faits import Faits, codes
from droit.reperes import TableDeReperes
from droit.types_aipd import proposer_types


@dataclass(frozen=True)
class Suggestion:
    """`champ` : celui du volet où elle se retient. `retenue` : elle y est déjà."""

    champ: str
    code: str
    libelle: str
    pourquoi: str
    retenue: bool

    @property
    def nom(self) -> str:
        """Le nom du contrôle dans le formulaire."""
        return f"aipd-{self.champ}"


def suggestions(faits: Faits) -> list[Suggestion]:
    """Ce que la fiche suggère, retenu ou non : les critères, puis les types des listes de la CNIL."""
    criteres = [_lue(p, "criteres", faits.reperes.criteres_aipd, faits) for p in proposer(faits)]
    types = [_lue(p, _liste(p, faits), faits.reperes.types_aipd, faits) for p in proposer_types(faits)]
    return criteres + types


def _liste(proposition: PropositionAipd, faits: Faits) -> str:
    ligne = faits.reperes.types_aipd.get(proposition.code, {})
    return "liste_dispense" if ligne.get("liste") == "dispense" else "liste_requise"


def _lue(proposition: PropositionAipd, champ: str, table: TableDeReperes, faits: Faits) -> Suggestion:
    libelle = str(table.get(proposition.code, {}).get("libelle", proposition.code))
    retenue = proposition.code in codes(faits.volet("aipd"), champ)
    return Suggestion(champ, proposition.code, libelle, proposition.pourquoi, retenue)
