"""Ce qui est dû : les deux côtés de chaque date, et jamais d'exception."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.echeancier import Genre, echeances, ordre

LE = date(2026, 11, 24)


def fiche(**regle):
    return {"id": "f", "reference": "TR-1", "intitule": "F", "conservations": [{"numero": 1, **regle}]}


def operation(jour, type_="purge", **autres):
    return {
        "id": "o",
        "type": type_,
        "date": jour,
        "en_retard": None,
        "regles": [1],
        "corrige": None,
        **autres,
    }


def genres(f, operations=(), le=LE):
    return [(e.genre, e.due, e.retard_jours) for e in echeances(f, list(operations), le)]


@pytest.mark.parametrize(("echeance", "retard"), [("2026-11-24", 0), ("2026-11-23", 1)])
def test_un_terme_n_est_en_retard_que_le_lendemain(echeance, retard):
    assert genres(fiche(echeance=echeance))[0] == (Genre.TERME, date.fromisoformat(echeance), retard)


@pytest.mark.parametrize(("jour", "du"), [("2026-10-31", True), ("2026-11-01", False)])
def test_une_execution_ce_jour_la_ou_apres_solde_le_terme(jour, du):
    assert bool(genres(fiche(echeance="2026-11-01"), [operation(jour)])) is du
    assert bool(genres(fiche(echeance="2026-11-01", derniere_purge=jour))) is du


@pytest.mark.parametrize(("purge", "retard"), [("2025-11-24", 0), ("2025-11-23", 1)])
def test_la_purge_periodique_court_depuis_la_derniere(purge, retard):
    assert genres(fiche(frequence_mois=12, derniere_purge=purge))[0][2] == retard
    assert genres(fiche(frequence_mois=12), [operation(purge)])[0][2] == retard


@pytest.mark.parametrize(("fin", "genre"), [("2026-11-24", Genre.SUSPENDUE), ("2026-11-23", Genre.PURGE)])
def test_une_suspension_en_cours_ne_doit_rien(fin, genre):
    regle = fiche(
        frequence_mois=1, derniere_purge="2026-01-01", suspension_debut="2026-01-15", suspension_fin=fin
    )
    assert genres(regle)[0][0] is genre


def test_un_constat_non_solde_est_du_tout_de_suite_et_une_purge_le_solde():
    constat = operation("2026-11-24", "constat", en_retard=3)
    lues = echeances(fiche(frequence_mois=12), [constat], LE)
    assert [(e.genre, e.en_retard) for e in lues] == [(Genre.CONSTAT, True)]
    purge = operation("2026-11-24", id="p", enregistre_le="2026-11-24T12")
    assert genres(fiche(frequence_mois=12), [constat, purge])[0][0] is Genre.PURGE


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
