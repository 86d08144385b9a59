"""Les règles de sous-traitance : le contrat de l'article 28, son terme, les sous-traitants ultérieurs."""

from dataclasses import replace
from datetime import date

import pytest

from droit.faits import Faits, figer
from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, TIERS, faits, ou_parle, phrases


def destinataire(**champs):
    return {
        "destinataires": [
            *SAINE["destinataires"],
            {"numero": 2, "type": "SOUS_TRAITANT", "pays": "FR", **champs},
        ]
    }


def routeur(le=JOUR, code="SST-02", **contrat):
    """Où la règle parle quand le contrat du routeur est celui-ci."""
    lus = faits(**destinataire(tiers="routeur"))
    tiers = figer({**TIERS, "routeur": {**TIERS["routeur"], **contrat}})
    return ou_parle(code, Faits(lus.fiche, lus.organisme, replace(lus.reperes, tiers=tiers)), le)


# --- SST-01 ------------------------------------------------------------------------------------------------------------
def test_un_sous_traitant_qui_n_est_pas_nomme_est_signale():
    lus = faits(**destinataire(nom="Routeur de courriels"))
    assert ou_parle("SST-01", lus) == ["destinataires[2].tiers"]
    assert "« Routeur de courriels »" in phrases("SST-01", lus)


def test_un_tiers_sans_contrat_est_nomme_et_renvoie_a_sa_page():
    lus = faits(**destinataire(tiers="sans-contrat"))
    assert ou_parle("SST-01", lus) == ["destinataires[2].tiers"]
    assert "avec Prestaflou" in phrases("SST-01", lus) and "page de ce tiers" in phrases("SST-01", lus)


@pytest.mark.parametrize(("reponse", "parle"), [(True, False), (False, True), (None, True)])
def test_seul_un_contrat_declare_fait_taire_la_regle(reponse, parle):
    assert routeur(code="SST-01", contrat_art28=reponse) == (["destinataires[2].tiers"] if parle else [])


@pytest.mark.parametrize("type_", ["INTERNE", "PARTENAIRE", "RESPONSABLE_CONJOINT", None])
def test_un_autre_destinataire_n_a_pas_besoin_de_ce_contrat(type_):
    assert ou_parle("SST-01", faits(**destinataire(type=type_))) == []


def test_l_absence_de_contrat_bloque_et_peut_s_ecarter_dans_les_deux_registres():
    lus = faits(qualite="sous-traitant", **destinataire(tiers="sans-contrat"))
    (constat,) = [c for c in controler(lus, JOUR) if c.code == "SST-01"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


# --- SST-02 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fin", "le", "parle"),
    [
        ("2026-10-31", date(2026, 10, 31), False),  # le dernier jour
        ("2026-10-31", date(2026, 11, 1), True),
        (None, JOUR, False),
        ("pas une date", JOUR, False),
    ],
)
def test_un_contrat_echu_est_signale_le_lendemain(fin, le, parle):
    assert routeur(le, contrat_fin=fin) == (["destinataires[2].tiers"] if parle else [])


@pytest.mark.parametrize(
    ("regime", "parle"),
    [
        ("", True),
        (None, True),
        ("autorisation-generale", False),
        ("autorisation-specifique", False),
        ("interdits", False),
    ],
)
def test_le_regime_des_sous_traitants_ulterieurs_doit_etre_connu(regime, parle):
    assert routeur(ulterieurs_autorises=regime) == (["destinataires[2].tiers"] if parle else [])


def test_sans_contrat_on_ne_demande_pas_ce_qu_il_prevoit():
    assert ou_parle("SST-02", faits(**destinataire(tiers="sans-contrat"))) == []
    assert ou_parle("SST-02", faits(**destinataire(nom="Routeur"))) == []


def test_un_partenaire_n_a_ni_terme_ni_sous_traitants_a_declarer():
    assert ou_parle("SST-02", faits(**destinataire(type="PARTENAIRE", tiers="sans-contrat"))) == []
