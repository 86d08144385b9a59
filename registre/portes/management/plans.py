"""Refaire un plan de relevé par la commande, sans rien demander : pour une tâche planifiée."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django_scopes import scopes_disabled

from conservation.choix import GenreSource
from conservation.depart import ReleveImpossible
from conservation.models import PlanReleve
from registre.execution.plans import (
    PlanImpossible,
    demande_du_plan,
    dire_ecarts,
    examens_du_plan,
    fichier_depose,
    fichier_designe,
    jour_du_neuf,
)
from registre.execution.releves import relever
from registre.execution.sources import source_de
from registre.execution.sources.demande import SourceRefusee
from registre.fiche.enregistrement import Refus
from registre.portes.management.compte_rendu import CompteRendu
from registre.portes.management.organisme import trouver_organisme
from registre.portes.serveur.pannes import panne

IMPREVUE = (
    "une erreur imprévue l'a arrêté, et rien n'en est consigné. Refaites-le seul, avec --plan et --traceback, pour le détail à "
    "transmettre."
)


@dataclass(frozen=True)
class Releveur:
    """`erreurs` : où dire ce qui n'a pas été relevé. `fichier` : celui d'un plan qui lit un fichier ; vide, celui qui est déposé."""

    compte_rendu: CompteRendu
    erreurs: OutputWrapper
    fichier: str
    au: date | None

    def tenter(self, plan: PlanReleve) -> bool:
        """Comme `refaire`, parmi d'autres : ce qui arrête celui-ci, même imprévu, se dit et n'arrête pas les suivants."""
        try:
            return self.refaire(plan)
        except Exception as erreur:
            self.erreurs.write(f"{plan.nom} : {panne(erreur) or IMPREVUE}")
            return False

    def refaire(self, plan: PlanReleve) -> bool:
        """Vrai si tout ce que le plan compte l'a été, ou si le plan attend un fichier que personne ne dépose."""
        self.compte_rendu.sortie.write(f"plan : {plan}")
        try:
            adresse, le = ou_lire(plan, self.fichier, self.au)
            if adresse is None:
                self.compte_rendu.sortie.write(
                    "non relevé : ce plan lit un fichier, donnez --fichier ou le réglage RELEVE_DOSSIER"
                )
                return True
            voulus, ecartees = examens_du_plan(plan, le)
            lecteur = source_de(adresse)
            demandes = [demande_du_plan(plan, voulu, adresse) for voulu in voulus]
            lus = [relever(lecteur.compter, demande) for demande in demandes]
            self.compte_rendu.signer(voulus, demandes, lus, plan)
        except (PlanImpossible, ReleveImpossible, SourceRefusee) as refus:
            self.erreurs.write(f"{plan.nom} : {refus}")
            return False
        except Refus as refus:
            self.erreurs.write(f"{plan.nom} : {refus.phrases}")
            return False
        if ecartees:
            self.erreurs.write(f"{plan.nom} : non comptées, {dire_ecarts(ecartees)}")
        return not ecartees


def plans_designes(texte: str, organisme: str) -> list[PlanReleve]:
    """Le plan de ce nom ou de cet identifiant, ou tous les plans actifs. Lève `CommandError`."""
    cible = trouver_organisme(organisme) if organisme else None
    with scopes_disabled():  # la ligne de commande choisit sa portée
        plans = PlanReleve.objects.select_related("traitement", "organisme").order_by("organisme", "nom")
        if cible:
            plans = plans.filter(organisme=cible)
        if not texte:
            return list(plans.filter(actif=True))
        trouves = list(
            plans.filter(pk=identifiant) if (identifiant := uuid_de(texte)) else plans.filter(nom=texte)
        )
    if len(trouves) > 1:
        raise CommandError(
            f"Plusieurs organismes ont un plan « {texte} » : donnez --organisme.", returncode=2
        )
    if not trouves:
        raise CommandError(f"Aucun plan de relevé ne s'appelle « {texte} ».")
    return trouves


def ou_lire(plan: PlanReleve, fichier: str, au: date | None) -> tuple[str | None, date]:
    """L'adresse que lit le plan, `None` si personne n'a déposé son fichier ; et le jour du relevé.

    Lève `PlanImpossible`, `SourceRefusee`.

    Un fichier dont personne ne dit le jour (`au`) est de celui où il a été écrit, et ne se compte pas deux fois.
    """
    le = au or timezone.localdate()
    exiger_ce_genre(plan, fichier or plan.adresse)
    if plan.genre != GenreSource.FICHIER:
        if fichier and fichier != plan.adresse:
            raise PlanImpossible("Ce plan lit une base, et pas cette source.")
        return plan.adresse, le
    chemin = fichier_designe(plan, Path(fichier)) if fichier else fichier_depose(plan)
    if chemin is None:
        return None, le
    if au:
        return str(chemin), au
    return str(chemin), jour_du_neuf(plan, chemin)


def exiger_ce_genre(plan: PlanReleve, adresse: str) -> None:
    """Ce qui se lit est du genre que le plan dit, quoi qu'en dise son nom. Lève `PlanImpossible`, `SourceRefusee`."""
    genre = GenreSource(source_de(adresse).GENRE)
    if genre != plan.genre:
        raise PlanImpossible(
            f"Ce plan lit : {plan.get_genre_display()}. Cette adresse est celle d'un autre genre de source : {genre.label}."
        )


def uuid_de(texte: str) -> UUID | None:
    try:
        return UUID(texte)
    except ValueError:
        return None
