"""Profilage et décision automatisée : chaque règle PRF, et la doctrine que l'organisme s'est choisie."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

TOUT, EXTERIEUR, DROIT_COMMUN = (
    "consentement_tout_profilage",
    "consentement_si_traceur_ou_tiers",
    "droit_commun",
)


def finalite(type="profilage", base="INTERET_LEGITIME"):
    return avec("finalites", type=type, base_legale=base)


def profil(niveau="score", **champs):
    return {"profilage": {"niveau": niveau, **champs}}


def decision(**champs):
    return profil("decision_automatisee", decision_auto=True, **champs)


def mentions(*codes):
    return {"information": {**SAINE["information"], "mentions": list(codes)}}


PLATEFORME = profil(plateforme_tierce=True)
ACCORD = {"accord_art26": "Conditions de la plateforme, addendum de responsabilité conjointe."}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("PRF-02", decision(), ["profilage.exception_art22"]),
        (
            "PRF-02",
            decision(exception_art22="contrat", intervention_humaine=False),
            ["profilage.intervention_humaine"],
        ),
        (
            "PRF-02",
            decision(intervention_humaine=False),
            ["profilage.exception_art22", "profilage.intervention_humaine"],
        ),
        ("PRF-03", profil(traceurs=True), ["profilage.traceurs"]),
        ("PRF-04", profil(sources_tierces=True), ["profilage.sources_tierces"]),
        (
            "PRF-04",
            profil(sources_tierces=True) | {"aipd": {"decision": "requise"}},
            ["profilage.sources_tierces"],
        ),
        ("PRF-05", PLATEFORME | finalite(base="CONSENTEMENT"), ["profilage.plateforme_tierce"]),
        ("PRF-05", PLATEFORME | ACCORD | finalite(), ["profilage.plateforme_tierce"]),
        (
            "PRF-05",
            PLATEFORME | ACCORD | finalite("execution", "CONSENTEMENT"),
            ["profilage.plateforme_tierce"],
        ),
        ("PRF-06", profil() | mentions("identite"), ["information.mentions"]),
        ("PRF-06", profil("aucun", recommandation=True) | {"information": None}, ["information.mentions"]),
        (
            "PRF-07",
            profil(opposition_possible=False) | finalite("prospection"),
            ["profilage.opposition_possible"],
        ),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRF-02", decision(exception_art22="contrat", intervention_humaine=True)),
        ("PRF-02", decision(exception_art22="contrat", intervention_humaine=None)),
        ("PRF-02", decision(exception_art22="loi", intervention_humaine=False)),
        ("PRF-02", profil(decision_auto=None)),
        ("PRF-02", profil(decision_auto=False, intervention_humaine=False)),
        ("PRF-03", profil(traceurs=True) | finalite(base="CONSENTEMENT")),
        ("PRF-03", profil(traceurs=None)),
        ("PRF-04", profil(sources_tierces=None)),
        ("PRF-04", profil(sources_tierces=True) | {"aipd": {"decision": "realisee"}}),
        ("PRF-05", PLATEFORME | ACCORD | finalite(base="CONSENTEMENT")),
        ("PRF-05", profil(plateforme_tierce=None) | finalite()),
        ("PRF-06", profil() | mentions("identite", "profilage")),
        ("PRF-06", profil("aucun") | mentions("identite")),
        ("PRF-06", profil("") | mentions("identite")),
        ("PRF-07", profil(opposition_possible=True) | finalite("prospection")),
        ("PRF-07", profil(opposition_possible=None) | finalite("prospection")),
        ("PRF-07", profil(opposition_possible=False) | finalite("execution")),
        ("PRF-07", profil("aucun", opposition_possible=False) | finalite("prospection")),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize(
    ("doctrine", "fiche", "gravite"),
    [
        (DROIT_COMMUN, profil(traceurs=True, sources_tierces=True), None),
        (EXTERIEUR, profil(), None),
        (EXTERIEUR, profil(traceurs=None, sources_tierces=False), None),
        (EXTERIEUR, profil(traceurs=True), Gravite.ALERTE),
        (EXTERIEUR, profil(sources_tierces=True), Gravite.ALERTE),
        (TOUT, profil(), Gravite.BLOQUANT),
        (TOUT, profil("aucun"), None),
        (TOUT, profil("aucun", recommandation=True), Gravite.BLOQUANT),
        (None, profil(), None),
    ],
)
def test_la_gravite_suit_la_doctrine_de_l_organisme(doctrine, fiche, gravite):
    constats = controler(faits({"doctrine_profilage": doctrine}, **finalite(), **fiche), JOUR)
    assert [c.gravite for c in constats if c.code == "PRF-01"] == ([gravite] if gravite else [])


@pytest.mark.parametrize(
    ("finalites", "chemins"),
    [
        (finalite(), ["finalites[1].base_legale"]),
        (finalite("execution", "CONSENTEMENT"), ["profilage.niveau"]),
        (finalite(base="CONSENTEMENT"), []),
    ],
)
def test_une_finalite_de_profilage_consentie_satisfait_la_doctrine(finalites, chemins):
    assert ou_parle("PRF-01", faits({"doctrine_profilage": TOUT}, **finalites, **profil())) == chemins


def test_la_doctrine_se_dit_pour_ce_qu_elle_est_un_choix_et_non_la_loi():
    phrase = phrases("PRF-01", faits({"doctrine_profilage": TOUT}, **finalite(), **profil()))
    assert "a choisi" in phrase and "La loi ne l'impose pas en général" in phrase


def test_la_doctrine_s_ecarte_par_une_raison_ecrite():
    constats = controler(faits({"doctrine_profilage": TOUT}, **finalite(), **profil()), JOUR)
    assert all(c.ecartable for c in constats if c.code == "PRF-01")


def test_l_audience_similaire_dit_ce_qui_lui_manque():
    phrase = phrases("PRF-05", faits(**PLATEFORME, **finalite()))
    assert "l'accord de l'article 26" in phrase and "le consentement" in phrase
    assert "l'accord de l'article 26" not in phrases("PRF-05", faits(**PLATEFORME, **ACCORD, **finalite()))
