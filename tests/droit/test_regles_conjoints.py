"""La responsabilité conjointe : qui, quel accord, quelle part ; et la fiche qui la contredit."""

import pytest

from exemples_faits import SAINE, faits, ou_parle

ACCORD = {"accord_art26": "Convention du 3 mars 2026"}
NOMME = {"numero": 1, "tiers": "routeur", "repartition": "Le routeur informe, nous répondons aux demandes"}


def conjointe(*responsables, **fiche):
    return {"qualite": "conjoint", "responsables_conjoints": list(responsables), **ACCORD, **fiche}


def destinataire(nature):
    return {"destinataires": [{**SAINE["destinataires"][0], "type": nature}]}


@pytest.mark.parametrize(
    ("code", "fiche", "chemins"),
    [
        ("REG-08", conjointe(NOMME, accord_art26=""), ["accord_art26"]),
        ("REG-08", conjointe(NOMME, accord_art26=" "), ["accord_art26"]),
        ("REG-08", conjointe(accord_art26=None), ["accord_art26"]),
        ("REG-08", {"responsables_conjoints": [NOMME]}, ["accord_art26"]),
        ("REG-15", conjointe(), ["responsables_conjoints"]),
        ("REG-15", conjointe(NOMME | {"tiers": ""}), ["responsables_conjoints[1].tiers"]),
        ("REG-16", conjointe(NOMME | {"repartition": " "}), ["responsables_conjoints[1].repartition"]),
        (
            "REG-16",
            conjointe(NOMME, {"numero": 2, "tiers": "sans-contrat"}),
            ["responsables_conjoints[2].repartition"],
        ),
        ("REG-17", {"responsables_conjoints": [NOMME]}, ["qualite"]),
        ("REG-17", destinataire("RESPONSABLE_CONJOINT"), ["qualite"]),
    ],
)
def test_la_regle_parle(code, fiche, chemins):
    assert ou_parle(code, faits(**fiche)) == chemins


@pytest.mark.parametrize(
    ("code", "fiche"),
    [
        ("REG-08", conjointe(NOMME)),
        ("REG-08", {"responsables_conjoints": []}),
        ("REG-15", conjointe(NOMME)),
        ("REG-15", {}),
        ("REG-16", conjointe(NOMME)),
        ("REG-16", conjointe()),
        ("REG-17", conjointe(NOMME) | destinataire("RESPONSABLE_CONJOINT")),
        ("REG-17", destinataire("SOUS_TRAITANT")),
        ("REG-17", {}),
    ],
)
def test_la_regle_se_tait(code, fiche):
    assert ou_parle(code, faits(**fiche)) == []
