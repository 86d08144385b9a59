"""Reprendre une durée de référence dans le formulaire, avec et sans JavaScript."""

import pytest

from boutique import creer_fiche
from organismes.portee import dans
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE = "claire@lavande.example"
CHOIX = "button[name=reprendre][value='PROSPECT-B2B-3A:COORDONNEES,ETAT_CIVIL']"


def relire(organisme, fiche) -> dict:
    with dans(organisme):
        return ag.instantane_de(ag.FICHE, ag.FICHE.charger(Traitement.objects.filter(pk=fiche.pk)).get())


@pytest.fixture
def fiche(boutique) -> Traitement:
    """Deux catégories de données, que la même durée couvre."""
    donnees = [{"categorie": c, "precisions": "x"} for c in ("COORDONNEES", "ETAT_CIVIL")]
    return creer_fiche(boutique, reference="TR-002", donnees=donnees)


@pytest.mark.parametrize("script", [True, False], ids=["avec", "sans"])
def test_claire_reprend_une_duree_puis_enregistre(ouvrir, boutique, fiche, script):
    page = ouvrir(CLAIRE, java_script_enabled=script)
    page.goto(f"/gestion/traitements/traitement/{fiche.pk}/change/#conservation")
    page.click("#conservations-1 .repli > summary")
    page.fill("#id_conservations-1-texte_origine", "Trois ans, selon la note de 2019")
    page.click("#regles-proposees summary")
    assert page.locator("li", has=page.locator(CHOIX)).locator(".quand").is_visible()
    page.click(CHOIX)
    page.wait_for_selector("#conservations-2[data-repris]")
    assert page.is_visible("#id_conservations-2-duree_valeur")
    assert page.input_value("#id_conservations-1-texte_origine") == "Trois ans, selon la note de 2019"
    if script:
        assert page.evaluate("document.activeElement.id") == "id_conservations-2-duree_valeur"
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.success")
    lue = relire(boutique, fiche)
    assert lue["conservations"][0]["texte_origine"] == "Trois ans, selon la note de 2019"
    assert lue["conservations"][1]["regle_reference"] == "PROSPECT-B2B-3A"
    assert lue["conservations"][1]["categories"] == [
        "COORDONNEES",
        "ETAT_CIVIL",
    ]  # une ligne, toutes ses données
    assert lue["a_confirmer"] == ["conservation"]
    assert page.fautes == []


def test_la_touche_entree_enregistre_et_ne_reprend_rien(ouvrir, boutique):
    """Le premier bouton du formulaire est celui que presse la touche Entrée."""
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    page.click("#onglet-identification")
    page.fill("#id_service", "Service clavier")
    page.press("#id_service", "Enter")
    page.wait_for_selector(".message.success")
    lue = relire(boutique, boutique.fiche)
    assert (lue["service"], len(lue["conservations"]), lue["a_confirmer"]) == ("Service clavier", 1, [])
