"""Complétude : chaque règle REG, de part et d'autre de sa condition."""

from datetime import date

import pytest

from droit.faits import Faits
from droit.regles import Gravite, controler, controler_organisme
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases, reperes

MELEES = [
    {"numero": 1, "libelle": "Livrer les commandes", "type": "execution", "base_legale": "CONTRAT"},
    {
        "numero": 2,
        "libelle": "Proposer nos nouveautés",
        "type": "prospection",
        "base_legale": "INTERET_LEGITIME",
    },
]


def destinataire(**champs):
    return {"destinataires": [{**SAINE["destinataires"][0], **champs}]}


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
        ("REG-03", avec("personnes", categorie=""), ["personnes[1].categorie"]),
        ("REG-03", avec("donnees", categorie=None), ["donnees[1].categorie"]),
        ("REG-04", {"destinataires": []}, ["destinataires"]),
        ("REG-05", {"securite_heritee": None}, ["mesures"]),
        ("REG-05", {"securite_heritee": False, "securite_justification": "  "}, ["mesures"]),
        ("REG-09", {"date_prochaine_revue": "2026-11-23"}, ["date_prochaine_revue"]),
        ("REG-10", {"statut": "validee", "date_maj": "2025-11-23"}, ["date_derniere_revue"]),
        (
            "REG-10",
            {"date_mise_en_oeuvre": "2024-01-01", "date_maj": "2025-11-23"},
            ["date_derniere_revue"],
        ),
        ("REG-11", {"finalites": MELEES}, ["finalites"]),
        ("REG-21", avec("finalites", type=""), ["finalites[1].type"]),
        ("REG-21", avec("finalites", type=None), ["finalites[1].type"]),
        ("REG-22", destinataire(type=""), ["destinataires[1].type"]),
        ("REG-22", destinataire(type="SOUS_TRAITANT", nom=""), ["destinataires[1].nom"]),
        ("REG-22", destinataire(type="PARTENAIRE", nom=" "), ["destinataires[1].nom"]),
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
        ("REG-09", {"date_prochaine_revue": "2026-11-24"}),
        ("REG-09", {"date_prochaine_revue": None}),
        ("REG-09", {"date_prochaine_revue": "pas une date"}),
        ("REG-10", {"statut": "validee", "date_maj": "2025-11-24"}),
        ("REG-10", {"statut": "validee", "date_maj": "2024-01-01", "date_derniere_revue": "2026-02-01"}),
        ("REG-10", {"statut": "brouillon", "date_maj": "2024-01-01"}),
        ("REG-10", {"statut": "validee", "date_maj": None}),
        ("REG-11", {"finalites": MELEES[:1]}),
        ("REG-11", {"finalites": MELEES[1:]}),
        ("REG-21", {}),
        ("REG-22", destinataire(nom="")),
        ("REG-22", destinataire(type="SOUS_TRAITANT", nom="", tiers="routeur")),
        ("REG-22", destinataire(type="PARTENAIRE", nom="", precisions="Assureurs de nos clients")),
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
    ],
)
def test_la_regle_parle_de_l_organisme(code, organisme, chemins):
    assert ou_parle(code, faits(organisme)) == chemins


@pytest.mark.parametrize(
    ("code", "organisme"),
    [
        ("REG-01", {"courriel": "", "telephone": "04 93 00 00 00"}),
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


@pytest.mark.parametrize(
    ("libelle", "gravite"),
    [
        ("", Gravite.BLOQUANT),
        ("Divers", Gravite.BLOQUANT),
        ("Gestion", Gravite.BLOQUANT),
        ("Livraison", Gravite.ALERTE),
        ("Facturer", Gravite.ALERTE),
        ("Gestion des données", Gravite.ALERTE),
        ("Gestion des données dans le cadre de nos activités et de nos services", Gravite.ALERTE),
        ("Traitement des données à caractère personnel", Gravite.ALERTE),
        ("Améliorer l'expérience utilisateur", Gravite.ALERTE),
        ("Bon fonctionnement de l'entreprise", Gravite.ALERTE),
        ("Utilisation à des fins internes", Gravite.ALERTE),
        ("Gestion de la relation client et actions diverses", Gravite.ALERTE),
        ("Optimiser et améliorer la gestion globale de la relation et des services", Gravite.ALERTE),
        ("Communication", Gravite.ALERTE),
        ("Vendre et livrer des articles divers de décoration", None),
        ("Gestion du personnel", None),
        ("Gestion des utilisateurs", None),
        ("Livraisons", None),
        ("Gestion des clients", None),
        ("Gestion de la paie", None),
        ("Gestion des réclamations des clients", None),
        ("Améliorer nos produits d'après les avis reçus", None),
        ("Suivre les commandes", None),
    ],
)
def test_une_finalite_se_juge_aux_mots_qui_disent_quelque_chose(libelle, gravite):
    """Les mots ne suffisent à bloquer que si rien n'est dit du tout."""
    constats = [c for c in controler(faits(**avec("finalites", libelle=libelle)), JOUR) if c.code == "REG-02"]
    assert [c.gravite for c in constats] == ([gravite] if gravite else [])


def test_les_sous_finalites_disent_ce_que_le_libelle_ne_dit_pas():
    libelle = "Gestion des données dans le cadre de nos activités"
    lus = faits(
        **avec("finalites", libelle=libelle, sous_finalites=["Suivre les colis", "Traiter les retours"])
    )
    assert ou_parle("REG-02", lus) == []


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
