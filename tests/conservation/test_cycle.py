"""Le cycle d'une donnée : quelles durées d'une fiche se suivent, et lesquelles vont seules."""

import pytest

from conservation.cycle import cycles, d_archivage

ACTIVE = {"categories": ["COMMANDES"], "phase": "base_active", "duree_valeur": 3, "duree_unite": "ans"}
ARCHIVE = {**ACTIVE, "phase": "archivage_intermediaire", "duree_valeur": 10}


def test_la_base_active_precede_l_archivage_des_memes_donnees_quel_que_soit_leur_ordre():
    assert cycles([ACTIVE, ARCHIVE]) == cycles([ARCHIVE, ACTIVE]) == [(ACTIVE, ARCHIVE)]


@pytest.mark.parametrize(
    "autre",
    [
        {"categories": ["CONTACTS"]},
        {"objet": "factures"},
        {"categories": []},
        {"categories": ["COMMANDES", "CONTACTS"]},
    ],
)
def test_deux_durees_d_autres_donnees_ne_se_suivent_pas(autre):
    archive = {**ARCHIVE, **autre}
    assert cycles([ACTIVE, archive]) == [(ACTIVE,), (archive,)]


def test_un_objet_se_compare_sans_casse_ni_blancs():
    active, archive = {**ACTIVE, "objet": " Factures "}, {**ARCHIVE, "objet": "factures"}
    assert cycles([active, archive]) == [(active, archive)]


@pytest.mark.parametrize("regles", [[ACTIVE, ACTIVE], [ARCHIVE, ARCHIVE], [ACTIVE, ARCHIVE, ARCHIVE]])
def test_plusieurs_durees_d_une_meme_phase_ne_se_suivent_pas(regles):
    assert cycles(regles) == [(r,) for r in regles]


def test_une_ligne_sans_duree_ni_critere_n_a_pas_de_cycle():
    vide, critere = (
        {**ARCHIVE, "duree_valeur": None},
        {**ARCHIVE, "duree_valeur": None, "critere": "fin du litige"},
    )
    assert cycles([ACTIVE, vide]) == [(ACTIVE,)]
    assert cycles([ACTIVE, critere]) == [(ACTIVE, critere)]


def test_une_phase_non_dite_est_celle_de_la_base_active():
    assert [d_archivage(r) for r in (ACTIVE, ARCHIVE, {"phase": ""}, {})] == [False, True, False, False]
