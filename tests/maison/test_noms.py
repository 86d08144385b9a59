"""Un nom de classe ne désigne qu'une chose : deux classes du produit ne portent pas le même."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import arbre
from arbre import RACINE

PIECES = [p.name for p in arbre.paquets()]
D_UN_CADRE = {"Meta", "Command", "Migration"}  # noms que Django impose


def classes() -> Iterator[tuple[str, str]]:
    for piece in PIECES:
        for chemin in sorted((RACINE / piece).rglob("*.py")):
            if "migrations" in chemin.parts:
                continue
            for noeud in ast.walk(ast.parse(chemin.read_text(encoding="utf-8"))):
                if isinstance(noeud, ast.ClassDef):
                    yield noeud.name, f"{chemin.relative_to(RACINE)}:{noeud.lineno}"


def test_deux_classes_ne_portent_pas_le_meme_nom():
    lieux = defaultdict(list)
    for nom, ou in classes():
        lieux[nom].append(ou)
    partages = {nom: ou for nom, ou in lieux.items() if len(ou) > 1 and nom not in D_UN_CADRE}
    assert partages == {}
