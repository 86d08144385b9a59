"""Le suivi d'une fiche : les écarts justifiés par le délégué."""

from django.db import models
from django.db.models import F, Q

from organismes.champs import ligne, texte
from organismes.invariants import Invariant
from traitements.elements import ElementDeFiche, fiche


class Ecart(ElementDeFiche):
    """Un constat que le délégué écarte par écrit, jusqu'à une date ou jusqu'à ce que les faits changent.

    `faits` : empreinte des faits visés (`droit.regles.Constat.empreinte`). Ne se saisit pas dans la fiche :
    on l'écrit depuis le constat.
    """

    traitement = fiche("ecarts")
    regle = ligne("règle", longueur=20, blank=False, editable=False)
    chemin = ligne("champ visé", longueur=120, blank=False, editable=False)
    constat = texte(
        "constat écarté", "La phrase, telle qu'elle se lisait.", 2000, blank=False, editable=False
    )
    raison = texte("raison", "Pourquoi ce constat est écarté.", 3000, blank=False, editable=False)
    pose_le = models.DateField("écarté le", editable=False)
    fin = models.DateField("jusqu'au", editable=False)
    pose_par = ligne("par", longueur=200, editable=False)
    faits = ligne("empreinte des faits", longueur=64, blank=False, editable=False)

    class Meta(ElementDeFiche.Meta):
        verbose_name = "écart justifié"
        verbose_name_plural = "écarts justifiés"
        constraints = [
            *ElementDeFiche.Meta.constraints,
            Invariant(
                condition=Q(fin__gte=F("pose_le")),
                name="ecart_dates",
                violation_error_message="Un écart ne peut pas finir avant d'avoir commencé.",
            ),
        ]
