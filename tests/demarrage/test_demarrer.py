"""Le démarrage : refus clairs, secrets, venv ; puis une installation, de rien jusqu'à la page servie."""

import ast
import importlib.metadata
import os
import re
import runpy
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from arbre import RACINE
from demarrage import RefusDeDemarrage, empreintes, environnement, instance, machine, verifications

HORS_COPIE = {"donnees", "statiques", "tests", "benchmarks", "docs", "node_modules", "__pycache__"}


def hors_copie(dossier, noms):
    """Ce qu'un dépôt fraîchement cloné n'a pas, et ce dont une installation n'a que faire."""
    if Path(dossier) == RACINE:
        return {nom for nom in noms if nom in HORS_COPIE or (nom.startswith(".") and nom != ".ci")}
    return {nom for nom in noms if nom == "__pycache__"}


def environnement_nu(**ajouts):
    """L'environnement d'un inconnu : ni les réglages de ces essais, ni la base de la passe en cours."""
    ote = verifications.PROPRE_A_L_INSTANCE | {"DJANGO_SETTINGS_MODULE", "CI"}
    return {nom: valeur for nom, valeur in os.environ.items() if nom not in ote} | ajouts


def lancer(*arguments, racine=RACINE, avant="", **env):
    """Lance demarrer.py dans un processus, après le code `avant` qui simule une autre machine."""
    script = str(racine / "demarrer.py")
    code = f"""import os, runpy, sys
{avant}
sys.argv = [{script!r}, *sys.argv[1:]]
sys.path.insert(0, {str(racine)!r})
runpy.run_path({script!r}, run_name="__main__")
"""
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environnement_nu(**env),
        capture_output=True,
        text=True,
        timeout=300,
    )


# --- La ligne de commande --------------------------------------------------------------------------
@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["autre"],
        ["demo", "--port"],
        ["demo", "--port", "zéro"],
        ["demo", "--port", "0"],
        ["serveur", "--port=65536"],
        ["serveur", "--inconnu"],
    ],
)
def test_une_mauvaise_ligne_rend_2_et_le_mode_d_emploi(arguments):
    resultat = lancer(*arguments)
    assert resultat.returncode == 2
    assert "python3 demarrer.py demo" in resultat.stderr
    assert resultat.stdout == ""


def test_la_ligne_se_lit_des_deux_facons():
    lire_options = runpy.run_path(str(RACINE / "demarrer.py"))["lire_options"]
    assert lire_options(["demo", "--port", "8123"])[:3] == ("demo", 8123, True)
    assert lire_options(["serveur", "--sans-serveur", "--port=81"])[:3] == ("serveur", 81, False)
    assert lire_options(["tests", "--port", "-k", "x"]).pytest == ("--port", "-k", "x")


def test_l_aide_rend_0():
    resultat = lancer("--help")
    assert resultat.returncode == 0
    assert "--sans-serveur" in resultat.stdout


# --- La machine ------------------------------------------------------------------------------------
def test_un_python_trop_ancien_est_refuse_en_le_nommant():
    resultat = lancer("demo", avant="sys.version_info = (3, 9, 2, 'final', 0)")
    assert resultat.returncode == 1
    assert "Python 3.11 ou plus récent" in resultat.stderr
    assert "3.9.2" in resultat.stderr


def test_un_utilisateur_ordinaire_recoit_la_ligne_apt():
    simule = """
import ctypes.util, importlib.util, shutil
ctypes.util.find_library = lambda nom: None
trouver = importlib.util.find_spec
importlib.util.find_spec = lambda nom, *a: None if nom == 'ensurepip' else trouver(nom, *a)
os.geteuid = lambda: 1000
shutil.which = lambda nom, *a, **k: '/usr/bin/' + nom
"""
    resultat = lancer("serveur", "--sans-serveur", avant=simule)
    assert resultat.returncode == 1
    assert "sudo apt-get install python3-venv libpangoft2-1.0-0 libharfbuzz-subset0\n" in resultat.stderr


def test_root_installe_ce_qui_manque_et_seulement_cela(monkeypatch):
    installes = []
    monkeypatch.setattr(machine, "peut_installer", lambda: True)
    monkeypatch.setattr(machine, "installer_paquets", installes.extend)
    besoins = [machine.Besoin("deja-la", lambda: True), machine.Besoin("absent", lambda: bool(installes))]
    machine.exiger(besoins)
    assert installes == ["absent"]


def test_la_liste_des_paquets_n_est_rafraichie_que_si_l_installation_echoue(monkeypatch):
    appels, codes = [], iter([100, 0, 0])

    def apt(*arguments):
        appels.append(arguments[0])
        return subprocess.CompletedProcess(arguments, next(codes), "")

    monkeypatch.setattr(machine, "apt", apt)
    machine.installer_paquets(["chromium"])
    assert appels == ["install", "update", "install"]


def test_un_paquet_introuvable_est_un_refus_qui_cite_apt(monkeypatch):
    reponse = subprocess.CompletedProcess([], 100, "E: Impossible de trouver le paquet")
    monkeypatch.setattr(machine, "apt", lambda *arguments: reponse)
    with pytest.raises(RefusDeDemarrage, match="Impossible de trouver le paquet"):
        machine.installer_paquets(["chromium"])


def test_en_integration_continue_un_outil_absent_est_une_erreur(monkeypatch, capsys):
    monkeypatch.setattr(verifications, "peut_installer", lambda: False)
    monkeypatch.setattr(machine, "peut_installer", lambda: False)
    monkeypatch.setattr(verifications, "BESOINS_TESTS", [machine.Besoin("chromium", lambda: False)])
    monkeypatch.delenv("CI", raising=False)
    verifications.outils_des_tests()
    assert "chromium" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    with pytest.raises(RefusDeDemarrage, match="chromium"):
        verifications.outils_des_tests()


def test_une_passe_qui_echoue_n_arrete_pas_les_suivantes_mais_fait_echouer(monkeypatch, tmp_path):
    temoin = tmp_path / "temoin"
    suite = [
        verifications.Passe("mauvaise", (sys.executable, "-c", "raise SystemExit(1)")),
        verifications.Passe("bonne", (sys.executable, "-c", f"open({str(temoin)!r}, 'w')")),
    ]
    monkeypatch.setattr(verifications, "exiger", lambda besoins: None)
    monkeypatch.setattr(verifications, "outils_des_tests", lambda: None)
    monkeypatch.setattr(verifications, "preparer_venv", lambda dossier, verrou: Path(sys.executable))
    monkeypatch.setattr(verifications, "passes", lambda python, arguments: suite)
    with pytest.raises(RefusDeDemarrage, match=r"^Échec : mauvaise\.$"):
        verifications.tester([])
    assert temoin.exists()


def test_les_deux_bases_recoivent_les_memes_arguments(monkeypatch):
    monkeypatch.setattr(verifications, "absents", lambda besoins: [])
    *_, sqlite, postgresql = verifications.passes(Path("python"), ["-k", "journal"])
    assert sqlite.commande[-2:] == ("-k", "journal")
    assert postgresql.commande[-3:] == ("-k", "journal", "--base-seule")
    assert "DATABASE_URL" not in sqlite.env and postgresql.env["DATABASE_URL"].startswith("postgres:")


def test_vite_ne_garde_que_sqlite_sans_navigateur_ni_essais_lents(monkeypatch):
    monkeypatch.setattr(verifications, "absents", lambda besoins: [])
    entiere = verifications.passes(Path("python"), [])
    rapide = verifications.passes(Path("python"), ["--vite", "-k", "journal"])
    assert [p.nom for p in rapide] == [p.nom for p in entiere[:-1]]
    assert rapide[-1].commande[-4:] == ("-m", "not lent and not navigateur", "-k", "journal")
    assert "not lent and not navigateur" not in entiere[-2].commande and "DATABASE_URL" not in rapide[-1].env


def test_vite_ne_reclame_pas_les_outils_qu_il_n_emploie_pas(monkeypatch):
    monkeypatch.setattr(verifications, "exiger", lambda besoins: None)
    monkeypatch.setattr(
        verifications, "outils_des_tests", lambda: pytest.fail("Chromium n'a pas à être exigé.")
    )
    monkeypatch.setattr(verifications, "preparer_venv", lambda dossier, verrou: Path(sys.executable))
    monkeypatch.setattr(verifications, "passes", lambda python, arguments: [])
    assert verifications.tester(["--vite"]) == 0


# --- Les secrets -----------------------------------------------------------------------------------
@pytest.fixture
def sans_secrets(monkeypatch):
    for nom in ("SECRET_KEY", "CLE_JOURNAL", "DATABASE_URL"):
        monkeypatch.delenv(nom, raising=False)


def test_les_secrets_sont_tires_une_fois_et_fermes_aux_autres(tmp_path, sans_secrets):
    donnees = tmp_path / "donnees"
    instance.creer_secrets(donnees)
    fichiers = [donnees / "secrets" / nom for nom in instance.SECRETS]
    premiers = [fichier.read_text().strip() for fichier in fichiers]
    assert all(len(valeur) >= 50 for valeur in premiers) and len(set(premiers)) == 2
    assert [stat.S_IMODE(fichier.stat().st_mode) for fichier in fichiers] == [0o600, 0o600]
    assert [stat.S_IMODE(d.stat().st_mode) for d in (donnees, donnees / "secrets")] == [0o700, 0o700]
    instance.creer_secrets(donnees)
    assert [fichier.read_text().strip() for fichier in fichiers] == premiers


def test_un_secret_de_l_environnement_n_est_pas_double(tmp_path, sans_secrets, monkeypatch):
    monkeypatch.setenv("CLE_JOURNAL", "donnee-par-l-environnement-0123456789")
    instance.creer_secrets(tmp_path)
    assert [f.name for f in (tmp_path / "secrets").iterdir()] == ["SECRET_KEY"]


def test_une_cle_perdue_n_est_jamais_remplacee(tmp_path, sans_secrets):
    (tmp_path / "registre.sqlite3").write_text("une base")
    with pytest.raises(RefusDeDemarrage, match="clé de son journal a disparu"):
        instance.creer_secrets(tmp_path)
    assert not (tmp_path / "secrets" / "CLE_JOURNAL").exists()


def test_deux_creations_simultanees_ne_s_ecrasent_pas(tmp_path):
    instance.ecrire_secret(tmp_path / "SECRET_KEY")
    with pytest.raises(FileExistsError):
        instance.ecrire_secret(tmp_path / "SECRET_KEY")


# --- Le venv ---------------------------------------------------------------------------------------
@pytest.fixture
def verrou(tmp_path):
    verrou = tmp_path / "essai.lock"
    verrou.write_text("# rien à installer\n")
    return verrou


@pytest.fixture
def etapes(monkeypatch):
    """Note les étapes coûteuses sans les lancer : le venv créé n'est qu'un lien vers ce Python-ci."""
    notees = []

    def creer(dossier):
        notees.append("venv")
        (dossier / "bin").mkdir(parents=True, exist_ok=True)
        (dossier / "bin" / "python").unlink(missing_ok=True)
        (dossier / "bin" / "python").symlink_to(sys.executable)

    monkeypatch.setattr(environnement, "creer_venv", creer)
    monkeypatch.setattr(environnement, "installer_verrou", lambda python, verrou: notees.append("pip"))
    monkeypatch.setattr(environnement, "venv_sain", lambda python: os.access(python, os.X_OK))
    return notees


def test_le_second_passage_saute_pip(tmp_path, verrou, etapes):
    environnement.preparer_venv(tmp_path / "v", verrou)
    environnement.preparer_venv(tmp_path / "v", verrou)
    assert etapes == ["venv", "pip"]


def test_un_verrou_change_est_reinstalle_sans_refaire_le_venv(tmp_path, verrou, etapes):
    environnement.preparer_venv(tmp_path / "v", verrou)
    verrou.write_text("# une version de plus\n")
    environnement.preparer_venv(tmp_path / "v", verrou)
    assert etapes == ["venv", "pip", "pip"]


def test_une_installation_interrompue_est_reprise(tmp_path, verrou, etapes, monkeypatch):
    def coupure(python, verrou):
        raise RefusDeDemarrage("pip n'a pas pu installer les bibliothèques")

    with monkeypatch.context() as panne:
        panne.setattr(environnement, "installer_verrou", coupure)
        with pytest.raises(RefusDeDemarrage):
            environnement.preparer_venv(tmp_path / "v", verrou)
    environnement.preparer_venv(tmp_path / "v", verrou)
    assert etapes == ["venv", "pip"]


@pytest.mark.lent
def test_un_venv_casse_est_refait_pour_de_vrai(tmp_path, verrou):
    dossier = tmp_path / "v"
    python = environnement.preparer_venv(dossier, verrou)
    assert environnement.venv_sain(python)
    python.unlink()
    python.symlink_to("/nulle/part/python3")
    assert not environnement.venv_sain(python)
    assert environnement.venv_sain(environnement.preparer_venv(dossier, verrou))


def test_le_venv_d_un_autre_python_n_est_pas_sain(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 3 9 True\n")
    python.chmod(0o755)
    assert not environnement.venv_sain(python)


# --- Les verrous -----------------------------------------------------------------------------------
def versions(nom):
    lignes = (RACINE / nom).read_text().splitlines()
    return {ligne.split(" ")[0] for ligne in lignes if "==" in ligne}


def test_les_verrous_sont_a_empreintes_et_ne_nomment_aucun_serveur():
    for nom in ("requirements.lock", "requirements-tests.lock"):
        texte = (RACINE / nom).read_text()
        assert "://" not in texte and "index" not in texte
        blocs = re.findall(r"^\S+==.*(?:\n +.*)*", texte, re.MULTILINE)
        assert len(blocs) == texte.count("==") - texte.count(" == '") > 30
        assert all("--hash=sha256:" in bloc for bloc in blocs)


def test_les_tests_eprouvent_les_versions_livrees():
    assert versions("requirements.lock") < versions("requirements-tests.lock")


def test_chaque_dependance_declaree_est_verrouillee():
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text())

    def noms(exigences):
        return {"".join(c for c in e.split("[")[0] if c not in "~><=!.0123456789") for e in exigences}

    def verrouilles(nom):
        return {version.split("==")[0] for version in versions(nom)}

    produit = noms(projet["project"]["dependencies"])
    assert produit <= verrouilles("requirements.lock")
    assert produit | noms(projet["dependency-groups"]["dev"]) <= verrouilles("requirements-tests.lock")


def importations(fichier):
    """Les noms de premier niveau qu'un module importe, où que ce soit dans son texte."""
    for noeud in ast.walk(ast.parse(fichier.read_text())):
        if isinstance(noeud, ast.Import):
            yield from (alias.name.split(".")[0] for alias in noeud.names)
        elif isinstance(noeud, ast.ImportFrom) and not noeud.level:
            yield noeud.module.split(".")[0]


@pytest.mark.parametrize(
    ("dossiers", "verrou"),
    [
        (empreintes.PIECES, "requirements.lock"),
        (("tests", "benchmarks"), "requirements-tests.lock"),
    ],
)
def test_chaque_bibliotheque_importee_est_verrouillee(dossiers, verrou):
    maison = {chemin.stem for dossier in (RACINE, RACINE / "tests") for chemin in dossier.iterdir()}
    fichiers = [f for dossier in dossiers for f in (RACINE / dossier).rglob("*.py")]
    # Un module peut aussi nommer son voisin de dossier : un lecteur isolé, les aides d'un dossier d'essais.
    importes = {
        nom
        for fichier in fichiers
        for nom in importations(fichier)
        if not fichier.with_name(f"{nom}.py").exists()
    }
    tiers = importes - maison - sys.stdlib_module_names
    paquets = importlib.metadata.packages_distributions()
    verrouilles = {version.split("==")[0] for version in versions(verrou)}
    oublies = {
        nom
        for nom in tiers
        if not {paquet.lower().replace("_", "-") for paquet in paquets.get(nom, [])} & verrouilles
    }
    assert not oublies, f"à déclarer dans pyproject.toml : {sorted(oublies)}"


# --- La marque de la base --------------------------------------------------------------------------
def test_la_marque_vit_dans_la_base_et_suit_le_code(tmp_path):
    import sqlite3

    base, empreinte = tmp_path / "registre.sqlite3", empreintes.empreinte_base("serveur")
    assert not instance.base_prete(base, empreinte)
    connexion = sqlite3.connect(base)
    connexion.execute("CREATE TABLE organismes_utilisateur (id)")
    connexion.commit()
    instance.marquer_base(base, empreinte)
    assert not instance.base_prete(base, empreinte), "sans utilisateur, la marche à suivre est redite"
    connexion.execute("INSERT INTO organismes_utilisateur VALUES (1)")
    connexion.commit()
    connexion.execute("VACUUM INTO ?", [str(tmp_path / "copie.sqlite3")])
    connexion.close()
    assert instance.base_prete(base, empreinte)
    assert instance.base_prete(tmp_path / "copie.sqlite3", empreinte)
    assert not instance.base_prete(base, empreintes.empreinte_base("demo"))


# --- De rien jusqu'à la page -----------------------------------------------------------------------
@pytest.fixture(scope="module")
def machine_neuve(tmp_path_factory):
    """Une copie du projet sur une machine sans venv, et la première ligne que tape un inconnu."""
    racine = tmp_path_factory.mktemp("machine") / "registre"
    shutil.copytree(RACINE, racine, ignore=hors_copie)
    return racine, lancer("demo", "--sans-serveur", racine=racine, DONNEES="")


def port_libre():
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def attendre(url, processus, delai=30):
    limite = time.monotonic() + delai
    while time.monotonic() < limite and processus.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as reponse:
                return reponse.status
        except urllib.error.HTTPError as erreur:
            return erreur.code
        except OSError:
            time.sleep(0.05)
    return None


@pytest.mark.lent
def test_une_machine_sans_venv_recoit_la_demonstration(machine_neuve):
    racine, premier = machine_neuve
    assert premier.returncode == 0, premier.stdout + premier.stderr
    assert (racine / ".venv" / "bin" / "python").exists()
    assert (racine / "donnees" / "registre.sqlite3").exists()
    assert "@" in premier.stdout, "les utilisateurs de démonstration sont montrés"


@pytest.mark.lent
def test_le_second_demarrage_ne_refait_rien_et_tient_en_trois_secondes(machine_neuve):
    racine, _ = machine_neuve
    debut = time.monotonic()
    second = lancer("demo", "--sans-serveur", racine=racine, DONNEES="")
    duree = time.monotonic() - debut
    assert second.returncode == 0, second.stdout + second.stderr
    assert "à jour" in second.stdout and "installation" not in second.stdout
    assert duree < 3


@pytest.mark.lent
def test_le_serveur_repond_annonce_son_adresse_et_s_arrete_proprement(machine_neuve):
    racine, _ = machine_neuve
    port = port_libre()
    processus = subprocess.Popen(
        [sys.executable, "demarrer.py", "demo", "--port", str(port)],
        cwd=racine,
        env=environnement_nu(DONNEES=""),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert attendre(f"http://127.0.0.1:{port}/sante/", processus) == 200
        occupe = lancer("demo", "--port", str(port), racine=racine, DONNEES="")
        assert occupe.returncode == 1
        assert f"Le port {port} est déjà pris" in occupe.stderr
    finally:
        processus.send_signal(signal.SIGINT)
        sortie, _ = processus.communicate(timeout=30)
    assert processus.returncode == 0, sortie
    assert f"http://127.0.0.1:{port}/" in sortie


@pytest.mark.lent
def test_serveur_sur_une_base_vide_dit_comment_commencer(machine_neuve, tmp_path):
    racine, _ = machine_neuve
    resultat = lancer("serveur", "--sans-serveur", racine=racine, DONNEES=str(tmp_path / "vide"))
    assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert ".venv/bin/python manage.py creer_organisme --nom" in resultat.stdout
    assert "creer_utilisateur" in resultat.stdout and "--administrateur" in resultat.stdout


@pytest.mark.lent
@pytest.mark.skipif("PGHOST" not in os.environ, reason="il faut une grappe PostgreSQL (pg_virtualenv)")
def test_serveur_prepare_une_base_postgresql(machine_neuve, tmp_path):
    import psycopg

    racine, _ = machine_neuve
    base = f"demarrage_{os.getpid()}"
    with psycopg.connect(dbname="postgres", autocommit=True) as connexion:
        connexion.execute(f"CREATE DATABASE {base}")
    for _ in range(2):  # la seconde fois, tout est déjà là
        resultat = lancer(
            *("serveur", "--sans-serveur"),
            racine=racine,
            DONNEES=str(tmp_path / "pg"),
            DATABASE_URL=f"postgres:///{base}",
        )
        assert resultat.returncode == 0, resultat.stdout + resultat.stderr
    assert not (tmp_path / "pg" / "registre.sqlite3").exists()
    with psycopg.connect(dbname=base) as connexion:
        assert connexion.execute("SELECT count(*) FROM django_migrations").fetchone()[0] > 10
