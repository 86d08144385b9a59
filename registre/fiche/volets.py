"""Les volets de la fiche : profilage, cession, avis, information, analyse d'impact. Chacun s'y trouve une fois, ou pas du tout.

Un champ nouveau d'un volet : le modèle, sa migration, une ligne ici.
"""

from registre.fiche.plan import Si, Volet, champs
from traitements import models as t
from traitements.choix import ExceptionArt14

PROFILAGE = Volet(
    "profilage",
    t.Profilage,
    "Profilage",
    "art. 4(4), 21, 22",
    champs("niveau")
    + champs(
        "logique",
        "consequences",
        "sensible",
        "decision_auto",
        "traceurs",
        "sources_tierces",
        "recommandation",
        "plateforme_tierce",
        "opposition_possible",
        si=Si("niveau", ("segmentation", "score", "decision_automatisee")),
    )
    + champs("exception_art22", "intervention_humaine", si=Si("decision_auto", (True,))),
)
CEDE = Si("active", (True,))
CESSION = Volet(
    "cession",
    t.Cession,
    "Vente, location, échange de données",
    "art. 13 à 15, 19, 21",
    champs("active")
    + champs(
        "operations",
        "canaux",
        "partenaires",
        "partenaires_tenus",
        "information_opposition",
        "preuve_source",
        "propagation_opposition",
        "information_art14",
        "trace",
        "trace_description",
        si=CEDE,
    ),
)
AVIS = Volet(
    "avis",
    t.Avis,
    "Avis de consommateurs",
    "C. conso. art. L111-7-2",
    champs("controle_annonce", "delai_affiche", "motif_refus", "signalement", "pseudonyme", "moderation"),
    finalites=("avis",),
)
INFORMATION = Volet(
    "information",
    t.Information,
    "Information et droits des personnes",
    "art. 12 à 22",
    champs(
        "supports",
        "moment",
        "mentions",
        "exception_art14",
    )
    + champs("exception_art14_motif", si=Si("exception_art14", tuple(ExceptionArt14.values)))
    + champs("clause_appels", si=Si("mentions", ("demarchage",)))
    + champs(
        "preuve",
        "droits",
        "contact_droits",
        "modalites",
        "opposition_mecanisme",
        "liste_opposition",
    ),
)
AIPD = Volet(
    "aipd",
    t.Aipd,
    "Analyse d'impact",
    "art. 35 et 36",
    champs(
        "criteres",
        "liste_requise",
        "liste_dispense",
        "decision",
        "justification",
        "date",
        "document",
        "risque_residuel_eleve",
    )
    + champs("consultation_art36", si=Si("risque_residuel_eleve", (True,))),
)
