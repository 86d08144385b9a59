"""Conservation : ce que fixe la durée de référence qu'une durée de la fiche cite, et ce qu'elle vaut."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from conservation.durees import REPERE, Duree, lire_chiffree, lire_iso, terme
from droit.faits import Element, Faits, texte
from droit.rapprochement import conservee_en_tout, visees_par
from droit.regles.constat import Gravite, Marque, Trouve
from droit.regles.regle import RECOMMANDE, M, P, S, Trouves, alerte, bloquant, conseil

# Un usage, ou une durée que personne n'a relue, ne passe jamais pour la loi.
FORCES = {
    "contraignant": "loi ou règlement",
    "prescription": "délai pour agir en justice",
    "recommande": "recommandation de la CNIL",
    "jurisprudence": "décision ou arrêt",
    "usage": "usage : proposition sans texte chiffré",
    "historique": "ancien texte, sans valeur depuis le 25 mai 2018",
}


@dataclass(frozen=True)
class DureeCitee:
    """Une durée de la fiche et la ligne du référentiel des durées qu'elle cite, sous leurs formes canoniques."""

    regle: Element
    reference: Element

    @property
    def duree(self) -> Duree | None:
        return lire_chiffree(self.regle)

    @property
    def maximum(self) -> Duree | None:
        """La durée que la référence demande de ne pas dépasser ; un droit de la personne ou un délai pour agir n'en fixe pas."""
        bornee = self.reference.get("nature") in ("maximale", "fixe")
        return lire_chiffree(self.reference) if bornee else None

    @property
    def borne_haute(self) -> str:
        return "le délai qu'impose" if self.reference.get("nature") == "fixe" else "le maximum de"

    @property
    def minimum(self) -> Duree | None:
        """La durée au-dessous de laquelle la référence demande de ne pas descendre ; un droit de la personne n'en fixe pas."""
        if self.reference.get("nature") in ("minimale", "fixe"):
            return lire_chiffree(self.reference)
        return lire_iso(texte(self.reference, "duree_min"))

    @property
    def contraignante(self) -> bool:
        return self.reference.get("force") == "contraignant"

    @property
    def a_relire(self) -> bool:
        """Le texte n'a pas été lu, ou sa lecture laisse un doute."""
        return self.reference.get("doute") is True or self.reference.get("verifie") == "memoire"

    @property
    def valeur(self) -> str:
        """« recommandation de la CNIL », « usage : proposition sans texte chiffré, à relire »."""
        force = FORCES.get(texte(self.reference, "force"), "référence")
        return f"{force}, à relire" if self.a_relire else force

    def trouve(self, champ: str, message: str) -> Trouve:
        """Un constat qui tient sa source, et ce qu'elle vaut, de la référence."""
        marque = next((m for m in Marque if m == self.reference.get("verifie")), Marque.AUCUNE)
        chemin = f"conservations[{self.regle['numero']}].{champ}"
        return Trouve(chemin, message, source=texte(self.reference, "source"), marque=marque)

    def ecart(self, duree: Duree, dit: str, borne: Duree, suite: str) -> Trouve:
        """Ce que dit la fiche, ce que dit la référence, ce qu'elle vaut, d'où elle vient."""
        critere = f" Critère : {lu}." if (lu := texte(self.reference, "critere")) else ""
        return self.trouve(
            "duree_valeur",
            f"La durée déclarée ({duree.en_chiffres}) {dit} la durée de référence « {self.reference.get('libelle')} » : "
            f"{borne.en_chiffres} ({self.valeur}).{critere} {suite} Source : {self.reference.get('source')}.",
        )


@alerte(
    "RET-03",
    "CNIL, questions-réponses sur les référentiels",
    S,
    "durée plus longue que sa référence, sans justification",
    RECOMMANDE,
)
def duree_trop_longue(faits: Faits, le: date) -> Trouves:
    """Une durée plus longue que celle de la durée de référence qu'elle cite, imposée comprise, sans justification de l'écart."""
    for c in _citees(faits):
        duree, maximum = c.duree, c.maximum
        if duree and maximum and duree.depasse(maximum) and not texte(c.regle, "justification_ecart"):
            legal = c.contraignante and not c.a_relire
            suite = "ou citez le texte qui permet de la dépasser" if legal else "ou justifiez l'écart"
            yield c.ecart(duree, f"dépasse {c.borne_haute}", maximum, f"Réduisez-la, {suite}.")


@bloquant(
    "RET-04",
    "texte de la durée de référence citée",
    S,
    "durée plus courte qu'un minimum légal",
    ecartable=True,
)
def duree_sous_le_minimum_legal(faits: Faits, le: date) -> Trouves:
    """Une durée plus courte que le minimum légal de la durée de référence qu'elle cite, base active et archive comprises ; en alerte, si un
    écart est justifié, ou si l'archive qui suit n'est pas chiffrée."""
    suite = "Allongez-la, ou écrivez pourquoi ce texte ne s'applique pas ici."
    yield from _sous_le_minimum(faits, contraignante=True, suite=suite)


@alerte(
    "RET-05",
    "CNIL, « Comment utiliser une liste repoussoir », 27 janv. 2022",
    P,
    "durée plus courte qu'un minimum recommandé",
    RECOMMANDE,
)
def duree_sous_le_minimum_recommande(faits: Faits, le: date) -> Trouves:
    """Une durée plus courte que le minimum, recommandé ou proposé, de la durée de référence qu'elle cite, sans justification."""
    suite = "Allongez-la, ou écrivez pourquoi elle suffit."
    yield from _sous_le_minimum(faits, contraignante=False, suite=suite)


@conseil("RET-12", "référentiel des durées du registre", M, "référence ancienne ou à relire")
def reference_a_relire(faits: Faits, le: date) -> Trouves:
    """Une durée de conservation qui cite une durée de référence tirée d'un ancien texte, ou non vérifiée."""
    for c in _citees(faits):
        if c.reference.get("force") == "historique" or c.a_relire:
            yield c.trouve(
                "regle_reference",
                f"La durée de référence « {c.reference.get('libelle')} » ({c.valeur}) n'est qu'un repère : relisez le texte et "
                "validez la durée.",
            )


def _citees(faits: Faits) -> Iterator[DureeCitee]:
    for regle in faits.liste("conservations"):
        if reference := faits.reperes.durees.get(texte(regle, "regle_reference")):
            yield DureeCitee(regle, reference)


def _sous_le_minimum(faits: Faits, contraignante: bool, suite: str) -> Iterator[Trouve]:
    for c in _citees(faits):
        duree, minimum = c.duree, c.minimum
        if c.contraignante is not contraignante or not (duree and minimum and minimum.depasse(duree)):
            continue
        # Une autre ligne des mêmes données le tient, ou la base active et l'archive ensemble : la loi ne dit pas sur quelle ligne garder.
        fin = conservee_en_tout(faits.liste("conservations"), visees_par(faits, c.regle))
        justifie = bool(texte(c.regle, "justification_ecart"))
        if fin and fin >= terme(REPERE, minimum) or justifie and not contraignante:
            continue
        trouve = c.ecart(duree, "est inférieure au minimum de", minimum, suite)
        yield trouve if fin and not justifie else replace(trouve, gravite=Gravite.ALERTE)
