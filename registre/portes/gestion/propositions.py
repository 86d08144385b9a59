"""Les durées de référence que le formulaire propose, telles qu'elles s'y lisent."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from conservation.choix import Phase
from conservation.models import DureeReference
from conservation.propositions import DureeProposee, fiches_types_par_famille, propositions, reprise
from registre.fiche.codes import Codes
from registre.fiche.phrases_fiche import phrase_duree
from traitements.models import CategorieDonnees, ModeleFiche
from traitements.phrases import majuscule


@dataclass(frozen=True)
class PropositionDite:
    """`phrase` : « 3 ans à compter du dernier contact émanant du prospect, puis suppression »."""

    proposition: DureeProposee
    phrase: str
    phase: str


@dataclass(frozen=True)
class GroupePropose:
    """Les durées proposées pour une catégorie de la fiche ; `situations` : les mêmes, sous le nom de leur situation."""

    categorie: str
    regles: list[PropositionDite]

    @property
    def situations(self) -> list[tuple[str, list[PropositionDite]]]:
        """« Prospect », « Client », « Contrat électronique de 120 € ou plus », dans l'ordre où elles se proposent."""
        return [
            (nom, list(siennes))
            for nom, siennes in groupby(self.regles, lambda p: p.proposition.regle.get_situation_display())
        ]


def proposees(valeurs: dict[str, Any], codes: Codes) -> list[GroupePropose]:
    """Catégorie par catégorie, ce que le référentiel propose à cette fiche et qu'elle ne cite pas."""
    familles = fiches_types_par_famille(codes.de(ModeleFiche).values())
    trouvees = propositions(valeurs, codes.de(DureeReference).values(), familles)
    return [
        GroupePropose(codes.libelle(CategorieDonnees, categorie), [_lue(p, codes) for p in liste])
        for categorie, liste in trouvees.items()
    ]


def _lue(proposition: DureeProposee, codes: Codes) -> PropositionDite:
    phrase, _ = phrase_duree(proposition.ligne, {}, codes)
    return PropositionDite(proposition, majuscule(phrase), Phase(proposition.regle.phase).label)


def ligne_de(choix: str, codes: Codes) -> dict[str, Any] | None:
    """La durée de conservation que donne la proposition choisie ; `None` si le référentiel n'en sait rien."""
    proposition = reprise(choix, codes.de(DureeReference))
    return proposition.ligne if proposition else None
