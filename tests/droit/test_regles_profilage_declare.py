"""Le profilage déclaré : les questions sans réponse, et les réponses que la fiche dément."""

import pytest

from droit.regles.profilage_declare import QUESTIONS
from exemples_faits import avec, faits, ou_parle, phrases

REPONDU = dict.fromkeys(QUESTIONS, False)
TOUTES = [f"profilage.{champ}" for champ in QUESTIONS]


def profil(niveau="score", **champs):
    return {"profilage": {"niveau": niveau, **champs}}


def donnees(*categories, **champs):
    return {"donnees": [{"numero": n, "categorie": c, **champs} for n, c in enumerate(categories, 1)]}


@pytest.mark.parametrize(
    ("fiche", "chemins"),
    [
        (profil(), TOUTES),
        (profil("segmentation"), TOUTES),
        (profil("aucun", recommandation=True), TOUTES),
        (profil(**REPONDU), []),
        (profil(**REPONDU | dict.fromkeys(QUESTIONS, True)), []),
        *((profil(**REPONDU | {champ: None}), [f"profilage.{champ}"]) for champ in QUESTIONS),
        (profil("aucun"), []),
        (profil(""), []),
        ({"profilage": None}, []),
    ],
)
def test_chaque_question_du_profilage_attend_une_reponse(fiche, chemins):
    assert ou_parle("PRF-09", faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("fiche", "parle"),
    [
        (donnees("TRANSACTIONS"), True),
        (donnees("FIDELISATION"), True),
        (donnees("COORDONNEES"), False),  # rien n'y dit les achats
    ],
)
def test_les_recommandations_se_demandent_quand_la_fiche_connait_les_achats(fiche, parle):
    lus = faits(**fiche, **profil(**REPONDU))
    assert ou_parle("PRF-09", lus) == (["profilage.recommandation"] if parle else [])
    for reponse in (True, False):
        assert ou_parle("PRF-09", faits(**fiche, **profil(**REPONDU, recommandation=reponse))) == []


def test_une_question_cite_le_texte_qui_la_pose():
    assert "supposent un consentement préalable" in phrases(
        "PRF-09", faits(**profil(**REPONDU | {"traceurs": None}))
    )


def test_les_donnees_revelatrices_ne_se_demandent_qu_une_fois():
    lus = faits(**profil(**REPONDU | {"sensible": None}), **donnees("VIE_PERSONNELLE"))
    assert (ou_parle("SEN-06", lus), ou_parle("PRF-09", lus)) == (["profilage.sensible"], [])


SEGMENTER = avec("finalites", libelle="Segmenter nos clients")


@pytest.mark.parametrize(
    ("fiche", "indice"),
    [
        (avec("finalites", type="profilage"), "une finalité en est un"),
        (donnees("PROFILS"), "profils, scores ou segments"),
        (SEGMENTER, "« Segmenter nos clients » en évoque un"),
        (avec("finalites", sous_finalites=["publicité ciblée"]), "« publicité ciblée »"),
    ],
)
@pytest.mark.parametrize(
    ("niveau", "mot"), [("", "n'est pas dit"), (None, "n'est pas dit"), ("aucun", "aucun profilage")]
)
def test_la_fiche_montre_un_profilage_que_son_volet_tait(fiche, indice, niveau, mot):
    lus = faits(**fiche, **profil(niveau))
    assert ou_parle("PRF-10", lus) == ["profilage.niveau"]
    assert indice in phrases("PRF-10", lus) and mot in phrases("PRF-10", lus)


@pytest.mark.parametrize("champ", [*QUESTIONS, "plateforme_tierce", "recommandation"])
def test_une_reponse_par_oui_dement_l_absence_de_profilage(champ):
    assert ou_parle("PRF-10", faits(**profil("aucun", **{champ: True}))) == ["profilage.niveau"]
    assert ou_parle("PRF-10", faits(**profil("aucun", **{champ: False}))) == []


@pytest.mark.parametrize(
    "fiche",
    [
        profil("aucun"),
        profil(""),
        {"profilage": None},
        profil("segmentation") | SEGMENTER,
        avec("finalites", libelle="Envoyer la lettre, sans profilage") | profil("aucun"),
        avec("finalites", libelle="Publier les scores des matchs") | profil("aucun"),
        avec("finalites", libelle="Tenir le profil du compte") | profil("aucun"),
        profil("decision_automatisee", decision_auto=True),
        profil("score", decision_auto=False),
    ],
)
def test_une_fiche_qui_ne_se_contredit_pas_n_appelle_rien(fiche):
    assert ou_parle("PRF-10", faits(**fiche)) == []


def test_un_niveau_de_decision_dement_l_absence_de_decision():
    assert ou_parle("PRF-10", faits(**profil("decision_automatisee", decision_auto=False))) == [
        "profilage.decision_auto"
    ]


PROFILAGE = avec("finalites", type="profilage")


@pytest.mark.parametrize(
    ("fiche", "parle"),
    [
        (PROFILAGE | donnees("VIE_PERSONNELLE", sources=["COURTIER"]), True),
        (PROFILAGE | donnees("COORDONNEES", sources=["COURTIER"]), False),  # une adresse n'est pas un profil
        (PROFILAGE | donnees("TRANSACTIONS", sources=["COURTIER"], finalites=[1]), True),
        (PROFILAGE | donnees("TRANSACTIONS", sources=["COURTIER"], finalites=[2]), False),
        (PROFILAGE | donnees("TRANSACTIONS", sources=["DIRECTE", "DEDUITE"]), False),
        (
            donnees("VIE_PERSONNELLE", sources=["COURTIER"]),
            False,
        ),  # aucune finalité de profilage ne s'en sert
    ],
)
def test_des_donnees_du_dehors_dementent_l_absence_de_sources_externes(fiche, parle):
    lus = faits(**fiche, **profil(**REPONDU))
    assert ou_parle("PRF-10", lus) == (["profilage.sources_tierces"] if parle else [])
