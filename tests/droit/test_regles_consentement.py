"""Le consentement : preuve, retrait, liberté, mineurs, mots du recueil ; sous toute base, et finalité par finalité."""

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, avec, faits, ou_parle

CONSENTI = {
    "base_legale": "CONSENTEMENT",
    "consentement_recueil": "Case à cocher du formulaire d'inscription",
    "consentement_preuve": "Horodatage et texte présenté.",
    "consentement_retrait": "Lien dans chaque message.",
    "consentement_texte_version": "Texte C-4 du 12 janvier 2026",
    "consentement_precoche": False,
    "consentement_conditionne": False,
}
# Un contrat, et le consentement explicite qui lève l'interdiction de l'article 9 : tout ce qui suit vaut aussi pour lui.
EXPLICITE = CONSENTI | {"base_legale": "CONTRAT", "consentement_explicite": True}


def consentie(base=CONSENTI, **champs):
    return avec("finalites", **base | champs)


def gravites(code, lus):
    return [(c.gravite, c.ecartable) for c in controler(lus, JOUR) if c.code == code]


FAUTES = [
    ("BAS-05", "preuve", "", Gravite.BLOQUANT, False),
    ("BAS-06", "retrait", None, Gravite.BLOQUANT, False),
    ("BAS-07", "precoche", True, Gravite.BLOQUANT, False),
    ("BAS-07", "precoche", None, Gravite.ALERTE, True),
    ("BAS-08", "texte_version", "", Gravite.ALERTE, True),
    ("BAS-13", "conditionne", None, Gravite.ALERTE, True),
    ("BAS-14", "recueil", " ", Gravite.ALERTE, True),
]


@pytest.mark.parametrize(("base", "gravite"), [(CONSENTI, Gravite.BLOQUANT), (EXPLICITE, Gravite.ALERTE)])
def test_un_accord_impose_ne_bloque_que_s_il_fonde_le_traitement(base, gravite):
    """L'article 7(4) ne vise que ce qui n'est pas nécessaire au contrat : un accord de l'article 9 peut l'être."""
    lus = faits(**consentie(base, consentement_conditionne=True))
    assert [c.gravite for c in controler(lus, JOUR) if c.code == "BAS-13"] == [gravite]


@pytest.mark.parametrize("base", [CONSENTI, EXPLICITE], ids=["consentement", "contrat et accord explicite"])
@pytest.mark.parametrize(("code", "nom", "valeur", "gravite", "ecartable"), FAUTES)
def test_la_regle_parle(base, code, nom, valeur, gravite, ecartable):
    lus = faits(**consentie(base, **{f"consentement_{nom}": valeur}))
    assert ou_parle(code, lus) == [f"finalites[1].consentement_{nom}"]
    assert gravites(code, lus) == [(gravite, ecartable)]


@pytest.mark.parametrize(
    "code", ["BAS-05", "BAS-06", "BAS-07", "BAS-08", "BAS-09", "BAS-13", "BAS-14", "BAS-15"]
)
def test_la_regle_se_tait(code):
    """Le consentement est complet, sous l'une ou l'autre base ; ou rien ne se recueille."""
    sans_accord = {nom: None for nom in CONSENTI} | {"base_legale": "CONTRAT"}
    assert ou_parle(code, faits(**consentie())) == []
    assert ou_parle(code, faits(**consentie(EXPLICITE))) == []
    assert ou_parle(code, faits(**consentie(sans_accord))) == []
    assert ou_parle(code, faits(**consentie(sans_accord, consentement_explicite=False))) == []


@pytest.mark.parametrize(("code", "nom", "valeur"), [faute[:3] for faute in FAUTES])
def test_un_consentement_complet_ne_couvre_pas_celui_d_une_autre_finalite(code, nom, valeur):
    une = {"numero": 1, "libelle": "Envoyer la lettre", "type": "prospection", "canaux": [], **CONSENTI}
    autre = {**une, "numero": 2, "libelle": "Envoyer le catalogue", f"consentement_{nom}": valeur}
    assert ou_parle(code, faits(finalites=[une, autre])) == [f"finalites[2].consentement_{nom}"]


# --- Mineurs ------------------------------------------------------------------------------------------------------------
ACCORD = {"consentement_autorisation_parentale": "Courriel au parent, confirmé."}
AUTORISATION = "finalites[1].consentement_autorisation_parentale"
AGE = "personnes[1].moins_de_15_ans"


def mineurs(**champs):
    return {"personnes": [{"numero": 1, "categorie": "MINEURS", **champs}]}


@pytest.mark.parametrize(
    ("personnes", "champs", "attendu"),
    [
        (mineurs(moins_de_15_ans=True), {}, [(AUTORISATION, Gravite.BLOQUANT)]),
        (mineurs(moins_de_15_ans=True), ACCORD, []),
        (mineurs(moins_de_15_ans=False), {}, []),
        (mineurs(), {}, [(AGE, Gravite.ALERTE), (AUTORISATION, Gravite.ALERTE)]),
        (mineurs(moins_de_15_ans=None), ACCORD, [(AGE, Gravite.ALERTE)]),
        ({}, {}, []),
        (mineurs(moins_de_15_ans=True), {"base_legale": "CONTRAT"}, []),
        (mineurs(), {"base_legale": "CONTRAT"}, []),
        (
            mineurs(moins_de_15_ans=True),
            {"base_legale": "CONTRAT", "consentement_explicite": True},
            [(AUTORISATION, Gravite.BLOQUANT)],
        ),
    ],
)
def test_avant_quinze_ans_le_consentement_se_donne_avec_un_parent(personnes, champs, attendu):
    lus = faits(**consentie(**champs), **personnes)
    constats = [c for c in controler(lus, JOUR) if c.code == "BAS-09"]
    assert [(c.chemin, c.gravite) for c in constats] == attendu
    assert all(c.ecartable for c in constats)


# --- Ce que les mots laissent lire ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "recueil",
    [
        "Case pré-cochée en bas du formulaire",
        "Case précochée",
        "Cases cochées par défaut",
        "En acceptant les conditions générales de vente",
        "Acceptation des CGV",
        "Acceptation du règlement du jeu",
        "Le client valide les CGU à l'inscription",
        "Sauf opposition de sa part dans les quinze jours",
        "À défaut d'opposition du client",
        "En poursuivant sa navigation",
        "La poursuite de la navigation vaut accord",
        "Opt-out dans le compte client",
    ],
)
def test_un_recueil_sans_acte_positif_se_lit_dans_les_mots(recueil):
    assert ou_parle("BAS-15", faits(**consentie(consentement_recueil=recueil))) == [
        "finalites[1].consentement_recueil"
    ]


@pytest.mark.parametrize(
    "recueil",
    [
        "Case non précochée",
        "Case décochée par défaut, à côté du texte",
        "Case jamais pré-cochée",
        "La case n'est pas précochée",
        "Case distincte de l'acceptation des CGV",
        "Case séparée, sous l'acceptation des conditions générales",
        "Case à cocher du formulaire, puis courriel de confirmation",
        "Bandeau : « accepter » et « refuser » de même taille",
        "Bulletin papier signé en caisse",
        "Case facultative, en plus de l'acceptation des CGV",
        "Opt-in par case à cocher",
    ],
)
def test_un_recueil_positif_se_tait(recueil):
    assert ou_parle("BAS-15", faits(**consentie(consentement_recueil=recueil))) == []


@pytest.mark.parametrize(
    ("retrait", "parle"),
    [
        ("Par courrier recommandé avec accusé de réception", True),
        ("Lettre recommandée", True),
        ("Courrier postal accompagné d'une copie de la pièce d'identité", True),
        ("Impossible après l'inscription", True),
        ("Lien dans chaque message, ou courrier", False),
        ("Depuis le compte client, ou par courrier", False),
        ("Par courriel au délégué", False),
        ("En répondant STOP", False),
        ("Même case, décochée à tout moment en ligne", False),
    ],
)
def test_un_retrait_moins_simple_que_l_accord_se_lit_dans_les_mots(retrait, parle):
    lus = faits(**consentie(consentement_retrait=retrait))
    assert bool(ou_parle("BAS-15", lus)) is parle
    assert all(g is Gravite.ALERTE for g, _ in gravites("BAS-15", lus))


@pytest.mark.parametrize(
    "recueil", ["Case unique du formulaire", "Une seule case pour la lettre et le profil"]
)
def test_un_seul_accord_ne_vaut_pas_pour_deux_finalites(recueil):
    une = {"numero": 1, "libelle": "Envoyer la lettre", "type": "prospection", "canaux": [], **CONSENTI}
    une |= {"consentement_recueil": recueil}
    autre = {**une, "numero": 2, "libelle": "Choisir les offres", "type": "profilage"}
    assert ou_parle("BAS-15", faits(finalites=[une, autre])) == [
        f"finalites[{n}].consentement_recueil" for n in (1, 2)
    ]
    assert ou_parle("BAS-15", faits(finalites=[une])) == []


@pytest.mark.parametrize(
    ("recueil", "parle"),
    [("Case à cocher du formulaire", True), ("Bulletin papier signé en magasin", False), ("", False)],
)
def test_un_retrait_par_courrier_se_compare_a_la_facon_dont_l_accord_se_donne(recueil, parle):
    lus = faits(**consentie(consentement_recueil=recueil, consentement_retrait="Par courrier au siège"))
    assert ("finalites[1].consentement_retrait" in ou_parle("BAS-15", lus)) is parle
