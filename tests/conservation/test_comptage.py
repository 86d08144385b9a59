"""Le calcul d'un relevé : la date limite d'une durée, la lecture d'une date, le compte."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.comptage import Decompte, compter, jour_de

LE = date(2026, 11, 24)


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
