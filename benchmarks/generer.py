"""Fiches engendrées de longueur réaliste, pour les mesures. Toujours les mêmes : le hasard a une graine."""

import random
from collections.abc import Callable
from typing import Any

from boutique import creer_organisme, creer_tiers
from journal.service import Auteur, operation
from organismes.models import Organisme
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes

AUTEUR = Auteur(id="mesure", nom="Mesure", role="commande")
PHRASES = (
    "Les données sont recueillies au moment de la commande et servent à son suivi.",
    "Le service chargé du traitement relit chaque année les durées et les habilitations.",
    "La personne est informée par la politique de confidentialité, remise à la collecte.",
    "Le prestataire n'agit que sur instruction et restitue les données en fin de contrat.",
)
CATEGORIES = ("ETAT_CIVIL", "COORDONNEES", "TRANSACTIONS", "RELATION_COMMERCIALE", "CONNEXION", "PROSPECTION")
BASES = ("CONTRAT", "CONSENTEMENT", "INTERET_LEGITIME", "OBLIGATION_LEGALE")


def texte(hasard: random.Random, phrases: int) -> str:
    return " ".join(hasard.choice(PHRASES) for _ in range(phrases))


def fiche(rang: int) -> dict[str, Any]:
    """Trois finalités, cinq catégories de données avec leurs durées, quatre destinataires, un transfert."""
    hasard = random.Random(rang)
    categories = hasard.sample(CATEGORIES, 5)
    return {
        "reference": f"TR-{rang:05d}",
        "intitule": f"Activité de traitement numéro {rang}",
        "qualite": "responsable",
        "statut": hasard.choice(("brouillon", "validee")),
        "famille": hasard.choice(("clients", "prospection", "statistiques", "avis", "fidelite")),
        "service": hasard.choice(("Direction marketing", "Service client", "Comptabilité")),
        "description": texte(hasard, 3),
        "securite_heritee": True,
        "finalites": [
            {
                "libelle": f"Finalité {n} de l'activité {rang}",
                "type": "execution",
                "base_legale": hasard.choice(BASES),
                "justification": texte(hasard, 2),
                "sous_finalites": ["suivi", "contrôle"],
            }
            for n in range(1, 4)
        ],
        "personnes": [{"categorie": "CLIENTS", "volume": "environ 18 500"}, {"categorie": "PROSPECTS"}],
        "donnees": [
            {"categorie": c, "precisions": texte(hasard, 1), "sources": ["DIRECTE"], "obligatoire": True}
            for c in categories
        ],
        "conservations": [
            {
                "categories": [c],
                "phase": "base_active",
                "duree_valeur": 3,
                "duree_unite": "ans",
                "point_depart": "FIN_RELATION_COMMERCIALE",
                "sort_final": "suppression",
                "source": "Référentiel CNIL 2021-131, § 7",
                "appliquee": "oui",
            }
            for c in categories
        ],
        "destinataires": [
            {"type": "INTERNE", "nom": "Service client"},
            {"type": "INTERNE", "nom": "Comptabilité"},
            {"type": "SOUS_TRAITANT", "tiers": "Hébergis SAS", "pays": "FR", "precisions": texte(hasard, 1)},
            {
                "type": "SOUS_TRAITANT",
                "tiers": "Mailwright Inc.",
                "pays": "US",
                "precisions": texte(hasard, 1),
            },
        ],
        "transferts_hors_eee": True,
        "transferts": [
            {"destinataire_numero": 4, "pays": "US", "garantie": "ADEQUATION", "verifie_le": "2026-05-02"}
        ],
        "mesures": [{"fiche": "SEC08", "precisions": texte(hasard, 1)}],
        "information": {
            "supports": ["formulaire", "site"],
            "mentions": ["identite", "finalites"],
            "modalites": texte(hasard, 2),
        },
        "profilage": {"niveau": "aucun"},
        "aipd": {"decision": "non_requise", "justification": texte(hasard, 1)},
    }


def fiche_longue(nombre: int) -> dict[str, Any]:
    """`nombre` catégories de données, autant de durées et de destinataires : la fiche fourre-tout d'un grand service."""
    toutes = [CATEGORIES[n % len(CATEGORIES)] for n in range(nombre)]
    duree = {"duree_valeur": 3, "duree_unite": "ans", "point_depart": "FIN_RELATION_COMMERCIALE"}
    return {
        "donnees": [
            {"categorie": c, "precisions": f"Champ {n}", "sources": ["DIRECTE"], "obligatoire": True}
            for n, c in enumerate(toutes, 1)
        ],
        "conservations": [
            {
                "categories": [c],
                "objet": f"Lot {n}",
                "phase": "base_active",
                **duree,
                "sort_final": "suppression",
                "regle_reference": "PROSPECT-3A",
                "source": "Référentiel CNIL 2021-131, § 7",
            }
            for n, c in enumerate(toutes, 1)
        ],
        "destinataires": [
            {
                "type": "SOUS_TRAITANT",
                "tiers": f"Prestataire {n % 20 + 1:02d}",
                "pays": "FR",
                "categories": [c],
            }
            for n, c in enumerate(toutes)
        ],
    }


def organisme() -> Organisme:
    cree = creer_organisme(
        "Mesure SAS", ville="Lyon", pays="FR", mesures=[{"fiche": "SEC17"}, {"fiche": "SEC21"}]
    )
    creer_tiers(cree, "Hébergis SAS", pays="FR", contrat_art28=True)
    creer_tiers(cree, "Mailwright Inc.", pays="US", contrat_art28=True)
    return cree


def remplir(cible: Organisme, debut: int, fin: int, de_rang: Callable[[int], dict[str, Any]] = fiche) -> None:
    """Ajoute les fiches `debut` à `fin` (exclue) par le service, en une transaction."""
    with dans(cible), operation():
        codes = Codes()
        for rang in range(debut, fin):
            enregistrer_fiche(
                de_rang(rang),
                organisme=cible,
                auteur=AUTEUR,
                valideur=True,
                admis=ag.FICHE.tenus,
                codes=codes,
            )
