"""De « Créer depuis un modèle » à la fiche validée, comme une déléguée le fait."""

import pytest

from boutique import AUTEUR
from organismes.portee import dans
from registre.fiche import agregat as ag
from registre.fiche.enregistrement import enregistrer
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE = "claire@lavande.example"


@pytest.fixture
def identifiee(boutique):
    """Une boutique dont l'identité est complète : sans elle, aucune fiche ne se valide."""
    with dans(boutique):
        identite = {"adresse": "4 place aux Aires", "courriel": "contact@maison-lavande.example"}
        enregistrer(ag.ORGANISME, identite, boutique, auteur=AUTEUR)
    return boutique


def creer(page):
    page.goto("/registre/")
    page.click("text=Créer depuis un modèle")
    page.click("text=Prospection de particuliers par voie électronique")
    page.click("text=Créer une fiche depuis ce modèle")
    page.wait_for_url("**/change/")


def test_la_fiche_de_prospection_nait_se_confirme_et_se_valide(ouvrir, identifiee):
    page = ouvrir(CLAIRE)
    creer(page)
    for _ in range(11):
        bouton = page.locator("button[name=confirmer]:visible")
        if not bouton.count():
            break
        bouton.first.click()
        page.wait_for_selector(".message.success")
    assert page.locator("button[name=confirmer]").count() == 0
    page.click("button[name=relire]")
    page.wait_for_url("**/fiches/**")
    page.click("text=Valider…")
    page.check("input[name=lus]")
    page.click("button[value=valider]")
    page.wait_for_selector(".etat.validee")
    assert page.fautes == []
    with dans(identifiee):
        fiche = Traitement.objects.get(modele="PROSPECTION_B2C_ELEC")
    assert (fiche.statut, fiche.a_confirmer) == ("validee", [])


def test_confirmer_ouvre_la_rubrique_suivante(ouvrir, identifiee):
    page = ouvrir(CLAIRE)
    creer(page)
    page.click("#onglet-identification")
    page.locator("button[name=confirmer]:visible").click()
    page.wait_for_selector("#onglet-finalites[aria-selected=true]")


def test_les_criteres_suggeres_se_cochent_a_la_demande(ouvrir, identifiee):
    page = ouvrir(CLAIRE)
    creer(page)
    page.click("#onglet-aipd")
    suggeres = page.locator("[data-nom=aipd-criteres]")
    codes = [suggeres.nth(n).get_attribute("data-code") for n in range(suggeres.count())]
    assert codes
    case = f"input[name=aipd-criteres][value={codes[0]}]"
    assert not page.is_checked(case)
    page.click("[data-retenir]")
    assert page.is_checked(case)
