"""D'où court une durée : la date limite d'un relevé, le premier terme, la clôture de l'exercice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.depart import ReleveImpossible, exercice_de, limite, premier_terme
from conservation.durees import ajouter_mois

LE = date(2026, 11, 24)


def regle(valeur, unite, **autres):
    return {"duree_valeur": valeur, "duree_unite": unite, **autres}


@pytest.mark.parametrize(
    ("valeur", "unite", "le", "attendue"),
    [
        (3, "ans", LE, date(2023, 11, 24)),
        (13, "mois", LE, date(2025, 10, 24)),
        (30, "jours", LE, date(2026, 10, 25)),
        (0, "jours", LE, LE),
        (3, "ans", date(2024, 2, 29), date(2021, 3, 1)),  # le 28 février 2021 plus trois ans est passé
        (1, "mois", date(2026, 3, 31), date(2026, 3, 1)),
        (1, "mois", date(2026, 2, 28), date(2026, 1, 28)),
        (36_500, "ans", LE, date.min),
    ],
)
def test_la_limite_est_aujourd_hui_moins_la_duree(valeur, unite, le, attendue):
    assert limite(regle(valeur, unite), le) == attendue


@given(
    le=st.dates(date(2000, 1, 1), date(2100, 1, 1)),
    mois=st.integers(0, 240),
    ecart=st.integers(-40, 40),
)
def test_est_en_retard_exactement_ce_dont_le_terme_est_passe(le, mois, ecart):
    """La limite et le terme disent la même chose, fins de mois comprises."""
    borne = limite(regle(mois, "mois"), le)
    jour = borne + timedelta(days=ecart)
    assert (jour < borne) is (ajouter_mois(jour, mois) < le)


def test_un_critere_sans_duree_se_refuse():
    with pytest.raises(ReleveImpossible, match="n'est pas chiffrée"):
        limite({"duree_valeur": None, "duree_unite": "", "critere": "Jusqu'au retrait"}, LE)


# --- La clôture de l'exercice -------------------------------------------------------------------------------------------
DIX_ANS = {"duree_valeur": 10, "duree_unite": "ans", "point_depart": "CLOTURE_EXERCICE"}


@pytest.mark.parametrize(
    ("le", "cloture", "attendue"),
    [
        (
            date(2026, 11, 24),
            "",
            date(2016, 1, 1),
        ),  # une facture de mars 2016 n'est pas en retard en novembre 2026
        (date(2026, 12, 31), "31/12", date(2016, 1, 1)),
        (date(2027, 1, 1), "31/12", date(2017, 1, 1)),
        (date(2026, 11, 24), "31/03", date(2016, 4, 1)),
        (date(2026, 3, 31), "31/03", date(2015, 4, 1)),
        (date(2026, 4, 1), "31/03", date(2016, 4, 1)),
        (date(2026, 3, 1), "29/02", date(2016, 3, 1)),
    ],
)
def test_une_facture_attend_la_fin_de_son_exercice(le, cloture, attendue):
    assert limite(DIX_ANS, le, exercice_de({"cloture_exercice": cloture})) == attendue


@pytest.mark.parametrize(("cloture", "attendu"), [("", date(2030, 12, 31)), ("30/06", date(2031, 6, 30))])
def test_le_premier_terme_aussi(cloture, attendu):
    fiche = {"date_mise_en_oeuvre": "2020-11-02"}
    assert premier_terme(DIX_ANS, fiche, exercice_de({"cloture_exercice": cloture})) == attendu


@given(
    st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 12), st.integers(1, 31), st.integers(0, 30)
)
def test_la_limite_d_un_exercice_est_le_lendemain_d_une_cloture(le, mois, quantieme, ans):
    regle = DIX_ANS | {"duree_valeur": ans}
    exercice = (mois, min(quantieme, 28))
    borne = limite(regle, le, exercice)
    veille = borne - timedelta(days=1)
    assert (veille.month, veille.day) == exercice
    assert limite(regle | {"point_depart": "FACTURE"}, le) >= borne  # attendre la clôture ne presse jamais


def test_la_fin_de_l_annee_civile_se_compte_comme_une_cloture_quel_que_soit_l_exercice():
    """TVA du guichet unique : dix ans du 31 décembre de l'opération (LPF art. L102 B), même si l'exercice finit en juin."""
    oss = {"duree_valeur": 10, "duree_unite": "ans", "point_depart": "FIN_ANNEE_CIVILE"}
    for exercice in ((12, 31), (6, 30)):
        assert limite(oss, date(2026, 11, 26), exercice) == date(2016, 1, 1)
        assert limite(oss, date(2026, 12, 31), exercice) == date(2016, 1, 1)
        assert limite(oss, date(2027, 1, 1), exercice) == date(2017, 1, 1)
    assert premier_terme(oss, {"date_mise_en_oeuvre": "2016-03-10"}, (6, 30)) == date(2026, 12, 31)
