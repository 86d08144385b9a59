"""Quand un champ se montre : une condition, deux à la fois, ou l'une des deux."""

import pytest

from registre.fiche.listes import CONSENTEMENT, FINALITES
from registre.fiche.plan import Si
from registre.portes.gestion.blocs import attributs

OU = Si("base_legale", ("CONSENTEMENT",), ou=Si("consentement_explicite", (True,)))
ET = Si("canaux", ("EMAIL_B2C", "SMS_B2C"), et=Si("base_legale", ("INTERET_LEGITIME",)))


@pytest.mark.parametrize(
    ("element", "vaut"),
    [
        ({"base_legale": "CONSENTEMENT"}, True),
        ({"base_legale": "CONTRAT", "consentement_explicite": True}, True),
        ({"base_legale": "CONTRAT", "consentement_explicite": False}, False),
        ({"base_legale": "CONTRAT", "consentement_explicite": None}, False),
        ({}, False),
    ],
)
def test_l_une_des_deux_conditions_suffit(element, vaut):
    assert OU.vaut(element) is vaut


def test_le_navigateur_lit_les_memes_conditions():
    """Une espace sépare ce qui vaut ensemble, une barre oblique ce dont une part suffit."""
    assert attributs(OU, lambda nom: f"f-1-{nom}") == {
        "champs": "f-1-base_legale/f-1-consentement_explicite",
        "valeurs": "CONSENTEMENT/true",
    }
    assert attributs(ET) == {"champs": "canaux base_legale", "valeurs": "EMAIL_B2C SMS_B2C|INTERET_LEGITIME"}


def champ(nom):
    return next(c for c in FINALITES.champs if c.nom == nom)


@pytest.mark.parametrize("nom", ["recueil", "preuve", "retrait", "texte_version", "precoche", "conditionne"])
def test_ce_qui_decrit_un_consentement_suit_aussi_l_exception_de_l_article_9(nom):
    assert champ(f"consentement_{nom}").si == CONSENTEMENT
    assert CONSENTEMENT.vaut({"base_legale": "CONTRAT", "consentement_explicite": True})


@pytest.mark.parametrize("base", ["CONTRAT", "OBLIGATION_LEGALE", "INTERET_LEGITIME", "CONSENTEMENT"])
def test_l_accord_explicite_se_demande_sous_toute_base_et_ne_se_lit_vide_que_sous_le_consentement(base):
    explicite = champ("consentement_explicite")
    assert explicite.demande.vaut({"base_legale": base})
    assert explicite.si.vaut({"base_legale": base}) is (base == "CONSENTEMENT")
