"""Une durée qui ne cite aucune référence se compare à celles de mêmes données et de même départ ; des factures se gardent dix ans."""

import pytest

from droit.regles import Exigence, Gravite, Marque, controler
from exemples_faits import JOUR, SAINE, faits, ou_parle, phrases

REGLE = SAINE["conservations"][0]
FINALITE = SAINE["finalites"][0]
DONNEE = SAINE["donnees"][0]
ACTIVE, ARCHIVE = "base_active", "archivage_intermediaire"
FACTURES = "FACTURATION_REGLEMENT"
PROSPECTION = {
    "famille": "prospection",
    "finalites": [
        {**FINALITE, "type": "prospection", "base_legale": "CONSENTEMENT", "canaux": ["EMAIL_B2C"]}
    ],
    "personnes": [{"numero": 1, "categorie": "PROSPECTS"}],
}


def ligne(categories, duree, depart, phase=ACTIVE, **autres):
    """Une durée de conservation : « 5 ans », « 13 mois »."""
    valeur, unite = duree.split()
    return {
        **REGLE,
        "categories": categories.split(),
        "duree_valeur": int(valeur),
        "duree_unite": {"an": "ans", "jour": "jours"}.get(unite, unite),
        "point_depart": depart,
        "phase": phase,
        "acces_restreint": True if phase == ARCHIVE else None,
        **autres,
    }


def fiche(*lignes, **autres):
    """La fiche saine, ces durées, et les données qu'elles visent."""
    codes = dict.fromkeys(c for k in lignes for c in k["categories"]) or ["COORDONNEES"]
    donnees = [{**DONNEE, "numero": n, "categorie": c} for n, c in enumerate(codes, 1)]
    numerotees = [{**k, "numero": n} for n, k in enumerate(lignes, 1)]
    return faits(**{"donnees": donnees, **autres, "conservations": numerotees})


def gravites(code, lus):
    return [c.gravite for c in controler(lus, JOUR) if c.code == code]


# --- RET-18 : plus long que ce qui correspond ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("durees", "autres", "reference"),
    [
        # Des prospects.
        (ligne("COORDONNEES", "5 ans", "DERNIER_CONTACT_PROSPECT"), PROSPECTION, "Prospect non client"),
        (ligne("COORDONNEES", "37 mois", "DERNIER_CONTACT_PROSPECT"), PROSPECTION, "3 ans"),
        (ligne("ETAT_CIVIL PROSPECTION", "5 ans", "COLLECTE"), PROSPECTION, "3 ans"),
        (ligne("VIE_PERSONNELLE", "4 ans", "DERNIER_CONTACT_PROSPECT"), PROSPECTION, "3 ans"),
        (ligne("COORDONNEES", "5 ans", "FIN_RELATION_COMMERCIALE", ""), PROSPECTION, "3 ans"),
        (ligne("COORDONNEES", "5 ans", "DERNIER_CONTACT_PROSPECT", ""), {}, "3 ans"),
        # Des clients, en base active.
        (ligne("COORDONNEES", "5 ans", "FIN_RELATION_COMMERCIALE"), {}, "3 ans"),
        (ligne("COORDONNEES", "11 ans", "FIN_CONTRAT", ARCHIVE), {}, "10 ans"),
        # La carte, d'où qu'elle parte et dans quelque phase que ce soit.
        (ligne("CARTE_BANCAIRE", "3 ans", "DEBIT", ARCHIVE), {}, "15 mois"),
        (ligne("CARTE_BANCAIRE", "3 ans", "PAIEMENT_EFFECTIF"), {}, "15 mois"),
        (ligne("CARTE_BANCAIRE", "3 ans", "FIN_RELATION_COMMERCIALE", ""), {}, "15 mois"),
        (ligne("CARTE_BANCAIRE FACTURATION_REGLEMENT", "10 ans", "CLOTURE_EXERCICE", ARCHIVE), {}, "15 mois"),
        (ligne("CRYPTOGRAMME", "1 jour", "PAIEMENT_EFFECTIF"), {}, "0 jour"),
        # Un impayé réglé.
        (ligne("IMPAYES", "1 an", "REGULARISATION_IMPAYE"), {"famille": "impayes"}, "2 jours"),
        (ligne("IMPAYES", "1 an", "PAIEMENT_EFFECTIF", ""), {"famille": "impayes"}, "2 jours"),
        # D'autres données.
        (ligne("CONNEXION", "5 ans", "ENREGISTREMENT"), {}, "1 an"),
        (ligne("COORDONNEES CONNEXION", "4 ans", "DERNIERE_ACTIVITE_COMPTE"), {}, "3 ans"),
        (ligne("NAVIGATION", "25 mois", "DEPOT_TRACEUR"), {}, "13 mois"),
        (ligne("COMMUNICATIONS", "2 ans", "ENREGISTREMENT"), {}, "1 an"),
        (ligne("PREUVES_CHOIX", "10 ans", "FIN_USAGE_CONSENTEMENT", ARCHIVE), {}, "5 ans"),
        (ligne("COORDONNEES", "99 ans", "FIN_CONTRAT", ""), {}, "10 ans"),
    ],
)
def test_une_duree_sans_reference_se_compare_a_celles_qui_correspondent(durees, autres, reference):
    lus = fiche(durees, **autres)
    assert ou_parle("RET-18", lus) == ["conservations[1].duree_valeur"]
    assert reference in phrases("RET-18", lus)
    assert gravites("RET-18", lus) == [Gravite.ALERTE]


@pytest.mark.parametrize(
    ("durees", "autres"),
    [
        (ligne("COORDONNEES", "3 ans", "DERNIER_CONTACT_PROSPECT"), PROSPECTION),
        (ligne("COORDONNEES", "36 mois", "COLLECTE"), PROSPECTION),
        (ligne("COORDONNEES", "5 ans", "COLLECTE", source="convention de recherche"), {}),
        (ligne("COORDONNEES", "3 ans", "FIN_RELATION_COMMERCIALE"), {}),
        (ligne("COORDONNEES", "5 ans", "FIN_CONTRAT", ARCHIVE), {}),
        (ligne("COORDONNEES", "5 ans", "FIN_RELATION_COMMERCIALE", ARCHIVE), {}),
        (ligne("COORDONNEES TRANSACTIONS", "10 ans", "CONCLUSION_CONTRAT", ARCHIVE), {}),
        (ligne("FACTURATION_REGLEMENT", "10 ans", "CLOTURE_EXERCICE"), {}),
        (ligne("ETAT_CIVIL FACTURATION_REGLEMENT", "10 ans", "CLOTURE_EXERCICE", ARCHIVE), {}),
        (ligne("CARTE_BANCAIRE", "13 mois", "DEBIT", ARCHIVE), {}),
        (ligne("CARTE_BANCAIRE", "15 mois", "DEBIT", ARCHIVE), {}),
        (ligne("CRYPTOGRAMME", "0 jour", "PAIEMENT_EFFECTIF"), {}),
        (ligne("IMPAYES", "2 jours", "REGULARISATION_IMPAYE"), {}),
        (ligne("IMPAYES", "5 ans", "REGULARISATION_IMPAYE", ARCHIVE, source="C. civ. art. 2224"), {}),
        (ligne("CONNEXION", "1 an", "ENREGISTREMENT"), {}),
        (ligne("PREUVES_CHOIX", "15 ans", "EXERCICE_OPPOSITION"), {}),  # un minimum ne borne pas
        (ligne("ETAT_CIVIL COMMUNICATIONS", "6 mois", "ENREGISTREMENT"), {}),
        (ligne("PROFILS", "1 an", "COLLECTE"), {}),
        # Un délai imposé d'un autre départ admet, il n'accuse pas.
        (
            ligne("FACTURATION_REGLEMENT", "12 ans", "COLLECTE", ARCHIVE, source="Traité de branche, art. 3"),
            {},
        ),
        (ligne("TRANSACTIONS", "10 ans", "COLLECTE", ARCHIVE), {}),
        # Une prescription plus courte que d'autres ne plafonne pas à elle seule.
        (ligne("LIVRAISON", "3 ans", "LIVRAISON_OU_EXECUTION"), {}),
        (ligne("PREUVES_CHOIX", "6 ans", "CLOTURE_DEMANDE", ARCHIVE), {"famille": "droits"}),
        (ligne("IMPAYES", "5 ans", "SURVENANCE_IMPAYE"), {"famille": "impayes"}),
    ],
)
def test_une_duree_qui_tient_dans_une_reference_ne_se_signale_pas(durees, autres):
    assert ou_parle("RET-18", fiche(durees, **autres)) == []


def test_le_constat_dit_ce_que_vaut_la_reference_et_d_ou_elle_vient():
    lus = fiche(ligne("COORDONNEES", "5 ans", "DERNIER_CONTACT_PROSPECT"), **PROSPECTION)
    (constat,) = [c for c in controler(lus, JOUR) if c.code == "RET-18"]
    assert "3 ans (recommandation de la CNIL" in constat.message and "2021-131" in constat.message
    assert (constat.marque, constat.exigence) == (Marque.SECONDAIRE, Exigence.RECOMMANDE)


PROSPECT_5A = ("COORDONNEES", "5 ans", "DERNIER_CONTACT_PROSPECT")


@pytest.mark.parametrize(
    ("champs", "parle"),
    [
        ({}, True),
        ({"justification_ecart": "Cycle d'achat de cinq ans."}, False),
        # Un autre texte, que le référentiel ne connaît pas : on ne dit rien.
        ({"source": "Code monétaire et financier, art. L561-12"}, False),
        ({"source": "C. santé publ. art. R1112-7"}, False),
        ({"source": "Accord de branche du 3 mars 2020, art. 4"}, False),
        # Le texte même qui fixe trois ans.
        ({"source": "CNIL, référentiel 2021-131"}, True),
        ({"source": "Recommandation de la CNIL"}, True),
        # Le principe n'est pas un texte qui fixe une durée.
        ({"source": "RGPD art. 5(1)(e)"}, True),
        ({"source": "LIL art. 4, 5°"}, True),
        ({"source": "usage du service commercial"}, True),
        # Un délai pour agir borne la preuve, non l'usage courant.
        ({"source": "C. civ. art. 2224 (prescription)"}, True),
        ({"source": "C. civ. art. 2224 (prescription)", "phase": ARCHIVE}, False),
        # Une référence citée : RET-03 la juge.
        ({"regle_reference": "PROSPECT-3A"}, False),
        # Un délai pour agir, cité pour un usage courant : il ne le fonde pas davantage.
        ({"regle_reference": "CONTRAT-5A"}, True),
        ({"regle_reference": "CONTRAT-5A", "phase": ARCHIVE}, False),
    ],
)
def test_une_justification_ou_un_autre_texte_est_entendu(champs, parle):
    lus = fiche(ligne(*PROSPECT_5A) | champs, **PROSPECTION)
    assert bool(ou_parle("RET-18", lus)) is parle


def test_le_texte_cite_designe_sa_reference():
    """Cinq ans sont ceux de C. civ. 2224 : sept ans ne s'y tiennent pas, même si dix ans existent ailleurs."""
    sept = ligne("COORDONNEES", "7 ans", "FIN_CONTRAT", ARCHIVE, source="C. civ. art. 2224")
    assert "5 ans" in phrases("RET-18", fiche(sept))
    assert ou_parle("RET-18", fiche(sept | {"duree_valeur": 5})) == []
    assert ou_parle("RET-18", fiche(sept | {"source": ""})) == []


def test_deux_durees_se_jugent_chacune():
    lus = fiche(
        ligne("COORDONNEES", "3 ans", "DERNIER_CONTACT_PROSPECT"),
        ligne("ETAT_CIVIL", "5 ans", "DERNIER_CONTACT_PROSPECT"),
        **PROSPECTION,
    )
    assert ou_parle("RET-18", lus) == ["conservations[2].duree_valeur"]


def test_la_duree_de_toutes_les_donnees_se_compare_a_celles_que_la_fiche_declare():
    generale = ligne("", "5 ans", "FIN_RELATION_COMMERCIALE", ARCHIVE)
    assert ou_parle("RET-18", fiche(generale)) == []
    assert ou_parle("RET-18", fiche(generale | {"phase": ACTIVE})) == ["conservations[1].duree_valeur"]


@pytest.mark.parametrize(("famille", "parle"), [("autre", True), ("", True), ("clients", False)])
def test_une_reference_hors_du_perimetre_ne_vaut_que_hors_de_lui(famille, parle):
    """Un mois pour des images : une fiche de clients qui enregistre autre chose n'est pas de la vidéosurveillance."""
    lus = fiche(ligne("ETAT_CIVIL", "6 mois", "ENREGISTREMENT"), famille=famille)
    assert bool(ou_parle("RET-18", lus)) is parle


@pytest.mark.parametrize(("famille", "gravite"), [("avis", Gravite.ALERTE), ("clients", Gravite.CONSEIL)])
def test_une_duree_d_avis_ne_se_compare_qu_a_une_fiche_d_avis(famille, gravite):
    lus = fiche(ligne("AVIS_CONTRIBUTIONS", "7 ans", "CLOTURE_DEMANDE", ARCHIVE), famille=famille)
    assert gravites("RET-18", lus) == [gravite]


def test_une_ligne_qui_vise_des_prospects_ne_se_couvre_pas_d_un_contrat():
    ambigue = ligne("COORDONNEES", "5 ans", "FIN_RELATION_COMMERCIALE", "")
    assert ou_parle("RET-18", fiche(ambigue)) == []
    assert "3 ans" in phrases("RET-18", fiche(ambigue | {"objet": "Prospects du salon"}))


# --- Un délai écrit dans le critère ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("categories", "critere", "depart", "parle"),
    [
        ("COORDONNEES", "5 ans après le dernier contact", None, True),
        ("COORDONNEES", "Cinq ans à compter du dernier contact émanant du prospect", None, True),
        ("COORDONNEES", "cinq ans", "DERNIER_CONTACT_PROSPECT", True),
        ("COORDONNEES", "60 mois après la collecte", None, True),
        ("COORDONNEES", "3 ans après le dernier contact", None, False),
        ("COORDONNEES", "trois ans", "DERNIER_CONTACT_PROSPECT", False),
        (
            "COORDONNEES",
            "3 ans, puis 2 ans d'archive",
            "DERNIER_CONTACT_PROSPECT",
            False,
        ),  # deux délais : on ne sait
        ("COORDONNEES", "fin du contrat", "DERNIER_CONTACT_PROSPECT", False),
        ("CARTE_BANCAIRE", "trois ans", None, True),
    ],
)
def test_un_delai_ecrit_dans_le_critere_se_juge_comme_une_duree(categories, critere, depart, parle):
    ecrite = ligne(categories, "0 jour", depart) | {
        "duree_valeur": None,
        "duree_unite": "",
        "critere": critere,
    }
    assert ou_parle("RET-18", fiche(ecrite, **PROSPECTION)) == (["conservations[1].critere"] if parle else [])


@pytest.mark.parametrize(("critere", "parle"), [("trois ans", True), ("10 ans", False), ("dix ans", False)])
def test_le_delai_des_factures_ecrit_dans_le_critere_se_juge_aussi(critere, parle):
    ecrite = ligne(FACTURES, "0 jour", "CLOTURE_EXERCICE", ARCHIVE)
    lus = fiche(ecrite | {"duree_valeur": None, "duree_unite": "", "critere": critere})
    assert ou_parle("RET-19", lus) == (["conservations[1].critere"] if parle else [])


# --- RET-21 : plus de dix ans sans texte ; RET-18 : ce que rien ne fonde --------------------------------------------------------
@pytest.mark.parametrize(
    ("duree", "champs", "parle"),
    [
        ("99 ans", {}, True),
        ("1188 mois", {}, True),
        ("11 ans", {"phase": ARCHIVE}, True),
        ("10 ans", {}, False),
        ("30 ans", {"source": "C. santé publ. art. R1112-7"}, False),
        ("30 ans", {"source": "RGPD art. 5(1)(e)"}, True),
        ("30 ans", {"justification_ecart": "Fonds documentaire, décision du 3 mars."}, False),
        ("99 ans", {"regle_reference": "RETRACTATION-14J"}, True),  # un droit de la personne ne borne rien
        ("99 ans", {"regle_reference": "OPPOSITION-3A-MIN"}, False),  # un minimum
        ("99 ans", {"regle_reference": "STAT-ANONYMES"}, False),
        ("99 ans", {"regle_reference": "REGLE-INCONNUE"}, True),
    ],
)
def test_plus_de_dix_ans_sans_texte_se_signale(duree, champs, parle):
    lus = fiche(ligne("VIE_PERSONNELLE", duree, "COLLECTE") | champs)
    assert gravites("RET-21", lus) == ([Gravite.ALERTE] if parle else [])


def test_un_delai_tres_long_ecrit_dans_le_critere_se_signale():
    sans = {"duree_valeur": None, "duree_unite": "", "critere": "cinquante ans"}
    assert ou_parle("RET-21", fiche(ligne("VIE_PERSONNELLE", "0 jour", "COLLECTE") | sans)) == [
        "conservations[1].critere"
    ]


def test_plus_de_dix_ans_ne_se_dit_qu_une_fois():
    lus = fiche(ligne("COORDONNEES", "99 ans", "FIN_CONTRAT", ""))
    assert (len(ou_parle("RET-18", lus)), ou_parle("RET-21", lus)) == (1, [])


def test_une_duree_que_rien_ne_fonde_est_un_conseil_dit_une_fois():
    lus = fiche(
        *(ligne(c, "4 ans", "COLLECTE") for c in ("VIE_PERSONNELLE", "VIE_PROFESSIONNELLE", "LIVRAISON"))
    )
    assert ou_parle("RET-18", lus) == ["conservations[1].source"]
    assert gravites("RET-18", lus) == [Gravite.CONSEIL]
    assert "2\N{NO-BREAK SPACE}autres de même" in phrases("RET-18", lus)


@pytest.mark.parametrize(
    "champs",
    [{"source": "décision du comité"}, {"justification_ecart": "Besoin du SAV."}, {"duree_valeur": 1}],
)
def test_une_duree_courte_ou_dont_on_dit_l_origine_n_appelle_aucun_conseil(champs):
    assert ou_parle("RET-18", fiche(ligne("VIE_PERSONNELLE", "4 ans", "COLLECTE") | champs)) == []


# --- RET-19 : dix ans pour les factures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lignes", "parle"),
    [
        ([ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE", ARCHIVE)], [1]),
        ([ligne(FACTURES, "3 ans", "FIN_RELATION_COMMERCIALE")], [1]),
        ([ligne(FACTURES, "9 ans", "CLOTURE_EXERCICE", ARCHIVE)], [1]),
        ([ligne(FACTURES, "10 ans", "CLOTURE_EXERCICE", ARCHIVE)], []),
        ([ligne(FACTURES, "12 mois", "ETABLISSEMENT_DOCUMENT")], [1]),
        ([ligne("TRANSACTIONS", "3 ans", "CLOTURE_EXERCICE")], [1]),
        ([ligne("TRANSACTIONS", "3 ans", "FIN_CONTRAT", ARCHIVE)], []),
        # Une autre ligne, ou l'archive qui suit, tient les dix ans.
        ([ligne(FACTURES, "1 an", "COLLECTE"), ligne(FACTURES, "10 ans", "CLOTURE_EXERCICE", ARCHIVE)], []),
        (
            [
                ligne(FACTURES, "2 ans", "CLOTURE_EXERCICE", sort_final=ARCHIVE),
                ligne(FACTURES, "8 ans", "CLOTURE_EXERCICE", ARCHIVE),
            ],
            [],
        ),
        (
            [
                ligne(FACTURES, "2 ans", "CLOTURE_EXERCICE", sort_final=ARCHIVE),
                ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE", ARCHIVE),
            ],
            [2],
        ),
        # Rien ne chiffre l'archive : on ne sait pas.
        ([ligne(FACTURES, "2 ans", "CLOTURE_EXERCICE", sort_final=ARCHIVE)], []),
        ([ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE", justification_ecart="Gardées par le comptable.")], []),
        ([ligne(FACTURES, "6 ans", "ETABLISSEMENT_DOCUMENT", source="LPF, art. L. 102 B")], []),
        ([ligne(FACTURES, "5 ans", "ETABLISSEMENT_DOCUMENT", source="LPF, art. L. 102 B")], [1]),
        ([ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE", source="C. com. art. L. 123-22")], [1]),
        # La référence citée : RET-04 la juge, ou elle suffit.
        ([ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE", regle_reference="COMPTA-10A")], []),
        ([ligne(FACTURES, "6 ans", "ETABLISSEMENT_DOCUMENT", regle_reference="FISCAL-6A")], []),
    ],
)
def test_des_factures_se_gardent_dix_ans(lignes, parle):
    assert ou_parle("RET-19", fiche(*lignes)) == [f"conservations[{n}].duree_valeur" for n in parle]


def test_des_factures_comprises_dans_toutes_les_donnees_comptent():
    donnees = [DONNEE, {**DONNEE, "numero": 2, "categorie": FACTURES}]
    generale = ligne("", "3 ans", "FIN_RELATION_COMMERCIALE")
    assert ou_parle("RET-19", fiche(generale, donnees=donnees)) == ["conservations[1].duree_valeur"]
    assert ou_parle("RET-19", fiche(generale)) == []


def test_le_minimum_des_factures_est_une_alerte_d_un_texte_lu():
    """L'organisme peut ne pas être commerçant, ou les garder ailleurs : ce n'est pas certain d'après la seule fiche."""
    (constat,) = [
        c for c in controler(fiche(ligne(FACTURES, "3 ans", "CLOTURE_EXERCICE")), JOUR) if c.code == "RET-19"
    ]
    assert (constat.gravite, constat.marque) == (Gravite.ALERTE, Marque.PRIMAIRE)
    assert "C. com. art. L123-22 al. 2" in constat.message
