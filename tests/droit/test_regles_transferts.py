"""Les règles de transfert : garantie, adéquation datée, article 46, dérogations, pays, outre-mer."""

from datetime import date, timedelta

import pytest

from droit.regles import REGLES, Exigence, Gravite, controler
from exemples_faits import JOUR, SAINE, faits, ou_parle, phrases

ADEQUATION = {"garantie": "ADEQUATION", "importateur_certifie": True, "verifie_le": "2026-11-01"}
CLAUSES = {
    "garantie": "CCT_COMMISSION",
    "module_cct": "module-2",
    "tia": True,
    "document": "Clauses du 2 septembre 2024",
}
VEILLE = timedelta(days=1)


def transfert(pays="MA", **champs):
    """La fiche saine et un transfert."""
    return faits(transferts=[{"numero": 1, "pays": pays, **champs}])


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
    ("GB", date(2021, 6, 28), "debut"),
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
    lus = transfert("US", garantie="INVALIDE_PRIVACY_SHIELD")
    assert [c.code for c in controler(lus, JOUR)] == ["TRF-03"]
    assert ou_parle("TRF-03", transfert("US", **ADEQUATION)) == []


# --- TRF-04 : adéquation partielle -------------------------------------------------------------------------------------
@pytest.mark.parametrize("pays", ["US", "CA", "JP", "KR", "IL"])
@pytest.mark.parametrize("reponse", [False, None])
def test_une_adequation_partielle_suppose_un_importateur_couvert(pays, reponse):
    lus = transfert(pays, **ADEQUATION | {"importateur_certifie": reponse})
    assert ou_parle("TRF-04", lus) == ["transferts[1].importateur_certifie"]


@pytest.mark.parametrize(
    ("verifie", "le", "parle"),
    [
        ("2025-11-24", date(2026, 11, 24), False),  # un an, jour pour jour
        ("2025-11-23", date(2026, 11, 24), True),
        ("2024-02-29", date(2025, 2, 28), False),
        ("2024-02-29", date(2025, 3, 1), True),
        ("2026-11-24", date(2026, 11, 24), False),
        ("2030-01-01", date(2026, 11, 24), False),
    ],
)
def test_la_verification_de_l_importateur_vaut_un_an(verifie, le, parle):
    lus = transfert("US", **ADEQUATION | {"verifie_le": verifie})
    assert ou_parle("TRF-04", lus, le) == (["transferts[1].verifie_le"] if parle else [])


def test_le_constat_dit_la_portee_de_la_decision_et_ou_la_verifier():
    message = phrases("TRF-04", transfert("US", **ADEQUATION | {"importateur_certifie": None}))
    assert "La décision (UE) 2023/1795 ne couvre pas tous les importateurs" in message
    assert "Data Privacy Framework" in message and "https://www.dataprivacyframework.gov" in message
    assert "LPRPDE" in phrases("TRF-04", transfert("CA", garantie="ADEQUATION"))


@pytest.mark.parametrize("verifie", [None, "", "pas une date"])
def test_une_date_de_verification_inconnue_alerte_sans_bloquer(verifie):
    (constat,) = constats("TRF-04", transfert("US", **ADEQUATION | {"verifie_le": verifie}))
    assert (constat.chemin, constat.gravite) == ("transferts[1].verifie_le", Gravite.ALERTE)


def test_un_importateur_non_couvert_bloque_et_peut_s_ecarter():
    (constat,) = constats("TRF-04", transfert("US", garantie="ADEQUATION"))
    assert (constat.gravite, constat.ecartable) == (Gravite.BLOQUANT, True)


@pytest.mark.parametrize("pays", ["CH", "GB", "MA"])
def test_une_adequation_generale_ou_absente_n_a_pas_d_importateur_a_verifier(pays):
    assert ou_parle("TRF-04", transfert(pays, garantie="ADEQUATION")) == []


# --- TRF-05 : garanties de l'article 46 --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "chemin", "manque"),
    [
        ({"document": ""}, "transferts[1].document", "il manque le document"),
        ({"module_cct": ""}, "transferts[1].module_cct", "il manque le module des clauses"),
        ({"tia": False}, "transferts[1].tia", "il manque l'analyse du transfert"),
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
        CLAUSES | {"tia": None},  # inconnu n'est pas non
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


# --- TRF-06 : dérogations répétées -------------------------------------------------------------------------------------
@pytest.mark.parametrize("garantie", ["D49_A", "D49_B", "D49_C", "D49_D", "D49_E", "D49_F", "D49_G", "D49_2"])
def test_une_derogation_ne_fonde_pas_un_flux_regulier(garantie):
    assert ou_parle("TRF-06", transfert(garantie=garantie, repetitif=True)) == ["transferts[1].garantie"]


@pytest.mark.parametrize(
    ("garantie", "repetitif"), [("D49_A", False), ("D49_A", None), ("CCT_COMMISSION", True), (None, True)]
)
def test_un_transfert_occasionnel_ou_encadre_ne_se_signale_pas(garantie, repetitif):
    assert ou_parle("TRF-06", transfert(garantie=garantie, repetitif=repetitif)) == []


# --- TRF-07 : intérêts légitimes impérieux -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("document", "informee", "chemins"),
    [
        ("", True, ["transferts[1].document"]),
        (None, None, ["transferts[1].document"]),
        ("Évaluation du 3 mars 2026", False, ["transferts[1].notification_cnil"]),
        ("", False, ["transferts[1].document", "transferts[1].notification_cnil"]),
        ("Évaluation du 3 mars 2026", None, []),  # inconnu n'est pas non
        ("Évaluation du 3 mars 2026", True, []),
    ],
)
def test_les_interets_imperieux_supposent_une_piece_et_l_information_de_la_cnil(document, informee, chemins):
    lus = transfert(garantie="D49_2", document=document, notification_cnil=informee)
    assert ou_parle("TRF-07", lus) == chemins


def test_la_piece_est_exigee_par_l_article_30_et_ne_s_ecarte_pas():
    (constat,) = constats("TRF-07", transfert(garantie="D49_2"))
    assert (constat.gravite, constat.exigence, constat.ecartable) == (
        Gravite.BLOQUANT,
        Exigence.ARTICLE_30,
        False,
    )
    assert ou_parle("TRF-07", transfert(garantie="D49_A")) == []


# --- TRF-08 : pays inconnu ---------------------------------------------------------------------------------------------
def test_un_sous_traitant_sans_pays_est_signale():
    assert ou_parle("TRF-08", destinataire(nom="Routeur")) == ["destinataires[2].pays"]


@pytest.mark.parametrize(
    "champs",
    [{"pays": "FR"}, {"tiers": "routeur"}, {"type": "PARTENAIRE"}],  # le pays du tiers suffit
)
def test_un_pays_connu_ou_un_autre_destinataire_ne_l_est_pas(champs):
    assert ou_parle("TRF-08", destinataire(**champs)) == []


def test_un_transfert_sans_pays_ni_organisation_est_signale():
    assert ou_parle("TRF-08", transfert(None, garantie="BCR")) == ["transferts[1].pays"]
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


# --- Les deux registres ------------------------------------------------------------------------------------------------
def test_les_transferts_se_jugent_aussi_dans_le_registre_du_sous_traitant():
    assert all(r.sous_traitant for code, r in REGLES.items() if code.startswith("TRF-"))
    lus = faits(qualite="sous-traitant", transferts=[{"numero": 1, "pays": "MA"}])
    assert ou_parle("TRF-01", lus) == ["transferts[1].garantie"]


def test_un_constat_ne_laisse_jamais_une_parenthese_vide():
    lus = transfert(None, garantie="D49_A", repetitif=True)
    assert "(destination non précisée)" in phrases("TRF-06", lus)
