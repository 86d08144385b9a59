"""Le moteur des règles : gravité, date, masquage, écarts ; aucune règle ne tombe sur une fiche à moitié remplie."""

import pickle
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arbre import RACINE
from droit.faits import Faits
from droit.regles import MASQUES, REGLES, controler, controler_organisme, repartir
from droit.regles.constat import Exigence, Gravite, Marque, Trouve
from droit.regles.regle import SANS_MARQUE, THEMES, M, P, Portee, Regle, alerte, bloquant, conseil
from exemples_faits import ORGANISME, SAINE, faits, reperes

JOUR = date(2026, 11, 24)


@pytest.fixture
def regles(monkeypatch):
    """Un catalogue où ne figurent que les règles que l'essai déclare."""
    vide: dict[str, Regle] = {}
    monkeypatch.setattr("droit.regles.regle.REGLES", vide)
    monkeypatch.setattr("droit.regles.REGLES", vide)
    return vide


DECORATEURS = {Gravite.BLOQUANT: bloquant, Gravite.ALERTE: alerte, Gravite.CONSEIL: conseil}


def declarer(
    code: str, *trouves, gravite=Gravite.BLOQUANT, source="RGPD art. 5", marque=SANS_MARQUE, **options
):
    @DECORATEURS[gravite](code, source, marque, "titre", **options)
    def regle(faits, le):
        """Toujours."""
        yield from trouves

    return regle


def test_une_fiche_saine_n_appelle_aucun_constat():
    assert controler(faits(), JOUR) == []
    assert controler_organisme(faits(fiches_sous_traitant=0), JOUR) == []


def test_une_fiche_archivee_n_appelle_plus_rien():
    assert controler(faits(statut="archivee", finalites=[]), JOUR) == []


def test_une_regle_nouvelle_est_une_fonction(regles):
    """La promesse : une règle, c'est une fonction déclarée ; rien d'autre à toucher."""
    declarer("ESS-01", ("service", "Nommez le service."))
    (constat,) = controler(faits(service=""), JOUR)
    assert (constat.code, constat.message, constat.valeur) == ("ESS-01", "Nommez le service.", "")
    with pytest.raises(ValueError, match="deux fois"):
        declarer("ESS-01")


@pytest.mark.parametrize(
    ("gravite", "exigence"),
    [
        (Gravite.BLOQUANT, Exigence.AUTRE_TEXTE),
        (Gravite.ALERTE, Exigence.AUTRE_TEXTE),
        (Gravite.CONSEIL, Exigence.RECOMMANDE),
    ],
)
def test_la_gravite_dit_l_exigence_a_defaut(regles, gravite, exigence):
    declarer("ESS-01", gravite=gravite)
    declarer("ESS-02", gravite=gravite, exigence=Exigence.ARTICLE_30)
    assert [(r.gravite, r.exigence) for r in regles.values()] == [
        (gravite, exigence),
        (gravite, Exigence.ARTICLE_30),
    ]


def test_une_regle_datee_se_tait_la_veille(regles):
    declarer("ESS-01", ("service", "Non."), depuis=date(2026, 8, 11))
    assert controler(faits(), date(2026, 8, 10)) == []
    assert len(controler(faits(), date(2026, 8, 11))) == 1


def test_une_regle_abrogee_parle_encore_son_dernier_jour_et_se_tait_le_lendemain(regles):
    declarer("ESS-01", ("service", "Non."), depuis=date(2020, 1, 1), jusqu_au=date(2026, 8, 10))
    dits = {le: len(controler(faits(), le)) for le in (date(2019, 12, 31), date(2020, 1, 1))}
    assert dits == {date(2019, 12, 31): 0, date(2020, 1, 1): 1}
    assert len(controler(faits(), date(2026, 8, 10))) == 1
    assert controler(faits(), date(2026, 8, 11)) == []


def test_une_regle_qui_attend_un_texte_se_declare_et_ne_parle_jamais(regles):
    declarer("ESS-01", ("service", "Non."), en_attente="COM(2025) 501")
    assert controler(faits(), date(2099, 1, 1)) == []
    adoptee = replace(regles["ESS-01"], en_attente="", depuis=date(2027, 1, 1))
    assert [len(list(adoptee.constats(faits(), le))) for le in (date(2026, 12, 31), date(2027, 1, 1))] == [
        0,
        1,
    ]


@pytest.mark.parametrize(
    ("source", "marque", "gravite"),
    [
        ("CEPD 2/2019", M, Gravite.ALERTE),
        ("RGPD art. 28(3)", M, Gravite.BLOQUANT),
        ("CPCE art. L34-5", P, Gravite.BLOQUANT),
    ],
)
def test_une_source_non_verifiee_ne_bloque_jamais_seule_sauf_le_rgpd(regles, source, marque, gravite):
    declarer("ESS-01", ("service", "Non."), source=source, marque=marque)
    assert [c.gravite for c in controler(faits(), JOUR)] == [gravite]


def test_la_marque_d_un_constat_peut_venir_des_faits(regles):
    declarer("ESS-01", Trouve("service", "Non.", source="Usage", marque=M), source="RGPD", marque=P)
    assert [(c.gravite, c.marque) for c in controler(faits(), JOUR)] == [(Gravite.ALERTE, M)]


def test_un_meme_fait_ne_produit_qu_un_message(regles):
    declarer("PRO-03", ("finalites[1].canaux", "Appel."))
    declarer("BAS-04", ("finalites[1].base_legale", "Contrat."), ("finalites[2].base_legale", "Contrat."))
    assert [(c.code, c.chemin) for c in controler(faits(), JOUR)] == [
        ("PRO-03", "finalites[1].canaux"),
        ("BAS-04", "finalites[2].base_legale"),
    ]


@pytest.mark.parametrize(("parle", "tue"), MASQUES)
def test_chaque_masque_ne_vaut_que_sur_le_meme_element(regles, parle, tue):
    declarer(parle, ("finalites[1].canaux", "Un fait."))
    declarer(tue, ("finalites[1].base_legale", "Le même."), ("finalites[2].base_legale", "Un autre."))
    assert [(c.code, c.chemin[:12]) for c in controler(faits(), JOUR)] == [
        (parle, "finalites[1]"),
        (tue, "finalites[2]"),
    ]


def test_une_alerte_ne_fait_pas_taire_ce_qui_bloque(regles):
    declarer("PRO-05", ("finalites[1].canaux", "Objet."), gravite=Gravite.ALERTE)
    declarer("PRO-01", ("finalites[1].base_legale", "Consentement."))
    declarer("PRO-03", ("finalites[1].canaux", "Appel."), gravite=Gravite.ALERTE)
    assert [c.code for c in controler(faits(), JOUR)] == ["PRO-01", "PRO-05"]


def test_les_plus_graves_viennent_d_abord(regles):
    declarer("ESS-01", ("service", "Conseil."), gravite=Gravite.CONSEIL)
    declarer("ESS-02", ("service", "Bloquant."))
    assert [c.code for c in controler(faits(), JOUR)] == ["ESS-02", "ESS-01"]


def test_une_regle_de_l_article_30_1_ne_juge_pas_la_fiche_d_un_sous_traitant(regles):
    declarer("ESS-01", ("service", "Non."))
    declarer("ESS-02", ("service", "Non."), sous_traitant=True)
    assert [c.code for c in controler(faits(qualite="sous-traitant"), JOUR)] == ["ESS-02"]


def test_une_regle_de_l_organisme_ne_se_dit_pas_fiche_par_fiche(regles):
    declarer("ESS-01", ("organisme.adresse", "Complétez."), portee=Portee.ORGANISME)
    assert controler(faits(), JOUR) == []
    assert [c.valeur for c in controler_organisme(faits(), JOUR)] == [ORGANISME["adresse"]]


# --- Écarts justifiés --------------------------------------------------------------------------------------------------
def ecart(constat, **autres):
    return {
        "regle": constat.code,
        "chemin": constat.chemin,
        "faits": constat.empreinte,
        "pose_le": "2026-11-01",
        "fin": "2027-05-01",
        "raison": "Contrat en signature.",
        **autres,
    }


@pytest.fixture
def constat(regles):
    declarer("ESS-01", ("destinataires[1].tiers", "Pas de contrat."), ecartable=True)
    return controler(faits(), JOUR)[0]


@pytest.mark.parametrize(
    ("le", "ecarte"),
    [
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2027, 5, 1), True),
        (date(2027, 5, 2), False),
    ],
)
def test_un_ecart_vaut_de_sa_date_a_son_terme_compris(constat, le, ecarte):
    restent, ecartes = repartir([constat], [ecart(constat)], le)
    assert (len(ecartes), len(restent)) == ((1, 0) if ecarte else (0, 1))


@pytest.mark.parametrize("change", [{"pays": "MA"}, {"nom": "Service des ventes"}, {"tiers": "sans-contrat"}])
def test_le_constat_revient_quand_les_faits_changent(constat, change):
    autres = faits(destinataires=[{**SAINE["destinataires"][0], **change}])
    (nouveau,) = controler(autres, JOUR)
    assert repartir([nouveau], [ecart(constat)], JOUR) == ([nouveau], [])


def test_un_autre_champ_de_la_fiche_ne_ramene_pas_le_constat(constat):
    (le_meme,) = controler(faits(volumes="environ 300"), JOUR)
    assert repartir([le_meme], [ecart(constat)], JOUR)[0] == []


def test_un_bloquant_qui_ne_s_ecarte_pas_reste_malgre_l_ecart(regles):
    declarer("ESS-01", ("service", "Non."))
    (constat,) = controler(faits(), JOUR)
    assert repartir([constat], [ecart(constat)], JOUR) == ([constat], [])


def test_un_constat_se_garde_sans_les_faits_et_dit_toujours_la_meme_chose(constat):
    relu = pickle.loads(pickle.dumps(constat))
    assert relu == constat
    assert (relu.valeur, relu.empreinte, relu.faits) == (constat.valeur, constat.empreinte, None)


# --- Le catalogue ------------------------------------------------------------------------------------------------------
def test_les_regles_d_un_theme_se_numerotent_sans_trou():
    """Un numéro qui manque au milieu d'un thème est une règle perdue."""
    numeros: dict[str, list[int]] = {}
    for regle in REGLES.values():
        numeros.setdefault(regle.theme.prefixe, []).append(int(regle.code[-2:]))
    assert numeros == {prefixe: list(range(1, len(lus) + 1)) for prefixe, lus in numeros.items()}


@pytest.mark.parametrize("regle", REGLES.values(), ids=lambda r: r.code)
def test_chaque_regle_releve_d_un_theme_qui_a_un_titre(regle):
    assert THEMES[regle.theme.prefixe] is regle.theme


def test_un_prefixe_que_personne_ne_nomme_est_son_propre_theme(regles):
    declarer("ZZZ-01")
    assert (regles["ZZZ-01"].theme.titre, "ZZZ" in THEMES) == ("ZZZ", False)


def test_une_source_dite_du_rgpd_est_opposable_quelle_que_soit_sa_marque(regles):
    declarer("ESS-01", ("service", "Non."), source="RGPD art. 28(3)", marque=M)
    declarer("ESS-02", ("service", "Non."), source="CEPD 2/2019", marque=M)
    declarer("ESS-03", ("service", "Non."), source="CEPD 2/2019", marque=P)
    assert [r.opposable for r in regles.values()] == [True, False, True]
    assert {c.code: c.opposable for c in controler(faits(), JOUR)} == {
        c: r.opposable for c, r in regles.items()
    }


@pytest.mark.parametrize("regle", REGLES.values(), ids=lambda r: r.code)
def test_chaque_regle_dit_sa_source_son_titre_et_sa_condition(regle):
    assert regle.source
    assert regle.titre
    assert regle.condition.endswith(".")
    assert isinstance(regle.marque, Marque)
    assert regle.marque is not Marque.AUCUNE or not regle.depuis


@pytest.mark.parametrize("regle", REGLES.values(), ids=lambda r: r.code)
def test_chaque_regle_a_un_essai_qui_la_nomme(regle):
    essais = "".join(p.read_text(encoding="utf-8") for p in (RACINE / "tests/droit").glob("test_*.py"))
    assert len(re.findall(rf'"{regle.code}"', essais)) >= 2


# --- Aucune règle ne tombe ---------------------------------------------------------------------------------------------
CODES = sorted(
    {
        code
        for table in ("categories_donnees", "canaux", "garanties", "bases_legales")
        for code in getattr(reperes(), table)
    }
    | {"US", "MA", "CH", "GP", "PF", "FR", "OEB"}
    | {"prospection", "avis", "cession", "statistiques", "profilage", "etude", "fraude", "score", "B2C"}
    | {"anonymisation", "hachage", "archivage_intermediaire", "archivage_definitif", "base_active"}
    | {
        "COURTIER",
        "SOUS_TRAITANT",
        "RESPONSABLE_CONJOINT",
        "MINEURS",
        "CLIENTS",
        "R10",
        "D02",
        "C1_EVALUATION",
    }
    | {"DERNIER_CONTACT_PROSPECT", "PROSPECT-3A", "FISCAL-6A", "OPPOSITION-3A-MIN", "routeur", "sans-contrat"}
    | {
        "Bloctel",
        "2021-131",
        "illimité",
        "2026-08-10",
        "2030-01-01",
        "pas une date",
        "validee",
        "realisee",
        "",
    }
)
atome = st.none() | st.booleans() | st.integers(-2, 40_000) | st.sampled_from(CODES) | st.text(max_size=8)
absurde = (
    atome
    | st.lists(st.sampled_from(CODES), max_size=4)
    | st.dictionaries(st.sampled_from(CODES), atome, max_size=2)
)
CHAMPS_CONNUS = sorted(
    set(re.findall(r'"(\w+)"', (RACINE / "registre/fiche/rubriques.py").read_text(encoding="utf-8")))
)
element = st.builds(
    lambda numero, champs: {**champs, "numero": numero},
    st.integers(1, 4),
    st.dictionaries(
        st.sampled_from(CHAMPS_CONNUS), atome | st.lists(st.sampled_from(CODES), max_size=3), max_size=14
    ),
)
LISTES = "finalites personnes donnees conservations destinataires transferts mesures clients responsables_conjoints ecarts".split()
VOLETS = "profilage cession avis information aipd".split()
fiches = st.fixed_dictionaries(
    {},
    optional={nom: st.none() | st.lists(element, max_size=4) for nom in LISTES}
    | {
        nom: st.none() | st.dictionaries(st.sampled_from(CHAMPS_CONNUS), absurde, max_size=10)
        for nom in VOLETS
    }
    | {
        nom: atome
        for nom in (
            "statut",
            "qualite",
            "famille",
            "modele",
            "referentiel",
            "date_maj",
            "date_prochaine_revue",
        )
    },
)


@pytest.mark.lent
@settings(max_examples=400, deadline=None)
@given(
    fiches, st.dictionaries(st.sampled_from(sorted(ORGANISME)), atome, max_size=8), st.dates(), st.booleans()
)
def test_aucune_regle_ne_tombe_sur_une_fiche_absurde(fiche, organisme, le, sans_reperes):
    lus = Faits(fiche, organisme) if sans_reperes else Faits(fiche, organisme, reperes(), 0)
    for constat in [*controler(lus, le), *controler_organisme(lus, le)]:
        assert constat.message.endswith((".", "»", ")"))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(SAINE)), absurde, st.dates())
def test_aucune_regle_ne_tombe_quand_une_valeur_de_la_fiche_saine_est_absurde(nom, valeur, le):
    if nom in (*LISTES, *VOLETS):
        valeur = None
    controler(faits(**{nom: valeur}), le)


# --- Ce qui bloque sans exception possible -------------------------------------------------------------------------------------
# Code → pourquoi aucun texte n'excuse jamais le fait relevé. Tout autre bloquant s'écarte, par une raison écrite.
SANS_EXCEPTION = {
    "AIP-03": "l'article 36(1) impose la consultation dès que le risque reste élevé",
    "BAS-01": "un traitement sans base légale est illicite (art. 6(1))",
    "BAS-05": "un consentement que l'on ne démontre pas ne vaut pas (art. 7(1))",
    "BAS-06": "le retrait est un droit de tout temps (art. 7(3))",
    "BAS-07": "une case précochée n'est jamais un consentement (considérant 32)",
    "CES-01": "le destinataire ne prospecte par courrier électronique qu'avec l'accord de la personne (CPCE art. L34-5)",
    "CES-02": "le destinataire n'appelle qu'avec l'accord de la personne (C. conso. art. L223-1)",
    "CES-03": "l'opposition s'offre avant toute transmission pour prospecter (art. 21(2) et 21(4))",
    "PRF-02": "l'article 22(2) énumère les cas permis, l'article 22(3) l'intervention humaine",
    "PRO-01": "l'article L34-5 du CPCE n'a qu'une exception, et la règle l'entend",
    "PRO-02": "l'automate d'appel n'a pas d'exception (CPCE art. L34-5)",
    "PRO-03": "les exceptions de l'article L223-1 sont entendues par la règle",
    "PRO-04": "le professionnel prouve l'accord aux appels (C. conso. art. L223-1)",
    "PRO-05": "l'interdiction vaut même consentie (C. conso. art. L223-1, L223-8)",
    "REG-01": "le registre comporte toujours l'identité du responsable (art. 30(1)(a))",
    "REG-02": "le registre comporte toujours les finalités (art. 30(1)(b))",
    "REG-03": "le registre comporte toujours les personnes et les données (art. 30(1)(c))",
    "REG-04": "le registre comporte toujours les destinataires (art. 30(1)(d))",
    "REG-14": "le registre du sous-traitant nomme toujours ses clients (art. 30(2)(a))",
    "REG-15": "le registre nomme toujours le responsable conjoint (art. 30(1)(a))",
    "TRF-03": "le Privacy Shield est invalidé : rien n'encadre plus le transfert (art. 44)",
    "RET-08": "ce qui reste identifiable n'est pas anonyme (considérant 26)",
    "SCT-02": "aucun secteur n'est hors du RGPD (art. 2 et 3)",
    "TRF-07": "l'article 49(6) veut la pièce au registre",
}


def test_ce_qui_bloque_sans_exception_possible_dit_pourquoi_aucun_texte_ne_l_excuse():
    bloquants = {
        r.code for r in REGLES.values() if r.gravite_effective is Gravite.BLOQUANT and not r.ecartable
    }
    assert bloquants == set(SANS_EXCEPTION)
