"""Les référentiels gardés d'une requête à l'autre : un chargement, ou son annulation, se lit aussitôt."""

import shutil

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from boutique import AUTEUR
from organismes.portee import dans
from registre.conformite.reperes import reperes
from registre.fiche.codes import Codes
from registre.fiche.references import REFERENCES, References
from registre.fiche.referentiels import FICHIERS, RACINE, charger
from traitements.models import BaseLegale

pytestmark = pytest.mark.django_db
BASES = "traitements/referentiels/bases-legales.toml"


@pytest.fixture
def accord_libre(tmp_path):
    """Les fichiers du produit, où le consentement s'appelle « Accord libre »."""
    for fichier, _ in FICHIERS:
        copier = shutil.copytree if (RACINE / fichier).is_dir() else shutil.copy
        (tmp_path / fichier).parent.mkdir(parents=True, exist_ok=True)
        copier(RACINE / fichier, tmp_path / fichier)
    texte = (tmp_path / BASES).read_text(encoding="utf-8")
    libelle = BaseLegale.objects.get(pk="CONSENTEMENT").libelle
    assert texte.count(f'libelle = "{libelle}"') == 1
    (tmp_path / BASES).write_text(
        texte.replace(f'libelle = "{libelle}"', 'libelle = "Accord libre"'), encoding="utf-8"
    )
    return tmp_path


def libelles(maison_lavande) -> tuple[str, str]:
    """Ce que lisent les pages, et ce que lisent les règles."""
    codes = Codes()
    with dans(maison_lavande):
        return codes.libelle(BaseLegale, "CONSENTEMENT"), reperes(codes).bases_legales["CONSENTEMENT"][
            "libelle"
        ]


def test_un_chargement_se_lit_a_la_requete_suivante(maison_lavande, accord_libre):
    avant = libelles(maison_lavande)
    assert avant[0] == avant[1] != "Accord libre"
    charger(AUTEUR, accord_libre)
    REFERENCES.suspendues = False  # comme hors des essais, que `conftest` suspend à la première écriture
    assert libelles(maison_lavande) == ("Accord libre", "Accord libre")


def test_un_chargement_annule_n_est_pas_garde(maison_lavande, accord_libre):
    avant = libelles(maison_lavande)
    with transaction.atomic():
        charger(AUTEUR, accord_libre)
        REFERENCES.suspendues = False
        assert libelles(maison_lavande)[0] == "Accord libre"
        transaction.set_rollback(True)
    assert libelles(maison_lavande) == avant


def test_la_seconde_lecture_ne_demande_que_l_entree_du_chargement(maison_lavande):
    libelles(maison_lavande)
    with CaptureQueriesContext(connection) as requetes:
        Codes().de(BaseLegale)
    assert len(requetes) == 1 and "journal_entree" in requetes[0]["sql"]


def test_sans_chargement_au_journal_rien_n_est_garde():
    gardees, lues = References(), iter("ab")
    assert [gardees.tenir("", "x", lambda: next(lues)) for _ in range(2)] == ["a", "b"]


def test_un_autre_chargement_efface_le_precedent():
    gardees, lues = References(), iter("abc")
    cles = ["un", "un", "deux", "un"]
    assert [gardees.tenir(cle, "x", lambda: next(lues)) for cle in cles] == ["a", "a", "b", "c"]


def test_un_essai_qui_ecrit_dans_un_referentiel_relit_la_base(maison_lavande):
    libelles(maison_lavande)
    BaseLegale.objects.filter(pk="CONSENTEMENT").update(libelle="Changé")
    assert libelles(maison_lavande) == ("Changé", "Changé")
