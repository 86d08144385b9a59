"""Le premier regard : ce qu'il reconnaît de chaque colonne, ce qu'il propose, ce qu'il laisse choisir, et ce qu'il tait."""

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.apercu import ESSAIS, Apercu, dite, forme, relue
from conservation.dates_ecrites import Format

LE = date(2026, 11, 26)


def colonne(*textes):
    apercu = Apercu(["quand"], LE)
    for texte in textes:
        apercu.voir([texte])
    (vue,) = apercu.colonnes()
    return vue


def test_une_colonne_de_dates_dit_ses_parts_ses_bornes_et_ses_doutes():
    vue = colonne(
        "2020-01-02", "1970-01-01", "2027-01-01", "", "NULL", "0000-00-00", "24/12/2021", "2021-13-45"
    )
    assert (vue.remplies, vue.vides, vue.nulles, vue.illisibles, vue.lues) == (5, 2, 1, 1, 4)
    iso, barres = vue.formats
    assert (iso.format, iso.lus, iso.en_1970, iso.futures) == (Format.ISO, 3, 1, 1)
    assert (iso.plus_ancienne, iso.plus_recente) == (date(1970, 1, 1), date(2027, 1, 1))
    assert (barres.format, barres.lus) == (Format.JOUR_MOIS, 1)
    assert vue.formes == (("9999-99-99", 1),)
    assert vue.proposee.codes == ["aaaa-mm-jj", "jj/mm/aaaa"]
    assert vue.certaine is None  # une valeur y reste illisible


@pytest.mark.parametrize(
    ("textes", "propose"),
    [
        (["03/04/2020", "12/11/2020"], None),
        (["03/04/2020", "13/11/2020"], ["jj/mm/aaaa"]),
        (["03/04/2020", "11/13/2020"], ["mm/jj/aaaa"]),
        (["13/04/2020", "11/13/2020"], None),
        (["24.11.2023", "2023-11-24"], ["aaaa-mm-jj", "jj.mm.aaaa"]),
        (["12 janv. 2024", "3 décembre 2023 18:30"], ["mois-en-lettres"]),
        (["20231124", "20240101"], ["aaaammjj"]),
        (["1700866799", "1600000000"], ["epoch-s"]),
        (["1700866799000", "0"], ["epoch-ms"]),
        (["1700866799", "1700866799000"], None),  # ni l'un ni l'autre ne lit tout
        (["45254", "45255"], None),  # peut-être des codes postaux
        (["24/11/23", "25/11/23"], None),
        (["Dupont", "Martin"], None),
        ([""], None),
    ],
)
def test_ne_se_propose_que_ce_qui_ne_suppose_rien(textes, propose):
    vue = colonne(*textes)
    assert (vue.proposee.codes if vue.proposee else None) == propose
    assert bool(vue.a_choisir) is (propose is None and bool(vue.formats))


def test_une_colonne_douteuse_se_dit_et_montre_les_deux_lectures():
    vue = colonne("03/04/2020", "05/04/2020")
    assert "aussi bien JJ/MM/AAAA que MM/JJ/AAAA" in vue.a_choisir
    assert {(f.format, f.lus) for f in vue.formats} == {(Format.JOUR_MOIS, 2), (Format.MOIS_JOUR, 2)}
    assert {f.plus_recente for f in vue.formats} == {date(2020, 4, 5), date(2020, 5, 4)}


def test_un_numero_hors_des_dates_plausibles_n_en_est_pas_une():
    assert colonne("12", "512", "75011", "331234567", "20991399").formats == ()


def test_une_colonne_sans_date_s_abandonne_et_le_dit():
    juste = colonne(*(["x1"] * ESSAIS), "2024-01-01")
    assert (juste.abandonnee, juste.remplies, juste.certaine) == (True, ESSAIS, None)
    avant = colonne(*(["x1"] * (ESSAIS - 1)), "2024-01-01", "x1")
    assert (avant.abandonnee, avant.lues) == (False, 1)


def test_une_ligne_courte_a_des_cases_vides_et_une_longue_ne_deborde_pas():
    apercu = Apercu(["a", "b"], LE)
    apercu.voir(["2024-01-01"])
    apercu.voir(["2024-01-01", "2024-01-01", "de trop"])
    assert [(c.nom, c.vides, c.lues) for c in apercu.colonnes()] == [("a", 0, 2), ("b", 1, 1)]
    assert apercu.lignes == 2


@pytest.mark.parametrize(
    ("texte", "attendue"),
    [
        ("2023-13-45", "9999-99-99"),
        ("Dupont", "A…"),
        ("camille.dupont@exemple.fr", "a….a…@a….aa"),
        ("12 rue des Lilas", "99 a… a… A…"),
        ("06 12 34 56 78", "99 99 99 99 99"),
        ("9" * 30, "9…"),
        ("é\u202e€", "a??"),
    ],
)
def test_une_valeur_ne_se_dit_que_par_sa_forme(texte, attendue):
    assert forme(texte) == attendue


@given(st.text())
def test_aucune_lettre_ni_aucun_chiffre_d_une_valeur_ne_passe_dans_sa_forme(texte):
    vue = forme(texte)
    assert re.fullmatch(r"[Aa9…?\x20-/:-@\[-`{-~]*", vue)
    assert len(vue) <= 64


def test_les_formes_tenues_sont_bornees():
    vue = colonne(*("," * n + "a1" for n in range(1, 500)))
    assert len(vue.formes) == 6 and vue.formes[-1][0] == "…"
    assert sum(n for _, n in vue.formes) == 499


@given(
    st.lists(
        st.one_of(st.dates().map(str), st.text(max_size=12), st.integers(0, 2 * 10**9).map(str)), max_size=30
    )
)
def test_tout_se_compte_une_fois_et_l_apercu_traverse_un_processus(textes):
    vue = colonne(*textes)
    assert vue.remplies + vue.vides + vue.nulles == len(textes)
    assert 0 <= vue.illisibles <= vue.remplies
    apercu = Apercu(["quand"], LE + timedelta(days=1))
    for texte in textes:
        apercu.voir([texte])
    assert [
        relue(d) for d in json.loads(json.dumps([dite(v) for v in apercu.colonnes()]))
    ] == apercu.colonnes()
