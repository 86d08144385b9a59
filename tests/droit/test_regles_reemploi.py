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
