"""Traiter une remarque d'import au milieu d'une saisie : ce qui est tapé reste, lignes ajoutées comprises."""

import pytest

from boutique import AUTEUR
from organismes.portee import dans
from registre.actes.fiches import enregistrer_fiche

pytestmark = pytest.mark.navigateur
CLAIRE = "claire@lavande.example"


@pytest.fixture
def remarquee(boutique):
    remarques = [
        {"source": "feuille « x »", "libelle": "Note", "valeur": t} for t in ("Voir Julie", "Armoire 4")
    ]
    with dans(boutique):
        return enregistrer_fiche(
            {"reprise": remarques},
            organisme=boutique,
            auteur=AUTEUR,
            fiche=boutique.fiche,
            admis=frozenset({"reprise"}),
        ).objet


def test_depuis_la_saisie_tout_ce_qui_est_tape_reste(ouvrir, remarquee):
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{remarquee.pk}/change/")
    page.click("#onglet-finalites")
    page.click("[data-liste=finalites] [data-ajouter]")
    page.fill("[name=finalites-2-libelle]", "Une finalité ajoutée")
    page.click("#onglet-suivi")
    page.fill("[name=remarques]", "Une remarque tapée")
    page.click("#reprise summary >> nth=0")
    page.fill("[name=suite-1]", "Reporté dans les destinataires.")
    page.click("#reprise button[name=traiter] >> nth=0")
    page.wait_for_selector("text=La remarque est traitée")
    assert page.input_value("[name=remarques]") == "Une remarque tapée"
    assert page.input_value("[name=finalites-2-libelle]") == "Une finalité ajoutée"
    assert page.get_attribute("#onglet-suivi", "aria-selected") == "true"
    assert "Voir Julie" not in page.inner_text("#reprise") and "Armoire 4" in page.inner_text("#reprise")
    page.click("button[name=enregistrer]")
    page.wait_for_selector("text=est enregistré")
    assert page.input_value("[name=finalites-2-libelle]") == "Une finalité ajoutée"
    assert page.fautes == []


def test_sans_script_la_page_de_la_fiche_suffit(ouvrir, remarquee):
    page = ouvrir(CLAIRE, java_script_enabled=False)
    page.goto(f"/fiches/{remarquee.pk}/")
    page.click("#reprise summary >> nth=1")
    page.click("#reprise button >> nth=1")
    assert "La remarque est traitée" in page.inner_text("body")
    assert "Armoire 4" not in page.inner_text("#reprise")
