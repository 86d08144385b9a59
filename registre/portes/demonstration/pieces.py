"""Les morceaux que plusieurs fiches de démonstration partagent."""

from typing import Any

DROITS_COMMUNS = ["ACCES", "EFFACEMENT", "LIMITATION", "POST_MORTEM", "RECLAMATION", "RECTIFICATION"]
MENTIONS = [
    "base",
    "caractere_obligatoire",
    "destinataires",
    "dpo",
    "droits",
    "durees",
    "finalites",
    "identite",
    "reclamation",
]
CONTACT = "dpo@maison-lavande.example, ou Maison Lavande, 4 place aux Aires, 06130 Grasse"
MODALITES = "Réponse du délégué sous un mois ; identité vérifiée seulement en cas de doute raisonnable."
OPPOSITION = "Lien de désinscription dans chaque message, case du compte client, courriel au délégué."


def information(
    *supports: str, droits: tuple[str, ...] = (), mentions: tuple[str, ...] = (), opposition: str = ""
) -> dict[str, Any]:
    """Le volet « information et droits » ordinaire de la boutique, complété par les particularités de la fiche."""
    return {
        "supports": list(supports),
        "mentions": [*MENTIONS, *mentions],
        "moment": "À la collecte, au bas de chaque formulaire",
        "preuve": "Politique de confidentialité, version 5 du 12 janvier 2026",
        "droits": [*DROITS_COMMUNS, *droits],
        "contact_droits": CONTACT,
        "modalites": MODALITES,
        "opposition_mecanisme": opposition,
        "liste_opposition": True if opposition else None,
    }


def duree(categorie: str, valeur: int, unite: str, depart: str, sort: str, **autres: Any) -> dict[str, Any]:
    return {
        "categorie": categorie,
        "phase": "base_active",
        "duree_valeur": valeur,
        "duree_unite": unite,
        "point_depart": depart,
        "sort_final": sort,
    } | autres


def archive(categorie: str, valeur: int, unite: str, depart: str, **autres: Any) -> dict[str, Any]:
    return duree(
        categorie,
        valeur,
        unite,
        depart,
        "suppression",
        phase="archivage_intermediaire",
        acces_restreint=True,
        **autres,
    )


def critere(
    categorie: str, texte: str, depart: str, sort: str = "archivage_intermediaire", **autres: Any
) -> dict[str, Any]:
    return {
        "categorie": categorie,
        "phase": "base_active",
        "critere": texte,
        "point_depart": depart,
        "sort_final": sort,
    } | autres


def interne(nom: str, precisions: str = "") -> dict[str, Any]:
    return {"type": "INTERNE", "nom": nom, "pays": "FR", "precisions": precisions}


def sous_traitant(tiers: str, pays: str, precisions: str) -> dict[str, Any]:
    return {"type": "SOUS_TRAITANT", "tiers": tiers, "pays": pays, "precisions": precisions}


def donnee(
    categorie: str, precisions: str, obligatoire: bool | None = True, *sources: str, **autres: Any
) -> dict[str, Any]:
    return {
        "categorie": categorie,
        "precisions": precisions,
        "obligatoire": obligatoire,
        "sources": list(sources or ("DIRECTE",)),
    } | autres


def aipd_non_requise(justification: str, *criteres: str) -> dict[str, Any]:
    return {"criteres": list(criteres), "decision": "non_requise", "justification": justification}


RESPONSABLE: dict[str, Any] = {
    "qualite": "responsable",
    "statut": "validee",
    "securite_heritee": True,
    "donnees_sensibles": False,
    "transferts_hors_eee": False,
    "profilage": {"niveau": "aucun"},
    "cession": {"active": False},
    "referentiel": "CNIL 2021-131 (gestion des activités commerciales)",
}
US = {
    "pays": "US",
    "garantie": "ADEQUATION",
    "importateur_certifie": True,
    "verifie_le": "2026-05-02",
    "document": "Liste du Data Privacy Framework, copie du 2 mai 2026",
}
MAROC = {
    "pays": "MA",
    "garantie": "CCT_COMMISSION",
    "module_cct": "module-2",
    "tia": True,
    "document": "Clauses types signées le 2 septembre 2024 ; analyse du transfert du 20 août 2024",
}
PREUVE = "Horodatage, texte présenté et sa version, page de collecte, identifiant du compte."
RETRAIT = "Lien dans chaque message, préférences du compte, courriel au délégué : effet sous 24 heures."
