"""Poser et lever un écart justifié : le délégué écarte un constat par écrit, jusqu'à une date (RGPD art. 5(2), 24)."""

from datetime import date
from typing import Any

from django.utils import timezone

from droit.regles import Constat
from journal.service import Auteur
from registre.actes.fiches import enregistrer_fiche
from registre.actes.tenue import PLUS_D_OBJET, SANS_CHOIX
from registre.conformite.controle import Conformite
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Resultat
from traitements.models import Traitement

POSE, LEVE = "ecart", "ecart-leve"


class SansObjet(Exception):
    """Le constat n'existe plus, ou ne peut pas être écarté. Le message le dit."""


def constat_a_ecarter(fiche: Traitement, regle: str, chemin: str) -> Constat:
    """Le constat d'aujourd'hui que cette règle fait sur ce champ. Lève `SansObjet`."""
    canonique = ag.instantane_de(ag.FICHE, fiche)
    bilan = Conformite(fiche.organisme, Codes()).bilan(canonique, timezone.localdate())
    trouve = next((c for c in bilan.constats if (c.code, c.chemin) == (regle, chemin)), None)
    if trouve is None:
        raise SansObjet(PLUS_D_OBJET)
    if not trouve.ecartable:
        raise SansObjet(SANS_CHOIX)
    return trouve


def poser(fiche: Traitement, constat: Constat, raison: str, fin: date, *, auteur: Auteur) -> Resultat:
    """Écarte le constat jusqu'à `fin` comprise. Lève `registre.fiche.enregistrement.Refus`."""
    presents = ag.instantane_de(ag.FICHE, fiche)["ecarts"]
    autres = [e for e in presents if (e["regle"], e["chemin"]) != (constat.code, constat.chemin)]
    nouveau = {
        "numero": max((e["numero"] for e in presents), default=0) + 1,
        "regle": constat.code,
        "chemin": constat.chemin,
        "raison": raison,
        "fin": fin.isoformat(),
    }
    return _ecrire(fiche, [*autres, nouveau], POSE, auteur)


def lever(fiche: Traitement, numero: int, *, auteur: Auteur) -> Resultat:
    """Retire un écart : le constat revient."""
    presents = ag.instantane_de(ag.FICHE, fiche)["ecarts"]
    return _ecrire(fiche, [e for e in presents if e["numero"] != numero], LEVE, auteur)


def _ecrire(fiche: Traitement, ecarts: list[dict[str, Any]], action: str, auteur: Auteur) -> Resultat:
    return enregistrer_fiche(
        {"ecarts": ecarts},
        organisme=fiche.organisme,
        auteur=auteur,
        fiche=fiche,
        revision=fiche.revision,
        valideur=True,
        action=action,
    )
