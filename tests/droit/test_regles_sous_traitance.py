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


def avec_contrat(qualite="responsable", clients=(), **contrat):
    """La fiche saine, son routeur de courriels, et ce que dit le contrat de celui-ci."""
    lus = faits(qualite=qualite, clients=[*clients], **destinataire(tiers="routeur"))
    tiers = figer({**TIERS, "routeur": {**TIERS["routeur"], **contrat}})
    return Faits(lus.fiche, lus.organisme, replace(lus.reperes, tiers=tiers))


def routeur(le=JOUR, code="SST-02", **contrat):
    """Où la règle parle quand le contrat du routeur est celui-ci."""
    return ou_parle(code, avec_contrat(**contrat), le)


# --- SST-01 ------------------------------------------------------------------------------------------------------------
def test_un_sous_traitant_qui_n_est_pas_nomme_est_signale():
    lus = faits(**destinataire(nom="Routeur de courriels"))
    assert ou_parle("SST-01", lus) == ["destinataires[2].tiers"]
    assert "« Routeur de courriels »" in phrases("SST-01", lus)


def test_un_tiers_sans_contrat_est_nomme_et_renvoie_a_sa_page():
    lus = faits(**destinataire(tiers="sans-contrat"))
    assert ou_parle("SST-01", lus) == ["destinataires[2].tiers"]
    assert "dans la page de Prestaflou" in phrases("SST-01", lus)


@pytest.mark.parametrize(
    ("reponse", "gravites"), [(True, []), (False, [Gravite.BLOQUANT]), (None, [Gravite.ALERTE])]
)
def test_seul_un_non_bloque_et_un_silence_alerte(reponse, gravites):
    lus = avec_contrat(contrat_art28=reponse)
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "SST-01"] == gravites


def test_un_sous_traitant_sans_nom_alerte_sans_bloquer():
    lus = faits(**destinataire(nom="Routeur de courriels"))
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "SST-01"] == [Gravite.ALERTE]


@pytest.mark.parametrize("type_", ["INTERNE", "PARTENAIRE", "RESPONSABLE_CONJOINT", None])
def test_un_autre_destinataire_n_a_pas_besoin_de_ce_contrat(type_):
    assert ou_parle("SST-01", faits(**destinataire(type=type_))) == []


def test_l_absence_de_contrat_bloque_et_peut_s_ecarter_dans_les_deux_registres():
    lus = avec_contrat(contrat_art28=False, qualite="sous-traitant")
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


@pytest.mark.parametrize(
    ("contrat", "parle"),
    [
        ({"contrat_date": None, "contrat_document": ""}, True),
        ({"contrat_date": None, "contrat_document": None}, True),
        ({"contrat_date": None, "contrat_document": "Contrat 2025-17"}, False),
        ({"contrat_document": ""}, False),  # la date suffit
        ({"contrat_art28": False, "contrat_date": None}, False),
        ({"contrat_art28": None, "contrat_date": None}, False),
    ],
)
def test_un_contrat_declare_se_designe_par_sa_date_ou_sa_reference(contrat, parle):
    dits = [c.gravite for c in controler(avec_contrat(**contrat), JOUR) if c.code == "SST-02"]
    assert dits == ([Gravite.CONSEIL] if parle else [])


@pytest.mark.parametrize(
    ("regime", "parent", "parle"),
    [
        ("interdits", "routeur", True),
        ("interdits", "sans-contrat", False),
        ("interdits", None, False),
        ("autorisation-generale", "routeur", False),
    ],
)
def test_un_contrat_qui_interdit_les_sous_traitants_ulterieurs_n_en_souffre_pas(regime, parent, parle):
    recrute = {"numero": 3, "type": "PARTENAIRE", "tiers": "recrute", "pays": "FR"}
    lus = faits(**destinataire(tiers="routeur"))
    tiers = {
        **TIERS,
        "routeur": {**TIERS["routeur"], "ulterieurs_autorises": regime},
        "recrute": {"nom": "Centre de tri", "pays": "FR", "parent": parent},
    }
    fiche = {**lus.fiche, "destinataires": [*lus.fiche["destinataires"], recrute]}
    lus = Faits(fiche, lus.organisme, replace(lus.reperes, tiers=figer(tiers)))
    assert ou_parle("SST-02", lus) == (["destinataires[2].tiers"] if parle else [])
    assert ("Centre de tri" in phrases("SST-02", lus)) == parle


# --- SST-03 ------------------------------------------------------------------------------------------------------------
CLIENT = ({"numero": 1, "tiers": "sans-contrat", "categories_traitements": "Envoi de courriels"},)


def pour_un_client(qualite="sous-traitant", emploie=True, **contrat):
    """Les gravités de SST-03 quand le contrat du client est celui-ci."""
    lus = faits(qualite=qualite, clients=[*CLIENT], **(destinataire(tiers="routeur") if emploie else {}))
    client = {"nom": "Maison Lavande", "contrat_art28": True, "ulterieurs_autorises": "", **contrat}
    lus = Faits(
        lus.fiche, lus.organisme, replace(lus.reperes, tiers=figer({**TIERS, "sans-contrat": client}))
    )
    trouves = [c for c in controler(lus, JOUR) if c.code == "SST-03"]
    assert all(c.chemin == "clients[1].tiers" and c.ecartable for c in trouves)
    return [c.gravite for c in trouves]


@pytest.mark.parametrize(
    ("contrat", "gravites"),
    [
        ({"contrat_art28": False}, [Gravite.BLOQUANT]),
        ({"contrat_art28": None}, [Gravite.ALERTE]),
        ({"ulterieurs_autorises": ""}, [Gravite.ALERTE]),
        ({"ulterieurs_autorises": "interdits"}, [Gravite.ALERTE]),
        ({"ulterieurs_autorises": "autorisation-generale"}, []),
        ({"ulterieurs_autorises": "autorisation-specifique"}, []),
    ],
)
def test_le_sous_traitant_a_un_contrat_avec_son_client_et_son_accord_pour_en_employer_un_autre(
    contrat, gravites
):
    assert pour_un_client(**contrat) == gravites


def test_sans_sous_traitant_ulterieur_rien_n_est_demande_au_client():
    assert pour_un_client(emploie=False, ulterieurs_autorises="interdits") == []


def test_le_registre_du_responsable_n_a_pas_de_client():
    assert pour_un_client(qualite="responsable", contrat_art28=False) == []
    assert ou_parle("SST-03", faits(clients=[{"numero": 1, "tiers": None}], qualite="sous-traitant")) == []
