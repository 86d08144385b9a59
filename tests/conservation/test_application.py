"""« Durée appliquée ? » : ce que les opérations et leur âge disent d'une durée, de part et d'autre de chaque date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.application import application
from conservation.choix import Appliquee, TypeOperation

JOUR = date(2026, 11, 24)
REGLE = {"numero": 2, "appliquee": "", "appliquee_precisions": "", "frequence_mois": None}


def op(type_="purge", le="2026-10-12", en_retard=None, regles=(2,), **autres):
    return {
        "id": f"{type_}-{le}",
        "type": type_,
        "date": le,
        "en_retard": en_retard,
        "regles": list(regles),
        **autres,
    }


def dite(*operations, le=JOUR, **regle):
    return application({**REGLE, **regle}, operations, le)


@pytest.mark.parametrize("type_", ["purge", "archivage", "anonymisation"])
def test_une_execution_recente_prouve_la_duree(type_):
    lue = dite(op(type_))
    assert (lue.etat, lue.prouvee, lue.derniere) == (Appliquee.OUI, True, date(2026, 10, 12))
    assert "12\N{NO-BREAK SPACE}octobre 2026" in lue.pourquoi


def test_un_releve_en_retard_la_dit_non_appliquee_et_combien():
    assert dite(op("constat", en_retard=213)).pourquoi.startswith("213 lignes au-delà du terme")
    assert dite(op("constat", en_retard=1)).pourquoi.startswith("1 ligne au-delà du terme")
    assert dite(op("constat", en_retard=213)).etat == Appliquee.NON


@pytest.mark.parametrize(
    "suivante",
    [op("purge", "2026-10-13"), op("constat", "2026-10-13", en_retard=0)],
    ids=["purge", "relevé à zéro"],
)
def test_seule_une_operation_posterieure_ferme_le_manque(suivante):
    releve = op("constat", en_retard=213)
    assert dite(releve, suivante).etat == Appliquee.OUI
    assert dite(suivante, releve).etat == Appliquee.OUI  # l'ordre de saisie ne compte pas
    assert dite(releve, {**suivante, "date": "2026-10-11"}).etat == Appliquee.NON


def test_le_meme_jour_la_derniere_consignee_l_emporte():
    releve = op("constat", en_retard=213, enregistre_le="2026-10-12T09:00:00")
    purge = op("purge", enregistre_le="2026-10-12T11:00:00")
    assert dite(purge, releve).etat == Appliquee.OUI


@pytest.mark.parametrize(
    ("frequence", "le", "etat"),
    [
        (None, date(2027, 10, 12), Appliquee.OUI),
        (None, date(2027, 10, 13), Appliquee.PARTIELLEMENT),
        (1, date(2026, 11, 12), Appliquee.OUI),
        (1, date(2026, 11, 13), Appliquee.PARTIELLEMENT),
    ],
)
def test_une_operation_vaut_jusqu_a_la_suivante(frequence, le, etat):
    assert dite(op(), le=le, frequence_mois=frequence).etat == etat


def test_une_operation_a_venir_ou_d_une_autre_duree_ne_compte_pas():
    assert dite(op(le="2026-11-25")).prouvee is False
    assert dite(op(regles=(1, 3))).prouvee is False


def test_une_operation_corrigee_ne_compte_plus():
    fausse = op("constat", en_retard=2130)
    juste = op("constat", "2026-10-12", en_retard=0) | {"id": "correction", "corrige": fausse["id"]}
    assert dite(fausse, juste).etat == Appliquee.OUI


def test_sans_operation_reste_ce_que_la_fiche_declare():
    assert (dite().etat, dite().prouvee) == (Appliquee.INCONNU, False)
    declaree = dite(appliquee="oui", appliquee_precisions="Script mensuel")
    assert (declaree.etat, declaree.prouvee) == (Appliquee.OUI, False)
    assert "sans opération enregistrée. Script mensuel" in declaree.pourquoi


jours = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
operations = st.lists(
    st.builds(
        lambda t, le, n, r: op(t, le, n if t == "constat" else None, r),
        st.sampled_from(list(TypeOperation.values)),
        jours,
        st.integers(0, 9),
        st.lists(st.integers(1, 3), max_size=3),
    ),
    max_size=8,
)


@given(operations, st.dates(date(2019, 1, 1), date(2035, 1, 1)))
def test_un_retard_ne_se_ferme_jamais_tout_seul(lot, le):
    """Le temps qui passe n'efface pas un relevé : l'état « non » ne change que si une opération de plus est là."""
    lue = dite(*lot, le=le)
    if lue.etat == Appliquee.NON and lue.prouvee:
        visibles = [o for o in lot if o["date"] <= le.isoformat()]
        assert dite(*visibles, le=date(2040, 1, 1)).etat == Appliquee.NON


@pytest.mark.parametrize(
    ("le", "etat"),
    [(date(2031, 3, 1), Appliquee.OUI), (date(2031, 3, 2), Appliquee.PARTIELLEMENT)],
)
def test_la_suivante_n_est_pas_due_avant_le_premier_terme(le, etat):
    regle = {**REGLE, "frequence_mois": 12}
    assert application(regle, [op()], le, premier_terme=date(2031, 3, 1)).etat == etat


def test_sans_frequence_une_vieille_operation_est_vieille_et_non_due():
    assert "elle a plus de 12 mois" in dite(op(), le=date(2028, 1, 1)).pourquoi
    assert "la suivante est due" in dite(op(), le=date(2028, 1, 1), frequence_mois=12).pourquoi


@pytest.mark.parametrize(
    ("declaree", "le", "etat", "prouvee"),
    [
        # D'avant l'opération : elle ne dit rien.
        ("2026-06-01", date(2026, 9, 3), Appliquee.PARTIELLEMENT, True),
        ("2026-09-30", date(2026, 9, 2), Appliquee.OUI, True),
        ("2026-09-30", date(2026, 12, 30), Appliquee.INCONNU, False),
        ("2026-09-30", date(2026, 12, 31), Appliquee.PARTIELLEMENT, True),
    ],
)
def test_une_purge_declaree_depuis_l_operation_se_dit_et_ne_prouve_rien(declaree, le, etat, prouvee):
    lue = dite(op(le="2026-06-02"), le=le, frequence_mois=3, derniere_purge=declaree)
    assert (lue.etat, lue.prouvee, lue.derniere) == (etat, prouvee, date(2026, 6, 2))
    depuis = "2026-06-02" < declaree <= le.isoformat()
    assert (
        "purge déclarée le 30\N{NO-BREAK SPACE}septembre 2026, sans opération enregistrée" in lue.pourquoi
    ) is depuis


def test_une_purge_declaree_ne_ferme_pas_un_releve_en_retard():
    lue = dite(op("constat", "2026-06-02", en_retard=3), frequence_mois=3, derniere_purge="2026-09-30")
    assert (lue.etat, lue.prouvee) == (Appliquee.NON, True)
    assert "purge déclarée le 30" in lue.pourquoi


@pytest.mark.parametrize(
    ("type_", "declaree", "dite_"),
    [
        ("purge", "2026-10-02", None),
        ("purge", "2026-10-12", date(2026, 10, 12)),
        ("purge", "2026-10-13", date(2026, 10, 13)),
        ("constat", "2026-10-12", None),
        ("archivage", "2026-10-12", None),
        ("purge", "2026-11-25", None),
        ("purge", None, None),
    ],
)
def test_la_purge_que_la_phrase_dit_deja_est_un_fait_et_non_un_bout_de_texte(type_, declaree, dite_):
    assert dite(op(type_), derniere_purge=declaree).purge_dite == dite_


@pytest.mark.parametrize(
    ("appliquee", "phrase"),
    [
        ("non", "Déclarée non appliquée, sans opération enregistrée. Le tableur n'a jamais été purgé."),
        ("oui", "Déclarée appliquée, sans opération enregistrée. Le tableur n'a jamais été purgé."),
        (
            "inconnu",
            "Déclarée d'application inconnue, sans opération enregistrée. Le tableur n'a jamais été purgé.",
        ),
        ("", "On ne le sait pas : aucune opération enregistrée"),
    ],
)
def test_ce_qui_n_est_que_declare_se_dit_d_une_traite(appliquee, phrase):
    assert dite(appliquee=appliquee, appliquee_precisions="Le tableur n'a jamais été purgé.").phrase == phrase
