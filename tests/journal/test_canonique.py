"""La forme canonique : les mêmes données, les mêmes octets ; et ce qui en a changé, chemin par chemin."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.canonique import canonique, differences, empreinte


def test_les_differences_suivent_les_numeros():
    avant = {"finalites": [{"numero": 1, "libelle": "A"}, {"numero": 2, "libelle": "B"}], "codes": ["x"]}
    apres = {
        "finalites": [{"numero": 2, "libelle": "B2"}, {"numero": 3, "libelle": "C"}],
        "codes": ["x", "y"],
    }
    lues = [(c["chemin"], c["avant"], c["apres"]) for c in differences(avant, apres)]
    assert lues == [
        ("finalites[1]", {"numero": 1, "libelle": "A"}, None),
        ("finalites[2].libelle", "B", "B2"),
        ("finalites[3]", None, {"numero": 3, "libelle": "C"}),
        ("codes", ["x"], ["x", "y"]),
    ]


TEXTES = st.text(max_size=6)
valeurs = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTES,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(TEXTES, v, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(TEXTES, valeurs, max_size=4))
def test_la_forme_canonique_ne_depend_pas_de_l_ordre(donnees):
    renverse = dict(reversed(donnees.items()))
    assert canonique(donnees) == canonique(renverse)
    assert canonique(json.loads(canonique(donnees))) == canonique(donnees)
    assert len(empreinte(canonique(donnees))) == 64


def test_un_nombre_a_virgule_n_a_pas_de_forme_canonique():
    with pytest.raises(TypeError):
        canonique({"x": 1.5})
