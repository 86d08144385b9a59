"""Entrer, sortir, retrouver son mot de passe : en français, sans s'inscrire, sans sortir du site."""

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import NoReverseMatch, resolve, reverse
from django.urls.exceptions import Resolver404

from journal.service import Auteur, consigner, operation
from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.portee import dans

MOT_DE_PASSE = "lavande-de-juillet-42"
AUTRE_MOT_DE_PASSE = "romarin-de-septembre-7"


@pytest.fixture(autouse=True)
def cache_local(settings):
    """Les compteurs d'essais d'allauth vivent dans le cache : un cache neuf par test."""
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def claire(db):
    return Utilisateur.objects.create_user("claire@lavande.example", "Claire Morel", MOT_DE_PASSE)


def se_connecter(client, mot_de_passe=MOT_DE_PASSE, **autres):
    donnees = {"login": "claire@lavande.example", "password": mot_de_passe, **autres}
    return client.post(reverse("account_login"), donnees)


def habiliter(personne, role: Role, nom="Maison Lavande", fin: date | None = None) -> Organisme:
    with operation():
        organisme = Organisme(raison_sociale=nom)
        organisme.save()
        with dans(organisme):
            debut = date(2026, 1, 5)
            Habilitation(organisme=organisme, utilisateur=personne, role=role, debut=debut, fin=fin).save()
        consigner(
            auteur=Auteur("essai", "Essai", "administrateur"),
            action="creation",
            objet_type="organisme",
            objet_id=str(organisme.pk),
            objet_libelle=nom,
            apres={"raison_sociale": nom},
        )
    return organisme


def lien_recu() -> str:
    return re.search(r"https?://[^/]+(/\S+)", mail.outbox[-1].body)[1]


def test_la_page_de_connexion_est_en_francais(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert '<html lang="fr">' in page
    for mots in ("Connexion", "Courriel", "Mot de passe", "Mot de passe oublié", "Se connecter"):
        assert mots in page
    assert not re.search(r"Sign|Email|E-mail|Password|placeholder=", page)


def test_les_champs_disent_au_navigateur_ce_qu_ils_attendent(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert re.search(r'<input[^>]*name="login"[^>]*autocomplete="username"', page)
    assert re.search(r'<input[^>]*name="password"[^>]*autocomplete="current-password"', page)


def test_hors_connexion_il_n_y_a_ni_colonne_ni_inscription(client, db):
    page = client.get(reverse("account_login")).content.decode()
    assert 'class="cote"' not in page
    assert reverse("account_signup") not in page


def test_la_page_de_connexion_porte_la_politique_de_contenu(client, db):
    politique = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "default-src 'none'" in politique
    assert "unsafe" not in politique


def test_le_bon_mot_de_passe_ouvre_une_session_sans_message(client, claire):
    reponse = se_connecter(client)
    assert (reponse.status_code, reponse["Location"]) == (302, "/")
    page = client.get(reverse("compte")).content.decode()
    assert "claire@lavande.example" in page
    assert "Aucune habilitation en cours" in page
    assert 'class="messages"' not in page


def test_la_colonne_dit_ou_l_on_est_et_qui_l_on_est(client, claire):
    habiliter(claire, Role.DPO)
    se_connecter(client)
    page = client.get(reverse("compte")).content.decode()
    pied = page[page.index('class="bas"') : page.index("</nav>")]
    assert "Maison Lavande" in pied
    assert "Claire Morel, Délégué(e) à la protection des données" in pied
    assert f'<form method="post" action="{reverse("account_logout")}">' in pied
    assert "csrfmiddlewaretoken" in pied
    assert "Changer d’organisme" not in pied, "un seul organisme : rien ne dit qu’il y en a d’autres"


def test_mon_compte_montre_mes_habilitations_en_cours_et_elles_seules(client, claire):
    habiliter(claire, Role.DPO)
    habiliter(claire, Role.AUDITEUR, "Atelier Pixel", fin=date.today() + timedelta(days=1))
    habiliter(claire, Role.DIRECTION, "Ancien Client", fin=date.today() - timedelta(days=1))
    se_connecter(client)
    page = client.get(reverse("compte")).content.decode()
    assert "Maison Lavande" in page
    assert "Atelier Pixel" in page
    assert "5\N{NO-BREAK SPACE}janvier 2026" in page
    assert "Changer d’organisme" in page
    assert "Ancien Client" not in page


def test_l_adresse_se_tape_en_majuscules_ou_non(client, claire):
    donnees = {"login": "Claire@Lavande.Example", "password": MOT_DE_PASSE}
    assert client.post(reverse("account_login"), donnees).status_code == 302


def test_un_mauvais_mot_de_passe_dit_la_meme_chose_qu_un_compte_inconnu(client, claire):
    mauvais = se_connecter(client, "autre-chose-2026").content.decode()
    donnees = {"login": "inconnue@lavande.example", "password": "autre-chose-2026"}
    inconnue = client.post(reverse("account_login"), donnees).content.decode()
    for page in (mauvais, inconnue):
        assert "L’adresse ou le mot de passe n’est pas le bon." in page
    assert "autre-chose-2026" not in mauvais


def test_un_compte_ferme_n_ouvre_rien(client, claire):
    Utilisateur.objects.filter(pk=claire.pk).update(is_active=False)
    se_connecter(client)
    assert client.get(reverse("compte")).status_code == 302


def test_trop_d_essais_ferment_la_porte_un_moment(client, claire):
    for _ in range(12):
        reponse = se_connecter(client, "mauvais-mot-de-passe")
    page = reponse.content.decode()
    assert reponse.status_code == 429 or "Trop d’essais manqués" in page
    assert se_connecter(client).status_code != 302


@pytest.mark.parametrize(
    "ailleurs", ["https://mechant.example/", "//mechant.example/", "javascript:alert(1)"]
)
def test_la_connexion_ne_mene_jamais_ailleurs(client, claire, ailleurs):
    assert se_connecter(client, next=ailleurs)["Location"] == "/"


def test_la_connexion_ramene_a_la_page_demandee(client, claire):
    assert se_connecter(client, next="/registre/")["Location"] == "/registre/"


@pytest.mark.parametrize("methode", ["get", "post"])
def test_l_inscription_est_fermee(client, db, methode):
    donnees = {"email": "intrus@ailleurs.example", "password1": MOT_DE_PASSE}
    page = getattr(client, methode)(reverse("account_signup"), donnees).content.decode()
    assert "On ne s’inscrit pas à Registre" in page
    assert "<form" not in page
    assert not Utilisateur.objects.exists()


def test_nul_ne_change_l_adresse_qui_l_identifie():
    with pytest.raises(NoReverseMatch):
        reverse("account_email")
    with pytest.raises(Resolver404):
        resolve("/compte/email/")


def test_le_mot_de_passe_oublie_envoie_un_courriel_en_francais(client, claire):
    reponse = client.post(reverse("account_reset_password"), {"email": claire.courriel}, follow=True)
    assert "Consultez votre messagerie" in reponse.content.decode()
    message = mail.outbox[-1]
    assert message.to == [claire.courriel]
    assert message.subject == "Registre\N{NO-BREAK SPACE}: Choisir un nouveau mot de passe"
    assert "Si cette demande n’est pas la vôtre, ne faites rien" in message.body
    assert not re.search(r"\b(Hello|password|Thank|email)\b", message.body.replace(lien_recu(), ""))


def test_le_lien_recu_permet_de_choisir_un_mot_de_passe_une_seule_fois(client, claire):
    client.post(reverse("account_reset_password"), {"email": claire.courriel})
    lien = lien_recu()
    formulaire = client.get(lien, follow=True)
    page = formulaire.content.decode()
    assert "Choisir un mot de passe" in page
    assert 'autocomplete="new-password"' in page
    donnees = {"password1": AUTRE_MOT_DE_PASSE, "password2": AUTRE_MOT_DE_PASSE}
    fait = client.post(formulaire.redirect_chain[-1][0], donnees, follow=True).content.decode()
    assert "Mot de passe enregistré" in fait
    assert se_connecter(client, AUTRE_MOT_DE_PASSE).status_code == 302
    client.logout()
    assert "Ce lien ne vaut plus" in client.get(lien, follow=True).content.decode()


def test_un_compte_inconnu_recoit_la_meme_page_et_aucun_courriel(client, claire):
    def page(courriel):
        reponse = client.post(reverse("account_reset_password"), {"email": courriel}, follow=True)
        return reponse.redirect_chain, reponse.content

    inconnue = page("nul@ailleurs.example")
    assert mail.outbox == [], "rien ne part vers une adresse que l'administrateur n'a pas inscrite"
    assert page(claire.courriel) == inconnue
    assert len(mail.outbox) == 1


def test_changer_son_mot_de_passe_demande_l_ancien(client, claire):
    se_connecter(client)
    donnees = {"password1": AUTRE_MOT_DE_PASSE, "password2": AUTRE_MOT_DE_PASSE}
    refus = client.post(reverse("account_change_password"), {"oldpassword": "faux", **donnees})
    assert "Ce n’est pas votre mot de passe actuel." in refus.content.decode()
    fait = client.post(
        reverse("account_change_password"), {"oldpassword": MOT_DE_PASSE, **donnees}, follow=True
    )
    assert fait.redirect_chain[-1][0] == reverse("compte")
    assert "Votre mot de passe est changé." in fait.content.decode()


def test_un_mot_de_passe_trop_court_est_refuse_sous_son_champ(client, claire):
    se_connecter(client)
    donnees = {"oldpassword": MOT_DE_PASSE, "password1": "court", "password2": "court"}
    page = client.post(reverse("account_change_password"), donnees).content.decode()
    assert re.search(r'id="id_password1_error"><p class="erreur">Ce mot de passe est trop court', page)
    assert re.search(r'name="password1"[^>]*aria-describedby="[^"]*id_password1_error', page)


def test_quitter_demande_confirmation_puis_ferme_la_session(client, claire):
    se_connecter(client)
    assert "Quitter Registre" in client.get(reverse("account_logout")).content.decode()
    assert client.get(reverse("compte")).status_code == 200, "un simple lien ne déconnecte pas"
    client.post(reverse("account_logout"))
    assert client.get(reverse("compte")).status_code == 302


def test_une_page_qui_n_existe_pas_garde_le_ton_de_la_maison(client, db):
    reponse = client.get("/nulle-part/")
    assert reponse.status_code == 404
    assert "Cette page n’existe pas" in reponse.content.decode()
