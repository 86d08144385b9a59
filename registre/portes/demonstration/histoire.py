"""La petite histoire d'un organisme de démonstration : des changements, des relevés, des purges, deux épreuves, un écart justifié."""

from typing import Any

from conservation.anonymat.seuils import SEUILS
from conservation.choix import TypeOperation
from conservation.models import Operation
from journal.service import Auteur
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.portee import dans
from registre.actes import ecarts
from registre.actes.fiches import enregistrer_fiche
from registre.execution.epreuves.service import conclure_epreuve, enregistrer, mesurer
from registre.execution.operations import enregistrer_figee, phrases_des_durees
from registre.execution.releves import consigner, examen, relever
from registre.execution.sources import fichier
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.portes.demonstration.lecture import DOSSIER, instance
from traitements.models import Traitement


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
    fiche, auteur = _fiche(lu), _auteur(lu)
    if lu["type"] == TypeOperation.RELEVE:
        voulu = examen(fiche, lu["durees"][0], lu["date"])
        demande = voulu.demande(str(DOSSIER / "fichiers" / lu["fichier"]), lu["colonne"])
        consigner(voulu, demande, relever(fichier.compter, demande), auteur=auteur)
        return
    dits = {nom: v for nom, v in lu.items() if nom not in ("courriel", "fiche", "durees")}
    phrases = phrases_des_durees(fiche, lu["durees"], Codes())
    neuve = Operation(
        organisme=organisme, traitement=fiche, regles=lu["durees"], regles_texte=phrases, **dits
    )
    enregistrer_figee(neuve, auteur=auteur, action="operation")


def _eprouver(lu: dict[str, Any]) -> None:
    chemin = DOSSIER / "fichiers" / lu["fichier"]
    mesure = mesurer(chemin, chemin.name, ligne=lu["ligne"], seuils=SEUILS, roles=lu["roles"])
    epreuve = conclure_epreuve(
        mesure, fiche=_fiche(lu), regle=lu["duree"], roles=lu["roles"], origine=lu["donnees_origine"]
    )
    enregistrer(epreuve, auteur=_auteur(lu))


def _ecarter(lu: dict[str, Any]) -> None:
    fiche = _fiche(lu)
    constat = ecarts.constat_a_ecarter(fiche, lu["regle"], lu["chemin"])
    ecarts.poser(fiche, constat, lu["raison"], lu["fin"], auteur=_auteur(lu))
