"""Ce que la fiche dit et dément : contrat en cours sans client, données remises contre paiement, localisation exploitée."""

import pytest

from exemples_faits import SAINE, faits, ou_parle


def fiche(*personnes, **finalite):
    lue = {**SAINE["finalites"][0], "type": "prospection", "canaux": ["TELEPHONE_B2C"], **finalite}
    return faits(
        personnes=[{"numero": n, "categorie": p} for n, p in enumerate(personnes, 1)],
        finalites=[{**lue, "numero": 1, "contrat_en_cours": None}, {**lue, "numero": 2}],
    )


@pytest.mark.parametrize(
    ("personnes", "contrat", "parle"),
    [
        (("ANCIENS_CLIENTS",), True, True),
        (("PROSPECTS", "ANCIENS_CLIENTS"), True, True),
        (("PROSPECTS", "CLIENTS"), True, False),
        (("ANCIENS_CLIENTS",), False, False),
        (("ANCIENS_CLIENTS",), None, False),
        ((), True, False),
    ],
)
def test_un_contrat_en_cours_suppose_un_client(personnes, contrat, parle):
    lus = fiche(*personnes, contrat_en_cours=contrat)
    assert ou_parle("PRO-17", lus) == (["finalites[2].contrat_en_cours"] if parle else [])
    assert ou_parle("PRO-17", faits()) == []


@pytest.mark.parametrize(
    ("nom", "active", "parle"),
    [
        ("Sociétés partenaires, qui reçoivent les adresses contre paiement", False, True),
        ("Location de fichiers à des annonceurs", None, True),
        ("Sociétés partenaires, contre paiement", True, False),
        ("Transporteurs, contre signature", False, False),
        ("Vente de mobilier", False, False),
    ],
)
def test_une_remise_contre_paiement_se_declare(nom, active, parle):
    recoit = {"numero": 1, "type": "PARTENAIRE", "nom": nom, "pays": "FR"}
    lus = faits(destinataires=[recoit], cession={"active": active})
    assert ou_parle("CES-14", lus) == (["cession.active"] if parle else [])
    assert ou_parle("CES-14", faits()) == []


@pytest.mark.parametrize(
    ("nature", "base", "servies", "parle"),
    [
        ("statistiques", "INTERET_LEGITIME", [2], True),
        ("profilage", "INTERET_LEGITIME", [], True),
        ("profilage", "CONSENTEMENT", [2], False),
        ("profilage", None, [2], False),
        ("execution", "CONTRAT", [2], False),
        ("prospection", "INTERET_LEGITIME", [1], False),
    ],
)
def test_exploiter_une_position_suppose_le_consentement(nature, base, servies, parle):
    suite = {**SAINE["finalites"][0], "numero": 2, "type": nature, "base_legale": base}
    position = {"numero": 1, "categorie": "LOCALISATION", "sources": ["TERMINAL"], "finalites": servies}
    lus = faits(finalites=[SAINE["finalites"][0], suite], donnees=[position])
    assert ou_parle("SEN-13", lus) == (["finalites[2].base_legale"] if parle else [])
    assert ou_parle("SEN-13", faits()) == []


def service(libelle, nature="execution", canaux=()):
    return {**SAINE["finalites"][0], "libelle": libelle, "type": nature, "canaux": list(canaux)}


@pytest.mark.parametrize(
    ("finalite", "parle"),
    [
        (service("Rappeler les vaccins et joindre les promotions du mois"), True),
        (service("Rappeler les vaccins"), False),
        (service("Suivre les promotions du personnel", "statistiques"), False),
        (service("Joindre nos offres commerciales", canaux=["EMAIL_B2C"]), False),
    ],
)
def test_une_promotion_jointe_a_un_service_est_une_prospection(finalite, parle):
    lus = faits(finalites=[service("Livrer"), {**finalite, "numero": 2}])
    assert ou_parle("PRO-19", lus) == (["finalites[2].type"] if parle else [])
    assert ou_parle("PRO-19", faits()) == []


@pytest.mark.parametrize(
    ("logiciels", "pays", "parle"),
    [
        ("Outil d'envoi (Atlanta, États-Unis)", "FR", True),
        ("Outil d'envoi (Atlanta, États-Unis)", "US", False),
        ("Tableur, serveur à Lyon", "FR", False),
        ("Tableur ; aucun accès depuis l'Inde", "FR", False),
        ("Outil sans engagement, hébergé en Inde", "FR", True),
        ("", "FR", False),
    ],
)
def test_un_logiciel_d_un_pays_tiers_se_retrouve_parmi_les_destinataires(logiciels, pays, parle):
    recoit = {"numero": 1, "type": "AUTRE_DESTINATAIRE", "nom": "Éditeur", "pays": pays}
    lus = faits(logiciels=logiciels, destinataires=[recoit])
    assert ou_parle("TRF-14", lus) == (["logiciels"] if parle else [])
    assert ou_parle("TRF-14", faits()) == []


@pytest.mark.parametrize(
    ("moderation", "parle"),
    [
        ("Les avis de moins de trois étoiles ne sont pas publiés.", True),
        ("Un café est offert pour un avis positif.", True),
        ("Les avis injurieux ne sont pas publiés, quelle que soit la note.", False),
        ("Deux personnes lisent chaque avis, selon les critères publiés.", False),
        ("", False),
    ],
)
def test_un_avis_ne_se_choisit_pas_selon_sa_note(moderation, parle):
    lus = faits(avis={"moderation": moderation})
    assert ou_parle("AVI-05", lus) == (["avis.moderation"] if parle else [])
    assert ou_parle("AVI-05", faits()) == []


def sous_traitance(**champs):
    client = {
        "numero": 1,
        "tiers": "routeur",
        "categories_traitements": "Envoi de SMS",
        "instructions": "Contrat, annexe 2",
    }
    return faits(
        qualite="sous-traitant", clients=[{**client, **champs}], description=champs.get("description", "")
    )


def test_les_instructions_de_chaque_client_s_indiquent():
    assert ou_parle("SST-04", sous_traitance(instructions="")) == ["clients[1].instructions"]
    assert ou_parle("SST-04", sous_traitance()) == []
    assert ou_parle("SST-04", faits(clients=[{"numero": 1, "instructions": ""}])) == []


@pytest.mark.parametrize(
    ("champs", "chemins"),
    [
        ({"description": "Les numéros enrichissent notre propre annuaire"}, ["description"]),
        (
            {"categories_traitements": "Envoi, puis réutilisation pour notre compte"},
            ["clients[1].categories_traitements"],
        ),
        ({"description": "Envoi des messages de nos clients"}, []),
    ],
)
def test_un_sous_traitant_qui_agit_pour_son_compte_en_devient_responsable(champs, chemins):
    assert ou_parle("SST-05", sous_traitance(**champs)) == chemins
    assert ou_parle("SST-05", faits(description="Notre propre annuaire")) == []


@pytest.mark.parametrize(
    ("reponses", "source", "servies", "chemins"),
    [
        ({"traceurs": False}, "TERMINAL", [2], ["profilage.traceurs"]),
        ({"traceurs": False}, "TERMINAL", [1], []),
        ({"traceurs": None}, "TERMINAL", [2], []),
        ({"sources_tierces": False}, "COURTIER", [], ["profilage.sources_tierces"]),
        ({"sources_tierces": False}, "DIRECTE", [2], []),
    ],
)
def test_un_profilage_ne_dement_pas_ses_donnees(reponses, source, servies, chemins):
    profil = {**SAINE["finalites"][0], "numero": 2, "type": "profilage"}
    donnee = {
        "numero": 1,
        "categorie": "TRANSACTIONS",
        "sources": [source],
        "source_nom": "X",
        "finalites": servies,
    }
    lus = faits(
        finalites=[SAINE["finalites"][0], profil], donnees=[donnee], profilage={"niveau": "score", **reponses}
    )
    assert ou_parle("PRF-11", lus) == chemins
    assert ou_parle("PRF-11", faits()) == []


@pytest.mark.parametrize(
    ("transfert", "destinataire", "chemins"),
    [
        ({"pays": "IN"}, {"pays": "US"}, ["transferts[1].pays"]),
        ({"pays": "IN"}, {"pays": "IN"}, []),
        ({"pays": ""}, {"pays": "IN"}, []),
        ({"pays": ""}, {"pays": "FR", "type": "PAYS_TIERS"}, ["destinataires[1].pays"]),
        ({"pays": ""}, {"pays": "IN", "type": "PAYS_TIERS"}, []),
    ],
)
def test_un_transfert_et_son_destinataire_s_accordent(transfert, destinataire, chemins):
    recoit = {"numero": 1, "type": "SOUS_TRAITANT", "nom": "Centre d'appels", **destinataire}
    lus = faits(destinataires=[recoit], transferts=[{"numero": 1, "destinataire_numero": 1, **transfert}])
    assert ou_parle("TRF-15", lus) == chemins
    assert ou_parle("TRF-15", faits()) == []


@pytest.mark.parametrize(
    ("personnes", "base", "parle"),
    [
        (["PROSPECTS"], "INTERET_LEGITIME", True),
        (["PROSPECTS", "CLIENTS"], "INTERET_LEGITIME", False),
        (["PROSPECTS"], "CONSENTEMENT", False),
        ([], "INTERET_LEGITIME", False),
    ],
)
def test_l_exception_des_clients_suppose_un_client(personnes, base, parle):
    lus = fiche(*personnes, canaux=["EMAIL_B2C"], base_legale=base, analogue_vente=True)
    attendu = ["finalites[1].analogue_vente", "finalites[2].analogue_vente"] if parle else []
    assert ou_parle("PRO-20", lus) == attendu
    assert ou_parle("PRO-20", faits()) == []


def test_autres_se_precise():
    muettes = {
        "personnes": [{"numero": 1, "categorie": "AUTRES_PERSONNES"}],
        "donnees": [{"numero": 3, "categorie": "AUTRES"}],
    }
    assert ou_parle("REG-23", faits(**muettes)) == ["personnes[1].precisions", "donnees[3].precisions"]
    dites = {nom: [{**e, "precisions": "Locataires"} for e in liste] for nom, liste in muettes.items()}
    assert ou_parle("REG-23", faits(**dites)) == []
