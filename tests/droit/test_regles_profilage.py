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


def mentions(*codes):
    return {"information": {**SAINE["information"], "mentions": list(codes)}}


def finalites(*natures):
    """Plusieurs finalités : (nature, base légale, canaux)."""
    return {
        "finalites": [
            {"numero": n, "libelle": f"But {n}", "type": type, "base_legale": base, "canaux": list(canaux)}
            for n, (type, base, *canaux) in enumerate(natures, 1)
        ]
    }


# Consentir à recevoir des messages n'est pas consentir au profilage.
DEUX = finalites(("prospection", "CONSENTEMENT", "EMAIL_B2C"), ("profilage", "INTERET_LEGITIME"))
PLATEFORME = profil(plateforme_tierce=True)
ACCORD = {"accord_art26": "Conditions de la plateforme, addendum de responsabilité conjointe."}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("PRF-03", profil(traceurs=True), ["profilage.traceurs"]),
        ("PRF-04", profil(sources_tierces=True), ["profilage.sources_tierces"]),
        ("PRF-04", profil("aucun", sources_tierces=True), ["profilage.sources_tierces"]),
        (
            "PRF-04",
            profil(sources_tierces=True)
            | {"aipd": {"decision": "non_requise", "justification": "Peu de données."}},
            ["profilage.sources_tierces"],
        ),
        ("PRF-05", PLATEFORME | finalite(base="CONSENTEMENT"), ["profilage.plateforme_tierce"]),
        ("PRF-05", PLATEFORME | ACCORD | finalite(), ["profilage.plateforme_tierce"]),
        (
            "PRF-05",
            PLATEFORME | ACCORD | finalite("execution", "CONSENTEMENT"),
            ["profilage.plateforme_tierce"],
        ),
        ("PRF-05", PLATEFORME | ACCORD | DEUX, ["profilage.plateforme_tierce"]),
        ("PRF-05", profil(plateforme_tierce=None) | finalite(), ["profilage.plateforme_tierce"]),
        ("PRF-06", profil() | mentions("identite"), ["information.mentions"]),
        ("PRF-06", profil("aucun", recommandation=True) | {"information": None}, ["information.mentions"]),
        (
            "PRF-07",
            profil(opposition_possible=False) | finalite("prospection"),
            ["profilage.opposition_possible"],
        ),
        (
            "PRF-07",
            profil(opposition_possible=None) | finalite("prospection"),
            ["profilage.opposition_possible"],
        ),
        (
            "PRF-07",
            profil(opposition_possible=False) | finalite("cession"),
            ["profilage.opposition_possible"],
        ),
        ("PRF-07", profil(opposition_possible=False) | finalite(), ["profilage.opposition_possible"]),
        ("PRF-07", profil(opposition_possible=None) | finalite(), ["profilage.opposition_possible"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRF-03", profil(traceurs=True) | finalite(base="CONSENTEMENT")),
        ("PRF-03", profil(traceurs=None)),
        ("PRF-04", profil(sources_tierces=None)),
        ("PRF-04", profil(sources_tierces=True) | {"aipd": {"decision": "realisee"}}),
        ("PRF-04", profil(sources_tierces=True) | {"aipd": {"date": "2026-03-01"}}),
        ("PRF-04", profil(sources_tierces=True) | {"aipd": {"decision": "requise"}}),  # AIP-01 le dit
        ("PRF-04", profil(sources_tierces=True) | {"aipd": {"liste_requise": ["R10"]}}),
        ("PRF-05", PLATEFORME | ACCORD | finalite(base="CONSENTEMENT")),
        ("PRF-05", profil(plateforme_tierce=False) | finalite()),
        ("PRF-05", profil(plateforme_tierce=None) | finalite("execution")),
        ("PRF-05", profil("aucun", plateforme_tierce=None) | finalite()),
        ("PRF-06", profil() | mentions("identite", "profilage")),
        ("PRF-06", profil("aucun") | mentions("identite")),
        ("PRF-06", profil("") | mentions("identite")),
        ("PRF-07", profil(opposition_possible=True) | finalite("prospection")),
        ("PRF-07", profil(opposition_possible=None) | finalite("fraude")),
        ("PRF-07", profil(opposition_possible=False) | finalite(base="CONSENTEMENT")),
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


@pytest.mark.parametrize(
    ("natures", "gravite", "mot"),
    [
        ([("profilage", "INTERET_LEGITIME")], Gravite.BLOQUANT, "aucune finalité"),
        ([("profilage", "CONSENTEMENT")], None, ""),
        ([("profilage", "CONSENTEMENT"), ("execution", "CONTRAT")], None, ""),
        # Le consentement d'une lettre ne couvre pas le profilage.
        (
            [("prospection", "CONSENTEMENT", "EMAIL_B2C"), ("profilage", "INTERET_LEGITIME")],
            Gravite.BLOQUANT,
            "non pour « But 2 »",
        ),
        # Celui d'une autre finalité, peut-être le dépôt des traceurs : une question.
        ([("autre", "CONSENTEMENT"), ("profilage", "INTERET_LEGITIME")], Gravite.ALERTE, "« But 2 »"),
        ([("profilage", "CONSENTEMENT"), ("profilage", "INTERET_LEGITIME")], Gravite.ALERTE, "« But 2 »"),
        ([("prospection", "CONSENTEMENT", "EMAIL_B2C")], None, ""),
        ([("statistiques", "CONSENTEMENT")], None, ""),
        ([], Gravite.BLOQUANT, "aucune finalité"),
    ],
)
def test_chaque_finalite_de_profilage_sur_traceurs_est_jugee_seule(natures, gravite, mot):
    constats = [
        c
        for c in controler(faits(**profil(traceurs=True), **finalites(*natures)), JOUR)
        if c.code == "PRF-03"
    ]
    assert [c.gravite for c in constats] == ([gravite] if gravite else [])
    assert all(mot in c.message and c.ecartable for c in constats)


@pytest.mark.parametrize(
    ("statut", "niveau", "gravite"),
    [
        ("validee", "score", Gravite.BLOQUANT),
        ("validee", "segmentation", Gravite.BLOQUANT),
        ("brouillon", "score", Gravite.ALERTE),
        ("validee", "aucun", Gravite.ALERTE),  # deux réponses se contredisent : PRF-10 le demande
    ],
)
def test_les_sources_externes_bloquent_comme_une_analyse_requise(statut, niveau, gravite):
    constats = controler(faits(statut=statut, **profil(niveau, sources_tierces=True)), JOUR)
    assert [(c.gravite, c.ecartable) for c in constats if c.code == "PRF-04"] == [(gravite, True)]
    assert not [c for c in constats if c.code == "AIP-01"]


@pytest.mark.parametrize(
    ("fiche", "gravite", "article"),
    [
        (profil("segmentation"), Gravite.CONSEIL, "5(1)(a)"),
        (profil("segmentation", traceurs=True), Gravite.ALERTE, "5(1)(a)"),
        (profil("score"), Gravite.ALERTE, "5(1)(a)"),
        (profil("score", decision_auto=True), Gravite.ALERTE, "13(2)(f)"),
        (profil("decision_automatisee"), Gravite.ALERTE, "13(2)(f)"),
    ],
)
def test_ce_qui_s_annonce_depend_de_ce_que_fait_le_profilage(fiche, gravite, article):
    constats = [c for c in controler(faits(**fiche, **mentions("identite")), JOUR) if c.code == "PRF-06"]
    assert [(c.gravite, article in c.source) for c in constats] == [(gravite, True)]


@pytest.mark.parametrize(
    ("fiche", "gravite", "article"),
    [
        (profil(opposition_possible=False) | finalite("prospection"), Gravite.BLOQUANT, "21(2)"),
        (profil(opposition_possible=None) | finalite("prospection"), Gravite.ALERTE, "21(2)"),
        (profil(opposition_possible=False) | finalite(), Gravite.ALERTE, "21(1)"),
        (
            profil(opposition_possible=False) | finalite(base="MISSION_INTERET_PUBLIC"),
            Gravite.ALERTE,
            "21(1)",
        ),
        (profil(opposition_possible=False) | DEUX, Gravite.BLOQUANT, "21(2)"),
    ],
)
def test_l_opposition_est_sans_motif_pour_la_prospection_et_motivee_ailleurs(fiche, gravite, article):
    constats = [c for c in controler(faits(**fiche), JOUR) if c.code == "PRF-07"]
    assert [(c.gravite, article in c.source) for c in constats] == [(gravite, True)]


def test_la_doctrine_juge_chaque_finalite_de_profilage():
    """Une finalité consentie n'en couvre pas une autre."""
    deux = finalites(("profilage", "CONSENTEMENT"), ("profilage", "INTERET_LEGITIME"))
    lus = faits({"doctrine_profilage": TOUT}, **profil(), **deux)
    assert ou_parle("PRF-01", lus) == ["finalites[2].base_legale"]
    assert "cette finalité repose sur une autre base" in phrases("PRF-01", lus)
