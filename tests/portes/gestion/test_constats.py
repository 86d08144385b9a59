"""Les constats dans le formulaire : à côté de la rubrique qu'ils touchent, chacun mène à un champ qui existe."""

import re

import pytest
from django.urls import reverse
from django_scopes import scopes_disabled

from boutique import connecte
from organismes.models import Organisme, Utilisateur
from organismes.portee import dans
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
FICHES_FAUTIVES = ("TR-009", "TR-011")  # à dessein : voir la tête de leurs fichiers


@pytest.fixture
def claire(demonstration, db):
    return connecte(Utilisateur.objects.get(courriel__startswith="claire"))


def saisie(claire, reference: str) -> str:
    with scopes_disabled():  # l'essai part de la connexion, sans portée
        lavande = Organisme.objects.get(raison_sociale="Maison Lavande")
    with dans(lavande):
        fiche = Traitement.objects.get(reference=reference)
    return claire.get(reverse("admin:traitements_traitement_change", args=[fiche.pk])).content.decode()


@pytest.mark.parametrize("reference", FICHES_FAUTIVES)
def test_chaque_constat_mene_a_un_champ_du_formulaire(claire, reference):
    page = saisie(claire, reference)
    ancres = set(re.findall(r'class="constat .*?<a href="#([^"]+)"', page, re.S))
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert len(ancres) >= 5
    assert ancres <= ids


@pytest.mark.parametrize("reference", FICHES_FAUTIVES)
def test_chaque_constat_est_dans_sa_rubrique_range_par_exigence(claire, reference):
    page = saisie(claire, reference)
    assert "Exigé par un autre texte" in page
    conservation = page[page.index('id="r-conservation"') : page.index('id="r-destinataires"')]
    for code in re.findall(r"(RET-\d\d) ·", page):
        if code != "RET-01":  # elle touche la catégorie de données, dans la rubrique des données
            assert f"{code} ·" in conservation


def test_le_nombre_de_constats_se_lit_sur_l_onglet(claire):
    page = saisie(claire, "TR-011")
    onglet = page[page.index('id="onglet-finalites"') :]
    nombre = int(re.search(r'class="pt b">(\d+)', onglet[: onglet.index("</button>")])[1])
    rubrique = page[page.index('id="r-finalites"') : page.index('id="r-donnees"')]
    assert rubrique.count('<li class="constat') == nombre
