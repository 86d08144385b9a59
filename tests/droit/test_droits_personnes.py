"""Les droits que chaque finalité ouvre, base par base et selon sa nature."""

import pytest

from droit.droits_personnes import CONDITIONNEL, OUI, SELON_LA_BASE, droits_ouverts, prospecte
from droit.faits import Faits
from exemples_faits import faits, reperes

EN_TOUT_CAS = {"POST_MORTEM", "RECLAMATION"}
COMMUNS = {"ACCES", "RECTIFICATION", "EFFACEMENT", "LIMITATION"} | EN_TOUT_CAS


def ouverts(fiche=None, **finalite):
    lus = faits(**(fiche or {}), finalites=[{"numero": 1, **finalite}])
    return {d.code: d for d in droits_ouverts(lus, lus.finalites[0])}


@pytest.mark.parametrize(
    ("base", "attendus"),
    [
        ("CONSENTEMENT", COMMUNS | {"PORTABILITE", "RETRAIT"}),
        ("CONTRAT", COMMUNS | {"PORTABILITE"}),
        ("OBLIGATION_LEGALE", COMMUNS - {"EFFACEMENT"}),
        ("INTERETS_VITAUX", COMMUNS),
        ("MISSION_INTERET_PUBLIC", COMMUNS | {"OPPOSITION"}),
        ("INTERET_LEGITIME", COMMUNS | {"OPPOSITION"}),
        (None, EN_TOUT_CAS),
        ("INCONNUE", EN_TOUT_CAS),
    ],
)
def test_chaque_base_ouvre_ses_droits(base, attendus):
    assert set(ouverts(base_legale=base, type="execution")) == attendus


@pytest.mark.parametrize("base", ["CONTRAT", "OBLIGATION_LEGALE", "INTERET_LEGITIME"])
def test_le_consentement_explicite_ouvre_le_retrait_et_la_portabilite_sous_une_autre_base(base):
    """RGPD art. 7(3) et 20(1)(a), qui nomme l'article 9(2)(a)."""
    droits = ouverts(base_legale=base, consentement_explicite=True)
    assert (droits["RETRAIT"].ouverture, droits["PORTABILITE"].ouverture) == (OUI, CONDITIONNEL)
    assert "RETRAIT" not in ouverts(base_legale=base, consentement_explicite=None)


def test_un_droit_que_la_base_ouvre_deja_ne_se_dit_pas_deux_fois():
    lus = faits(finalites=[{"numero": 1, "base_legale": "CONSENTEMENT", "consentement_explicite": True}])
    codes = [d.code for d in droits_ouverts(lus, lus.finalites[0])]
    assert len(codes) == len(set(codes))


def test_la_portabilite_depend_de_ce_que_la_fiche_ne_dit_pas():
    droit = ouverts(base_legale="CONTRAT")["PORTABILITE"]
    assert droit.ouverture == CONDITIONNEL
    assert droit.article == "RGPD art. 20"
    assert "fournies par la personne" in droit.precision


@pytest.mark.parametrize(
    ("finalite", "oui"),
    [
        ({"type": "prospection"}, True),
        ({"type": "cession"}, True),
        ({"type": "autre", "canaux": ["EMAIL_B2C"]}, True),
        ({"type": "etude", "promotionnelle": True}, True),
        ({"type": "etude", "promotionnelle": None}, False),
        ({"type": "execution"}, False),
    ],
)
def test_toute_prospection_ouvre_l_opposition_sans_motif(finalite, oui):
    assert prospecte(faits(finalites=[finalite]).finalites[0]) is oui
    droit = ouverts(base_legale="CONSENTEMENT", **finalite).get("OPPOSITION_PROSPECTION")
    assert (droit is not None and droit.ouverture == OUI) is oui


def test_un_profilage_l_ouvre_s_il_sert_une_prospection():
    assert ouverts(type="profilage")["OPPOSITION_PROSPECTION"].ouverture == CONDITIONNEL


def test_une_decision_automatisee_ouvre_le_droit_de_ne_pas_la_subir():
    assert "DECISION_AUTOMATISEE" in ouverts({"profilage": {"decision_auto": True}}, type="execution")
    assert "DECISION_AUTOMATISEE" not in ouverts({"profilage": {"decision_auto": None}}, type="execution")


def test_chaque_droit_a_sa_ligne_et_son_article():
    vus = ouverts({"profilage": {"decision_auto": True}}, type="prospection", base_legale="CONSENTEMENT")
    assert all(d.article for d in vus.values())
    assert {*SELON_LA_BASE.values(), *vus} <= set(reperes().droits)
    assert all(set(base["droits"]) == set(SELON_LA_BASE) for base in reperes().bases_legales.values())


def test_sans_referentiels_seuls_restent_les_droits_de_toujours():
    lus = Faits({"finalites": [{"numero": 1, "base_legale": "CONTRAT"}]})
    assert {d.code for d in droits_ouverts(lus, lus.finalites[0])} == EN_TOUT_CAS
