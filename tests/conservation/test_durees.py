"""Le calendrier des durées : jamais un jour inexistant, jamais un terme avant son départ."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.durees import (
    REPERE,
    Critere,
    Duree,
    lire,
    lire_chiffree,
    lire_iso,
    lire_suspension,
    premier_depart,
    terme,
)

JOURS = st.dates(date(1990, 1, 1), date(2150, 12, 31))
DUREES = st.builds(Duree, st.integers(0, 400), st.sampled_from(["jours", "mois", "ans"]))


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


@pytest.mark.parametrize(
    ("une", "autre", "depasse"),
    [
        (Duree(31, "jours"), Duree(1, "mois"), False),
        (Duree(32, "jours"), Duree(1, "mois"), True),
        (Duree(1, "mois"), Duree(31, "jours"), False),
        (Duree(1, "mois"), Duree(30, "jours"), True),
        (Duree(62, "jours"), Duree(2, "mois"), False),
        (Duree(63, "jours"), Duree(2, "mois"), True),
        (Duree(365, "jours"), Duree(1, "ans"), False),
        (Duree(366, "jours"), Duree(1, "ans"), True),
        (Duree(1, "ans"), Duree(365, "jours"), False),
        (Duree(1, "ans"), Duree(364, "jours"), True),
        (Duree(36, "mois"), Duree(3, "ans"), False),
        (Duree(37, "mois"), Duree(3, "ans"), True),
        (Duree(3, "ans"), Duree(36, "mois"), False),
        (Duree(3, "ans"), Duree(35, "mois"), True),
        (Duree(0, "ans"), Duree(0, "jours"), False),
        (Duree(1, "jours"), Duree(0, "ans"), True),
    ],
)
def test_deux_durees_se_comparent_au_calendrier(une, autre, depasse):
    assert une.depasse(autre) is depasse


@given(DUREES, DUREES)
def test_de_deux_durees_l_une_au_plus_depasse_l_autre(une, autre):
    assert une.depasse(autre) + autre.depasse(une) == (terme(REPERE, une) != terme(REPERE, autre))


@given(JOURS, DUREES)
def test_le_premier_depart_est_le_plus_petit_jour_dont_le_terme_n_est_pas_passe(fin, duree):
    depart = premier_depart(fin, duree)
    assert terme(depart, duree) >= fin
    if depart > date.min:
        assert terme(depart - timedelta(days=1), duree) < fin


def test_une_duree_se_dit_et_zero_aussi():
    assert [str(Duree(n, u)) for n, u in ((3, "ans"), (1, "ans"), (1, "mois"), (13, "mois"), (0, "ans"))] == [
        "3 ans",
        "1 an",
        "1 mois",
        "13 mois",
        "aucune conservation",
    ]
    assert [Duree(0, u).en_chiffres for u in ("jours", "mois", "ans")] == ["0 jour", "0 mois", "0 an"]


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        ("2026-11-25", None, False),
        ("2026-11-24", None, True),
        ("2026-01-01", "2026-11-24", True),
        ("2026-01-01", "2026-11-23", False),
    ],
)
def test_une_suspension_vaut_de_son_debut_a_sa_fin_comprise(debut, fin, attendu):
    suspension = lire_suspension({"suspension_debut": debut, "suspension_fin": fin})
    assert suspension.en_cours(date(2026, 11, 24)) is attendu


def test_une_duree_sans_suspension_n_en_a_pas():
    assert lire_suspension({"suspension_debut": None}) is None
    assert lire_suspension({}) is None


def test_ce_qui_n_est_pas_une_duree_est_refuse():
    for valeur, unite in ((-1, "ans"), (3, "semaines"), (3, "")):
        with pytest.raises(ValueError, match="pas une durée"):
            Duree(valeur, unite)


def test_une_ligne_se_lit_en_duree_en_critere_ou_en_rien():
    assert lire({"duree_valeur": 3, "duree_unite": "ans", "critere": "sans réponse"}) == Duree(3, "ans")
    assert lire({"duree_valeur": 0, "duree_unite": "jours"}) == Duree(0, "jours")
    assert lire({"duree_valeur": None, "critere": "fin du contrat"}) == Critere("fin du contrat")
    assert lire({"duree_valeur": None, "critere": ""}) is None
    assert (lire_iso("P13M"), lire_iso("P1Y6M"), lire_iso("")) == (Duree(13, "mois"), None, None)


@pytest.mark.parametrize(
    "absurde",
    [
        {"duree_valeur": True, "duree_unite": "ans"},
        {"duree_valeur": 3, "duree_unite": ""},
        {"duree_valeur": 3, "duree_unite": "semaines"},
        {"duree_valeur": 3, "duree_unite": None},
        {"duree_valeur": -3, "duree_unite": "ans"},
        {"duree_valeur": "3", "duree_unite": "ans"},
        {},
    ],
)
def test_une_ligne_absurde_n_a_pas_de_duree(absurde):
    assert lire_chiffree(absurde) is None
