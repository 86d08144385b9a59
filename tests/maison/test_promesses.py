"""Les trois promesses : un champ, une règle, un export coûtent ce qui est dit, et pas un fichier de plus.

Éprouvées sur une copie du dépôt que l'on modifie vraiment, dans un autre processus.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from arbre import RACINE
from demarrage.empreintes import PIECES
from droit.regles import REGLES

pytestmark = pytest.mark.lent

COPIES = (*PIECES, "templates", "static")
SECRETS = {
    "SECRET_KEY": "promesses-0123456789-abcdefghijklmnopqrstuvwxyz-ABCD",
    "CLE_JOURNAL": "promesses-0123456789-abcdefghijklmnop",
}
NAISSANCE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("charger_referentiels", verbosity=0)
"""
PREAMBULE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
import sys; sys.path.insert(0, {tests!r})
from boutique import creer_organisme, creer_fiche, habiliter, connecte
from django.urls import reverse
organisme = creer_organisme("Maison Lavande")
claire = connecte(habiliter(organisme, "dpo", "claire@lavande.example", "Claire Morel"))
"""


@pytest.fixture(scope="module")
def base_neuve(tmp_path_factory) -> Path:
    """Les données d'une instance du dépôt tel qu'il est : chaque promesse part de la même."""
    donnees = tmp_path_factory.mktemp("promesses")
    lancer(RACINE, "-c", NAISSANCE, donnees=donnees)
    return donnees


@pytest.fixture
def copie(tmp_path, base_neuve) -> Path:
    for piece in COPIES:
        shutil.copytree(RACINE / piece, tmp_path / piece, ignore=shutil.ignore_patterns("__pycache__"))
    for fichier in ("manage.py", "pyproject.toml"):
        shutil.copy(RACINE / fichier, tmp_path)
    shutil.copytree(base_neuve, tmp_path / "donnees")
    return tmp_path


def lancer(copie: Path, *commande: str, donnees: Path | None = None) -> str:
    environnement = {c: v for c, v in os.environ.items() if c not in {"DATABASE_URL", "PYTHONPATH"}}
    environnement |= SECRETS | {
        "DONNEES": str(donnees or copie / "donnees"),
        "DJANGO_SETTINGS_MODULE": "reglages_tests",
        "PYTHONPATH": f"{copie}{os.pathsep}{RACINE / 'tests'}",
    }
    fait = subprocess.run(
        [sys.executable, *commande], cwd=copie, env=environnement, capture_output=True, text=True, check=False
    )
    assert fait.returncode == 0, fait.stdout + fait.stderr
    return fait.stdout


def eprouver(copie: Path, script: str) -> None:
    lancer(copie, "-c", PREAMBULE.format(tests=str(RACINE / "tests")) + script)


def inserer(fichier: Path, avant: str, ligne: str) -> None:
    """Insère une seule ligne devant un repère qui ne s'y trouve qu'une fois."""
    texte = fichier.read_text(encoding="utf-8")
    assert texte.count(avant) == 1
    fichier.write_text(texte.replace(avant, ligne + avant), encoding="utf-8")


CHAMP = """
fiche = creer_fiche(organisme, couleur="vert sauge")
corps = lambda nom, *args: claire.get(reverse(nom, args=args)).content.decode("utf-8", "ignore")
assert "Couleur du dossier" in corps("admin:traitements_traitement_change", fiche.pk)
assert "vert sauge" in corps("fiche", fiche.pk)
assert '"couleur": "vert sauge"' in corps("registre_json")
assert "<mark>vert</mark>" in claire.get(reverse("registre"), {"q": "vert sauge"}).content.decode()
detail = reverse("api:fiches-detail", args=[fiche.pk])
assert claire.get(detail).json()["couleur"] == "vert sauge"
claire.patch(detail, {"couleur": "bleu"}, content_type="application/json", HTTP_IF_MATCH='"1"')
assert "Couleur du dossier" in corps("historique", fiche.pk) and "vert sauge" in corps("historique", fiche.pk)
from io import BytesIO
from pypdf import PdfReader
pdf = PdfReader(BytesIO(claire.get(reverse("fiche_pdf", args=[fiche.pk])).content))
assert "bleu" in " ".join(page.extract_text() for page in pdf.pages)
assert "couleur" in claire.get(reverse("api:schema")).json()["components"]["schemas"]["Fiche"]["properties"]
"""


def test_un_champ_est_un_modele_une_migration_et_une_ligne(copie):
    """Il se saisit, se lit, se cherche, s'imprime, s'exporte, passe par l'API et s'historise."""
    inserer(
        copie / "traitements/models.py",
        "    modele = ligne(",
        '    couleur = ligne("couleur du dossier", "Pour l\'essai.", 40)\n',
    )
    inserer(copie / "registre/fiche/rubriques.py", '    champs("referentiel",', '    champs("couleur") +\n')
    migrer(copie, "traitements")
    eprouver(copie, CHAMP)


def migrer(copie: Path, *applications: str) -> None:
    """Écrit les migrations ; les contrôles de la maison les prennent telles que Django les écrit."""
    lancer(copie, "manage.py", "makemigrations", *applications, "-v0")
    for application in applications:
        lancer(copie, "-m", "ruff", "check", "--no-cache", f"{application}/migrations")
        lancer(copie, "-m", "ruff", "format", "--no-cache", "--check", application)


AUTRES = """
creer_fiche(organisme, teinte="V", pastel=True, destinataires=[{"type": "INTERNE", "nom": "Ventes", "lieu": "quai nord"}])
corps = lambda nom, *args: claire.get(reverse(nom, args=args)).content.decode()
cherche = lambda mots: claire.get(reverse("registre"), {"q": mots}).content.decode()
assert "<mark>prairie</mark>" in cherche("prairie") and "<mark>quai</mark>" in cherche("quai nord")
fiche = claire.get("/api/v1/fiches/").json()["results"][0]["id"]
assert "Ton pastel" in corps("fiche", fiche) and "quai nord" in corps("fiche", fiche)
assert "TR-001" not in cherche("pastel")  # une réponse à trois valeurs se lit, ne se cherche pas
creer_organisme("Savonnerie du Port", devise="Propre et net")
maison = creer_organisme("Comptoir", devise="Propre et net")
assert "Propre et net" in connecte(habiliter(maison, "dpo", "paul@port.example", "Paul Vidal")).get("/organisme/").content.decode()
"""


def test_un_champ_a_choix_a_trois_valeurs_d_une_liste_ou_de_l_organisme_ne_coute_pas_davantage(copie):
    inserer(
        copie / "traitements/models.py",
        "    modele = ligne(",
        '    teinte = models.CharField("teinte", max_length=1, choices=[("V", "vert prairie")], blank=True)\n'
        '    pastel = oui_non("ton pastel")\n',
    )
    inserer(
        copie / "registre/fiche/rubriques.py",
        '    champs("referentiel",',
        '    champs("teinte", "pastel") +\n',
    )
    inserer(
        copie / "traitements/models_flux.py",
        '    nom = ligne(\n        "service ou catégorie"',
        '    lieu = ligne("lieu", "", 40)\n',
    )
    inserer(copie / "registre/fiche/listes.py", '"nom", "tiers", "pays"', '"lieu", ')
    inserer(copie / "organismes/models.py", "    site = ", '    devise = ligne("devise", "", 40)\n')
    inserer(copie / "registre/fiche/rubriques_organisme.py", '"doctrine_profilage"', '"devise", ')
    migrer(copie, "organismes", "traitements")
    eprouver(copie, AUTRES)


REGLE = """

@conseil("CODE", "CNIL, page de l'essai", P, "service non nommé")
def service_nomme(faits: Faits, le: date) -> Trouves:
    \"\"\"Une fiche qui ne dit pas quel service la met en œuvre.\"\"\"
    if faits.fiche.get("service") == "":
        yield "service", "Nommez le service chargé de la mise en œuvre."
"""
THEME = (
    """\"\"\"Un thème de plus.\"\"\"

from datetime import date

from droit.regles.regle import P, Trouves, conseil, theme
from droit.faits import Faits

theme("ESS", "Organisation interne")
"""
    + REGLE
)
ESSAI = """
from exemples_faits import faits, ou_parle


def test_une_fiche_sans_service_le_dit():
    assert ou_parle("CODE", faits(service="")) == ["service"]


def test_une_fiche_qui_nomme_son_service_se_tait():
    assert ou_parle("CODE", faits(service="Ventes")) == []
"""
PARLE = """
fiche = creer_fiche(organisme, service="")
assert "Nommez le service chargé" in claire.get(reverse("fiche", args=[fiche.pk])).content.decode()
muette = creer_fiche(organisme, reference="TR-002", intitule="Autre")
assert "Nommez le service chargé" not in claire.get(reverse("fiche", args=[muette.pk])).content.decode()
page = claire.get(reverse("regles")).content.decode()
assert 'id="CODE"' in page and "Service non nommé" in page and "<h2>TITRE</h2>" in page
assert "Une fiche qui ne dit pas quel service la met en œuvre." in page
from io import StringIO
sortie = StringIO()
call_command("controler", organisme=str(organisme.pk), stdout=sortie)
assert "Nommez le service chargé" in sortie.getvalue()
"""
SUIVANTE = f"REG-{1 + sum(code.startswith('REG-') for code in REGLES):02d}"


@pytest.mark.parametrize(
    ("module", "ajout", "code", "titre"),
    [
        ("completude.py", REGLE, SUIVANTE, "Ce que le registre comporte"),
        ("organisation.py", THEME, "ESS-01", "Organisation interne"),
    ],
    ids=["une règle de plus", "un thème de plus"],
)
def test_une_regle_est_une_fonction_et_son_essai(copie, module, ajout, code, titre):
    """Elle se lit sur la fiche, dans la commande et la page des règles ; les essais qui énumèrent les règles la connaissent."""
    shutil.copytree(RACINE / "tests", copie / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(RACINE / "pyproject.toml", copie)
    with (copie / "droit/regles" / module).open("a", encoding="utf-8") as fichier:
        fichier.write(ajout.replace("CODE", code))
    essai = copie / "tests/droit/test_regles_essai.py"
    essai.write_text(ESSAI.replace("CODE", code), encoding="utf-8")
    eprouver(copie, PARLE.replace("CODE", code).replace("TITRE", titre))
    enumerent = ("tests/droit/test_catalogue.py", str(essai), "-k", "not absurde")
    lancer(copie, "-m", "pytest", "-q", "-p", "no:cacheprovider", *enumerent)


EXPORT = """
EXTENSION = "rdf"
TYPE_MIME = "application/rdf+xml"


def produire(demande):
    return "\\n".join(f.reference for f in demande.fiches()).encode()
"""
ECRIT = """
creer_fiche(organisme)
call_command("exporter", organisme=str(organisme.pk), format="texte", sortie="registre.rdf")
assert open("registre.rdf").read() == "TR-001"
adresse = reverse("registre_texte")
assert f'<a class="bouton" href="{adresse}">Exporter (RDF)</a>' in claire.get(reverse("registre")).content.decode()
recu = claire.get(adresse)
assert recu.content == b"TR-001" and recu["Content-Type"] == "application/rdf+xml"
assert recu["Cache-Control"] == "private, no-store" and recu["X-Content-Type-Options"] == "nosniff"
assert 'attachment; filename="Registre Maison Lavande.rdf"' in recu["Content-Disposition"]
from django.test import Client
assert Client().get(adresse).status_code == 302 and claire.post(adresse).status_code == 403
autre = creer_organisme("Savonnerie du Port")
voisin = connecte(habiliter(autre, "auditeur", "nadia@port.example", "Nadia Roussel"))
assert voisin.get(adresse).content == b""
"""


def test_un_export_est_un_module_et_une_ligne(copie):
    """La commande l'écrit, la page l'offre, qui n'en a pas le droit se le voit refuser ; les essais d'accès le trouvent seuls."""
    (copie / "registre/echanges/exports/texte.py").write_text(EXPORT, encoding="utf-8")
    inserer(
        copie / "registre/echanges/exports/__init__.py",
        '    "pdf": pdf,',
        '    "texte": __import__("registre.echanges.exports.texte", fromlist=["x"]),\n',
    )
    eprouver(copie, ECRIT)
    shutil.copytree(
        RACINE / "tests", copie / "tests", ignore=shutil.ignore_patterns("__pycache__", "exemples")
    )
    acces = lancer(
        copie, "-m", "pytest", "tests/portes/test_acces.py", "-k", "declaree or registre_texte", "-rp"
    )
    assert "PASSED tests/portes/test_acces.py::test_chaque_role_sur_chaque_route[registre_texte]" in acces
