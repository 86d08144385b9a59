"""Verser la démonstration dans une base neuve, par les mêmes portes qu'une saisie."""

import secrets
from dataclasses import dataclass
from typing import Any

from django_scopes import scopes_disabled

from journal.service import Auteur, operation
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from organismes.portee import dans
from registre.actes import comptes
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import enregistrer
from registre.portes.demonstration.histoire import raconter
from registre.portes.demonstration.lecture import DonneesOrganisme, instance, organismes

AUTEUR = Auteur(id="demonstration", nom="Démonstration", role="commande")
ACTION = "demonstration"
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # sans l, o, 0 ni 1, que l'on confond


class BaseOccupee(Exception):
    """La base porte déjà de vrais organismes : la démonstration ne s'y mêle pas."""


@dataclass(frozen=True)
class CompteDeDemonstration:
    """Un compte de démonstration et son mot de passe, tiré au hasard, montré une seule fois."""

    nom: str
    courriel: str
    mot_de_passe: str
    role: str


def charger() -> list[CompteDeDemonstration]:
    """Crée les deux organismes, leurs tiers, leurs fiches et les comptes ; rend les comptes neufs.

    Sur une base déjà chargée : ne fait rien et rend une liste vide. Lève `BaseOccupee` sur une base en usage,
    `DemonstrationIllisible` si un fichier de la démonstration ne se lit pas.
    """
    with scopes_disabled():  # on regarde toute l'instance avant d'y verser quoi que ce soit
        presents = set(Organisme.objects.values_list("raison_sociale", flat=True))
    if presents & {"Maison Lavande"}:
        return []
    if presents or Utilisateur.objects.exists():
        raise BaseOccupee
    with operation():
        crees = [_organisme(donnees) for donnees in organismes()]
        neufs = _comptes({o.raison_sociale: o for o in crees})
        raconter(crees[0])
    return neufs


def renouveler() -> list[CompteDeDemonstration]:
    """Donne un mot de passe neuf à chaque compte de la démonstration ; liste vide si elle n'est pas chargée."""
    lue = instance()
    roles = {h["courriel"]: _role(h) for h in reversed(lue["habilitations"])}
    roles[lue["administrateur"]["courriel"]] = "Administrateur de l'instance"
    with operation():
        return [
            _renouveler(personne, roles[personne.courriel])
            for personne in Utilisateur.objects.filter(courriel__in=roles, is_active=True)
        ]


def _renouveler(personne: Utilisateur, role: str) -> CompteDeDemonstration:
    mot = _mot_de_passe()
    comptes.changer_mot_de_passe(personne, mot, auteur=AUTEUR)
    return CompteDeDemonstration(personne.nom, personne.courriel, mot, role)


def _role(habilitation: dict[str, Any]) -> str:
    return f"{Role(habilitation['role']).label}, {habilitation['organisme']}"


def _organisme(lues: DonneesOrganisme) -> Organisme:
    with scopes_disabled():  # l'organisme n'existe pas encore
        organisme = enregistrer(ag.ORGANISME, lues.identite, Organisme(), auteur=AUTEUR, action=ACTION).objet
    with dans(organisme):
        for donnees in lues.tiers:
            enregistrer(ag.TIERS, donnees, Tiers(organisme=organisme), auteur=AUTEUR, action=ACTION)
        for donnees in lues.fiches:
            enregistrer_fiche(
                donnees,
                organisme=organisme,
                auteur=AUTEUR,
                valideur=True,
                admis=ag.FICHE.tenus,
                action=ACTION,
            )
    return organisme


def _comptes(crees: dict[str, Organisme]) -> list[CompteDeDemonstration]:
    lue = instance()
    neufs: dict[str, CompteDeDemonstration] = {}
    for h in lue["habilitations"]:
        if h["courriel"] not in neufs:
            neufs[h["courriel"]] = _compte(h["nom"], h["courriel"], _role(h))
        _habiliter(h, crees[h["organisme"]])
    nom, courriel = lue["administrateur"]["nom"], lue["administrateur"]["courriel"]
    return [*neufs.values(), _compte(nom, courriel, "Administration de l'instance", administrateur=True)]


def _habiliter(lue: dict[str, Any], organisme: Organisme) -> None:
    with dans(organisme):
        habilitation = Habilitation(
            organisme=organisme, utilisateur=Utilisateur.objects.get(courriel=lue["courriel"])
        )
        donnees = {"role": lue["role"], "debut": lue["debut"], "fin": lue.get("fin")}
        enregistrer(ag.HABILITATION, donnees, habilitation, auteur=AUTEUR, action=ACTION)


def _compte(nom: str, courriel: str, role: str, administrateur: bool = False) -> CompteDeDemonstration:
    mot = _mot_de_passe()
    comptes.creer(courriel, nom, auteur=AUTEUR, mot_de_passe=mot, administrateur=administrateur)
    return CompteDeDemonstration(nom, courriel, mot, role)


def _mot_de_passe() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
