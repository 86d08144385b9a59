"""Les règles de sécurité : chiffrement des données à risque, socle minimal."""

import pytest

from exemples_faits import ORGANISME, avec, faits, ou_parle, phrases

SANS_CHIFFREMENT = {"mesures": [m for m in ORGANISME["mesures"] if m["fiche"] != "SEC21"]}
SEC21 = [{"numero": 1, "fiche": "SEC21"}]


# --- SCU-01 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "categorie", ["CARTE_BANCAIRE", "MOYENS_PAIEMENT", "PIECE_IDENTITE", "SANTE", "SYNDICAT", "NIR"]
)
def test_des_donnees_a_risque_sans_chiffrement_sont_signalees(categorie):
    lus = faits(SANS_CHIFFREMENT, **avec("donnees", categorie=categorie))
    assert ou_parle("SCU-01", lus) == ["mesures"]
    assert lus.reperes.libelle("categories_donnees", categorie) in phrases("SCU-01", lus)


@pytest.mark.parametrize(
    "categorie", ["COORDONNEES", "TRANSACTIONS", "INFRACTIONS", None, "CATEGORIE_INCONNUE"]
)
def test_d_autres_donnees_ne_le_sont_pas(categorie):
    assert ou_parle("SCU-01", faits(SANS_CHIFFREMENT, **avec("donnees", categorie=categorie))) == []


@pytest.mark.parametrize(
    ("organisme", "fiche", "parle"),
    [
        ({}, {"securite_heritee": True}, False),  # le chiffrement de l'organisme
        ({}, {"securite_heritee": False}, True),
        ({}, {"securite_heritee": None}, True),
        (SANS_CHIFFREMENT, {"mesures": SEC21}, False),  # celui de la fiche
    ],
)
def test_le_chiffrement_se_declare_dans_la_fiche_ou_s_herite(organisme, fiche, parle):
    lus = faits(organisme, **avec("donnees", categorie="MOYENS_PAIEMENT"), **fiche)
    assert ou_parle("SCU-01", lus) == (["mesures"] if parle else [])


# --- SCU-02 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("absente", "libelle"),
    [
        ("SEC04", "Authentifier les utilisateurs"),
        ("SEC05", "Gérer les habilitations"),
        ("SEC16", "Tracer les opérations"),
        ("SEC17", "Sauvegarder"),
    ],
)
def test_chaque_mesure_du_socle_manque_par_son_nom(absente, libelle):
    lus = faits({"mesures": [m for m in ORGANISME["mesures"] if m["fiche"] != absente]})
    assert ou_parle("SCU-02", lus) == ["mesures"]
    assert f"« {libelle} »" in phrases("SCU-02", lus)


def test_le_socle_complet_ne_se_signale_pas():
    assert ou_parle("SCU-02", faits()) == []


def test_le_socle_se_conseille_aussi_au_sous_traitant():
    lus = faits(qualite="sous-traitant", securite_heritee=False)
    assert ou_parle("SCU-02", lus) == ["mesures"]
    assert (
        ou_parle(
            "SCU-01",
            faits(qualite="sous-traitant", securite_heritee=False, **avec("donnees", categorie="SANTE")),
        )
        == []
    )
