"""Ce que l'organisme est : représentant, délégué, dérogation des petits effectifs, et sa réforme en attente."""

from dataclasses import replace
from datetime import date

import pytest

from droit.faits import Faits
from droit.regles import REGLES, Gravite, controler_organisme
from droit.reperes import Reperes
from exemples_faits import JOUR, ORGANISME, SAINE, faits, ou_parle, phrases

HORS_UE = {"etabli_ue": False, "representant_ue_nom": ""}
DEROGE = {"derogation_30_5": True}
OCCASIONNEL = {"famille": "autre", "personnes": [{"numero": 1, "categorie": "AUTRES_PERSONNES"}]}
SENSIBLE = {"donnees": [{"numero": 1, "categorie": "SANTE"}]}


@pytest.mark.parametrize(
    ("code", "organisme", "chemins"),
    [
        ("REG-06", HORS_UE, ["organisme.representant_ue_nom"]),
        ("REG-06", {"etabli_ue": None, "pays": "US"}, ["organisme.etabli_ue"]),
        ("REG-07", {"dpo_obligatoire": True, "dpo_nom": ""}, ["organisme.dpo_nom"]),
        (
            "REG-07",
            {"autorite_publique": True, "dpo_obligatoire": None, "dpo_nom": ""},
            ["organisme.dpo_nom"],
        ),
        (
            "REG-07",
            {"autorite_publique": True, "dpo_obligatoire": False, "dpo_nom": ""},
            ["organisme.dpo_nom"],
        ),
        ("REG-12", DEROGE, ["organisme.derogation_30_5"]),
        ("REG-18", DEROGE | {"effectif": 250}, ["organisme.derogation_30_5"]),
    ],
)
def test_la_regle_parle_de_l_organisme(code, organisme, chemins):
    assert ou_parle(code, faits(organisme)) == chemins


@pytest.mark.parametrize(
    ("code", "organisme"),
    [
        ("REG-06", HORS_UE | {"etabli_ue": True}),
        ("REG-06", HORS_UE | {"etabli_ue": None}),
        ("REG-06", {"etabli_ue": None, "pays": "FR"}),
        ("REG-06", HORS_UE | {"representant_ue_nom": "Delbrück GmbH"}),
        ("REG-06", HORS_UE | {"representant_ue_exception": "Traitement occasionnel, sans risque."}),
        ("REG-07", {"dpo_obligatoire": True, "dpo_nom": "Claire Morel"}),
        ("REG-07", {"autorite_publique": True, "dpo_nom": "Claire Morel"}),
        ("REG-07", {"autorite_publique": None, "dpo_obligatoire": None, "dpo_nom": ""}),
        ("REG-12", {"derogation_30_5": False}),
        ("REG-12", {"derogation_30_5": None}),
        ("REG-18", DEROGE | {"effectif": 249}),
        ("REG-18", DEROGE | {"effectif": None}),
        ("REG-18", {"derogation_30_5": False, "effectif": 900}),
    ],
)
def test_la_regle_se_tait_sur_l_organisme(code, organisme):
    assert ou_parle(code, faits(organisme)) == []


def test_hors_de_l_union_le_silence_ne_fait_qu_une_alerte():
    constats = controler_organisme(faits({"etabli_ue": None, "pays": "US"}, fiches_sous_traitant=0), JOUR)
    assert [(c.code, c.gravite) for c in constats] == [("REG-06", Gravite.ALERTE)]


def personnes(categorie):
    return {"famille": "autre", "personnes": [{"numero": 1, "categorie": categorie}]}


@pytest.mark.parametrize(
    ("fiche", "mot"),
    [
        ({"famille": "clients", "personnes": []}, "habituel"),
        ({"famille": "prospection", "personnes": []}, "habituel"),
        (personnes("CLIENTS"), "habituel"),
        (personnes("PROSPECTS"), "habituel"),
        (personnes("SALARIES"), "habituel"),
        (OCCASIONNEL | {"finalites": [{"numero": 1, "type": "prospection"}]}, "habituel"),
        (OCCASIONNEL | SENSIBLE, "données sensibles"),
        (OCCASIONNEL, ""),
    ],
)
def test_la_derogation_ne_couvre_ni_l_habituel_ni_le_sensible(fiche, mot):
    lus = faits(DEROGE, **fiche)
    assert ou_parle("REG-12", lus) == (["organisme.derogation_30_5"] if mot else [])
    assert mot in phrases("REG-12", lus)


def test_la_derogation_suit_le_critere_des_referentiels():
    """La réforme « Omnibus IV » remplacerait le traitement habituel par le risque élevé : la règle se tairait."""
    tables = {
        "parametres": {"derogation_30_5": {"valeur": {"critere": "risque_eleve", "seuil_effectif": 750}}}
    }
    organisme = {**ORGANISME, **DEROGE, "effectif": 300}
    apres, sans = Reperes(**tables), Reperes()
    assert ou_parle("REG-12", Faits(SAINE, organisme, apres)) == []
    assert ou_parle("REG-12", Faits(SAINE, organisme, sans)) == ["organisme.derogation_30_5"]
    assert ou_parle("REG-18", Faits(SAINE, organisme, apres)) == []
    assert ou_parle("REG-18", Faits(SAINE, organisme, sans)) == ["organisme.derogation_30_5"]


@pytest.mark.parametrize(
    ("decision", "organisme", "parle"),
    [
        ("requise", DEROGE, True),
        ("realisee", DEROGE, True),
        ("non_requise", DEROGE, False),
        (None, DEROGE, False),
        ("requise", {"derogation_30_5": None}, False),
    ],
)
def test_la_reforme_de_l_article_30_5_attend_son_adoption(decision, organisme, parle):
    """Inscrite, elle se tait ; adoptée, elle vaudrait de sa date d'effet."""
    lus = faits(organisme, aipd={"decision": decision})
    assert ou_parle("REG-19", lus) == []
    effet = date(2027, 6, 1)
    adoptee = replace(REGLES["REG-19"], en_attente="", depuis=effet)
    assert bool(list(adoptee.constats(lus, effet))) is parle
    assert list(adoptee.constats(lus, date(2027, 5, 31))) == []


@pytest.mark.parametrize("categorie", ["SANTE", "INFRACTIONS"])
def test_le_sensible_a_grande_echelle_fait_poser_la_question_du_delegue(categorie):
    fiche = {"donnees": [{"numero": 1, "categorie": categorie}], "grande_echelle": True}
    assert ou_parle("REG-20", faits({"dpo_nom": ""}, **fiche)) == ["organisme.dpo_nom"]


@pytest.mark.parametrize(
    ("organisme", "fiche"),
    [
        ({"dpo_nom": ""}, SENSIBLE | {"grande_echelle": None}),
        ({"dpo_nom": ""}, {"grande_echelle": True}),
        ({"dpo_nom": "Claire Morel"}, SENSIBLE | {"grande_echelle": True}),
    ],
)
def test_hors_du_sensible_a_grande_echelle_nul_ne_demande_de_delegue(organisme, fiche):
    assert ou_parle("REG-20", faits(organisme, **fiche)) == []
