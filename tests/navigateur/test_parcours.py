"""Ce qu'une personne fait vraiment, dans un vrai navigateur."""

import pytest

from organismes.portee import dans
from registre.fiche import agregat as ag
from traitements.models import Traitement

pytestmark = pytest.mark.navigateur
CLAIRE, LEA, NADIA = "claire@lavande.example", "lea@lavande.example", "nadia@lavande.example"


def relire(organisme, reference: str) -> dict:
    with dans(organisme):
        fiches = ag.FICHE.charger(Traitement.objects.filter(reference=reference))
        return ag.instantane_de(ag.FICHE, fiches.get())


def test_claire_redige_une_fiche_d_un_bout_a_l_autre(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    page.click("text=Nouvelle fiche")
    page.fill("#id_intitule", "Gestion des avis")
    page.select_option("#id_qualite", "responsable")
    page.click("#onglet-finalites")
    page.click("text=+ Ajouter une finalité")
    page.fill("#id_finalites-1-libelle", "Publier les avis de nos acheteurs")
    assert not page.is_visible("#id_finalites-1-consentement_preuve")
    page.select_option("#id_finalites-1-base_legale", "CONSENTEMENT")
    page.fill("#id_finalites-1-consentement_preuve", "Horodatage")
    page.click("text=+ Ajouter une finalité")
    assert page.is_visible("text=Finalité 2")
    page.locator("#finalites-2 [data-retirer]").click()
    page.click("#onglet-donnees")
    page.click("text=+ Ajouter une catégorie de personnes")
    page.select_option("#id_personnes-1-categorie", "AUTEURS_AVIS")
    page.click("button[name=relire]")
    page.wait_for_url("**/fiches/*/")
    assert page.is_visible("h1:has-text('Gestion des avis')")
    lue = relire(boutique, "TR-002")
    assert lue["finalites"][0]["consentement_preuve"] == "Horodatage"
    assert lue["personnes"][0]["categorie"] == "AUTEURS_AVIS"
    assert page.fautes == []


def test_une_erreur_ouvre_son_onglet_et_mene_a_son_champ(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    page.click("#onglet-conservation")
    page.click("text=+ Ajouter une durée")
    page.fill("#id_conservations-2-duree_valeur", "5")
    page.click("#onglet-identification")
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".erreurs")
    assert page.get_attribute("#onglet-conservation", "aria-selected") == "true"
    assert page.input_value("#id_conservations-2-duree_valeur") == "5"
    page.click(".erreurs a")
    assert page.is_visible("#conservations-2")
    page.select_option("#id_conservations-2-duree_unite", "ans")
    page.click("button[name=enregistrer]")
    page.wait_for_selector(".message.success")
    assert relire(boutique, "TR-001")["conservations"][1]["duree_valeur"] == 5


def test_a_deux_sur_la_meme_fiche_la_seconde_garde_son_texte(ouvrir, boutique):
    url = f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/"
    claire, lea = ouvrir(CLAIRE), ouvrir(LEA)
    claire.goto(url)
    lea.goto(url)
    lea.fill("#id_service", "Service de Léa")
    lea.click("button[name=enregistrer]")
    lea.wait_for_selector(".message.success")
    claire.fill("#id_service", "Service de Claire")
    claire.click("button[name=enregistrer]")
    claire.wait_for_selector(".conflit")
    assert claire.input_value("#id_service") == "Service de Claire"
    assert claire.is_visible(".conflit :text('Service de Léa')")
    claire.click("button[name=enregistrer]")
    claire.wait_for_selector(".message.success")
    assert relire(boutique, "TR-001")["service"] == "Service de Claire"


def test_les_onglets_se_parcourent_au_clavier_et_l_onglet_reste(ouvrir, boutique):
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    page.focus("#onglet-identification")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "onglet-finalites"
    page.keyboard.press("End")
    page.click("#onglet-aipd")
    page.reload()
    assert page.get_attribute("#onglet-aipd", "aria-selected") == "true"


def test_sans_javascript_toute_la_fiche_se_saisit(ouvrir, boutique):
    page = ouvrir(CLAIRE, java_script_enabled=False)
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    assert page.is_visible("#id_service")
    assert page.is_visible("#id_finalites-1-libelle")
    page.fill("#id_volumes", "environ 3 000")
    page.click("button[name=ajouter][value=finalites]")
    page.fill("#id_finalites-2-libelle", "Une finalité sans script")
    page.locator("button[name=relire]").click()
    lue = relire(boutique, "TR-001")
    assert (lue["volumes"], lue["finalites"][1]["libelle"]) == ("environ 3 000", "Une finalité sans script")


PAGES = [
    "/",
    "/registre/",
    "/fiches/{pk}/",
    "/fiches/{pk}/historique/",
    "/fiches/{pk}/information/",
    "/fiches/{pk}/etat/",
    "/fiches/{pk}/ecarter/?regle=REG-05&chemin=mesures",
    "/conservation/",
    "/conservation/agenda/",
    "/conservation/epreuves/",
    "/conservation/epreuves/nouvelle/",
    "/conservation/epreuves/nouvelle/?fiche={pk}",
    "/regles/",
    "/conservation/durees/",
    "/conservation/constats/nouveau/",
    "/conservation/constats/nouveau/?fiche={pk}",
    "/modeles/",
    "/modeles/PROSPECTION_B2C_ELEC/",
    "/a-relire/",
    "/tiers/",
    "/organisme/",
    "/journal/",
    "/gestion/",
    "/gestion/traitements/traitement/{pk}/change/",
    "/gestion/traitements/traitement/add/?registre=sous-traitant",
    "/gestion/organismes/tiers/add/",
    "/gestion/organismes/organisme/{organisme}/change/",
    "/compte/",
]


@pytest.mark.parametrize(
    "options",
    [{}, {"color_scheme": "dark"}, {"viewport": {"width": 390, "height": 844}}],
    ids=["clair", "sombre", "390"],
)
def test_aucune_page_ne_deborde_ni_n_enfreint_la_politique_de_securite(ouvrir, boutique, options):
    page = ouvrir(CLAIRE, **options)
    for modele in PAGES:
        url = modele.format(pk=boutique.fiche.pk, organisme=boutique.pk)
        assert page.goto(url).status == 200, url
        largeur = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert largeur <= 0, (url, largeur)
    assert page.fautes == []


def test_chaque_controle_a_son_nom(ouvrir, boutique):
    """Tout champ visible a une étiquette, tout bouton un texte : ce qu'un lecteur d'écran annonce."""
    page = ouvrir(CLAIRE)
    page.goto(f"/gestion/traitements/traitement/{boutique.fiche.pk}/change/")
    muets = page.evaluate(
        """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea, button")]
            .filter((e) => !e.closest("template"))
            .filter((e) => !(e.labels && e.labels.length) && !e.textContent.trim() && !e.getAttribute("aria-label"))
            .map((e) => e.outerHTML.slice(0, 120))"""
    )
    doubles = page.evaluate(
        "() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);"
        " return ids.filter((id, rang) => ids.indexOf(id) !== rang); }"
    )
    assert muets == []
    assert doubles == []


def test_nadia_lit_tout_et_ne_voit_aucun_bouton_d_ecriture(ouvrir, boutique):
    page = ouvrir(NADIA)
    for url in ("/", "/registre/", f"/fiches/{boutique.fiche.pk}/", "/tiers/", "/organisme/"):
        page.goto(url)
        assert page.locator("main .bouton.premier").count() == 0, url
    with page.expect_download() as telechargement:
        page.goto("/registre/")
        page.click("text=Télécharger le registre (PDF)")
    assert telechargement.value.suggested_filename == "Registre Maison Lavande.pdf"


def test_un_accord_explicite_fait_paraitre_sa_description_sous_un_contrat(ouvrir, boutique):
    """Les articles 6 et 9 se cumulent : la preuve et le retrait se décrivent aussi sous une autre base légale."""
    page = ouvrir(CLAIRE)
    page.click("text=Nouvelle fiche")
    page.click("#onglet-finalites")
    page.click("text=+ Ajouter une finalité")
    explicite = "input[name='finalites-1-consentement_explicite'][value='true']"
    assert not page.is_visible(explicite)
    page.select_option("#id_finalites-1-base_legale", "CONTRAT")
    assert page.is_visible(explicite)
    assert not page.is_visible("#id_finalites-1-consentement_preuve")
    page.check(explicite)
    assert page.is_visible("#id_finalites-1-consentement_preuve")
    page.check("input[name='finalites-1-consentement_explicite'][value='false']")
    assert not page.is_visible("#id_finalites-1-consentement_preuve")
    assert page.fautes == []
