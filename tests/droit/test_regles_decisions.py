"""La décision exclusivement automatisée : le cas qui la permet, l'intervention humaine, ce que la personne en sait."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle, phrases

CAS, HUMAINE = "profilage.exception_art22", "profilage.intervention_humaine"
EXPLIQUEE = {"logique": "Note sur 100.", "consequences": "Refus du paiement en plusieurs fois."}
BLOQUANT, ALERTE = Gravite.BLOQUANT, Gravite.ALERTE


def decision(niveau="decision_automatisee", **champs):
    return {"profilage": {"niveau": niveau, "decision_auto": True, **champs}}


def trouves(code, fiche):
    return [(c.chemin, c.gravite) for c in controler(faits(**fiche), JOUR) if c.code == code]


@pytest.mark.parametrize(
    ("champs", "attendus"),
    [
        ({}, [(CAS, BLOQUANT), (HUMAINE, ALERTE)]),
        ({"intervention_humaine": True}, [(CAS, BLOQUANT)]),
        ({"intervention_humaine": False}, [(CAS, BLOQUANT), (HUMAINE, BLOQUANT)]),
        ({"exception_art22": "contrat", "intervention_humaine": True}, []),
        ({"exception_art22": "contrat", "intervention_humaine": None}, [(HUMAINE, ALERTE)]),
        ({"exception_art22": "contrat", "intervention_humaine": False}, [(HUMAINE, BLOQUANT)]),
    ],
)
def test_une_decision_suppose_un_cas_et_une_intervention_humaine(champs, attendus):
    assert trouves("PRF-02", decision(**champs)) == attendus


@pytest.mark.parametrize(
    "profilage",
    [
        {"niveau": "score", "decision_auto": None},
        {"niveau": "score", "decision_auto": False, "intervention_humaine": False},
        {"niveau": "aucun"},
        None,
    ],
)
def test_sans_decision_il_n_y_a_rien_a_fonder(profilage):
    assert ou_parle("PRF-02", faits(profilage=profilage)) == []


def finalite(**champs):
    return avec("finalites", **{"base_legale": "INTERET_LEGITIME", **champs})


@pytest.mark.parametrize(
    ("cas", "finalites", "parle"),
    [
        ("contrat", finalite(base_legale="CONTRAT"), False),
        ("contrat", finalite(), True),
        ("consentement-explicite", finalite(base_legale="CONSENTEMENT", consentement_explicite=True), False),
        ("consentement-explicite", finalite(base_legale="CONTRAT", consentement_explicite=True), False),
        ("consentement-explicite", finalite(base_legale="CONSENTEMENT", consentement_explicite=None), True),
        ("loi", finalite(texte_legal="Code monétaire et financier, art. L561-5"), False),
        ("loi", finalite(), True),
    ],
)
def test_le_cas_invoque_se_retrouve_dans_une_finalite(cas, finalites, parle):
    fiche = decision(exception_art22=cas, intervention_humaine=True) | finalites
    assert trouves("PRF-02", fiche) == ([(CAS, ALERTE)] if parle else [])


@pytest.mark.parametrize(
    ("explicite", "gravite"), [(False, BLOQUANT), (None, ALERTE)]
)  # le silence n'est pas un non
def test_un_consentement_dement_bloque(explicite, gravite):
    fiche = decision(exception_art22="consentement-explicite", intervention_humaine=True)
    finalites = finalite(base_legale="CONSENTEMENT", consentement_explicite=explicite)
    assert trouves("PRF-02", fiche | finalites) == [(CAS, gravite)]


@pytest.mark.parametrize("humaine", [True, False, None])
def test_un_texte_dit_lui_meme_ses_garanties(humaine):
    """L'article 22(3) ne vise que le contrat et le consentement explicite."""
    fiche = decision(exception_art22="loi", intervention_humaine=humaine) | finalite(
        texte_legal="CRPA, art. L311-3-1"
    )
    assert ou_parle("PRF-02", faits(**fiche)) == []


def test_l_intervention_humaine_cite_son_paragraphe():
    lus = faits(**decision(exception_art22="contrat", intervention_humaine=False))
    assert [c.source for c in controler(lus, JOUR) if c.code == "PRF-02"] == ["RGPD art. 22(3) ; LIL art. 47"]


@pytest.mark.parametrize(
    ("profilage", "chemins"),
    [
        (decision(), ["profilage.logique", "profilage.consequences"]),
        (decision(logique="Note sur 100."), ["profilage.consequences"]),
        (decision("score", **EXPLIQUEE), []),
        (decision("score"), ["profilage.logique", "profilage.consequences"]),
        (decision(decision_auto=None), ["profilage.logique", "profilage.consequences"]),
        (decision(decision_auto=False), []),
        (decision("score", decision_auto=None), []),
        (decision("aucun", decision_auto=False), []),
    ],
)
def test_une_decision_s_explique(profilage, chemins):
    assert ou_parle("PRF-08", faits(**profilage)) == chemins
    assert ("la personne doit en être informée" in phrases("PRF-08", faits(**profilage))) is bool(chemins)
