"""Ce qui est tapé survit : session effacée, reconnexion ailleurs, retour en arrière, coupure, double clic."""

import pytest

from organismes.portee import dans
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE, MOT = "claire@lavande.example", "phrase de passe d'essai"
TAPEES = ["finalité tapée 0", "finalité tapée 1", "finalité tapée 2"]


def taper_trois_finalites(page, boutique) -> None:
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    page.click("[role=tab] >> text=Finalités")
    for n, texte in enumerate(TAPEES, start=2):
        page.click("text=+ Ajouter une finalité")
        page.fill(f"#id_finalites-{n}-libelle", texte)


def finalites(page) -> list[str]:
    page.wait_for_selector("#finalites-4", state="attached")
    champs = page.query_selector_all("[name^=finalites-][name$=-libelle]")
    return [c.input_value() for c in champs if c.input_value().startswith("finalité tapée")]


def reconnecter(page) -> None:
    page.fill("input[name=login]", CLAIRE)
    page.fill("input[name=password]", MOT)
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def test_la_session_effacee_les_lignes_ajoutees_reviennent_apres_la_connexion(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    taper_trois_finalites(page, boutique)
    page.context.clear_cookies()
    page.click("button[name=enregistrer]")
    page.wait_for_selector("input[name=login]")
    reconnecter(page)
    assert finalites(page) == TAPEES
    assert "ce n’est pas encore enregistré" in page.inner_text("main")
    page.click("button[name=enregistrer]")
    page.wait_for_selector("text=est enregistré")
    with dans(boutique):
        assert Traitement.objects.get().finalites.count() == 4


def test_reconnectee_dans_un_autre_onglet_claire_revient_en_arriere_et_retrouve_tout(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    taper_trois_finalites(page, boutique)
    autre = page.context.new_page()
    autre.goto("/compte/logout/")
    autre.click("main button[type=submit]")
    autre.wait_for_selector("input[name=login]")
    reconnecter(autre)
    page.click("button[name=enregistrer]")
    page.wait_for_selector("text=rien de ce que vous avez tapé n’est perdu")
    page.go_back()
    assert finalites(page) == TAPEES


def test_le_texte_se_garde_en_tapant_et_se_retrouve_dans_mon_compte(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    taper_trois_finalites(page, boutique)
    page.wait_for_selector("text=Brouillon gardé à")
    page.context.set_offline(True)
    page.fill("#id_finalites-2-libelle", "finalité tapée hors connexion")
    page.wait_for_selector("text=Le registre ne répond pas : ne fermez pas cette page.")
    page.click("button[name=enregistrer]")  # rien ne part, la page reste
    page.wait_for_selector("text=Le registre ne répond pas : rien n’est parti")
    page.context.set_offline(False)
    page.wait_for_selector("text=Brouillon gardé à")
    autre = page.context.new_page()
    autre.goto("/compte/")
    autre.click("text=Reprendre")
    autre.wait_for_selector("text=ce n’est pas encore enregistré")
    assert "finalité tapée hors connexion" in finalites(autre)


def test_quitter_la_page_puis_revenir_en_arriere_rend_les_lignes_ajoutees(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    page.on("dialog", lambda d: d.accept())
    taper_trois_finalites(page, boutique)
    page.wait_for_selector("text=Brouillon gardé à")
    page.goto("/registre/")
    page.go_back()
    assert finalites(page) == TAPEES


def test_un_double_clic_ne_cree_qu_une_fiche(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    page.goto("/gestion/traitements/traitement/add/")
    page.fill("#id_intitule", "Gestion des avis")
    page.select_option("#id_qualite", "responsable")
    page.dblclick("button[name=enregistrer]")
    page.wait_for_selector("text=est enregistré")
    with dans(boutique):
        assert Traitement.objects.filter(intitule="Gestion des avis").count() == 1
    assert page.fautes == []
