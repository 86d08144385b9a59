"""Ce que le référentiel propose à une fiche : ce qui la concerne, ce qu'elle n'a pas, et ce que cela vaut."""

import pytest

from boutique import PROSPECTION
from conservation.models import DureeReference
from conservation.propositions import ORDRE, SITUATIONS, fiches_types_par_famille, propositions, reprise
from traitements.models import ModeleFiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def familles():
    return fiches_types_par_famille(ModeleFiche.objects.all())


def proposees(fiche, familles) -> dict[str, tuple[str, ...]]:
    """Chaque durée proposée, et les catégories de la fiche pour lesquelles elle l'est."""
    return {p.regle.pk: p.categories for p in propositions(fiche, DureeReference.objects.all(), familles)}


def test_les_familles_viennent_des_modeles(familles):
    assert familles["clients"] == {"GESTION_CLIENTS"}
    assert {"PROSPECTION_B2C_ELEC", "PROFILAGE", "NEWSLETTER"} <= familles["prospection"]
    assert "autre" not in familles


def test_une_fiche_recoit_les_durees_de_ses_categories_et_de_sa_famille(familles):
    lues = proposees(PROSPECTION, familles)
    assert set(lues.values()) == {("COORDONNEES",)}
    assert {"PROSPECT-3A", "PROSPECT-B2B-3A", "INSCRIPTION-PENDANTE-30J"} <= set(lues)
    for code in lues:
        regle = DureeReference.objects.get(pk=code)  # référentiel commun : aucun organisme n'y est cloisonné
        assert "COORDONNEES" in regle.categories
        assert familles["prospection"] & set(regle.traitements)


def test_le_modele_d_origine_compte_meme_sans_famille(familles):
    fiche = {"modele": "COOKIES_AUDIENCE", "famille": "autre", "donnees": [{"categorie": "NAVIGATION"}]}
    assert ("NAVIGATION",) in proposees(fiche, familles).values()
    assert proposees({**fiche, "modele": ""}, familles) == {}


def test_une_duree_se_propose_une_fois_pour_toutes_les_categories_qu_elle_vise(familles):
    donnees = [{"categorie": c} for c in ("COORDONNEES", "SANTE", "PROSPECTION")]
    assert proposees({**PROSPECTION, "donnees": donnees}, familles)["PROSPECT-3A"] == (
        "COORDONNEES",
        "PROSPECTION",
    )


def test_ce_que_la_fiche_cite_deja_ne_se_propose_plus_que_pour_le_reste(familles):
    donnees = [{"categorie": c} for c in ("COORDONNEES", "PROSPECTION")]
    for categories, reste in {
        ("COORDONNEES",): ("PROSPECTION",),
        ("COORDONNEES", "PROSPECTION"): None,
        (): None,  # toutes les données de la fiche
    }.items():
        citee = {"categories": list(categories), "regle_reference": "PROSPECT-3A"}
        fiche = {**PROSPECTION, "donnees": donnees, "conservations": [citee]}
        assert proposees(fiche, familles).get("PROSPECT-3A") == reste


def test_les_durees_se_suivent_par_situation_de_la_loi_aux_usages_sans_ancien_texte(familles):
    fiche = {"famille": "clients", "donnees": [{"categorie": c} for c in ("TRANSACTIONS", "COORDONNEES")]}
    regles = [p.regle for p in propositions(fiche, DureeReference.objects.all(), familles)]
    rangs = [(SITUATIONS.index(r.situation), ORDRE.index(r.force)) for r in regles]
    assert regles and rangs == sorted(rangs)
    assert all(r.situation and r.quand for r in regles)
    assert (
        SITUATIONS.index("prospect") < SITUATIONS.index("client") < SITUATIONS.index("contrat_electronique")
    )


def test_un_delai_pour_agir_ne_se_propose_pas_et_ne_se_reprend_pas(familles):
    """Relancer un prospect, répondre à une demande : ce ne sont pas des durées à conserver."""
    regles = {r.pk: r for r in DureeReference.objects.all()}
    for code, fiche in {
        "RELANCE-FIN-1M": {"famille": "prospection", "donnees": [{"categorie": "COORDONNEES"}]},
        "EFFACEMENT-DEMANDE-1M": {"famille": "clients", "donnees": [{"categorie": "COORDONNEES"}]},
    }.items():
        lues = proposees(fiche, familles)
        assert lues and code not in lues
        assert reprise(f"{code}:COORDONNEES", regles) is None


def test_un_droit_de_la_personne_se_propose_pour_ce_qu_il_est():
    regles = {r.pk: r for r in DureeReference.objects.all()}
    ligne = reprise("RETRACTATION-14J:TRANSACTIONS", regles).ligne
    assert ligne["point_depart"] == "RECEPTION_BIEN"
    assert "n'oblige pas à conserver" in ligne["source"] and "loi" not in ligne["source"]


def test_une_duree_retiree_ne_se_propose_plus(familles):
    DureeReference.objects.filter(pk="PROSPECT-3A").update(actif=False)
    assert "PROSPECT-3A" not in proposees(PROSPECTION, familles)
    assert reprise("PROSPECT-3A:COORDONNEES", {r.pk: r for r in DureeReference.objects.all()}) is None


def test_la_ligne_reprise_porte_tout_ce_que_la_reference_fixe():
    regles = {r.pk: r for r in DureeReference.objects.all()}
    ligne = reprise("PROSPECT-3A:PROSPECTION,COORDONNEES", regles).ligne
    source = ligne.pop("source")
    assert ligne == {
        "categories": ["COORDONNEES", "PROSPECTION"],
        "phase": "base_active",
        "duree_valeur": 3,
        "duree_unite": "ans",
        "critere": "",
        "point_depart": "DERNIER_CONTACT_PROSPECT",
        "point_depart_precisions": "",
        "sort_final": "suppression_ou_anonymisation",
        "regle_reference": "PROSPECT-3A",
    }
    assert source.endswith("(recommandation de la CNIL)")
    fiscal = reprise("FISCAL-OSS-10A:TRANSACTIONS", regles).ligne
    assert (fiscal["critere"], fiscal["point_depart_precisions"]) == (
        "",
        "31 décembre de l'année de l'opération",
    )
    critere = reprise("SAV-CLOTURE:RELATION_COMMERCIALE", regles)
    assert critere is None or critere.ligne["critere"]


@pytest.mark.parametrize(
    "choix",
    [
        "",
        "PROSPECT-3A",
        "PROSPECT-3A:SANTE",
        "PROSPECT-3A:COORDONNEES,SANTE",
        "INCONNUE:COORDONNEES",
        ":",
        "a:b:c",
    ],
)
def test_un_choix_que_le_referentiel_ignore_ne_donne_rien(choix):
    assert reprise(choix, {r.pk: r for r in DureeReference.objects.all()}) is None


def test_un_usage_et_une_duree_a_relire_le_disent_jusque_dans_la_source():
    """Rien ne s'écrit dans une fiche comme un texte quand ce n'en est pas un, ou que personne ne l'a lu."""
    regles = {r.pk: r for r in DureeReference.objects.all()}
    for regle in regles.values():
        if regle.force == "historique" or regle.nature == "delai":
            continue
        proposition = reprise(f"{regle.pk}:{regle.categories[0]}", regles)
        source = proposition.ligne["source"]
        assert len(source) <= 500
        assert source.startswith(regle.source)
        assert ("proposition, sans texte chiffré" in source) == (regle.force == "usage")
        assert ("à relire" in source) == (regle.doute or regle.verifie == "memoire")
        assert ("à relire" in proposition.marque) == (regle.doute or regle.verifie == "memoire")
