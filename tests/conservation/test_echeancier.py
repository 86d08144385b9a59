"""Ce qui est dû : les deux côtés de chaque date, et jamais d'exception."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.echeancier import Genre, echeances, ordre
from conservation.visees import visee

LE = date(2026, 11, 24)


def fiche(**regle):
    return {"id": "f", "reference": "TR-1", "intitule": "F", "conservations": [{"numero": 1, **regle}]}


def operation(jour, type_="purge", **autres):
    """Une opération sur la durée n° 1, telle qu'elle est : `genres` la dit faite sous elle."""
    faits = {"id": "o", "type": type_, "date": jour, "en_retard": None, "regles": [1], "corrige": None}
    return faits | {"volume_inconnu": "?", "methode": "Script", "preuve": True} | autres


def dues(f, operations=(), le=LE):
    vues = [{**o, "visees": [visee(k) for k in f["conservations"]]} for o in operations]
    return echeances(f, vues, le)


def genres(f, operations=(), le=LE):
    return [(e.genre, e.due, e.retard_jours) for e in dues(f, operations, le)]


@pytest.mark.parametrize(("echeance", "retard"), [("2026-11-24", 0), ("2026-11-23", 1)])
def test_un_terme_n_est_en_retard_que_le_lendemain(echeance, retard):
    assert genres(fiche(echeance=echeance))[0] == (Genre.TERME, date.fromisoformat(echeance), retard)


@pytest.mark.parametrize(("jour", "du"), [("2026-10-31", True), ("2026-11-01", False)])
def test_une_execution_ce_jour_la_ou_apres_solde_le_terme(jour, du):
    for lues in (
        genres(fiche(echeance="2026-11-01"), [operation(jour)]),
        genres(fiche(echeance="2026-11-01", derniere_purge=jour)),
    ):
        assert (Genre.TERME in [genre for genre, _, _ in lues]) is du


@pytest.mark.parametrize(("purge", "retard"), [("2025-11-24", 0), ("2025-11-23", 1)])
def test_la_purge_periodique_court_depuis_la_derniere(purge, retard):
    assert genres(fiche(frequence_mois=12, derniere_purge=purge))[0][2] == retard
    assert genres(fiche(frequence_mois=12), [operation(purge)])[0][2] == retard


@pytest.mark.parametrize(("fin", "dite"), [("2026-11-24", True), ("2026-11-23", False)])
def test_une_suspension_en_cours_se_dit_et_ne_reporte_pas_la_purge_du_reste(fin, dite):
    regle = fiche(
        frequence_mois=1, derniere_purge="2026-01-01", suspension_debut="2026-01-15", suspension_fin=fin
    )
    purge, *reste = genres(regle)
    assert (purge[0], purge[1]) == (Genre.PURGE, date(2026, 2, 1))
    assert [genre for genre, _, _ in reste] == ([Genre.SUSPENDUE] if dite else [])


def test_un_releve_non_solde_est_du_tout_de_suite_et_une_purge_le_laisse_a_verifier():
    releve = operation("2026-11-24", "constat", en_retard=3, mesure=True)
    lues = dues(fiche(frequence_mois=12), [releve])
    assert [(e.genre, e.en_retard) for e in lues] == [(Genre.RELEVE, True)]
    purge = operation("2026-11-24", id="p", enregistre_le="2026-11-24T12")
    assert [g for g, _, _ in genres(fiche(frequence_mois=12), [releve, purge])] == [
        Genre.VERIFIER,
        Genre.PURGE,
    ]


def test_une_duree_sans_frequence_est_a_fixer():
    assert genres(fiche(duree_valeur=3)) == [(Genre.A_FIXER, None, 0)]
    assert genres(fiche(critere="fin du contrat")) == []


jours = st.none() | st.dates().map(date.isoformat)


@given(
    st.fixed_dictionaries(
        {n: jours for n in ("echeance", "derniere_purge", "suspension_debut", "suspension_fin")}
    ),
    st.none() | st.integers(1, 120),
    st.dates(),
)
def test_jamais_d_exception_et_un_tri_stable(dates, frequence, le):
    lues = echeances(fiche(frequence_mois=frequence, **dates), [], le)
    assert lues == sorted(lues, key=ordre)


# --- Rien n'est dû avant le début plus la durée ---------------------------------------------------------------------
CINQ_ANS = {"duree_valeur": 5, "duree_unite": "ans", "frequence_mois": 12}


def depuis(debut, **regle):
    return fiche(**regle) | {"date_mise_en_oeuvre": debut}


@pytest.mark.parametrize(
    ("le", "retard"),
    [(date(2026, 11, 24), 0), (date(2031, 3, 1), 0), (date(2031, 3, 2), 1)],
)
def test_cinq_ans_commences_en_2026_ne_doivent_rien_avant_2031(le, retard):
    (lue,) = echeances(depuis("2026-03-01", **CINQ_ANS), [], le)
    assert (lue.genre, lue.due, lue.retard_jours) == (Genre.PURGE, date(2031, 3, 1), retard)
    assert "1er\N{NO-BREAK SPACE}mars 2031" in lue.pourquoi


@pytest.mark.parametrize("depart", ["FIN_USAGE_CONSENTEMENT", "FIN_CONTRAT", "CLOTURE_EXERCICE"])
def test_une_duree_qui_court_d_un_evenement_propre_a_chacun_n_est_jamais_en_retard_sans_purge_connue(depart):
    """Le cas vécu : un traitement de 2017, une durée dont la fréquence se fixe en 2026, « 3241 jours de retard »."""
    (lue,) = echeances(depuis("2017-01-10", point_depart=depart, **CINQ_ANS), [], LE)
    assert (lue.genre, lue.due, lue.en_retard) == (Genre.INCONNU, None, False)


def test_la_meme_a_encore_son_premier_terme_quand_il_est_a_venir():
    (lue,) = echeances(depuis("2022-01-10", point_depart="FIN_CONTRAT", **CINQ_ANS), [], LE)
    assert (lue.genre, lue.due, lue.en_retard) == (Genre.PURGE, date(2027, 1, 10), False)


@pytest.mark.parametrize("depart", ["", "COLLECTE", "ENREGISTREMENT"])
def test_une_duree_qui_court_des_la_collecte_est_en_retard_apres_son_premier_terme(depart):
    (lue,) = echeances(depuis("2020-11-23", point_depart=depart, **CINQ_ANS), [], LE)
    assert (lue.genre, lue.due, lue.retard_jours) == (Genre.PURGE, date(2025, 11, 23), 366)


@pytest.mark.parametrize("nee", [{}, {"date_creation": "2017-01-10"}, {"validee_le": "2019-05-25"}])
def test_la_naissance_de_la_fiche_n_est_pas_celle_du_traitement(nee):
    (lue,) = echeances(fiche(**CINQ_ANS) | nee, [], LE)
    assert (lue.genre, lue.en_retard) == (Genre.INCONNU, False)


def test_une_archive_attend_la_fin_de_la_base_active():
    regles = [
        {"numero": 1, "categories": ["CONTRAT"], "duree_valeur": 3, "duree_unite": "ans", "critere": ""},
        {"numero": 2, "categories": ["CONTRAT"], "phase": "archivage_intermediaire", **CINQ_ANS},
    ]
    lues = echeances({"date_mise_en_oeuvre": "2020-06-15", "conservations": regles}, [], LE)
    assert [e.due for e in lues if e.regle == 2] == [date(2028, 6, 15)]


@pytest.mark.parametrize(
    ("debut", "due"), [("2024-02-29", date(2029, 2, 28)), ("2027-05-01", date(2032, 5, 1))]
)
def test_un_debut_bissextile_ou_a_venir_ne_met_rien_en_retard(debut, due):
    (lue,) = echeances(depuis(debut, **CINQ_ANS), [], LE)
    assert (lue.due, lue.en_retard) == (due, False)


@pytest.mark.parametrize(("echeance", "genre"), [("2018-01-10", Genre.INCONNU), ("2026-03-01", Genre.TERME)])
def test_un_terme_date_d_avant_le_traitement_est_a_corriger_et_non_en_retard(echeance, genre):
    (lue,) = echeances(depuis("2026-03-01", echeance=echeance), [], LE)
    assert (lue.genre, lue.en_retard) == (genre, genre is Genre.TERME)


def test_une_purge_recente_ne_rend_pas_due_la_suivante_avant_le_premier_terme():
    regle = depuis("2026-01-05", **CINQ_ANS)
    (lue,) = dues(regle, [operation("2026-02-01")], date(2030, 1, 1))
    assert (lue.due, lue.en_retard) == (date(2031, 1, 5), False)
    (declaree,) = echeances(depuis("2026-01-05", derniere_purge="2018-01-10", **CINQ_ANS), [], LE)
    assert (declaree.due, declaree.en_retard) == (date(2031, 1, 5), False)


@pytest.mark.parametrize(
    ("declaree", "due", "retard", "dite"),
    [
        ("2026-06-01", date(2026, 9, 2), 83, "dernière exécution le 2\N{NO-BREAK SPACE}juin 2026"),
        (
            "2026-09-30",
            date(2026, 12, 30),
            0,
            "sans opération enregistrée depuis celle du 2\N{NO-BREAK SPACE}juin 2026",
        ),
        ("2027-09-30", date(2026, 9, 2), 83, "dernière exécution le 2\N{NO-BREAK SPACE}juin 2026"),
    ],
)
def test_la_purge_periodique_court_de_la_plus_recente_declaree_ou_enregistree(declaree, due, retard, dite):
    (lue,) = dues(fiche(frequence_mois=3, derniere_purge=declaree), [operation("2026-06-02")])
    assert (lue.due, lue.retard_jours) == (due, retard)
    assert dite in lue.pourquoi
