"""Un réglage que l'on ne comprend pas arrête le démarrage, par son nom ; vide, il vaut son absence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from arbre import RACINE
from registre.portes.serveur import reglages as lire
from registre.portes.serveur.alertes import chiffrement, messagerie
from registre.portes.serveur.reglages import ReglageIncompris


@pytest.mark.parametrize("ecrit", ["oui", "OUI", " Vrai ", "true", "1", "on", "yes"])
def test_oui_se_dit_en_francais_et_en_anglais(ecrit, monkeypatch):
    monkeypatch.setenv("HTTPS", ecrit)
    assert lire.booleen("HTTPS", False) is True


@pytest.mark.parametrize("ecrit", ["non", "Faux", "FALSE", "0", "off", " no"])
def test_non_aussi(ecrit, monkeypatch):
    monkeypatch.setenv("HTTPS", ecrit)
    assert lire.booleen("HTTPS", True) is False


@pytest.mark.parametrize("ecrit", ["", "   "])
def test_vide_vaut_absent(ecrit, monkeypatch):
    for nom in ("HTTPS", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "EMAIL_URL", "DATABASE_URL", "ORIGINE"):
        monkeypatch.setenv(nom, ecrit)
    assert lire.booleen("HTTPS", True) is True
    assert lire.hotes("ALLOWED_HOSTS", ["localhost"]) == ["localhost"]
    assert lire.origines("CSRF_TRUSTED_ORIGINS") == []
    assert lire.messagerie("EMAIL_URL") is None
    assert lire.base("DATABASE_URL", Path("x.sqlite3"))["NAME"] == Path("x.sqlite3")
    assert lire.adresse("ORIGINE", "http://127.0.0.1:8000") == "http://127.0.0.1:8000"


REFUSES = [
    ("HTTPS", "ouais", lambda n: lire.booleen(n, False)),
    ("DEBUG", "2", lambda n: lire.booleen(n, False)),
    ("PROCESSUS", "deux", lambda n: lire.entier(n, 2, 1, 64)),
    ("PROCESSUS", "0", lambda n: lire.entier(n, 2, 1, 64)),
    ("PORT", "65536", lambda n: lire.entier(n, 8000, 1, 65535)),
    ("PORT", "²", lambda n: lire.entier(n, 8000, 1, 65535)),
    ("ALLOWED_HOSTS", "https://registre.exemple.fr", lambda n: lire.hotes(n, [])),
    ("ALLOWED_HOSTS", "registre.exemple.fr:443", lambda n: lire.hotes(n, [])),
    ("ALLOWED_HOSTS", "a.fr b.fr", lambda n: lire.hotes(n, [])),
    ("ALLOWED_HOSTS", "a.fr,", lambda n: lire.hotes(n, [])),
    ("CSRF_TRUSTED_ORIGINS", "registre.exemple.fr", lire.origines),
    ("CSRF_TRUSTED_ORIGINS", "https://registre.exemple.fr/", lire.origines),
    ("ORIGINE", "registre.exemple.fr", lambda n: lire.adresse(n, "")),
    ("ORIGINE", "ftp://registre.exemple.fr", lambda n: lire.adresse(n, "")),
    ("EMAIL_URL", "smtp.exemple.fr", lire.messagerie),
    ("EMAIL_URL", "smtp://", lire.messagerie),
    ("EMAIL_URL", "smtp://serveur:abc", lire.messagerie),
    ("EMAIL_URL", "consolemail://", lire.messagerie),
    ("COURRIEL_EXPEDITEUR", "registre", lambda n: lire.expediteur(n, "a@b")),
    ("DATABASE_URL", "mysql://h/b", lambda n: lire.base(n, Path("x"))),
    ("DATABASE_URL", "n'importe quoi", lambda n: lire.base(n, Path("x"))),
    ("DATABASE_URL", "postgres://compte:secret@h", lambda n: lire.base(n, Path("x"))),
    ("DATABASE_URL", "postgres://compte:secret@h:abc/b", lambda n: lire.base(n, Path("x"))),
    ("DATABASE_URL", "sqlite://", lambda n: lire.base(n, Path("x"))),
    ("DONNEES", "/etc/hostname", lambda n: lire.dossier(n, Path("x"))),
    ("DONNEES", "/etc/hostname/dessous", lambda n: lire.dossier(n, Path("x"))),
]


@pytest.mark.parametrize(("nom", "ecrit", "lecture"), REFUSES)
def test_ce_qui_ne_se_comprend_pas_est_refuse_par_son_nom_sans_secret(nom, ecrit, lecture, monkeypatch):
    monkeypatch.setenv(nom, ecrit)
    with pytest.raises(ReglageIncompris, match=f"^{nom} : ") as refus:
        lecture(nom)
    assert "secret" not in str(refus.value)


@pytest.mark.parametrize(
    ("nom", "ecrit", "lecture", "attendu"),
    [
        ("ALLOWED_HOSTS", "a.fr, .b.fr,[::1]", lambda n: lire.hotes(n, []), ["a.fr", ".b.fr", "[::1]"]),
        ("CSRF_TRUSTED_ORIGINS", "https://*.a.fr", lire.origines, ["https://*.a.fr"]),
        ("ORIGINE", "https://a.fr/registre/", lambda n: lire.adresse(n, ""), "https://a.fr/registre"),
        ("PROCESSUS", "64", lambda n: lire.entier(n, 2, 1, 64), 64),
    ],
)
def test_ce_qui_se_comprend_est_garde(nom, ecrit, lecture, attendu, monkeypatch):
    monkeypatch.setenv(nom, ecrit)
    assert lecture(nom) == attendu


def test_une_base_sqlite_donnee_par_adresse_a_les_memes_gardes(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/registre.db")
    base = lire.base("DATABASE_URL", Path("x"))
    assert base["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def lancer(*commande: str, **env: str) -> subprocess.CompletedProcess:
    propres = {n: v for n, v in os.environ.items() if n not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    return subprocess.run(
        [sys.executable, *commande],
        cwd=RACINE,
        env=propres | env,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "commande",
    [("manage.py", "lister_urls"), ("-m", "gunicorn", "-c", "gunicorn.conf.py", "registre.wsgi:application")],
)
@pytest.mark.parametrize(
    ("nom", "ecrit"), [("HTTPS", "peut-être"), ("SECRET_KEY", "court"), ("DATABASE_URL", "oracle://x/y")]
)
def test_le_demarrage_s_arrete_en_francais_sans_trace(commande, nom, ecrit):
    fini = lancer(*commande, **{nom: ecrit})
    assert fini.returncode == 1
    assert f"Réglage à corriger. {nom} : " in fini.stderr
    assert "Traceback" not in fini.stderr and fini.stdout == ""


@pytest.mark.parametrize(("nom", "ecrit"), [("PROCESSUS", "beaucoup"), ("PORT", "0")])
def test_gunicorn_refuse_un_nombre_qui_n_en_est_pas_un(nom, ecrit):
    fini = lancer("-m", "gunicorn", "-c", "gunicorn.conf.py", "registre.wsgi:application", **{nom: ecrit})
    assert (fini.returncode, "Traceback" in fini.stderr) == (1, False)
    assert f"{nom} : il faut un nombre" in fini.stderr


def test_l_origine_suit_le_port_que_demarrer_a_note(tmp_path):
    from demarrage.instance import noter_origine

    noter_origine(tmp_path, 8123)
    lue = "from django.conf import settings; print(settings.ORIGINE)"
    reglages = {"DJANGO_SETTINGS_MODULE": "registre.settings", "DONNEES": str(tmp_path)}
    assert lancer("-c", lue, **reglages).stdout == "http://127.0.0.1:8123\n"
    donnee = lancer("-c", lue, ORIGINE="https://registre.exemple.fr", **reglages)
    assert donnee.stdout == "https://registre.exemple.fr\n"


def test_une_instance_sans_messagerie_ou_en_clair_est_avertie(settings):
    settings.ALLOWED_HOSTS, settings.HTTPS = ["localhost"], False
    assert messagerie(None) == [] and chiffrement(None) == []
    settings.MESSAGERIE, settings.ALLOWED_HOSTS = None, ["registre.exemple.fr"]
    assert "n'envoie pas de courriel" in messagerie(None)[0].msg
    assert "sans HTTPS" in chiffrement(None)[0].msg
    settings.HTTPS = True
    assert chiffrement(None) == []
