"""Le calcul d'un relevé : la date limite d'une durée, la lecture d'une date, le compte."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.comptage import Decompte, ReleveImpossible, compter, jour_de, limite, suspendue
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


@pytest.mark.parametrize(
    ("debut", "fin", "attendu"),
    [
        ("2026-01-01", None, True),
        ("2026-01-01", "2026-11-24", True),
        ("2026-01-01", "2026-11-23", False),
        ("2026-11-25", None, False),
        (None, None, False),
    ],
)
def test_une_suspension_court_de_son_debut_a_sa_fin_comprises(debut, fin, attendu):
    assert suspendue({"suspension_debut": debut, "suspension_fin": fin}, LE) is attendu


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("2023-11-24", date(2023, 11, 24)),
        (" 2023-11-24 ", date(2023, 11, 24)),
        ("2023-11-24 08:30", date(2023, 11, 24)),
        ("2023-11-24T08:30:00.123456", date(2023, 11, 24)),
        ("2023-11-24T23:30:00Z", date(2023, 11, 25)),  # minuit et demi à Paris
        ("2023-06-30 22:30:00+00", date(2023, 7, 1)),
        ("2023-11-25 00:30:00+02:00", date(2023, 11, 24)),
        ("2023-11-24 10:00 UTC", date(2023, 11, 24)),
        ("24/11/2023", date(2023, 11, 24)),
        ("3/4/2023", date(2023, 4, 3)),
        ("24/11/2023 18:00:00", date(2023, 11, 24)),
        ("24-11-2023", date(2023, 11, 24)),
        ("2023/11/24", date(2023, 11, 24)),
        ("", None),
        ("03/04/23", None),
        ("12/31/2023", None),
        ("2023-02-30", None),
        ("2023-11/24", None),
        ("2023-11-24 25:00", None),
        ("2023-11-24 et des poussières", None),
        ("1700784000", None),
        ("NULL", None),
        ("٢٠٢٣-١١-٢٤", None),
        ("9999-12-31T23:59:00-12:00", None),
        ("2" * 500, None),
    ],
)
def test_une_date_se_lit_ou_se_compte_a_part(texte, attendu):
    assert jour_de(texte) == attendu


@given(st.text(max_size=80))
def test_aucun_texte_ne_fait_tomber_la_lecture(texte):
    jour_de(texte)


def test_le_compte_separe_le_retard_et_l_illisible():
    borne = date(2023, 11, 24)
    textes = ["2023-11-23", "2023-11-24", "2026-01-01", "", "hier", "01/01/2000"]
    assert compter(textes, borne) == Decompte(examinees=6, en_retard=2, sans_date=2)
