"""WeasyPrint, fermé : il ne lit que les polices et la feuille de style du produit."""

import atexit
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.conf import settings

# fontTools date les polices qu'il extrait : sans cette constante, deux rendus n'auraient pas les mêmes octets.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1527206400")
STATIQUES = Path(settings.RACINE) / "static"
FEUILLE = STATIQUES / "css" / "pdf.css"
BASE = "https://registre.invalid/css/"
CATALOGUE = {
    f"https://registre.invalid/polices/{p.name}": p for p in sorted((STATIQUES / "polices").glob("*.woff2"))
}
SANS_FOLIOS = "@page { @bottom-right { content: none; } }"
# Les polices sont partagées, et un rendu occupe de toute façon le processus : les fils passent un par un.
UN_SEUL = Lock()


def rendre(html: str, titre: str, *, balises: bool = True, folios: bool = True) -> bytes:
    """Le PDF d'une page HTML déjà échappée, de structure PDF/UA s'il est balisé. Rien d'extérieur n'est lu.

    Sans `folios`, les pages ne portent pas leur numéro : un assemblage les posera.
    """
    # Importé ici seulement : le site doit démarrer sur une machine sans Pango.
    from weasyprint import HTML

    options = {"pdf_variant": "pdf/ua-1", "pdf_tags": True} if balises else {}
    with UN_SEUL, _sans_ramasse_miettes():
        chercheur, feuilles, polices = _outils()
        source = HTML(string=html, base_url=BASE, url_fetcher=chercheur)
        document = source.render(stylesheets=feuilles[: 1 if folios else 2], font_config=polices, **options)
        document.metadata.title = titre
        return document.write_pdf(pdf_identifier=b"registre", **options)


@contextmanager
def _sans_ramasse_miettes() -> Iterator[None]:
    """Il reparcourt sans fin des millions de boîtes vivantes : du quart à la moitié du temps."""
    actif = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if actif:
            gc.enable()
        gc.collect()  # une mise en pages laisse des cycles par centaines de mégaoctets


# Les polices se libèrent avant que l'interpréteur ne se démonte ; sinon leur destructeur se plaint.
@atexit.register
def _oublier() -> None:
    _outils.cache_clear()


@cache
def _outils() -> tuple[Any, list[Any], Any]:
    """Le chercheur fermé, les feuilles compilées et les polices : une fois par processus."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Catalogue(URLFetcher):
        """Ne connaît que les fichiers du produit ; toute autre adresse est une erreur, donc une absence."""

        def fetch(self, url, headers=None):
            if url not in CATALOGUE:
                raise ValueError("Adresse hors du catalogue.")
            return URLFetcherResponse(
                url, body=CATALOGUE[url].read_bytes(), headers={"Content-Type": "font/woff2"}
            )

    polices = FontConfiguration()
    chercheur = Catalogue(allowed_protocols=())
    feuilles = [
        CSS(string=css, base_url=BASE, font_config=polices, url_fetcher=chercheur)
        for css in (FEUILLE.read_text(encoding="utf-8"), SANS_FOLIOS)
    ]
    return chercheur, feuilles, polices
