"""Les règles des avis de consommateurs."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle

EN_REGLE = {"delai_affiche": "cinq ans", "motif_refus": True, "signalement": True}


def avis(type_="avis", **champs):
    return faits(**avec("finalites", type=type_), avis={**EN_REGLE, **champs})


@pytest.mark.parametrize(
    ("code", "champs", "parle"),
    [
        ("AVI-01", {"delai_affiche": ""}, True),
        ("AVI-01", {"delai_affiche": None}, True),
        ("AVI-01", {}, False),
        ("AVI-02", {"motif_refus": False}, True),
        ("AVI-02", {"motif_refus": None}, False),  # inconnu n'est pas non
        ("AVI-02", {}, False),
        ("AVI-03", {"signalement": False}, True),
        ("AVI-03", {"signalement": None}, False),
        ("AVI-03", {}, False),
    ],
)
def test_ce_que_le_code_de_la_consommation_demande_des_avis(code, champs, parle):
    chemins = {"AVI-01": "avis.delai_affiche", "AVI-02": "avis.motif_refus", "AVI-03": "avis.signalement"}
    assert ou_parle(code, avis(**champs)) == ([chemins[code]] if parle else [])


@pytest.mark.parametrize("code", ["AVI-01", "AVI-02", "AVI-03"])
@pytest.mark.parametrize("type_", ["execution", "etude", "", None])
def test_sans_finalite_d_avis_rien_n_est_demande(code, type_):
    assert ou_parle(code, avis(type_, delai_affiche="", motif_refus=False, signalement=False)) == []


def test_un_volet_absent_n_affiche_aucun_delai():
    lus = faits(**avec("finalites", type="avis"), avis=None)
    assert [ou_parle(c, lus) for c in ("AVI-01", "AVI-02", "AVI-03")] == [["avis.delai_affiche"], [], []]


def test_le_delai_absent_bloque_et_peut_s_ecarter():
    (constat,) = [c for c in controler(avis(delai_affiche=""), JOUR) if c.code == "AVI-01"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)
