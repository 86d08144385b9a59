"""Ce qu'une commune recueille pour sa mission ne sert pas d'office à sa lettre."""

import pytest

from exemples_faits import SAINE, faits, ou_parle


def commune(nature, base, servies):
    mission = {**SAINE["finalites"][0], "base_legale": "MISSION_INTERET_PUBLIC", "texte_legal": "C. éduc."}
    lettre = {**SAINE["finalites"][0], "numero": 2, "type": nature, "base_legale": base}
    return faits(finalites=[mission, lettre], donnees=[{**SAINE["donnees"][0], "finalites": servies}])


@pytest.mark.parametrize(
    ("nature", "base", "servies", "parle"),
    [
        ("prospection", "INTERET_LEGITIME", [1, 2], True),
        ("prospection", "INTERET_LEGITIME", [], True),
        ("cession", None, [1, 2], True),
        ("prospection", "CONSENTEMENT", [1, 2], False),
        ("prospection", "INTERET_LEGITIME", [2], False),
        ("statistiques", "MISSION_INTERET_PUBLIC", [1, 2], False),
    ],
)
def test_un_reemploi_se_justifie(nature, base, servies, parle):
    assert ou_parle("BAS-16", commune(nature, base, servies)) == (["finalites[2].libelle"] if parle else [])


@pytest.mark.parametrize(
    ("libelle", "publique", "base", "parle"),
    [
        ("Envoyer aux parents la lettre du maire", True, "MISSION_INTERET_PUBLIC", True),
        ("Présenter le bilan de l'équipe municipale", True, "INTERET_LEGITIME", True),
        ("Envoyer aux parents la lettre du maire", True, "CONSENTEMENT", False),
        ("Envoyer aux parents la lettre du maire", False, "INTERET_LEGITIME", False),
        ("Informer les habitants des travaux", True, "MISSION_INTERET_PUBLIC", False),
    ],
)
def test_un_fichier_de_service_public_ne_sert_pas_a_la_communication_des_elus(libelle, publique, base, parle):
    lettre = {**SAINE["finalites"][0], "libelle": libelle, "type": "autre", "base_legale": base}
    lus = faits({"autorite_publique": publique}, finalites=[lettre])
    assert ou_parle("BAS-16", lus) == (["finalites[1].libelle"] if parle else [])
