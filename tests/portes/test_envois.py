"""Deux envois du même formulaire ne créent qu'un objet ; deux saisies de la même page ne s'effacent pas l'une l'autre."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_scopes import scopes_disabled

from boutique import creer_tiers, habiliter
from conservation.models import Epreuve, Operation
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from pages import champs
from traitements.models import Traitement

pytestmark = pytest.mark.django_db
TIERS = "/gestion/organismes/tiers/add/"
COMPTE = "/gestion/organismes/utilisateur/add/"


def page_de(client, url: str) -> dict:
    return champs(client.get(url).content.decode())


def compter(modele) -> int:
    with scopes_disabled():
        return modele.objects.count()


@pytest.mark.parametrize(
    ("url", "tape", "modele"),
    [
        (
            "/gestion/traitements/traitement/add/",
            {"intitule": "Gestion des avis", "qualite": "responsable"},
            Traitement,
        ),
        (TIERS, {"nom": "Envoléo SAS"}, Tiers),
    ],
)
def test_envoye_deux_fois_cree_une_fois(url, tape, modele, dpo):
    envoi = {**page_de(dpo, url), **tape}
    premier, second = dpo.post(url, envoi), dpo.post(url, envoi)
    assert (premier.status_code, second.status_code) == (302, 302)
    assert compter(modele) == 1
    assert "qu&#x27;une fois" in dpo.get(second.url).content.decode()


def test_un_modele_choisi_deux_fois_de_suite_ne_cree_qu_une_fiche_et_deux_pages_deux(dpo):
    url = reverse("fiche_type", args=["GESTION_CLIENTS"])
    envoi = page_de(dpo, url)
    assert dpo.post(url, envoi).url == dpo.post(url, envoi).url
    assert compter(Traitement) == 1
    dpo.post(url, page_de(dpo, url))
    assert compter(Traitement) == 2


def test_deux_modeles_de_la_meme_page_font_deux_fiches(dpo):
    envoi = page_de(dpo, "/modeles/")
    for code in ("GESTION_CLIENTS", "IMPAYES_CONTENTIEUX"):
        dpo.post(reverse("fiche_type", args=[code]), envoi)
    assert compter(Traitement) == 2


def test_une_operation_envoyee_deux_fois_n_est_consignee_qu_une_fois(dpo, prospection):
    url = f"{reverse('operation_nouvelle')}?fiche={prospection.pk}"
    dit = {"type": "purge", "regles": "1", "perimetre": "Base", "date": "2026-01-05", "methode": "Script"}
    signe = {"volume_inconnu": "Non compté", "preuve_absente": "Aucun journal", "etape": "signer"}
    envoi = {**page_de(dpo, url), **dit, **signe}
    premier, second = dpo.post(url, envoi), dpo.post(url, envoi)
    assert premier.url == second.url
    assert compter(Operation) == 1
    dpo.post(url, {**envoi, "perimetre": "Archives"})  # un autre texte est une autre opération
    assert compter(Operation) == 2


def test_une_epreuve_conclue_deux_fois_ne_compte_qu_une_fois(dpo, prospection):
    url = f"{reverse('epreuve_nouvelle')}?fiche={prospection.pk}"
    dit = {"regle": "1", "ligne": "personne", "donnees_origine": "effacees"}
    fichier = SimpleUploadedFile("a.csv", b"age\n30\n30\n31\n")
    roles = champs(dpo.post(url, {**page_de(dpo, url), **dit, "fichier": fichier}).content.decode())
    reponses = [dpo.post(url, roles) for _ in range(2)]
    assert reponses[0].status_code == 302, reponses[0].content.decode()
    assert reponses[0].url == reponses[1].url
    assert compter(Epreuve) == 1


def test_un_compte_ouvert_deux_fois_est_un_compte(administrateur):
    envoi = {**page_de(administrateur, COMPTE), "nom": "Léo Petit", "courriel": "leo@lavande.example"}
    envoi["is_active"] = "on"
    assert "lien" in administrateur.post(COMPTE, envoi).content.decode()
    second = administrateur.post(COMPTE, envoi)
    leo = Utilisateur.objects.get(courriel="leo@lavande.example")
    assert second.url == reverse("admin:organismes_utilisateur_change", args=[leo.pk])


def test_un_refus_ne_consomme_pas_l_envoi(dpo):
    envoi = {**page_de(dpo, TIERS), "nom": "Envoléo SAS", "siren": "12"}
    assert dpo.post(TIERS, envoi).status_code == 422
    assert dpo.post(TIERS, {**envoi, "siren": ""}).status_code == 302
    assert compter(Tiers) == 1


# --- Une saisie n'en efface pas une autre ------------------------------------------------------------------------------
def test_la_seconde_saisie_d_un_tiers_voit_la_premiere(dpo, contributeur, maison_lavande):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS", ville="Lyon")
    url = reverse("admin:organismes_tiers_change", args=[tiers.pk])
    vieille = page_de(dpo, url)
    contributeur.post(url, {**page_de(contributeur, url), "ville": "Nantes"})
    conflit = dpo.post(url, {**vieille, "contact": "Mme Roy"})
    assert conflit.status_code == 409
    reprise = champs(conflit.content.decode())
    assert (reprise["ville"], reprise["contact"]) == ("Nantes", "Mme Roy")
    assert dpo.post(url, reprise).status_code == 302
    with scopes_disabled():
        assert (Tiers.objects.get().ville, Tiers.objects.get().contact) == ("Nantes", "Mme Roy")


@pytest.fixture
def leo(maison_lavande):
    return habiliter(maison_lavande, Role.AUDITEUR, "leo@lavande.example", "Léo Petit")


def test_une_vieille_page_ne_rouvre_pas_un_compte_ferme(administrateur, leo):
    url = reverse("admin:organismes_utilisateur_change", args=[leo.pk])
    vieille = page_de(administrateur, url)
    ferme = {n: v for n, v in page_de(administrateur, url).items() if n != "is_active"}
    assert administrateur.post(url, ferme).status_code == 302
    conflit = administrateur.post(url, {**vieille, "nom": "Léo Petit-Roy"})
    assert conflit.status_code == 409
    assert "a changé pendant votre saisie" in conflit.content.decode()
    reprise = champs(conflit.content.decode())
    assert "is_active" not in reprise
    assert administrateur.post(url, reprise).status_code == 302
    leo.refresh_from_db()
    assert (leo.is_active, leo.nom) == (False, "Léo Petit-Roy")


def test_sans_jeton_un_compte_ne_s_ecrase_pas(administrateur, leo):
    url = reverse("admin:organismes_utilisateur_change", args=[leo.pk])
    assert administrateur.post(url, {"nom": "X", "courriel": "leo@lavande.example"}).status_code == 409
    leo.refresh_from_db()
    assert (leo.nom, leo.is_active) == ("Léo Petit", True)


def test_la_seconde_saisie_d_une_habilitation_voit_la_premiere(administrateur, leo):
    with scopes_disabled():
        habilitation = Habilitation.objects.get(utilisateur=leo)
    url = reverse("admin:organismes_habilitation_change", args=[habilitation.pk])
    vieille = page_de(administrateur, url)
    administrateur.post(url, {**page_de(administrateur, url), "fin": "2026-06-30"})
    conflit = administrateur.post(url, {**vieille, "role": "direction"})
    assert conflit.status_code == 409
    reprise = champs(conflit.content.decode())
    assert (reprise["role"], reprise["fin"]) == ("direction", "2026-06-30")


def test_relire_ne_vaut_que_pour_ce_que_la_page_montrait(dpo, prospection):
    from organismes.models import ChangementReferentiel

    def changement(code):
        return ChangementReferentiel.objects.create(
            version="9", liste="pays", code=code, libelle=code, changements=[], le=timezone.localdate()
        )

    vu = changement("FR")
    changement("DE")
    dpo.post(reverse("actualisee", args=[prospection.pk]), {"jusqu_a": str(vu.pk)})
    with scopes_disabled():
        assert Traitement.objects.get().referentiels_lus == vu.pk


# --- L'API ---------------------------------------------------------------------------------------------------------------
def test_l_api_exige_la_revision_d_un_tiers(dpo, maison_lavande):
    tiers = creer_tiers(maison_lavande, "Envoléo SAS")
    url = reverse("api:tiers-detail", args=[tiers.pk])
    lu = dpo.get(url)
    envoyer = {"data": {"ville": "Lyon"}, "content_type": "application/json"}
    assert dpo.patch(url, **envoyer).status_code == 428
    assert dpo.patch(url, **envoyer, HTTP_IF_MATCH='"7"').status_code == 412
    ecrit = dpo.patch(url, **envoyer, HTTP_IF_MATCH=lu["ETag"])
    assert (ecrit.status_code, ecrit["ETag"]) == (200, '"2"')
    assert (
        dpo.put(url, {"nom": "X"}, content_type="application/json", HTTP_IF_MATCH=lu["ETag"]).status_code
        == 412
    )


def test_l_api_ne_cree_qu_une_fois_sous_la_meme_cle(dpo):
    url, corps = reverse("api:tiers-list"), {"nom": "Envoléo SAS"}
    options = {"content_type": "application/json", "HTTP_IDEMPOTENCY_KEY": "import-42"}
    un, deux = dpo.post(url, corps, **options), dpo.post(url, corps, **options)
    assert (un.status_code, deux.status_code) == (201, 201)
    assert un.json()["id"] == deux.json()["id"]
    assert dpo.post(url, {"nom": "Autre"}, **options).status_code == 422
    # Sans clé : le nom est pris.
    assert dpo.post(url, corps, content_type="application/json").status_code == 400
    assert compter(Tiers) == 1


def test_l_api_refuse_d_ecrire_chez_un_autre_organisme(maison_lavande, autre_boutique):
    from boutique import connecte

    habiliter(maison_lavande, Role.DPO, "ines@dpo.example", "Inès Duval")
    ines = connecte(habiliter(autre_boutique, Role.DPO, "ines@dpo.example", "Inès Duval"))
    ines.post(reverse("choisir_organisme"), {"organisme": str(autre_boutique.pk)})
    url, corps = reverse("api:tiers-list"), {"nom": "Envoléo SAS"}
    options = {"content_type": "application/json"}
    assert ines.post(url, corps, **options).status_code == 428
    assert ines.post(url, corps, **options, HTTP_X_ORGANISME=str(maison_lavande.pk)).status_code == 409
    assert ines.post(url, corps, **options, HTTP_X_ORGANISME=str(autre_boutique.pk)).status_code == 201
    with scopes_disabled():
        assert Tiers.objects.get().organisme == autre_boutique


def test_l_organisme_a_le_meme_verrou(dpo, contributeur, maison_lavande):
    url = reverse("admin:organismes_organisme_change", args=[maison_lavande.pk])
    vieille = page_de(dpo, url)
    dpo.post(url, {**page_de(dpo, url), "ville": "Nice"})
    assert dpo.post(url, {**vieille, "telephone": "04 93 00 00 00"}).status_code == 409
    with scopes_disabled():
        assert Organisme.objects.get(pk=maison_lavande.pk).ville == "Nice"
