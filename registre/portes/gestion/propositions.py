"""Les durées de référence que le formulaire propose, telles qu'elles s'y lisent."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from conservation.choix import Phase
from conservation.models import DureeReference
from conservation.propositions import DureeProposee, fiches_types_par_famille, propositions, reprise
from registre.fiche.codes import Codes
from registre.fiche.phrases_fiche import phrase_categories, phrase_duree
from traitements.models import ModeleFiche
from traitements.phrases import majuscule, minuscule

SANS_SITUATION = "Toute situation"


@dataclass(frozen=True)
class PropositionDite:
    """`phrase` : « 3 ans à compter du dernier contact émanant du prospect, puis suppression » ; `donnees` : celles qu'elle couvrirait.

    `quand` : la circonstance où elle vaut, si le référentiel en dit une.
    """

    proposition: DureeProposee
    phrase: str
    phase: str
    donnees: str
    quand: str


@dataclass(frozen=True)
class GroupePropose:
    """Les durées proposées pour une situation : « Prospect », « Contrat électronique de 120 € ou plus »."""

    situation: str
    regles: list[PropositionDite]


def proposees(valeurs: dict[str, Any], codes: Codes) -> list[GroupePropose]:
    """Situation par situation, ce que le référentiel propose à cette fiche et qu'elle ne dit pas déjà."""
    familles = fiches_types_par_famille(codes.de(ModeleFiche).values())
    trouvees = propositions(valeurs, codes.de(DureeReference).values(), familles)
    par_situation = groupby(trouvees, lambda p: p.regle.get_situation_display() or SANS_SITUATION)
    return [GroupePropose(nom, [_lue(p, codes) for p in siennes]) for nom, siennes in par_situation]


def _lue(proposition: DureeProposee, codes: Codes) -> PropositionDite:
    phrase, _ = phrase_duree(proposition.ligne, {}, codes)
    donnees, _ = phrase_categories(proposition.ligne, {}, codes)
    quand, phase = minuscule(proposition.regle.quand), Phase(proposition.regle.phase).label
    return PropositionDite(proposition, majuscule(phrase), phase, donnees, quand)


def ligne_de(choix: str, codes: Codes) -> dict[str, Any] | None:
    """La durée de conservation que donne la proposition choisie ; `None` si le référentiel n'en sait rien."""
    proposition = reprise(choix, codes.de(DureeReference))
    return proposition.ligne if proposition else None
