"""Une longue liste dans le navigateur : ses lignes se lisent, s'ouvrent, se corrigent, sans rien perdre."""

import pytest

from boutique import creer_fiche, creer_tiers
from organismes.portee import dans
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE = "claire@lavande.example"


@pytest.fixture
def fiche(boutique) -> Traitement:
    creer_tiers(boutique, "Envoléo SAS")
    return creer_fiche(
        boutique,
        reference="TR-060",
        donnees=[
            {
                "categorie": "COORDONNEES",
                "precisions": f"Champ {n}\n  suite",
                "sources": ["DIRECTE"],
                "personnes": ["PROSPECTS"],
                "obligatoire": False,
                "finalites": [1],
            }
            for n in range(1, 13)
        ],
        destinataires=[
            {"type": "SOUS_TRAITANT", "tiers": "Envoléo SAS", "pays": "FR", "categories": ["COORDONNEES"]}
            for _ in range(12)
        ],
    )


def relire(organisme) -> dict:
    with dans(organisme):
        fiches = ag.FICHE.charger(Traitement.objects.filter(reference="TR-060"))
        return ag.instantane_de(ag.FICHE, fiches.get())


def test_tout_ouvrir_puis_enregistrer_ne_change_rien(ouvrir, boutique, fiche):
    avant = relire(boutique)
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{fiche.pk}/change/#donnees")
    page.locator("[data-tout-ouvrir]:visible").click()
    assert page.input_value("#id_donnees-12-precisions") == "Champ 12\n  suite"
    page.click("#onglet-destinataires")
    page.locator("[data-tout-ouvrir]:visible").click()
    assert page.locator("#destinataires-12 input[value=COORDONNEES]").is_checked()
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.info")
    assert relire(boutique) == avant
    assert page.fautes == []


@pytest.mark.parametrize("script", [True, False], ids=["avec", "sans"])
def test_claire_corrige_une_ligne_au_milieu(ouvrir, boutique, fiche, script):
    avant = relire(boutique)
    page = ouvrir(CLAIRE, java_script_enabled=script)
    page.goto(f"/gestion/traitements/traitement/{fiche.pk}/change/#donnees")
    page.click("#donnees-7 [name=ouvrir]")
    page.fill("#id_donnees-7-precisions", "Courriel")
    if script:
        page.keyboard.press("Tab")
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.success")
    lue = relire(boutique)
    assert lue["donnees"][6] == {**avant["donnees"][6], "precisions": "Courriel"}
    assert [d for d in lue["donnees"] if d["numero"] != 7] == [
        d for d in avant["donnees"] if d["numero"] != 7
    ]
    assert page.fautes == []


def test_un_lien_de_constat_ouvre_la_ligne_de_son_champ(ouvrir, fiche):
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{fiche.pk}/change/#id_donnees-9-precisions")
    page.wait_for_selector("#id_donnees-9-precisions")
    assert page.evaluate("document.activeElement.id") == "id_donnees-9-precisions"


def test_le_compteur_se_dit_pres_de_la_fin_et_rien_n_est_coupe(ouvrir, boutique, fiche):
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{fiche.pk}/change/#identification")
    page.fill("#id_volumes", "é" * 200)
    assert page.locator("#id_volumes ~ .restant").count() == 0
    page.fill("#id_volumes", "é" * 265)
    assert page.inner_text("#id_volumes ~ .restant") == "35 caractères restants"
    page.locator("body > [role=status]", has_text="35 caractères restants").wait_for(state="attached")
    page.fill("#id_volumes", "é" * 301)
    assert page.inner_text("#id_volumes ~ .restant") == "1 caractère de trop (300 au plus)"
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".erreurs:visible")
    assert len(page.input_value("#id_volumes")) == 301
