"""Effacer un brouillon créé par erreur. Une fiche qui a compté (validée un jour, citée par une pièce signée) s'archive."""

from django.db.models import ProtectedError

from conservation.models import Epreuve, Operation, PlanReleve
from journal.models import Entree
from journal.service import Auteur, operation
from registre.fiche import agregat
from registre.fiche.enregistrement import Refus, supprimer, verrouiller
from traitements.choix import Statut
from traitements.models import Traitement
from traitements.phrases import enumerer

COMPTEES = {Statut.VALIDEE, Statut.ARCHIVEE}
CITEE = "Une pièce signée la cite : archivez-la."


def empechements(fiche: Traitement, auteur: Auteur, delegue: bool) -> list[str]:
    """Pourquoi cette personne ne peut pas effacer cette fiche ; vide si elle le peut.

    Un brouillon s'efface par qui l'a créé, que le journal nomme, ou par le délégué, qui tient le registre.
    """
    entrees = list(
        Entree.objects.filter(objet_type=agregat.FICHE.type, objet_id=str(fiche.pk))
        .order_by("seq")
        .values_list("auteur_id", "changements")
    )
    dits = [*_compte(fiche, [changements for _, changements in entrees]), *_citations(fiche)]
    createur = entrees[0][0] if entrees else ""
    if not delegue and createur != auteur.id:
        dits.append("Seuls la personne qui l'a créée et le délégué à la protection des données l'effacent.")
    return dits


def _compte(fiche: Traitement, histoire: list[list[dict]]) -> list[str]:
    if fiche.statut != Statut.BROUILLON:
        return [
            f"Elle est {fiche.get_statut_display().lower()} : une fiche qui a compté s'archive, elle ne s'efface pas."
        ]
    etats = (c["apres"] for changements in histoire for c in changements if c["chemin"] == "statut")
    if any(etat in COMPTEES for etat in etats):
        return [
            "Elle a déjà été validée ou archivée : une fiche qui a compté s'archive, elle ne s'efface pas."
        ]
    return []


def _citations(fiche: Traitement) -> list[str]:
    pieces = (
        (Operation.objects.filter(traitement=fiche), "une opération signée", "opérations signées"),
        (PlanReleve.objects.filter(traitement=fiche), "un plan de relevé", "plans de relevé"),
        (Epreuve.objects.filter(traitement=fiche), "une épreuve signée", "épreuves signées"),
        (fiche.ecarts.all(), "un écart justifié", "écarts justifiés"),
    )
    comptees = [(pieces.count(), une, plusieurs) for pieces, une, plusieurs in pieces]
    dites = [une if n == 1 else f"{n} {plusieurs}" for n, une, plusieurs in comptees if n]
    return [f"Elle porte {enumerer(dites)} : archivez-la."] if dites else []


def effacer_brouillon(fiche: Traitement, *, auteur: Auteur, delegue: bool, revision: int) -> None:
    """Efface un brouillon ; le journal en garde le dernier état entier.

    `revision` : celle que la personne a lue. Lève `Conflit` si elle a changé, `Refus` si la fiche ne s'efface pas,
    `Disparu` si une autre personne vient de l'effacer.
    """
    with operation():
        actuelle = verrouiller(agregat.FICHE, fiche, revision)
        if dits := empechements(actuelle, auteur, delegue):
            raise Refus({"": dits})
        try:
            supprimer(agregat.FICHE, actuelle, auteur=auteur)
        except ProtectedError:
            raise Refus({"": [CITEE]}) from None
