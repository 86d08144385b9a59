"""Le calendrier des durées : jamais un jour inexistant, jamais un terme avant son départ."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.durees import (
    Critere,
    Duree,
    Plage,
    Suspension,
    cloture_exercice,
    lire,
    lire_iso,
    prolonger,
    terme,
)

JOURS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
DUREES = st.builds(Duree, st.integers(0, 400), st.sampled_from(["jours", "mois", "ans"]))
CLOTURES = st.sampled_from([(12, 31), (3, 31), (6, 30), (9, 30), (2, 28), (2, 29), (1, 1)])


@pytest.mark.parametrize(
    ("depart", "valeur", "unite", "attendu"),
    [
        (date(2026, 1, 31), 1, "mois", date(2026, 2, 28)),
        (date(2024, 1, 31), 1, "mois", date(2024, 2, 29)),
        (date(2024, 2, 29), 1, "ans", date(2025, 2, 28)),
        (date(2024, 2, 29), 4, "ans", date(2028, 2, 29)),
        (date(2026, 8, 31), 6, "mois", date(2027, 2, 28)),
        (date(2026, 11, 24), 30, "jours", date(2026, 12, 24)),
        (date(2026, 12, 31), 13, "mois", date(2028, 1, 31)),
        (date(2026, 11, 24), 0, "ans", date(2026, 11, 24)),
    ],
)
def test_le_terme_tombe_de_quantieme_a_quantieme(depart, valeur, unite, attendu):
    assert terme(depart, Duree(valeur, unite)) == attendu


def test_une_duree_qui_depasse_le_calendrier_s_arrete_a_son_dernier_jour():
    for unite in ("jours", "mois", "ans"):
        assert terme(date(9999, 6, 1), Duree(36_500, unite)) == date.max


@given(JOURS, DUREES)
def test_le_terme_ne_precede_jamais_son_depart(depart, duree):
    assert terme(depart, duree) >= depart


@given(JOURS, JOURS, DUREES)
def test_partir_plus_tard_ne_fait_jamais_finir_plus_tot(un, autre, duree):
    premier, second = sorted((un, autre))
    assert terme(premier, duree) <= terme(second, duree)


@given(JOURS, st.integers(0, 400), st.integers(0, 50), st.sampled_from(["jours", "mois", "ans"]))
def test_une_duree_plus_longue_ne_finit_jamais_plus_tot(depart, valeur, reste, unite):
    assert terme(depart, Duree(valeur, unite)) <= terme(depart, Duree(valeur + reste, unite))


@given(JOURS, st.integers(0, 50), st.integers(0, 50))
def test_les_ans_s_additionnent_hors_du_29_fevrier(depart, uns, autres):
    """Le 29 février, passer par une année ordinaire ramène au 28 : le terme en deux temps n'est jamais plus tardif."""
    d_un_trait = terme(depart, Duree(uns + autres, "ans"))
    en_deux = terme(terme(depart, Duree(uns, "ans")), Duree(autres, "ans"))
    if (depart.month, depart.day) == (2, 29):
        assert timedelta(0) <= d_un_trait - en_deux <= timedelta(days=1)
    else:
        assert en_deux == d_un_trait


@given(JOURS, st.integers(0, 100))
def test_douze_mois_font_un_an(depart, ans):
    assert terme(depart, Duree(12 * ans, "mois")) == terme(depart, Duree(ans, "ans"))


def test_la_cloture_est_celle_de_l_exercice_qui_contient_le_jour():
    assert cloture_exercice(date(2026, 11, 24)) == date(2026, 12, 31)
    assert cloture_exercice(date(2026, 12, 31)) == date(2026, 12, 31)
    assert cloture_exercice(date(2026, 7, 1), (6, 30)) == date(2027, 6, 30)
    assert cloture_exercice(date(2026, 6, 30), (6, 30)) == date(2026, 6, 30)
    assert cloture_exercice(date(2026, 2, 10), (2, 29)) == date(2026, 2, 28)
    assert cloture_exercice(date(2027, 3, 1), (2, 29)) == date(2028, 2, 29)


@given(JOURS, CLOTURES)
def test_un_exercice_dure_un_an_et_contient_son_jour(jour, cloture):
    fin = cloture_exercice(jour, cloture)
    assert jour <= fin <= jour + timedelta(days=366)
    assert cloture_exercice(fin, cloture) == fin
    assert cloture_exercice(fin + timedelta(days=1), cloture) > fin


@given(JOURS, JOURS, st.none() | JOURS)
def test_une_suspension_ne_raccourcit_jamais_un_terme(fin, debut, jusqu_au):
    prolongee = prolonger(fin, Suspension(debut, jusqu_au))
    assert prolongee is None or prolongee >= fin
    assert prolongee is not None or jusqu_au is None


def test_une_suspension_retient_ce_qui_echoit_pendant_elle_et_rien_d_autre():
    proces = Suspension(date(2026, 1, 1), date(2026, 12, 31), "litige")
    assert prolonger(date(2026, 6, 1), proces) == date(2026, 12, 31)
    assert prolonger(date(2027, 6, 1), proces) == date(2027, 6, 1)
    assert prolonger(date(2025, 6, 1), proces) == date(2025, 6, 1)
    assert prolonger(date(2026, 6, 1), Suspension(date(2026, 1, 1))) is None


def test_une_plage_dit_ses_bornes_et_ce_qu_elle_contient():
    plage = Plage(Duree(6, "mois"), Duree(1, "ans"))
    assert str(plage) == "de 6 mois à 1 an"
    assert Duree(12, "mois") in plage
    assert Duree(5, "mois") not in plage
    assert Duree(13, "mois") not in plage
    assert str(Plage(Duree(6, "mois"))) == "6 mois au moins"
    assert str(Plage(maximum=Duree(3, "ans"))) == "3 ans au plus"
    assert Duree(90, "ans") in Plage()
    with pytest.raises(ValueError, match="dépasse"):
        Plage(Duree(2, "ans"), Duree(6, "mois"))


def test_ce_qui_n_est_pas_une_duree_est_refuse():
    for valeur, unite in ((-1, "ans"), (3, "semaines"), (3, "")):
        with pytest.raises(ValueError, match="pas une durée"):
            Duree(valeur, unite)


def test_une_regle_se_lit_en_duree_en_critere_ou_en_rien():
    assert lire({"duree_valeur": 3, "duree_unite": "ans", "critere": "sans réponse"}) == Duree(3, "ans")
    assert lire({"duree_valeur": 0, "duree_unite": "jours"}) == Duree(0, "jours")
    assert lire({"duree_valeur": None, "critere": "fin du contrat"}) == Critere("fin du contrat")
    assert lire({"duree_valeur": None, "critere": ""}) is None
    assert (lire_iso("P13M"), lire_iso("P1Y6M"), lire_iso("")) == (Duree(13, "mois"), None, None)
