"""Ce qu'un droit nouveau change : le droit de la veille et celui du jour, sur les mêmes faits, le même jour."""

import ast
from dataclasses import replace
from datetime import date

import pytest

from arbre import RACINE
from droit.changements import changements, difference
from droit.faits import Faits
from droit.regles import REGLES, controler
from droit.regles.regle import P, Regle, alerte, bloquant
from exemples_faits import SAINE, avec, faits, reperes

AOUT = date(2026, 8, 11)
APPELS = {"type": "prospection", "base_legale": "INTERET_LEGITIME", "canaux": ["TELEPHONE_B2C"]}


@pytest.fixture
def regles(monkeypatch):
    """Un catalogue où ne figurent que les règles que l'essai déclare."""
    vide: dict[str, Regle] = {}
    for module in ("droit.regles.regle", "droit.regles", "droit.changements"):
        monkeypatch.setattr(f"{module}.REGLES", vide)
    return vide


def declarer(code, dit="Non.", chemin="service", gravite=alerte, **options):
    @gravite(code, "RGPD art. 5", P, "titre", **options)
    def regle(lus, le):
        """Toujours."""
        yield chemin, dit(le) if callable(dit) else dit


def lire(lus: Faits, le: date = AOUT) -> tuple[list[str], list[str]]:
    """Les codes des constats apportés, et levés, par le droit de ce jour-là."""
    veille = date.fromordinal(le.toordinal() - 1)
    (nouveau,) = changements(lus.reperes, veille, le)
    vue = difference(lus, nouveau)
    return [c.code for c in vue.apportes], [c.code for c in vue.leves]


def test_les_jours_du_droit_vont_apres_le_premier_jusqu_au_dernier_compris():
    jours = [n.le for n in changements(reperes(), date(2026, 8, 10), AOUT)]
    assert jours == [AOUT]
    assert changements(reperes(), AOUT, date(2026, 8, 12)) == []
    (nouveau,) = changements(reperes(), date(2026, 8, 10), AOUT)
    assert "PRO-03" in {r.code for r in nouveau.regles}


def test_une_decision_d_adequation_change_le_droit_le_jour_de_son_effet_et_le_lendemain_de_sa_fin():
    lues = {
        n.le: [x["code"] for x in n.lignes]
        for n in changements(reperes(), date(2016, 1, 1), date(2021, 1, 1))
    }
    fin = date.fromisoformat(reperes().adequation["US-2016"]["date_fin"])
    assert "US-2016" in lues[date.fromisoformat(reperes().adequation["US-2016"]["date_effet"])]
    assert "US-2016" in lues[date.fromordinal(fin.toordinal() + 1)]


def test_la_fin_d_une_decision_fait_naitre_un_constat_et_sa_suite_le_leve():
    vers_les_etats_unis = [
        {"numero": 1, "pays": "US", "importateur": "Mailwright Inc.", "garantie": "ADEQUATION"}
    ]
    lus = faits(transferts=vers_les_etats_unis, transferts_hors_eee=True)
    fin = date.fromisoformat(reperes().adequation["US-2016"]["date_fin"])
    assert "TRF-02" in lire(lus, date.fromordinal(fin.toordinal() + 1))[0]
    suite = date.fromisoformat(reperes().adequation["US-2023"]["date_effet"])
    assert "TRF-02" in lire(lus, suite)[1]
    assert lire(faits(), suite) == ([], [])


def test_le_regime_des_appels_touche_la_fiche_qui_appelle_et_elle_seule():
    assert "PRO-03" in lire(faits(**avec("finalites", **APPELS)))[0]
    assert lire(faits()) == ([], [])


def test_une_finalite_de_plus_se_juge_seule():
    seconde = {**SAINE["finalites"][0], **APPELS, "numero": 2}
    (nouveau,) = changements(reperes(), date(2026, 8, 10), AOUT)
    vue = difference(faits(finalites=[SAINE["finalites"][0], seconde]), nouveau)
    assert {c.chemin.partition(".")[0] for c in vue.apportes if c.code == "PRO-03"} == {"finalites[2]"}


def test_une_regle_abrogee_leve_son_constat_le_lendemain(regles):
    declarer("ESS-01", jusqu_au=date(2026, 8, 10))
    assert lire(faits()) == ([], ["ESS-01"])


def test_une_regle_qui_change_dit_sa_nouvelle_phrase_et_leve_l_ancienne(regles):
    declarer(
        "ESS-01", dit=lambda le: "Cinq ans." if le < AOUT else "Trois ans.", changements={AOUT: "trois ans"}
    )
    assert lire(faits()) == (["ESS-01"], ["ESS-01"])


def test_ce_que_le_calendrier_fait_echoir_ce_jour_la_n_est_pas_un_droit_nouveau(regles):
    declarer("ESS-01", dit=lambda le: "Échue." if le >= AOUT else "À temps.")
    declarer("ESS-02", depuis=AOUT)
    assert lire(faits()) == (["ESS-02"], [])


def test_une_regle_qui_attend_son_texte_n_est_pas_un_droit_nouveau(regles):
    declarer("ESS-01", en_attente="COM(2025) 501", changements={AOUT: "rien"})
    assert changements(replace(reperes(), adequation={}, canaux={}), date(2000, 1, 1), date(2100, 1, 1)) == []


def test_ce_qu_une_autre_regle_fait_taire_n_a_pas_disparu(regles):
    declarer("PRO-03", chemin="finalites[1].canaux", gravite=bloquant, depuis=AOUT)
    declarer("BAS-04", chemin="finalites[1].base_legale")
    assert [c.code for c in controler(faits(), AOUT)] == ["PRO-03"]
    assert lire(faits()) == (["PRO-03"], [])


def test_une_fiche_archivee_n_apprend_rien():
    assert lire(faits(statut="archivee", **avec("finalites", **APPELS))) == ([], [])


def test_toute_date_qu_un_module_de_regles_ecrit_est_declaree_par_une_regle():
    """Sans quoi un droit nouveau ne se lirait ni sur la page des règles, ni par `controler --depuis`."""
    declarees = {j for r in REGLES.values() for j in (r.depuis, r.jusqu_au, *r.changements) if j}
    ecrites = {
        date(*(a.value for a in noeud.args))
        for module in (RACINE / "droit/regles").glob("*.py")
        for noeud in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(noeud, ast.Call) and getattr(noeud.func, "id", "") == "date" and len(noeud.args) == 3
    }
    assert ecrites
    assert ecrites <= declarees
