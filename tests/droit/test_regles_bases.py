"""Bases légales et droits annoncés : les règles BAS hors du consentement, de part et d'autre de leur condition."""

import pytest

from droit.faits import Faits
from droit.regles import Gravite, controler
from exemples_faits import JOUR, ORGANISME, SAINE, avec, faits, ou_parle, phrases

PESE = {
    "base_legale": "INTERET_LEGITIME",
    "interet_legitime": "Faire connaître nos articles à nos clients",
    "balance_faite": True,
    "balance": "Note du 4 mars 2026",
}
COMMUNS = ["ACCES", "EFFACEMENT", "LIMITATION", "RECTIFICATION"]


def finalite(**champs):
    return avec("finalites", **champs)


def pesee(**champs):
    return finalite(**PESE | champs)


def annonce(base, *droits, **champs):
    """Une finalité sur cette base, et une information qui annonce ces droits."""
    information = {**SAINE["information"], "droits": list(droits)}
    return finalite(base_legale=base, **champs) | {"information": information}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("BAS-01", finalite(base_legale=None), ["finalites[1].base_legale"]),
        ("BAS-01", finalite(base_legale=""), ["finalites[1].base_legale"]),
        ("BAS-02", finalite(base_legale="OBLIGATION_LEGALE"), ["finalites[1].texte_legal"]),
        (
            "BAS-02",
            finalite(base_legale="MISSION_INTERET_PUBLIC", texte_legal=" "),
            ["finalites[1].texte_legal"],
        ),
        (
            "BAS-02",
            finalite(base_legale="OBLIGATION_LEGALE", texte_legal="Obligations comptables"),
            ["finalites[1].texte_legal"],
        ),
        ("BAS-03", pesee(balance_faite=False), ["finalites[1].balance_faite"]),
        ("BAS-03", pesee(balance_faite=None), ["finalites[1].balance_faite"]),
        ("BAS-03", pesee(balance=" "), ["finalites[1].balance"]),
        ("BAS-03", pesee(interet_legitime=""), ["finalites[1].interet_legitime"]),
        ("BAS-04", finalite(type="prospection"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="cession"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="profilage"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="statistiques"), ["finalites[1].base_legale"]),
        ("BAS-04", finalite(type="fraude"), ["finalites[1].base_legale"]),
        (
            "BAS-12",
            finalite(type="prospection", base_legale="OBLIGATION_LEGALE", texte_legal="C. com. art. L123-22"),
            ["finalites[1].base_legale"],
        ),
        (
            "BAS-12",
            finalite(type="cession", base_legale="MISSION_INTERET_PUBLIC"),
            ["finalites[1].base_legale"],
        ),
        ("BAS-12", finalite(base_legale="INTERETS_VITAUX"), ["finalites[1].justification"]),
        (
            "BAS-12",
            finalite(type="prospection", base_legale="INTERETS_VITAUX", justification="Utile"),
            ["finalites[1].justification"],
        ),
        (
            "BAS-10",
            annonce("INTERET_LEGITIME", *COMMUNS, "OPPOSITION", "PORTABILITE"),
            ["information.droits"],
        ),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "OPPOSITION"), ["information.droits"]),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "RETRAIT"), ["information.droits"]),
        ("BAS-10", annonce("INTERET_LEGITIME", *COMMUNS), ["information.droits"]),
        ("BAS-10", annonce("CONTRAT", "ACCES"), ["information.droits"]),
        ("BAS-10", annonce("CONSENTEMENT", *COMMUNS), ["information.droits"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("BAS-01", finalite(base_legale="CONTRAT")),
        ("BAS-01", {"qualite": "sous-traitant"} | finalite(base_legale=None)),
        ("BAS-02", finalite(base_legale="OBLIGATION_LEGALE", texte_legal="C. com. art. L123-22")),
        ("BAS-02", finalite(base_legale="CONTRAT", texte_legal="")),
        *(
            ("BAS-02", finalite(base_legale="OBLIGATION_LEGALE", texte_legal=cite))
            for cite in (
                "Code de commerce",
                "CGI art. 286",
                "Loi n° 2016-1691 du 9 décembre 2016",
                "RGPD, articles 15 à 22",
                "L. 102 B du LPF",
                "Convention collective du commerce de détail",
            )
        ),
        ("BAS-03", pesee()),
        ("BAS-03", finalite(base_legale="CONTRAT", balance_faite=False)),
        ("BAS-04", finalite(type="execution")),
        ("BAS-04", finalite(type="etude")),
        ("BAS-04", finalite(type=None)),
        ("BAS-04", finalite(type="prospection", base_legale="INTERET_LEGITIME")),
        (
            "BAS-12",
            finalite(type="execution", base_legale="OBLIGATION_LEGALE", texte_legal="C. com. art. L123-22"),
        ),
        ("BAS-12", finalite(type="profilage", base_legale="OBLIGATION_LEGALE")),
        ("BAS-12", finalite(base_legale="INTERETS_VITAUX", justification="Rappel d'un produit dangereux")),
        ("BAS-12", finalite(type="prospection", base_legale=None)),
        ("BAS-10", annonce("CONTRAT")),
        ("BAS-10", annonce("CONTRAT", *COMMUNS)),
        ("BAS-10", annonce("CONTRAT", *COMMUNS, "PORTABILITE", "RECLAMATION", "POST_MORTEM")),
        ("BAS-10", annonce("CONSENTEMENT", *COMMUNS, "RETRAIT")),
        ("BAS-10", annonce("OBLIGATION_LEGALE", *COMMUNS)),
        ("BAS-10", annonce(None, *COMMUNS, "PORTABILITE", "OPPOSITION", "RETRAIT")),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize(
    ("nature", "gravite"),
    [
        ("prospection", Gravite.BLOQUANT),
        ("cession", Gravite.BLOQUANT),
        ("profilage", Gravite.ALERTE),
        ("statistiques", Gravite.ALERTE),
        ("fraude", Gravite.ALERTE),
    ],
)
def test_le_contrat_ne_fonde_jamais_la_prospection_et_rarement_le_reste(nature, gravite):
    constats = [c for c in controler(faits(**finalite(type=nature)), JOUR) if c.code == "BAS-04"]
    assert [(c.gravite, c.ecartable) for c in constats] == [(gravite, True)]


def deux_finalites(premiere, seconde):
    return {
        "finalites": [
            {
                "numero": n,
                "libelle": f"Finalité d'essai numéro {n}",
                "type": "execution",
                "canaux": [],
                **champs,
            }
            for n, champs in enumerate((premiere, seconde), 1)
        ]
    }


def test_chaque_finalite_se_juge_seule():
    """Une mise en balance faite ne vaut pas pour l'autre finalité, ni un texte cité, ni une base qui convient."""
    fautive = {"base_legale": "INTERET_LEGITIME", "balance_faite": False, "interet_legitime": "Vendre"}
    assert ou_parle("BAS-03", faits(**deux_finalites(PESE, fautive))) == ["finalites[2].balance_faite"]
    contrat = {"base_legale": "CONTRAT", "type": "prospection"}
    assert ou_parle("BAS-04", faits(**deux_finalites({"base_legale": "CONTRAT"}, contrat))) == [
        "finalites[2].base_legale"
    ]


@pytest.mark.parametrize(
    ("organisme", "fiche", "chemins"),
    [
        ({"autorite_publique": True}, pesee(), ["finalites[1].base_legale"]),
        ({"autorite_publique": True}, finalite(base_legale="CONTRAT"), []),
        ({"autorite_publique": False, "raison_sociale": "Commune de Lavande"}, pesee(), []),
        ({"autorite_publique": None}, pesee(), []),
        ({"raison_sociale": "Commune de Lavande"}, pesee(), ["organisme.autorite_publique"]),
        ({"raison_sociale": "Université de Grasse"}, pesee(), ["organisme.autorite_publique"]),
        ({"raison_sociale": "Commune de Lavande"}, finalite(base_legale="CONTRAT"), []),
        ({"raison_sociale": "Ville et Jardin SARL"}, pesee(), []),
        (
            {"autorite_publique": None},
            deux_finalites(
                PESE, {"base_legale": "MISSION_INTERET_PUBLIC", "texte_legal": "CGCT art. L2121-29"}
            ),
            ["organisme.autorite_publique"],
        ),
    ],
)
def test_une_autorite_publique_n_invoque_pas_l_interet_legitime_pour_ses_missions(organisme, fiche, chemins):
    lus = faits(organisme, **fiche)
    assert ou_parle("BAS-11", lus) == chemins
    assert all(c.gravite is Gravite.ALERTE for c in controler(lus, JOUR) if c.code == "BAS-11")


def test_une_entreprise_sans_texte_n_a_pas_de_mission_d_interet_public():
    mission = finalite(base_legale="MISSION_INTERET_PUBLIC")
    assert "Une entreprise" in phrases("BAS-02", faits({"autorite_publique": False}, **mission))
    assert "Une entreprise" not in phrases("BAS-02", faits({"autorite_publique": None}, **mission))


@pytest.mark.parametrize(
    ("fiche", "mot"),
    [
        (annonce("INTERET_LEGITIME", *COMMUNS, "OPPOSITION", "PORTABILITE"), "portabilité"),
        (annonce("CONTRAT", *COMMUNS, "OPPOSITION"), "droit d'opposition"),
        (annonce("CONTRAT", *COMMUNS, "RETRAIT"), "retrait du consentement"),
        (annonce("INTERET_LEGITIME", *COMMUNS), "« Opposition »"),
        (annonce("CONSENTEMENT", *COMMUNS), "« Retrait du consentement »"),
        (annonce("CONTRAT", "ACCES"), "« Rectification », « Effacement », « Limitation »"),
    ],
)
def test_la_phrase_nomme_le_droit_en_cause(fiche, mot):
    assert mot in phrases("BAS-10", faits(**fiche))


@pytest.mark.parametrize(
    ("droits", "parle"),
    [
        ((*COMMUNS, "RETRAIT", "OPPOSITION"), True),
        ((*COMMUNS, "RETRAIT", "OPPOSITION_PROSPECTION"), False),
        ((*COMMUNS, "RETRAIT", "OPPOSITION_PROSPECTION", "OPPOSITION"), False),
    ],
)
def test_l_opposition_a_la_prospection_s_annonce_quelle_que_soit_la_base(droits, parle):
    lus = faits(**annonce("CONSENTEMENT", *droits, type="prospection"))
    assert bool(ou_parle("BAS-10", lus)) is parle


def test_une_information_fautive_par_exces_et_par_defaut_recoit_deux_phrases():
    lus = faits(**annonce("INTERET_LEGITIME", *COMMUNS, "PORTABILITE"))
    assert ou_parle("BAS-10", lus) == ["information.droits", "information.droits"]


def test_sans_referentiels_rien_ne_se_compare():
    fiche = SAINE | annonce("CONTRAT", "OPPOSITION")
    assert ou_parle("BAS-10", Faits(fiche, ORGANISME)) == []


def test_le_consentement_explicite_ouvre_le_retrait_et_s_annonce():
    """Les articles 6 et 9 se cumulent : sous un contrat, la personne retire encore son consentement explicite."""
    droits = (*COMMUNS, "PORTABILITE")
    contrat = annonce("CONTRAT", *droits, "RETRAIT", consentement_explicite=True)
    assert ou_parle("BAS-10", faits(**contrat)) == []
    tu = annonce("CONTRAT", *droits, consentement_explicite=True)
    assert "« Retrait du consentement »" in phrases("BAS-10", faits(**tu))
