"""Bases légales, consentement et droits annoncés : chaque règle BAS, de part et d'autre de sa condition."""

import pytest

from droit.faits import Faits
from droit.regles import Gravite, controler
from exemples_faits import JOUR, ORGANISME, SAINE, avec, faits, ou_parle, phrases

CONSENTI = {
    "base_legale": "CONSENTEMENT",
    "consentement_preuve": "Horodatage et texte présenté.",
    "consentement_retrait": "Lien dans chaque message.",
    "consentement_texte_version": "Texte C-4 du 12 janvier 2026",
    "consentement_precoche": False,
    "consentement_conditionne": False,
}
MINEURS = {"personnes": [{"numero": 1, "categorie": "MINEURS"}]}
COMMUNS = ["ACCES", "EFFACEMENT", "LIMITATION", "RECTIFICATION"]


def finalite(**champs):
    return avec("finalites", **champs)


def consentie(**champs):
    return finalite(**CONSENTI | champs)


def annonce(base, *droits, **champs):
    """Une finalité sur cette base, et une information qui annonce ces droits."""
    information = {**SAINE["information"], "droits": list(droits)}
    return finalite(base_legale=base, **champs) | {"information": information}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("BAS-01", finalite(base_legale=None), ["finalites[1].base_legale"]),
        ("BAS-01", finalite(base_legale=""), ["finalites[1].base_legale"]),
        ("BAS-02", finalite(base_legale="OBLIGATION_LEGALE"), ["finalites[1].texte_legal"]),
        (
            "BAS-02",
            finalite(base_legale="MISSION_INTERET_PUBLIC", texte_legal=" "),
            ["finalites[1].texte_legal"],
        ),
        (
            "BAS-03",
            finalite(base_legale="INTERET_LEGITIME", balance_faite=False),
            ["finalites[1].balance_faite"],
        ),
        ("BAS-04", finalite(type="prospection"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="profilage"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="cession"), ["finalites[1].base_legale"]),
        ("BAS-05", consentie(consentement_preuve=""), ["finalites[1].consentement_preuve"]),
        ("BAS-06", consentie(consentement_retrait=None), ["finalites[1].consentement_retrait"]),
        ("BAS-07", consentie(consentement_precoche=True), ["finalites[1].consentement_precoche"]),
        ("BAS-07", consentie(consentement_conditionne=True), ["finalites[1].consentement_conditionne"]),
        ("BAS-08", consentie(consentement_texte_version=""), ["finalites[1].consentement_texte_version"]),
        ("BAS-09", consentie() | MINEURS, ["finalites[1].consentement_autorisation_parentale"]),
        (
            "BAS-10",
            annonce("INTERET_LEGITIME", *COMMUNS, "OPPOSITION", "PORTABILITE"),
            ["information.droits"],
        ),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "OPPOSITION"), ["information.droits"]),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "RETRAIT"), ["information.droits"]),
        ("BAS-10", annonce("INTERET_LEGITIME", *COMMUNS), ["information.droits"]),
        ("BAS-10", annonce("CONTRAT", "ACCES"), ["information.droits"]),
        ("BAS-10", annonce("CONSENTEMENT", *COMMUNS), ["information.droits"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("BAS-01", finalite(base_legale="CONTRAT")),
        ("BAS-01", {"qualite": "sous-traitant"} | finalite(base_legale=None)),
        ("BAS-02", finalite(base_legale="OBLIGATION_LEGALE", texte_legal="C. com. art. L123-22")),
        ("BAS-02", finalite(base_legale="CONTRAT", texte_legal="")),
        ("BAS-03", finalite(base_legale="INTERET_LEGITIME", balance_faite=True)),
        ("BAS-03", finalite(base_legale="INTERET_LEGITIME", balance_faite=None)),
        ("BAS-03", finalite(base_legale="CONTRAT", balance_faite=False)),
        ("BAS-04", finalite(type="execution")),
        ("BAS-04", finalite(type="prospection", base_legale="INTERET_LEGITIME")),
        ("BAS-05", consentie()),
        ("BAS-05", finalite(base_legale="CONTRAT", consentement_preuve="")),
        ("BAS-06", consentie()),
        ("BAS-07", consentie()),
        ("BAS-07", consentie(consentement_precoche=None, consentement_conditionne=None)),
        ("BAS-07", finalite(base_legale="INTERET_LEGITIME", consentement_precoche=True)),
        ("BAS-08", consentie()),
        ("BAS-09", consentie()),
        ("BAS-09", consentie(consentement_autorisation_parentale="Courriel au parent, confirmé.") | MINEURS),
        ("BAS-09", finalite(base_legale="CONTRAT") | MINEURS),
        ("BAS-10", annonce("CONTRAT")),
        ("BAS-10", annonce("CONTRAT", *COMMUNS)),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "PORTABILITE", "RECLAMATION", "POST_MORTEM")),
        ("BAS-10", annonce("CONSENTEMENT", *COMMUNS, "RETRAIT")),
        ("BAS-10", annonce("OBLIGATION_LEGALE", *COMMUNS)),
        ("BAS-10", annonce(None, *COMMUNS, "PORTABILITE", "OPPOSITION", "RETRAIT")),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


def test_le_contrat_ne_bloque_pas_seul_car_sa_source_n_est_pas_verifiee():
    (constat,) = [c for c in controler(faits(**finalite(type="profilage")), JOUR) if c.code == "BAS-04"]
    assert constat.gravite is Gravite.ALERTE


@pytest.mark.parametrize(
    ("fiche", "mot"),
    [
        (annonce("INTERET_LEGITIME", *COMMUNS, "OPPOSITION", "PORTABILITE"), "portabilité"),
        (annonce("CONTRAT", *COMMUNS, "OPPOSITION"), "droit d'opposition"),
        (annonce("CONTRAT", *COMMUNS, "RETRAIT"), "retrait du consentement"),
        (annonce("INTERET_LEGITIME", *COMMUNS), "« Opposition »"),
        (annonce("CONSENTEMENT", *COMMUNS), "« Retrait du consentement »"),
        (annonce("CONTRAT", "ACCES"), "« Rectification », « Effacement », « Limitation »"),
    ],
)
def test_la_phrase_nomme_le_droit_en_cause(fiche, mot):
    assert mot in phrases("BAS-10", faits(**fiche))


@pytest.mark.parametrize(
    ("droits", "parle"),
    [
        ((*COMMUNS, "RETRAIT", "OPPOSITION"), True),
        ((*COMMUNS, "RETRAIT", "OPPOSITION_PROSPECTION"), False),
        ((*COMMUNS, "RETRAIT", "OPPOSITION_PROSPECTION", "OPPOSITION"), False),
    ],
)
def test_l_opposition_a_la_prospection_s_annonce_quelle_que_soit_la_base(droits, parle):
    lus = faits(**annonce("CONSENTEMENT", *droits, type="prospection"))
    assert bool(ou_parle("BAS-10", lus)) is parle


def test_une_information_fautive_par_exces_et_par_defaut_recoit_deux_phrases():
    lus = faits(**annonce("INTERET_LEGITIME", *COMMUNS, "PORTABILITE"))
    assert ou_parle("BAS-10", lus) == ["information.droits", "information.droits"]


def test_sans_referentiels_rien_ne_se_compare():
    fiche = SAINE | annonce("CONTRAT", "OPPOSITION")
    assert ou_parle("BAS-10", Faits(fiche, ORGANISME)) == []
