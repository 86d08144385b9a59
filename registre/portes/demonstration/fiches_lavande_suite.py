"""Suite des fiches de Maison Lavande : statistiques, avis, fidélité, impayés, droits, et les deux fiches fautives."""

from typing import Any

from registre.portes.demonstration.pieces import (
    OPPOSITION,
    PREUVE,
    RESPONSABLE,
    RETRAIT,
    aipd_non_requise,
    archive,
    critere,
    donnee,
    duree,
    information,
    interne,
    sous_traitant,
)

STATISTIQUES: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-004",
    "intitule": "Statistiques de vente",
    "description": "Tableaux mensuels : ventes par produit, panier moyen, géographie par département.",
    "famille": "statistiques",
    "service": "Direction générale",
    "logiciels": "Logiciel de gestion commerciale, tableur",
    "date_creation": "2019-09-02",
    "date_maj": "2026-05-19",
    "date_derniere_revue": "2026-05-19",
    "date_prochaine_revue": "2027-05-19",
    "validee_le": "2026-05-19",
    "grande_echelle": False,
    "champs_libres": False,
    "finalites": [
        {
            "libelle": "Mesurer nos ventes pour piloter les achats et les stocks",
            "type": "statistiques",
            "base_legale": "INTERET_LEGITIME",
            "justification": "Données propres, résultats agrégés, aucune conséquence pour la personne.",
            "interet_legitime": "Connaître ce qui se vend.",
            "balance_faite": True,
            "balance": "Incidence nulle sur les personnes ; note du 15 mai 2026.",
        }
    ],
    "personnes": [{"categorie": "CLIENTS"}],
    "donnees": [
        donnee("TRANSACTIONS", "articles, montants, dates, département de livraison", None, "DEDUITE")
    ],
    "conservations": [
        duree(
            "TRANSACTIONS",
            3,
            "ans",
            "FIN_RELATION_COMMERCIALE",
            "anonymisation",
            regle_reference="STAT-NOMINATIVES",
            source="Référentiel CNIL 2021-131, § 7 (recommandé)",
            technique="agregation",
            appliquee="oui",
            appliquee_precisions="Agrégats mensuels par département ; aucune ligne individuelle gardée.",
        ),
    ],
    "destinataires": [
        interne("Direction générale"),
        interne("Achats"),
        sous_traitant("Hébergis SAS", "FR", "Hébergement"),
    ],
    "information": information(
        "politique de confidentialité", droits=("OPPOSITION",), mentions=("interets",)
    ),
    "aipd": aipd_non_requise("Aucun critère réuni."),
}

AVIS: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-006",
    "intitule": "Collecte et publication des avis de clients",
    "description": "Après chaque livraison, l'acheteur peut noter et commenter ; l'avis est relu puis publié sous pseudonyme.",
    "famille": "avis",
    "service": "Service client",
    "logiciels": "Plateforme Avisclair",
    "volumes": "environ 2 400 avis par an",
    "date_creation": "2025-01-13",
    "date_maj": "2026-07-06",
    "date_derniere_revue": "2026-07-06",
    "date_prochaine_revue": "2027-07-06",
    "validee_le": "2026-07-06",
    "grande_echelle": False,
    "champs_libres": True,
    "champs_libres_mesure": "Modération avant publication : données de tiers, santé et coordonnées retirées.",
    "finalites": [
        {
            "libelle": "Recueillir, relire et publier les avis de nos acheteurs",
            "type": "avis",
            "base_legale": "INTERET_LEGITIME",
            "justification": "L'auteur publie de lui-même ; il retire son avis quand il veut.",
            "interet_legitime": "Éclairer les futurs acheteurs par des avis authentiques.",
            "balance_faite": True,
            "balance": "Pseudonyme, modération, retrait à la demande ; note du 1er juillet 2026.",
        },
        {
            "libelle": "Informer loyalement sur le contrôle et la date des avis",
            "type": "avis",
            "base_legale": "OBLIGATION_LEGALE",
            "texte_legal": "C. conso. art. L111-7-2, D111-9 à D111-12",
        },
    ],
    "personnes": [
        {"categorie": "AUTEURS_AVIS"},
        {"categorie": "PERSONNES_CITEES", "precisions": "Rarement : un livreur, un vendeur"},
    ],
    "donnees": [
        donnee(
            "AVIS_CONTRIBUTIONS", "pseudonyme, note, texte, date de l'expérience", False, finalites=[1, 2]
        ),
        donnee("TRANSACTIONS", "numéro de commande, pour vérifier l'achat", True, "DIRECTE", finalites=[1]),
    ],
    "conservations": [
        duree(
            "AVIS_CONTRIBUTIONS",
            5,
            "ans",
            "PUBLICATION_AVIS",
            "suppression",
            source="Délai affiché sur la page des avis (C. conso. art. D111-10)",
            appliquee="oui",
        ),
        duree(
            "TRANSACTIONS",
            1,
            "ans",
            "PUBLICATION_AVIS",
            "suppression",
            source="Temps d'une contestation ; proposition interne",
            appliquee="oui",
        ),
    ],
    "destinataires": [
        interne("Service client"),
        sous_traitant("Avisclair SAS", "FR", "Plateforme de collecte et de modération"),
        {
            "type": "AUTRE_DESTINATAIRE",
            "nom": "Public du site",
            "categories": ["AVIS_CONTRIBUTIONS"],
            "precisions": "Avis publiés sous pseudonyme",
        },
    ],
    "avis": {
        "controle_annonce": True,
        "delai_affiche": "Publication sous sept jours ; conservation cinq ans",
        "motif_refus": True,
        "signalement": True,
        "pseudonyme": True,
        "moderation": "Deux personnes du service client ; charte publique ; recours par courriel.",
    },
    "information": information(
        "formulaire d'avis", "page « Nos avis »", droits=("OPPOSITION",), mentions=("interets",)
    ),
    "aipd": aipd_non_requise("Aucun critère réuni."),
}

FIDELITE: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-007",
    "intitule": "Programme de fidélité « Brins »",
    "description": "Un point par euro, un avantage tous les cent points ; offres par segment d'achat si l'adhérent l'accepte.",
    "famille": "fidelite",
    "service": "Direction marketing",
    "logiciels": "Boutique en ligne, plateforme Envoléo",
    "volumes": "environ 6 200 adhérents",
    "date_creation": "2020-10-01",
    "date_maj": "2026-10-20",
    "date_derniere_revue": "2026-10-20",
    "date_prochaine_revue": "2027-10-20",
    "validee_le": "2026-10-20",
    "grande_echelle": False,
    "champs_libres": False,
    "finalites": [
        {
            "libelle": "Gérer l'adhésion, les points et les avantages",
            "type": "execution",
            "base_legale": "CONTRAT",
            "justification": "Règlement du programme, accepté à l'adhésion.",
            "public": "B2C",
        },
        {
            "libelle": "Adresser aux adhérents des offres selon leurs achats",
            "type": "profilage",
            "base_legale": "CONSENTEMENT",
            "justification": "L'adhésion ne vaut pas accord : case distincte.",
            "public": "B2C",
            "consentement_recueil": "Case non cochée du bulletin d'adhésion.",
            "consentement_preuve": PREUVE,
            "consentement_retrait": RETRAIT,
            "consentement_texte_version": "Texte F-2 du 1er octobre 2026",
            "consentement_precoche": False,
            "consentement_conditionne": False,
            "consentement_explicite": False,
        },
    ],
    "personnes": [{"categorie": "ADHERENTS_FIDELITE", "volume": "environ 6 200"}],
    "donnees": [
        donnee("ETAT_CIVIL", "civilité, nom, prénom, numéro d'adhérent", finalites=[1]),
        donnee("COORDONNEES", "courriel", finalites=[1, 2]),
        donnee("FIDELISATION", "points, avantages, date d'adhésion", None, "DEDUITE", finalites=[1]),
        donnee("PROFILS", "segment : savons, linge, cadeaux", None, "DEDUITE", finalites=[2]),
    ],
    "conservations": [
        *[
            duree(
                c,
                3,
                "ans",
                "DERNIERE_ACTIVITE_FIDELITE",
                "suppression",
                source="Référentiel CNIL 2021-131, § 7 (recommandé)",
                appliquee="oui",
                derniere_purge="2026-09-30",
                frequence_mois=3,
            )
            for c in ("ETAT_CIVIL", "COORDONNEES", "FIDELISATION")
        ],
        duree(
            "PROFILS",
            1,
            "ans",
            "COLLECTE",
            "suppression",
            regle_reference="PROFIL-1A",
            source="Proposition interne (usage) : segments recalculés chaque année",
            appliquee="oui",
        ),
    ],
    "destinataires": [interne("Direction marketing"), sous_traitant("Envoléo SAS", "FR", "Envoi des offres")],
    "profilage": {
        "niveau": "segmentation",
        "logique": "Trois segments, d'après les familles de produits achetées dans l'année.",
        "sensible": False,
        "decision_auto": False,
        "traceurs": False,
        "sources_tierces": False,
        "plateforme_tierce": False,
        "opposition_possible": True,
    },
    "information": information(
        "bulletin d'adhésion",
        "règlement du programme",
        droits=("PORTABILITE", "RETRAIT", "OPPOSITION_PROSPECTION"),
        mentions=("profilage", "retrait"),
        opposition=OPPOSITION,
    ),
    "aipd": aipd_non_requise(
        "Un seul critère : une segmentation simple, sans donnée sensible ni croisement extérieur.",
        "C1_EVALUATION",
    ),
}

IMPAYES: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-008",
    "intitule": "Impayés et contentieux",
    "description": "Relances, recouvrement amiable, dossiers confiés à un commissaire de justice.",
    "famille": "impayes",
    "service": "Comptabilité",
    "logiciels": "Logiciel de gestion commerciale",
    "volumes": "une soixantaine de dossiers par an",
    "referentiel": "CNIL 2021-130 (gestion des impayés)",
    "date_creation": "2019-03-04",
    "date_maj": "2026-02-16",
    "date_derniere_revue": "2026-02-16",
    "date_prochaine_revue": "2027-02-16",
    "validee_le": "2026-02-16",
    "grande_echelle": False,
    "champs_libres": True,
    "champs_libres_mesure": "Consigne écrite : faits et dates, aucun jugement ; contrôle au classement du dossier.",
    "finalites": [
        {
            "libelle": "Recouvrer les sommes dues par nos clients",
            "type": "execution",
            "base_legale": "CONTRAT",
            "justification": "Exécution du contrat de vente.",
        },
        {
            "libelle": "Faire valoir nos droits en justice",
            "type": "autre",
            "base_legale": "INTERET_LEGITIME",
            "justification": "Défense d'un droit.",
            "interet_legitime": "Obtenir et exécuter un titre.",
            "balance_faite": True,
            "balance": "Dossiers peu nombreux, accès réservé à deux personnes ; note du 10 février 2026.",
        },
    ],
    "personnes": [{"categorie": "DEBITEURS"}],
    "donnees": [
        donnee("ETAT_CIVIL", "nom, prénom, numéro de client"),
        donnee("COORDONNEES", "adresse, téléphone, courriel"),
        donnee("IMPAYES", "montant, factures, relances, échéancier", None, "DEDUITE"),
    ],
    "conservations": [
        *[
            critere(
                c,
                "jusqu'au paiement complet",
                "PAIEMENT_EFFECTIF",
                "suppression",
                source="CNIL, référentiel 2021-130 (recommandé)",
                appliquee="oui",
            )
            for c in ("ETAT_CIVIL", "COORDONNEES", "IMPAYES")
        ],
        archive(
            "IMPAYES",
            5,
            "ans",
            "DECISION_DEFINITIVE",
            source="C. civ. art. 2224 (prescription)",
            objet="dossiers jugés",
            appliquee="oui",
        ),
    ],
    "destinataires": [
        interne("Comptabilité"),
        {
            "type": "AUTRE_DESTINATAIRE",
            "tiers": "Cabinet Vallier",
            "pays": "FR",
            "precisions": "Commissaire de justice, responsable de ses propres diligences",
        },
    ],
    "information": information(
        "conditions générales de vente",
        "lettre de relance",
        droits=("OPPOSITION", "PORTABILITE"),
        mentions=("interets",),
    ),
    "aipd": aipd_non_requise(
        "Un critère, données d'impayés ; ni exclusion automatique ni fichier partagé.", "C4_SENSIBLES"
    ),
}

DROITS: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-010",
    "intitule": "Demandes de droits et liste d'opposition",
    "description": "Réponse aux demandes d'accès, de rectification, d'effacement et d'opposition ; liste d'opposition à la prospection.",
    "famille": "droits",
    "service": "Délégué à la protection des données",
    "logiciels": "Registre des demandes (tableur chiffré), plateforme Envoléo",
    "volumes": "une quarantaine de demandes par an ; 3 100 empreintes d'opposition",
    "date_creation": "2018-05-22",
    "date_maj": "2026-08-25",
    "date_derniere_revue": "2026-08-25",
    "date_prochaine_revue": "2027-08-25",
    "validee_le": "2026-08-25",
    "grande_echelle": False,
    "champs_libres": False,
    "finalites": [
        {
            "libelle": "Répondre aux demandes d'exercice des droits",
            "type": "droits",
            "base_legale": "OBLIGATION_LEGALE",
            "texte_legal": "RGPD art. 12 à 22",
        },
        {
            "libelle": "Ne plus solliciter les personnes qui s'y sont opposées",
            "type": "droits",
            "base_legale": "OBLIGATION_LEGALE",
            "texte_legal": "RGPD art. 21(3) ; C. pénal art. 226-18-1",
        },
    ],
    "personnes": [{"categorie": "DEMANDEURS_DROITS"}],
    "donnees": [
        donnee("ETAT_CIVIL", "nom, prénom"),
        donnee("COORDONNEES", "adresse de réponse"),
        donnee(
            "PREUVES_CHOIX",
            "demande, réponse, dates ; empreinte de l'adresse pour l'opposition",
            None,
            "DIRECTE",
        ),
    ],
    "conservations": [
        *[
            duree(
                c,
                5,
                "ans",
                "CLOTURE_DEMANDE",
                "suppression",
                phase="archivage_intermediaire",
                acces_restreint=True,
                source="C. civ. art. 2224 (prescription)",
                appliquee="oui",
            )
            for c in ("ETAT_CIVIL", "COORDONNEES")
        ],
        duree(
            "PREUVES_CHOIX",
            3,
            "ans",
            "EXERCICE_OPPOSITION",
            "suppression",
            regle_reference="OPPOSITION-3A-MIN",
            source="CNIL, liste repoussoir, 27 janvier 2022 (minimum recommandé)",
            appliquee="oui",
        ),
    ],
    "destinataires": [
        interne("Délégué à la protection des données"),
        interne("Service client", "Pour rassembler les données"),
        sous_traitant("Envoléo SAS", "FR", "Liste d'opposition, sous forme d'empreintes"),
    ],
    "information": information("politique de confidentialité", "accusé de réception de la demande"),
    "aipd": aipd_non_requise("Aucun critère réuni."),
}

# Fautive : appels à des particuliers sur l'intérêt légitime, sans contrat en cours, après le 11 août 2026
# (C. conso. art. L223-1), et sans mécanisme d'opposition ni liste (RGPD art. 21(2)-(3)).
TELEPHONE: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-009",
    "intitule": "Prospection téléphonique des anciens clients",
    "description": "Appels de relance avant Noël, d'après le fichier des anciens clients.",
    "famille": "prospection",
    "service": "Direction commerciale",
    "statut": "brouillon",
    "logiciels": "Tableur, centre d'appels",
    "volumes": "environ 1 800 appels",
    "date_creation": "2024-10-14",
    "date_maj": "2025-10-06",
    "date_prochaine_revue": "2026-10-06",
    "transferts_hors_eee": None,
    "grande_echelle": False,
    "champs_libres": True,
    "finalites": [
        {
            "libelle": "Proposer par téléphone nos coffrets à d'anciens clients",
            "type": "prospection",
            "base_legale": "INTERET_LEGITIME",
            "interet_legitime": "Relancer d'anciens clients.",
            "balance_faite": False,
            "canaux": ["TELEPHONE_B2C"],
            "public": "B2C",
            "contrat_en_cours": False,
        }
    ],
    "personnes": [{"categorie": "ANCIENS_CLIENTS"}],
    "donnees": [
        donnee("ETAT_CIVIL", "civilité, nom, prénom", None),
        donnee("COORDONNEES", "téléphone fixe ou mobile", None),
    ],
    "conservations": [
        duree(
            c,
            5,
            "ans",
            "FIN_RELATION_COMMERCIALE",
            "suppression",
            appliquee="non",
            appliquee_precisions="Le tableur n'a jamais été purgé.",
        )
        for c in ("ETAT_CIVIL", "COORDONNEES")
    ],
    "destinataires": [
        interne("Direction commerciale"),
        sous_traitant("Atlas Relation Client SARL", "MA", "Campagne d'appels"),
    ],
    "information": None,
    "aipd": None,
    "profilage": None,
    "cession": None,
}

# Fautive : consentement sans preuve et case précochée, durée sans point de départ, catégorie sans durée, transfert
# sans garantie, mesures de sécurité ni information déclarées.
JEU: dict[str, Any] = RESPONSABLE | {
    "reference": "TR-011",
    "intitule": "Jeu-concours de Noël",
    "description": "Tirage au sort en boutique et en ligne, du 1er au 24 décembre.",
    "famille": "jeux",
    "service": "Direction marketing",
    "statut": "brouillon",
    "securite_heritee": None,
    "referentiel": "",
    "date_creation": "2026-11-02",
    "date_maj": "2026-11-20",
    "donnees_sensibles": None,
    "transferts_hors_eee": True,
    "finalites": [
        {
            "libelle": "Organiser le tirage et remettre les lots",
            "type": "execution",
            "base_legale": "CONTRAT",
            "justification": "Règlement accepté par le participant.",
        },
        {
            "libelle": "Envoyer des offres aux participants",
            "type": "prospection",
            "base_legale": "CONSENTEMENT",
            "canaux": ["EMAIL_B2C"],
            "public": "B2C",
            "consentement_recueil": "Case du bulletin de participation.",
            "consentement_precoche": True,
        },
    ],
    "personnes": [{"categorie": "PARTICIPANTS_JEU"}],
    "donnees": [
        donnee("ETAT_CIVIL", "nom, prénom", True),
        donnee("COORDONNEES", "courriel, téléphone", True),
        donnee("JEUX_CONCOURS", "réponses, lot gagné", None),
    ],
    "conservations": [
        {
            "categorie": "COORDONNEES",
            "phase": "base_active",
            "duree_valeur": 1,
            "duree_unite": "ans",
            "texte_origine": "1 an",
        }
    ],
    "destinataires": [
        interne("Direction marketing"),
        sous_traitant("Jeux & Fêtes SARL", "FR", "Tirage et envoi des lots"),
        sous_traitant("Mailwright Inc.", "US", "Envoi des courriels aux gagnants"),
    ],
    "transferts": [{"destinataire_numero": 3, "pays": "US"}],
    "information": None,
    "aipd": None,
    "profilage": None,
    "cession": None,
}
