"""Les règles des avis de consommateurs."""

from datetime import date

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle

EN_REGLE = {"delai_affiche": "cinq ans", "motif_refus": True, "signalement": True, "controle_annonce": True}
CHEMINS = {
    "AVI-01": "avis.delai_affiche",
    "AVI-02": "avis.motif_refus",
    "AVI-03": "avis.signalement",
    "AVI-04": "avis.controle_annonce",
}


def avis(type_="avis", **champs):
    return faits(**avec("finalites", type=type_), avis={**EN_REGLE, **champs})


@pytest.mark.parametrize(
    ("code", "champs", "parle"),
    [
        ("AVI-01", {"delai_affiche": ""}, True),
        ("AVI-01", {"delai_affiche": None}, True),
        ("AVI-01", {}, False),
        ("AVI-02", {"motif_refus": False}, True),
        ("AVI-02", {"motif_refus": None}, True),
        ("AVI-02", {}, False),
        ("AVI-03", {"signalement": False}, True),
        ("AVI-03", {"signalement": None}, True),
        ("AVI-03", {}, False),
        ("AVI-04", {"controle_annonce": False}, True),
        ("AVI-04", {"controle_annonce": None}, True),
        ("AVI-04", {}, False),
    ],
)
def test_ce_que_le_code_de_la_consommation_demande_des_avis(code, champs, parle):
    assert ou_parle(code, avis(**champs)) == ([CHEMINS[code]] if parle else [])


@pytest.mark.parametrize("code", CHEMINS)
@pytest.mark.parametrize("type_", ["execution", "etude", "", None])
def test_sans_finalite_d_avis_rien_n_est_demande(code, type_):
    muette = faits(**avec("finalites", type=type_), avis=None)
    refus = avis(type_, delai_affiche="", motif_refus=False, signalement=False, controle_annonce=False)
    assert [ou_parle(code, muette), ou_parle(code, refus)] == [[], []]


def test_un_volet_absent_ne_repond_a_rien():
    lus = faits(**avec("finalites", type="avis"), avis=None)
    assert [ou_parle(c, lus) for c in CHEMINS] == [[chemin] for chemin in CHEMINS.values()]


def test_une_autre_finalite_n_y_change_rien():
    livrer, publier = {"numero": 1, "type": "execution"}, {"numero": 2, "type": "avis"}
    assert ou_parle("AVI-02", faits(finalites=[livrer, publier])) == ["avis.motif_refus"]


@pytest.mark.parametrize("code", CHEMINS)
def test_avant_2018_les_avis_n_avaient_pas_ces_regles(code):
    lus = faits(**avec("finalites", type="avis"), avis=None)
    assert ou_parle(code, lus, date(2017, 12, 31)) == []
    assert ou_parle(code, lus, date(2018, 1, 1)) == [CHEMINS[code]]


@pytest.mark.parametrize(
    ("code", "avant", "depuis"),
    [
        ("AVI-01", "D111-17, 2° b", "D111-10, 2° b"),
        ("AVI-02", "D111-19", "D111-12"),
        ("AVI-04", "D111-17, 1° a", "D111-10, 1° a"),
    ],
)
def test_les_articles_se_citent_sous_leur_numero_du_jour(code, avant, depuis):
    """Décret n° 2024-753, en vigueur le 9 juillet 2024."""
    lus = faits(**avec("finalites", type="avis"), avis=None)
    for le, article in ((date(2024, 7, 8), avant), (date(2024, 7, 9), depuis)):
        assert [c.source for c in controler(lus, le) if c.code == code][0].endswith(article)


def test_le_delai_absent_bloque_et_peut_s_ecarter():
    (constat,) = [c for c in controler(avis(delai_affiche=""), JOUR) if c.code == "AVI-01"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)
