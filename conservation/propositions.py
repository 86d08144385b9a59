"""Quelles durées de référence proposer à une fiche, et la ligne que chacune donnerait. N'interroge pas la base.

Une proposition dit toujours ce que vaut sa source : un usage, ou une durée que personne n'a relue, ne passe pas pour la loi.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from conservation.ensembles import vise
from conservation.models_referentiels import DureeReference
from traitements.choix import Famille
from traitements.models_referentiels import ModeleFiche

SANS_FICHES_TYPES = {"", Famille.AUTRE}  # « autre » ne rapproche pas deux fiches
Force, Nature, SituationVisee = DureeReference.Force, DureeReference.Nature, DureeReference.SituationVisee
# Ce qui oblige d'abord, ce que nous proposons en dernier. Un ancien texte sans valeur ne se propose pas.
ORDRE = (Force.CONTRAIGNANT, Force.RECOMMANDE, Force.JURISPRUDENCE, Force.PRESCRIPTION, Force.USAGE)
SITUATIONS = ("", *SituationVisee.values)


@dataclass(frozen=True)
class DureeProposee:
    """Une durée de référence, pour des catégories de la fiche. `marque` : jusqu'où sa source a été vérifiée."""

    regle: DureeReference
    categories: tuple[str, ...]

    @property
    def valeur(self) -> str:
        """Ce que le bouton du formulaire envoie."""
        return f"{self.regle.pk}:{','.join(self.categories)}"

    @property
    def marque(self) -> str:
        return marque(self.regle)

    @property
    def ligne(self) -> dict[str, Any]:
        """La durée de conservation à ajouter à la fiche, sous sa forme canonique, sans numéro."""
        chiffree = self.regle.duree_valeur is not None
        return {
            "categories": sorted(self.categories),
            "phase": self.regle.phase,
            "duree_valeur": self.regle.duree_valeur,
            "duree_unite": self.regle.duree_unite,
            "critere": "" if chiffree else self.regle.critere,
            "point_depart": self.regle.point_depart_id,
            "point_depart_precisions": self.regle.critere[:300] if chiffree else "",
            "sort_final": self.regle.sort_final,
            "regle_reference": self.regle.pk,
            "source": source(self.regle),
        }


def marque(regle: DureeReference) -> str:
    """« texte officiel lu », « non vérifié, à relire » ; un doute se dit même quand le texte a été lu."""
    dite = regle.get_verifie_display()
    return f"{dite}, à relire".removeprefix(", ") if regle.doute and "à relire" not in dite else dite


def source(regle: DureeReference) -> str:
    """La source et ce qu'elle vaut : « RGPD art. 5(1)(e) (usage : proposition, sans texte chiffré ; à relire) »."""
    relire = " ; à relire" if regle.a_relire else ""
    droit = regle.nature == Nature.DROIT
    valeur = f" ({regle.get_nature_display() if droit else regle.get_force_display()}{relire})"
    return regle.source[: 500 - len(valeur)] + valeur


def se_propose(regle: DureeReference) -> bool:
    """Un délai pour agir n'est pas une durée à conserver : il ne se propose pas. Ni ce qui est retiré, ni un ancien texte."""
    return regle.actif and regle.force in ORDRE and regle.nature != Nature.DELAI


def fiches_types_par_famille(fiches_types: Iterable[ModeleFiche]) -> dict[str, set[str]]:
    """Famille → codes des modèles de fiches de cette famille."""
    familles: dict[str, set[str]] = {}
    for modele in fiches_types:
        familles.setdefault(modele.contenu.get("famille", ""), set()).add(modele.pk)
    return {famille: codes for famille, codes in familles.items() if famille not in SANS_FICHES_TYPES}


def propositions(
    fiche: Mapping[str, Any], regles: Iterable[DureeReference], familles: Mapping[str, set[str]]
) -> list[DureeProposee]:
    """Les durées applicables à la fiche, chacune pour celles de ses catégories à qui elle n'est pas encore donnée.

    Elles se suivent par situation, et dans chacune, de la loi aux usages. Une durée s'applique si elle vise la catégorie, et le modèle
    d'où vient la fiche ou un modèle de la même famille.
    """
    siens = {fiche.get("modele") or "", *familles.get(fiche.get("famille") or "", ())} - {""}
    candidates = sorted(
        (r for r in regles if se_propose(r) and siens & set(r.traitements)),
        key=lambda r: (SITUATIONS.index(r.situation), ORDRE.index(Force(r.force)), r.ordre, r.pk),
    )
    declarees = dict.fromkeys(d["categorie"] for d in fiche.get("donnees") or () if d.get("categorie"))
    proposees = (DureeProposee(r, _restantes(r, declarees, fiche)) for r in candidates)
    return [p for p in proposees if p.categories]


def _restantes(regle: DureeReference, declarees: Iterable[str], fiche: Mapping[str, Any]) -> tuple[str, ...]:
    """Les catégories de la fiche que la durée vise et à qui aucune ligne ne la donne déjà."""
    citent = [k for k in fiche.get("conservations") or () if k.get("regle_reference") == regle.pk]
    return tuple(c for c in declarees if c in regle.categories and not any(vise(k, c) for k in citent))


def reprise(valeur: str, regles: Mapping[str, DureeReference]) -> DureeProposee | None:
    """La proposition que désigne « CODE:CATEGORIE,CATEGORIE » ; `None` si le référentiel n'en sait rien."""
    code, _, suite = valeur.partition(":")
    regle, siennes = regles.get(code), tuple(filter(None, suite.split(",")))
    if regle is None or not se_propose(regle) or not siennes or not set(siennes) <= set(regle.categories):
        return None
    return DureeProposee(regle, siennes)
