"""Ce qu'un PDF dessine vraiment : les tracés de ses polices, glyphe par glyphe, jamais sa couche de texte."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from django.conf import settings
from fontTools.ttLib import TTFont

POLICES = Path(settings.RACINE) / "static" / "polices"
SECOURS = ("dejavu-sans-complet-normal", "noto-emoji-complet-normal")


@cache
def police(nom: str) -> TTFont:
    return TTFont(POLICES / f"{nom}.woff2")


@cache
def trace(fonte: TTFont, glyphe: str) -> tuple:
    """La forme d'un glyphe, indépendante de la graisse : ses contours et leurs points, ou les numéros de ses composants."""
    g = fonte["glyf"][glyphe]
    if g.isComposite():
        return tuple(trace(fonte, c.glyphName) for c in g.components)
    if g.numberOfContours <= 0:
        return ()
    return (tuple(g.endPtsOfContours), bytes(f & 1 for f in g.flags))


def attendu(signe: str, chaine: list[str]) -> tuple:
    """Le tracé qui est voulu : celui de la première face de la chaîne qui a ce signe."""
    for nom in chaine:
        if glyphe := police(nom).getBestCmap().get(ord(signe)):
            return trace(police(nom), glyphe)
    raise LookupError(f"Aucune face ne dessine U+{ord(signe):04X}.")


def chaine(serif: bool, italique: bool) -> list[str]:
    style = "italic" if italique else "normal"
    tete = [f"source-serif-4-complet-600-{style}"] if serif else []
    return [*tete, f"source-sans-3-complet-400-{style}", *SECOURS]


def dessines(page: pikepdf.Page) -> list[tuple]:
    """Les tracés de la page, marges comprises, dans l'ordre où ils sont peints, sans les blancs."""
    fontes, sortie, courante = {}, [], None
    for operandes, operateur in pikepdf.parse_content_stream(page):
        nom = str(operateur)
        if nom == "Tf":
            courante = str(operandes[0])
            if courante not in fontes:
                fontes[courante] = _incorporee(page, courante)
        elif nom in ("TJ", "Tj"):
            morceaux = operandes[0] if nom == "TJ" else operandes
            for octets in (bytes(m) for m in morceaux if isinstance(m, pikepdf.String)):
                for rang in range(0, len(octets), 2):
                    fonte = fontes[courante]
                    glyphe = fonte.getGlyphName(int.from_bytes(octets[rang : rang + 2]))
                    sortie.append(trace(fonte, glyphe))
    return [t for t in sortie if t]


def _incorporee(page: pikepdf.Page, nom: str) -> TTFont:
    descendante = page.Resources.Font[nom].DescendantFonts[0]
    return TTFont(BytesIO(descendante.FontDescriptor.FontFile2.read_bytes()))


def polices_de_la_feuille() -> set[str]:
    css = (Path(settings.RACINE) / "static/css/pdf.css").read_text(encoding="utf-8")
    return set(re.findall(r"polices/([\w-]+)\.woff2", css))
