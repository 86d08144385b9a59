"""Les commandes parlent français jusqu'au dernier mot : aide, mauvais usage, panne ; jamais de trace."""

import os
import re
import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, ProgrammingError

from arbre import RACINE
from boutique import habiliter
from journal.models import Entree
from organismes.choix import Role
from organismes.models import Utilisateur
from registre.portes.management.commande import Commande
from registre.portes.management.gestion import APPLICATION, Gestion
from registre.portes.serveur.pannes import panne

# Les fichiers eux-mêmes : une commande neuve ne peut pas y échapper.
NOTRES = sorted(
    m.stem for m in RACINE.glob("registre/portes/management/commands/*.py") if not m.stem.startswith("_")
)
ANGLAIS = re.compile(
    r"\b(usage:|error|options:|arguments:|show|help message|exit|required|invalid|choose|following|unrecognized|expected|"
    r"default|Raise|Verbosity|settings module|traceback|Unknown|command|CommandError)\b"
)


def sortie(capsys, argv: list[str]) -> tuple[int, str, str]:
    """Ce que rend et dit `manage.py argv`."""
    with pytest.raises(SystemExit) as fin:
        Gestion(["manage.py", *argv]).execute()
    lue = capsys.readouterr()
    return fin.value.code or 0, lue.out, lue.err


def test_toute_commande_du_produit_est_parcourue_par_ces_essais():
    assert "purger_brouillons" in NOTRES
    assert set(NOTRES) == {nom for nom, paquet in get_commands().items() if paquet == APPLICATION}


@pytest.mark.parametrize("nom", NOTRES)
def test_l_aide_de_chaque_commande_est_en_francais(nom, capsys):
    commande = load_command_class(APPLICATION, nom)
    assert isinstance(commande, Commande)
    code, dite, _ = sortie(capsys, [nom, "--help"])
    assert code == 0
    assert "usage : manage.py" in dite and "affiche ce message d'aide" in dite
    assert not ANGLAIS.search(dite.replace("--traceback", "")), ANGLAIS.search(dite)
    for action in commande.create_parser("manage.py", nom)._actions:
        assert action.help, f"{action.dest} n'a pas d'aide"


@pytest.mark.parametrize("nom", NOTRES)
def test_une_option_inconnue_rend_2_en_francais(nom, capsys):
    code, _, dite = sortie(capsys, [nom, "--inventee"])
    assert code == 2
    assert "non reconnu : --inventee" in dite or "il manque" in dite or "il faut l'un" in dite
    assert not ANGLAIS.search(dite), ANGLAIS.search(dite)


@pytest.mark.parametrize(
    ("ligne", "phrase"),
    [
        ("exporter --organisme x", "il manque --format, -o/--sortie"),
        ("exporter --organisme x --format doc -o y", "--format : « doc » n'est pas l'un de"),
        ("exporter --organisme", "il faut une valeur"),
        ("controler --organisme x --au hier", "« hier » : "),
        ("controler --organisme x --au 2026-02-30", "« 2026-02-30 » : "),
        ("eprouver f --organisme x --duree y --k trois", "« trois » ne se comprend pas"),
        ("eprouver f --organisme x --duree y --colonne ville", "« ville » : écrivez « colonne=rôle »"),
        ("relever --source f --au 2026-02-30", "« 2026-02-30 » : "),
        ("controler --organisme x --json=oui", "cette option ne prend pas de valeur"),
        ("nouveau_mot_de_passe --demo --courriel x", "ne va pas avec --demo"),
        ("rappel", "« rappel » n'est pas une commande. Vouliez-vous dire rappels"),
        ("zzz", "« zzz » n'est pas une commande. « manage.py help » les nomme toutes"),
    ],
)
def test_un_mauvais_usage_rend_2_et_dit_quoi(ligne, phrase, capsys):
    code, _, dite = sortie(capsys, ligne.split())
    assert (code, phrase in dite, ANGLAIS.search(dite), ".." in dite.replace("...", "")) == (
        2,
        True,
        None,
        False,
    ), dite


def test_manage_seul_nomme_nos_commandes_en_francais(capsys):
    Gestion(["manage.py"]).execute()
    dite = capsys.readouterr().out
    assert all(f"  {nom} " in dite for nom in NOTRES)
    assert not ANGLAIS.search(dite)


@pytest.mark.django_db
def test_un_refus_rend_1_et_ne_dit_que_sa_raison(capsys):
    code, _, dite = sortie(capsys, ["controler", "--organisme", "Nulle part"])
    assert (code, dite) == (1, "Aucun organisme ne répond à « Nulle part ».\n")


@pytest.mark.parametrize(
    ("erreur", "phrase"),
    [
        (OperationalError("no such table: journal_tete"), "lancez « python manage.py preparer »"),
        (OperationalError("database is locked"), "occupée par un autre programme"),
        (OperationalError("attempt to write a readonly database"), "lecture seule"),
        (OperationalError("unable to open database file"), "ne s'ouvre pas"),
        (OperationalError("connection refused"), "ne répond pas"),
        (PermissionError(13, "Permission denied", "/srv/x"), "/srv/x : vous n'en avez pas le droit"),
        (KeyError("imprévu"), "Une erreur imprévue"),
    ],
)
def test_une_panne_se_dit_sans_trace(erreur, phrase, capsys, monkeypatch):
    def en_panne(*arguments):
        raise erreur

    monkeypatch.setattr("registre.portes.management.commands.controler.trouver_organisme", en_panne)
    code, _, dite = sortie(capsys, ["controler", "--organisme", "x"])
    assert (code, phrase in dite, "Traceback" in dite) == (1, True, False), dite


def test_une_faute_du_programme_n_est_pas_prise_pour_une_panne():
    assert panne(ProgrammingError("syntax error at or near")) == ""
    assert panne(ValueError("x")) == ""


def test_une_base_absente_ou_sans_droit_se_dit_sans_trace(tmp_path):
    """Dans un vrai processus : dossier vide, donc ni base ni table."""
    env = {n: v for n, v in os.environ.items() if n not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    fini = subprocess.run(
        [sys.executable, "manage.py", "controler", "--organisme", "x"],
        cwd=RACINE,
        env=env | {"DONNEES": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert fini.returncode == 1
    assert "lancez « python manage.py preparer »" in fini.stderr and "Traceback" not in fini.stderr


# --- Mots de passe perdus ---------------------------------------------------------------------------------------------
def dire(*arguments, **options) -> str:
    recue = StringIO()
    call_command(*arguments, stdout=recue, **options)
    return recue.getvalue()


@pytest.mark.django_db
def test_un_lien_neuf_s_imprime_ouvre_le_compte_et_se_journalise(maison_lavande, client, settings):
    settings.ORIGINE = "http://127.0.0.1:8123"
    claire = habiliter(maison_lavande, Role.DPO, "claire@lavande.example", "Claire Morel")
    dit = dire("nouveau_mot_de_passe", courriel="Claire@Lavande.example")
    lien = re.search(r"http://127\.0\.0\.1:8123(/\S+)", dit)[1]
    assert "Choisir un mot de passe" in client.get(lien, follow=True).content.decode()
    entree = Entree.objects.get(action="lien")
    assert (entree.objet_id, lien in str(entree.changements)) == (str(claire.pk), False)


@pytest.mark.django_db
def test_un_compte_inconnu_ou_ferme_n_a_pas_de_lien(maison_lavande):
    claire = habiliter(maison_lavande, Role.DPO, "claire@lavande.example", "Claire Morel")
    Utilisateur.objects.filter(pk=claire.pk).update(is_active=False)
    for courriel, raison in (("nul@x.example", "Aucun compte"), (claire.courriel, "est fermé")):
        with pytest.raises(CommandError, match=raison):
            dire("nouveau_mot_de_passe", courriel=courriel)
    assert not Entree.objects.filter(action="lien").exists()


@pytest.mark.django_db
def test_la_demonstration_redonne_des_mots_de_passe_qui_ouvrent(client):
    with pytest.raises(CommandError, match="ne porte pas les comptes de la démonstration"):
        dire("nouveau_mot_de_passe", demo=True)
    Utilisateur.objects.create_user(
        "alix.perrin@instance.example", "Alix Perrin", "oublié", administrateur=True
    )
    mot = re.search(r"alix\.perrin@instance\.example +(\S+)", dire("nouveau_mot_de_passe", demo=True))[1]
    donnees = {"login": "alix.perrin@instance.example", "password": mot}
    assert client.post("/compte/login/", donnees)["Location"] == "/"
