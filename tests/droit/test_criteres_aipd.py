"""Ce que les faits d'une fiche suggèrent pour l'analyse d'impact : critères, types, et pourquoi."""

import pytest

from droit.criteres_aipd import CRITERES, certains, proposer
from droit.faits import Faits
from droit.types_aipd import TYPES, proposer_types
from exemples_faits import SAINE, avec, faits, reperes

EXCLUSION = avec("finalites", type="exclusion", libelle="Tenir la liste des mauvais payeurs")


def donnees(*categories, **champs):
    return {"donnees": [{"numero": n, "categorie": c, **champs} for n, c in enumerate(categories, 1)]}


def personnes(*categories):
    return {"personnes": [{"numero": n, "categorie": c} for n, c in enumerate(categories, 1)]}


def profil(**champs):
    return {"profilage": {"niveau": "segmentation", **champs}}


def codes(propositions):
    return [p.code for p in propositions]


def test_une_fiche_ordinaire_ne_suggere_rien():
    assert proposer(faits()) == proposer_types(faits()) == []


@pytest.mark.parametrize(
    ("fiche", "code", "pourquoi"),
    [
        (profil(niveau="score"), "C1_EVALUATION", "Un profilage de niveau « score"),
        (avec("finalites", type="profilage"), "C1_EVALUATION", "Une finalité de profilage"),
        (donnees("PROFILS"), "C1_EVALUATION", "profils, scores ou segments"),
        ({"profilage": {"recommandation": True}}, "C1_EVALUATION", "recommandations"),
        (profil(decision_auto=True), "C2_DECISION_AUTO", "exclusivement automatisée"),
        (profil(niveau="decision_automatisee"), "C2_DECISION_AUTO", "exclusivement automatisée"),
        (profil(traceurs=True), "C3_SURVEILLANCE", "traceurs"),
        (donnees("SANTE"), "C4_SENSIBLES", "sensibles sont traitées : données concernant la santé"),
        (donnees("INFRACTIONS"), "C4_SENSIBLES", "infraction"),
        (
            donnees("LOCALISATION", "IMPAYES"),
            "C4_SENSIBLES",
            "données de localisation et impayés et recouvrement",
        ),
        (profil(sensible=True), "C4_SENSIBLES", "révèle"),
        ({"grande_echelle": True}, "C5_GRANDE_ECHELLE", "grande échelle"),
        (profil(sources_tierces=True), "C6_CROISEMENT", "sources externes"),
        (profil(plateforme_tierce=True), "C6_CROISEMENT", "plateforme"),
        (
            donnees("COORDONNEES", sources=["DIRECTE", "COURTIER"]),
            "C6_CROISEMENT",
            "location ou achat de fichier",
        ),
        (personnes("CLIENTS", "MINEURS"), "C7_VULNERABLES", "personnes concernées : mineurs."),
        (personnes("MINEURS", "SALARIES"), "C7_VULNERABLES", "mineurs et salariés."),
        (donnees("BIOMETRIQUES"), "C8_INNOVANT", "biométriques"),
        ({"mesures": [{"numero": 1, "fiche": "SEC24"}]}, "C8_INNOVANT", "intelligence artificielle"),
        (EXCLUSION, "C9_BLOCAGE", "« Tenir la liste des mauvais payeurs »"),
    ],
)
def test_un_fait_suggere_un_critere_et_dit_pourquoi(fiche, code, pourquoi):
    propositions = {p.code: p.pourquoi for p in proposer(faits(**fiche))}
    assert pourquoi in propositions[code]
    assert propositions[code].endswith(".")


@pytest.mark.parametrize(
    "fiche",
    [
        {"profilage": {"niveau": "aucun", "traceurs": None, "decision_auto": False}},
        {"profilage": None},
        {"grande_echelle": None},
        {"grande_echelle": False},
        donnees("COORDONNEES", sources=["COURTIER"]),  # une seule source : rien n'est croisé
        donnees("COORDONNEES", sources=["DIRECTE", "DEDUITE"]),
        personnes("CLIENTS", "PROSPECTS"),
        avec("finalites", type="fraude"),
    ],
)
def test_ce_que_les_faits_ne_disent_pas_n_est_pas_suggere(fiche):
    assert proposer(faits(**fiche)) == []


def test_plusieurs_faits_donnent_une_proposition_par_critere_dans_l_ordre():
    fiche = {**EXCLUSION, **donnees("SANTE", "LOCALISATION"), **profil(sensible=True), "grande_echelle": True}
    propositions = proposer(faits(**fiche))
    assert codes(propositions) == ["C1_EVALUATION", "C4_SENSIBLES", "C5_GRANDE_ECHELLE", "C9_BLOCAGE"]
    assert propositions[1].pourquoi.count(".") == 3


@pytest.mark.parametrize(
    ("fiche", "attendus"),
    [
        (profil(decision_auto=True), ["A35_3_A"]),
        ({**donnees("SANTE"), "grande_echelle": True}, ["A35_3_B"]),
        ({**donnees("SANTE"), "grande_echelle": None}, []),
        ({**donnees("GENETIQUES"), **personnes("MINEURS")}, ["R02"]),
        (donnees("GENETIQUES"), []),
        ({**EXCLUSION, **profil()}, ["R08"]),
        (EXCLUSION, []),
        ({**EXCLUSION, **donnees("IMPAYES"), "cession": {"active": True}}, ["R09"]),
        ({**EXCLUSION, **donnees("IMPAYES"), "cession": {"active": None}}, []),
        (profil(sources_tierces=True), ["R10"]),
        ({"profilage": {"niveau": "aucun", "sources_tierces": True}}, []),
        (profil(sources_tierces=False), []),
        ({**donnees("BIOMETRIQUES"), **personnes("SALARIES")}, ["R11"]),
        (donnees("BIOMETRIQUES"), []),
        ({**donnees("LOCALISATION"), "grande_echelle": True}, ["R14"]),
        (donnees("LOCALISATION"), []),
        (personnes("FOURNISSEURS"), ["D02"]),
        (personnes("FOURNISSEURS", "CONTACTS_PRO"), ["D02"]),
        (personnes("FOURNISSEURS", "CLIENTS"), []),
        (personnes("CONTACTS_PRO"), []),
        ({**personnes("FOURNISSEURS"), **profil()}, []),
        ({**personnes("SALARIES", "CANDIDATS"), **profil()}, ["R03"]),
        ({**personnes("SALARIES", "CLIENTS"), **profil()}, []),
        ({**avec("finalites", type="fraude"), **profil(niveau="score")}, ["R08"]),
        ({**avec("finalites", type="fraude"), **profil()}, []),
        (personnes("SALARIES"), ["D01"]),
        (personnes("SALARIES", "CANDIDATS", "SERVICES_INTERNES"), ["D01"]),
        (personnes("CANDIDATS"), []),
        ({"intitule": "Recueil des alertes professionnelles", **personnes("SALARIES")}, ["R06"]),
        ({"intitule": "Vidéosurveillance du magasin", "grande_echelle": True}, ["A35_3_C"]),
        ({"intitule": "Vidéosurveillance du magasin"}, []),
        ({"intitule": "Vidéosurveillance de l'entrepôt", **personnes("SALARIES")}, ["R04"]),
        ({"intitule": "Dossiers des patients", **donnees("SANTE")}, ["R01"]),
        ({"intitule": "Dossiers des patients"}, []),
        ({"intitule": "Entrepôt de données de santé"}, ["R07"]),
        ({"intitule": "Attribution des logements sociaux"}, ["R12"]),
    ],
)
def test_les_faits_suggerent_un_type_quand_ils_suffisent(fiche, attendus):
    propositions = proposer_types(faits(**fiche))
    assert codes(propositions) == attendus
    assert all(p.pourquoi.endswith(".") for p in propositions)


@pytest.mark.parametrize(
    ("fiche", "code", "certain"),
    [
        (profil(), "C1_EVALUATION", True),
        ({"intitule": "Scoring des prospects"}, "C1_EVALUATION", False),
        (donnees("CARTE_BANCAIRE"), "C4_SENSIBLES", True),
        (donnees("MOYENS_PAIEMENT"), "C4_SENSIBLES", False),
        (donnees("MOYENS_PAIEMENT", "LOCALISATION"), "C4_SENSIBLES", True),
        (profil(sources_tierces=True), "C6_CROISEMENT", True),
        (donnees("COORDONNEES", sources=["DIRECTE", "COURTIER"]), "C6_CROISEMENT", False),
        (personnes("MINEURS"), "C7_VULNERABLES", True),
        (
            {"personnes": [{"numero": 1, "categorie": "CLIENTS", "precisions": "élèves et parents"}]},
            "C7_VULNERABLES",
            False,
        ),
        (donnees("BIOMETRIQUES"), "C8_INNOVANT", True),
        ({"mesures": [{"numero": 1, "fiche": "SEC24"}]}, "C8_INNOVANT", False),
        (EXCLUSION, "C9_BLOCAGE", True),
        ({**avec("finalites", type="fraude"), **profil(niveau="score")}, "C9_BLOCAGE", False),
    ],
)
def test_ce_qui_est_declare_est_certain_et_ce_qui_s_en_deduit_ne_l_est_pas(fiche, code, certain):
    lus = faits(**fiche)
    assert {p.code: p.certain for p in proposer(lus)}[code] is certain
    assert (code in certains(lus)) is certain


@pytest.mark.parametrize(
    ("effectif", "propose"), [(249, True), (250, False), (None, False), ("quarante", False)]
)
def test_la_dispense_du_personnel_suit_l_effectif(effectif, propose):
    lus = faits({"effectif": effectif}, **personnes("SALARIES"))
    assert codes(proposer_types(lus)) == (["D01"] if propose else [])


@pytest.mark.parametrize(
    ("fiche", "code", "certain"),
    [
        (profil(niveau="score", decision_auto=True), "A35_3_A", True),
        (profil(niveau="decision_automatisee"), "A35_3_A", False),
        (profil(decision_auto=True), "A35_3_A", False),
        ({**donnees("SANTE"), "grande_echelle": True}, "A35_3_B", True),
        ({**EXCLUSION, **profil()}, "R08", False),
        (profil(sources_tierces=True), "R10", True),
        ({"intitule": "Ligne éthique"}, "R06", False),
    ],
)
def test_un_type_deduit_n_est_pas_certain(fiche, code, certain):
    assert {p.code: p.certain for p in proposer_types(faits(**fiche))}[code] is certain


def test_ce_qui_se_propose_existe_dans_les_referentiels():
    assert list(CRITERES) == list(reperes().criteres_aipd)
    assert set(TYPES) <= set(reperes().types_aipd)


@pytest.mark.parametrize(
    "fiche",
    [
        {},
        {nom: None for nom in SAINE},
        {
            "profilage": {"niveau": 3, "traceurs": "oui"},
            **donnees(None, sources="DIRECTE"),
            **personnes(None, 4),
        },
        {"finalites": [{"numero": 1, "type": "exclusion", "libelle": None}], "grande_echelle": "oui"},
    ],
)
def test_une_fiche_absurde_ne_fait_rien_tomber(fiche):
    for lus in (Faits(fiche), Faits(fiche, {}, reperes())):
        proposer(lus)
        certains(lus)
        proposer_types(lus)
