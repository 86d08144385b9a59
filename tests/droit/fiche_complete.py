"""Une fiche de « Maison Lavande » où chaque question que la loi pose a sa condition remplie, et sa réponse.

Elle touche à tout : commandes, courriels, appels, jeux, statistiques, profilage, cession, avis, santé, mineurs, transferts.
Aucun vrai registre ne la porterait d'un bloc ; les règles, elles, se lisent question par question.
"""

from typing import Any

CONSENTI = {
    "consentement_recueil": "Case non cochée, sur la page du compte",
    "consentement_preuve": "Horodatage, adresse de la page et texte présenté",
    "consentement_retrait": "Même case, ou lien de chaque message",
    "consentement_texte_version": "Texte du 2 mars 2026, version 4",
    "consentement_precoche": False,
    "consentement_conditionne": False,
    "consentement_explicite": True,
    "consentement_autorisation_parentale": "Courriel de confirmation au parent, avant quinze ans",
}
INTERET = {
    "interet_legitime": "Faire connaître à nos clients des articles proches de leurs achats",
    "balance_faite": True,
    "balance": "Note du 4 mars 2026 : peu de messages, opposition simple, aucune donnée sensible",
}
ANALOGUE = {
    f"analogue_{nom}": True
    for nom in ("vente", "meme_societe", "produits_analogues", "opposition_collecte", "opposition_envoi")
}


def _finalite(numero: int, libelle: str, nature: str, base: str, **champs: Any) -> dict[str, Any]:
    return {
        "numero": numero,
        "libelle": libelle,
        "type": nature,
        "base_legale": base,
        "canaux": [],
        **champs,
    }


FINALITES = [
    _finalite(1, "Livrer les commandes et suivre le service après-vente", "execution", "CONTRAT"),
    _finalite(
        2,
        "Proposer à nos clients des articles proches de leurs achats",
        "prospection",
        "INTERET_LEGITIME",
        canaux=["EMAIL_B2C"],
        public="B2C",
        objet_sollicitation="autre",
        suivi_ouverture=False,
        **INTERET,
        **ANALOGUE,
    ),
    _finalite(
        3,
        "Appeler les clients qui l'ont accepté pour présenter la saison",
        "prospection",
        "CONSENTEMENT",
        canaux=["TELEPHONE_B2C"],
        public="B2C",
        objet_sollicitation="autre",
        contrat_en_cours=False,
        rappel_demande=False,
        consentement_mentions_appel=True,
        consentement_validite_mois=12,
        consentement_reconduction=False,
        **CONSENTI,
    ),
    _finalite(
        4,
        "Écrire aux acheteurs des boutiques revendeuses",
        "prospection",
        "INTERET_LEGITIME",
        canaux=["EMAIL_B2B"],
        public="B2B",
        objet_rapport_profession=True,
        suivi_ouverture=False,
        **INTERET,
    ),
    _finalite(
        5,
        "Mesurer les ventes de chaque saison",
        "statistiques",
        "INTERET_LEGITIME",
        conserve_apres_terme=False,
        **INTERET,
    ),
    _finalite(
        6, "Choisir les offres d'après les achats et la navigation", "profilage", "CONSENTEMENT", **CONSENTI
    ),
    _finalite(
        7,
        "Remettre les adresses de nos clients à des partenaires",
        "cession",
        "CONSENTEMENT",
        canaux=["EMAIL_B2C"],
        public="B2C",
        objet_sollicitation="autre",
        suivi_ouverture=False,
        **CONSENTI,
    ),
    _finalite(8, "Publier les avis des clients sur les articles", "avis", "INTERET_LEGITIME", **INTERET),
    _finalite(
        9,
        "Interroger les clients sur la qualité du service",
        "etude",
        "INTERET_LEGITIME",
        promotionnelle=False,
        **INTERET,
    ),
    _finalite(
        10,
        "Tenir les factures que la loi impose",
        "autre",
        "OBLIGATION_LEGALE",
        texte_legal="C. com. art. L123-22",
    ),
    _finalite(
        11,
        "Signaler aux clients les articles qui contiennent leurs allergènes",
        "execution",
        "CONSENTEMENT",
        **CONSENTI,
    ),
]


def _donnee(
    numero: int, categorie: str, finalites: list[int], sources: list[str], **champs: Any
) -> dict[str, Any]:
    return {
        "numero": numero,
        "categorie": categorie,
        "finalites": finalites,
        "sources": sources,
        "obligatoire": True,
        "consequence_defaut": "La commande ne peut pas être livrée",
        **champs,
    }


DONNEES = [
    _donnee(
        1, "COORDONNEES", [1, 2, 3, 4, 5, 7, 8, 9, 10], ["DIRECTE"], precisions="Nom, adresse, téléphone"
    ),
    _donnee(
        2, "TRANSACTIONS", [1, 2, 5, 6, 9], ["DIRECTE"], precisions="Commandes, paniers, sans donnée bancaire"
    ),
    _donnee(
        3,
        "NAVIGATION",
        [6],
        ["TERMINAL"],
        obligatoire=False,
        consequence_defaut="",
        precisions="Pages vues, après accord aux traceurs",
    ),
    _donnee(
        4,
        "VIE_PROFESSIONNELLE",
        [4],
        ["PUBLIQUE"],
        source_nom="Site de chaque boutique revendeuse",
        obligatoire=False,
        consequence_defaut="",
    ),
    _donnee(
        5,
        "SANTE",
        [11],
        ["DIRECTE"],
        exception_art9="ART9_A",
        justification_art9="Le client déclare lui-même ses allergies et accepte qu'elles servent à l'alerter",
        obligatoire=False,
        consequence_defaut="",
    ),
    _donnee(6, "FACTURATION_REGLEMENT", [10], ["DIRECTE"]),
    _donnee(7, "AVIS_CONTRIBUTIONS", [8], ["DIRECTE"], obligatoire=False, consequence_defaut=""),
]


def _duree(numero: int, categories: list[str], valeur: int, depart: str, **champs: Any) -> dict[str, Any]:
    return {
        "numero": numero,
        "categories": categories,
        "phase": "base_active",
        "duree_valeur": valeur,
        "duree_unite": "ans",
        "point_depart": depart,
        "sort_final": "suppression",
        **champs,
    }


DUREES = [
    _duree(1, ["COORDONNEES", "TRANSACTIONS"], 3, "FIN_RELATION_COMMERCIALE"),
    _duree(2, ["VIE_PROFESSIONNELLE"], 3, "DERNIER_CONTACT_PROSPECT", ouverture_vaut_contact=False),
    _duree(3, ["NAVIGATION"], 13, "DEPOT_TRACEUR", duree_unite="mois"),
    _duree(4, ["SANTE"], 1, "RETRAIT_CONSENTEMENT", duree_unite="mois"),
    _duree(
        5,
        ["FACTURATION_REGLEMENT"],
        10,
        "CLOTURE_EXERCICE",
        phase="archivage_intermediaire",
        acces_restreint=True,
        regle_reference="COMPTA-10A",
        source="C. com. art. L123-22",
    ),
    _duree(
        6,
        ["AVIS_CONTRIBUTIONS"],
        3,
        "PUBLICATION_AVIS",
        sort_final="anonymisation",
        technique="agregation",
    ),
]
DESTINATAIRES = [
    {"numero": 1, "type": "INTERNE", "nom": "Service client", "pays": "FR"},
    {"numero": 2, "type": "SOUS_TRAITANT", "nom": "", "tiers": "routeur", "pays": "FR"},
    {"numero": 3, "type": "PARTENAIRE", "nom": "Partenaires nommés dans la liste tenue à jour", "pays": "FR"},
    {"numero": 4, "type": "AUTRE_DESTINATAIRE", "nom": "Centre d'appels", "pays": "US"},
    {"numero": 5, "type": "AUTRE_DESTINATAIRE", "nom": "Traducteur", "pays": "IN"},
    {"numero": 6, "type": "AUTRE_DESTINATAIRE", "nom": "Avocat saisi d'un litige", "pays": "BR"},
]
TRANSFERTS = [
    {
        "numero": 1,
        "destinataire_numero": 4,
        "pays": "US",
        "garantie": "ADEQUATION",
        "document": "Inscription au Data Privacy Framework, relevée le 3 mars 2026",
        "importateur_certifie": True,
        "verifie_le": "2026-03-03",
    },
    {
        "numero": 2,
        "destinataire_numero": 5,
        "pays": "IN",
        "garantie": "CCT_COMMISSION",
        "document": "Clauses signées le 4 mai 2026",
        "module_cct": "module-2",
        "tia": True,
    },
    {
        "numero": 3,
        "destinataire_numero": 6,
        "pays": "BR",
        "garantie": "D49_2",
        "document": "Évaluation du 9 juin 2026",
        "repetitif": False,
        "notification_cnil": True,
    },
]
PROFILAGE = {
    "niveau": "decision_automatisee",
    "logique": "Les achats d'un an et les pages vues classent le client dans un segment, qui fixe sa remise",
    "consequences": "Une remise plus ou moins élevée",
    "sensible": False,
    "decision_auto": True,
    "exception_art22": "consentement-explicite",
    "intervention_humaine": True,
    "traceurs": True,
    "sources_tierces": False,
    "recommandation": False,
    "plateforme_tierce": False,
    "opposition_possible": True,
}
CESSION = {
    "active": True,
    "operations": ["location"],
    "canaux": ["EMAIL_B2C"],
    "partenaires": "Trois partenaires de la décoration, nommés sur la page « Nos partenaires »",
    "partenaires_tenus": True,
    "information_opposition": True,
    "preuve_source": "L'accord de chaque client, avec sa date et le texte présenté, suit le fichier",
    "propagation_opposition": "Liste des oppositions remise aux partenaires chaque semaine",
    "information_art14": "Le partenaire informe dans son premier message, sous un mois",
    "trace": True,
    "trace_description": "Registre des envois : date, nombre de lignes, partenaire",
}
AVIS = {
    "controle_annonce": True,
    "delai_affiche": "Publication sous sept jours, conservation de trois ans",
    "motif_refus": True,
    "signalement": True,
    "pseudonyme": True,
    "moderation": "Deux personnes du service client, selon les critères publiés",
}
INFORMATION = {
    "supports": ["formulaire de commande", "page « Vos données »"],
    "mentions": (
        "base caractere_obligatoire delai_art14 demarchage destinataires dpo droits durees finalites identite interets "
        "profilage reclamation retrait source transferts"
    ).split(),
    "moment": "À la collecte ; au premier message pour les boutiques revendeuses",
    "preuve": "Page « Vos données », version du 2 mars 2026",
    "droits": (
        "ACCES DECISION_AUTOMATISEE EFFACEMENT LIMITATION OPPOSITION OPPOSITION_PROSPECTION PORTABILITE POST_MORTEM "
        "RECTIFICATION RETRAIT"
    ).split(),
    "clause_appels": True,
    "contact_droits": "dpo@maison-lavande.example",
    "modalites": "Réponse du délégué sous un mois",
    "opposition_mecanisme": "Lien dans chaque message, case du compte, ou un mot pendant l'appel",
    "liste_opposition": True,
}
AIPD = {
    "criteres": ["C1_EVALUATION", "C2_DECISION_AUTO", "C3_SURVEILLANCE", "C4_SENSIBLES", "C7_VULNERABLES"],
    "liste_requise": ["A35_3_A"],
    "liste_dispense": [],
    "decision": "realisee",
    "justification": "",
    "date": "2026-02-10",
    "document": "AIPD du 10 février 2026, version 2",
    "risque_residuel_eleve": False,
}
COMPLETE: dict[str, Any] = {
    "reference": "TR-020",
    "intitule": "Clients et Club Lavande",
    "famille": "clients",
    "qualite": "responsable",
    "statut": "brouillon",
    "date_creation": "2026-01-15",
    "date_mise_en_oeuvre": "2026-03-01",
    "date_maj": "2026-11-01",
    "date_derniere_revue": "2026-10-01",
    "date_prochaine_revue": "2027-10-01",
    "securite_heritee": True,
    "donnees_sensibles": True,
    "grande_echelle": False,
    "champs_libres": True,
    "champs_libres_mesure": "Avertissement à la saisie et relecture trimestrielle",
    "transferts_hors_eee": True,
    "finalites": FINALITES,
    "personnes": [
        {"numero": 1, "categorie": "CLIENTS"},
        {"numero": 2, "categorie": "CONTACTS_PRO"},
        {"numero": 3, "categorie": "MINEURS", "moins_de_15_ans": True},
    ],
    "donnees": DONNEES,
    "conservations": DUREES,
    "destinataires": DESTINATAIRES,
    "transferts": TRANSFERTS,
    "mesures": [],
    "responsables_conjoints": [],
    "profilage": PROFILAGE,
    "cession": CESSION,
    "avis": AVIS,
    "information": INFORMATION,
    "aipd": AIPD,
}
