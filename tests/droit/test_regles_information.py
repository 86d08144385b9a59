"""Les règles d'information : supports, mentions, moment, contact, dispense."""

from datetime import date

import pytest

from droit.criteres_aipd import DECISION, NIVEAUX
from droit.regles import Gravite, controler
from droit.regles.information import MENTIONS, MENTIONS_SELON_LES_FAITS
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases
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
    selon = {code: dite for code, (dite, _) in MENTIONS_SELON_LES_FAITS.items()}
    assert {code: minuscule(str(Mention(code).label)) for code in selon} == selon
    niveaux = {n.value: minuscule(str(n.label)) for n in NiveauProfilage if n is not NiveauProfilage.AUCUN}
    assert niveaux == NIVEAUX
    assert DECISION == NiveauProfilage.DECISION


@pytest.mark.parametrize("mention", MENTIONS)
def test_chaque_mention_due_manque_par_son_libelle(mention):
    lus = information(mentions=sans(mention))
    assert ou_parle("INF-02", lus) == ["information.mentions"]
    assert Mention(mention).label[1:] in phrases("INF-02", lus)


SANS_DELEGUE = {"dpo_nom": "", "dpo_courriel": "", "dpo_societe": ""}
ATLAS = {"numero": 2, "type": "SOUS_TRAITANT", "nom": "Atlas Relation", "pays": "MA"}
LIVRER = SAINE["finalites"][0]


@pytest.mark.parametrize(
    ("mention", "organisme", "fiche"),
    [
        (Mention.DPO, SANS_DELEGUE, {}),
        (Mention.INTERETS, {}, {}),
        (Mention.TRANSFERTS, {}, {}),
        (Mention.TRANSFERTS, {}, {"destinataires": [ATLAS | {"pays": "FR"}]}),
        (Mention.TRANSFERTS, {}, {"destinataires": [ATLAS | {"type": "INTERNE"}]}),
        (Mention.RETRAIT, {}, {}),
        (Mention.RETRAIT, {}, avec("finalites", consentement_explicite=False)),
        (Mention.RETRAIT, {}, avec("donnees", exception_art9="ART9_F")),
        (Mention.PROFILAGE, {}, {}),
        (Mention.SOURCE, {}, {}),
        (Mention.DEMARCHAGE, {}, {}),
    ],
)
def test_une_mention_que_rien_ne_rend_due_ne_manque_pas(mention, organisme, fiche):
    volet = {**INFORMATION, "mentions": sans(mention)}
    assert ou_parle("INF-02", faits(organisme, **{**fiche, "information": volet})) == []


@pytest.mark.parametrize(
    ("mention", "organisme", "fiche"),
    [
        (Mention.DPO, {}, {}),
        (Mention.DPO, SANS_DELEGUE | {"dpo_courriel": "dpo@maison-lavande.example"}, {}),
        (Mention.INTERETS, {}, {"finalites": [LIVRER, {"numero": 2, "base_legale": "INTERET_LEGITIME"}]}),
        (Mention.TRANSFERTS, {}, {"transferts_hors_eee": True}),
        (Mention.TRANSFERTS, {}, {"transferts": [{"numero": 1, "pays": "MA"}]}),
        (Mention.TRANSFERTS, {}, {"destinataires": [ATLAS]}),
        (Mention.RETRAIT, {}, {"finalites": [LIVRER, {"numero": 2, "base_legale": "CONSENTEMENT"}]}),
        (Mention.RETRAIT, {}, avec("finalites", consentement_explicite=True)),
        (Mention.RETRAIT, {}, avec("donnees", exception_art9="ART9_A")),
    ],
)
def test_une_mention_qu_un_fait_rend_due_manque_avec_ce_fait(mention, organisme, fiche):
    muette = faits(organisme, **{**fiche, "information": {**INFORMATION, "mentions": sans(mention)}})
    assert ou_parle("INF-02", muette) == ["information.mentions"]
    dite, fait = MENTIONS_SELON_LES_FAITS[mention]
    assert f"{dite} ({fait})" in phrases("INF-02", muette)
    assert ou_parle("INF-02", faits(organisme, **fiche)) == []


def test_en_2019_le_royaume_uni_ne_rend_due_aucune_mention():
    volet = {**INFORMATION, "mentions": sans("transferts")}
    lus = faits(destinataires=[ATLAS | {"pays": "GB"}], information=volet)
    assert ou_parle("INF-02", lus, date(2019, 6, 1)) == []
    assert ou_parle("INF-02", lus) == ["information.mentions"]


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


# --- INF-04 : quand ----------------------------------------------------------------------------------------------------
def collecte(*sources, **information):
    """Une donnée qui vient de là, et ce que l'information en dit."""
    return faits(**avec("donnees", sources=[*sources]), information={**INFORMATION, **information})


@pytest.mark.parametrize(
    ("sources", "information", "parle"),
    [
        (["COURTIER"], {"moment": ""}, True),
        (["DIRECTE", "PARTENAIRE"], {}, True),
        (["COURTIER"], {"moment": "Au premier message"}, False),
        (["COURTIER"], {"exception_art14": "secret"}, False),  # INF-05 en demande la raison
        (["DIRECTE"], {"moment": ""}, False),  # à la collecte même : art. 13(1)
        (["DEDUITE"], {"moment": ""}, False),
        ([], {"moment": ""}, False),
    ],
)
def test_une_collecte_indirecte_dit_quand_la_personne_est_informee(sources, information, parle):
    attendu = ["information.moment"] if parle else []
    assert ou_parle("INF-04", collecte(*sources, **information)) == attendu


def test_le_delai_d_un_mois_se_rappelle():
    assert "au plus tard un mois après leur obtention" in phrases("INF-04", collecte("COURTIER"))


# --- INF-05 : dispense de l'article 14(5) ------------------------------------------------------------------------------
MOTIVEE = {"exception_art14": "impossible", "exception_art14_motif": "Dix mille auteurs sans adresse connue."}


@pytest.mark.parametrize(
    ("sources", "information", "chemins"),
    [
        (["PUBLIQUE"], MOTIVEE, []),
        (["PUBLIQUE"], MOTIVEE | {"exception_art14_motif": " "}, ["information.exception_art14_motif"]),
        (["PUBLIQUE", "DIRECTE"], MOTIVEE, []),
        (["DIRECTE"], MOTIVEE, ["information.exception_art14"]),
        (["DIRECTE"], MOTIVEE | {"exception_art14_motif": ""}, ["information.exception_art14"]),
        ([], MOTIVEE, []),  # d'où viennent les données ne se sait pas encore
        (["DIRECTE"], MOTIVEE | {"exception_art14": "deja-informee"}, []),  # art. 13(4)
        (["DIRECTE"], {"exception_art14": ""}, []),
        (["PUBLIQUE"], {"exception_art14": None}, []),
    ],
)
def test_une_dispense_d_informer_a_un_objet_et_une_raison(sources, information, chemins):
    assert ou_parle("INF-05", collecte(*sources, **information)) == chemins


def test_une_dispense_s_interprete_strictement():
    assert "s'interprète strictement" in phrases("INF-05", collecte("PUBLIQUE", exception_art14="secret"))


@pytest.mark.parametrize(
    ("sources", "changement", "due"),
    [
        (["PUBLIQUE"], {}, False),
        (["PUBLIQUE", "PARTENAIRE"], {}, False),
        (["PUBLIQUE", "DIRECTE"], {}, True),
        (["PUBLIQUE"], {"exception_art14_motif": ""}, True),
        (["DIRECTE"], {"exception_art14": "deja-informee"}, False),
        ([], {}, True),
    ],
)
def test_une_dispense_motivee_tient_lieu_d_information_si_rien_ne_vient_de_la_personne(
    sources, changement, due
):
    lus = collecte(*sources, supports=[], mentions=[], **MOTIVEE | changement)
    assert [bool(ou_parle(code, lus)) for code in ("INF-01", "INF-02")] == [due, due]


# --- INF-06 : réponses obligatoires ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("donnee", "chemins"),
    [
        ({"obligatoire": None}, ["donnees[1].obligatoire"]),
        ({"obligatoire": None, "sources": []}, ["donnees[1].obligatoire"]),
        ({"obligatoire": True, "consequence_defaut": ""}, ["donnees[1].consequence_defaut"]),
        ({"obligatoire": True, "consequence_defaut": "La commande ne peut être livrée."}, []),
        ({"obligatoire": False}, []),
        ({"obligatoire": None, "sources": ["COURTIER"]}, []),
    ],
)
def test_le_caractere_obligatoire_d_une_reponse_se_conseille(donnee, chemins):
    trouves = [c for c in controler(faits(**avec("donnees", **donnee)), JOUR) if c.code == "INF-06"]
    assert [(c.chemin, c.gravite) for c in trouves] == [(chemin, Gravite.CONSEIL) for chemin in chemins]


def test_les_donnees_muettes_se_disent_ensemble():
    muettes = [
        {"numero": n, "categorie": c, "sources": ["DIRECTE"]}
        for n, c in ((1, "COORDONNEES"), (2, "IDENTITE"))
    ]
    assert ou_parle("INF-06", faits(donnees=muettes)) == ["donnees[1].obligatoire"]
    assert "« Coordonnées »" in phrases("INF-06", faits(donnees=muettes))


# --- INF-07, INF-08 : source, droits -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("sources", "parle"), [([], True), (None, True), (["DIRECTE"], False), (["COURTIER"], False)]
)
def test_la_source_des_donnees_se_dit(sources, parle):
    attendu = ["donnees[1].sources"] if parle else []
    assert ou_parle("INF-07", faits(**avec("donnees", sources=sources))) == attendu


def test_les_donnees_sans_source_se_disent_ensemble():
    muettes = [{"numero": n, "categorie": c} for n, c in ((1, "COORDONNEES"), (2, "SANTE"))]
    lus = faits(donnees=muettes)
    assert ou_parle("INF-07", lus) == ["donnees[1].sources"]
    assert "« Coordonnées »" in phrases("INF-07", lus)


@pytest.mark.parametrize(("droits", "parle"), [([], True), (None, True), (["ACCES"], False)])
def test_les_droits_annonces_s_indiquent(droits, parle):
    assert ou_parle("INF-08", information(droits=droits)) == (["information.droits"] if parle else [])


def test_une_dispense_motivee_n_annonce_aucun_droit():
    assert ou_parle("INF-08", collecte("PUBLIQUE", droits=[], **MOTIVEE)) == []
    assert ou_parle("INF-08", collecte("DIRECTE", droits=[])) == ["information.droits"]


def test_le_registre_du_sous_traitant_ne_demande_pas_d_information():
    lus = faits(qualite="sous-traitant", information=None)
    assert [ou_parle(code, lus) for code in ("INF-01", "INF-02", "INF-03")] == [[], [], []]
