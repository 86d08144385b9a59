"""WeasyPrint, fermé : il ne lit que les polices et la feuille de style du produit."""

import atexit
import gc
import os
from functools import cache
from pathlib import Path
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


def rendre(html: str, titre: str) -> bytes:
    """Le PDF balisé (structure PDF/UA) d'une page HTML déjà échappée. Aucune ressource extérieure n'est lue."""
    # Importé ici seulement : le site doit démarrer sur une machine sans Pango.
    from weasyprint import HTML

    chercheur, feuille, polices = _outils()
    # Le ramasse-miettes reparcourt sans fin des millions de boîtes vivantes : le quart à la moitié du temps.
    actif = gc.isenabled()
    gc.disable()
    try:
        document = HTML(string=html, base_url=BASE, url_fetcher=chercheur).render(
            stylesheets=[feuille], font_config=polices, pdf_variant="pdf/ua-1", pdf_tags=True
        )
        document.metadata.title = titre
        return document.write_pdf(pdf_variant="pdf/ua-1", pdf_tags=True, pdf_identifier=b"registre")
    finally:
        if actif:
            gc.enable()
        gc.collect()  # une mise en pages laisse des cycles par centaines de mégaoctets


# Les polices se libèrent avant que l'interpréteur ne se démonte ; sinon leur destructeur se plaint.
@atexit.register
def _oublier() -> None:
    _outils.cache_clear()


@cache
def _outils() -> tuple[Any, Any, Any]:
    """Le chercheur fermé, la feuille compilée et les polices : une fois par processus."""
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
    css = FEUILLE.read_text(encoding="utf-8")
    feuille = CSS(string=css, base_url=BASE, font_config=polices, url_fetcher=chercheur)
    return chercheur, feuille, polices
