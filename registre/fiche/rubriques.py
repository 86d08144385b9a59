"""Le plan de la fiche : la seule déclaration de ses rubriques et de leur ordre, registre par registre.

Le formulaire, la page de lecture, le PDF, les fichiers, l'API et les différences le suivent. Les libellés et l'aide vivent sur le
champ du modèle. Un champ nouveau : le modèle, sa migration, une ligne ici (ou dans `listes`, `volets`, s'il est d'une partie).
"""

from registre.fiche.listes import (
    CLIENTS,
    CONJOINTS,
    CONSERVATIONS,
    DESTINATAIRES,
    DONNEES,
    ECARTS,
    FINALITES,
    MESURES,
    PERSONNES,
    REMPLI,
    TRANSFERTS,
)
from registre.fiche.plan import Champ, Liste, Rubrique, Si, Volet, champs
from registre.fiche.volets import AIPD, AVIS, CESSION, INFORMATION, PROFILAGE
from traitements.choix import Qualite

IDENTITE = (
    champs("reference", "intitule", "description", "famille", "qualite", "service", "logiciels", "volumes")
    + champs("statut")
    + champs("validee_le", tenu=True)
    + champs("archivee_le", "alertes_lues", si=REMPLI, tenu=True)
    + champs("date_creation", "date_mise_en_oeuvre")
    + champs("date_maj", tenu=True)
    + champs("date_derniere_revue", "date_prochaine_revue")
)
SUIVI = Rubrique(
    "suivi",
    "Référentiel et remarques",
    "Remarques",
    "art. 5(2)",
    champs("referentiel", "ecart_justifie", "remarques") + champs("modele", si=REMPLI, tenu=True),
    (ECARTS,),
)


def _securite(article: str) -> Rubrique:
    return Rubrique(
        "securite",
        "Mesures de sécurité",
        "Sécurité",
        article,
        champs("securite_heritee", "securite_justification"),
        (MESURES,),
    )


def _transferts(article: str) -> Rubrique:
    return Rubrique(
        "transferts",
        "Transferts hors de l'Espace économique européen",
        "Transferts",
        article,
        champs("transferts_hors_eee"),
        (TRANSFERTS,),
    )


PLAN_RESPONSABLE = (
    Rubrique(
        "identification",
        "Identification",
        "Identification",
        "art. 30(1)(a)",
        IDENTITE + champs("accord_art26", si=Si("qualite", ("conjoint",))),
        (CONJOINTS,),
    ),
    Rubrique(
        "finalites", "Finalités et bases légales", "Finalités", "art. 30(1)(b) · art. 6", (), (FINALITES,)
    ),
    Rubrique(
        "donnees",
        "Personnes et données",
        "Données",
        "art. 30(1)(c)",
        champs("donnees_sensibles", "grande_echelle", "champs_libres")
        + champs("champs_libres_mesure", si=Si("champs_libres", (True,))),
        (PERSONNES, DONNEES),
    ),
    Rubrique("conservation", "Conservation", "Conservation", "art. 30(1)(f)", (), (CONSERVATIONS,)),
    Rubrique("destinataires", "Destinataires", "Destinataires", "art. 30(1)(d)", (), (DESTINATAIRES,)),
    _transferts("art. 30(1)(e)"),
    _securite("art. 30(1)(g) · art. 32"),
    Rubrique("droits", "Information et droits", "Droits", "art. 12 à 22", volets=(INFORMATION,)),
    Rubrique(
        "cas",
        "Profilage, cession, avis",
        "Cas particuliers",
        "art. 21, 22",
        volets=(PROFILAGE, CESSION, AVIS),
    ),
    Rubrique("aipd", "Analyse d'impact", "AIPD", "art. 35 et 36", volets=(AIPD,)),
    SUIVI,
)
PLAN_SOUS_TRAITANT = (
    Rubrique("identification", "Identification", "Identification", "art. 30(2)(a)", IDENTITE),
    Rubrique(
        "clients",
        "Clients et catégories de traitements",
        "Clients",
        "art. 30(2)(a) et (b)",
        (),
        (CLIENTS,),
    ),
    Rubrique(
        "destinataires",
        "Sous-traitants ultérieurs et destinataires",
        "Destinataires",
        "art. 28(2) et (4)",
        (),
        (DESTINATAIRES,),
    ),
    _transferts("art. 30(2)(c)"),
    _securite("art. 30(2)(d) · art. 32"),
    SUIVI,
)


def plan(qualite: str) -> tuple[Rubrique, ...]:
    """Le plan du registre auquel appartient une fiche de cette qualité : 30(1) ou 30(2)."""
    return PLAN_SOUS_TRAITANT if qualite == Qualite.SOUS_TRAITANT else PLAN_RESPONSABLE


def _sans_double(elements: list) -> tuple:
    return tuple({element.nom: element for element in elements}.values())


HORS_RUBRIQUES = champs("a_confirmer") + champs("reprise", tenu=True)  # ils se montrent à part
RUBRIQUES = PLAN_RESPONSABLE + PLAN_SOUS_TRAITANT
CHAMPS: tuple[Champ, ...] = _sans_double([c for r in RUBRIQUES for c in r.champs])
LISTES: tuple[Liste, ...] = _sans_double([liste for r in RUBRIQUES for liste in r.listes])
VOLETS: tuple[Volet, ...] = _sans_double([volet for r in RUBRIQUES for volet in r.volets])
