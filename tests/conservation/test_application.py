"""« Durée appliquée ? » : ce que valent les opérations, ce qui ferme un manque et ce qui ne le ferme pas."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conservation.application import application
from conservation.attentes import Genre
from conservation.choix import EtatApplication, Niveau, TypeOperation
from conservation.visees import visee, visees_d_alors

JOUR = date(2026, 11, 24)
REGLE = {
    "numero": 2,
    "categories": ["COORDONNEES"],
    "duree_valeur": 3,
    "duree_unite": "ans",
    "point_depart": "DERNIER_CONTACT_PROSPECT",
    "sort_final": "suppression",
    "appliquee": "",
    "appliquee_precisions": "",
    "frequence_mois": None,
}
BASE = {"source": "boutique, table clients", "table": "clients", "colonne": "contact", "filtres": []}
OUI, NON, VERIFIER = EtatApplication.OUI, EtatApplication.NON, EtatApplication.A_VERIFIER


def op(type_="purge", le="2026-10-12", regle=REGLE, **autres):
    """Une purge documentée, ou un relevé compté, sur la durée n° 2."""
    faits = {
        "id": f"{type_}-{le}",
        "type": type_,
        "date": le,
        "regles": [regle["numero"]],
        "visees": [visee(regle)],
    }
    if type_ == "constat":
        faits |= {**BASE, "mesure": True, "examinees": 5000, "en_retard": 0, "sans_date": 0}
    else:
        faits |= {"volume_avant": 5000, "volume_apres": 4787, "methode": "Script", "preuve": True}
    return faits | autres


def releve(le="2026-10-12", en_retard=213, **autres):
    return op("constat", le, en_retard=en_retard, **autres)


def dite(*operations, le=JOUR, fiche=None, **regle):
    return application({**REGLE, **regle}, fiche or {}, operations, le)


def conclu(*operations, **options):
    lue = dite(*operations, **options)
    return lue.etat, lue.niveau


# --- Trois niveaux --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("operation", "attendu"),
    [
        (op(), (OUI, Niveau.DOCUMENTEE)),
        (
            op(volume_avant=None, volume_apres=None, volume_inconnu="Le prestataire ne compte pas."),
            (OUI, Niveau.DOCUMENTEE),
        ),
        (op(preuve=False, preuve_absente="Aucun journal."), (OUI, Niveau.DOCUMENTEE)),
        (op(volume_avant=None), (OUI, Niveau.DECLAREE)),
        (op(methode=""), (OUI, Niveau.DECLAREE)),
        (op(preuve=False), (OUI, Niveau.DECLAREE)),
        (releve(en_retard=0), (OUI, Niveau.CONSTATEE)),
        (releve(en_retard=0, mesure=False), (OUI, Niveau.DECLAREE)),
        (releve(), (NON, Niveau.CONSTATEE)),
        (releve(mesure=False), (NON, Niveau.DECLAREE)),
    ],
)
def test_une_operation_vaut_ce_qu_elle_porte(operation, attendu):
    assert conclu(operation) == attendu


def test_la_phrase_dit_le_niveau_le_jour_et_la_limite():
    lue = dite(op(), frequence_mois=3)
    assert lue.phrase == (
        "Oui, documentée : purge du 12\N{NO-BREAK SPACE}octobre 2026, de 5\N{NARROW NO-BREAK SPACE}000 à 4\N{NARROW NO-BREAK SPACE}787 ; "
        "vaut jusqu'au 12\N{NO-BREAK SPACE}janvier 2027"
    )
    lue = dite(releve(en_retard=0, filtres=["statut=prospect"]))
    assert lue.phrase.startswith("Oui, documentée : relevé du 12")  # qui filtre choisit ce qui se lit
    assert (
        "5\N{NARROW NO-BREAK SPACE}000 lignes lues de boutique, table clients, filtre « statut=prospect », aucune ligne au-delà du terme"
        in lue.phrase
    )
    assert "sans volume, méthode et preuve" in dite(op(volume_avant=None, methode="", preuve=False)).phrase


@pytest.mark.parametrize(
    ("appliquee", "etat", "phrase"),
    [
        (
            "non",
            NON,
            "Non, déclarée : sans opération qui le prouve. Le tableur n'a jamais été purgé.",
        ),
        ("oui", OUI, "Oui, déclarée : sans opération qui le prouve. Le tableur n'a jamais été purgé."),
        ("", EtatApplication.INCONNU, "On ne le sait pas : aucune opération enregistrée"),
    ],
)
def test_ce_qui_n_est_que_declare_le_dit(appliquee, etat, phrase):
    lue = dite(appliquee=appliquee, appliquee_precisions="Le tableur n'a jamais été purgé.")
    assert (lue.etat, lue.phrase) == (etat, phrase)
    assert bool(lue.retards) is (appliquee == "non")  # une durée dite jamais purgée n'est pas un silence


def test_une_preuve_l_emporte_sur_une_declaration_et_le_dit():
    assert conclu(op(), appliquee="non") == (OUI, Niveau.DOCUMENTEE)
    assert "la fiche la dit encore non appliquée" in dite(op(), appliquee="non").phrase
    assert conclu(op(methode=""), appliquee="non") == (NON, Niveau.DECLAREE)


# --- Ce qui ferme un manque ------------------------------------------------------------------------------------------
PURGE = op("purge", "2026-10-20")


@pytest.mark.parametrize(
    ("suite", "etat", "raison"),
    [
        ([], NON, ""),
        ([PURGE], VERIFIER, ""),
        ([PURGE, releve("2026-10-21", 0, examinees=4787)], OUI, ""),
        ([releve("2026-10-21", 0, examinees=4787)], OUI, ""),
        ([releve("2026-10-21", 0, sans_date=1)], NON, "1 ligne sur"),
        ([releve("2026-10-21", 0, mesure=False)], NON, "saisi à la main"),
        ([releve("2026-10-21", 0, table="prospects")], NON, "même source"),
        ([releve("2026-10-21", 0, source="autre, table clients")], NON, "même source"),
        ([releve("2026-10-21", 0, colonne="creation")], NON, "même source"),
        ([releve("2026-10-21", 0, lecture=["mm/jj/aaaa"])], NON, "pas de la même façon"),
        ([releve("2026-10-21", 0, lecture=["jj.mm.aaaa"])], OUI, ""),
        ([releve("2026-10-21", 0, filtres=["statut=prospect"])], NON, "ses filtres"),
        ([releve("2026-10-21", 0, examinees=4308)], NON, "étaient attendues"),
        ([releve("2026-10-21", 0, examinees=4309)], OUI, ""),
        ([op("purge", "2026-10-20", volume_apres=4788)], NON, "212 lignes retirées pour 213"),
        ([op("purge", "2026-10-20", volume_avant=None, volume_inconnu="?")], VERIFIER, ""),
        ([op("purge", "2026-10-20", methode="", preuve=False)], NON, "sans méthode et preuve"),
        ([op("archivage", "2026-10-20")], NON, "ce que la durée annonce"),
        ([PURGE, releve("2026-10-21", 3)], NON, ""),
        ([op("purge", "2026-10-11")], NON, ""),
    ],
)  # fmt: skip
def test_seul_un_releve_complet_de_la_meme_source_ferme_un_manque_compte(suite, etat, raison):
    lue = dite(releve(), *suite)
    assert lue.etat is etat
    assert dite(*reversed([releve(), *suite])).etat is etat  # l'ordre de saisie ne compte pas
    assert raison in " ".join(lue.sans_effet)
    assert bool(lue.sans_effet) is bool(raison)


def test_une_purge_documentee_se_dit_a_verifier_puis_le_retard_revient():
    lue = dite(releve(), PURGE)
    assert lue.phrase.startswith("Purgée, à vérifier par un relevé : purge du 20")
    assert [(d.genre, d.due, d.en_retard) for d in lue.attentes][0] == (
        Genre.VERIFIER,
        date(2026, 11, 20),
        True,
    )
    assert not dite(releve(), PURGE, le=date(2026, 11, 20)).retards


def test_le_retard_court_du_premier_releve_d_une_suite_que_rien_n_a_fermee():
    suite = [releve("2026-05-03"), op("purge", "2026-06-01"), releve("2026-10-12", 12)]
    lue = dite(*suite)
    assert [(d.genre, d.due) for d in lue.retards] == [(Genre.RELEVE, date(2026, 5, 3))]
    assert "12 lignes" in lue.pourquoi and "en retard depuis celui du 3" in lue.pourquoi
    ferme = dite(*suite[:2], releve("2026-07-01", 0), suite[2])
    assert [d.due for d in ferme.retards] == [date(2026, 10, 12)]


def test_deux_sources_ont_chacune_leur_manque():
    autre = {"table": "paniers", "source": "boutique, table paniers"}
    deux = [releve(), releve("2026-10-13", 7, **autre)]
    assert dite(*deux, releve("2026-10-14", 0, examinees=4787)).etat is NON
    assert dite(*deux, releve("2026-10-14", 0, examinees=4787), releve("2026-10-15", 0, **autre)).etat is OUI


@pytest.mark.parametrize(
    ("nom", "etat"),
    [("clients.csv", OUI), ("clients (1).csv", OUI), ("clients-2026-11.csv", NON), ("prospects.csv", NON)],
)
def test_un_fichier_d_un_autre_nom_est_une_autre_source(nom, etat):
    """Un mois d'archives n'est pas l'export d'un mois : rien dans un nom daté ne le dit."""
    fichier = {"table": "", "source": "clients.csv"}
    assert dite(releve(**fichier), releve("2026-10-21", 0, **(fichier | {"source": nom}))).etat is etat


def test_un_releve_a_la_main_se_contredit_a_la_main():
    assert conclu(releve(mesure=False), releve("2026-10-13", 0, mesure=False)) == (OUI, Niveau.DECLAREE)


def test_le_meme_jour_la_derniere_consignee_l_emporte():
    purge = op("purge", enregistre_le="2026-10-12T11:00:00")
    assert dite(purge, releve(enregistre_le="2026-10-12T09:00:00")).etat is VERIFIER


def test_une_operation_corrigee_a_venir_ou_d_une_autre_duree_ne_compte_pas():
    saisi = {"mesure": False}
    juste = releve(en_retard=0, **saisi) | {"id": "correction", "corrige": releve()["id"]}
    assert dite(releve(en_retard=2130, **saisi), juste).etat is OUI
    assert dite(op(le="2026-11-25")).niveau is None
    assert dite(op(regles=[1, 3])).niveau is None


# --- L'identité de la durée ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "meme"),
    [
        ({}, True),
        ({"duree_valeur": 36, "duree_unite": "mois"}, True),
        ({"duree_valeur": 5}, False),
        ({"objet": "dossiers médicaux"}, False),
        ({"phase": "archivage_intermediaire"}, False),
        ({"categories": ["ACHATS"]}, False),
        ({"point_depart": "COLLECTE"}, False),
        ({"sort_final": "suppression_ou_anonymisation"}, False),
        ({"appliquee_precisions": "Script"}, True),
    ],
)
def test_une_operation_faite_sous_une_autre_duree_ne_prouve_plus_rien(change, meme):
    lue = dite(op(), **change)
    assert (lue.niveau is Niveau.DOCUMENTEE) is meme
    dites = ("sous une autre durée", "pas toutes les catégories")
    assert any(dit in " ".join(lue.sans_effet) for dit in dites) is not meme


def test_une_duree_otee_puis_refaite_sous_le_meme_numero_n_herite_de_rien():
    assert dite(op(visees=[visee(REGLE) | {"disparue": True}])).niveau is None
    assert dite(op(visees=[])).niveau is None


# --- L'ensemble des catégories ------------------------------------------------------------------------------------------
DEUX = ["COORDONNEES", "FIDELISATION"]


def test_oter_une_categorie_ne_defait_pas_ce_qui_a_ete_fait_des_autres():
    large = REGLE | {"categories": DEUX}
    assert dite(op(regle=large)).niveau is Niveau.DOCUMENTEE
    assert dite(op(regle=REGLE | {"categories": []})).niveau is Niveau.DOCUMENTEE
    assert dite(op(), categories=[]).niveau is None  # « toutes les données » en vise davantage


def test_une_categorie_ajoutee_n_herite_pas_de_la_purge_des_autres():
    lue = dite(op(), categories=DEUX)
    assert (lue.etat, lue.niveau) == (EtatApplication.INCONNU, None)
    assert "pour une part de ces données" in lue.pourquoi
    assert "ne visait pas toutes les catégories" in " ".join(lue.sans_effet)


def test_deux_purges_qui_visaient_chacune_une_categorie_valent_pour_les_deux():
    """Trois lignes réunies en une : leurs opérations les suivent."""
    purges = [op(le=f"2026-10-1{n}", regle=REGLE | {"categories": [c]}) for n, c in enumerate(DEUX)]
    lue = dite(*purges, categories=DEUX)
    assert (lue.etat, lue.niveau, lue.derniere) == (OUI, Niveau.DOCUMENTEE, date(2026, 10, 10))
    une = op(visees=[visee(REGLE | {"categories": [c]}) for c in DEUX])
    assert dite(une, categories=DEUX).niveau is Niveau.DOCUMENTEE


def test_une_mauvaise_nouvelle_suit_chaque_part_de_l_ensemble():
    retard = releve(regle=REGLE | {"categories": DEUX})
    for categories in (["COORDONNEES"], ["FIDELISATION"], [], [*DEUX, "ACHATS"], ["ACHATS"]):
        assert dite(retard, categories=categories).etat is NON  # c'est toujours la même durée
    # Ôtée et refaite, elle ne suit que les données qu'elle a comptées.
    refaite = retard | {"visees": [v | {"disparue": True} for v in retard["visees"]]}
    assert dite(refaite, numero=7, categories=["FIDELISATION"]).etat is NON
    assert dite(refaite, numero=7, categories=["ACHATS"]).etat is EtatApplication.INCONNU
    a_la_main = releve(regle=REGLE | {"categories": DEUX}, mesure=False)
    assert dite(a_la_main, categories=["FIDELISATION"]).etat is NON
    # Un zéro compté pour une part seulement ne ferme rien de l'autre.
    zero = releve("2026-11-01", 0, regle=REGLE)
    assert dite(retard, zero, categories=["COORDONNEES"]).etat is not NON
    assert dite(retard, zero, categories=DEUX).etat is NON


def test_toutes_les_donnees_sont_celles_d_alors():
    """Une catégorie déclarée ensuite n'hérite pas de la purge ; une durée qui la nomme non plus."""
    alors = {"donnees": [{"categorie": "COORDONNEES"}]}
    general = REGLE | {"categories": []}
    purge = op(visees=visees_d_alors(alors | {"conservations": [general]}, [2]))
    assert dite(purge, fiche=alors, categories=[]).niveau is Niveau.DOCUMENTEE
    depuis = {"donnees": [*alors["donnees"], {"categorie": "SANTE"}]}
    assert dite(purge, fiche=depuis, categories=[]).etat is EtatApplication.INCONNU
    assert dite(purge, fiche=depuis, categories=["SANTE"]).etat is EtatApplication.INCONNU
    assert dite(purge, fiche=depuis, categories=["COORDONNEES"]).niveau is Niveau.DOCUMENTEE
    # SANTE a sa propre durée : celle-ci ne vaut plus que pour le reste.
    nommee = depuis | {"conservations": [general, REGLE | {"numero": 3, "categories": ["SANTE"]}]}
    assert dite(purge, fiche=nommee, categories=[]).niveau is Niveau.DOCUMENTEE
    vide = op(visees=visees_d_alors({"conservations": [general]}, [2]))
    assert dite(vide, categories=[]).niveau is Niveau.DOCUMENTEE
    assert dite(vide, fiche=alors, categories=[]).etat is EtatApplication.INCONNU


def test_une_archive_echoit_pour_chaque_part_apres_sa_propre_base_active():
    actives = [
        {"numero": n, "categories": [c], "phase": "base_active", "duree_valeur": ans, "duree_unite": "ans"}
        for n, c, ans in ((1, "A", 1), (3, "B", 10))
    ]
    archive = REGLE | {
        "categories": ["A", "B"],
        "phase": "archivage_intermediaire",
        "duree_valeur": 5,
        "point_depart": "",
    }
    fiche = {"date_mise_en_oeuvre": "2015-01-01", "conservations": [*actives, archive]}
    lue = application(archive, fiche, [op(le="2022-06-01", regle=archive)], JOUR)
    assert lue.etat is EtatApplication.PARTIELLEMENT
    assert [d.genre for d in lue.retards] == [Genre.PURGE]


def test_un_ensemble_vaut_jusqu_au_terme_de_sa_premiere_part():
    purges = [
        op(le=le, regle=REGLE | {"categories": [c]}) for le, c in (("2026-01-10", "A"), ("2026-10-12", "B"))
    ]
    assert dite(*purges, categories=["A", "B"]).jusqu_au == date(2027, 1, 10)
    sans_limite = dite(*purges, categories=["A", "B"], le=date(2027, 1, 11))
    assert sans_limite.etat is EtatApplication.PARTIELLEMENT


def test_un_retard_compte_d_une_part_ne_se_dit_qu_une_fois_et_n_atteint_pas_les_autres():
    """Trois lignes réunies, une seule relevée puis purgée et constatée : les deux autres n'en héritent aucun retard."""
    une = REGLE | {"categories": ["COORDONNEES"]}
    retard, zero = releve("2026-09-30", 12, regle=une), releve("2026-10-13", 0, regle=une)
    purge = op(visees=[visee(REGLE | {"categories": [c]}) for c in DEUX], volume_avant=480, volume_apres=468)
    lue = dite(retard, categories=DEUX)
    assert lue.etat is NON and not lue.sans_effet
    lue = dite(retard, purge, zero, categories=DEUX)
    assert (lue.etat, lue.niveau, lue.retards) == (OUI, Niveau.DOCUMENTEE, ())


@given(st.lists(st.sampled_from([[], ["A"], ["B"], ["C"], ["A", "B"], ["B", "C"]]), max_size=4), st.data())
def test_un_ensemble_n_est_jamais_mieux_tenu_que_la_moindre_de_ses_categories(ensembles, tirage):
    faites = [
        op(
            tirage.draw(st.sampled_from(["purge", "constat"])),
            f"2026-10-{n:02}",
            REGLE | {"categories": e},
            **tirage.draw(st.sampled_from([{}, {"en_retard": 3}, {"sans_date": 2}, {"methode": ""}])),
        )
        for n, e in enumerate(ensembles, 1)
    ]
    for o in (
        faites
    ):  # un retard compté sous un autre numéro : celui d'une même durée suivrait aussi ses autres données
        o["visees"] = [v | ({"numero": 99} if o.get("en_retard") else {}) for v in o["visees"]]
    tout = dite(*faites, categories=["A", "B", "C"])
    seules = [dite(*faites, categories=[c]) for c in "ABC"]
    assert (tout.etat is OUI) == all(s.etat is OUI for s in seules)
    assert (tout.etat is NON) == any(s.etat is NON for s in seules)
    assert {d.genre for s in seules for d in s.retards} == {d.genre for d in tout.retards}


# --- Combien de temps cela vaut -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("regle", "dernier_jour"),
    [
        ({}, date(2027, 10, 12)),
        ({"frequence_mois": 1}, date(2026, 11, 12)),
        ({"frequence_mois": 24}, date(2028, 10, 12)),
        ({"duree_valeur": 1, "duree_unite": "mois"}, date(2026, 11, 12)),
        ({"duree_valeur": 1, "duree_unite": "mois", "frequence_mois": 12}, date(2026, 11, 12)),
        ({"duree_valeur": 14, "duree_unite": "jours"}, date(2026, 10, 26)),
        ({"duree_valeur": 0, "duree_unite": "jours"}, date(2026, 10, 13)),
        ({"duree_valeur": None, "duree_unite": "", "critere": "Fin du contrat"}, date(2027, 10, 12)),
    ],
)
def test_une_execution_vaut_selon_la_duree(regle, dernier_jour):
    regle = REGLE | regle
    operations = [op(regle=regle)]
    assert application(regle, {}, operations, dernier_jour).etat is OUI
    lendemain = date.fromordinal(dernier_jour.toordinal() + 1)
    lue = application(regle, {}, operations, lendemain)
    assert (lue.etat, [d.genre for d in lue.retards]) == (EtatApplication.PARTIELLEMENT, [Genre.PURGE])


def test_la_suivante_n_est_pas_due_avant_le_premier_terme():
    fiche = {"date_mise_en_oeuvre": "2026-03-01"}
    assert dite(op(), fiche=fiche, le=date(2029, 3, 1)).etat is OUI
    assert dite(op(), fiche=fiche, le=date(2029, 3, 2)).etat is EtatApplication.PARTIELLEMENT


def test_ce_qui_a_ete_fait_avant_le_traitement_ne_l_a_pas_applique():
    assert dite(op(), fiche={"date_mise_en_oeuvre": "2026-10-12"}).etat is OUI
    assert dite(op(), fiche={"date_mise_en_oeuvre": "2026-10-13"}).niveau is None


@pytest.mark.parametrize(
    ("declaree", "le", "attendu"),
    [
        ("2026-06-01", date(2026, 9, 3), (EtatApplication.PARTIELLEMENT, Niveau.DOCUMENTEE)),
        ("2026-09-30", date(2026, 9, 2), (OUI, Niveau.DOCUMENTEE)),
        ("2026-09-30", date(2026, 12, 30), (OUI, Niveau.DECLAREE)),
        ("2026-09-30", date(2026, 12, 31), (EtatApplication.PARTIELLEMENT, Niveau.DECLAREE)),
    ],
)
def test_une_purge_declaree_depuis_l_operation_ne_vaut_que_ce_qu_elle_dit(declaree, le, attendu):
    assert conclu(op(le="2026-06-02"), le=le, frequence_mois=3, derniere_purge=declaree) == attendu


def test_une_purge_declaree_ne_ferme_pas_un_releve_en_retard():
    assert dite(releve(), derniere_purge="2026-11-01").etat is NON


def test_une_duree_declaree_appliquee_et_en_retard_n_est_pas_dite_oui():
    """Le cas vécu : cinquante jours de retard, et « Oui : déclarée »."""
    fiche = {"date_mise_en_oeuvre": "2020-01-01"}
    depuis_le_debut = {"point_depart": "COLLECTE", "frequence_mois": 12, "appliquee": "oui"}
    assert dite(fiche=fiche, le=date(2023, 1, 1), **depuis_le_debut).etat is OUI
    lue = dite(fiche=fiche, le=date(2023, 2, 20), **depuis_le_debut)
    assert lue.etat is EtatApplication.PARTIELLEMENT
    assert lue.phrase.startswith("Partiellement, déclarée : sans opération qui le prouve")
    assert lue.phrase.endswith("purge périodique en retard de 50 jours")


def test_la_purge_que_la_phrase_date_deja_ne_se_repete_pas():
    assert dite(op(), derniere_purge="2026-10-12").purge_dite == date(2026, 10, 12)
    assert dite(op(), derniere_purge="2026-10-02").purge_dite is None
    assert dite(op("constat"), derniere_purge="2026-10-12").purge_dite is None
    assert dite(derniere_purge="2026-10-12").purge_dite == date(2026, 10, 12)


# --- Suspension, archive ----------------------------------------------------------------------------------------------------
SUSPENDUE = {
    "suspension_debut": "2026-01-01",
    "suspension_dossiers": "le litige 114",
    "suspension_filtre": "litige!=114",
}


def test_une_suspension_ne_gele_ni_n_efface_le_retard_du_reste():
    lue = dite(releve(), **SUSPENDUE)
    assert lue.etat is NON
    assert [d.genre for d in lue.attentes][:2] == [Genre.SUSPENDUE, Genre.RELEVE]
    assert "pour le litige 114" in lue.attentes[0].pourquoi


def test_oter_d_un_releve_les_dossiers_suspendus_n_est_pas_le_retrecir():
    suite = [releve(), releve("2026-10-21", 0, filtres=["litige!=114"])]
    assert dite(*suite).etat is NON
    assert dite(*suite, **SUSPENDUE).etat is OUI
    for autrement in (
        {"suspension_debut": "2026-10-22"},
        {"suspension_fin": "2026-10-20"},
        {"suspension_dossiers": ""},
        {"suspension_filtre": "litige=113"},
    ):
        assert dite(*suite, **SUSPENDUE | autrement).etat is NON, autrement


@pytest.mark.parametrize(
    ("avant", "apres", "lues", "etat"),
    [
        (5000, 1000, 1000, OUI),
        (5000, 1000, 899, VERIFIER),
        (9999, 0, 4308, VERIFIER),
        (5000, 4787, 4308, VERIFIER),
    ],
)
def test_une_purge_plus_large_explique_les_lignes_parties_si_elle_portait_sur_elles(avant, apres, lues, etat):
    purge = op("purge", "2026-10-20", volume_avant=avant, volume_apres=apres)
    assert dite(releve(), purge, releve("2026-10-21", 0, examinees=lues)).etat is etat


def test_une_fiche_archivee_garde_ses_retards_tant_que_ses_donnees_existent():
    archivee = {"statut": "archivee", "archivee_le": "2026-10-15"}
    assert [d.genre for d in dite(releve(), fiche=archivee).retards] == [Genre.RELEVE]
    videe = op("purge", "2026-10-20", volume_apres=0)
    assert not dite(releve(), videe, fiche=archivee).attentes
    assert dite(releve(), op("purge", "2026-10-14", volume_apres=0), fiche=archivee).attentes


# --- Une seule fonction : tout s'accorde ----------------------------------------------------------------------------------
jours = st.dates(date(2020, 1, 1), date(2030, 12, 31)).map(date.isoformat)
suites = st.lists(
    st.builds(
        lambda t, le, n, sans, mesure, methode, filtres, vue: op(
            t, le, en_retard=n if t == "constat" else None, sans_date=sans, mesure=mesure, methode=methode,
            filtres=filtres, visees=[visee(REGLE)] if vue else [],
        ),
        st.sampled_from(list(TypeOperation.values)), jours, st.integers(0, 3), st.integers(0, 1), st.booleans(),
        st.sampled_from(["", "Script"]), st.sampled_from([[], ["a=b"]]), st.booleans(),
    ),
    max_size=8,
)  # fmt: skip
regles = st.fixed_dictionaries(
    {
        "appliquee": st.sampled_from(["", "oui", "non", "partiellement", "inconnu"]),
        "frequence_mois": st.none() | st.integers(1, 120),
        "derniere_purge": st.none() | jours,
        "echeance": st.none() | jours,
        "point_depart": st.just(REGLE["point_depart"]),
        "suspension_debut": st.none() | jours,
    }
)
DEBUTS = st.none() | jours


@given(suites, regles, DEBUTS, st.dates(date(2019, 1, 1), date(2035, 1, 1)))
def test_l_etat_et_les_retards_ne_se_contredisent_jamais(lot, regle, debut, le):
    lue = dite(*lot, le=le, fiche={"date_mise_en_oeuvre": debut}, **regle)
    if lue.etat is OUI:
        assert not lue.retards
    if lue.etat in (NON, EtatApplication.PARTIELLEMENT):
        assert lue.retards
    if lue.etat is NON and lue.niveau is Niveau.CONSTATEE:
        assert lue.retards[0].genre is Genre.RELEVE
    assert lue.phrase and all(d.pourquoi for d in lue.attentes if d.genre is not Genre.NON_APPLIQUEE)


@given(suites, regles, st.dates(date(2019, 1, 1), date(2035, 1, 1)))
def test_un_oui_qui_n_est_pas_declare_repose_sur_une_piece(lot, regle, le):
    """Ce que cherche qui veut un faux « oui » : sans relevé compté et complet, ni purge documentée, rien ne dépasse « déclarée »."""
    lue = dite(*lot, le=le, **regle)
    siennes = [o for o in lot if o["visees"] and o["date"] <= le.isoformat()]
    comptes = [
        o
        for o in siennes
        if o["type"] == "constat" and o["mesure"] and not o["en_retard"] and not o["sans_date"]
    ]
    purges = [o for o in siennes if o["type"] == "purge" and o["methode"]]
    if lue.etat is OUI and lue.niveau is Niveau.CONSTATEE:
        assert comptes
    if lue.etat is OUI and lue.niveau is Niveau.DOCUMENTEE:
        assert purges or comptes  # un relevé filtré, complet, ne vaut que « documentée »


@given(suites, st.dates(date(2019, 1, 1), date(2035, 1, 1)))
def test_un_retard_compte_ne_se_ferme_jamais_tout_seul(lot, le):
    """Le temps qui passe n'efface pas un relevé : seule une opération de plus le ferme."""
    lue = dite(*lot, le=le)
    if lue.etat is NON and lue.niveau is Niveau.CONSTATEE:
        visibles = [o for o in lot if o["date"] <= le.isoformat()]
        assert dite(*visibles, le=date(2040, 1, 1)).etat is NON


# --- Ce qu'un adversaire a tenté ------------------------------------------------------------------------------------------
def test_une_correction_tapee_n_efface_pas_des_lignes_comptees():
    """Ni un zéro tapé, ni une purge d'une ligne donnée pour correction."""
    for corrige in (
        releve("2026-10-12", 0, mesure=False),
        op("purge", "2026-10-12", volume_avant=1, volume_apres=1),
    ):
        lue = dite(releve(), {**corrige, "id": "c", "corrige": "constat-2026-10-12"})
        assert (lue.etat, lue.niveau) == (NON, Niveau.CONSTATEE)
        assert lue.sans_effet


def test_une_mauvaise_nouvelle_suit_sa_duree_otee_refaite_ou_renumerotee():
    disparue = releve(visees=[visee(REGLE) | {"disparue": True}])
    renumerotee = releve(regles=[7], visees=[visee(REGLE | {"numero": 7})])
    assert dite(disparue).etat is NON
    assert dite(renumerotee).etat is NON
    assert (
        dite(releve(regles=[7], visees=[visee(REGLE | {"numero": 7, "categories": ["ACHATS"]})])).niveau
        is None
    )


@pytest.mark.parametrize(
    "suite",
    [
        [releve("2026-10-13", 1, examinees=2), releve("2026-10-14", 0, examinees=1)],  # un relevé plus petit
        [releve("2026-10-14", 0, limite="2023-10-11")],  # une date limite plus ancienne
        [releve("2026-10-14", 0, a_venir=2501)],  # des dates à venir
        [releve("2026-10-14", 0, differee=True)],  # une base lue au titre d'un autre jour
    ],
)
def test_un_releve_qui_compte_moins_ne_ferme_rien(suite):
    lue = dite(releve(limite="2023-10-12"), *suite)
    assert lue.etat is NON and lue.sans_effet


def test_c_est_la_purge_et_non_le_compte_qui_explique_les_lignes_parties():
    purge = op("purge", "2026-10-20", volume_avant=5000, volume_apres=1)
    assert conclu(releve(), purge, releve("2026-10-21", 0, examinees=1)) == (OUI, Niveau.DOCUMENTEE)
    assert conclu(releve(), purge, releve("2026-10-21", 0, examinees=4787)) == (OUI, Niveau.CONSTATEE)


@pytest.mark.parametrize("lu", [{"filtres": ["id=4999"]}, {"requete": True}])
def test_ce_qu_un_filtre_ou_une_requete_choisit_n_est_constate_qu_apres_un_retard_compte_la(lu):
    assert conclu(releve(en_retard=0, **lu)) == (OUI, Niveau.DOCUMENTEE)
    assert conclu(releve(**lu), releve("2026-10-21", 0, **lu)) == (OUI, Niveau.CONSTATEE)


def test_une_seconde_purge_ne_repousse_pas_la_verification_et_ne_sert_qu_une_fois():
    deux = [releve(), op("purge", "2026-10-13"), op("purge", "2026-11-20")]
    assert [d.due for d in dite(*deux).attentes if d.genre is Genre.VERIFIER] == [date(2026, 11, 13)]
    autre = releve("2026-10-13", 200, table="paniers")
    assert dite(releve(), autre, op("purge", "2026-10-20")).etat is NON
    assert dite(releve(), autre, op("purge", "2026-10-20", volume_apres=4587)).etat is VERIFIER


def test_vider_une_source_ne_fait_pas_taire_l_autre_d_une_fiche_archivee():
    archivee = {"statut": "archivee", "archivee_le": "2026-10-15"}
    videe = op("purge", "2026-10-20", volume_avant=213, volume_apres=0)
    assert dite(releve(), releve("2026-10-13", 5000, table="paniers"), videe, fiche=archivee).retards
    avant = op("purge", "2026-10-16", volume_avant=1, volume_apres=0)
    assert dite(avant, releve("2026-10-20"), fiche=archivee).retards


def test_une_suspension_finie_ne_ferme_plus_rien():
    suite = [releve(), releve("2026-10-21", 0, filtres=["litige!=114"])]
    finie = SUSPENDUE | {"suspension_fin": "2026-11-23"}
    assert dite(*suite, le=date(2026, 11, 23), **finie).etat is OUI
    assert dite(*suite, le=date(2026, 11, 24), **finie).etat is NON


def test_ce_qui_reste_a_verifier_porte_son_nom():
    regle = REGLE | {"sort_final": "anonymisation"}
    lue = application(regle, {}, [releve(regle=regle), op("anonymisation", "2026-10-20", regle)], JOUR)
    assert lue.phrase.startswith("Anonymisée, à vérifier par un relevé : anonymisation du 20")
    assert lue.retards[0].pourquoi.startswith("anonymisation du 20")
