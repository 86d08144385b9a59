"""Ce qu'un droit nouveau change à un registre, jour par jour : « le 11 août 2026 : 2 fiches »."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from droit.changements import VEILLE, DroitNouveau, EffetDuDroit, changements, difference
from droit.faits import jour
from registre.conformite.controle import Conformite
from registre.fiche import agregat as ag
from registre.fiche.lecture import date_en_mots
from traitements.models import Traitement
from traitements.phrases import accorder, enumerer


@dataclass
class JourDeDroit:
    """`touches` : la fiche (`None` : l'organisme) et ce que le droit de ce jour y change."""

    nouveau: DroitNouveau
    touches: list[tuple[dict[str, Any] | None, EffetDuDroit]] = field(default_factory=list)

    @property
    def quand(self) -> str:
        return date_en_mots(self.nouveau.le)

    @property
    def textes(self) -> str:
        """Les sources des règles et les décisions qui changent ce jour-là, chacune une fois ; ce qui cesse de valoir le dit."""
        veille = self.nouveau.le - VEILLE
        regles = [(r.source, r.jusqu_au == veille) for r in self.nouveau.regles]
        lignes = [(str(x["libelle"]), jour(x, "date_fin") == veille) for x in self.nouveau.lignes]
        sources = [f"{quoi} (fin)" if cesse else quoi for quoi, cesse in regles + lignes]
        return " ; ".join(dict.fromkeys(sources))

    @property
    def codes(self) -> list[str]:
        return [r.code for r in self.nouveau.regles]

    @property
    def fiches(self) -> list[dict[str, Any]]:
        return [fiche for fiche, _ in self.touches if fiche]

    @property
    def compte(self) -> str:
        """« 2 fiches », « l'organisme et 1 fiche », « aucune fiche »."""
        n = len(self.fiches)
        dites = [f"{n} {accorder(n, 'fiche')}"] if n else []
        return enumerer(["l'organisme"] * (len(self.touches) > n) + dites) or "aucune fiche"


def droit_nouveau(conformite: Conformite, depuis: date, au: date) -> list[JourDeDroit]:
    """Ce que le droit d'après `depuis`, jusqu'à `au` compris, change aux fiches d'aujourd'hui. Dans la portée de l'organisme.

    Une fiche se juge comme au jour du changement ; un nombre de requêtes constant, les fiches archivées exceptées.
    """
    jours = [JourDeDroit(n) for n in changements(conformite.reperes, depuis, au)]
    for j in jours:
        if vue := difference(conformite.faits_organisme(), j.nouveau):
            j.touches.append((None, vue))
    for fiche in _fiches() if jours else ():
        for j in jours:
            if vue := difference(conformite.faits(fiche, j.nouveau.le), j.nouveau):
                j.touches.append((fiche, vue))
    return jours


def _fiches() -> Iterator[dict[str, Any]]:
    return ag.canoniques(ag.FICHE, Traitement.objects.actifs())
