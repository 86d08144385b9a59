"""Une fiche d'avant, une catégorie par ligne : ce qui se réunit, ce qui reste à part."""

import pytest

from conservation.ensembles import en_categorie_seule, en_ensembles, reunir

TROIS_ANS = {"phase": "base_active", "duree_valeur": 3, "duree_unite": "ans", "point_depart": "FIN_CONTRAT"}
ARCHIVE = {"phase": "archivage_intermediaire", "duree_valeur": 5, "duree_unite": "ans"}


def fiche(*lignes, **autres):
    return {"conservations": [{"numero": n, **k} for n, k in enumerate(lignes, 1)], **autres}


def reunies(*lignes, **autres) -> dict[int, list[str]]:
    return {k["numero"]: k["categories"] for k in reunir(fiche(*lignes, **autres))[0]["conservations"]}


def duree(categorie, **champs):
    return {"categorie": categorie, **TROIS_ANS, **champs}


def test_les_lignes_identiques_n_en_font_qu_une():
    lue, renvois = reunir(fiche(duree("COORDONNEES"), duree("PROFILS", duree_valeur=1), duree("ACHATS")))
    assert [(k["numero"], k["categories"]) for k in lue["conservations"]] == [(1, ["ACHATS", "COORDONNEES"]), (2, ["PROFILS"])]  # fmt: skip
    assert renvois == {3: 1}
    assert all("categorie" not in k for k in lue["conservations"])


def test_deux_categories_ne_se_reunissent_que_si_tout_leur_cycle_est_le_meme():
    assert reunies(duree("A"), duree("A", **ARCHIVE), duree("B"), duree("B", **ARCHIVE)) == {
        1: ["A", "B"],
        2: ["A", "B"],
    }
    assert reunies(duree("A"), duree("A", **ARCHIVE), duree("B")) == {1: ["A"], 2: ["A"], 3: ["B"]}
    assert reunies(duree("A"), duree("A", **ARCHIVE), duree("B"), duree("B", **ARCHIVE, source="C. com.")) == {
        1: ["A"], 2: ["A"], 3: ["B"], 4: ["B"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "autre",
    [
        {"objet": "factures"},
        {"sort_final": "suppression"},
        {"appliquee": "non"},
        {"appliquee_precisions": "Script"},
        {"derniere_purge": "2026-10-12"},
        {"suspension_debut": "2026-01-01"},
        {"texte_origine": "trois ans"},
        {"acces_restreint": False},
    ],
)
def test_une_ligne_qui_dit_autre_chose_reste_a_part(autre):
    assert reunies(duree("A"), duree("B", **autre)) == {1: ["A"], 2: ["B"]}


def test_une_ligne_sans_categorie_ou_dont_un_ecart_parle_reste_a_part():
    assert reunies(duree(None), duree("A"), duree("B")) == {1: [], 2: ["A", "B"]}
    ecarts = [{"chemin": "conservations[2].appliquee"}]
    assert reunies(duree("A"), duree("B"), duree("C"), ecarts=ecarts) == {1: ["A", "C"], 2: ["B"]}
    # L'écart de la ligne 12 ne parle pas de la ligne 1.
    assert reunies(duree("A"), duree("B"), ecarts=[{"chemin": "conservations[12].appliquee"}]) == {
        1: ["A", "B"]
    }


def test_un_champ_vide_et_un_champ_absent_disent_la_meme_chose():
    assert reunies(duree("A", source="", critere=None), duree("B")) == {1: ["A", "B"]}


def test_une_fiche_d_aujourd_hui_ou_mal_formee_reste_telle_quelle():
    for telle in (
        fiche({"categories": ["A"], **TROIS_ANS}, {"categories": ["B"], **TROIS_ANS}),
        {"conservations": "trois ans"},
        {"conservations": [3]},
        {"conservations": [{"categorie": "A"}]},
        {"conservations": [duree(["A"], numero=1)]},
        {"conservations": [duree("A", numero=1)], "ecarts": [3]},
        {"conservations": [duree("A", numero=1), duree("B", numero=1)]},
        {},
    ):
        assert reunir(telle) == (telle, {})
    une = reunir(fiche(duree("A"), duree("B")))[0]
    assert reunir(une) == (une, {})


def test_un_element_seul_se_relit_et_garde_l_empreinte_de_ses_ecarts():
    assert en_ensembles({"categorie": "A", "numero": 1}) == {"categories": ["A"], "numero": 1}
    assert en_ensembles({"categorie": None}) == {"categories": []}
    deux_cles = {"categorie": "A", "categories": ["B"]}
    assert en_ensembles(deux_cles) == deux_cles
    for ancienne in ({"categorie": "A", "objet": ""}, {"categorie": None}):
        assert en_categorie_seule(en_ensembles(ancienne)) == ancienne
    assert en_categorie_seule({"categories": ["A", "B"]}) == {"categories": ["A", "B"]}
