"""Appels à des consommateurs : consentement, exceptions, objet, information ; la veille et le jour de chaque loi."""

from datetime import date, timedelta

import pytest

from droit.regles import Gravite, controler
from exemples_faits import JOUR, SAINE, avec, faits, ou_parle, phrases

BASCULE = date(2026, 8, 11)
LOI_2025 = date(2025, 7, 2)
LOI_2020 = date(2020, 7, 26)
ENERGIE = {"secteur": "ENERGIE_RENOVATION"}
A_JOUR = {
    "consentement_preuve": "Enregistrement horodaté.",
    "consentement_mentions_appel": True,
    "consentement_validite_mois": 12,
    "consentement_reconduction": False,
}


def finalite(*canaux, **champs):
    base = {"type": "prospection", "base_legale": "INTERET_LEGITIME", "canaux": list(canaux), "public": "B2C"}
    return avec("finalites", **base | champs)


def consentie(**champs):
    return finalite(
        "TELEPHONE_B2C", **{"base_legale": "CONSENTEMENT", "objet_sollicitation": "autre"} | A_JOUR | champs
    )


def logement(*canaux, **champs):
    return finalite(*canaux, objet_sollicitation="logement", **champs)


def numero(precisions="adresse, téléphone", mentions=(), clause=None, personne="CLIENTS", **donnee):
    information = {**SAINE["information"], "mentions": [*SAINE["information"]["mentions"], *mentions]}
    return avec("donnees", precisions=precisions, **donnee) | {
        "personnes": [{"numero": 1, "categorie": personne}],
        "information": {**information, "clause_appels": clause},
    }


def gravites(code, lus, le=JOUR):
    return [(c.chemin, c.gravite) for c in controler(lus, le) if c.code == code]


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("PRO-03", finalite("TELEPHONE_B2C"), ["finalites[1].canaux"]),
        ("PRO-03", finalite("TELEPHONE_B2C", contrat_en_cours=False), ["finalites[1].canaux"]),
        ("PRO-03", finalite("TELEPHONE_B2C", rappel_demande=False), ["finalites[1].canaux"]),
        ("PRO-03", finalite("TELEPHONE_B2C", objet_sollicitation="autre"), ["finalites[1].canaux"]),
        ("PRO-03", finalite("TELEPHONE_B2C", type="autre"), ["finalites[1].type"]),
        (
            "PRO-03",
            finalite("TELEPHONE_B2C", libelle="Inviter les donateurs à renouveler leur don"),
            ["finalites[1].objet_sollicitation"],
        ),
        ("PRO-04", consentie(consentement_preuve=""), ["finalites[1].consentement_preuve"]),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", base_legale="CONSENTEMENT"), ["finalites[1].canaux"]),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", public="mixte"), ["finalites[1].canaux"]),
        ("PRO-05", logement("TELEPHONE_B2C", base_legale="CONSENTEMENT"), ["finalites[1].canaux"]),
        ("PRO-05", logement("AUTOMATE_FAX", base_legale="CONSENTEMENT"), ["finalites[1].canaux"]),
        ("PRO-05", logement("EMAIL_B2C", base_legale="CONSENTEMENT"), ["finalites[1].canaux"]),
        ("PRO-05", logement("SMS_B2C", rappel_demande=True), ["finalites[1].canaux"]),
        ("PRO-12", {"description": "Fichier expurgé par BLOCTEL chaque mois."}, ["description"]),
        ("PRO-12", finalite(justification="Liste Bloctel."), ["finalites[1].justification"]),
        ("PRO-12", finalite(justification="C. conso. art. L. 223-3."), ["finalites[1].justification"]),
        ("PRO-12", {"description": "Code de la consommation, articles L223-4 et R223-6."}, ["description"]),
        ("PRO-13", consentie(consentement_validite_mois=13), ["finalites[1].consentement_validite_mois"]),
        ("PRO-13", consentie(consentement_validite_mois=None), ["finalites[1].consentement_validite_mois"]),
        ("PRO-13", consentie(consentement_reconduction=True), ["finalites[1].consentement_reconduction"]),
        ("PRO-13", consentie(consentement_reconduction=None), ["finalites[1].consentement_reconduction"]),
        (
            "PRO-13",
            consentie(consentement_mentions_appel=False),
            ["finalites[1].consentement_mentions_appel"],
        ),
        ("PRO-13", consentie(consentement_mentions_appel=None), ["finalites[1].consentement_mentions_appel"]),
        ("PRO-14", consentie(objet_sollicitation=""), ["finalites[1].objet_sollicitation"]),
        (
            "PRO-14",
            finalite("EMAIL_B2C", libelle="Proposer des pompes à chaleur"),
            ["finalites[1].objet_sollicitation"],
        ),
        (
            "PRO-14",
            consentie(libelle="Adapter le logement des aînés"),
            ["finalites[1].objet_sollicitation"],
        ),
        (
            "PRO-14",
            finalite("SMS_B2C") | {"intitule": "Campagne panneaux photovoltaïques"},
            ["finalites[1].objet_sollicitation"],
        ),
        ("PRO-15", numero(), ["information.mentions"]),
        ("PRO-15", numero("n° de portable"), ["information.mentions"]),
        ("PRO-15", numero("adresse") | consentie(), ["information.mentions"]),
        ("PRO-15", numero(mentions=["demarchage"]), ["information.clause_appels"]),
        ("PRO-15", numero(mentions=["demarchage"], clause=False), ["information.clause_appels"]),
        ("PRO-15", numero(clause=False), ["information.mentions", "information.clause_appels"]),
        (
            "PRO-16",
            avec("conservations", regle_reference="PREUVE-CONSENT-TEL-5A"),
            ["conservations[1].regle_reference"],
        ),
        (
            "PRO-16",
            avec("conservations", regle_reference="APPELS-REFUS-60J"),
            ["conservations[1].regle_reference"],
        ),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRO-03", consentie()),
        ("PRO-03", finalite("TELEPHONE_B2C", contrat_en_cours=True)),
        ("PRO-03", finalite("TELEPHONE_B2C", rappel_demande=True)),
        ("PRO-03", finalite("TELEPHONE_B2C", objet_sollicitation="presse", contrat_en_cours=False)),
        ("PRO-03", finalite("TELEPHONE_B2B", "AUTOMATE_FAX", "RENOVATION_ADAPTATION")),
        ("PRO-03", finalite("TELEPHONE_B2C", type="execution", base_legale="CONTRAT")),
        ("PRO-03", finalite("TELEPHONE_B2C", objet_sollicitation="don")),
        ("PRO-04", consentie()),
        ("PRO-04", consentie(consentement_preuve="", objet_sollicitation="don")),
        ("PRO-04", finalite("TELEPHONE_B2C")),
        ("PRO-04", finalite("EMAIL_B2C", base_legale="CONSENTEMENT")),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", contrat_en_cours=True)),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", public="B2B")),
        ("PRO-05", finalite("RENOVATION_ADAPTATION", type="execution")),
        ("PRO-05", finalite("TELEPHONE_B2C")),
        ("PRO-05", finalite("TELEPHONE_B2C", objet_sollicitation="autre")),
        ("PRO-05", logement("TELEPHONE_B2C", rappel_demande=True)),
        ("PRO-05", logement("TELEPHONE_B2C", contrat_en_cours=True)),
        ("PRO-05", logement("EMAIL_B2C", public="B2B")),
        ("PRO-05", logement("POSTAL_B2C")),
        ("PRO-05", logement("TELEPHONE_B2B", public="B2B")),
        ("PRO-12", {"description": "Le consentement est recueilli avant tout appel."}),
        ("PRO-12", {"description": "C. conso. art. L223-1 à L223-8, R223-4 et D223-9."}),
        ("PRO-12", {"description": "Stage de conduite (code de la route, art. R223-5 et L223-3)."}),
        ("PRO-12", {"ecarts": [{"numero": 1, "raison": "Bloctel"}], "reprise": ["Bloctel"]}),
        ("PRO-12", {"alertes_lues": ["PRO-12 · Bloctel"]}),
        ("PRO-13", consentie()),
        ("PRO-13", consentie(consentement_validite_mois=6)),
        ("PRO-13", finalite("TELEPHONE_B2C", contrat_en_cours=True)),
        ("PRO-13", finalite("EMAIL_B2C", base_legale="CONSENTEMENT")),
        ("PRO-13", consentie(type="execution")),
        ("PRO-13", consentie(objet_sollicitation="don", consentement_validite_mois=None)),
        ("PRO-14", consentie()),
        ("PRO-14", consentie(objet_sollicitation="presse", libelle="Magazine de la rénovation énergétique")),
        ("PRO-14", logement("TELEPHONE_B2C")),
        ("PRO-14", consentie(objet_sollicitation="don", libelle="Dons pour la rénovation énergétique")),
        ("PRO-14", finalite("TELEPHONE_B2C", libelle="Inviter les donateurs à renouveler leur don")),
        ("PRO-14", finalite("EMAIL_B2C")),
        ("PRO-14", finalite("TELEPHONE_B2C", contrat_en_cours=True)),
        ("PRO-14", finalite("EMAIL_B2B", public="B2B", libelle="Vendre des pompes à chaleur")),
        ("PRO-14", finalite("POSTAL_B2C", libelle="Isolation des combles")),
        ("PRO-14", finalite("EMAIL_B2C", type="execution", libelle="Suivre le chantier d'isolation")),
        ("PRO-15", numero(mentions=["demarchage"], clause=True)),
        ("PRO-15", numero("adresse postale, courriel")),
        ("PRO-15", numero("adresse, sans numéro de téléphone")),
        ("PRO-15", numero(personne="CONTACTS_PRO")),
        ("PRO-15", numero(personne="SALARIES")),
        ("PRO-15", numero(sources=["COURTIER"])),
        ("PRO-15", numero() | finalite("TELEPHONE_B2B", public="B2B")),
        ("PRO-15", numero("adresse") | consentie(objet_sollicitation="don")),
        ("PRO-15", {}),
        ("PRO-16", avec("conservations", regle_reference="PREUVE-CONSENT-TEL-3A")),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("PRO-03", finalite("TELEPHONE_B2C")),
        ("PRO-04", consentie(consentement_preuve="")),
        ("PRO-12", {"description": "Bloctel"}),
        ("PRO-12", {"description": "C. conso. art. L223-3"}),
        ("PRO-13", consentie(consentement_validite_mois=24)),
        ("PRO-14", consentie(objet_sollicitation="")),
        ("PRO-15", numero()),
        ("PRO-16", avec("conservations", regle_reference="APPELS-REFUS-60J")),
    ],
)
def test_le_regime_du_telephone_commence_le_11_aout_2026(code, fiche):
    assert ou_parle(code, faits(**fiche), BASCULE - timedelta(1)) == []
    assert len(ou_parle(code, faits(**fiche), BASCULE)) == 1


@pytest.mark.parametrize(
    ("champs", "gravite"),
    [
        ({}, Gravite.BLOQUANT),
        ({"contrat_en_cours": False}, Gravite.BLOQUANT),
        ({"justification": "Le client a un contrat en cours (L223-1, al. 4)."}, Gravite.ALERTE),
        ({"justification": "Exception de la presse, art. L223-5."}, Gravite.ALERTE),
        ({"libelle": "Appeler qui l'a demandé : rappel à sa demande"}, Gravite.ALERTE),
        ({"justification": "Contrat en cours.", "contrat_en_cours": False}, Gravite.BLOQUANT),
        ({"base_legale": ""}, Gravite.ALERTE),
        ({"type": ""}, Gravite.ALERTE),
    ],
)
def test_l_appel_sans_consentement_bloque_sauf_si_une_exception_est_invoquee_sans_etre_declaree(
    champs, gravite
):
    assert [g for _, g in gravites("PRO-03", faits(**finalite("TELEPHONE_B2C", **champs)))] == [gravite]


@pytest.mark.parametrize(
    ("canal", "le", "gravite"),
    [
        ("TELEPHONE_B2C", LOI_2020 - timedelta(1), None),
        ("TELEPHONE_B2C", LOI_2020, Gravite.ALERTE),
        ("TELEPHONE_B2C", LOI_2025 - timedelta(1), Gravite.ALERTE),
        ("TELEPHONE_B2C", LOI_2025, Gravite.BLOQUANT),
        ("EMAIL_B2C", LOI_2025 - timedelta(1), None),
        ("EMAIL_B2C", LOI_2025, Gravite.ALERTE),
        ("RENOVATION_ADAPTATION", LOI_2025, Gravite.BLOQUANT),
    ],
)
def test_le_logement_s_est_ferme_par_etapes(canal, le, gravite):
    lus = faits(**logement(canal, base_legale="CONSENTEMENT"))
    assert [g for _, g in gravites("PRO-05", lus, le)] == ([gravite] if gravite else [])


def test_le_rappel_demande_est_permis_depuis_le_decret_et_se_prouvait_avant():
    lus = faits(**logement("TELEPHONE_B2C", rappel_demande=True))
    assert gravites("PRO-05", lus, BASCULE) == []
    assert gravites("PRO-05", lus, BASCULE - timedelta(1)) == [("finalites[1].canaux", Gravite.ALERTE)]
    assert "preuve de sa demande" in phrases("PRO-05", lus, BASCULE - timedelta(1))


def test_un_contrat_en_cours_invoque_sans_etre_declare_se_demande():
    lus = faits(**logement("TELEPHONE_B2C", justification="Clients dont le contrat est en cours."))
    assert gravites("PRO-05", lus) == [("finalites[1].contrat_en_cours", Gravite.ALERTE)]


@pytest.mark.parametrize(
    ("canal", "demande"),
    [
        ("EMAIL_B2C", True),
        ("SMS_B2C", True),
        ("RESEAU_SOCIAL_MP", True),
        ("AUTOMATE_FAX", True),
        ("TELEPHONE_B2C", True),
        ("POSTAL_B2C", False),
        ("TELEPHONE_B2B", False),
    ],
)
def test_le_secteur_ne_suffit_pas_il_fait_demander_l_objet(canal, demande):
    lus = faits(ENERGIE, **finalite(canal, base_legale="CONSENTEMENT"))
    assert ou_parle("PRO-05", lus) == []
    assert ("finalites[1].objet_sollicitation" in ou_parle("PRO-14", lus)) is demande


def test_ce_secteur_garde_ses_contrats_en_cours_ses_professionnels_et_ses_autres_objets():
    assert ou_parle("PRO-14", faits(ENERGIE, **finalite("TELEPHONE_B2C", contrat_en_cours=True))) == []
    assert ou_parle("PRO-14", faits(ENERGIE, **finalite("PUSH", public="B2B"))) == []
    assert ou_parle("PRO-14", faits(ENERGIE, **finalite("EMAIL_B2C", objet_sollicitation="autre"))) == []


def test_un_objet_oublie_se_demande_quand_la_fiche_dit_les_autres():
    une = {**SAINE["finalites"][0], "type": "prospection", "canaux": ["EMAIL_B2C"], "public": "B2C"}
    deux = [
        {**une, "objet_sollicitation": "autre"},
        {**une, "numero": 2},
        {**une, "numero": 3, "type": "cession"},
    ]
    assert ou_parle("PRO-14", faits(finalites=deux)) == [
        "finalites[2].objet_sollicitation",
        "finalites[3].objet_sollicitation",
    ]
    assert ou_parle("PRO-14", faits(finalites=[une])) == []


def test_un_objet_que_le_libelle_dement_se_demande():
    lus = faits(**consentie(libelle="Vendre des pompes à chaleur"))
    assert ou_parle("PRO-14", lus) == ["finalites[1].objet_sollicitation"]
    assert "« Vendre des pompes à chaleur »" in phrases("PRO-14", lus)


def test_chaque_finalite_se_juge_seule():
    appel = {**SAINE["finalites"][0], "type": "prospection", "canaux": ["TELEPHONE_B2C"], "public": "B2C"}
    lus = faits(
        finalites=[
            {**appel, **A_JOUR, "base_legale": "CONSENTEMENT", "objet_sollicitation": "autre"},
            {**appel, "numero": 2, "base_legale": "INTERET_LEGITIME", "objet_sollicitation": "autre"},
            {**appel, "numero": 3, "base_legale": "CONSENTEMENT", "objet_sollicitation": "logement"},
        ]
    )
    assert ou_parle("PRO-03", lus) == ["finalites[2].canaux"]
    assert ou_parle("PRO-04", lus) == ["finalites[3].consentement_preuve"]
    assert ou_parle("PRO-05", lus) == ["finalites[3].canaux"]
    assert {c.partition(".")[0] for c in ou_parle("PRO-13", lus)} == {"finalites[3]"}


@pytest.mark.parametrize(
    ("dit", "parle"),
    [
        ("Appels du lundi au samedi, de 9 h à 21 h.", True),
        ("Les téléopérateurs appellent aussi le dimanche.", True),
        ("Démarchage téléphonique, jours fériés compris.", True),
        ("Appels du lundi au vendredi, hors samedi, dimanche et jours fériés.", False),
        ("On n'appelle jamais le samedi ni les jours fériés.", False),
        ("Aucun appel le dimanche.", False),
        ("La boutique ouvre le samedi.", False),
        ("Appels de 10 h à 13 h.", False),
    ],
)
def test_un_jour_interdit_se_demande(dit, parle):
    assert ou_parle("PRO-16", faits(**consentie(), description=dit)) == (["description"] if parle else [])


def test_les_jours_d_appel_ne_comptent_que_depuis_le_decret_et_pour_des_appels_commerciaux():
    samedi = {"description": "Appels du lundi au samedi."}
    assert ou_parle("PRO-16", faits(**consentie(), **samedi), BASCULE) == ["description"]
    assert ou_parle("PRO-16", faits(**consentie(), **samedi), BASCULE - timedelta(1)) == []
    assert ou_parle("PRO-16", faits(**finalite("TELEPHONE_B2C", type="execution"), **samedi)) == []
    assert ou_parle("PRO-16", faits(**finalite("TELEPHONE_B2B"), **samedi)) == []


def test_bloctel_ne_se_dit_qu_une_fois():
    lus = faits(description="Bloctel", remarques="Bloctel encore")
    assert ou_parle("PRO-12", lus) == ["description"]


def test_un_article_abroge_est_nomme():
    assert "L'article L223-3 du code" in phrases("PRO-12", faits(description="C. conso. art. L. 223-3"))


def test_l_appel_sans_consentement_fait_taire_le_contrat_sur_la_meme_finalite():
    codes = {c.code for c in controler(faits(**finalite("TELEPHONE_B2C", base_legale="CONTRAT")), JOUR)}
    assert "PRO-03" in codes and "BAS-04" not in codes


def test_un_message_sur_le_logement_sans_consentement_reste_bloque():
    codes = {c.code: c.gravite for c in controler(faits(**logement("EMAIL_B2C")), JOUR)}
    assert (codes["PRO-05"], codes["PRO-01"]) == (Gravite.ALERTE, Gravite.BLOQUANT)


def test_un_professionnel_qui_ne_vend_qu_a_des_professionnels_ne_doit_pas_cette_information():
    assert ou_parle("PRO-15", faits({"secteur": "B2B"}, **numero())) == []


def preuves(*durees):
    """Des appels consentis, et ces durées de la preuve : (années, départ, phase, sort)."""
    appel = {
        "numero": 1,
        "libelle": "Appeler les inscrits",
        "type": "prospection",
        "base_legale": "CONSENTEMENT",
    }
    lignes = [
        {
            "numero": n,
            "categories": ["PREUVES_CHOIX"],
            "duree_valeur": d[0],
            "duree_unite": "ans",
            "point_depart": d[1],
        }
        for n, d in enumerate(durees, 1)
    ]
    return faits(finalites=[{**appel, "canaux": ["TELEPHONE_B2C"]}], conservations=lignes)


@pytest.mark.parametrize(
    ("durees", "parle"),
    [
        ([(1, "COLLECTE")], True),
        ([(1, "COLLECTE"), (3, "EXERCICE_OPPOSITION")], True),
        ([(3, "COLLECTE")], False),
        ([(5, "FIN_USAGE_CONSENTEMENT")], False),
        ([], False),
    ],
)
def test_la_preuve_de_l_accord_aux_appels_se_garde_trois_ans(durees, parle):
    attendu = ["conservations[1].duree_valeur"] if parle else []
    assert ou_parle("PRO-18", preuves(*durees)) == attendu
    assert ou_parle("PRO-18", preuves(*durees), date(2026, 8, 10)) == []
