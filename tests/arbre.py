"""L'arbre du produit, tel qu'il est sur le disque : ses paquets, leurs modules, les noms qu'ils définissent et citent."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, wraps
from pathlib import Path
from typing import Any

RACINE = Path(__file__).resolve().parent.parent
HORS_PRODUIT = {"tests", "benchmarks"}
IDENTIFIANT = re.compile(r"[^\W\d]\w*")
CHEMIN_POINTE = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+")
FONCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BALISE = re.compile(r"\{[{%](.*?)[%}]\}")


@dataclass(frozen=True)
class Definition:
    """Un nom que le produit définit. `classe` : vide pour un nom de module. `decorateurs` : leurs derniers noms."""

    module: str
    classe: str
    nom: str
    debut: int
    fin: int
    decorateurs: frozenset[str] = frozenset()

    def __str__(self) -> str:
        return ".".join(filter(None, (self.module, self.classe, self.nom)))


@dataclass
class Module:
    nom: str
    definitions: list[Definition] = field(default_factory=list)
    noms: dict[str, list[int]] = field(default_factory=dict)  # cité seul → lignes
    importes: set[str] = field(default_factory=set)
    attributs: dict[str, list[int]] = field(default_factory=dict)  # cité derrière un point → lignes
    textes: list[str] = field(default_factory=list)  # les chaînes, hors docstrings


def une_fois(lire: Callable[[], Any]) -> Callable[[], Any]:
    """Ne lit chaque arbre qu'une fois ; un essai peut en désigner un autre."""
    lus = cache(lambda racine: lire())
    return wraps(lire)(lambda: lus(RACINE))


@une_fois
def paquets() -> list[Path]:
    return sorted(p.parent for p in RACINE.glob("*/__init__.py") if p.parent.name not in HORS_PRODUIT)


def fichiers() -> Iterator[Path]:
    yield from sorted(RACINE.glob("*.py"))
    for paquet in paquets():
        yield from sorted(paquet.rglob("*.py"))


@une_fois
def modules() -> tuple[Module, ...]:
    return tuple(lire(chemin) for chemin in fichiers())


def lire(chemin: Path) -> Module:
    parties = chemin.relative_to(RACINE).with_suffix("").parts
    module = Module(".".join(parties).removesuffix(".__init__"))
    lu = ast.parse(chemin.read_text(encoding="utf-8"))
    _definir(module, lu)
    _citer(module, lu, reexporte=chemin.name == "__init__.py")
    return module


def _definir(module: Module, lu: ast.Module) -> None:
    for noeud in lu.body:
        module.definitions += [_definition(module, "", nom, noeud) for nom in _noms_definis(noeud)]
        if type(noeud) is ast.ClassDef:
            siennes = [m for m in noeud.body if type(m) in FONCTIONS]
            module.definitions += [_definition(module, noeud.name, m.name, m) for m in siennes]


def _noms_definis(noeud: ast.stmt) -> list[str]:
    if type(noeud) in (*FONCTIONS, ast.ClassDef):
        return [noeud.name]
    if type(noeud) not in (ast.Assign, ast.AnnAssign):
        return []
    cibles = noeud.targets if type(noeud) is ast.Assign else [noeud.target]
    return [n.id for cible in cibles for n in ast.walk(cible) if type(n) is ast.Name]


def _definition(module: Module, classe: str, nom: str, noeud: ast.stmt) -> Definition:
    decorateurs = getattr(noeud, "decorator_list", [])
    debut = min([noeud.lineno, *(d.lineno for d in decorateurs)])
    dits = frozenset(n for d in decorateurs for n in _dits(d))
    return Definition(module.nom, classe, nom, debut, noeud.end_lineno, dits)


def _dits(decorateur: ast.expr) -> Iterator[str]:
    """« register » et « filter » de `@register.filter("x")`."""
    for n in ast.walk(decorateur.func if type(decorateur) is ast.Call else decorateur):
        if type(n) in (ast.Name, ast.Attribute):
            yield n.id if type(n) is ast.Name else n.attr


def _citer(module: Module, lu: ast.Module, reexporte: bool) -> None:
    docstrings = set()
    for noeud in ast.walk(lu):  # une docstring se rencontre avant la chaîne qu'elle porte
        nature = type(noeud)
        if nature is ast.Name and type(noeud.ctx) is ast.Load:
            module.noms.setdefault(noeud.id, []).append(noeud.lineno)
        elif nature is ast.Attribute:
            module.attributs.setdefault(noeud.attr, []).append(noeud.lineno)
        elif nature is ast.Expr:
            docstrings.add(id(noeud.value))
        elif nature is ast.ImportFrom and not reexporte:  # un paquet qui réexporte n'emploie pas
            module.importes |= {alias.name for alias in noeud.names}
        else:
            _citer_en_texte(module, noeud, docstrings)


def _citer_en_texte(module: Module, noeud: ast.AST, docstrings: set[int]) -> None:
    if type(noeud) is ast.Constant and type(noeud.value) is str and id(noeud) not in docstrings:
        module.textes.append(noeud.value)
    elif type(noeud) is ast.keyword and noeud.arg == "method" and type(noeud.value) is ast.Constant:
        module.attributs.setdefault(noeud.value.value, []).append(noeud.value.lineno)  # un filtre d'API


@une_fois
def gabarits() -> dict[str, str]:
    """Chaque gabarit par son nom (« registre/fiche.html »), et son texte."""
    dossier = RACINE / "templates"
    return {
        p.relative_to(dossier).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(dossier.rglob("*"))
        if p.is_file()
    }


@une_fois
def cites_par_les_gabarits() -> frozenset[str]:
    return frozenset(
        nom
        for texte in gabarits().values()
        for balise in BALISE.findall(texte)
        for nom in IDENTIFIANT.findall(balise)
    )


@une_fois
def cites_en_texte() -> frozenset[str]:
    """Ce que nomment les chemins pointés des chaînes : réglages, `gunicorn.conf.py`, décorateurs."""
    return frozenset(
        nom
        for module in modules()
        for texte in module.textes
        for chemin in CHEMIN_POINTE.findall(texte)
        for nom in chemin.split(".")
    )
