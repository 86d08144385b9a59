"""Les règles d'information : supports, mentions, contact."""

import pytest

from droit.criteres_aipd import DECISION, NIVEAUX
from droit.regles.information import MENTIONS
from exemples_faits import SAINE, avec, faits, ou_parle, phrases
from traitements.choix import Mention, NiveauProfilage
from traitements.phrases import minuscule

INFORMATION = SAINE["information"]


def information(**champs):
    return faits(information={**INFORMATION, **champs})


def sans(*mentions):
    return [m for m in INFORMATION["mentions"] if m not in mentions]


@pytest.mark.parametrize(
    ("code", "chemin"),
    [
        ("INF-01", "information.supports"),
        ("INF-02", "information.mentions"),
        ("INF-03", "information.contact_droits"),
    ],
)
def test_un_volet_absent_n_est_pas_une_information(code, chemin):
    assert ou_parle(code, faits(information=None)) == [chemin]
    assert ou_parle(code, faits()) == []


@pytest.mark.parametrize("supports", [None, [], "", "formulaire"])
def test_aucun_support_est_signale(supports):
    assert ou_parle("INF-01", information(supports=supports)) == ["information.supports"]


def test_les_mots_du_droit_sont_ceux_de_la_fiche():
    """Le droit ne connaît pas Django : il redit les libellés, et rien que les libellés."""
    assert {code: minuscule(str(Mention(code).label)) for code in MENTIONS} == MENTIONS
    niveaux = {n.value: minuscule(str(n.label)) for n in NiveauProfilage if n is not NiveauProfilage.AUCUN}
    assert niveaux == NIVEAUX
    assert DECISION == NiveauProfilage.DECISION


@pytest.mark.parametrize("mention", MENTIONS)
def test_chaque_mention_due_manque_par_son_libelle(mention):
    lus = information(mentions=sans(mention))
    assert ou_parle("INF-02", lus) == ["information.mentions"]
    assert Mention(mention).label[1:] in phrases("INF-02", lus)


@pytest.mark.parametrize(
    "mention",
    [Mention.DPO, Mention.INTERETS, Mention.TRANSFERTS, Mention.RETRAIT, Mention.PROFILAGE, Mention.SOURCE],
)
def test_une_mention_due_dans_certains_cas_ne_manque_pas_toujours(mention):
    assert ou_parle("INF-02", information(mentions=sans(mention))) == []


def test_les_mentions_absentes_s_enumerent():
    message = phrases("INF-02", information(mentions=sans("durees", "droits", "reclamation")))
    attendu = "durées de conservation, droits des personnes et réclamation auprès de la CNIL."
    assert message.endswith(attendu)


@pytest.mark.parametrize(
    ("sources", "due"),
    [
        (["DIRECTE"], True),
        (["COURTIER", "DIRECTE"], True),
        ([], True),
        (None, True),
        (["COURTIER"], False),
        (["DEDUITE"], False),
    ],
)
def test_le_caractere_obligatoire_se_dit_a_la_personne_que_l_on_interroge(sources, due):
    fiche = {
        **avec("donnees", sources=sources),
        "information": {**INFORMATION, "mentions": sans("caractere_obligatoire")},
    }
    assert ou_parle("INF-02", faits(**fiche)) == (["information.mentions"] if due else [])


@pytest.mark.parametrize("contact", [None, "", "  "])
def test_aucun_contact_est_signale(contact):
    assert ou_parle("INF-03", information(contact_droits=contact)) == ["information.contact_droits"]


def test_le_registre_du_sous_traitant_ne_demande_pas_d_information():
    lus = faits(qualite="sous-traitant", information=None)
    assert [ou_parle(code, lus) for code in ("INF-01", "INF-02", "INF-03")] == [[], [], []]
