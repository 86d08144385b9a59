"""Remplir une durée dans le navigateur : la phrase, l'ensemble de ses données, ce qui se replie ; les liens y mènent toujours."""

import pytest

from boutique import creer_fiche
from organismes.portee import dans
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE = "claire@lavande.example"
DUREE = {
    "categories": ["COORDONNEES"],
    "phase": "base_active",
    "duree_valeur": 3,
    "duree_unite": "ans",
    "point_depart": "FIN_RELATION_COMMERCIALE",
    "sort_final": "suppression",
    "regle_reference": "CLIENT-PROSPECTION-3A",
}

COCHEES = "État civil, identité, données d’identification, images\N{NO-BREAK SPACE}; Coordonnées"


@pytest.fixture
def fiche(boutique) -> Traitement:
    lignes = [DUREE | {"objet": f"Lot {n}"} for n in range(1, 10)]
    lignes[7] |= {"suspension_debut": "2026-03-01", "suspension_dossiers": "litige 114"}
    donnees = [
        {"categorie": c, "sources": ["DIRECTE"], "finalites": [1]} for c in ("COORDONNEES", "ETAT_CIVIL")
    ]
    return creer_fiche(boutique, reference="TR-060", donnees=donnees, conservations=lignes)


def relire(organisme) -> list[dict]:
    with dans(organisme):
        fiche = ag.FICHE.charger(Traitement.objects.filter(reference="TR-060")).get()
        return ag.instantane_de(ag.FICHE, fiche)["conservations"]


def saisie(fiche, ancre: str) -> str:
    return f"/gestion/traitements/traitement/{fiche.pk}/change/#{ancre}"


@pytest.mark.parametrize("script", [True, False], ids=["avec", "sans"])
def test_claire_change_l_ensemble_et_la_duree_d_une_ligne_fermee(ouvrir, boutique, fiche, script):
    avant = relire(boutique)
    page = ouvrir(CLAIRE, java_script_enabled=script)
    page.goto(saisie(fiche, "conservation"))
    page.click("#conservations-3 [name=ouvrir]")
    ligne = page.locator("#conservations-3")
    assert ligne.locator(".choix > summary").inner_text().startswith("Coordonnées")
    ligne.locator(".choix > summary").click()
    ligne.get_by_label("État civil").check()
    if script:
        assert ligne.locator("[data-dits]").inner_text() == COCHEES
    ligne.get_by_label("Durée", exact=True).fill("5")
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.success")
    lues = relire(boutique)
    assert lues[2] == {**avant[2], "categories": ["COORDONNEES", "ETAT_CIVIL"], "duree_valeur": 5}
    assert [k for k in lues if k["numero"] != 3] == [k for k in avant if k["numero"] != 3]
    assert page.fautes == []


def test_un_lien_mene_au_champ_replie_d_une_ligne_fermee(ouvrir, fiche):
    page = ouvrir(CLAIRE)
    page.goto(saisie(fiche, "id_conservations-9-frequence_mois"))
    page.wait_for_selector("#id_conservations-9-frequence_mois", state="visible")
    assert page.evaluate("document.activeElement.id") == "id_conservations-9-frequence_mois"
    assert not page.locator("#conservations-9 .choix").evaluate("d => d.open")


def test_une_ligne_qui_s_ouvre_montre_ce_qui_est_a_voir_et_dit_le_reste(ouvrir, fiche):
    page = ouvrir(CLAIRE)
    page.goto(saisie(fiche, "conservation"))
    page.click("#conservations-8 [name=ouvrir]")
    assert page.is_visible("#id_conservations-8-suspension_dossiers")
    page.click("#conservations-7 [name=ouvrir]")
    assert not page.is_visible("#id_conservations-7-suspension_dossiers")
    assert "durée de référence" in page.inner_text("#conservations-7 .repli > summary")


def test_le_critere_ne_se_montre_que_sans_chiffre(ouvrir, fiche):
    page = ouvrir(CLAIRE)
    page.goto(saisie(fiche, "conservation"))
    page.click("#conservations-2 [name=ouvrir]")
    critere = page.locator("#id_conservations-2-critere")
    assert not critere.is_visible()
    page.fill("#id_conservations-2-duree_valeur", "")
    critere.fill("jusqu'à la clôture du dossier")
    page.fill("#id_conservations-2-duree_valeur", "3")
    assert critere.is_visible()  # écrit, il ne se cache plus
    critere.fill("")
    page.focus("#id_conservations-2-duree_valeur")
    assert not critere.is_visible()


def test_une_duree_ajoutee_se_remplit_au_clavier(ouvrir, boutique, fiche):
    page = ouvrir(CLAIRE)
    page.goto(saisie(fiche, "conservation"))
    page.locator("[data-liste=conservations] > [data-ajouter]").click()
    assert page.evaluate("document.activeElement.value") == "ETAT_CIVIL"
    page.keyboard.press("Space")
    assert "État civil" in page.inner_text("#conservations-10 [data-dits]")
    page.focus("#id_conservations-10-duree_valeur")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("ans")
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.success")
    neuve = relire(boutique)[9]
    assert (neuve["categories"], neuve["duree_valeur"], neuve["duree_unite"]) == (["ETAT_CIVIL"], 2, "ans")


@pytest.mark.parametrize("largeur", [1280, 390])
def test_la_phrase_tient_dans_la_page(ouvrir, fiche, largeur):
    page = ouvrir(CLAIRE, viewport={"width": largeur, "height": 800})
    page.goto(saisie(fiche, "conservation"))
    page.click("#conservations-1 [name=ouvrir]")
    page.click("#conservations-1 .choix > summary")
    page.click("#conservations-1 .repli > summary")
    assert page.evaluate("document.documentElement.scrollWidth") <= largeur
