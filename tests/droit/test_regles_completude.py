"""Complétude : chaque règle REG, de part et d'autre de sa condition."""

from datetime import date

import pytest

from droit.faits import Faits
from droit.regles import controler_organisme
from droit.reperes import Reperes
from exemples_faits import JOUR, ORGANISME, SAINE, avec, faits, ou_parle, phrases, reperes

CONJOINT = {"responsables_conjoints": [{"numero": 1, "tiers": "routeur"}]}
HORS_UE = {"etabli_ue": False, "representant_ue_nom": ""}
MELEES = [
    {"numero": 1, "libelle": "Livrer les commandes", "type": "execution", "base_legale": "CONTRAT"},
    {
        "numero": 2,
        "libelle": "Proposer nos nouveautés",
        "type": "prospection",
        "base_legale": "INTERET_LEGITIME",
    },
]
SANS_CLIENT = {"famille": "autre", "personnes": [{"numero": 1, "categorie": "PROSPECTS"}]}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("REG-02", {"finalites": []}, ["finalites"]),
        ("REG-02", {"finalites": None}, ["finalites"]),
        ("REG-02", avec("finalites", libelle="Livraison"), ["finalites[1].libelle"]),
        ("REG-02", avec("finalites", libelle=" Livraison  "), ["finalites[1].libelle"]),
        ("REG-02", avec("finalites", libelle=None), ["finalites[1].libelle"]),
        ("REG-03", {"personnes": []}, ["personnes"]),
        ("REG-03", {"donnees": []}, ["donnees"]),
        ("REG-03", {"personnes": None, "donnees": None}, ["personnes", "donnees"]),
        ("REG-04", {"destinataires": []}, ["destinataires"]),
        ("REG-05", {"securite_heritee": None}, ["mesures"]),
        ("REG-05", {"securite_heritee": False, "securite_justification": "  "}, ["mesures"]),
        ("REG-08", CONJOINT, ["accord_art26"]),
        ("REG-08", CONJOINT | {"accord_art26": " "}, ["accord_art26"]),
        ("REG-09", {"date_prochaine_revue": "2026-11-23"}, ["date_prochaine_revue"]),
        ("REG-10", {"statut": "validee", "date_maj": "2025-11-23"}, ["date_derniere_revue"]),
        (
            "REG-10",
            {"date_mise_en_oeuvre": "2024-01-01", "date_maj": "2025-11-23"},
            ["date_derniere_revue"],
        ),
        ("REG-11", {"finalites": MELEES}, ["finalites"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("REG-02", avec("finalites", libelle="Livraisons")),
        ("REG-03", {}),
        ("REG-04", {"destinataires": [{"numero": 1, "type": "INTERNE", "nom": "Service client"}]}),
        ("REG-05", {"securite_heritee": False, "mesures": [{"numero": 1, "fiche": "SEC04"}]}),
        ("REG-05", {"securite_heritee": False, "mesures": [{"numero": 1, "precisions": "Coffre fermé."}]}),
        ("REG-05", {"securite_heritee": None, "securite_justification": "Traitement en cours de recette."}),
        ("REG-08", CONJOINT | {"accord_art26": "Convention du 3 mars 2026."}),
        ("REG-08", {"responsables_conjoints": []}),
        ("REG-09", {"date_prochaine_revue": "2026-11-24"}),
        ("REG-09", {"date_prochaine_revue": None}),
        ("REG-09", {"date_prochaine_revue": "pas une date"}),
        ("REG-10", {"statut": "validee", "date_maj": "2025-11-24"}),
        ("REG-10", {"statut": "validee", "date_maj": "2024-01-01", "date_derniere_revue": "2026-02-01"}),
        ("REG-10", {"statut": "brouillon", "date_maj": "2024-01-01"}),
        ("REG-10", {"statut": "validee", "date_maj": None}),
        ("REG-11", {"finalites": MELEES[:1]}),
        ("REG-11", {"finalites": MELEES[1:]}),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize(
    ("code", "organisme", "chemins"),
    [
        ("REG-01", {"raison_sociale": ""}, ["organisme.raison_sociale"]),
        ("REG-01", {"adresse": " "}, ["organisme.adresse"]),
        ("REG-01", {"courriel": "", "telephone": ""}, ["organisme.courriel"]),
        ("REG-06", HORS_UE, ["organisme.representant_ue_nom"]),
        ("REG-07", {"dpo_obligatoire": True, "dpo_nom": ""}, ["organisme.dpo_nom"]),
        ("REG-12", {"derogation_30_5": True}, ["organisme.derogation_30_5"]),
    ],
)
def test_la_regle_parle_de_l_organisme(code, organisme, chemins):
    assert ou_parle(code, faits(organisme)) == chemins


@pytest.mark.parametrize(
    ("code", "organisme"),
    [
        ("REG-01", {"courriel": "", "telephone": "04 93 00 00 00"}),
        ("REG-06", HORS_UE | {"etabli_ue": True}),
        ("REG-06", HORS_UE | {"etabli_ue": None}),
        ("REG-06", HORS_UE | {"representant_ue_nom": "Delbrück GmbH"}),
        ("REG-06", HORS_UE | {"representant_ue_exception": "Traitement occasionnel, sans risque."}),
        ("REG-07", {"dpo_obligatoire": True, "dpo_nom": "Claire Morel"}),
        ("REG-07", {"dpo_obligatoire": None, "dpo_nom": ""}),
        ("REG-12", {"derogation_30_5": False}),
        ("REG-12", {"derogation_30_5": None}),
    ],
)
def test_la_regle_se_tait_sur_l_organisme(code, organisme):
    assert ou_parle(code, faits(organisme)) == []


@pytest.mark.parametrize(
    ("code", "sous_traitant", "fiches", "chemins"),
    [
        ("REG-13", True, 0, ["organisme.est_sous_traitant"]),
        ("REG-13", True, 1, []),
        ("REG-13", True, None, []),
        ("REG-13", False, 0, []),
        ("REG-13", None, 0, []),
    ],
)
def test_le_second_registre_est_reclame_a_qui_agit_comme_sous_traitant(code, sous_traitant, fiches, chemins):
    lus = faits({"est_sous_traitant": sous_traitant}, fiches_sous_traitant=fiches)
    assert ou_parle(code, lus) == chemins


@pytest.mark.parametrize(
    ("fiche", "parle"),
    [
        ({"famille": "clients", "personnes": []}, True),
        ({"famille": "autre", "personnes": [{"numero": 1, "categorie": "CLIENTS"}]}, True),
        (SANS_CLIENT, False),
    ],
)
def test_la_derogation_ne_se_discute_que_pour_un_fichier_de_clients(fiche, parle):
    assert bool(ou_parle("REG-12", faits({"derogation_30_5": True}, **fiche))) is parle


def test_la_derogation_suit_le_critere_des_referentiels():
    """La réforme « Omnibus IV » remplacerait le traitement habituel par le risque élevé : la règle se tairait."""
    tables = {"parametres": {"derogation_30_5": {"valeur": {"critere": "risque_eleve"}}}}
    organisme = {**ORGANISME, "derogation_30_5": True}
    assert ou_parle("REG-12", Faits(SAINE, organisme, Reperes(**tables))) == []
    assert ou_parle("REG-12", Faits(SAINE, organisme, Reperes())) == ["organisme.derogation_30_5"]


@pytest.mark.parametrize(
    ("delai", "maj", "parle"),
    [
        (6, "2026-05-23", True),
        (6, "2026-05-24", False),
        (24, "2024-11-23", True),
        (24, "2024-11-24", False),
        (None, "2025-11-23", True),
        (0, "2025-11-24", False),
    ],
)
def test_le_delai_de_revue_est_celui_de_l_organisme(delai, maj, parle):
    lus = faits({"delai_revue_mois": delai}, statut="validee", date_maj=maj)
    assert bool(ou_parle("REG-10", lus)) is parle


def test_un_mois_se_compte_de_quantieme_a_quantieme():
    lus = faits({"delai_revue_mois": 1}, statut="validee", date_maj="2026-01-31")
    assert ou_parle("REG-10", lus, date(2026, 2, 28)) == []
    assert ou_parle("REG-10", lus, date(2026, 3, 1)) == ["date_derniere_revue"]


def test_les_phrases_disent_ce_qu_elles_ont_lu():
    assert "« Divers » ne suffit pas" in phrases("REG-02", faits(**avec("finalites", libelle="Divers")))
    assert "n'est pas décrite" in phrases("REG-02", faits(**avec("finalites", libelle="")))
    assert "23\N{NO-BREAK SPACE}novembre 2026" in phrases("REG-09", faits(date_prochaine_revue="2026-11-23"))


def test_le_registre_du_sous_traitant_doit_ses_mesures_et_sa_revue_mais_ni_finalite_ni_donnee():
    lus = faits(
        qualite="sous-traitant",
        finalites=[],
        personnes=[],
        donnees=[],
        destinataires=[],
        securite_heritee=None,
        statut="validee",
        date_maj="2024-01-01",
        date_prochaine_revue="2025-01-01",
    )
    codes = ("REG-02", "REG-03", "REG-04", "REG-05", "REG-09", "REG-10")
    assert [code for code in codes if ou_parle(code, lus)] == ["REG-05", "REG-09", "REG-10"]


def test_un_organisme_vide_n_a_que_son_identite_a_completer():
    constats = controler_organisme(Faits({}, {}, reperes(), 0), JOUR)
    assert {c.code for c in constats} == {"REG-01"}


CLIENT = {"numero": 1, "tiers": "routeur", "categories_traitements": "Hébergement de la boutique"}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("REG-14", {"qualite": "sous-traitant", "clients": []}, ["clients"]),
        ("REG-14", {"qualite": "sous-traitant"}, ["clients"]),
        (
            "REG-14",
            {"qualite": "sous-traitant", "clients": [CLIENT, {"numero": 2, "tiers": "routeur"}]},
            ["clients[2].categories_traitements"],
        ),
        ("REG-14", {"qualite": "sous-traitant", "clients": [CLIENT]}, []),
        ("REG-14", {"qualite": "responsable", "clients": []}, []),
    ],
)
def test_le_registre_du_sous_traitant_nomme_ses_clients(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins
