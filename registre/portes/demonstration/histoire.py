"""La petite histoire d'un organisme de démonstration : des changements, des relevés, des purges, deux épreuves, un écart justifié."""

from typing import Any

from django.utils import timezone

from conservation.anonymat.seuils import SEUILS
from conservation.choix import TypeOperation
from conservation.models import Operation, PlanReleve
from journal.service import Auteur
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.portee import dans
from registre.actes import ecarts
from registre.actes.fiches import enregistrer_fiche
from registre.execution.epreuves.service import conclure_epreuve, enregistrer, mesurer
from registre.execution.operations import enregistrer_figee, phrases_des_durees
from registre.execution.plans import demande_du_plan, examens_du_plan, garder
from registre.execution.releves import consigner, examens, relever
from registre.execution.sources import source_de
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.portes.demonstration.lecture import DOSSIER, instance
from traitements.models import Traitement

FICHIERS = DOSSIER / "fichiers"


def raconter(organisme: Organisme) -> None:
    """Ce que montrent l'historique, les opérations et les procès-verbaux, chaque fois signé d'une personne habilitée."""
    histoire = instance()
    with dans(organisme):
        for changement in histoire["changements"]:
            _changer(organisme, changement)
        for execution in histoire["executions"]:
            _executer(organisme, execution)
        for epreuve in histoire["epreuves"]:
            _eprouver(epreuve)
        for ecart in histoire["ecarts"]:
            _ecarter(ecart)


def _auteur(lu: dict[str, Any]) -> Auteur:
    personne = Utilisateur.objects.get(courriel=lu["courriel"])
    return Auteur(
        id=str(personne.pk), nom=personne.nom, role=Habilitation.objects.get(utilisateur=personne).role
    )


def _fiche(lu: dict[str, Any]) -> Traitement:
    return ag.FICHE.charger(Traitement.objects.select_related("organisme")).get(reference=lu["fiche"])


def _changer(organisme: Organisme, lu: dict[str, Any]) -> None:
    auteur = _auteur(lu)
    enregistrer_fiche(
        lu["donnees"],
        organisme=organisme,
        auteur=auteur,
        fiche=_fiche(lu),
        valideur=auteur.role == Role.DPO,
    )


def _executer(organisme: Organisme, lu: dict[str, Any]) -> None:
    if lu["type"] == TypeOperation.RELEVE:
        _relever(lu)
        return
    fiche, auteur = _fiche(lu), _auteur(lu)
    dits = {nom: v for nom, v in lu.items() if nom not in ("courriel", "fiche", "durees")}
    phrases = phrases_des_durees(fiche, lu["durees"], Codes())
    neuve = Operation(
        organisme=organisme, traitement=fiche, regles=lu["durees"], regles_texte=phrases, **dits
    )
    enregistrer_figee(neuve, auteur=auteur, action="operation")


def _relever(lu: dict[str, Any]) -> None:
    """Un relevé, et le plan qu'il garde ou refait."""
    auteur, le = _auteur(lu), lu.get("date") or timezone.localdate()
    adresse = f"sqlite:///{FICHIERS / lu['base']}" if "base" in lu else str(FICHIERS / lu["fichier"])
    plan = PlanReleve.objects.get(nom=lu["plan"]) if "plan" in lu else None
    voulus = examens_du_plan(plan, le)[0] if plan else examens(_fiche(lu), lu["durees"], le)
    for voulu in voulus:
        demande = (
            demande_du_plan(plan, voulu, adresse)
            if plan
            else voulu.demande(adresse, lu["colonne"], lu.get("table", ""))
        )
        releve = relever(source_de(adresse).compter, demande)
        if "garder_plan" in lu:
            plan = garder(voulus, demande, releve, lu["garder_plan"], auteur=auteur)
        consigner(voulu, demande, releve, auteur=auteur, plan=plan)


def _eprouver(lu: dict[str, Any]) -> None:
    chemin = FICHIERS / lu["fichier"]
    mesure = mesurer(chemin, chemin.name, ligne=lu["ligne"], seuils=SEUILS, roles=lu["roles"])
    epreuve = conclure_epreuve(
        mesure, fiche=_fiche(lu), regle=lu["duree"], roles=lu["roles"], origine=lu["donnees_origine"]
    )
    enregistrer(epreuve, auteur=_auteur(lu))


def _ecarter(lu: dict[str, Any]) -> None:
    fiche = _fiche(lu)
    constat = ecarts.constat_a_ecarter(fiche, lu["regle"], lu["chemin"])
    ecarts.poser(fiche, constat, lu["raison"], lu["fin"], auteur=_auteur(lu))
