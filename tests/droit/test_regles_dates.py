"""Les dates : rien de passé n'est à venir, rien ne finit avant de commencer."""

from dataclasses import replace
from datetime import date

import pytest

from droit.faits import Faits, figer
from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, TIERS, faits, ou_parle, phrases, reperes

REGLE = SAINE["conservations"][0]
DEMAIN, HIER = "2026-11-25", "2026-11-23"
AUJOURD_HUI = JOUR.isoformat()
TRANSFERT = {"numero": 1, "destinataire_numero": 1, "pays": "FR"}


def avec_contrat(**contrat):
    """La fiche saine et un sous-traitant lié par ce contrat."""
    lus = faits(destinataires=[{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "routeur"}])
    tiers = figer({**TIERS, "routeur": {**TIERS["routeur"], **contrat}})
    return replace(lus, reperes=replace(reperes(), tiers=tiers))


@pytest.mark.parametrize("jour", [HIER, AUJOURD_HUI, None, ""])
def test_un_fait_date_du_jour_ou_d_avant_ne_se_signale_pas(jour):
    lus = faits(
        date_creation=jour,
        date_derniere_revue=jour,
        conservations=[{**REGLE, "derniere_purge": jour}],
        transferts=[{**TRANSFERT, "verifie_le": jour}],
        aipd={"decision": "realisee", "date": jour},
    )
    assert ou_parle("DAT-01", lus) == []


@pytest.mark.parametrize(
    ("fiche", "chemin"),
    [
        ({"date_creation": DEMAIN}, "date_creation"),
        ({"date_derniere_revue": DEMAIN}, "date_derniere_revue"),
        ({"conservations": [{**REGLE, "derniere_purge": DEMAIN}]}, "conservations[1].derniere_purge"),
        ({"transferts": [{**TRANSFERT, "verifie_le": DEMAIN}]}, "transferts[1].verifie_le"),
        ({"aipd": {"decision": "realisee", "date": DEMAIN}}, "aipd.date"),
    ],
)
def test_un_fait_passe_date_de_l_avenir_se_signale_avec_les_deux_dates(fiche, chemin):
    lus = faits(**fiche)
    assert ou_parle("DAT-01", lus) == [chemin]
    assert "25\N{NO-BREAK SPACE}novembre 2026" in phrases("DAT-01", lus)
    assert "24\N{NO-BREAK SPACE}novembre 2026" in phrases("DAT-01", lus)
    assert ou_parle("DAT-01", lus, date(2026, 11, 25)) == []


@pytest.mark.parametrize(
    "fiche",
    [
        {"date_mise_en_oeuvre": DEMAIN},  # un traitement à venir
        {"date_prochaine_revue": DEMAIN},
        {"aipd": {"decision": "requise", "date": DEMAIN}},  # prévue
        {"conservations": [{**REGLE, "echeance": DEMAIN}]},
    ],
)
def test_ce_qui_peut_etre_a_venir_ne_se_signale_pas(fiche):
    assert ou_parle("DAT-01", faits(**fiche)) == []


def test_une_fiche_modifiee_depuis_le_jour_du_controle_ne_se_juge_pas():
    """Contrôler le registre de 2019 avec la fiche d'aujourd'hui : ses dates sont venues après."""
    lus = faits(date_derniere_revue="2026-10-01")
    assert ou_parle("DAT-01", lus, date(2019, 1, 1)) == []
    assert ou_parle("DAT-01", faits(date_derniere_revue="2026-10-01", date_maj=""), date(2019, 1, 1))


@pytest.mark.parametrize(
    ("contrat", "avenir", "desordre"),
    [
        ({}, [], []),
        ({"contrat_date": DEMAIN}, ["destinataires[1].tiers"], []),
        ({"contrat_date": DEMAIN, "contrat_art28": None}, [], []),
        ({"contrat_date": "2025-03-04", "contrat_fin": "2025-03-03"}, [], ["destinataires[1].tiers"]),
        ({"contrat_date": "2025-03-04", "contrat_fin": "2025-03-04"}, [], []),
        ({"contrat_date": None, "contrat_fin": "2027-01-01"}, [], []),
    ],
)
def test_un_contrat_se_conclut_avant_de_finir_et_avant_de_se_declarer(contrat, avenir, desordre):
    lus = avec_contrat(**contrat)
    assert (ou_parle("DAT-01", lus), ou_parle("DAT-02", lus)) == (avenir, desordre)


@pytest.mark.parametrize(
    ("fiche", "chemin"),
    [
        ({"date_creation": "2026-03-02", "date_derniere_revue": "2026-03-01"}, "date_derniere_revue"),
        ({"date_derniere_revue": "2026-11-02", "date_prochaine_revue": "2026-11-01"}, "date_prochaine_revue"),
        (
            {
                "date_mise_en_oeuvre": "2026-03-02",
                "conservations": [{**REGLE, "derniere_purge": "2026-03-01"}],
            },
            "conservations[1].derniere_purge",
        ),
        (
            {
                "conservations": [
                    {**REGLE, "suspension_debut": "2026-03-02", "suspension_fin": "2026-03-01"},
                ]
            },
            "conservations[1].suspension_fin",
        ),
    ],
)
def test_ce_qui_finit_avant_de_commencer_se_signale_avec_les_deux_dates(fiche, chemin):
    lus = faits(**fiche)
    assert ou_parle("DAT-02", lus) == [chemin]
    assert phrases("DAT-02", lus).count("2026") == 2
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "DAT-02"] == [Gravite.ALERTE]


@pytest.mark.parametrize(
    "fiche",
    [
        {"date_creation": "2026-03-02", "date_derniere_revue": "2026-03-02"},
        {
            "date_creation": "2026-03-02",
            "date_mise_en_oeuvre": "2016-03-01",
        },  # une fiche s'écrit souvent après
        {"date_derniere_revue": "2026-03-02", "date_prochaine_revue": None},
        {"conservations": [{**REGLE, "suspension_debut": "2026-03-02", "suspension_fin": None}]},
        {"date_creation": "pas une date", "date_derniere_revue": "2026-03-01"},
    ],
)
def test_des_dates_en_ordre_ou_absentes_ne_se_signalent_pas(fiche):
    assert ou_parle("DAT-02", faits(**fiche)) == []


def test_une_date_impossible_se_dit_aussi_de_la_fiche_d_un_sous_traitant():
    assert ou_parle("DAT-01", faits(qualite="sous-traitant", date_creation=DEMAIN)) == ["date_creation"]
    assert ou_parle("DAT-01", Faits({}, {}, reperes())) == []
