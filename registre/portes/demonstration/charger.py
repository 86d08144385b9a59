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
from registre.portes.demonstration import atelier_pixel, fiches_lavande, maison_lavande
from traitements.models import Traitement

AUTEUR = Auteur(id="demonstration", nom="Démonstration", role="commande")
ACTION = "demonstration"
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # sans l, o, 0 ni 1, que l'on confond


class BaseOccupee(Exception):
    """La base porte déjà de vrais organismes : la démonstration ne s'y mêle pas."""


@dataclass(frozen=True)
class Compte:
    """Un compte de démonstration et son mot de passe, tiré au hasard, montré une seule fois."""

    nom: str
    courriel: str
    mot_de_passe: str
    role: str


PERSONNES = (
    ("Claire Morel", "claire.morel@maison-lavande.example", "Maison Lavande", Role.DPO, "2018-05-22", None),
    (
        "Léa Fontaine",
        "lea.fontaine@maison-lavande.example",
        "Maison Lavande",
        Role.CONTRIBUTEUR,
        "2024-01-08",
        None,
    ),
    (
        "Hugo Bernard",
        "hugo.bernard@maison-lavande.example",
        "Maison Lavande",
        Role.DIRECTION,
        "2018-05-22",
        None,
    ),
    (
        "Nadia Roussel",
        "nadia.roussel@audit.example",
        "Maison Lavande",
        Role.AUDITEUR,
        "2026-11-01",
        "2027-01-31",
    ),
    ("Inès Duval", "ines@duval-conseil.example", "Atelier Pixel", Role.DPO, "2024-05-02", None),
    ("Inès Duval", "ines@duval-conseil.example", "Maison Lavande", Role.AUDITEUR, "2026-01-05", None),
)
ADMINISTRATEUR = ("Alix Perrin", "alix.perrin@instance.example")
# Une petite histoire, pour que l'historique ait quelque chose à montrer.
CHANGEMENTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("lea.fontaine@maison-lavande.example", "TR-009", {"volumes": "environ 2 100 appels"}),
    (
        "lea.fontaine@maison-lavande.example",
        "TR-011",
        {"service": "Direction marketing et boutique de Grasse"},
    ),
    (
        "claire.morel@maison-lavande.example",
        "TR-011",
        {
            "remarques": "À reprendre avant le 1er décembre : preuve du consentement, durées, garantie du transfert."
        },
    ),
)


def charger() -> list[Compte]:
    """Crée les deux organismes, leurs tiers, leurs fiches et les comptes ; rend les comptes neufs.

    Sur une base déjà chargée : ne fait rien et rend une liste vide. Lève `BaseOccupee` sur une base en usage.
    """
    with scopes_disabled():  # on regarde toute l'instance avant d'y verser quoi que ce soit
        presents = set(Organisme.objects.values_list("raison_sociale", flat=True))
    if presents & {"Maison Lavande"}:
        return []
    if presents or Utilisateur.objects.exists():
        raise BaseOccupee
    with operation():
        organismes = [
            _organisme(maison_lavande.ORGANISME, maison_lavande.TIERS, fiches_lavande.FICHES),
            _organisme(atelier_pixel.ORGANISME, atelier_pixel.TIERS, atelier_pixel.FICHES),
        ]
        neufs = _comptes({o.raison_sociale: o for o in organismes})
        _histoire(organismes[0])
    return neufs


def renouveler() -> list[Compte]:
    """Donne un mot de passe neuf à chaque compte de la démonstration ; liste vide si elle n'est pas chargée."""
    roles = {courriel: f"{Role(role).label}, {o}" for _, courriel, o, role, _, _ in reversed(PERSONNES)}
    roles[ADMINISTRATEUR[1]] = "Administrateur de l'instance"
    with operation():
        return [
            _renouveler(personne, roles[personne.courriel])
            for personne in Utilisateur.objects.filter(courriel__in=roles, is_active=True)
        ]


def _renouveler(personne: Utilisateur, role: str) -> Compte:
    mot = _mot_de_passe()
    comptes.changer_mot_de_passe(personne, mot, auteur=AUTEUR)
    return Compte(personne.nom, personne.courriel, mot, role)


def _organisme(identite: dict, tiers: list[dict], fiches: list[dict]) -> Organisme:
    with scopes_disabled():  # l'organisme n'existe pas encore
        organisme = enregistrer(ag.ORGANISME, identite, Organisme(), auteur=AUTEUR, action=ACTION).objet
    with dans(organisme):
        for donnees in tiers:
            enregistrer(ag.TIERS, donnees, Tiers(organisme=organisme), auteur=AUTEUR, action=ACTION)
        for donnees in fiches:
            enregistrer_fiche(
                donnees,
                organisme=organisme,
                auteur=AUTEUR,
                valideur=True,
                admis=ag.FICHE.tenus,
                action=ACTION,
            )
    return organisme


def _comptes(organismes: dict[str, Organisme]) -> list[Compte]:
    neufs: dict[str, Compte] = {}
    for nom, courriel, organisme, role, debut, fin in PERSONNES:
        if courriel not in neufs:
            neufs[courriel] = _compte(nom, courriel, f"{Role(role).label}, {organisme}")
        with dans(organismes[organisme]):
            habilitation = Habilitation(
                organisme=organismes[organisme], utilisateur=Utilisateur.objects.get(courriel=courriel)
            )
            donnees = {"role": role, "debut": debut, "fin": fin}
            enregistrer(ag.HABILITATION, donnees, habilitation, auteur=AUTEUR, action=ACTION)
    nom, courriel = ADMINISTRATEUR
    return [*neufs.values(), _compte(nom, courriel, "Administration de l'instance", administrateur=True)]


def _compte(nom: str, courriel: str, role: str, administrateur: bool = False) -> Compte:
    mot = _mot_de_passe()
    comptes.creer(courriel, nom, auteur=AUTEUR, mot_de_passe=mot, administrateur=administrateur)
    return Compte(nom, courriel, mot, role)


def _mot_de_passe() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def _histoire(organisme: Organisme) -> None:
    for courriel, reference, donnees in CHANGEMENTS:
        personne = Utilisateur.objects.get(courriel=courriel)
        with dans(organisme):
            role = Habilitation.objects.get(utilisateur=personne).role
            auteur = Auteur(id=str(personne.pk), nom=personne.nom, role=role)
            fiche = Traitement.objects.get(reference=reference)
            enregistrer_fiche(
                donnees, organisme=organisme, auteur=auteur, fiche=fiche, valideur=role == Role.DPO
            )
