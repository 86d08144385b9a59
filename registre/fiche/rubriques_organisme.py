"""Le plan de l'organisme et celui du tiers : page de lecture, formulaire et page d'identité du PDF les suivent."""

from registre.fiche.plan import Champ, Colonne, Liste, Rubrique, Si, champs
from traitements.models import MesureOrganisme

MESURES_ORGANISME = Liste(
    "mesures",
    MesureOrganisme,
    "Mesure de sécurité",
    "Ajouter une mesure",
    (
        Colonne("mesure", "Mesure", champs("fiche")),
        Colonne("description", "Description", champs("precisions"), large=True),
    ),
    "art. 32",
)
HORS_UE = Si("etabli_ue", (False,))


def coordonnees(prefixe: str) -> tuple[Champ, ...]:
    return champs(
        *(f"{prefixe}_{nom}" for nom in ("adresse", "code_postal", "ville", "telephone", "courriel"))
    )


PLAN_ORGANISME = (
    Rubrique(
        "responsable",
        "Responsable du traitement",
        "Identité",
        "art. 30(1)(a), 30(2)(a)",
        champs(
            "raison_sociale",
            "siren",
            "adresse",
            "code_postal",
            "ville",
            "pays",
            "telephone",
            "courriel",
            "site",
        )
        + champs("representant_legal", "representant_legal_qualite"),
    ),
    Rubrique(
        "dpo",
        "Délégué(e) à la protection des données",
        "DPO",
        "art. 37 à 39",
        champs("dpo_obligatoire", "dpo_nom", "dpo_societe") + coordonnees("dpo"),
    ),
    Rubrique(
        "representant",
        "Représentant dans l'Union",
        "Représentant",
        "art. 27",
        champs("etabli_ue")
        + tuple(
            Champ(c.nom, HORS_UE) for c in (Champ("representant_ue_nom"), *coordonnees("representant_ue"))
        )
        + champs("representant_ue_exception", si=HORS_UE),
    ),
    Rubrique(
        "activite",
        "Activité et doctrine",
        "Activité",
        "art. 30(5)",
        champs(
            "secteur",
            "autorite_publique",
            "effectif",
            "cloture_exercice",
            "est_sous_traitant",
            "derogation_30_5",
            "declare_hors_rgpd",
        )
        + champs("doctrine_profilage", "delai_revue_mois"),
    ),
    Rubrique(
        "securite", "Mesures de sécurité de l'organisme", "Sécurité", "art. 32", (), (MESURES_ORGANISME,)
    ),
)
PLAN_TIERS = (
    Rubrique(
        "tiers",
        "Identité",
        "Identité",
        "art. 30(1)(a) et (d)",
        champs("nom", "qualites", "siren", "adresse", "code_postal", "ville", "pays", "telephone", "courriel")
        + champs("contact", "representant", "dpo_nom", "dpo_courriel"),
    ),
    Rubrique(
        "contrat",
        "Sous-traitance",
        "Sous-traitance",
        "art. 28",
        champs("contrat_art28", "contrat_date", "contrat_fin", "contrat_document", "ulterieurs_autorises")
        + champs("parent", "remarques", "actif", "fusionne_dans"),
    ),
)
