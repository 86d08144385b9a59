"""Lire une fiche sans jamais tomber : un texte, des codes, une date, ou rien."""

from datetime import date

import pytest

from droit.faits import codes, jour, texte, une_fois
from exemples_faits import JOUR, avec, faits


@pytest.mark.parametrize(
    ("valeur", "lu"), [(" deux mots ", "deux mots"), ("", ""), (None, ""), (3, ""), (("a",), ""), (True, "")]
)
def test_un_texte_se_lit_sans_ses_blancs(valeur, lu):
    assert texte({"champ": valeur}, "champ") == lu
    assert texte({}, "champ") == ""


@pytest.mark.parametrize(
    ("valeur", "lus"), [(("B", "A"), ("B", "A")), (("A", 3, None), ("A",)), ("A", ()), (None, ()), (7, ())]
)
def test_des_codes_se_lisent_dans_leur_ordre(valeur, lus):
    assert codes({"champ": valeur}, "champ") == lus


@pytest.mark.parametrize(
    ("valeur", "lue"),
    [
        ("2026-08-11", date(2026, 8, 11)),
        ("pas une date", None),
        ("2026-02-30", None),
        ("", None),
        (None, None),
    ],
)
def test_une_date_illisible_ne_se_lit_pas(valeur, lue):
    assert jour({"champ": valeur}, "champ") == lue


@pytest.mark.parametrize(
    ("fiche", "actif"),
    [
        ({"statut": "validee"}, True),
        ({"date_mise_en_oeuvre": "2026-11-24"}, True),
        ({"date_mise_en_oeuvre": "2026-11-25"}, False),
        ({"date_mise_en_oeuvre": "pas une date"}, False),
        ({}, False),
    ],
)
def test_un_traitement_est_en_service_quand_sa_fiche_vaut_ou_qu_il_a_commence(fiche, actif):
    assert faits(**fiche).actif(JOUR) is actif


def test_un_code_illisible_ne_cite_rien():
    lus = faits(**avec("donnees", categorie={"code": "SANTE"}, tiers=["routeur"]))
    (donnee,) = lus.liste("donnees")
    assert lus.categorie(donnee) == {} and lus.tiers(donnee) == {}


def test_les_libelles_se_citent_une_fois_chacun():
    assert faits().citer("droits", ["ACCES", "RETRAIT", "ACCES"]) == "« Accès », « Retrait du consentement »"
    assert faits().citer("droits", ["INCONNU"]) == "« INCONNU »"


def test_une_lecture_ne_se_fait_qu_une_fois_par_fiche_et_par_question():
    demandes = []

    @une_fois
    def lire(lus, mot):
        demandes.append(mot)
        return f"{lus.fiche['reference']} {mot}"

    une, autre = faits(reference="TR-1"), faits(reference="TR-2")
    assert [lire(une, "a"), lire(une, "a"), lire(une, "b"), lire(autre, "a")] == [
        "TR-1 a",
        "TR-1 a",
        "TR-1 b",
        "TR-2 a",
    ]
    assert demandes == ["a", "b", "a"]


def test_tous_les_textes_se_lisent_d_un_bloc_en_minuscules():
    assert "livrer les commandes" in faits().en_minuscules.split("\n")
