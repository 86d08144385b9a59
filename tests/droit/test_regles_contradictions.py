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
