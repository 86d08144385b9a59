"""Le calcul d'un relevé : la date limite d'une durée, la lecture d'une date, le compte."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.comptage import Compteur, Decompte, compter
from conservation.dates_ecrites import (
    ORDINAIRE,
    Format,
    LecteurDeDates,
    LectureImpossible,
    est_nulle,
    est_vide,
    lecture_de,
    texte_de,
)

LE = date(2026, 11, 24)


def jour_de(texte, lecture=ORDINAIRE):
    return LecteurDeDates(lecture.formats).jour(texte)


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


# --- Les autres écritures, sur choix ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "texte", "attendu"),
    [
        ("jj.mm.aaaa", "24.11.2023", date(2023, 11, 24)),
        ("jj.mm.aaaa", "24.11.2023 08:30", date(2023, 11, 24)),
        ("jj.mm.aaaa", "11.24.2023", None),
        ("mm/jj/aaaa", "11/24/2023", date(2023, 11, 24)),
        ("mm/jj/aaaa", "11/24/2023 11:59:00 PM", date(2023, 11, 24)),
        ("mm/jj/aaaa", "24/11/2023", None),
        ("aaaammjj", "20231124", date(2023, 11, 24)),
        ("aaaammjj", "20231124235959", date(2023, 11, 24)),
        ("aaaammjj", "20231324", None),
        ("aaaammjj", "202311240", None),
        ("epoch-s", "1700866799", date(2023, 11, 24)),  # 23:59:59 à Paris
        ("epoch-s", "1700866800", date(2023, 11, 25)),
        ("epoch-s", "1700866799.9", date(2023, 11, 24)),
        ("epoch-s", "-86400", date(1969, 12, 31)),
        ("epoch-s", "999999999999999", None),
        ("epoch-s", "1,70E+09", None),
        ("epoch-ms", "1700866799999", date(2023, 11, 24)),
        ("epoch-ms", "1700866800000", date(2023, 11, 25)),
        ("excel", "45254", date(2023, 11, 24)),
        ("excel", "45254,75", date(2023, 11, 24)),
        ("excel", "61", date(1900, 3, 1)),
        ("excel", "60", None),  # le 29 février 1900 n'a pas existé
        ("excel", "59", date(1900, 2, 28)),
        ("excel", "1", date(1900, 1, 1)),
        ("excel", "9999999", None),
        ("jj/mm/aa", "24/11/68", date(2068, 11, 24)),
        ("jj/mm/aa", "24/11/69", date(1969, 11, 24)),
        ("jj/mm/aa", "24.11.23", date(2023, 11, 24)),
        ("mm/jj/aa", "11/24/23", date(2023, 11, 24)),
        ("mois-en-lettres", "12 janv. 2024", date(2024, 1, 12)),
        ("mois-en-lettres", "12 janvier 2024", date(2024, 1, 12)),
        ("mois-en-lettres", "1er AOÛT 2024 à 18:30", date(2024, 8, 1)),
        ("mois-en-lettres", "vendredi 12 févr. 2024 18h30", date(2024, 2, 12)),
        ("mois-en-lettres", "12-JAN-2024", date(2024, 1, 12)),
        ("mois-en-lettres", "Jan 12, 2024", date(2024, 1, 12)),
        ("mois-en-lettres", "Fri, 12 Jan 2024 23:30:00 GMT", date(2024, 1, 13)),
        ("mois-en-lettres", "12 jui 2024", None),  # juin ou juillet
        ("mois-en-lettres", "31 juin 2024", None),
        ("mois-en-lettres", "12 janv. 24", None),
        ("mois-en-lettres-aa", "12-janv.-24", date(2024, 1, 12)),
    ],
)
def test_un_format_choisi_se_lit_et_lui_seul(code, texte, attendu):
    assert jour_de(texte, lecture_de([code])) == attendu
    assert jour_de(texte) in (attendu, None) or code == "mm/jj/aaaa"


def test_la_lecture_ordinaire_ne_lit_aucun_des_formats_a_choisir():
    for texte in ("24.11.2023", "20231124", "1700866799", "45254", "24/11/23", "12 janv. 2024", "11/24/2023"):
        assert jour_de(texte) is None


@pytest.mark.parametrize(
    ("codes", "phrase"),
    [
        (["jj/mm/aaaa", "mm/jj/aaaa"], "choisissez un seul format entre JJ/MM/AAAA et MM/JJ/AAAA"),
        (["jj/mm/aaaa", "mm/jj/aa"], "choisissez un seul format"),
        (["epoch-s", "epoch-ms"], "choisissez un seul format"),
        (["aaaammjj", "excel"], "choisissez un seul format"),
        (["julien"], "Format de date inconnu : julien"),
        ([], "Aucun format choisi"),
    ],
)
def test_des_formats_qui_liraient_une_valeur_de_deux_facons_se_refusent(codes, phrase):
    with pytest.raises(LectureImpossible, match=phrase):
        lecture_de(codes)


def test_une_lecture_se_dit_et_se_relit():
    lue = lecture_de(["JJ/MM/AAAA", " aaaa-mm-jj "])
    assert lue.codes == ["aaaa-mm-jj", "jj/mm/aaaa"]
    assert str(lue) == "AAAA-MM-JJ, JJ/MM/AAAA"
    assert (lue.formats, lue.choisie) == (ORDINAIRE.formats, True)


@pytest.mark.parametrize(
    "texte", ["0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00.00.0000", "0", "0.0"]
)
def test_une_date_nulle_est_une_ligne_sans_date_et_se_dit_nulle(texte):
    for lecture in (ORDINAIRE, *(lecture_de([f]) for f in Format)):
        compte = compter([texte], date(2023, 11, 24), lecture)
        assert (compte.sans_date, compte.nulles, compte.illisibles, compte.en_retard) == (1, 1, 0, 0)


def test_vide_nulle_et_illisible_ne_se_confondent_pas():
    textes = ["", "  ", "NULL", "\\N", "0000-00-00", "hier", "1970-01-01", "2026-11-24", "2026-11-25"]
    compte = compter(textes, date(2023, 11, 24), le=LE)
    assert compte == Decompte(examinees=9, en_retard=1, sans_date=6)
    assert (compte.nulles, compte.illisibles, compte.en_1970, compte.futures) == (1, 1, 1, 1)
    assert est_vide("null") and not est_vide("0000-00-00") and not est_nulle("2000-00-00")


@pytest.mark.parametrize(
    ("textes", "ordre"),
    [
        (["03/04/2020", "12/12/2020"], "douteux"),
        (["03-04-2020"], "douteux"),
        (["03/04/2020", "13/04/2020"], ""),
        (["05/05/2020", "12/12/2020"], ""),  # le même jour dans les deux ordres
        (["2020-04-03"], ""),
        (["03/04/2020", "04/13/2020"], "mois d'abord"),
        (["13/04/2020", "04/13/2020"], "melange"),
    ],
)
def test_l_ordre_du_jour_et_du_mois_se_choisit_quand_rien_n_en_decide(textes, ordre):
    borne = date(2023, 11, 24)
    assert compter(textes, borne).ordre == ordre
    assert compter(textes, borne, lecture_de(["jj/mm/aaaa"])).ordre == ""


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_le_compte_ordinaire_est_celui_d_avant(jour):
    """Un jour écrit sans doute possible se compte comme il s'est toujours compté."""
    borne = date(2023, 11, 24)
    for texte in (jour.isoformat(), f"{jour:%d/%m/%Y}", f"{jour.isoformat()} 12:00"):
        compteur = Compteur(borne)
        compteur.voir(texte)
        assert (compteur.examinees, compteur.en_retard, compteur.sans_date) == (1, jour < borne, 0)


@pytest.mark.parametrize(
    ("valeur", "attendu"),
    [
        (None, ""),
        ("hier", "hier"),
        (True, ""),
        (20231124, "20231124"),
        (1700866799.0, "1700866799"),
        (Decimal("45254.5"), "45254.5"),
        (date(2023, 11, 24), "2023-11-24"),
        (datetime(2023, 11, 24, 23, 30, tzinfo=UTC), "2023-11-24T23:30:00+00:00"),
        (b"2023-11-24", ""),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_une_valeur_de_base_se_dit_en_texte(valeur, attendu):
    assert texte_de(valeur) == attendu
