"""Sans messagerie, rien n'est prétendu ; en panne, rien n'est perdu ; jamais un lien dans un journal."""

import logging
from smtplib import SMTPAuthenticationError, SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from boutique import habiliter
from organismes.choix import Role
from pages import en_lettres
from registre.portes.serveur.discretion import Discret

pytestmark = pytest.mark.django_db
OUBLIE, FAIT = "/compte/password/reset/", "/compte/password/reset/done/"
ADRESSES = ("claire@lavande.example", "inconnue@lavande.example")


@pytest.fixture(autouse=True)
def cache_local(settings):
    from django.core.cache import cache

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture(autouse=True)
def claire(maison_lavande):
    return habiliter(maison_lavande, Role.DPO, "claire@lavande.example", "Claire Morel")


def demander(client, courriel: str) -> str:
    return en_lettres(client.post(OUBLIE, {"email": courriel}, follow=True).content.decode())


def sans_adresse(page: str) -> str:
    for adresse in ADRESSES:
        page = page.replace(adresse, "")
    return page


def test_sans_messagerie_la_page_le_dit_et_a_qui_s_adresser(client, settings):
    settings.MESSAGERIE = None
    for adresse in (OUBLIE, FAIT):
        page = en_lettres(client.get(adresse).content.decode())
        assert "Cette instance n’envoie pas de courriel" in page
        assert "Gestion\N{NO-BREAK SPACE}› Comptes" in page and "nouveau_mot_de_passe" in page
        assert "vient d’y partir" not in page and 'name="email"' not in page
    pages = {sans_adresse(demander(client, courriel)) for courriel in ADRESSES}
    assert len(pages) == 1, "connue ou non, la même page"
    assert mail.outbox == []


def test_sans_messagerie_les_rappels_refusent(settings):
    settings.MESSAGERIE = None
    with pytest.raises(CommandError, match="n'envoie pas de courriel : aucun rappel n'est parti"):
        call_command("rappels")


@pytest.mark.parametrize(
    ("panne", "phrase"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "ne répond pas"),
        (TimeoutError("timed out"), "ne répond pas"),
        (SMTPAuthenticationError(535, b"bad"), "refuse le compte ou le mot de passe"),
    ],
)
def test_un_serveur_de_courriel_en_panne_se_dit_de_meme_pour_toute_adresse(
    client, panne, phrase, monkeypatch
):
    def ouvrir(self):
        raise panne

    monkeypatch.setattr(EmailBackend, "open", ouvrir)
    pages = [demander(client, courriel) for courriel in ADRESSES]
    assert all("Le courriel n’a pas pu partir" in page and phrase in page for page in pages)
    assert all(f'value="{courriel}"' in page for courriel, page in zip(ADRESSES, pages, strict=True))


def test_un_refus_a_l_envoi_ne_dit_pas_que_le_compte_existe_et_ne_perd_pas_le_lien_dans_le_journal(
    client, monkeypatch, caplog
):
    def refuser(self, messages):
        raise SMTPRecipientsRefused({"claire@lavande.example": (550, b"no")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuser)
    with caplog.at_level(logging.INFO):
        pages = {demander(client, courriel) for courriel in ADRESSES}
    assert len(pages) == 1 and "Consultez votre messagerie" in pages.pop()
    assert "refuse cette adresse" in caplog.text
    assert "/reset/key/" not in caplog.text


def test_le_journal_du_serveur_masque_les_liens_et_dit_un_refus_en_une_ligne():
    requete = RequestFactory().get("/compte/password/reset/key/abc-def123/")
    entree = logging.LogRecord("django.request", logging.WARNING, "x", 1, "Forbidden: %s", ("x",), None)
    entree.status_code, entree.request = 403, requete
    entree.exc_info = (PermissionError, PermissionError("non"), None)
    assert Discret().format(entree) == "403 GET /compte/password/reset/key/[masqué]/"
    entree.status_code = 500
    entree.msg, entree.args = "Internal Server Error: %s", (requete.path,)
    ecrit = Discret().format(entree)
    assert "def123" not in ecrit and "PermissionError" in ecrit
