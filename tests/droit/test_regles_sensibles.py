"""Article 9, infractions, numéro de sécurité sociale, textes libres : chaque règle SEN, de part et d'autre."""

import pytest

from droit.regles import controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

SCORE = {"niveau": "score", "sensible": False}
EXPLICITE = {
    "finalites": [{**SAINE["finalites"][0], "base_legale": "CONSENTEMENT", "consentement_explicite": True}]
}


def donnee(categorie, **champs):
    return avec("donnees", categorie=categorie, **champs)


def conservation(categorie, **champs):
    return avec("conservations", categories=["TRANSACTIONS", categorie], **champs)


def profil(**champs):
    return {"profilage": SCORE | champs}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("SEN-01", donnee("SANTE"), ["donnees[1].exception_art9"]),
        ("SEN-01", donnee("VIE_SEXUELLE", exception_art9=""), ["donnees[1].exception_art9"]),
        ("SEN-02", donnee("SANTE") | profil(), ["donnees[1].exception_art9"]),
        (
            "SEN-02",
            donnee("SANTE", exception_art9="ART9_E") | EXPLICITE | profil(),
            ["donnees[1].exception_art9"],
        ),
        ("SEN-02", donnee("SANTE", exception_art9="ART9_A") | profil(), ["donnees[1].exception_art9"]),
        ("SEN-02", profil(sensible=True), ["profilage.sensible"]),
        (
            "SEN-02",
            donnee("SANTE") | {"profilage": {"recommandation": True, "sensible": True}},
            ["donnees[1].exception_art9", "profilage.sensible"],
        ),
        ("SEN-03", donnee("SANTE", exception_art9="ART9_A"), ["donnees[1].exception_art9"]),
        (
            "SEN-03",
            donnee("SANTE", exception_art9="ART9_A")
            | avec("finalites", base_legale="CONSENTEMENT", consentement_explicite=None),
            ["donnees[1].exception_art9"],
        ),
        (
            "SEN-03",
            donnee("SANTE", exception_art9="ART9_A")
            | avec("finalites", base_legale="CONTRAT", consentement_explicite=True),
            ["donnees[1].exception_art9"],
        ),
        ("SEN-04", donnee("INFRACTIONS", justification_art10=" "), ["donnees[1].justification_art10"]),
        ("SEN-05", donnee("NIR"), ["donnees[1].categorie"]),
        (
            "SEN-05",
            donnee("NIR") | {"famille": "autre", "modele": "GESTION_CLIENTS"},
            ["donnees[1].categorie"],
        ),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=None), ["profilage.sensible"]),
        ("SEN-06", donnee("NAVIGATION") | {"profilage": {"plateforme_tierce": True}}, ["profilage.sensible"]),
        ("SEN-07", {"champs_libres": True}, ["champs_libres_mesure"]),
        (
            "SEN-08",
            conservation("CRYPTOGRAMME", duree_valeur=1, duree_unite="jours"),
            ["conservations[1].duree_valeur"],
        ),
        (
            "SEN-08",
            conservation("CRYPTOGRAMME", duree_valeur=0, phase="archivage_intermediaire"),
            ["conservations[1].phase"],
        ),
        (
            "SEN-09",
            conservation("PIECE_IDENTITE", duree_valeur=1, duree_unite="jours"),
            ["conservations[1].duree_valeur"],
        ),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("SEN-01", donnee("SANTE", exception_art9="ART9_F")),
        ("SEN-01", donnee("MOYENS_PAIEMENT")),
        ("SEN-01", donnee("NIR")),
        ("SEN-02", donnee("SANTE", exception_art9="ART9_F")),
        ("SEN-02", donnee("SANTE", exception_art9="ART9_A") | EXPLICITE | profil(sensible=True)),
        ("SEN-02", profil(sensible=None)),
        ("SEN-02", {"profilage": {"niveau": "aucun", "sensible": True}}),
        ("SEN-03", donnee("SANTE", exception_art9="ART9_A") | EXPLICITE),
        ("SEN-03", donnee("SANTE", exception_art9="ART9_F")),
        ("SEN-04", donnee("INFRACTIONS", justification_art10="Contentieux en cours, LIL art. 46.")),
        ("SEN-04", donnee("SANTE")),
        ("SEN-05", donnee("NIR") | {"famille": "autre", "modele": ""}),
        ("SEN-05", donnee("NIR") | {"famille": None, "modele": None}),
        ("SEN-05", donnee("ETAT_CIVIL")),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=False)),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=True)),
        ("SEN-06", donnee("COORDONNEES") | profil(sensible=None)),
        ("SEN-06", donnee("TRANSACTIONS") | {"profilage": None}),
        ("SEN-07", {"champs_libres": True, "champs_libres_mesure": "Avertissement sous la zone."}),
        ("SEN-07", {"champs_libres": None}),
        ("SEN-08", conservation("CRYPTOGRAMME", duree_valeur=0)),
        ("SEN-08", conservation("CRYPTOGRAMME", duree_valeur=None)),
        ("SEN-08", conservation("CARTE_BANCAIRE", duree_valeur=13, duree_unite="mois")),
        ("SEN-09", conservation("PIECE_IDENTITE", duree_valeur=0)),
        (
            "SEN-09",
            conservation(
                "PIECE_IDENTITE", duree_valeur=1, justification_ecart="Litige d'usurpation en cours."
            ),
        ),
        ("SEN-09", conservation("ETAT_CIVIL", duree_valeur=3)),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


def test_sur_la_meme_donnee_le_profilage_sensible_fait_taire_l_exception_manquante():
    codes = {c.code for c in controler(faits(**donnee("SANTE"), **profil()), JOUR)}
    assert "SEN-02" in codes and "SEN-01" not in codes


def test_la_phrase_nomme_les_donnees_revelatrices_une_fois_chacune():
    lignes = [
        {"numero": n, "categorie": c} for n, c in enumerate(("TRANSACTIONS", "NAVIGATION", "TRANSACTIONS"), 1)
    ]
    phrase = phrases("SEN-06", faits(donnees=lignes, **profil(sensible=None)))
    assert phrase.count("« Transactions et achats »") == 1
    assert "« Internet : traceurs et navigation »" in phrase


def test_la_phrase_dit_si_le_consentement_explicite_manque_a_la_donnee_ou_a_la_fiche():
    assert "invoquez" in phrases("SEN-02", faits(**donnee("SANTE"), **profil()))
    assert "aucune finalité" in phrases(
        "SEN-02", faits(**donnee("SANTE", exception_art9="ART9_A"), **profil())
    )


@pytest.mark.parametrize(("code", "categorie"), [("SEN-08", "CRYPTOGRAMME"), ("SEN-09", "PIECE_IDENTITE")])
def test_une_duree_de_toutes_les_donnees_les_vise_aussi(code, categorie):
    """Sauf si la fiche leur donne une durée à elles."""
    donnees = [{"numero": 1, "categorie": "COORDONNEES"}, {"numero": 2, "categorie": categorie}]
    generale = {"numero": 1, "categories": [], "duree_valeur": 3, "duree_unite": "ans"}
    assert ou_parle(code, faits(donnees=donnees, conservations=[generale])) == [
        "conservations[1].duree_valeur"
    ]
    sienne = {"numero": 2, "categories": [categorie], "duree_valeur": 0, "duree_unite": "jours"}
    assert ou_parle(code, faits(donnees=donnees, conservations=[generale, sienne])) == []
