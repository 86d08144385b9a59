"""Ce que l'on demande à un export."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from organismes.models import Organisme
from registre.fiche import agregat
from traitements.models import Traitement


@dataclass(frozen=True)
class Demande:
    """`registre` : « responsable », « sous-traitant », ou vide pour les deux. `fiche`, `client` : un seul, s'ils sont dits.

    `le` : le jour des constats, aujourd'hui par défaut. S'emploie dans la portée de l'organisme.
    """

    organisme: Organisme
    registre: str = ""
    fiche: UUID | None = None
    client: UUID | None = None
    le: date = field(default_factory=timezone.localdate)

    def fiches(self) -> QuerySet[Traitement]:
        """Les fiches demandées, chargées avec toutes leurs parties, dans l'ordre des références."""
        fiches = Traitement.objects.order_by("reference_tri")
        if self.registre == "responsable":
            fiches = fiches.du_responsable()
        elif self.registre == "sous-traitant":
            fiches = fiches.du_sous_traitant()
        if self.fiche is not None:
            fiches = fiches.filter(pk=self.fiche)
        if self.client is not None:
            fiches = fiches.filter(clients__tiers=self.client).distinct()
        return agregat.FICHE.charger(fiches)
