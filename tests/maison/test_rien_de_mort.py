"""Rien de mort : ce que le produit définit sert au produit, et pas seulement à ses essais.

Le contrôle suit les noms, pas les objets : il laisse passer un nom mort qu'un autre, vivant, porte aussi. Il ne suppose
rien de la place des modules.
"""

import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from django.contrib.messages.constants import DEFAULT_TAGS as MESSAGES

import arbre
from organismes.droits import Permission

# Ce que des bibliothèques appellent par son nom, sans qu'aucune de leurs classes de base le définisse.
APPELES_PAR_LEUR_NOM = {
    r"clean_\w+": "formulaires de Django : le contrôle d'un champ",
    r"Command": "Django cherche cette classe dans chaque module de commande",
    r"urlpatterns|app_name|application|handler\d{3}": "Django et gunicorn lisent ces noms",
    r"process_(view|exception)": "les intergiciels de Django",
    r"is_staff|has_perms?|has_module_perms": "l'administration de Django interroge le compte",
    r"LIENS": "facultatif : `exports.liens` le demande à chaque module d'export",
    r"register": "la bibliothèque de balises d'un module `templatetags`",
}
GABARITS_ATTENDUS = {
    r"(400|403|403_csrf|404|500)\.html": "Django les cherche par leur nom",
    r"429\.html|account/password_reset_help_text\.html": "allauth les cherche par leur nom",
}
# Un décorateur qui change la fonction sans l'inscrire nulle part ; les autres l'inscrivent, et l'appellent de là.
NEUTRES = frozenset(
    "cache lru_cache cached_property property setter classmethod staticmethod dataclass contextmanager wraps".split()
)

CLASSES = re.compile(r" ?[a-z0-9_-]+(?: [a-z0-9_-]+){0,2} ?")


@arbre.une_fois
def citations() -> tuple[frozenset[str], dict[str, list[tuple[str, int]]]]:
    """Les noms importés par un module, et les noms cités derrière un point → (module, ligne)."""
    pointes = defaultdict(list)
    for module in arbre.modules():
        for nom, lignes in module.attributs.items():
            pointes[nom] += [(module.nom, ligne) for ligne in lignes]
    return frozenset().union(*(m.importes for m in arbre.modules())), pointes


def cite(definition: arbre.Definition, module: arbre.Module) -> bool:
    """Quelque chose, hors de sa propre définition, le nomme : du Python, un gabarit, un chemin pointé."""
    importes, pointes = citations()
    if not definition.classe and definition.nom in importes:
        return True
    lieux = pointes[definition.nom] + [(module.nom, ligne) for ligne in module.noms.get(definition.nom, ())]
    if any(m != module.nom or not definition.debut <= ligne <= definition.fin for m, ligne in lieux):
        return True
    return definition.nom in arbre.cites_par_les_gabarits() | arbre.cites_en_texte()


def appele_par_une_bibliotheque(definition: arbre.Definition) -> bool:
    """Inscrit par un décorateur, attendu par son nom, ou redéfini d'une classe que le produit n'a pas écrite."""
    if definition.decorateurs - NEUTRES or re.fullmatch(r"__\w+__", definition.nom):
        return True
    if any(re.fullmatch(motif, definition.nom) for motif in APPELES_PAR_LEUR_NOM):
        return True
    module = importlib.import_module(definition.module)
    objet = getattr(module, definition.classe or definition.nom, None)
    if not isinstance(objet, type):
        return False
    autres = [c for c in objet.__mro__ if not est_du_produit(c.__module__)]
    if definition.classe:
        return any(definition.nom in vars(c) for c in autres)
    return any(c.__name__ in ("AppConfig", "Model", "SimpleTestCase") for c in autres)  # Django les trouve


def est_du_produit(module: str) -> bool:
    return module.split(".")[0] in {p.name for p in arbre.paquets()}


def a_juger() -> Iterator[tuple[arbre.Definition, arbre.Module]]:
    for module in arbre.modules():
        # Des réglages, ou une migration : Django les lit par leur nom. Un lanceur ne s'importe pas sans s'exécuter.
        reglages = any(d.nom in ("INSTALLED_APPS", "PASSWORD_HASHERS") for d in module.definitions)
        if est_du_produit(module.nom) and not reglages and ".migrations." not in module.nom:
            yield from ((d, module) for d in module.definitions)


def morts() -> list[str]:
    return [str(d) for d, module in a_juger() if not cite(d, module) and not appele_par_une_bibliotheque(d)]


def test_chaque_nom_du_produit_sert_au_produit():
    assert morts() == []


def test_un_nom_que_seul_lui_meme_cite_est_mort(tmp_path, monkeypatch):
    (tmp_path / "piece").mkdir()
    (tmp_path / "piece" / "__init__.py").write_text("from piece.murs import reexportee\n")
    (tmp_path / "piece" / "murs.py").write_text(
        "def morte():\n    return morte()\n\n\ndef reexportee():\n    return VIVE\n\n\nVIVE = 1\nDITE = 2\n\n\n"
        "class Mur:\n    def haut(self):\n        return DITE\n\n    def bas(self):\n        return Mur().bas()\n"
    )
    (tmp_path / "piece" / "toit.py").write_text("from piece.murs import Mur\n\nDITE = Mur().haut()\n")
    monkeypatch.setattr(arbre, "RACINE", tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert morts() == [
        "piece.murs.morte",
        "piece.murs.reexportee",
        "piece.murs.Mur.bas",
        "piece.toit.DITE",
    ]


def test_chaque_droit_est_exige_quelque_part():
    """Un droit qu'aucune page ne demande ferait croire qu'il protège quelque chose."""
    _, pointes = citations()
    assert [
        d for d in Permission if all(module == Permission.__module__ for module, _ in pointes[d.name])
    ] == []


def test_chaque_gabarit_est_employe():
    """Nommé par le produit, par un autre gabarit, ou mis à la place de celui d'une bibliothèque."""
    nommes = {texte for module in arbre.modules() for texte in module.textes}
    nommes |= {
        n for texte in arbre.gabarits().values() for n in re.findall(r"""["']([\w./-]+\.\w+)["']""", texte)
    }
    remplaces = Path(allauth.__file__).parent / "templates"
    restent = [nom for nom in arbre.gabarits() if nom not in nommes and not (remplaces / nom).exists()]
    assert [nom for nom in restent if not any(re.fullmatch(m, nom) for m in GABARITS_ATTENDUS)] == []


@pytest.mark.parametrize("feuille", sorted(p.name for p in (arbre.RACINE / "static" / "css").glob("*.css")))
def test_chaque_classe_de_style_est_posee_quelque_part(feuille):
    css = (arbre.RACINE / "static" / "css" / feuille).read_text(encoding="utf-8")
    css = re.sub(r"/\*.*?\*/|\"[^\"]*\"|url\([^)]*\)", "", css, flags=re.S)
    classes = {
        nom
        for selecteur in re.findall(r"[^{}]+(?=\{)", css)
        for nom in re.findall(r"\.(-?[a-zA-Z_][\w-]*)", selecteur)
    }
    assert sorted(c for c in classes if not posee(c)) == []


def posee(classe: str) -> bool:
    mots, debuts = poses()
    return (
        classe in mots
        or classe in MESSAGES.values()
        or any(re.fullmatch(rf"{re.escape(d)}\w+", classe) for d in debuts)
    )


@arbre.une_fois
def poses() -> tuple[frozenset[str], frozenset[str]]:
    """Les mots où une classe peut se dire, et les débuts que suit une variable (« l{{ phase.poids }} »)."""
    js = [p.read_text(encoding="utf-8") for p in (arbre.RACINE / "static" / "js").glob("*.js")]
    attributs = [
        a
        for texte in arbre.gabarits().values()
        for a in re.findall(r'class="((?:\{[{%].*?[%}]\}|[^"])*)"', texte)
    ]
    # Une classe écrite en Python est un code, ou un attribut de champ : jamais un mot d'une phrase.
    textes = [t for module in arbre.modules() for t in module.textes if CLASSES.fullmatch(t)]
    mots = {mot for texte in (*attributs, *textes, *js) for mot in re.findall(r"[\w-]+", texte)}
    debuts = {d for a in attributs for d in re.findall(r"([\w-]+)\{\{", a)}
    return frozenset(mots), frozenset(debuts)
