"""Les règles de secteur : hors d'un référentiel, jamais hors du RGPD."""

import pytest

from droit.regles import Gravite, controler, controler_organisme
from exemples_faits import JOUR, avec, faits, ou_parle, phrases

SUIVI = "CNIL 2021-131 (gestion des activités commerciales)"


# --- SCT-01 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("secteur", ["BANQUE", "ASSURANCE", "SANTE", "EDUCATION", "JEUX_ARGENT"])
def test_un_secteur_hors_du_referentiel_n_en_tire_que_des_reperes(secteur):
    lus = faits({"secteur": secteur}, referentiel=SUIVI)
    assert ou_parle("SCT-01", lus) == ["referentiel"]
    assert "Le RGPD s'applique entièrement" in phrases("SCT-01", lus)
    assert "non soumis" not in phrases("SCT-01", lus)


@pytest.mark.parametrize(
    ("secteur", "referentiel"),
    [
        ("E_COMMERCE", SUIVI),
        ("RECOUVREMENT", SUIVI),
        ("BANQUE", "CNIL 2021-130"),
        ("BANQUE", ""),
        ("BANQUE", None),
        (None, SUIVI),
        ("SECTEUR_INCONNU", SUIVI),
    ],
)
def test_un_autre_secteur_ou_un_autre_referentiel_ne_se_signale_pas(secteur, referentiel):
    assert ou_parle("SCT-01", faits({"secteur": secteur}, referentiel=referentiel)) == []


def test_les_textes_propres_au_secteur_sont_cites():
    assert "LCB-FT L561-12" in phrases("SCT-01", faits({"secteur": "BANQUE"}, referentiel=SUIVI))
    assert phrases("SCT-01", faits({"secteur": "EDUCATION"}, referentiel=SUIVI)).endswith("entièrement.")


# --- SCT-02 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("reponse", "parle"), [(True, True), (False, False), (None, False)])
def test_aucun_organisme_n_est_hors_du_rgpd_pour_son_secteur(reponse, parle):
    attendu = ["organisme.declare_hors_rgpd"] if parle else []
    assert ou_parle("SCT-02", faits({"declare_hors_rgpd": reponse, "secteur": "BANQUE"})) == attendu


def test_la_declaration_hors_du_rgpd_bloque_une_fois_pour_tout_l_organisme():
    lus = faits({"declare_hors_rgpd": True})
    assert [c.code for c in controler(lus, JOUR)] == []
    (constat,) = controler_organisme(lus, JOUR)
    assert (constat.code, constat.gravite, constat.ecartable) == ("SCT-02", Gravite.BLOQUANT, False)
    assert "non soumis" not in constat.message


# --- SCT-03 ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("fiche", "chemins", "dit"),
    [
        (avec("finalites", type="fraude"), ["finalites[1].type"], "prévention de la fraude"),
        (avec("finalites", type="exclusion"), ["finalites[1].type"], "Exclusion temporaire ou permanente"),
        ({"profilage": {"sources_tierces": True}}, ["profilage.sources_tierces"], "sources tierces"),
        (
            {**avec("finalites", type="fraude"), "profilage": {"sources_tierces": True}},
            ["finalites[1].type", "profilage.sources_tierces"],
            "menez votre propre analyse",
        ),
    ],
)
def test_une_finalite_exclue_du_referentiel_appelle_une_analyse_propre(fiche, chemins, dit):
    assert ou_parle("SCT-03", faits(referentiel=SUIVI, **fiche)) == chemins
    assert dit in phrases("SCT-03", faits(referentiel=SUIVI, **fiche))
    assert ou_parle("SCT-03", faits(referentiel="", **fiche)) == []


@pytest.mark.parametrize(
    "fiche",
    [
        {},
        avec("finalites", type="prospection"),
        {"profilage": {"sources_tierces": None}},
        {"profilage": None},
    ],
)
def test_une_finalite_du_referentiel_ne_se_signale_pas(fiche):
    assert ou_parle("SCT-03", faits(referentiel=SUIVI, **fiche)) == []
