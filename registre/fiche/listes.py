"""Les listes de la fiche : finalités, données, durées, destinataires… Leurs colonnes, et ce qui rend un champ pertinent.

Un champ nouveau d'une liste : le modèle, sa migration, une ligne ici.
"""

from conservation.ensembles import en_ensembles
from conservation.models import DureeConservation
from registre.fiche.plan import Colonne, Liste, Si, champs
from registre.fiche.referentiels import codes_ou
from traitements import models as t

CATEGORIES_ART9 = tuple(sorted(codes_ou("categories-donnees", "sensible")))

SUR_CONSENTEMENT = Si("base_legale", ("CONSENTEMENT",))
# Le consentement explicite de l'article 9 s'ajoute à une autre base (art. 6 et 9 se cumulent) : il se décrit de même.
CONSENTEMENT = Si("base_legale", ("CONSENTEMENT",), ou=Si("consentement_explicite", (True,)))
BASE_CHOISIE = Si(
    "base_legale",
    (
        "CONSENTEMENT",
        "CONTRAT",
        "OBLIGATION_LEGALE",
        "INTERETS_VITAUX",
        "MISSION_INTERET_PUBLIC",
        "INTERET_LEGITIME",
    ),
)
INTERET = Si("base_legale", ("INTERET_LEGITIME",))
TEXTE_REQUIS = Si("base_legale", ("OBLIGATION_LEGALE", "MISSION_INTERET_PUBLIC"))
PROSPECTION = Si("type", ("prospection", "cession"))
# L'exception des produits analogues ne se pose que sans consentement (CPCE art. L34-5, al. 4).
ELECTRONIQUE_B2C = Si("canaux", ("EMAIL_B2C", "SMS_B2C", "RESEAU_SOCIAL_MP"), et=INTERET)
TELEPHONE_B2C = Si("canaux", ("TELEPHONE_B2C", "RENOVATION_ADAPTATION"))
CONSENTEMENT_AUX_APPELS = Si("canaux", ("TELEPHONE_B2C",), et=SUR_CONSENTEMENT)
VERS_DES_PARTICULIERS = Si(
    "canaux",
    (
        "EMAIL_B2C",
        "SMS_B2C",
        "RESEAU_SOCIAL_MP",
        "PUSH",
        "AUTOMATE_FAX",
        "TELEPHONE_B2C",
        "RENOVATION_ADAPTATION",
    ),
)
COURRIEL = Si("canaux", ("EMAIL_B2C", "EMAIL_B2B"))

FINALITES = Liste(
    "finalites",
    t.Finalite,
    "Finalité",
    "Ajouter une finalité",
    (
        Colonne("finalite", "Finalité", champs("libelle", "sous_finalites", "type")),
        Colonne(
            "base_legale",
            "Base légale",
            champs("base_legale")
            + champs("texte_legal", si=TEXTE_REQUIS)
            + champs("justification")
            + champs("interet_legitime", "balance_faite", "balance", si=INTERET)
            + champs("consentement_explicite", si=SUR_CONSENTEMENT, demande=BASE_CHOISIE)
            + champs(
                "consentement_recueil",
                "consentement_preuve",
                "consentement_retrait",
                "consentement_texte_version",
                "consentement_precoche",
                "consentement_conditionne",
                "consentement_autorisation_parentale",
                si=CONSENTEMENT,
            )
            + champs(
                "consentement_mentions_appel",
                "consentement_validite_mois",
                "consentement_reconduction",
                si=CONSENTEMENT_AUX_APPELS,
            ),
            large=True,
        ),
        Colonne(
            "canaux",
            "Canaux",
            champs("canaux", "public", si=PROSPECTION)
            + champs("objet_sollicitation", si=VERS_DES_PARTICULIERS)
            + champs("contrat_en_cours", "rappel_demande", si=TELEPHONE_B2C)
            + champs(
                "analogue_vente",
                "analogue_meme_societe",
                "analogue_produits_analogues",
                "analogue_opposition_collecte",
                "analogue_opposition_envoi",
                si=ELECTRONIQUE_B2C,
            )
            + champs("objet_rapport_profession", si=Si("canaux", ("EMAIL_B2B",)))
            + champs("conserve_apres_terme", si=Si("type", ("statistiques",)))
            + champs("suivi_ouverture", si=COURRIEL)
            + champs("promotionnelle", si=Si("type", ("etude",))),
        ),
    ),
    "art. 30(1)(b) · art. 6",
)
PERSONNES = Liste(
    "personnes",
    t.PersonnesConcernees,
    "Catégorie de personnes",
    "Ajouter une catégorie de personnes",
    (
        Colonne(
            "categorie",
            "Catégorie",
            champs("categorie", "precisions") + champs("moins_de_15_ans", si=Si("categorie", ("MINEURS",))),
            large=True,
        ),
        Colonne("nombre", "Nombre", champs("volume")),
    ),
    "art. 30(1)(c)",
)
ART9 = Si("categorie", CATEGORIES_ART9)
INDIRECTE = Si("sources", codes_ou("sources-donnees", "indirecte"))
DONNEES = Liste(
    "donnees",
    t.DonneesTraitees,
    "Catégorie de données",
    "Ajouter une catégorie de données",
    (
        Colonne(
            "categorie",
            "Catégorie",
            champs("categorie", "precisions")
            + champs("exception_art9", "justification_art9", si=ART9)
            + champs("justification_art10", si=Si("categorie", ("INFRACTIONS",))),
            large=True,
        ),
        Colonne(
            "source",
            "Source",
            champs("sources") + champs("source_nom", si=INDIRECTE) + champs("personnes", "finalites"),
        ),
        Colonne(
            "reponse",
            "Réponse",
            champs("obligatoire") + champs("consequence_defaut", si=Si("obligatoire", (True,))),
        ),
    ),
    "art. 30(1)(c)",
)
CONSERVATIONS = Liste(
    "conservations",
    DureeConservation,
    "Durée",
    "Ajouter une durée",
    (
        Colonne("donnees", "Données", champs("categories", "objet", "phase"), large=True),
        Colonne(
            "duree",
            "Durée et point de départ",
            champs("duree_valeur", "duree_unite", "critere", "point_depart", "point_depart_precisions")
            + champs("ouverture_vaut_contact", si=Si("point_depart", ("DERNIER_CONTACT_PROSPECT",)))
            + champs("sort_final")
            + champs("technique", si=Si("sort_final", ("anonymisation", "suppression_ou_anonymisation")))
            + champs("acces_restreint", si=Si("phase", ("archivage_intermediaire",)))
            + champs("regle_reference", "source", "justification_ecart", "texte_origine"),
            large=True,
        ),
        Colonne(
            "execution",
            "Exécution",
            champs("appliquee", "appliquee_precisions", "derniere_purge", "echeance", "frequence_mois")
            + champs(
                "suspension_debut",
                "suspension_fin",
                "suspension_dossiers",
                "suspension_filtre",
                "suspension_motif",
            ),
        ),
    ),
    "art. 30(1)(f)",
    relire=en_ensembles,
)
DESTINATAIRES = Liste(
    "destinataires",
    t.Destinataire,
    "Destinataire",
    "Ajouter un destinataire",
    (
        Colonne("destinataire", "Destinataire", champs("type", "nom", "tiers", "pays"), large=True),
        Colonne("pour_quoi_faire", "Pour quoi faire", champs("precisions", "categories"), large=True),
    ),
    "art. 30(1)(d)",
)
CLAUSES = Si("garantie", ("CCT_COMMISSION", "CCT_AUTORITE"))
GARANTIES_46 = Si(
    "garantie",
    (
        "INSTRUMENT_PUBLIC",
        "BCR",
        "CCT_COMMISSION",
        "CCT_AUTORITE",
        "CODE_CONDUITE",
        "CERTIFICATION",
        "CLAUSES_AD_HOC",
        "ARRANGEMENT_PUBLIC",
    ),
)
DEROGATION_49 = Si("garantie", ("D49_A", "D49_B", "D49_C", "D49_D", "D49_E", "D49_F", "D49_G", "D49_2"))
TRANSFERTS = Liste(
    "transferts",
    t.Transfert,
    "Transfert",
    "Ajouter un transfert",
    (
        Colonne(
            "vers",
            "Vers",
            champs("pays", "organisation", "destinataire_numero", "importateur", "precisions"),
            large=True,
        ),
        Colonne(
            "garantie",
            "Garantie",
            champs("garantie", "document")
            + champs("module_cct", si=CLAUSES)
            + champs("tia", si=GARANTIES_46)
            + champs("importateur_certifie", "verifie_le", si=Si("garantie", ("ADEQUATION",)))
            + champs("repetitif", si=DEROGATION_49)
            + champs("notification_cnil", si=Si("garantie", ("D49_2",))),
            large=True,
        ),
    ),
    "art. 30(1)(e)",
    Si("transferts_hors_eee", (True,)),
)
MESURES = Liste(
    "mesures",
    t.MesureSecurite,
    "Mesure de sécurité",
    "Ajouter une mesure",
    (
        Colonne("mesure", "Mesure", champs("fiche")),
        Colonne("description", "Description", champs("precisions"), large=True),
    ),
    "art. 30(1)(g)",
)
CONJOINTS = Liste(
    "responsables_conjoints",
    t.ResponsableConjoint,
    "Responsable conjoint",
    "Ajouter un responsable conjoint",
    (
        Colonne("responsable_conjoint", "Responsable conjoint", champs("tiers")),
        Colonne("repartition", "Répartition", champs("repartition"), large=True),
    ),
    "art. 26 · art. 30(1)(a)",
    Si("qualite", ("conjoint",)),
)
CLIENTS = Liste(
    "clients",
    t.ClientTraitement,
    "Client",
    "Ajouter un client",
    (
        Colonne("responsable", "Responsable du traitement", champs("tiers")),
        Colonne(
            "categories_traitements",
            "Catégories de traitements",
            champs("categories_traitements", "instructions"),
            large=True,
        ),
    ),
    "art. 30(2)(a) et (b)",
)

REMPLI = Si("modele", ())  # ne se lit que rempli : une fiche sans modèle n'a rien à dire là
ECARTS = Liste(
    "ecarts",
    t.Ecart,
    "Écart justifié",
    "",
    (
        Colonne(
            "constat", "Constat écarté", champs("constat", tenu=True) + champs("regle", "chemin"), large=True
        ),
        Colonne(
            "raison",
            "Raison",
            champs("raison")
            + champs("pose_par", "pose_le", tenu=True)
            + champs("fin")
            + champs("faits", tenu=True),
            large=True,
        ),
    ),
    "art. 5(2)",
    REMPLI,
)
