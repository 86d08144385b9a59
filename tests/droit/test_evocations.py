"""Ce que les noms d'une fiche laissent penser, et ce qu'ils ne disent pas."""

import pytest
from motifs import sans_radical

from droit import evocations
from droit.criteres_aipd import CRITERES
from droit.types_aipd import TYPES
from exemples_faits import avec, faits


@pytest.mark.parametrize(
    ("nom", "codes"),
    [
        ("Scoring des prospects", ["C1_EVALUATION"]),
        ("Segmentation de la clientèle", ["C1_EVALUATION"]),
        ("Vidéosurveillance du magasin", ["C3_SURVEILLANCE"]),
        ("Géolocalisation des véhicules", ["C3_SURVEILLANCE"]),
        ("Enrichir les fichiers de prospection", ["C6_CROISEMENT"]),
        ("Reconnaissance faciale à l'entrée", ["C8_INNOVANT"]),
        ("Refuser une commande à risque", ["C9_BLOCAGE"]),
        ("Octroi de crédit et scoring", ["C1_EVALUATION", "C9_BLOCAGE"]),
        ("Livraison des commandes", []),
        ("Envoi de la lettre, sans profilage", []),
        ("Statistiques de vente, aucune segmentation", []),
        ("Exclure de la prospection les personnes opposées", []),
        ("Rapprochement bancaire", []),
        ("Surveillance des stocks", []),
        ("Connexion au compte client", []),
    ],
)
def test_un_nom_evoque_un_critere(nom, codes):
    assert list(evocations.criteres(faits(intitule=nom))) == codes
    assert (
        list(evocations.criteres(faits(**avec("finalites", libelle="Livrer", sous_finalites=[nom])))) == codes
    )


@pytest.mark.parametrize(
    ("nom", "codes"),
    [
        ("Recueil des alertes professionnelles", ["R06"]),
        ("Signalements d'enfants en danger", ["R05"]),
        ("Suivi social des allocataires", ["R13"]),
        ("Signalement d'un avis par le professionnel", []),
        ("Alertes de stock", []),
        ("Suivi des commandes", []),
    ],
)
def test_un_nom_evoque_un_type_de_traitement(nom, codes):
    assert list(evocations.types(faits(intitule=nom))) == codes


@pytest.mark.parametrize(
    ("precisions", "evoque"),
    [
        ("patients du centre", True),
        ("personnes âgées abonnées au portage", True),
        ("clients particuliers, sans mineurs", False),
        ("clients de la boutique", False),
        ("", False),
        (None, False),
    ],
)
def test_les_precisions_nomment_des_personnes_vulnerables(precisions, evoque):
    lus = faits(personnes=[{"numero": 1, "categorie": "CLIENTS", "precisions": precisions}])
    assert bool(evocations.personnes_vulnerables(lus)) is evoque


@pytest.mark.parametrize(
    "motif", [*evocations.CRITERES.values(), *evocations.TYPES.values(), evocations.PROFILAGE]
)
def test_chaque_motif_contient_un_radical(motif):
    """Sinon la lecture s'arrêterait avant de l'avoir cherché."""
    assert sans_radical(motif, evocations.RADICAUX) == []


def test_ce_qu_un_nom_evoque_est_un_critere_ou_un_type_connu():
    assert set(evocations.CRITERES) <= set(CRITERES)
    assert set(evocations.TYPES) <= set(TYPES)
