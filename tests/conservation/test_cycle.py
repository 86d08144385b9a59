"""Le cycle de vie d'une catégorie : la phase d'un jour, ses bascules, ce qu'une suspension y change."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from conservation.cycle import Etape, cycle
from conservation.durees import Suspension

DEPART = date(2024, 2, 29)
CLIENT = {
    "phase": "base_active",
    "duree_valeur": 3,
    "duree_unite": "ans",
    "point_depart": "FIN_RELATION_COMMERCIALE",
    "sort_final": "archivage_intermediaire",
}
PREUVE = {
    "phase": "archivage_intermediaire",
    "duree_valeur": 5,
    "duree_unite": "ans",
    "point_depart": "FIN_RELATION_COMMERCIALE",
    "sort_final": "suppression",
}
CRITERE = {"phase": "base_active", "critere": "jusqu'à la clôture du dossier", "sort_final": "suppression"}
RANGS = list(Etape)

JOURS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
SUSPENSIONS = st.lists(
    st.builds(
        lambda debut, jours: Suspension(debut, None if jours is None else debut + timedelta(days=jours)),
        JOURS,
        st.none() | st.integers(0, 4000),
    ),
    max_size=3,
)
REGLES = st.lists(
    st.fixed_dictionaries(
        {
            "phase": st.sampled_from(["", "base_active", "archivage_intermediaire"]),
            "duree_valeur": st.none() | st.integers(0, 15),
            "duree_unite": st.sampled_from(["jours", "mois", "ans"]),
            "critere": st.sampled_from(["", "jusqu'à la clôture"]),
            "point_depart": st.sampled_from([None, "COLLECTE", "FIN_CONTRAT"]),
            "sort_final": st.sampled_from(["", "suppression", "anonymisation", "archivage_intermediaire"]),
        }
    ),
    max_size=4,
)


def test_base_active_puis_archivage_puis_sort():
    lu = cycle([CLIENT, PREUVE], DEPART)
    assert lu.bascules == ((date(2027, 2, 28), Etape.ARCHIVAGE), (date(2029, 2, 28), Etape.ECHU))
    assert lu.fin == date(2029, 2, 28)
    assert lu.le(date(2020, 1, 1)).etape is Etape.BASE_ACTIVE
    assert lu.le(date(2027, 2, 27)).dite == "base active jusqu'au 28\N{NO-BREAK SPACE}février 2027"
    assert lu.le(date(2027, 2, 28)).etape is Etape.ARCHIVAGE
    assert lu.le(date(2029, 2, 27)).jusqu_au == date(2029, 2, 28)
    assert lu.le(date(2029, 2, 28)).dite == "échu : suppression"


def test_l_archivage_court_de_son_propre_point_de_depart():
    comptable = {**PREUVE, "duree_valeur": 10, "point_depart": "CLOTURE_EXERCICE"}
    date_connue = cycle([CLIENT, comptable], DEPART, {"CLOTURE_EXERCICE": date(2024, 12, 31)})
    assert date_connue.fin == date(2034, 12, 31)
    sans_date = cycle([CLIENT, comptable], DEPART)
    assert sans_date.fin is None
    assert sans_date.le(date(2090, 1, 1)).dite == "archivage intermédiaire : terme sans date connue"


def test_sans_point_de_depart_l_archivage_court_de_la_fin_de_la_base_active():
    assert cycle([CLIENT, {**PREUVE, "point_depart": None}], DEPART).fin == date(2032, 2, 28)


def test_un_archivage_annonce_sans_duree_n_a_pas_de_terme():
    etat = cycle([CLIENT], DEPART).le(date(2030, 1, 1))
    assert (etat.etape, etat.jusqu_au) == (Etape.ARCHIVAGE, None)
    assert "durée n'est pas renseignée" in etat.dite


def test_un_critere_donne_une_phase_sans_date():
    lu = cycle([CRITERE], DEPART)
    assert (lu.fin, lu.bascules) == (None, ())
    assert lu.le(date(2090, 1, 1)).dite == "base active : jusqu'à la clôture du dossier"


def test_sans_regle_il_n_y_a_ni_terme_ni_sort():
    lu = cycle([], DEPART)
    assert (lu.fin, lu.le(date(2090, 1, 1)).dite) == (None, "base active, sans durée ni critère")


def test_de_deux_durees_d_une_phase_la_plus_longue_l_emporte():
    assert cycle([CLIENT, {**CLIENT, "duree_valeur": 1}, PREUVE], DEPART).bascules[0][0] == date(2027, 2, 28)


def test_un_litige_en_cours_gele_l_effacement_et_non_la_mise_en_archive():
    litige = {"suspension_debut": "2026-05-01", "suspension_fin": None, "suspension_motif": "litige"}
    lu = cycle([CLIENT, {**PREUVE, **litige}], DEPART)
    assert lu.bascules == ((date(2027, 2, 28), Etape.ARCHIVAGE),)
    etat = lu.le(date(2040, 1, 1))
    assert (etat.etape, etat.jusqu_au) == (Etape.ARCHIVAGE, None)
    assert etat.dite.endswith("effacement suspendu depuis le 1er\N{NO-BREAK SPACE}mai 2026 (litige)")
    assert lu.le(date(2026, 6, 1)).gel is None


def test_un_litige_clos_repousse_le_terme_a_sa_cloture():
    litige = {"suspension_debut": "2026-05-01", "suspension_fin": "2030-03-15"}
    assert cycle([CLIENT, {**PREUVE, **litige}], DEPART).fin == date(2030, 3, 15)
    clos_avant = {**litige, "suspension_fin": "2027-01-01"}
    assert cycle([CLIENT, {**PREUVE, **clos_avant}], DEPART).fin == date(2029, 2, 28)


@given(REGLES, JOURS, SUSPENSIONS, JOURS, JOURS)
def test_la_phase_ne_recule_jamais(regles, depart, suspensions, un, autre):
    lu = cycle(regles, depart, {"FIN_CONTRAT": depart}, suspensions)
    premier, second = sorted((un, autre))
    assert RANGS.index(lu.le(premier).etape) <= RANGS.index(lu.le(second).etape)


@given(REGLES, JOURS, SUSPENSIONS)
def test_une_suspension_ne_raccourcit_jamais_un_cycle(regles, depart, suspensions):
    libre, suspendu = cycle(regles, depart), cycle(regles, depart, suspensions=suspensions)
    assert suspendu.fin is None or (libre.fin is not None and libre.fin <= suspendu.fin)


@given(REGLES, JOURS, SUSPENSIONS)
def test_les_bascules_se_suivent_et_disent_la_phase_du_jour(regles, depart, suspensions):
    lu = cycle(regles, depart, suspensions=suspensions)
    dates = [jour for jour, _ in lu.bascules]
    assert dates == sorted(dates)
    for jour, etape in lu.bascules:
        assert RANGS.index(lu.le(jour).etape) >= RANGS.index(etape)
        assert jour >= depart
