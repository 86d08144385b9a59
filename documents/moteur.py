"""WeasyPrint, fermé : il ne lit que les polices et la feuille de style du produit."""

import atexit
import gc
import logging
import os
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from documents.lettres import noter, phrase, tracer
from documents.typographie import composer, composer_pdf

JOURNAL = logging.getLogger(__name__)
# Les polices de la machine n'existent pas pour lui : le même document partout, et jamais une lettre empruntée.
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("polices.conf"))
# fontTools date les polices qu'il extrait : sans cette constante, deux rendus n'auraient pas les mêmes octets.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1527206400")
STATIQUES = Path(__file__).resolve().parents[1] / "static"
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

    La typographie s'y pose. Ce qu'aucune police ne dessine s'imprime par son code, et la dernière page le dit. Sans `folios`, c'est un fragment :
    ses pages ne portent ni leur numéro ni cette note, l'assemblage s'en charge.
    """
    # Avant la composition, qui montrerait elle-même certains signes sans les compter.
    html, vus = tracer(html)
    if folios and vus:
        signaler(vus)
        html = noter(html, vus)
    return _mettre_en_pages(composer_pdf(html), composer(tracer(titre)[0]), balises=balises, folios=folios)


def signaler(vus: Counter[str]) -> None:
    """Dit sur la sortie d'erreur, et au journal du serveur, les signes imprimés par leur code."""
    JOURNAL.warning(phrase(vus))


def _mettre_en_pages(html: str, titre: str, *, balises: bool, folios: bool) -> bytes:
    HTML, _, _ = _weasyprint()
    options = {"pdf_variant": "pdf/ua-1", "pdf_tags": True} if balises else {}
    with UN_SEUL, _sans_ramasse_miettes():
        chercheur, feuilles, polices = _outils()
        source = HTML(string=html, base_url=BASE, url_fetcher=chercheur)
        document = source.render(stylesheets=feuilles[: 1 if folios else 2], font_config=polices, **options)
        document.metadata.title = titre
        octets: bytes = document.write_pdf(pdf_identifier=b"registre", **options)
    return octets


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


def _weasyprint() -> tuple[Any, Any, Any]:
    """Importé ici seulement : le site doit démarrer sur une machine sans Pango."""
    with warnings.catch_warnings():  # l'absence de police de la machine est voulue
        warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
        from weasyprint import CSS, HTML
        from weasyprint.text.fonts import FontConfiguration
    return HTML, CSS, FontConfiguration


@cache
def _outils() -> tuple[Any, list[Any], Any]:
    """Le chercheur fermé, les feuilles compilées et les polices : une fois par processus."""
    _, CSS, FontConfiguration = _weasyprint()
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Catalogue(URLFetcher):  # type: ignore[misc]  # WeasyPrint n'est pas typé
        """Ne connaît que les fichiers du produit ; toute autre adresse est une erreur, donc une absence."""

        def fetch(self, url: str, headers: Any = None) -> Any:
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
