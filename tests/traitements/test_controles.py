"""Les règles : chacune parle quand il faut, se tait sinon, des deux côtés d'une date ; aucune ne tombe sur une fiche à moitié remplie."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traitements.controles import REGLES, controler
from traitements.controles.regle import Exigence, Gravite, Regle, controle
from traitements.faits import Faits

JOUR = date(2026, 11, 23)
SAINE = {
    "qualite": "responsable",
    "statut": "brouillon",
    "date_prochaine_revue": "2027-01-01",
    "finalites": [{"numero": 1, "libelle": "Livrer les commandes", "base_legale": "CONTRAT", "canaux": []}],
    "personnes": [{"numero": 1, "categorie": "CLIENTS"}],
    "donnees": [{"numero": 1, "categorie": "COORDONNEES"}],
    "conservations": [
        {"numero": 1, "categorie": "COORDONNEES", "duree_valeur": 3, "point_depart": "FIN_CONTRAT"}
    ],
    "destinataires": [{"numero": 1, "pays": "FR"}],
    "mesures": [{"numero": 1, "fiche": "SEC17"}],
    "transferts": [],
}
CONSENTIE = {
    "numero": 1,
    "libelle": "Envoyer la lettre du mois",
    "base_legale": "CONSENTEMENT",
    "consentement_preuve": "Horodatage",
    "consentement_retrait": "Lien",
    "canaux": [],
}
TELEPHONE = {
    "numero": 1,
    "libelle": "Appeler d'anciens clients",
    "base_legale": "INTERET_LEGITIME",
    "canaux": ["TELEPHONE_B2C"],
}


def codes(le=JOUR, **changements) -> set[str]:
    return {c.code for c in controler(Faits({**SAINE, **changements}, {}, frozenset({"US", "MA"})), le)}


def test_une_fiche_saine_n_appelle_aucun_constat():
    assert codes() == set()


@pytest.mark.parametrize(
    ("code", "parle", "se_tait"),
    [
        ("REG-02", {"finalites": []}, {}),
        ("REG-02", {"finalites": [{**SAINE["finalites"][0], "libelle": "Divers"}]}, {}),
        (
            "REG-02",
            {"finalites": [{**SAINE["finalites"][0], "libelle": "x" * 9}]},
            {"finalites": [{**SAINE["finalites"][0], "libelle": "x" * 10}]},
        ),
        ("REG-03", {"personnes": []}, {}),
        ("REG-03", {"donnees": []}, {}),
        ("REG-03", {"donnees": []}, {"donnees": [], "qualite": "sous-traitant"}),
        ("REG-04", {"destinataires": []}, {}),
        ("REG-05", {"mesures": []}, {"mesures": [], "securite_justification": "Secret de la défense"}),
        ("REG-09", {"date_prochaine_revue": "2026-11-22"}, {"date_prochaine_revue": "2026-11-23"}),
        ("BAS-01", {"finalites": [{**SAINE["finalites"][0], "base_legale": None}]}, {}),
        ("BAS-05", {"finalites": [{**CONSENTIE, "consentement_preuve": ""}]}, {"finalites": [CONSENTIE]}),
        ("BAS-06", {"finalites": [{**CONSENTIE, "consentement_retrait": ""}]}, {"finalites": [CONSENTIE]}),
        (
            "BAS-07",
            {"finalites": [{**CONSENTIE, "consentement_precoche": True}]},
            {"finalites": [{**CONSENTIE, "consentement_precoche": False}]},
        ),
        ("PRO-03", {"finalites": [TELEPHONE]}, {"finalites": [{**TELEPHONE, "contrat_en_cours": True}]}),
        ("PRO-03", {"finalites": [TELEPHONE]}, {"finalites": [{**TELEPHONE, "base_legale": "CONSENTEMENT"}]}),
        (
            "RET-01",
            {"conservations": []},
            {"conservations": [{"numero": 1, "categorie": None, "critere": "fin du contrat"}]},
        ),
        ("RET-02", {"conservations": [{**SAINE["conservations"][0], "point_depart": None}]}, {}),
        (
            "TRF-01",
            {"transferts": [{"numero": 1, "pays": "US"}]},
            {"transferts": [{"numero": 1, "pays": "US", "garantie": "ADEQUATION"}]},
        ),
        (
            "TRF-01",
            {"transferts": [{"numero": 1, "pays": "US"}]},
            {"transferts": [{"numero": 1, "pays": "DE"}]},
        ),
        ("TRF-01", {"destinataires": [{"numero": 1, "pays": "MA"}]}, {}),
        ("TRF-03", {"transferts": [{"numero": 1, "pays": "US", "garantie": "INVALIDE_PRIVACY_SHIELD"}]}, {}),
    ],
)
def test_la_regle_parle_puis_se_tait(code, parle, se_tait):
    assert code in codes(**parle)
    assert code not in codes(**se_tait)


def test_le_demarchage_telephonique_change_le_11_aout_2026():
    assert "PRO-03" not in codes(date(2026, 8, 10), finalites=[TELEPHONE])
    assert "PRO-03" in codes(date(2026, 8, 11), finalites=[TELEPHONE])


def test_une_fiche_archivee_n_appelle_plus_rien():
    assert codes(statut="archivee", finalites=[]) == set()


def test_les_mesures_de_l_organisme_comptent_quand_la_fiche_en_herite():
    faits = Faits({**SAINE, "mesures": [], "securite_heritee": True}, {"mesures": [{"numero": 1}]})
    assert "REG-05" not in {c.code for c in controler(faits, JOUR)}


def test_chaque_regle_a_sa_source_et_sa_phrase():
    for code, regle in REGLES.items():
        assert regle.source
        assert code == regle.code


def test_une_regle_nouvelle_est_une_fonction(monkeypatch):
    """La promesse : une règle, c'est une fonction déclarée ; rien d'autre à toucher."""
    monkeypatch.setattr("traitements.controles.regle.REGLES", regles := dict(REGLES))
    monkeypatch.setattr("traitements.controles.REGLES", regles)

    @controle("ESSAI-1", Gravite.CONSEIL, Exigence.RECOMMANDE, "essai")
    def essai(faits, le):
        yield "service", "Nommez le service."

    assert isinstance(regles["ESSAI-1"], Regle)
    assert "ESSAI-1" in codes()
    with pytest.raises(ValueError, match="deux fois"):
        controle("ESSAI-1", Gravite.CONSEIL, Exigence.RECOMMANDE, "essai")(essai)


valeur = (
    st.none()
    | st.booleans()
    | st.text(max_size=12)
    | st.sampled_from(["US", "CONSENTEMENT", "TELEPHONE_B2C"])
)
element = st.fixed_dictionaries(
    {"numero": st.integers(1, 9), "libelle": st.text(max_size=15)},
    optional={
        nom: valeur
        for nom in (
            "base_legale",
            "categorie",
            "pays",
            "garantie",
            "point_depart",
            "critere",
            "consentement_preuve",
            "organisation",
        )
    }
    | {
        "duree_valeur": st.none() | st.integers(0, 99),
        "canaux": st.none() | st.lists(st.sampled_from(["TELEPHONE_B2C", "x"])),
    },
)
LISTES = ("finalites", "personnes", "donnees", "conservations", "destinataires", "transferts", "mesures")


@given(st.dictionaries(st.sampled_from(LISTES), st.none() | st.lists(element, max_size=4)), st.dates())
def test_aucune_regle_ne_tombe_sur_une_fiche_absurde(fiche, le):
    for constat in controler(Faits(fiche, {}, frozenset({"US"})), le):
        assert constat.message.endswith(".")
