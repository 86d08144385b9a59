"""Des faits pour éprouver les règles sans base : une fiche saine, et les repères des référentiels du produit."""

import tomllib
from datetime import date
from functools import cache
from typing import Any

from arbre import RACINE
from conservation.durees import lire_iso
from droit.faits import Faits, figer
from droit.regles import controler, controler_organisme
from droit.reperes import TABLES, Reperes

JOUR = date(2026, 11, 24)
PIECES = ("organismes", "traitements", "conservation")
TIERS = {
    "routeur": {
        "nom": "Envoléo SAS",
        "pays": "FR",
        "contrat_art28": True,
        "contrat_date": "2025-03-04",
        "contrat_fin": None,
        "ulterieurs_autorises": "autorisation-generale",
    },
    "sans-contrat": {"nom": "Prestaflou", "pays": "FR", "contrat_art28": None, "ulterieurs_autorises": ""},
}
ORGANISME: dict[str, Any] = {
    "raison_sociale": "Maison Lavande",
    "adresse": "4 place aux Aires",
    "courriel": "contact@maison-lavande.example",
    "telephone": "",
    "etabli_ue": True,
    "dpo_nom": "Claire Morel",
    "dpo_obligatoire": False,
    "secteur": "E_COMMERCE",
    "effectif": 40,
    "est_sous_traitant": False,
    "derogation_30_5": False,
    "declare_hors_rgpd": False,
    "doctrine_profilage": "droit_commun",
    "delai_revue_mois": 12,
    "mesures": [{"numero": n, "fiche": f"SEC{c}"} for n, c in enumerate(("04", "05", "16", "17", "21"), 1)],
}
MENTIONS = (
    "base caractere_obligatoire destinataires dpo droits durees finalites identite interets profilage reclamation retrait "
    "transferts source delai_art14"
).split()
SAINE: dict[str, Any] = {
    "reference": "TR-001",
    "intitule": "Suivi des commandes",
    "famille": "clients",
    "qualite": "responsable",
    "statut": "brouillon",
    "date_maj": "2026-11-01",
    "date_prochaine_revue": "2027-01-01",
    "securite_heritee": True,
    "donnees_sensibles": False,
    "champs_libres": False,
    "transferts_hors_eee": False,
    "finalites": [
        {
            "numero": 1,
            "libelle": "Livrer les commandes",
            "type": "execution",
            "base_legale": "CONTRAT",
            "canaux": [],
        }
    ],
    "personnes": [{"numero": 1, "categorie": "CLIENTS"}],
    "donnees": [
        {
            "numero": 1,
            "categorie": "COORDONNEES",
            "sources": ["DIRECTE"],
            "finalites": [1],
            "obligatoire": True,
            "consequence_defaut": "La commande ne peut pas être livrée.",
        }
    ],
    "conservations": [
        {
            "numero": 1,
            "categories": ["COORDONNEES"],
            "phase": "base_active",
            "duree_valeur": 3,
            "duree_unite": "ans",
            "point_depart": "FIN_RELATION_COMMERCIALE",
            "sort_final": "suppression",
        }
    ],
    "destinataires": [{"numero": 1, "type": "INTERNE", "nom": "Service client", "pays": "FR"}],
    "transferts": [],
    "mesures": [],
    "information": {
        "supports": ["bon de commande"],
        "mentions": MENTIONS,
        "droits": ["ACCES", "EFFACEMENT", "LIMITATION", "PORTABILITE", "RECTIFICATION"],
        "contact_droits": "dpo@maison-lavande.example",
        "opposition_mecanisme": "Lien dans chaque message",
        "liste_opposition": True,
    },
    "profilage": {"niveau": "aucun"},
    "cession": {"active": False},
}


@cache
def reperes() -> Reperes:
    """Les repères tels que les TOML du produit les donnent."""
    return Reperes(**{nom: _table(nom) for nom in TABLES}, tiers=figer(TIERS), version="essai")


def _table(nom: str) -> Any:
    fichier = next(
        f for p in PIECES if (f := RACINE / p / "referentiels" / f"{nom.replace('_', '-')}.toml").exists()
    )
    return figer({ligne["code"]: _ligne(ligne) for ligne in tomllib.loads(fichier.read_text())["ligne"]})


def _ligne(brute: dict) -> dict:
    """La ligne avec les valeurs que la base lui donnerait : dates en ISO, durée découpée, absences vides."""
    ligne = {"date_fin": None, "verifie": "", "doute": False, **brute}
    ligne |= {nom: v.isoformat() for nom, v in brute.items() if hasattr(v, "isoformat")}
    if duree := lire_iso(brute.get("duree", "")):
        ligne |= {"duree_valeur": duree.valeur, "duree_unite": duree.unite}
    return ligne


def faits(organisme: dict | None = None, *, fiches_sous_traitant: int | None = None, **fiche: Any) -> Faits:
    """La fiche saine, changée par `fiche` ; l'organisme de la boutique, changé par `organisme`."""
    return Faits({**SAINE, **fiche}, {**ORGANISME, **(organisme or {})}, reperes(), fiches_sous_traitant)


def avec(nom: str, **changements: Any) -> dict[str, Any]:
    """La liste `nom` de la fiche saine, son premier élément changé : `**avec("finalites", type="avis")`."""
    return {nom: [{**SAINE[nom][0], **changements}, *SAINE[nom][1:]]}


def ou_parle(code: str, lus: Faits, le: date = JOUR) -> list[str]:
    """Les chemins où cette règle parle, qu'elle tienne à la fiche ou à l'organisme."""
    return [c.chemin for c in (*controler(lus, le), *controler_organisme(lus, le)) if c.code == code]


def phrases(code: str, lus: Faits, le: date = JOUR) -> str:
    """Ce que cette règle dit à la suite, pour y chercher un mot."""
    return " ".join(c.message for c in (*controler(lus, le), *controler_organisme(lus, le)) if c.code == code)
