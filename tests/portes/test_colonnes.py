"""Un en-tête ne fait que se lire : renommé, rien d'autre que lui ne change, ni page, ni PDF, ni CSV."""

import re

import pytest
from django.urls import reverse

from boutique import PROSPECTION, creer_fiche
from documents.csv_francais import ColonneCsv
from registre.echanges.exports import durees_csv, echeancier_csv
from registre.fiche.plan import Colonne
from registre.fiche.rubriques import LISTES

FICHE = PROSPECTION | {
    "transferts_hors_eee": True,
    "transferts": [{"numero": 1, "pays": "US", "importateur": "Mailwright Inc.", "garantie": "ADEQUATION"}],
}
COLONNES = [*(c for liste in LISTES for c in liste.colonnes), *durees_csv.COLONNES, *echeancier_csv.COLONNES]


@pytest.fixture
def renommer():
    """Renomme les colonnes le temps d'un essai : code → en-tête d'essai, le même pour toutes ses colonnes."""
    titres = [c.titre for c in COLONNES]

    def faire() -> None:
        for rang, colonne in enumerate(COLONNES):
            object.__setattr__(colonne, "titre", f"EN-TETE{rang:03d}")

    yield faire
    for colonne, titre in zip(COLONNES, titres, strict=True):
        object.__setattr__(colonne, "titre", titre)


def avec_les_anciens(texte: str, titres: list[str]) -> str:
    for rang, titre in enumerate(titres):
        texte = texte.replace(f"EN-TETE{rang:03d}", titre)
    return texte


@pytest.mark.django_db
def test_un_en_tete_renomme_ne_change_que_lui(dpo, maison_lavande, renommer):
    fiche = creer_fiche(maison_lavande, **FICHE)
    adresses = [reverse("fiche", args=[fiche.pk]), reverse("durees_csv"), reverse("echeancier_csv")]

    def lire() -> list[str]:
        pages = (dpo.get(a).content.decode() for a in adresses)
        return [re.sub(r'<input type="hidden"[^>]*>', "", page) for page in pages]  # jetons

    avant, titres = lire(), [c.titre for c in COLONNES]
    assert "à compter" in avant[0] and "Mailwright Inc., États-Unis" in avant[0]
    renommer()
    apres = lire()
    assert all("EN-TETE" in page for page in apres)
    assert [avec_les_anciens(page, titres) for page in apres] == avant


def test_deux_colonnes_d_un_meme_tableau_n_ont_pas_le_meme_code():
    tableaux = [liste.colonnes for liste in LISTES] + [durees_csv.COLONNES, echeancier_csv.COLONNES]
    for colonnes in tableaux:
        codes = [c.code for c in colonnes]
        assert len(codes) == len(set(codes))
        assert all(isinstance(c, Colonne | ColonneCsv) and c.code.isidentifier() for c in colonnes)
