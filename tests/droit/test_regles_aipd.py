"""Les règles d'analyse d'impact : requise et non réalisée, écartée, risque élevé, dispense."""

from datetime import date

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, faits, ou_parle, phrases

EN_SERVICE = {"statut": "validee"}


def aipd(*, fiche=(), **champs):
    return faits(**{**EN_SERVICE, **dict(fiche), "aipd": champs})


# --- AIP-01 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "champs",
    [
        {"decision": "requise"},
        {"decision": "requise", "date": ""},
        {"decision": "requise", "date": "pas une date"},
        {"liste_requise": ["R10"]},
        {"liste_requise": ["R10"], "decision": "non_requise"},
    ],
)
def test_une_analyse_requise_et_non_datee_est_signalee(champs):
    assert ou_parle("AIP-01", aipd(**champs)) == ["aipd.date"]


@pytest.mark.parametrize(
    "champs",
    [
        {"decision": "requise", "date": "2026-03-01"},
        {"liste_requise": ["R10"], "date": "2026-03-01"},
        {"decision": "non_requise"},
        {"decision": "realisee"},
        {"liste_requise": []},
        {},
    ],
)
def test_une_analyse_datee_ou_non_requise_ne_l_est_pas(champs):
    assert ou_parle("AIP-01", aipd(**champs)) == []


@pytest.mark.parametrize(
    ("fiche", "le", "parle"),
    [
        ({"statut": "brouillon"}, JOUR, False),
        ({"statut": "validee"}, JOUR, True),
        ({"statut": "brouillon", "date_mise_en_oeuvre": "2026-06-01"}, date(2026, 5, 31), False),
        ({"statut": "brouillon", "date_mise_en_oeuvre": "2026-06-01"}, date(2026, 6, 1), True),
    ],
)
def test_la_regle_ne_parle_que_d_un_traitement_mis_en_oeuvre(fiche, le, parle):
    assert ou_parle("AIP-01", aipd(fiche=fiche, decision="requise"), le) == (["aipd.date"] if parle else [])


def test_l_analyse_requise_nomme_le_type_et_peut_s_ecarter():
    lus = aipd(liste_requise=["R10"])
    assert "« Profilage faisant appel à des données provenant de sources externes »" in phrases("AIP-01", lus)
    (constat,) = [c for c in controler(lus, JOUR) if c.code == "AIP-01"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


# --- AIP-02 ------------------------------------------------------------------------------------------------------------
DEUX = ["C1_EVALUATION", "C4_SENSIBLES"]


@pytest.mark.parametrize(
    ("criteres", "decision", "justification", "parle"),
    [
        (DEUX, "non_requise", "", True),
        (DEUX, "non_requise", None, True),
        ([*DEUX, "C9_BLOCAGE"], "non_requise", "", True),
        (DEUX[:1], "non_requise", "", False),
        (DEUX[:1] * 2, "non_requise", "", False),  # le même critère deux fois
        ([], "non_requise", "", False),
        (DEUX, "non_requise", "Volume très faible.", False),
        (DEUX, "requise", "", False),
        (DEUX, "realisee", "", False),
        (DEUX, "", "", False),
        (None, "non_requise", "", False),
    ],
)
def test_deux_criteres_appellent_l_analyse_ou_une_justification(criteres, decision, justification, parle):
    lus = aipd(criteres=criteres, decision=decision, justification=justification)
    assert ou_parle("AIP-02", lus) == (["aipd.justification"] if parle else [])


def test_les_criteres_reunis_sont_nommes():
    message = phrases("AIP-02", aipd(criteres=DEUX, decision="non_requise"))
    assert "Évaluation ou notation" in message and "Données sensibles" in message


# --- AIP-03 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("eleve", "consultation", "parle"),
    [
        (True, "", True),
        (True, None, True),
        (True, "Saisine du 3 mars 2026", False),
        (False, "", False),
        (None, "", False),
    ],
)
def test_un_risque_eleve_suppose_la_consultation_de_la_cnil(eleve, consultation, parle):
    lus = aipd(risque_residuel_eleve=eleve, consultation_art36=consultation)
    assert ou_parle("AIP-03", lus) == (["aipd.consultation_art36"] if parle else [])


def test_le_risque_eleve_bloque_sans_ecart_possible():
    (constat,) = [c for c in controler(aipd(risque_residuel_eleve=True), JOUR) if c.code == "AIP-03"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, False)


# --- AIP-04 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dispense", "personnes", "parle"),
    [
        (["D02"], ["CLIENTS"], True),
        (["D02"], ["FOURNISSEURS", "PROSPECTS"], True),
        (["D02"], ["FOURNISSEURS"], False),
        (["D02"], [], False),
        ([], ["CLIENTS"], False),
        (None, ["CLIENTS"], False),
    ],
)
def test_la_dispense_ne_vise_ni_les_clients_ni_les_prospects(dispense, personnes, parle):
    lues = [{"numero": n, "categorie": c} for n, c in enumerate(personnes, 1)]
    lus = aipd(fiche={"personnes": lues}, liste_dispense=dispense)
    assert ou_parle("AIP-04", lus) == (["aipd.liste_dispense"] if parle else [])
    assert ("relation fournisseurs" in phrases("AIP-04", lus)) is parle
