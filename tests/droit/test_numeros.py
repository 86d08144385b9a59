"""Un numéro de téléphone est-il demandé à des consommateurs (C. conso. art. L223-2) ?"""

import pytest

from droit.numeros import numero_recueilli
from exemples_faits import faits


def fiche(
    precisions="", canaux=(), categorie="CLIENTS", secteur="E_COMMERCE", sources=("DIRECTE",), **finalite
):
    donnees = [
        {"numero": 1, "categorie": "COORDONNEES", "precisions": precisions, "sources": [*sources]},
    ]
    return faits(
        {"secteur": secteur},
        donnees=donnees,
        personnes=[{"numero": 1, "categorie": categorie}],
        finalites=[{"numero": 1, "canaux": [*canaux], **finalite}],
    )


@pytest.mark.parametrize(
    "champs",
    [
        {"precisions": "courriel, téléphone"},
        {"precisions": "Numéro de portable"},
        {"precisions": "TEL. et adresse", "categorie": "PROSPECTS"},
        {"canaux": ["TELEPHONE_B2C"], "type": "prospection"},
        {"precisions": "téléphone", "sources": []},
        {"precisions": "téléphone", "public": "B2C"},
        {"precisions": "téléphone", "public": "mixte"},
        {"precisions": "téléphone", "sources": ["DIRECTE", "COURTIER"]},
    ],
)
def test_un_numero_demande_a_un_consommateur_se_reconnait(champs):
    assert numero_recueilli(fiche(**champs))


@pytest.mark.parametrize(
    "champs",
    [
        {},
        {"canaux": ["TELEPHONE_B2C"], "type": "execution", "libelle": "Convenir du jour de livraison"},
        {"precisions": "courriel et adresse postale"},
        {"precisions": "courriel, sans téléphone"},
        {"precisions": "aucun numéro de téléphone"},
        {"precisions": "téléphone", "sources": ["COURTIER"]},
        {"precisions": "téléphone", "categorie": "CONTACTS_PRO"},
        {"precisions": "téléphone", "secteur": "B2B"},
        {"precisions": "téléphone", "public": "B2B"},
        {"canaux": ["TELEPHONE_B2C"], "sources": ["COURTIER"]},
        {"canaux": ["TELEPHONE_B2B"]},
        {"canaux": ["EMAIL_B2C"]},
    ],
)
def test_un_autre_renseignement_ou_un_professionnel_ne_se_confond_pas(champs):
    assert not numero_recueilli(fiche(**champs))


def test_une_finalite_pour_les_particuliers_suffit():
    lus = faits(
        donnees=[{"numero": 1, "categorie": "COORDONNEES", "precisions": "mobile", "sources": ["DIRECTE"]}],
        finalites=[{"numero": 1, "public": "B2B"}, {"numero": 2, "public": "B2C"}],
    )
    assert numero_recueilli(lus)
