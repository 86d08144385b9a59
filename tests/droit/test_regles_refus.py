"""« Aucune » n'est pas une réponse : là où la loi demande ce qu'il en est, elle vaut le vide."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle


@pytest.mark.parametrize(
    "dit", ["Aucune", "Néant.", "Sans objet", "Non", "N/A", "Voir avec le service", "Pas encore", "ok"]
)
def test_un_refus_de_repondre_vaut_le_vide(dit):
    lus = faits(**avec("finalites", base_legale="CONSENTEMENT", consentement_preuve=dit))
    assert ou_parle("TXT-04", lus) == ["finalites[1].consentement_preuve"]
    (constat,) = [c for c in controler(lus, JOUR) if c.code == "TXT-04"]
    assert constat.gravite is Gravite.BLOQUANT and constat.ecartable


@pytest.mark.parametrize(
    "dit",
    [
        "",
        "Horodatage et texte présenté",
        "Aucune case n'est précochée",
        "Non : un lien dans chaque message suffit à s'opposer",
    ],
)
def test_une_phrase_n_est_pas_un_refus(dit):
    assert ou_parle("TXT-04", faits(**avec("finalites", consentement_preuve=dit, balance=dit))) == []


@pytest.mark.parametrize(
    ("fiche", "chemin", "gravite"),
    [
        (
            avec("finalites", type="prospection")
            | {"information": {**SAINE["information"], "opposition_mecanisme": "Aucun"}},
            "information.opposition_mecanisme",
            "bloquant",
        ),
        (
            {"information": {**SAINE["information"], "contact_droits": "néant"}},
            "information.contact_droits",
            "alerte",
        ),
        ({"cession": {"active": True, "partenaires": "Aucun"}}, "cession.partenaires", "alerte"),
        (
            {"qualite": "sous-traitant", "clients": [{"numero": 1, "categories_traitements": "Néant"}]},
            "clients[1].categories_traitements",
            "bloquant",
        ),
        (
            {"responsables_conjoints": [{"numero": 1}], "accord_art26": "En cours de négociation"},
            "accord_art26",
            "alerte",
        ),
    ],
)
def test_ce_que_le_vide_bloque_le_refus_le_bloque(fiche, chemin, gravite):
    lus = [c for c in controler(faits(**fiche), JOUR) if c.code == "TXT-04"]
    assert [(c.chemin, c.gravite.value) for c in lus] == [(chemin, gravite)]
    assert ou_parle("TXT-04", faits(cession={"active": False, "partenaires": "Aucun"})) == []


@pytest.mark.parametrize(
    "fiche",
    [
        avec("finalites", base_legale="CONTRAT", consentement_preuve="Sans objet", balance="Sans objet"),
        avec("finalites", base_legale="CONSENTEMENT", balance="Sans objet"),
        {"information": {**SAINE["information"], "opposition_mecanisme": "Sans objet"}},
    ],
)
def test_sans_objet_repond_a_une_question_qui_ne_se_pose_pas(fiche):
    assert ou_parle("TXT-04", faits(**fiche)) == []
