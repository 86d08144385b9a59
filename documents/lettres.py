"""Ce que les polices livrées savent dessiner. Le reste s'imprime par son code : jamais une boîte, jamais une autre lettre.

Les faces sont les fichiers `*-complet-*` de `static/polices`, ceux que `pdf.css` nomme.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from unicodedata import is_normalized, normalize

POLICES = Path(__file__).resolve().parents[1] / "static" / "polices"
# La chaîne du texte courant ; celle des titres commence par Source Serif 4 et continue par elle.
CHAINE = [
    POLICES / f"{nom}.woff2"
    for nom in (
        "source-sans-3-complet-400-normal",
        "source-sans-3-complet-400-italic",
        "dejavu-sans-complet-normal",
        "noto-emoji-complet-normal",
    )
]
# Les puces de Word : des places privées de Symbol et de Wingdings, dont le dessin est connu.
PUCES = {
    0xF02D: "–", 0xF06C: "●", 0xF06E: "■", 0xF06F: "□", 0xF071: "❑", 0xF075: "◆", 0xF076: "❖", 0xF09F: "•", 0xF0A7: "▪",
    0xF0A8: "◻", 0xF0B7: "•", 0xF0D8: "➢", 0xF0E0: "→", 0xF0E8: "➔", 0xF0FB: "✗", 0xF0FC: "✓", 0xF0FD: "☒", 0xF0FE: "☑",
}  # fmt: skip
# Les sauts de ligne des traitements de texte.
LIGNES = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
# Sans dessin ni effet sur les lettres : marque d'ordre, opérateurs invisibles, choix de variante.
MUETS = dict.fromkeys((0xFEFF, *range(0x2060, 0x2065), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
REECRITS = str.maketrans(PUCES | LIGNES | MUETS)
# Par intervalles : un par un, les signes hors du plan de base seraient comparés chacun à chaque lettre.
A_REECRIRE = re.compile(
    "[\x0b\x0c\x85\u2028\u2029\u2060-\u2064\ufe00-\ufe0f\ufeff\uf000-\uf0ff\U000e0100-\U000e01ef]"
)
# Ni l'un ni l'autre ne se dessine, mais ils gouvernent la ligne, les ligatures et le sens de lecture.
INVISIBLES = frozenset("\t\n\r\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\u200c\u200d\u200e\u200f")
# Les premiers feraient lire les lettres suivantes dans un autre ordre, les seconds changent un drapeau : ils se montrent.
AGISSANTS = frozenset((*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xE0000, 0xE0080)))


def tracer(texte: str) -> tuple[str, Counter[str]]:
    """Le texte, HTML compris, tel que les polices le dessinent, et ce qu'il a fallu imprimer par son code."""
    vus: Counter[str] = Counter()

    def coder(trouve: re.Match[str]) -> str:
        vus[code := f"[U+{ord(trouve[0]):04X}]"] += 1
        return code

    return _sans_dessin().sub(coder, _reecrire(texte)), vus


def _reecrire(texte: str) -> str:
    """Les puces et les lignes comme elles étaient voulues, les accents sur leur lettre. Le plus souvent, rien n'est à faire."""
    reecrit = texte.translate(REECRITS) if A_REECRIRE.search(texte) else texte
    return reecrit if is_normalized("NFC", reecrit) else normalize("NFC", reecrit)


def noter(html: str, vus: Counter[str]) -> str:
    """La page, et à sa fin les signes imprimés par leur code ; inchangée s'il n'y en a pas."""
    return html.replace("</body>", f"{_note(vus)}</body>") if vus else html


def tracer_ensemble(pages: Iterable[str]) -> tuple[list[str], Counter[str]]:
    """Des pages d'un même document, et tous leurs signes."""
    tracees = [tracer(page) for page in pages]
    return [html for html, _ in tracees], sum((vus for _, vus in tracees), Counter())


def _note(vus: Counter[str]) -> str:
    signes = ", ".join(f"{code} ({n} fois)" for code, n in sorted(vus.items()))
    return (
        "<section class='signes'><h3>Signes imprimés par leur code</h3><p class='note'>Aucune police de ce document ne dessine "
        f"ces signes, dont le code tient la place : {signes}. Le texte enregistré, lui, les garde.</p></section>"
    )


def phrase(vus: Counter[str]) -> str:
    """Ce que dit la commande, et le journal du serveur : les codes seuls."""
    return f"Signes qu'aucune police du PDF ne dessine, imprimés par leur code : {', '.join(sorted(vus))}."


@cache
def dessinables() -> frozenset[str]:
    """Les signes qu'une face au moins de la chaîne dessine, sauf ceux qui agissent sur les autres."""
    from fontTools.ttLib import TTFont  # comme WeasyPrint : le site démarre sans

    romain, italique, *secours = (frozenset(TTFont(face)["cmap"].getBestCmap()) for face in CHAINE)
    codes = (romain & italique).union(*secours) - AGISSANTS
    return frozenset(chr(c) for c in codes if c >= 0x20 and not 0x7F <= c < 0xA0)


@cache
def _sans_dessin() -> re.Pattern[str]:
    permis = "".join(sorted(dessinables() | INVISIBLES))
    return re.compile(f"[^{re.escape(permis)}]")
