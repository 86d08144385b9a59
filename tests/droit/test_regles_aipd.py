"""Les règles d'analyse d'impact : requise et non réalisée, écartée, risque élevé, dispense."""

from datetime import date

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle, phrases

EN_SERVICE = {"statut": "validee"}


def donnees(*categories, **champs):
    return {"donnees": [{"numero": n, "categorie": c, **champs} for n, c in enumerate(categories, 1)]}


def personnes(*categories, **champs):
    return {"personnes": [{"numero": n, "categorie": c, **champs} for n, c in enumerate(categories, 1)]}


def profil(niveau="score", **champs):
    return {"profilage": {"niveau": niveau, **champs}}


SANTE = donnees("SANTE", exception_art9="ART9_H")
SENSIBLE = {**SANTE, "grande_echelle": True}


def aipd(*, fiche=(), **champs):
    return faits(**{**EN_SERVICE, **dict(fiche), "aipd": champs})


# --- AIP-01 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "champs",
    [
        {"decision": "requise"},
        {"decision": "requise", "date": ""},
        {"decision": "requise", "date": "pas une date"},
        {"liste_requise": ["R10"]},
        {"liste_requise": ["R10"], "decision": "non_requise"},
    ],
)
def test_une_analyse_requise_et_non_datee_est_signalee(champs):
    assert ou_parle("AIP-01", aipd(**champs)) == ["aipd.date"]


@pytest.mark.parametrize(
    "champs",
    [
        {"decision": "requise", "date": "2026-03-01"},
        {"liste_requise": ["R10"], "date": "2026-03-01"},
        {"decision": "non_requise"},
        {"decision": "realisee"},
        {"liste_requise": []},
        {},
    ],
)
def test_une_analyse_datee_ou_non_requise_ne_l_est_pas(champs):
    assert ou_parle("AIP-01", aipd(**champs)) == []


@pytest.mark.parametrize(
    ("fiche", "le", "gravite"),
    [
        ({"statut": "brouillon"}, JOUR, Gravite.ALERTE),
        ({"statut": "validee"}, JOUR, Gravite.BLOQUANT),
        ({"statut": "brouillon", "date_mise_en_oeuvre": "2026-06-01"}, date(2026, 5, 31), Gravite.ALERTE),
        ({"statut": "brouillon", "date_mise_en_oeuvre": "2026-06-01"}, date(2026, 6, 1), Gravite.BLOQUANT),
    ],
)
@pytest.mark.parametrize(
    ("champs", "chemin"),
    [({"decision": "requise"}, "aipd.date"), ({"decision": "non_requise"}, "aipd.decision")],
)
def test_avant_la_mise_en_oeuvre_ce_n_est_qu_une_alerte(fiche, le, gravite, champs, chemin):
    """L'analyse précède le traitement (art. 35(1)) : tant qu'il n'est pas mis en œuvre, rien n'est encore manqué."""
    constats = controler(aipd(fiche={**SENSIBLE, **fiche}, **champs), le)
    assert [(c.gravite, c.chemin) for c in constats if c.code == "AIP-01"] == [(gravite, chemin)]


@pytest.mark.parametrize(
    ("fiche", "decision", "gravite"),
    [
        # Certain d'après les faits : ni le silence ni une justification n'en dispensent.
        (SENSIBLE, "", Gravite.BLOQUANT),
        (SENSIBLE, "non_requise", Gravite.BLOQUANT),
        (profil(decision_auto=True), "", Gravite.BLOQUANT),
        ({**donnees("LOCALISATION"), "grande_echelle": True}, "", Gravite.BLOQUANT),
        ({**donnees("BIOMETRIQUES"), **personnes("SALARIES")}, "non_requise", Gravite.BLOQUANT),
        ({**donnees("GENETIQUES"), **personnes("MINEURS")}, "", Gravite.BLOQUANT),
        (SENSIBLE, "realisee", None),
        # Déduit : une question, que la justification referme.
        (profil("decision_automatisee"), "", Gravite.ALERTE),
        (profil("segmentation", decision_auto=True), "", Gravite.ALERTE),
        (profil() | avec("finalites", type="fraude"), "", Gravite.ALERTE),
        (profil() | avec("finalites", type="exclusion"), "", Gravite.ALERTE),
        (profil() | personnes("CANDIDATS"), "", Gravite.ALERTE),
        (profil() | avec("finalites", type="fraude"), "non_requise", None),
        (avec("finalites", libelle="Recevoir les alertes professionnelles"), "", Gravite.ALERTE),
        (avec("finalites", libelle="Recevoir les alertes professionnelles"), "non_requise", None),
        (SANTE | {"intitule": "Dossiers des patients"}, "", Gravite.ALERTE),
        # Rien : ni grande échelle, ni type.
        ({**donnees("SANTE", exception_art9="ART9_H"), "grande_echelle": False}, "non_requise", None),
        ({}, "", None),
    ],
)
def test_les_faits_disent_le_type_que_la_fiche_ne_retient_pas(fiche, decision, gravite):
    lus = aipd(fiche=fiche, decision=decision, justification="Peu de dossiers.")
    constats = [c for c in controler(lus, JOUR) if c.code == "AIP-01"]
    assert [(c.gravite, c.chemin) for c in constats] == ([(gravite, "aipd.decision")] if gravite else [])
    assert all(c.ecartable for c in constats)


@pytest.mark.parametrize(("dispense", "parle"), [([], True), (["D06"], False), (["D02"], True)])
def test_une_dispense_a_propos_repond_a_un_type_deduit(dispense, parle):
    """Un médecin seul n'est pas un établissement de santé."""
    lus = aipd(fiche=SANTE | {"intitule": "Dossiers des patients"}, liste_dispense=dispense)
    assert bool(ou_parle("AIP-01", lus)) is parle


def test_un_type_deduit_dit_ce_qui_l_a_fait_reconnaitre():
    phrase = phrases("AIP-01", aipd(fiche=profil() | avec("finalites", type="fraude")))
    assert "peut relever" in phrase
    assert "Un score ou une décision automatisée sert la prévention de la fraude." in phrase


@pytest.mark.parametrize(
    ("le", "parle"), [(date(2026, 12, 1), True), (date(2026, 12, 2), False), (date(2026, 12, 3), False)]
)
def test_une_analyse_datee_de_l_avenir_n_est_pas_realisee(le, parle):
    lus = aipd(decision="requise", date="2026-12-02")
    assert ("date à venir, le 2\N{NO-BREAK SPACE}décembre 2026" in phrases("AIP-01", lus, le)) is parle
    assert (
        ou_parle("AIP-01", aipd(fiche={"statut": "brouillon"}, decision="requise", date="2026-12-02"), le)
        == []
    )


def test_l_analyse_requise_nomme_le_type_et_peut_s_ecarter():
    lus = aipd(liste_requise=["R10"])
    assert "« Profilage faisant appel à des données provenant de sources externes »" in phrases("AIP-01", lus)
    (constat,) = [c for c in controler(lus, JOUR) if c.code == "AIP-01"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


# --- AIP-02 ------------------------------------------------------------------------------------------------------------
DEUX = ["C1_EVALUATION", "C4_SENSIBLES"]


@pytest.mark.parametrize(
    ("criteres", "decision", "justification", "parle"),
    [
        (DEUX, "non_requise", "", True),
        (DEUX, "non_requise", None, True),
        ([*DEUX, "C9_BLOCAGE"], "non_requise", "", True),
        (DEUX[:1], "non_requise", "", False),
        (DEUX[:1] * 2, "non_requise", "", False),  # le même critère deux fois
        ([], "non_requise", "", False),
        (DEUX, "non_requise", "Volume très faible.", False),
        (DEUX, "requise", "", False),
        (DEUX, "realisee", "", False),
        (None, "non_requise", "", False),
    ],
)
def test_deux_criteres_appellent_l_analyse_ou_une_justification(criteres, decision, justification, parle):
    lus = aipd(criteres=criteres, decision=decision, justification=justification)
    assert ou_parle("AIP-02", lus) == (["aipd.justification"] if parle else [])


def test_les_criteres_reunis_sont_nommes():
    message = phrases("AIP-02", aipd(criteres=DEUX, decision="non_requise"))
    assert "Évaluation ou notation" in message and "Données sensibles" in message


@pytest.mark.parametrize(
    ("fiche", "champs", "chemins"),
    [
        ({}, {"criteres": DEUX}, ["aipd.decision"]),  # le silence n'est pas un non
        ({}, {"criteres": DEUX, "justification": "Esquisse."}, ["aipd.decision"]),
        ({}, {"criteres": DEUX, "date": "2026-01-05"}, []),
        ({}, {"criteres": DEUX[:1]}, []),
        # Un critère retenu et un autre que les faits montrent.
        ({"grande_echelle": True}, {"criteres": DEUX[:1]}, ["aipd.decision"]),
        ({"grande_echelle": True}, {"criteres": DEUX[:1], "decision": "non_requise"}, ["aipd.justification"]),
        ({"grande_echelle": True}, {"criteres": ["C5_GRANDE_ECHELLE"]}, []),  # le même
        (profil("segmentation") | {"grande_echelle": True}, {}, ["aipd.decision"]),
        (
            profil("segmentation") | {"grande_echelle": True},
            {"decision": "non_requise", "justification": "Non."},
            [],
        ),
        (profil("segmentation"), {}, []),
        # Un type de traitement tranche déjà : AIP-01 ou PRF-04 le disent.
        ({"grande_echelle": True}, {"criteres": DEUX, "liste_requise": ["R10"]}, []),
        (profil(sources_tierces=True) | {"grande_echelle": True}, {}, []),
        # Une dispense vaut.
        (personnes("FOURNISSEURS"), {"criteres": DEUX}, []),
        ({"grande_echelle": True} | personnes("FOURNISSEURS"), {"criteres": DEUX}, ["aipd.decision"]),
        (
            {"grande_echelle": True} | personnes("AUTRES_PERSONNES"),
            {"criteres": DEUX, "liste_dispense": ["D05"]},
            [],
        ),
        ({"grande_echelle": True}, {"criteres": DEUX, "liste_dispense": ["D02"]}, ["aipd.decision"]),
    ],
)
def test_les_criteres_se_tirent_aussi_des_faits(fiche, champs, chemins):
    assert ou_parle("AIP-02", aipd(fiche=fiche, **champs)) == chemins


def test_ce_qui_est_tire_des_faits_parait_seulement_reuni():
    assert "sont réunis" in phrases("AIP-02", aipd(criteres=DEUX))
    assert "paraissent réunis" in phrases("AIP-02", aipd(fiche={"grande_echelle": True}, criteres=DEUX[:1]))


# --- AIP-06 ------------------------------------------------------------------------------------------------------------
TROIS = [*DEUX, "C9_BLOCAGE"]


@pytest.mark.parametrize(
    ("fiche", "champs", "parle"),
    [
        ({}, {"criteres": TROIS}, True),
        ({}, {"criteres": DEUX}, False),
        ({"grande_echelle": True}, {"criteres": DEUX}, True),
        ({"grande_echelle": True}, {"criteres": [*DEUX[:1], "C5_GRANDE_ECHELLE"]}, False),
        (profil("segmentation", traceurs=True) | {"grande_echelle": True}, {}, True),
        # Ce qui se discute ne compte pas : un jeton de paiement, un mot, deux sources.
        (profil("segmentation") | donnees("MOYENS_PAIEMENT") | {"grande_echelle": True}, {}, False),
        (profil("segmentation") | donnees("CARTE_BANCAIRE") | {"grande_echelle": True}, {}, True),
        ({"grande_echelle": True, "intitule": "Intelligence artificielle"}, {"criteres": DEUX[:1]}, False),
        (personnes("FOURNISSEURS"), {"criteres": TROIS}, False),
        ({"grande_echelle": True} | personnes("FOURNISSEURS"), {"criteres": DEUX}, True),
        (SENSIBLE, {"criteres": TROIS}, False),  # AIP-01 le dit
        ({}, {"criteres": TROIS, "date": "2026-01-05"}, True),  # écartée, une date qui traîne ne la fait pas
    ],
)
def test_trois_criteres_ne_s_ecartent_pas_d_un_mot(fiche, champs, parle):
    lus = aipd(fiche=fiche, decision="non_requise", justification="Le risque est faible.", **champs)
    assert ou_parle("AIP-06", lus) == (["aipd.decision"] if parle else [])


@pytest.mark.parametrize("decision", ["", "requise", "realisee"])
def test_trois_criteres_ne_valent_que_contre_une_analyse_ecartee(decision):
    assert ou_parle("AIP-06", aipd(criteres=TROIS, decision=decision, justification="Non.")) == []


def test_sans_justification_une_seule_regle_parle_des_criteres():
    lus = aipd(criteres=TROIS, decision="non_requise")
    assert (ou_parle("AIP-06", lus), ou_parle("AIP-02", lus)) == ([], ["aipd.justification"])


# --- AIP-07 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fiche", "champs", "parle"),
    [
        (SANTE, {}, True),
        (SANTE, {"decision": "non_requise", "justification": "Peu de dossiers."}, True),
        (SANTE | {"grande_echelle": False}, {}, False),
        (SANTE | {"grande_echelle": True}, {}, False),
        (SANTE, {"decision": "realisee"}, False),
        (SANTE, {"decision": "requise"}, False),
        (SANTE, {"date": "2026-01-05"}, False),
        (SANTE, {"liste_dispense": ["D06"]}, False),
        (donnees("INFRACTIONS"), {}, True),
        (donnees("LOCALISATION"), {}, True),
        (profil("segmentation"), {}, True),
        (profil("segmentation"), {"decision": "non_requise", "justification": "Un seul critère."}, False),
        ({}, {"criteres": DEUX}, False),  # l'échelle n'y change rien
        (profil() | avec("finalites", type="fraude"), {}, False),  # un type de traitement le demande déjà
        ({}, {}, False),
    ],
)
def test_l_echelle_se_dit_quand_l_analyse_en_depend(fiche, champs, parle):
    assert ou_parle("AIP-07", aipd(fiche=fiche, **champs)) == (["grande_echelle"] if parle else [])


@pytest.mark.parametrize(
    ("fiche", "mot"),
    [
        (SANTE, "art. 35(3)(b)"),
        (donnees("LOCALISATION"), "liste de la CNIL"),
        (profil(), "Évaluation ou notation"),
    ],
)
def test_la_question_de_l_echelle_dit_ce_qui_en_depend(fiche, mot):
    assert mot in phrases("AIP-07", aipd(fiche=fiche))


# --- AIP-03 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("eleve", "consultation", "parle"),
    [
        (True, "", True),
        (True, None, True),
        (True, "Saisine du 3 mars 2026", False),
        (False, "", False),
        (None, "", False),
    ],
)
def test_un_risque_eleve_suppose_la_consultation_de_la_cnil(eleve, consultation, parle):
    lus = aipd(risque_residuel_eleve=eleve, consultation_art36=consultation)
    assert ou_parle("AIP-03", lus) == (["aipd.consultation_art36"] if parle else [])


@pytest.mark.parametrize(
    ("champs", "parle"),
    [
        ({"decision": "realisee"}, True),
        ({"date": "2026-01-05"}, True),
        ({"date": "2027-01-05"}, False),
        ({"decision": "realisee", "risque_residuel_eleve": False}, False),
        ({"decision": "requise"}, False),
        ({"decision": "non_requise"}, False),
        ({}, False),
    ],
)
def test_une_analyse_faite_dit_le_risque_qui_reste(champs, parle):
    constats = [c for c in controler(aipd(**champs), JOUR) if c.code == "AIP-03"]
    attendu = [("aipd.risque_residuel_eleve", Gravite.ALERTE)] if parle else []
    assert [(c.chemin, c.gravite) for c in constats] == attendu


def test_le_risque_eleve_bloque_sans_ecart_possible():
    (constat,) = [c for c in controler(aipd(risque_residuel_eleve=True), JOUR) if c.code == "AIP-03"]
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, False)


# --- AIP-04 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("dispense", "personnes", "parle"),
    [
        (["D02"], ["CLIENTS"], True),
        (["D02"], ["FOURNISSEURS", "PROSPECTS"], True),
        (["D02"], ["FOURNISSEURS"], False),
        (["D02"], [], False),
        ([], ["CLIENTS"], False),
        (None, ["CLIENTS"], False),
    ],
)
def test_la_dispense_ne_vise_ni_les_clients_ni_les_prospects(dispense, personnes, parle):
    lues = [{"numero": n, "categorie": c} for n, c in enumerate(personnes, 1)]
    lus = aipd(fiche={"personnes": lues}, liste_dispense=dispense)
    assert ou_parle("AIP-04", lus) == (["aipd.liste_dispense"] if parle else [])
    assert ("relation fournisseurs" in phrases("AIP-04", lus)) is parle


@pytest.mark.parametrize(
    ("dispense", "fiche", "manque"),
    [
        # Une profession dont les clients sont l'objet même de la dispense.
        ("D06", personnes("CLIENTS"), ""),
        ("D07", personnes("CLIENTS"), ""),
        ("D09", personnes("CLIENTS"), ""),
        ("D05", personnes("AUTRES_PERSONNES"), ""),
        ("D05", personnes("CLIENTS", precisions="adhérents et donateurs de l'association"), ""),
        ("D05", personnes("CLIENTS"), "ne vise que les membres et les donateurs"),
        ("D05", personnes("AUTRES_PERSONNES") | donnees("SANTE"), "ne vaut pas pour des données sensibles"),
        ("D01", personnes("SALARIES"), ""),
        ("D01", personnes("SALARIES") | profil(), "recouru au profilage"),
        ("D11", personnes("SALARIES"), ""),
        ("D11", personnes("SALARIES") | donnees("BIOMETRIQUES"), "dispositif biométrique"),
    ],
)
def test_chaque_dispense_a_ses_conditions(dispense, fiche, manque):
    phrase = phrases("AIP-04", aipd(fiche=fiche, liste_dispense=[dispense]))
    assert manque in phrase
    assert bool(phrase) is bool(manque)


@pytest.mark.parametrize(("effectif", "parle"), [(249, False), (250, True), (None, False)])
def test_la_dispense_du_personnel_s_arrete_a_deux_cent_cinquante_personnes(effectif, parle):
    lus = faits({"effectif": effectif}, aipd={"liste_dispense": ["D01"]}, **personnes("SALARIES"))
    assert bool(ou_parle("AIP-04", lus)) is parle


# --- AIP-05 ------------------------------------------------------------------------------------------------------------
FAITE = {"decision": "realisee", "date": "2026-03-01", "document": "AIPD-7"}


@pytest.mark.parametrize(
    ("champs", "chemins"),
    [
        (FAITE, []),
        (FAITE | {"date": ""}, ["aipd.date"]),
        (FAITE | {"date": None, "document": None}, ["aipd.date", "aipd.document"]),
        (FAITE | {"document": " "}, ["aipd.document"]),
        (FAITE | {"date": "2026-11-24"}, []),
        (FAITE | {"date": "2026-11-25"}, ["aipd.date"]),
        ({"decision": "requise", "date": "2027-01-01"}, []),  # une analyse prévue
        (FAITE | {"decision": ""}, ["aipd.decision"]),
        ({"document": "AIPD-7"}, ["aipd.decision"]),
        ({"date": "2026-03-01"}, ["aipd.decision"]),
        ({"decision": "non_requise"}, []),
        ({}, []),
    ],
)
def test_une_analyse_realisee_se_montre(champs, chemins):
    assert ou_parle("AIP-05", aipd(**champs)) == chemins


def test_la_date_qui_manque_ne_se_dit_qu_une_fois():
    lus = aipd(decision="realisee", liste_requise=["R10"], document="AIPD-7")
    assert (ou_parle("AIP-01", lus), ou_parle("AIP-05", lus)) == (["aipd.date"], [])
