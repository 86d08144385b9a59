"""Le chemin d'un champ : lu d'une seule façon, écrit comme il a été lu."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitements.chemins import Chemin


@pytest.mark.parametrize(
    ("ecrit", "lu", "objet", "element", "ancre"),
    [
        ("finalites[2].base_legale", ("finalites", 2, "base_legale"), "finalites[2]", "finalites[2]", "id_finalites-2-base_legale"),
        ("finalites[12]", ("finalites", 12, ""), "finalites[12]", "finalites[12]", "finalites-12"),
        ("aipd.date", ("aipd", None, "date"), "aipd", "aipd.date", "id_aipd-date"),
        ("organisme.adresse", ("organisme", None, "adresse"), "organisme", "organisme.adresse", "id_adresse"),
        ("intitule", ("intitule", None, ""), "intitule", "intitule", "id_intitule"),
    ],
)  # fmt: skip
def test_un_chemin_dit_sa_liste_son_numero_et_son_champ(ecrit, lu, objet, element, ancre):
    chemin = Chemin.lire(ecrit)
    assert (chemin.tete, chemin.numero, chemin.champ) == lu
    assert (chemin.objet, chemin.element, chemin.ancre) == (objet, element, ancre)
    assert str(chemin) == ecrit


def test_seul_un_champ_de_l_organisme_est_de_l_organisme():
    assert Chemin.lire("organisme.adresse").de_l_organisme
    assert not Chemin.lire("organisme").de_l_organisme
    assert not Chemin.lire("organismes.adresse").de_l_organisme


def test_un_chemin_dans_un_autre_se_lit_a_son_tour():
    dehors = Chemin.lire("contenu.finalites[2].libelle")
    assert dehors.tete == "contenu" and Chemin.lire(dehors.champ) == Chemin("finalites", 2, "libelle")


@given(st.text())
def test_aucun_texte_ne_fait_echouer_la_lecture(ecrit):
    lu = Chemin.lire(ecrit)
    assert lu.ancre
    assert lu.numero is None or lu.element == lu.objet


@given(
    st.from_regex(r"[a-z_]+", fullmatch=True),
    st.integers(0, 99999),
    st.from_regex(r"[a-z_]*", fullmatch=True),
)
def test_ce_qui_s_ecrit_se_relit(tete, numero, champ):
    assert Chemin.lire(str(Chemin(tete, numero, champ))) == Chemin(tete, numero, champ)
