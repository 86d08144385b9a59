"""Infractions, numéro de sécurité sociale, textes libres, ce qui ne se garde pas : règles SEN hors de l'article 9."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle, phrases

SCORE = {"niveau": "score", "sensible": False}


def donnee(categorie, **champs):
    return avec("donnees", categorie=categorie, **champs)


def conservation(categorie, **champs):
    return avec("conservations", categories=["TRANSACTIONS", categorie], **champs)


def profil(**champs):
    return {"profilage": SCORE | champs}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("SEN-04", donnee("INFRACTIONS", justification_art10=" "), ["donnees[1].justification_art10"]),
        ("SEN-05", donnee("NIR"), ["donnees[1].categorie"]),
        (
            "SEN-05",
            donnee("NIR") | {"famille": "autre", "modele": "GESTION_CLIENTS"},
            ["donnees[1].categorie"],
        ),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=None), ["profilage.sensible"]),
        ("SEN-06", donnee("NAVIGATION") | {"profilage": {"plateforme_tierce": True}}, ["profilage.sensible"]),
        ("SEN-05", donnee("NIR") | {"famille": "autre", "modele": ""}, ["donnees[1].categorie"]),
        ("SEN-05", donnee("NIR") | {"famille": None, "modele": None}, ["donnees[1].categorie"]),
        ("SEN-07", {"champs_libres": True}, ["champs_libres_mesure"]),
        ("SEN-07", {"champs_libres": True, "champs_libres_mesure": " "}, ["champs_libres_mesure"]),
        ("SEN-07", {"champs_libres": None}, ["champs_libres"]),
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
        ("SEN-04", donnee("INFRACTIONS", justification_art10="Contentieux en cours, LIL art. 46.")),
        ("SEN-04", donnee("SANTE")),
        ("SEN-05", donnee("ETAT_CIVIL")),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=False)),
        ("SEN-06", donnee("TRANSACTIONS") | profil(sensible=True)),
        ("SEN-06", donnee("COORDONNEES") | profil(sensible=None)),
        ("SEN-06", donnee("TRANSACTIONS") | {"profilage": None}),
        ("SEN-07", {"champs_libres": True, "champs_libres_mesure": "Avertissement sous la zone."}),
        ("SEN-07", {"champs_libres": False}),
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


def test_la_phrase_nomme_les_donnees_revelatrices_une_fois_chacune():
    lignes = [
        {"numero": n, "categorie": c} for n, c in enumerate(("TRANSACTIONS", "NAVIGATION", "TRANSACTIONS"), 1)
    ]
    phrase = phrases("SEN-06", faits(donnees=lignes, **profil(sensible=None)))
    assert phrase.count("« Transactions et achats »") == 1
    assert "« Internet : traceurs et navigation »" in phrase


@pytest.mark.parametrize(
    ("texte_legal", "gravite"),
    [
        ("", Gravite.BLOQUANT),
        ("Statuts de la société", Gravite.ALERTE),
        ("C. com. art. L123-22", Gravite.ALERTE),
        ("Code de la sécurité sociale, art. L133-5-3", None),
        ("CSS art. R115-1", None),
        ("Décret n° 2019-341, art. 2", None),
        ("Code du travail, art. L1221-10", None),
        ("Code de la santé publique, art. L1111-8-1", None),
    ],
)
def test_le_numero_de_securite_sociale_suppose_un_texte(texte_legal, gravite):
    """Quelle que soit la famille de la fiche : la paie d'une boutique le traite, son fichier de clients jamais."""
    fiche = donnee("NIR") | avec("finalites", base_legale="OBLIGATION_LEGALE", texte_legal=texte_legal)
    constats = [c for c in controler(faits(famille="autre", **fiche), JOUR) if c.code == "SEN-05"]
    assert [(c.gravite, c.ecartable) for c in constats] == ([(gravite, True)] if gravite else [])


@pytest.mark.parametrize(
    ("organisme", "categorie", "gravite"),
    [
        ({}, "CLIENTS", Gravite.BLOQUANT),
        ({}, "SALARIES", Gravite.ALERTE),
        ({"secteur": "SANTE"}, "CLIENTS", Gravite.ALERTE),
    ],
)
def test_la_paie_et_les_soins_ont_leurs_cas_et_les_citent(organisme, categorie, gravite):
    lus = faits(organisme, **donnee("NIR"), personnes=[{"numero": 1, "categorie": categorie}])
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "SEN-05"] == [gravite]


def test_le_texte_d_une_finalite_ne_vaut_pas_pour_le_numero_qui_en_sert_une_autre():
    paie = {
        "numero": 1,
        "libelle": "Tenir la paie",
        "type": "autre",
        "texte_legal": "CSS art. L133-5-3",
        "canaux": [],
    }
    carte = {"numero": 2, "libelle": "Offrir la carte de fidélité", "type": "execution", "canaux": []}
    donnees = [{"numero": n, "categorie": "NIR", "finalites": [n]} for n in (1, 2)]
    assert ou_parle("SEN-05", faits(finalites=[paie, carte], donnees=donnees)) == ["donnees[2].categorie"]


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


@pytest.mark.parametrize(
    ("titre", "gravite"),
    [
        ("", Gravite.BLOQUANT),
        ("Liste interne des clients indélicats", Gravite.ALERTE),
        ("Prévention de la fraude", Gravite.ALERTE),
        ("Contentieux en cours", None),
        ("Plainte déposée après un vol", None),
        ("Action en justice en préparation", None),
        ("LIL art. 46, 3°", None),
        ("Code de l'action sociale, art. L133-6", None),
    ],
)
def test_le_titre_qui_permet_de_traiter_des_infractions_se_reconnait(titre, gravite):
    lus = faits(**donnee("INFRACTIONS", justification_art10=titre))
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "SEN-04"] == ([gravite] if gravite else [])
