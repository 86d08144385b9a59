"""Les règles de transfert : garantie, adéquation datée, article 46, dérogations, pays, outre-mer."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from droit.faits import Faits, figer
from droit.regles import REGLES, Exigence, Gravite, controler
from exemples_faits import JOUR, SAINE, TIERS, faits, ou_parle, phrases

ADEQUATION = {"garantie": "ADEQUATION", "importateur_certifie": True, "verifie_le": "2026-11-01"}
CLAUSES = {
    "garantie": "CCT_COMMISSION",
    "module_cct": "module-2",
    "tia": True,
    "document": "Clauses du 2 septembre 2024",
}
VEILLE = timedelta(days=1)


def transfert(pays="MA", **champs):
    """La fiche saine et un transfert, annoncé."""
    return faits(transferts_hors_eee=True, transferts=[{"numero": 1, "pays": pays, **champs}])


def destinataire(**champs):
    """La fiche saine et un second destinataire."""
    return faits(destinataires=[*SAINE["destinataires"], {"numero": 2, "type": "SOUS_TRAITANT", **champs}])


def constats(code, lus, le=JOUR):
    return [c for c in controler(lus, le) if c.code == code]


# --- TRF-01 : une garantie ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pays", ["MA", "US", "XEPO", "CH", "GB"])
@pytest.mark.parametrize("garantie", [None, ""])
def test_un_transfert_sans_garantie_est_signale(pays, garantie):
    assert ou_parle("TRF-01", transfert(pays, garantie=garantie)) == ["transferts[1].garantie"]


def test_une_organisation_internationale_sans_pays_appelle_aussi_une_garantie():
    lus = transfert(None, organisation="Organisation des Nations unies")
    assert ou_parle("TRF-01", lus) == ["transferts[1].garantie"]
    assert "Nations unies" in phrases("TRF-01", lus)


@pytest.mark.parametrize("pays", ["FR", "DE", "NO", "GP", "PF", None, "", "pays inconnu"])
def test_l_eee_l_outre_mer_et_l_inconnu_ne_sont_pas_des_transferts(pays):
    assert ou_parle("TRF-01", transfert(pays)) == []


def test_une_garantie_fait_taire_la_regle():
    assert ou_parle("TRF-01", transfert(**CLAUSES)) == []


def test_un_destinataire_hors_de_l_espace_suppose_un_transfert_declare():
    lus = destinataire(nom="Centre d'appels", pays="MA")
    assert ou_parle("TRF-01", lus) == ["destinataires[2].pays"]
    assert "(Centre d'appels, Maroc)" in phrases("TRF-01", lus)


@pytest.mark.parametrize("pays", ["FR", "GP", "NC", None])
def test_un_destinataire_dans_l_espace_ou_outre_mer_n_en_suppose_pas(pays):
    assert ou_parle("TRF-01", destinataire(nom="Antenne", pays=pays)) == []


def test_le_transfert_herite_du_pays_de_son_destinataire():
    recevant = {"numero": 2, "type": "SOUS_TRAITANT", "tiers": "routeur", "pays": "MA"}
    declare = {"numero": 1, "destinataire_numero": 2}
    lus = faits(destinataires=[*SAINE["destinataires"], recevant], transferts=[declare])
    assert ou_parle("TRF-01", lus) == ["transferts[1].garantie"]
    assert "(Envoléo SAS, Maroc)" in phrases("TRF-01", lus)
    encadre = faits(destinataires=[*SAINE["destinataires"], recevant], transferts=[declare | CLAUSES])
    assert ou_parle("TRF-01", encadre) == []


# --- TRF-02 : une décision en vigueur ----------------------------------------------------------------------------------
BASCULES = [  # pays, premier ou dernier jour, sens
    ("US", date(2023, 7, 10), "debut"),
    ("US", date(2020, 7, 15), "fin"),  # Privacy Shield : invalidé le 16 juillet 2020
    ("US", date(2016, 7, 12), "debut"),
    ("US", date(2015, 10, 5), "fin"),  # Safe Harbor
    ("GB", date(2031, 12, 27), "fin"),
    ("BR", date(2026, 1, 26), "debut"),
    ("XEPO", date(2025, 7, 15), "debut"),
    ("JP", date(2019, 1, 23), "debut"),
]


@pytest.mark.parametrize(("pays", "jour", "sens"), BASCULES)
def test_l_adequation_vaut_de_son_premier_a_son_dernier_jour(pays, jour, sens):
    lus = transfert(pays, **ADEQUATION)
    dehors = jour - VEILLE if sens == "debut" else jour + VEILLE
    assert ou_parle("TRF-02", lus, jour) == []
    assert ou_parle("TRF-02", lus, dehors) == ["transferts[1].garantie"]


@pytest.mark.parametrize(
    ("pays", "le", "dit"),
    [
        ("MA", JOUR, ["Aucune décision d'adéquation n'a été prise", "(Maroc)"]),
        (
            "BR",
            date(2026, 1, 25),
            ["La décision (UE) 2026/179 n'est en vigueur que depuis le 26 janvier 2026"],
        ),
        (
            "US",
            date(2020, 7, 16),
            [
                "La décision (UE) 2016/1250 (Privacy Shield) ne vaut plus depuis le 16 juillet 2020",
                "la décision (UE) 2023/1795 n'est en vigueur que depuis le 10 juillet 2023",
            ],
        ),
        (
            "US",
            date(2016, 7, 11),
            ["(Safe Harbor) ne vaut plus depuis le 6 octobre 2015", "que depuis le 12 juillet 2016"],
        ),
        ("GB", date(2031, 12, 28), ["La décision (UE) 2021/1772 ne vaut plus depuis le 28 décembre 2031"]),
        ("XEPO", date(2025, 7, 14), ["La décision du 15 juillet 2025", "que depuis le 15 juillet 2025"]),
    ],
)
def test_le_constat_date_la_decision_qui_manque(pays, le, dit):
    message = phrases("TRF-02", transfert(pays, **ADEQUATION), le).replace("\N{NO-BREAK SPACE}", " ")
    for attendu in dit:
        assert attendu in message


@pytest.mark.parametrize(
    ("pays", "le", "tiers"),
    [
        ("GB", date(2019, 6, 1), False),  # État membre
        ("GB", date(2020, 12, 31), False),  # période de transition
        ("GB", date(2021, 6, 27), False),  # disposition provisoire
        ("GB", date(2021, 6, 28), True),  # couvert par la décision de ce jour
        ("GB", JOUR, True),
        ("GI", date(2020, 12, 31), False),
        ("GI", date(2021, 1, 1), True),
        ("MA", date(2019, 6, 1), True),
        ("FR", date(2019, 6, 1), False),
    ],
)
def test_le_royaume_uni_n_est_un_pays_tiers_que_depuis_le_28_juin_2021(pays, le, tiers):
    lus = transfert(pays)
    assert ou_parle("TRF-01", lus, le) == (["transferts[1].garantie"] if tiers else [])
    assert ou_parle("TRF-01", destinataire(pays=pays), le) == (["destinataires[2].pays"] if tiers else [])
    sans_decision = tiers and pays in ("GI", "MA")
    fonde = transfert(pays, **ADEQUATION)
    assert ou_parle("TRF-02", fonde, le) == (["transferts[1].garantie"] if sans_decision else [])


@pytest.mark.parametrize("code", ["TRF-02", "TRF-04"])
def test_ce_qu_un_referentiel_peut_ignorer_s_ecarte(code):
    assert REGLES[code].ecartable


@pytest.mark.parametrize("pays", ["FR", "NO", "PF", None, "pays inconnu"])
def test_sans_transfert_il_n_y_a_pas_d_adequation_a_verifier(pays):
    assert ou_parle("TRF-02", transfert(pays, **ADEQUATION)) == []


def test_une_autre_garantie_que_l_adequation_ne_se_juge_pas_la():
    assert ou_parle("TRF-02", transfert(**CLAUSES)) == []


# --- TRF-03 : Privacy Shield -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("le", "parle"), [(date(2020, 7, 15), False), (date(2020, 7, 16), True), (JOUR, True)]
)
def test_le_privacy_shield_ne_vaut_plus_depuis_le_16_juillet_2020(le, parle):
    lus = transfert("US", garantie="INVALIDE_PRIVACY_SHIELD")
    assert ou_parle("TRF-03", lus, le) == (["transferts[1].garantie"] if parle else [])


def test_le_privacy_shield_ne_fait_qu_un_constat():
    lus = transfert("US", garantie="INVALIDE_PRIVACY_SHIELD", importateur="Mailwright Inc.")
    assert [c.code for c in controler(lus, JOUR)] == ["TRF-03"]
    assert ou_parle("TRF-03", transfert("US", **ADEQUATION)) == []


# --- TRF-04 : adéquation partielle -------------------------------------------------------------------------------------
@pytest.mark.parametrize("pays", ["US", "CA", "JP", "KR", "IL"])
@pytest.mark.parametrize("reponse", [False, None])
def test_une_adequation_partielle_suppose_un_transfert_couvert(pays, reponse):
    (constat,) = constats("TRF-04", transfert(pays, **ADEQUATION | {"importateur_certifie": reponse}))
    assert constat.chemin == "transferts[1].importateur_certifie"
    certain = pays == "US" and reponse is False
    assert (constat.gravite is Gravite.BLOQUANT) == certain
    assert constat.ecartable


@pytest.mark.parametrize("pays", ["US", "CA", "JP", "KR", "IL"])
def test_un_importateur_couvert_ne_se_signale_pas(pays):
    assert ou_parle("TRF-04", transfert(pays, **ADEQUATION)) == []


@pytest.mark.parametrize(
    ("verifie", "le", "parle"),
    [
        ("2025-11-24", date(2026, 11, 24), False),  # un an, jour pour jour
        ("2025-11-23", date(2026, 11, 24), True),
        ("2024-02-29", date(2025, 2, 28), False),
        ("2024-02-29", date(2025, 3, 1), True),
        ("2026-11-24", date(2026, 11, 24), False),
        ("2030-01-01", date(2026, 11, 24), False),
        (None, date(2026, 11, 24), True),
        ("", date(2026, 11, 24), True),
        ("pas une date", date(2026, 11, 24), True),
    ],
)
def test_verifier_chaque_annee_la_certification_se_conseille(verifie, le, parle):
    lus = transfert("US", **ADEQUATION | {"verifie_le": verifie})
    dits = [(c.chemin, c.gravite) for c in constats("TRF-04", lus, le)]
    gravite = (
        Gravite.CONSEIL if verifie and verifie[0] == "2" else Gravite.ALERTE
    )  # jamais vérifié, ou trop tôt
    assert dits == ([("transferts[1].verifie_le", gravite)] if parle else [])


@pytest.mark.parametrize("pays", ["CA", "JP", "KR", "IL"])
def test_la_portee_d_une_decision_ne_se_reverifie_pas_chaque_annee(pays):
    assert ou_parle("TRF-04", transfert(pays, **ADEQUATION | {"verifie_le": "2020-01-01"})) == []


def test_le_constat_dit_la_portee_de_la_decision_et_ou_la_verifier():
    message = phrases("TRF-04", transfert("US", **ADEQUATION | {"importateur_certifie": None}))
    assert "La décision (UE) 2023/1795 ne couvre pas tous les transferts" in message
    assert "Data Privacy Framework" in message and "https://www.dataprivacyframework.gov" in message
    assert "LPRPDE" in phrases("TRF-04", transfert("CA", garantie="ADEQUATION"))
    certifie = phrases("TRF-04", transfert("JP", **ADEQUATION | {"importateur_certifie": False}))
    assert "Vous indiquez qu'elle ne couvre pas le vôtre (Japon)" in certifie


@pytest.mark.parametrize("pays", ["CH", "GB", "MA"])
def test_une_adequation_generale_ou_absente_n_a_pas_d_importateur_a_verifier(pays):
    assert ou_parle("TRF-04", transfert(pays, garantie="ADEQUATION")) == []


# --- TRF-05 : garanties de l'article 46 --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "chemin", "manque"),
    [
        ({"document": ""}, "transferts[1].document", "il manque le document"),
        ({"module_cct": ""}, "transferts[1].module_cct", "il manque le module des clauses"),
        ({"tia": False}, "transferts[1].tia", "il manque l'analyse du transfert."),
        ({"tia": None}, "transferts[1].tia", "l'analyse du transfert (dites si elle est faite)"),
        (
            {"document": None, "module_cct": None, "tia": False},
            "transferts[1].document",
            "le document ou sa référence, le module des clauses et l'analyse du transfert",
        ),
    ],
)
def test_des_clauses_types_incompletes_disent_ce_qui_manque(change, chemin, manque):
    lus = transfert(**CLAUSES | change)
    assert ou_parle("TRF-05", lus) == [chemin]
    assert manque in phrases("TRF-05", lus)


@pytest.mark.parametrize(
    "champs",
    [
        CLAUSES,
        CLAUSES | {"pays": "CH", "tia": None},  # la Suisse a une décision générale : l'analyse est faite
        {"garantie": "BCR", "document": "BCR du groupe", "tia": True},  # pas de module
        {"garantie": "D49_A"},  # une dérogation
        ADEQUATION,
        {"garantie": "garantie inconnue"},
        {"garantie": None},
    ],
)
def test_une_garantie_complete_ou_d_un_autre_article_ne_se_signale_pas(champs):
    assert ou_parle("TRF-05", transfert(**champs)) == []


@pytest.mark.parametrize(
    "garantie",
    [
        "INSTRUMENT_PUBLIC",
        "BCR",
        "CCT_AUTORITE",
        "CODE_CONDUITE",
        "CERTIFICATION",
        "CLAUSES_AD_HOC",
        "ARRANGEMENT_PUBLIC",
    ],
)
def test_toute_garantie_de_l_article_46_suppose_un_document(garantie):
    assert ou_parle("TRF-05", transfert(garantie=garantie)) == ["transferts[1].document"]


@pytest.mark.parametrize(
    ("le", "manque"),
    [
        (date(2020, 7, 15), []),
        (date(2020, 7, 16), ["transferts[1].tia"]),
        (date(2022, 12, 27), ["transferts[1].tia"]),  # les clauses d'avant 2021 valent encore
        (date(2022, 12, 28), ["transferts[1].module_cct"]),
    ],
)
def test_ce_que_les_clauses_types_demandent_suit_la_date(le, manque):
    lus = transfert(garantie="CCT_COMMISSION", document="Clauses du 2 mai 2018")
    assert ou_parle("TRF-05", lus, le) == manque


def test_vers_un_pays_a_decision_partielle_l_analyse_reste_due():
    assert ou_parle("TRF-05", transfert("US", **CLAUSES | {"tia": None})) == ["transferts[1].tia"]


# --- TRF-06 : dérogations répétées -------------------------------------------------------------------------------------
@pytest.mark.parametrize("garantie", ["D49_A", "D49_B", "D49_C", "D49_D", "D49_E", "D49_F", "D49_G", "D49_2"])
def test_une_derogation_ne_fonde_pas_un_flux_regulier(garantie):
    assert ou_parle("TRF-06", transfert(garantie=garantie, repetitif=True)) == ["transferts[1].garantie"]


@pytest.mark.parametrize(
    ("garantie", "repetitif"),
    [("D49_A", False), ("D49_2", False), ("CCT_COMMISSION", True), ("CCT_COMMISSION", None), (None, True)],
)
def test_un_transfert_occasionnel_ou_encadre_ne_se_signale_pas(garantie, repetitif):
    assert ou_parle("TRF-06", transfert(garantie=garantie, repetitif=repetitif)) == []


@pytest.mark.parametrize("garantie", ["D49_A", "D49_B", "D49_2"])
def test_une_derogation_demande_si_le_transfert_se_repete(garantie):
    (constat,) = constats("TRF-06", transfert(garantie=garantie, repetitif=None))
    assert (constat.chemin, constat.gravite) == ("transferts[1].repetitif", Gravite.ALERTE)


@pytest.mark.parametrize(("garantie", "bloque"), [("D49_2", True), ("D49_A", False), ("D49_B", False)])
def test_seuls_les_interets_imperieux_excluent_un_flux_dans_le_texte_meme(garantie, bloque):
    (constat,) = constats("TRF-06", transfert(garantie=garantie, repetitif=True))
    assert (constat.gravite is Gravite.BLOQUANT) == bloque
    assert constat.ecartable


# --- TRF-07 : intérêts légitimes impérieux -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "informee", "chemins"),
    [
        ("", True, ["transferts[1].document"]),
        (None, None, ["transferts[1].document", "transferts[1].notification_cnil"]),
        ("Évaluation du 3 mars 2026", False, ["transferts[1].notification_cnil"]),
        ("", False, ["transferts[1].document", "transferts[1].notification_cnil"]),
        ("Évaluation du 3 mars 2026", None, ["transferts[1].notification_cnil"]),
        ("Évaluation du 3 mars 2026", True, []),
    ],
)
def test_les_interets_imperieux_supposent_une_piece_et_l_information_de_la_cnil(document, informee, chemins):
    lus = transfert(garantie="D49_2", document=document, notification_cnil=informee)
    assert ou_parle("TRF-07", lus) == chemins


def test_la_piece_est_exigee_par_l_article_30_et_ne_s_ecarte_pas():
    (constat,) = constats("TRF-07", transfert(garantie="D49_2", notification_cnil=True))
    assert (constat.gravite, constat.exigence, constat.ecartable) == (
        Gravite.BLOQUANT,
        Exigence.ARTICLE_30,
        False,
    )
    assert ou_parle("TRF-07", transfert(garantie="D49_A")) == []


@pytest.mark.parametrize(("reponse", "gravite"), [(False, Gravite.BLOQUANT), (None, Gravite.ALERTE)])
def test_l_information_de_la_cnil_bloque_si_l_on_dit_non_et_se_demande_si_l_on_ne_dit_rien(reponse, gravite):
    lus = transfert(garantie="D49_2", document="Évaluation du 3 mars 2026", notification_cnil=reponse)
    assert [c.gravite for c in constats("TRF-07", lus)] == [gravite]


# --- TRF-08 : pays inconnu ---------------------------------------------------------------------------------------------
def test_un_sous_traitant_sans_pays_est_signale():
    assert ou_parle("TRF-08", destinataire(nom="Routeur")) == ["destinataires[2].pays"]


@pytest.mark.parametrize(
    ("champs", "parle"),
    [
        ({}, True),
        ({"importateur": "Atlas"}, False),
        ({"destinataire_numero": 1}, False),
        ({"pays": "FR"}, False),  # le service client y est
    ],
)
def test_un_transfert_dit_qui_recoit_les_donnees(champs, parle):
    attendu = ["transferts[1].destinataire_numero"] if parle else []
    assert ou_parle("TRF-08", transfert(**{"pays": "MA", **champs})) == attendu


@pytest.mark.parametrize(
    ("type_", "repondu", "parle"),
    [
        ("PARTENAIRE", True, True),
        ("AUTRE_DESTINATAIRE", True, True),
        ("INTERNE", True, False),
        ("TIERS_AUTORISE", True, False),
        ("PARTENAIRE", False, False),
        ("PARTENAIRE", None, False),  # TRF-10 demande d'abord s'il y a des transferts
        ("SOUS_TRAITANT", False, True),
    ],
)
def test_s_il_y_a_des_transferts_chaque_destinataire_exterieur_dit_son_pays(type_, repondu, parle):
    autre = {"numero": 2, "type": type_, "nom": "Rif Services"}
    lus = faits(transferts_hors_eee=repondu, destinataires=[*SAINE["destinataires"], autre])
    assert ou_parle("TRF-08", lus) == (["destinataires[2].pays"] if parle else [])


def test_un_destinataire_d_un_pays_tiers_dit_lequel():
    assert ou_parle("TRF-08", destinataire(type="PAYS_TIERS", nom="Filiale")) == ["destinataires[2].pays"]
    assert ou_parle("TRF-08", destinataire(type="PAYS_TIERS", pays="MA")) == []


@pytest.mark.parametrize(
    "champs",
    [{"pays": "FR"}, {"tiers": "routeur"}, {"type": "PARTENAIRE"}],  # le pays du tiers suffit
)
def test_un_pays_connu_ou_un_autre_destinataire_ne_l_est_pas(champs):
    assert ou_parle("TRF-08", destinataire(**champs)) == []


def test_un_transfert_sans_pays_ni_organisation_est_signale():
    assert ou_parle("TRF-08", transfert(None, garantie="BCR", importateur="Atlas")) == ["transferts[1].pays"]
    assert ou_parle("TRF-08", transfert(None, organisation="ONU")) == []
    assert ou_parle("TRF-08", transfert(None, destinataire_numero=1)) == []  # celui de son destinataire


# --- TRF-09 : outre-mer hors de l'Union --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pays", "parle"), [("PF", True), ("NC", True), ("GP", False), ("RE", False), ("MA", False)]
)
def test_un_territoire_francais_hors_de_l_union_appelle_un_conseil(pays, parle):
    assert ou_parle("TRF-09", destinataire(pays=pays)) == (["destinataires[2].pays"] if parle else [])
    assert ou_parle("TRF-09", transfert(pays)) == (["transferts[1].pays"] if parle else [])


def test_le_meme_territoire_ne_se_dit_qu_une_fois():
    recevant = {"numero": 2, "type": "SOUS_TRAITANT", "pays": "PF"}
    declare = {"numero": 1, "destinataire_numero": 2, "pays": "PF"}
    lus = faits(destinataires=[*SAINE["destinataires"], recevant], transferts=[declare])
    assert ou_parle("TRF-09", lus) == ["destinataires[2].pays"]
    assert "Polynésie française" in phrases("TRF-09", lus)


# --- TRF-01 : un transfert qui vise le destinataire --------------------------------------------------------------------
def vers_atlas(type_="SOUS_TRAITANT", **champs):
    """Un destinataire marocain, et un transfert vers le Maroc qui ne porte pas son numéro."""
    atlas = {"numero": 2, "type": type_, "nom": "Atlas Relation", "pays": "MA"}
    return faits(
        transferts_hors_eee=True,
        destinataires=[*SAINE["destinataires"], atlas],
        transferts=[{"numero": 1, "pays": "MA", **CLAUSES, **champs}],
    )


@pytest.mark.parametrize(
    ("champs", "gravites"),
    [
        ({"destinataire_numero": 2}, []),
        ({}, []),
        ({"importateur": "ATLAS relation"}, []),
        ({"importateur": "Rif Services"}, [Gravite.ALERTE]),
        ({"destinataire_numero": 1}, [Gravite.BLOQUANT]),
        ({"pays": "US"}, [Gravite.BLOQUANT]),
    ],
)
def test_un_transfert_vise_son_destinataire_par_son_numero_ou_par_son_nom_et_son_pays(champs, gravites):
    assert [c.gravite for c in constats("TRF-01", vers_atlas(**champs))] == gravites


def test_un_service_de_l_organisme_hors_de_l_espace_pose_la_question_sans_bloquer():
    service = {"numero": 1, "type": "INTERNE", "nom": "Bureau de Rabat", "pays": "MA"}
    (constat,) = constats("TRF-01", faits(destinataires=[service]))
    assert (constat.gravite, constat.chemin) == (Gravite.ALERTE, "destinataires[1].pays")
    assert "autre personne morale" in constat.message


# --- TRF-10 : y a-t-il des transferts ? --------------------------------------------------------------------------------
RIF = {"numero": 2, "type": "PARTENAIRE", "nom": "Rif Services", "pays": "MA"}


@pytest.mark.parametrize(
    ("fiche", "dit"),
    [
        ({"transferts_hors_eee": None}, "Dites si des données sont envoyées"),
        (
            {"transferts_hors_eee": None, "transferts": [{"numero": 1, "pays": "MA"}]},
            "ne répond pas à la question",
        ),
        ({"transferts_hors_eee": True}, "n'en décrit aucun"),
        ({"transferts_hors_eee": True, "transferts": [{"numero": 1, "pays": "FR"}]}, "n'en décrit aucun"),
        ({"transferts": [{"numero": 1, "pays": "MA"}]}, "elle en montre (Maroc)"),
        ({"transferts": [{"numero": 1, "organisation": "ONU"}]}, "elle en montre (ONU)"),
        ({"destinataires": [RIF]}, "elle en montre (Rif Services, Maroc)"),
        ({"destinataires": [RIF | {"type": "PAYS_TIERS", "pays": None}]}, "elle en montre (Rif Services)"),
    ],
)
def test_l_existence_de_transferts_se_dit_et_ne_se_dement_pas(fiche, dit):
    lus = faits(**fiche)
    assert ou_parle("TRF-10", lus) == ["transferts_hors_eee"]
    assert dit in phrases("TRF-10", lus)


@pytest.mark.parametrize(
    "fiche",
    [
        {},
        {"transferts_hors_eee": True, "transferts": [{"numero": 1, "pays": "MA"}]},
        {"transferts_hors_eee": True, "transferts": [{"numero": 1}]},  # TRF-08 demande le pays
        {"transferts": [{"numero": 1, "pays": "FR"}]},
        {"destinataires": [RIF | {"pays": "PF"}]},
        {"destinataires": [RIF | {"type": "INTERNE"}]},
    ],
)
def test_une_fiche_d_accord_avec_elle_meme_ne_se_signale_pas(fiche):
    assert ou_parle("TRF-10", faits(**fiche)) == []


def test_en_2019_le_royaume_uni_ne_dement_pas_une_fiche_sans_transfert():
    lus = faits(destinataires=[RIF | {"pays": "GB"}])
    assert ou_parle("TRF-10", lus, date(2019, 6, 1)) == []
    assert ou_parle("TRF-10", lus) == ["transferts_hors_eee"]


# --- TRF-11 : pays démenti ---------------------------------------------------------------------------------------------
def avec_tiers(pays, **fiche):
    """La fiche saine et un sous-traitant établi là."""
    lus = faits(**fiche)
    tiers = figer({**TIERS, "lointain": {**TIERS["routeur"], "nom": "Bharat Support", "pays": pays}})
    return Faits(lus.fiche, lus.organisme, replace(lus.reperes, tiers=tiers))


def ligne(pays, **champs):
    return [{"numero": 1, "type": "SOUS_TRAITANT", "tiers": "lointain", "pays": pays, **champs}]


@pytest.mark.parametrize(
    ("siege", "ici", "parle"),
    [
        ("IN", "FR", True),
        ("US", "IE", True),
        ("IN", None, False),  # le pays du tiers vaut : TRF-01 parle
        ("IN", "IN", False),
        ("IN", "US", False),
        ("IE", "FR", False),
        ("FR", "IN", False),
        (None, "FR", False),
    ],
)
def test_un_tiers_lointain_que_la_ligne_situe_dans_l_espace_est_signale(siege, ici, parle):
    lus = avec_tiers(siege, destinataires=ligne(ici))
    assert ou_parle("TRF-11", lus) == (["destinataires[1].pays"] if parle else [])


def test_le_constat_nomme_les_deux_pays_et_un_transfert_declare_y_repond():
    lus = avec_tiers("IN", destinataires=ligne("FR"))
    assert "Bharat Support" in phrases("TRF-11", lus)
    assert "(Inde)" in phrases("TRF-11", lus) and "« France »" in phrases("TRF-11", lus)
    declare = {"numero": 1, "destinataire_numero": 1, "pays": "IN", **CLAUSES}
    encadre = avec_tiers("IN", destinataires=ligne("FR"), transferts=[declare], transferts_hors_eee=True)
    assert ou_parle("TRF-11", encadre) == []


@pytest.mark.parametrize(("pays", "parle"), [("FR", True), ("IN", False), ("US", False), (None, False)])
def test_un_transfert_situe_dans_l_espace_vers_un_destinataire_lointain_est_signale(pays, parle):
    declare = {"numero": 1, "destinataire_numero": 1, "pays": pays}
    lus = avec_tiers("IN", destinataires=ligne("IN"), transferts=[declare])
    assert ou_parle("TRF-11", lus) == (["transferts[1].pays"] if parle else [])


# --- TRF-12 : autorités publiques --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("publique", "garantie", "parle"),
    [
        (True, "D49_A", True),
        (True, "D49_B", True),
        (True, "D49_C", True),
        (True, "D49_2", True),
        (True, "D49_D", False),
        (True, "CCT_COMMISSION", False),
        (False, "D49_A", False),
        (None, "D49_A", False),
    ],
)
def test_une_autorite_publique_n_invoque_pas_toute_derogation(publique, garantie, parle):
    transferts = [{"numero": 1, "pays": "MA", "garantie": garantie}]
    lus = faits({"autorite_publique": publique}, transferts=transferts)
    assert ou_parle("TRF-12", lus) == (["transferts[1].garantie"] if parle else [])


def test_le_constat_demande_si_le_transfert_releve_de_la_puissance_publique():
    lus = faits({"autorite_publique": True}, transferts=[{"numero": 1, "pays": "MA", "garantie": "D49_A"}])
    assert "prérogatives de puissance publique" in phrases("TRF-12", lus)


# --- TRF-13 : les clauses qui conviennent ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "le", "parle"),
    [
        ("Décision 2010/87/UE", date(2022, 12, 27), False),
        ("Décision 2010/87/UE", date(2022, 12, 28), True),
        ("Clauses 2004/915/CE", JOUR, True),
        ("Clauses (UE) 2021/914", JOUR, False),
        ("Clauses du 2 septembre 2024", JOUR, False),
    ],
)
def test_des_clauses_types_abrogees_ne_valent_plus_depuis_le_28_decembre_2022(document, le, parle):
    lus = transfert(**CLAUSES | {"document": document})
    assert ou_parle("TRF-13", lus, le) == (["transferts[1].document"] if parle else [])


@pytest.mark.parametrize(
    ("qualite", "type_", "module", "parle"),
    [
        ("responsable", "SOUS_TRAITANT", "module-2", False),
        ("responsable", "SOUS_TRAITANT", "module-1", True),
        ("conjoint", "SOUS_TRAITANT", "module-3", True),
        ("sous-traitant", "SOUS_TRAITANT", "module-3", False),
        ("sous-traitant", "SOUS_TRAITANT", "module-2", True),
        ("responsable", "PARTENAIRE", "module-1", False),
        ("responsable", "PARTENAIRE", "module-2", True),
        ("sous-traitant", "PARTENAIRE", "module-4", False),
        ("responsable", "PAYS_TIERS", "module-2", False),  # son rôle n'est pas dit
        ("responsable", "PAYS_TIERS", "module-4", True),  # celui d'un exportateur sous-traitant
        ("responsable", "SOUS_TRAITANT", "", False),  # TRF-05 le demande
    ],
)
def test_le_module_des_clauses_suit_les_roles(qualite, type_, module, parle):
    atlas = {"numero": 2, "type": type_, "nom": "Atlas Relation", "pays": "MA"}
    declare = {"numero": 1, "destinataire_numero": 2, **CLAUSES, "module_cct": module}
    lus = faits(qualite=qualite, destinataires=[*SAINE["destinataires"], atlas], transferts=[declare])
    assert ou_parle("TRF-13", lus) == (["transferts[1].module_cct"] if parle else [])


def test_un_sous_traitant_de_l_union_signe_lui_meme_avec_le_sien():
    recrute = {"atlas": {"nom": "Atlas Relation", "pays": "MA", "parent": "routeur"}}
    lus = faits(
        destinataires=[{"numero": 2, "type": "SOUS_TRAITANT", "tiers": "atlas", "pays": "MA"}],
        transferts=[{"numero": 1, "destinataire_numero": 2, **CLAUSES, "module_cct": "module-3"}],
    )
    avec_atlas = replace(lus, reperes=replace(lus.reperes, tiers={**lus.reperes.tiers, **recrute}))
    assert ou_parle("TRF-13", lus) == ["transferts[1].module_cct"]
    assert ou_parle("TRF-13", avec_atlas) == []


def test_une_autre_garantie_n_a_pas_de_module():
    lus = transfert(garantie="BCR", module_cct="module-1", document="2010/87/UE", tia=True)
    assert ou_parle("TRF-13", lus) == []


# --- Les deux registres ------------------------------------------------------------------------------------------------
def test_les_transferts_se_jugent_aussi_dans_le_registre_du_sous_traitant():
    assert all(r.sous_traitant for code, r in REGLES.items() if code.startswith("TRF-"))
    lus = faits(qualite="sous-traitant", transferts=[{"numero": 1, "pays": "MA"}])
    assert ou_parle("TRF-01", lus) == ["transferts[1].garantie"]


def test_un_constat_ne_laisse_jamais_une_parenthese_vide():
    lus = transfert(None, garantie="D49_A", repetitif=True)
    assert "(destination non précisée)" in phrases("TRF-06", lus)
