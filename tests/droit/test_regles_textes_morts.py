"""Demandes des personnes, textes cités, carte bancaire, module des clauses types : chaque règle se tait et parle."""

from datetime import date

import pytest
from motifs import sans_radical

from droit.regles.textes_morts import RADICAUX, TOUS
from exemples_faits import SAINE, avec, faits, ou_parle, phrases


def finalite(numero=1, **champs):
    return {**SAINE["finalites"][0], "numero": numero, **champs}


DROITS = finalite(
    type="droits", libelle="Répondre aux demandes", base_legale="OBLIGATION_LEGALE", texte_legal="RGPD"
)


@pytest.mark.parametrize("base", ["CONSENTEMENT", "CONTRAT"])
def test_repondre_aux_demandes_est_une_obligation_legale(base):
    assert ou_parle("DRT-01", faits(finalites=[DROITS, {**DROITS, "numero": 2, "base_legale": base}])) == [
        "finalites[2].base_legale"
    ]
    assert ou_parle("DRT-01", faits(finalites=[DROITS])) == []


@pytest.mark.parametrize(
    ("modalites", "mot"),
    [
        ("Réponse sous trois mois", "mois de la demande"),
        ("Sous 2 mois, par courrier", "mois de la demande"),
        ("Frais de dossier : 15 euros", "gratuit"),
        ("Réponse sous un mois, prolongé de deux mois si la demande est complexe", ""),
        ("Réponse sous 1 mois, sans frais", ""),
        ("Gratuit, sauf demande excessive : frais raisonnables", ""),
        ("", ""),
    ],
)
def test_la_reponse_est_due_en_un_mois_et_sans_frais(modalites, mot):
    lus = faits(information={**SAINE["information"], "modalites": modalites})
    assert (mot in phrases("DRT-02", lus)) and bool(mot) == bool(ou_parle("DRT-02", lus))


def piece(**champs):
    return {"numero": 9, "categorie": "PIECE_IDENTITE", "sources": ["DIRECTE"], "finalites": [1], **champs}


def test_une_piece_d_identite_ne_s_exige_pas_de_tout_demandeur():
    exigee = faits(finalites=[DROITS], donnees=[piece(obligatoire=True)])
    assert ou_parle("DRT-03", exigee) == ["donnees[9].obligatoire"]
    for lus in (
        faits(finalites=[DROITS], donnees=[piece(obligatoire=False)]),
        faits(finalites=[DROITS, finalite(2)], donnees=[piece(obligatoire=True, finalites=[2])]),
        faits(donnees=[piece(obligatoire=True)]),
    ):
        assert ou_parle("DRT-03", lus) == []


@pytest.mark.parametrize(
    ("texte", "depuis"),
    [
        ("Garantie : Privacy Shield", date(2020, 7, 16)),
        ("Directive 95/46/CE, art. 7", date(2018, 5, 25)),
        ("Décret n° 2005-1309, art. 90", date(2019, 6, 1)),
        ("C. conso. art. D. 111-17", date(2024, 7, 9)),
    ],
)
def test_un_texte_abroge_se_dit_du_jour_ou_il_ne_vaut_plus(texte, depuis):
    lus = faits(**avec("conservations", source=texte))
    assert ou_parle("TXT-03", lus, depuis) == ["conservations[1].source"]
    assert ou_parle("TXT-03", lus, date.fromordinal(depuis.toordinal() - 1)) == []


def test_un_texte_en_vigueur_et_le_texte_d_origine_d_un_import_ne_se_relevent_pas():
    for champs in ({"source": "C. conso. art. D111-10"}, {"texte_origine": "Directive 95/46"}):
        assert ou_parle("TXT-03", faits(**avec("conservations", **champs))) == []


@pytest.mark.parametrize(
    ("dit", "parle"),
    [
        ("Clauses conclues après l'invalidation du Privacy Shield", False),
        ("Privacy Shield, décision (UE) 2016/1250, pour nos anciens clients", True),
        ("Décision 2000/518 prise sur la directive 95/46", False),
        ("C. patr. art. D111-16 (code du patrimoine)", False),
    ],
)
def test_raconter_la_fin_d_un_texte_n_est_pas_s_en_reclamer(dit, parle):
    assert bool(ou_parle("TXT-03", faits(**avec("conservations", source=dit)))) is parle


def carte(**champs):
    donnees = [{"numero": 9, "categorie": "CARTE_BANCAIRE", "sources": ["DIRECTE"], "finalites": [2]}]
    return faits(donnees=donnees, finalites=[finalite(), finalite(2, **champs)])


@pytest.mark.parametrize(
    ("champs", "chemins"),
    [
        ({"base_legale": "INTERET_LEGITIME"}, ["finalites[2].base_legale"]),
        ({"base_legale": "INTERET_LEGITIME", "type": "fraude"}, []),
        ({"base_legale": "CONSENTEMENT"}, []),
        ({"base_legale": "CONTRAT"}, []),
        ({"base_legale": None}, []),
    ],
)
def test_garder_la_carte_pour_d_autres_achats_suppose_le_consentement(champs, chemins):
    assert ou_parle("SEN-12", carte(**champs)) == chemins
    assert ou_parle("SEN-12", faits()) == []


def test_chaque_texte_abroge_contient_un_radical():
    assert sans_radical(TOUS.pattern, RADICAUX) == []
