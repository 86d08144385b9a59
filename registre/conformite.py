"""Les constats d'une fiche ou d'un registre : les règles de `traitements.controles` sur les faits de la base."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from organismes.models import Organisme, Pays
from registre import agregat as ag
from registre.codes import Codes
from traitements.controles import Constat, controler
from traitements.faits import Faits
from traitements.models import Traitement

TRANSFERT = {Pays.Statut.TIERS, Pays.Statut.ORGANISATION}


class Conformite:
    """Contrôle des fiches d'un organisme ; ce qui leur est commun n'est lu qu'une fois."""

    def __init__(self, organisme: Organisme, codes: Codes | None = None):
        codes = codes or Codes()
        charge = ag.ORGANISME.charger(Organisme.objects.filter(pk=organisme.pk)).get()
        self.identite = ag.instantane_de(ag.ORGANISME, charge)
        self.hors_eee = frozenset(p.code for p in codes.de(Pays).values() if p.statut in TRANSFERT)

    def constats(self, canonique: dict[str, Any], le: date) -> list[Constat]:
        """Les constats d'une fiche sous sa forme canonique."""
        return controler(Faits(canonique, self.identite, self.hors_eee), le)

    def registre(self, le: date) -> Iterator[tuple[Traitement, list[Constat]]]:
        """Toutes les fiches vivantes et leurs constats, en un nombre constant de requêtes."""
        for fiche in ag.FICHE.charger(Traitement.objects.actifs().order_by("reference")):
            yield fiche, self.constats(ag.instantane_de(ag.FICHE, fiche), le)
