"""Rien de ce qui est tapé ne se perd : session finie, jeton périmé, panne, autre compte. Et rien n'est rendu à quelqu'un d'autre."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from django_scopes.exceptions import ScopeError

from boutique import AUTEUR, connecte, creer_fiche, creer_tiers, habiliter
from journal.models import Entree
from organismes import brouillons
from organismes.choix import Role
from organismes.models import Brouillon, Habilitation, Utilisateur
from organismes.portee import dans
from pages import champs
from registre.fiche import agregat, envois
from registre.fiche.enregistrement import enregistrer
from registre.portes.requetes.reception import TEMOIN
from traitements.models import Traitement

pytestmark = [pytest.mark.django_db, pytest.mark.lent]
MOT = "phrase de passe d'essai"
AJOUT = "/gestion/traitements/traitement/add/"
TIERS = "/gestion/organismes/tiers/add/"
TAPEES = {
    f"finalites-{n}-{champ}": valeur
    for n in (1, 2, 3)
    for champ, valeur in (("numero", str(n)), ("libelle", f"finalité tapée {n}"))
}


def strict() -> Client:
    """Un navigateur dont le jeton est vérifié, comme en vrai."""
    return Client(enforce_csrf_checks=True)


def entrer(client: Client, courriel="claire@lavande.example", suite="/"):
    page = champs(client.get("/compte/login/").content.decode())
    envoi = {**page, "login": courriel, "password": MOT, "next": suite}
    return client.post("/compte/login/", envoi)


def page_de(client: Client, url: str) -> dict:
    """Les champs de la page ; le formulaire de sortie n'y compte pas."""
    return champs(client.get(url).content.decode())


def gardes(personne: str = "claire@lavande.example") -> list[Brouillon]:
    with scope(personne=Utilisateur.objects.get(courriel=personne).pk):
        return list(Brouillon.objects.filter(attente="", clos=False))


@pytest.fixture
def claire(dpo):
    """Claire, connectée par la page de connexion."""
    client = strict()
    entrer(client)
    return client


def fiche_tapee(client: Client, url: str = AJOUT) -> dict:
    return {**page_de(client, url), "intitule": "Gestion des avis", "qualite": "responsable", **TAPEES}


def test_la_session_finie_la_page_revient_avec_les_lignes_ajoutees(claire):
    envoi = fiche_tapee(claire)
    claire.cookies.clear()
    refus = claire.post(AJOUT, envoi)
    assert refus.url.startswith("/compte/login/?next=")
    assert "vous aviez tapé est gardé" in claire.get(refus.url).content.decode()
    retour = entrer(claire, suite=champs(claire.get(refus.url).content.decode())["next"])
    page = claire.get(retour.url).content.decode()
    assert [champs(page)[f"finalites-{n}-libelle"] for n in (1, 2, 3)] == [
        f"finalité tapée {n}" for n in (1, 2, 3)
    ]
    assert "ce n’est pas encore enregistré" in page
    with scopes_disabled():
        assert not Traitement.objects.exists()  # rien n'est rejoué
    assert claire.post(retour.url, champs(page)).status_code == 302
    assert gardes() == []


def test_le_jeton_perime_ramene_a_la_page_avec_ce_qui_etait_tape(claire):
    envoi = fiche_tapee(claire)
    claire.logout()
    entrer(claire)
    refus = claire.post(AJOUT, envoi)
    page = refus.content.decode()
    assert refus.status_code == 403
    assert "rien de ce que vous avez tapé n’est perdu" in page
    lien = re.search(r'href="(/gestion/[^"]+brouillon=[^"]+)"', page)[1]
    assert page_de(claire, lien)["finalites-3-libelle"] == "finalité tapée 3"


def test_revenir_en_arriere_rend_l_envoi_refuse_une_fois_puis_a_la_demande(claire):
    envoi = fiche_tapee(claire)
    claire.logout()
    entrer(claire)
    claire.post(AJOUT, envoi)
    assert page_de(claire, AJOUT)["finalites-2-libelle"] == "finalité tapée 2"
    neuve = claire.get(AJOUT)
    assert neuve.status_code == 200
    assert "finalites-2-libelle" not in champs(neuve.content.decode())
    assert "Le reprendre" in neuve.content.decode()


def test_un_envoi_mis_de_cote_n_est_rendu_qu_a_son_auteur(claire, contributeur):
    envoi = fiche_tapee(claire)
    claire.cookies.clear()
    claire.post(AJOUT, envoi)
    entrer(claire, "lea@lavande.example")  # Léa se connecte dans le navigateur de Claire
    page = claire.get(AJOUT)
    assert page.status_code == 200
    assert "finalité tapée" not in page.content.decode()
    assert gardes("lea@lavande.example") == []
    claire.post("/compte/logout/", page_de(claire, "/compte/logout/"))
    entrer(claire)
    assert page_de(claire, AJOUT)["finalites-1-libelle"] == "finalité tapée 1"


def test_la_page_d_un_autre_compte_n_ecrit_rien_et_garde_le_texte_pour_lui(claire, contributeur, dpo):
    envoi = fiche_tapee(claire)
    refus = contributeur.post(AJOUT, envoi)  # même navigateur, autre session
    assert refus.status_code == 409
    assert "ouverte par un autre compte" in refus.content.decode()
    assert TEMOIN in contributeur.cookies
    assert gardes("lea@lavande.example") == []
    with scopes_disabled():
        assert not Traitement.objects.exists()


def test_sans_enveloppe_signee_un_envoi_anonyme_ne_laisse_rien(client, dpo):
    for enveloppe in ("", "forgee", "Wzos:xx:yy"):
        reponse = client.post(AJOUT, {"intitule": "Pirate", "envoi": enveloppe})
        assert reponse.status_code == 302
        assert TEMOIN not in reponse.cookies
    with scopes_disabled():
        assert Brouillon.objects.count() == 0


def test_ce_qui_attend_une_connexion_est_borne_en_nombre_en_taille_et_en_temps(claire):
    personne = Utilisateur.objects.get(courriel="claire@lavande.example")
    pages = [fiche_tapee(claire) for _ in range(brouillons.EN_ATTENTE_MAX + 2)]
    lourde = {**fiche_tapee(claire), "description": "x" * (brouillons.CARACTERES_MAX + 1)}
    claire.cookies.clear()
    dites = [claire.get(claire.post(AJOUT, envoi).url).content.decode() for envoi in pages]
    assert ["gardé douze heures" in page for page in dites] == [True] * brouillons.EN_ATTENTE_MAX + [
        False
    ] * 2
    assert "recommencez" in claire.get(claire.post(AJOUT, lourde).url).content.decode()
    with scope(personne=personne.pk):
        en_attente = Brouillon.objects.exclude(attente="")
        assert en_attente.count() == brouillons.EN_ATTENTE_MAX
        en_attente.update(
            ecrit_le=timezone.now() - timedelta(minutes=brouillons.MINUTES_EN_ATTENTE, seconds=5)
        )
    temoin = claire.cookies[TEMOIN].value
    assert brouillons.adopter(personne, temoin) == []


def test_un_fichier_n_est_jamais_garde(dpo, maison_lavande, prospection):
    from django.core.files.uploadedfile import SimpleUploadedFile

    url = f"{reverse('operation_nouvelle')}?fiche={prospection.pk}"
    envoi = page_de(dpo, url)
    texte = {"envoi": envoi["envoi"], "perimetre": "Base des prospects"}
    dpo.logout()
    dpo.post(url, {**texte, "preuve": SimpleUploadedFile("secret.txt", b"Dupont, 06 00 00 00 00")})
    with scopes_disabled():
        garde = Brouillon.objects.get()
    assert "perimetre=Base" in garde.contenu
    assert "Dupont" not in garde.contenu
    assert "secret" not in garde.contenu


def test_une_panne_garde_ce_qui_etait_tape(dpo, monkeypatch):
    envoi = fiche_tapee(dpo)
    dpo.raise_request_exception = False
    monkeypatch.setattr("registre.portes.gestion.page_fiche.enregistrer_fiche", lambda *a, **o: 1 / 0)
    assert dpo.post(AJOUT, envoi).status_code == 500
    monkeypatch.undo()
    assert page_de(dpo, AJOUT)["finalites-3-libelle"] == "finalité tapée 3"


# --- En tapant -----------------------------------------------------------------------------------------------------
def taper(client: Client, envoi: dict):
    return client.post(reverse("brouillon_garder"), envoi)


def test_ce_qui_est_tape_se_garde_se_reprend_et_s_efface_une_fois_enregistre(dpo):
    envoi = fiche_tapee(dpo)
    avant = Entree.objects.count()
    assert taper(dpo, envoi).json()["etat"] == "garde"
    assert taper(dpo, {**envoi, "intitule": "Avis et notes"}).status_code == 200
    (garde,) = gardes()
    assert garde.titre == f"Nouvelle fiche : {envoi['reference']} Avis et notes"
    assert Entree.objects.count() == avant  # un brouillon n'est pas une écriture
    assert "Avis et notes" in dpo.get("/compte/").content.decode()
    assert page_de(dpo, garde.reprise)["intitule"] == "Avis et notes"
    assert dpo.post(AJOUT, envoi).status_code == 302
    assert gardes() == []
    assert taper(dpo, envoi).status_code == 410  # un envoi retardataire ne le ressuscite pas
    assert gardes() == []


def test_les_boutons_presses_ne_se_reprennent_pas(dpo):
    taper(dpo, {**fiche_tapee(dpo), "confirmer": "finalites", "ajouter": "donnees"})
    assert not {"confirmer", "ajouter", "enregistrer", "csrfmiddlewaretoken", "envoi"} & set(
        p.partition("=")[0] for p in gardes()[0].contenu.split("&")
    )


def test_un_brouillon_repris_porte_la_revision_lue_donc_le_conflit_se_voit(dpo, contributeur, prospection):
    url = reverse("admin:traitements_traitement_change", args=[prospection.pk])
    envoi = page_de(dpo, url)
    taper(dpo, {**envoi, "service": "Service de Claire"})
    contributeur.post(url, {**page_de(contributeur, url), "service": "Service de Léa"})
    repris = page_de(dpo, gardes()[0].reprise)
    assert repris["service"] == "Service de Claire"
    conflit = dpo.post(url, repris)
    assert conflit.status_code == 409
    assert "Service de Léa" in conflit.content.decode()
    assert page_de(dpo, gardes()[0].reprise)["service"] == "Service de Claire"


def test_le_brouillon_d_une_autre_personne_n_existe_pas(dpo, contributeur):
    taper(dpo, fiche_tapee(dpo))
    (garde,) = gardes()
    assert "Gestion des avis" not in contributeur.get("/compte/").content.decode()
    assert "finalité tapée" not in contributeur.get(garde.reprise).content.decode()
    assert contributeur.post(reverse("brouillon_jeter", args=[garde.pk])).status_code == 404
    assert taper(contributeur, fiche_tapee(dpo)).status_code == 409  # l'enveloppe de Claire
    assert len(gardes()) == 1


def test_hors_de_la_portee_de_son_auteur_un_brouillon_ne_se_lit_pas(db, maison_lavande):
    with dans(maison_lavande), pytest.raises(ScopeError):
        Brouillon.objects.count()


def test_un_brouillon_jete_ne_revient_pas(dpo):
    taper(dpo, fiche_tapee(dpo))
    (garde,) = gardes()
    assert dpo.post(reverse("brouillon_jeter", args=[garde.pk])).url == "/compte/"
    assert gardes() == []
    with scopes_disabled():
        assert Brouillon.objects.get().contenu == ""


@pytest.mark.parametrize(("jours", "reste"), [(29, True), (31, False)])
def test_un_brouillon_vit_trente_jours(dpo, jours, reste):
    taper(dpo, fiche_tapee(dpo))
    with scopes_disabled():
        Brouillon.objects.update(ecrit_le=timezone.now() - timedelta(days=jours))
    assert ("Gestion des avis" in dpo.get("/compte/").content.decode()) is reste
    call_command("purger_brouillons")
    with scopes_disabled():
        assert Brouillon.objects.exists() is reste


def test_un_brouillon_n_est_dans_aucun_export(dpo, prospection):
    url = reverse("admin:traitements_traitement_change", args=[prospection.pk])
    taper(dpo, {**page_de(dpo, url), "service": "Tapé, pas enregistré"})
    assert "pas enregistré" not in dpo.get(reverse("registre_json")).content.decode()


def test_l_objet_supprime_entre_temps_le_texte_se_lit_encore(dpo, maison_lavande):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = reverse("admin:organismes_tiers_change", args=[tiers.pk])
    taper(dpo, {**page_de(dpo, url), "remarques": "Contrat à revoir en mars"})
    dpo.post(reverse("admin:organismes_tiers_delete", args=[tiers.pk]))
    page = dpo.get(gardes()[0].reprise)
    assert page.status_code == 404
    assert "Contrat à revoir en mars" in page.content.decode()


def test_trop_long_se_dit(dpo):
    envoi = {**fiche_tapee(dpo), "description": "x" * (brouillons.CARACTERES_MAX + 1)}
    assert taper(dpo, envoi).status_code == 413


def test_une_adresse_qui_ne_se_garde_pas_est_refusee(dpo):
    envoi = page_de(dpo, "/modeles/")
    assert taper(dpo, envoi).status_code == 409
    assert gardes() == []


PAGES = [
    ("/gestion/organismes/tiers/add/", {"nom": "Envoléo SAS", "remarques": "Contrat à revoir"}),
    ("{operation}", {"perimetre": "Base des prospects", "type": "purge", "regles": "1"}),
    ("{releve}", {"au": "2026-01-05"}),
    ("{epreuve}", {"ligne": "evenement", "k": "7"}),
]


@pytest.mark.parametrize(("url", "tape"), PAGES)
def test_chaque_page_de_texte_se_retrouve(url, tape, dpo, prospection):
    noms = {"operation": "operation_nouvelle", "releve": "releve_nouveau", "epreuve": "epreuve_nouvelle"}
    url = url.format(**{c: f"{reverse(n)}?fiche={prospection.pk}" for c, n in noms.items()})
    assert taper(dpo, {**page_de(dpo, url), **tape}).status_code == 200
    page = dpo.get(gardes()[0].reprise).content.decode()
    reprise = champs(page)
    for nom, valeur in tape.items():
        assert reprise[nom] in (valeur, [valeur]), nom
    assert "fautif" not in page  # retrouvée telle quelle, sans reproche


def test_les_roles_d_une_epreuve_se_retrouvent_sans_le_fichier(dpo, prospection):
    url = f"{reverse('epreuve_nouvelle')}?fiche={prospection.pk}"
    dit = {"regle": "1", "ligne": "personne", "donnees_origine": "effacees"}
    fichier = SimpleUploadedFile("a.csv", b"age;ville\n30;Nice\n31;Nice\n")
    roles = champs(dpo.post(url, {**page_de(dpo, url), **dit, "fichier": fichier}).content.decode())
    assert taper(dpo, {**roles, "role_0": "sensible"}).status_code == 200
    page = dpo.get(gardes()[0].reprise).content.decode()
    reprise = champs(page)
    assert (reprise["role_0"], reprise["mesure"]) == ("sensible", roles["mesure"])
    assert "Un fichier joint ne se garde pas" not in page  # il a été lu : cette page n'en attend plus
    assert dpo.post(url, {**reprise}).status_code == 302


def test_le_meme_fichier_eprouve_deux_fois_ne_laisse_qu_un_brouillon(dpo, prospection):
    """Le plus récent ; celui d'un autre fichier reste, et chacun porte le nom du sien."""
    url = f"{reverse('epreuve_nouvelle')}?fiche={prospection.pk}"
    dit = {"regle": "1", "ligne": "personne", "donnees_origine": "effacees"}
    for nom, role in (("a.csv", "quasi"), ("b.csv", "quasi"), ("a.csv", "sensible")):
        fichier = SimpleUploadedFile(nom, b"age;ville\n30;Nice\n31;Nice\n")
        premiere = {**page_de(dpo, url), **dit}
        taper(dpo, premiere)
        roles = champs(dpo.post(url, {**premiere, "fichier": fichier}).content.decode())
        taper(dpo, {**roles, "role_0": role})
    assert {b.titre for b in gardes()} == {"Épreuve d'anonymat : a.csv", "Épreuve d'anonymat : b.csv"}
    (de_a,) = [b for b in gardes() if b.titre.endswith("a.csv")]
    assert champs(dpo.get(de_a.reprise).content.decode())["role_0"] == "sensible"


@pytest.mark.parametrize(
    "url", ["/gestion/organismes/utilisateur/add/", "/gestion/organismes/organisme/add/"]
)
def test_l_administrateur_sans_organisme_retrouve_aussi_ce_qu_il_tape(administrateur, url):
    champ = "nom" if "utilisateur" in url else "raison_sociale"
    taper(administrateur, {**page_de(administrateur, url), champ: "Maison Verveine"})
    (garde,) = gardes("admin@instance.example")
    assert page_de(administrateur, garde.reprise)[champ] == "Maison Verveine"
    reprise = administrateur.post(reverse("choisir_organisme"), {"brouillon": str(garde.pk), "organisme": ""})
    assert reprise.url == garde.reprise


def test_une_page_de_saisie_ne_reste_pas_dans_le_cache_du_navigateur(dpo, prospection):
    for url in (AJOUT, f"{reverse('operation_nouvelle')}?fiche={prospection.pk}"):
        assert "no-store" in dpo.get(url)["Cache-Control"]


# --- Un organisme, un autre ------------------------------------------------------------------------------------------
@pytest.fixture
def ines(maison_lavande, autre_boutique):
    """Déléguée externe de deux organismes."""
    habiliter(maison_lavande, Role.DPO, "ines@dpo.example", "Inès Duval")
    client = connecte(habiliter(autre_boutique, Role.DPO, "ines@dpo.example", "Inès Duval"))
    choisir(client, maison_lavande)
    return client


def choisir(client: Client, organisme) -> None:
    client.post(reverse("choisir_organisme"), {"organisme": str(organisme.pk)})


@pytest.mark.parametrize("url", [AJOUT, "/gestion/organismes/tiers/add/"])
def test_la_page_ouverte_pour_l_un_n_est_pas_rangee_chez_l_autre(url, ines, maison_lavande, autre_boutique):
    envoi = {
        **page_de(ines, url),
        "intitule": "Gestion des avis",
        "qualite": "responsable",
        "nom": "Envoléo SAS",
    }
    choisir(ines, autre_boutique)
    avant = Entree.objects.count()
    refus = ines.post(url, envoi)
    page = refus.content.decode()
    assert refus.status_code == 409
    assert "Revenir à Maison Lavande et finir" in page
    assert Entree.objects.count() == avant
    retour = ines.post(
        reverse("choisir_organisme"),
        {"organisme": str(maison_lavande.pk), "retour": champs(page)["retour"]},
    )
    champ = "intitule" if url == AJOUT else "nom"
    assert page_de(ines, retour.url)[champ] == envoi[champ]
    assert ines.post(retour.url, page_de(ines, retour.url)).status_code == 302


def test_deleguee_de_l_un_et_auditrice_de_l_autre_elle_retrouve_sa_page(maison_lavande, autre_boutique):
    """Le droit manque chez l'autre : on le dit de la page, pas de la personne, et le texte attend."""
    habiliter(autre_boutique, Role.AUDITEUR, "ines@dpo.example", "Inès Duval")
    ines = connecte(habiliter(maison_lavande, Role.DPO, "ines@dpo.example", "Inès Duval"))
    choisir(ines, maison_lavande)
    envoi = {**page_de(ines, TIERS), "nom": "Envoléo SAS"}
    choisir(ines, autre_boutique)
    assert taper(ines, envoi).status_code == 200
    refus = ines.post(TIERS, envoi)
    assert refus.status_code == 409
    assert "Revenir à Maison Lavande et finir" in refus.content.decode()
    (garde,) = gardes("ines@dpo.example")
    assert ines.post(reverse("brouillon_jeter", args=[garde.pk])).status_code == 302


def test_qui_perd_son_role_en_cours_de_saisie_lit_encore_ce_qu_il_a_tape(dpo, maison_lavande):
    envoi = {**page_de(dpo, TIERS), "nom": "Envoléo SAS", "remarques": "Contrat à revoir"}
    with dans(maison_lavande):
        habilitation = Habilitation.objects.get(utilisateur__courriel="claire@lavande.example")
        donnees = {"role": "auditeur", "debut": habilitation.debut.isoformat(), "fin": None}
        enregistrer(agregat.HABILITATION, donnees, habilitation, auteur=AUTEUR)
    assert dpo.post(TIERS, envoi).status_code == 403
    (garde,) = gardes()
    page = dpo.get(garde.reprise)
    assert page.status_code == 403
    assert "Contrat à revoir" in page.content.decode()


def test_creer_depuis_un_modele_pour_l_un_ne_cree_rien_chez_l_autre(ines, autre_boutique):
    envoi = page_de(ines, "/modeles/")
    choisir(ines, autre_boutique)
    assert ines.post(reverse("fiche_type", args=["GESTION_CLIENTS"]), envoi).status_code == 409
    with scopes_disabled():
        assert not Traitement.objects.exists()


@pytest.mark.parametrize("enveloppe", ["", "forgee"])
def test_sans_enveloppe_qui_a_plusieurs_organismes_est_refuse(ines, enveloppe):
    refus = ines.post("/gestion/organismes/tiers/add/", {"nom": "Envoléo SAS", "envoi": enveloppe})
    assert refus.status_code == 409
    assert "ne dit pas pour quel organisme" in refus.content.decode()


def test_une_enveloppe_trop_vieille_ne_vaut_plus(ines, monkeypatch):
    envoi = {**page_de(ines, "/gestion/organismes/tiers/add/"), "nom": "Envoléo SAS"}
    monkeypatch.setattr(envois, "SECONDES_MAX", -1)
    assert ines.post("/gestion/organismes/tiers/add/", envoi).status_code == 409


def test_le_brouillon_d_un_organisme_ne_se_montre_pas_chez_l_autre(ines, maison_lavande, autre_boutique):
    taper(ines, {**page_de(ines, AJOUT), "intitule": "Gestion des avis"})
    choisir(ines, autre_boutique)
    assert "Le reprendre" not in ines.get(AJOUT).content.decode()
    (garde,) = gardes("ines@dpo.example")
    ailleurs = ines.get(garde.reprise)
    assert ailleurs.status_code == 409
    assert "Revenir à Maison Lavande et finir" in ailleurs.content.decode()
    assert "Gestion des avis" not in ailleurs.content.decode()
    retour = ines.post(
        reverse("choisir_organisme"), {"organisme": str(maison_lavande.pk), "brouillon": str(garde.pk)}
    )
    assert page_de(ines, retour.url)["intitule"] == "Gestion des avis"


def test_le_brouillon_d_un_organisme_ou_l_on_n_est_plus_habilite_ne_se_montre_plus(dpo, maison_lavande):
    taper(dpo, fiche_tapee(dpo))
    personne = Utilisateur.objects.get(courriel="claire@lavande.example")
    assert brouillons.siens(personne, []) == []


def test_la_session_finie_rouvre_dans_l_organisme_de_la_page(ines, autre_boutique):
    choisir(ines, autre_boutique)
    envoi = {**page_de(ines, AJOUT), "intitule": "Gestion des avis"}
    ines.logout()
    refus = ines.post(AJOUT, envoi)
    suite = champs(ines.get(refus.url).content.decode())["next"]
    retour = entrer(ines, "ines@dpo.example", suite)
    page = ines.get(retour.url).content.decode()
    assert champs(page)["intitule"] == "Gestion des avis"
    assert "<b>Savonnerie du Port</b>" in page


def test_un_octet_nul_dans_le_titre_ne_perd_pas_le_brouillon(dpo, maison_lavande):
    personne = Utilisateur.objects.get(pk=dpo.session["_auth_user_id"])
    brouillons.garder(
        personne.pk, maison_lavande.pk, numero="n1", adresse=AJOUT, titre="Fiche\x00 A", contenu="x"
    )
    assert [b.titre for b in brouillons.siens(personne, [maison_lavande])] == ["Fiche A"]


def test_deux_brouillons_pour_deux_organismes_chacun_rouvre_dans_le_sien(
    ines, maison_lavande, autre_boutique
):
    envois_faits = []
    for organisme, intitule in ((maison_lavande, "Avis de Lavande"), (autre_boutique, "Avis du Port")):
        choisir(ines, organisme)
        envois_faits.append({**page_de(ines, AJOUT), "intitule": intitule})
    ines.logout()
    refus = [ines.post(AJOUT, envoi) for envoi in envois_faits]  # le plus récent est celui du Port
    suite = champs(ines.get(refus[0].url).content.decode())["next"]
    page = ines.get(entrer(ines, "ines@dpo.example", suite).url).content.decode()
    assert champs(page)["intitule"] == "Avis de Lavande"
    assert "<b>Maison Lavande</b>" in page
    (du_port,) = (b for b in gardes("ines@dpo.example") if b.organisme_id == autre_boutique.pk)
    ailleurs = ines.get(du_port.reprise)
    assert ailleurs.status_code == 409
    assert "Cette page a été ouverte pour Savonnerie du Port" in ailleurs.content.decode()
    retour = {
        "organisme": str(autre_boutique.pk),
        "retour": champs(ailleurs.content.decode())["retour"],
    }
    assert page_de(ines, ines.post(reverse("choisir_organisme"), retour).url)["intitule"] == "Avis du Port"


# --- La suite d'une remarque d'import ----------------------------------------------------------------------------------
REMARQUES = [{"libelle": n, "valeur": f"valeur {n}", "source": "Feuille A"} for n in ("Note", "Autre note")]
SUITE = "Reporté chez Envoléo"


@pytest.fixture
def importee(maison_lavande):
    return creer_fiche(maison_lavande, reprise=REMARQUES)


def test_la_suite_d_une_remarque_tapee_dans_la_saisie_se_retrouve(dpo, importee):
    url = reverse("admin:traitements_traitement_change", args=[importee.pk])
    taper(dpo, {**page_de(dpo, url), "suite-1": SUITE})
    page = dpo.get(gardes()[0].reprise).content.decode()
    assert champs(page)["suite-1"] == SUITE
    assert page.count("<details open><summary>Traiter") == 1


def traiter_depuis_la_lecture(client: Client, fiche, envoi: dict, rang: int = 1):
    adresse = reverse("traiter_remarque", args=[fiche.pk, rang])
    return client.post(adresse, {**envoi, "suite": f"{SUITE} {rang}"})


@pytest.mark.parametrize("motif", ["session", "jeton"])
def test_la_suite_tapee_en_lecture_survit_a_l_envoi_refuse(motif, claire, importee):
    lecture = reverse("fiche", args=[importee.pk])
    envoi = page_de(claire, lecture)
    if motif == "session":
        claire.cookies.clear()
        for rang in (1, 2):  # la même page : aucune n'écrase l'autre
            refus = traiter_depuis_la_lecture(claire, importee, envoi, rang)
        suite = champs(claire.get(refus.url).content.decode())["next"]
        assert entrer(claire, suite=suite).url == suite
        claire.get(suite)
    else:
        claire.logout()
        entrer(claire)
        for rang in (1, 2):
            assert traiter_depuis_la_lecture(claire, importee, envoi, rang).status_code == 403
    assert {b.adresse for b in gardes()} == {lecture}
    deux, un = sorted(gardes(), key=lambda b: b.numero, reverse=True)
    page = claire.get(un.reprise).content.decode()
    assert page.count(f"{SUITE} 1") == 2  # dans le champ, et dans le bandeau
    assert "<details open><summary>Traiter" in page
    assert traiter_depuis_la_lecture(claire, importee, champs(page)).status_code == 302
    assert [b.numero for b in gardes()] == [deux.numero]


def test_la_suite_d_une_remarque_de_l_organisme_attend_dans_le_sien(ines, maison_lavande, autre_boutique):
    envoi = {**page_de(ines, reverse("organisme")), "version": "1", "suite": SUITE}
    choisir(ines, autre_boutique)
    assert ines.post(reverse("traiter_remarque_organisme", args=[1]), envoi).status_code == 409
    (garde,) = gardes("ines@dpo.example")
    assert (garde.organisme_id, garde.adresse) == (maison_lavande.pk, reverse("organisme"))
    choisir(ines, maison_lavande)
    assert SUITE in ines.get(garde.reprise).content.decode()  # même si la remarque n'y est plus


def test_la_suite_vide_ne_laisse_pas_de_brouillon(claire, importee):
    envoi = page_de(claire, reverse("fiche", args=[importee.pk]))
    claire.logout()
    entrer(claire)
    claire.post(reverse("traiter_remarque", args=[importee.pk, 1]), {**envoi, "suite": "  "})
    assert gardes() == []


# --- Ce que disent les refus -------------------------------------------------------------------------------------------
def test_le_texte_d_une_page_disparue_se_lit_champ_par_champ(dpo, maison_lavande):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = reverse("admin:organismes_tiers_change", args=[tiers.pk])
    envoi = {**page_de(dpo, url), "nom": "Envoléo", "remarques": "urgent"}
    dpo.post(reverse("admin:organismes_tiers_delete", args=[tiers.pk]))
    refus = dpo.post(url, envoi)
    assert refus.status_code == 404
    assert "Votre texte est gardé" in refus.content.decode()
    page = dpo.get(gardes()[0].reprise).content.decode()
    lus = dict(re.findall(r"<dt>(.*?)</dt><dd class=\"multiligne\">(.*?)</dd>", page))
    assert lus["Nom"] == "Envoléo"
    assert lus["Remarques"] == "urgent"  # un mot sans espace compte aussi
    assert "Jeton" not in lus
    assert "puis enregistrez" not in page
    assert "repartir de ce qui est enregistré" not in page


def test_un_geste_refuse_qui_ne_porte_aucun_texte_ne_dit_rien_de_garde(dpo):
    taper(dpo, fiche_tapee(dpo))
    adresse, page = reverse("brouillon_jeter", args=[gardes()[0].pk]), page_de(dpo, AJOUT)
    assert dpo.post(adresse, {**page, "page": "1"}).status_code == 302
    encore = dpo.post(adresse, {**page, "page": "1"})  # déjà jeté
    assert encore.status_code == 404
    assert "Votre texte est gardé" not in encore.content.decode()
    assert gardes() == []


@pytest.mark.parametrize("geste", ["account_logout", "brouillon_jeter"])
def test_un_geste_au_jeton_perime_n_efface_pas_ce_qui_est_garde(claire, geste):
    envoi = fiche_tapee(claire)
    taper(claire, envoi)
    (garde,) = gardes()
    adresse = reverse(geste, args=[garde.pk] if geste == "brouillon_jeter" else [])
    claire.logout()
    entrer(claire)
    jetons = {nom: envoi[nom] for nom in ("csrfmiddlewaretoken", envois.CHAMP)}
    refus = claire.post(adresse, {**jetons, "page": "1"})
    assert refus.status_code == 403
    assert "n’est perdu" not in refus.content.decode()
    assert [b.contenu for b in gardes()] == [garde.contenu]


def test_jeter_un_brouillon_sans_session_n_efface_pas_celui_de_la_page(claire):
    envoi = fiche_tapee(claire)
    taper(claire, envoi)
    (garde,) = gardes()
    claire.cookies.clear()
    jetons = {nom: envoi[nom] for nom in ("csrfmiddlewaretoken", envois.CHAMP)}
    refus = claire.post(reverse("brouillon_jeter", args=[garde.pk]), {**jetons, "page": "1"})
    assert refus.url.startswith("/compte/login/")
    entrer(claire)
    claire.get("/")
    assert [b.contenu for b in gardes()] == [garde.contenu]


def test_enregistrer_souvent_n_efface_aucun_brouillon(dpo, maison_lavande):
    taper(dpo, fiche_tapee(dpo))
    personne = Utilisateur.objects.get(courriel="claire@lavande.example")
    for rang in range(brouillons.PAR_PERSONNE_MAX + 1):
        brouillons.clore(personne, maison_lavande.pk, f"page-{rang}", TIERS)
    taper(dpo, {**page_de(dpo, TIERS), "nom": "Envoléo SAS"})
    assert sorted(b.titre for b in gardes()) == [
        "Nouveau tiers : Envoléo SAS",
        "Nouvelle fiche : TR-001 Gestion des avis",
    ]


def test_ce_qui_a_trop_attendu_ne_prend_la_place_de_rien(claire):
    page = fiche_tapee(claire)
    perime = timezone.now() - timedelta(minutes=brouillons.MINUTES_EN_ATTENTE, seconds=5)
    personne = Utilisateur.objects.get(courriel="claire@lavande.example")
    with scope(personne=personne.pk):
        for rang in range(brouillons.EN_ATTENTE_MAX):
            Brouillon.objects.create(
                auteur=personne, numero=f"page-{rang}", adresse=AJOUT, attente="ancien", ecrit_le=perime
            )
    claire.cookies.clear()
    assert "gardé douze heures" in claire.get(claire.post(AJOUT, page).url).content.decode()


def test_une_page_introuvable_sans_texte_ne_dit_rien_de_garde(dpo):
    assert "Votre texte est gardé" not in dpo.get("/nulle-part/").content.decode()


@pytest.mark.parametrize(("page", "dit"), [(AJOUT, False), ("operation_nouvelle", True)])
def test_le_fichier_joint_ne_se_dit_que_la_ou_il_y_en_a_un(page, dit, dpo, prospection):
    url = page if page == AJOUT else f"{reverse(page)}?fiche={prospection.pk}"
    taper(dpo, {**page_de(dpo, url), "intitule": "Avis", "perimetre": "Base"})
    assert ("Un fichier joint ne se garde pas" in dpo.get(gardes()[0].reprise).content.decode()) is dit


def test_la_page_pour_quitter_et_mon_compte_disent_ce_qui_reste(dpo):
    taper(dpo, fiche_tapee(dpo))
    assert "perdue" not in dpo.get("/compte/logout/").content.decode()
    with scope(personne=gardes()[0].auteur_id):
        Brouillon.objects.update(ecrit_le=timezone.localtime().replace(hour=3, minute=4))
    compte = dpo.get(reverse("compte")).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "à 3 h 04" in compte


def test_revenir_en_arriere_ne_reprend_que_le_brouillon_de_la_page_meme(dpo):
    envoi = fiche_tapee(dpo)
    taper(dpo, envoi)
    numero = envois.lire(envoi["envoi"]).numero
    page = dpo.get(AJOUT).content.decode()
    assert f'data-reprendre="{numero}"' in page
    assert f'data-garder="{numero}"' not in page  # une page neuve a le sien
