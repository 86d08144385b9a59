"""Les pièces de la maison, en une ligne : chacune n'importe qu'elle-même et ce qui est à sa gauche (voir leurs README)."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from arbre import RACINE

LIGNE = (
    "isolement",
    "documents",
    "journal",
    "organismes",
    "traitements",
    "conservation",
    "droit",
    "registre.fiche",
    "registre.conformite",
    "registre.actes",
    "registre.execution",
    "registre.echanges",
    "registre.acces",
    "registre.portes",
    "registre",
)
A_LA_RACINE = {"__init__", "acces", "apps", "settings", "urls", "wsgi"}
SANS_DJANGO = ("isolement", "documents", "droit")
INTERDITS = {"django", "django_scopes", "rest_framework", "allauth"}
CALCULE = "un nom calculé"
# Les seuls modules chargés sous un nom calculé, et d'où vient ce nom.
CALCULES = {
    "isolement.__main__": "de `isolement.lancement`, jamais d'une saisie",
    "droit.regles": "de la liste de ses propres thèmes",
}
CHARGEURS = {"import_module", "__import__", "spec_from_file_location", "run_module", "run_path"}


def nom_de(chemin: Path) -> str:
    return ".".join(chemin.relative_to(RACINE).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Path]:
    racines = dict.fromkeys(piece.partition(".")[0] for piece in LIGNE)
    return {nom_de(p): p for racine in racines for p in (RACINE / racine).rglob("*.py")}


def piece_de(module: str) -> str:
    return next((p for p in LIGNE if module == p or module.startswith(f"{p}.")), "")


def importes(arbre: ast.AST, module: str) -> Iterator[tuple[str, int]]:
    """Chaque module nommé, où qu'il le soit : en tête, dans une fonction, par un chargeur, par un nom relatif."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Import):
            yield from ((a.name, noeud.lineno) for a in noeud.names)
        elif isinstance(noeud, ast.ImportFrom):
            base = ".".join(module.split(".")[: -noeud.level]) if noeud.level else ""
            source = ".".join(filter(None, (base, noeud.module)))
            yield source, noeud.lineno
            yield from ((f"{source}.{a.name}", noeud.lineno) for a in noeud.names)
        elif isinstance(noeud, ast.Call) and _appele(noeud.func) in CHARGEURS:
            nomme = noeud.args[0] if noeud.args else None
            yield (nomme.value if isinstance(nomme, ast.Constant) else CALCULE), noeud.lineno


def _appele(fonction: ast.expr) -> str:
    return fonction.attr if isinstance(fonction, ast.Attribute) else getattr(fonction, "id", "")


@cache
def imports() -> dict[str, list[tuple[str, int]]]:
    return {
        nom: sorted(set(importes(ast.parse(p.read_text(encoding="utf-8")), nom)))
        for nom, p in modules().items()
    }


def fautes(piece: str, suite: dict[str, list[tuple[str, int]]]) -> list[str]:
    rang = LIGNE.index(piece)
    return [
        f"{modules()[module].relative_to(RACINE)}, ligne {ligne} : la pièce {piece} importe {nom}"
        for module, lus in suite.items()
        if piece_de(module) == piece
        for nom, ligne in lus
        if (nom == CALCULE and module not in CALCULES)
        or (piece_de(nom) and LIGNE.index(piece_de(nom)) > rang)
    ]


@pytest.mark.parametrize("piece", LIGNE)
def test_une_piece_n_importe_que_vers_sa_gauche(piece):
    assert fautes(piece, imports()) == []


@pytest.mark.parametrize(
    "source",
    [
        "from registre.portes import vues",
        "import registre.portes.vues.fiche",
        "def f():\n    from registre.echanges.exports import FORMATS",
        "import importlib\nimportlib.import_module('registre.portes.admin')",
        "__import__('registre.execution.rappels')",
        "from ..portes import vues",
        "from importlib import import_module\nimport_module(nom)",
    ],
)
def test_un_import_vers_la_droite_se_voit_ou_qu_il_soit(source):
    lus = {"registre.fiche.plan": list(importes(ast.parse(source), "registre.fiche.plan"))}
    assert fautes("registre.fiche", lus)[0].startswith("registre/fiche/plan.py, ligne ")


def test_aucun_module_ne_traine_a_la_racine_du_registre():
    assert {p.stem for p in (RACINE / "registre").glob("*.py")} == A_LA_RACINE


@pytest.mark.parametrize("piece", SANS_DJANGO)
def test_une_piece_pure_ne_mene_a_django_par_aucun_chemin(piece):
    """Ni directement, ni par un module qu'elle importe : les règles se lisent et s'éprouvent sans base."""
    a_voir = [nom for nom in imports() if piece_de(nom) == piece]
    vus: dict[str, str] = dict.fromkeys(a_voir, "")
    while a_voir:
        module = a_voir.pop()
        for nom, ligne in imports()[module]:
            assert nom.partition(".")[0] not in INTERDITS, f"{vus[module]}{module}, ligne {ligne} : {nom}"
            if nom in modules() and nom not in vus:
                vus[nom] = f"{vus[module]}{module} → "
                a_voir.append(nom)


@pytest.mark.parametrize("piece", [p for p in LIGNE if p not in {"registre.acces"}])
def test_chaque_piece_dit_ce_qu_elle_fait(piece):
    """La question qu'elle tranche, ses objets, ce qu'elle importe, où ajouter quoi : de 5 à 15 lignes."""
    lignes = (RACINE / piece.replace(".", "/") / "README.md").read_text(encoding="utf-8").splitlines()
    assert 5 <= len([ligne for ligne in lignes if ligne.strip()]) <= 15
