"""Des fragments mis en pages à part, par deux processus : le temps ne croît plus que comme le nombre de fiches.

Un document unique de mille fiches demande des minutes et des gigaoctets ; par lots, chaque processus oublie
tout d'un lot à l'autre.
"""

import json
import struct
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple, dataclass, replace
from io import BytesIO
from queue import SimpleQueue
from subprocess import Popen
from typing import IO, Any

from documents.moteur import rendre
from isolement.lancement import ouvrir_atelier

PROCESSUS = 2
LONGUEUR = struct.Struct(">Q")


@dataclass(frozen=True)
class Signet:
    """Une entrée du plan d'un fragment. `page` compte depuis 0, dans le fragment ; `x`, `y` en points."""

    titre: str
    page: int
    x: float
    y: float
    enfants: tuple["Signet", ...] = ()

    def decale(self, pages: int) -> "Signet":
        """Le même, après que `pages` pages ont été mises devant."""
        return replace(self, page=self.page + pages, enfants=tuple(s.decale(pages) for s in self.enfants))


@dataclass(frozen=True)
class Fragment:
    pdf: bytes
    pages: int
    signets: tuple[Signet, ...]


def rendre_tous(pages: Sequence[str]) -> list[Fragment]:
    """Met en pages chaque texte HTML, dans l'ordre reçu. Lève `RuntimeError` si un processus s'arrête."""
    with _ateliers(min(PROCESSUS, len(pages))) as libres:

        def faire(rang: int) -> Fragment:
            atelier = libres.get()
            try:
                return _demander(atelier, rang, pages[rang])
            finally:
                libres.put(atelier)

        with ThreadPoolExecutor(PROCESSUS) as fils:
            return list(fils.map(faire, range(len(pages))))


@contextmanager
def _ateliers(combien: int) -> Iterator[SimpleQueue[Popen[bytes]]]:
    """Des processus qui attendent du travail ; ils finissent avec le bloc, quoi qu'il arrive."""
    ouverts = [ouvrir_atelier("documents") for _ in range(combien)]
    libres: SimpleQueue[Popen[bytes]] = SimpleQueue()
    try:
        for atelier in ouverts:
            libres.put(atelier)
        yield libres
    finally:
        for atelier in ouverts:
            _fermer(atelier)


def _fermer(atelier: Popen[bytes]) -> None:
    atelier.kill()
    for flux in (atelier.stdin, atelier.stdout):
        with suppress(BrokenPipeError):  # une demande restée dans le tampon d'un processus mort
            _ouvert(flux).close()
    atelier.wait()


def _demander(atelier: Popen[bytes], rang: int, html: str) -> Fragment:
    try:
        _ecrire(_ouvert(atelier.stdin), json.dumps([html, f"fragment-{rang}"]).encode())
        sortie = _ouvert(atelier.stdout)
        pages, signets = json.loads(_lire(sortie))
        return Fragment(_lire(sortie), pages, _signets(signets))
    except (OSError, EOFError) as erreur:
        raise RuntimeError("La mise en pages d'un fragment s'est arrêtée.") from erreur


def _ouvert(flux: IO[bytes] | None) -> IO[bytes]:
    assert flux is not None  # `ouvrir_atelier` ouvre les deux tuyaux
    return flux


def _signets(bruts: list[Any]) -> tuple[Signet, ...]:
    return tuple(Signet(titre, page, x, y, _signets(enfants)) for titre, page, x, y, enfants in bruts)


def _ecrire(flux: IO[bytes], octets: bytes) -> None:
    flux.write(LONGUEUR.pack(len(octets)))
    flux.write(octets)
    flux.flush()


def _lire(flux: IO[bytes]) -> bytes:
    """Un message. Lève `EOFError` si le flux est fermé."""
    (longueur,) = LONGUEUR.unpack(_exactement(flux, LONGUEUR.size))
    return _exactement(flux, longueur)


def _exactement(flux: IO[bytes], longueur: int) -> bytes:
    octets = flux.read(longueur)
    if len(octets) < longueur:
        raise EOFError
    return octets


def servir() -> None:
    """La vie d'un processus : lire une page, rendre son fragment, jusqu'à la fermeture de l'entrée."""
    entree, sortie = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            html, nom = json.loads(_lire(entree))
        except EOFError:
            return
        fragment = rendre_un(html, nom)
        _ecrire(sortie, json.dumps([fragment.pages, [astuple(s) for s in fragment.signets]]).encode())
        _ecrire(sortie, fragment.pdf)


def rendre_un(html: str, nom: str, titre: str = "") -> Fragment:
    """Met en pages dans ce processus. `nom` distingue le fragment de ceux qu'on lui joindra."""
    import pikepdf  # comme WeasyPrint : le site démarre sans

    with pikepdf.open(BytesIO(rendre(html, titre or nom, folios=False))) as pdf:
        _distinguer(pdf, nom)
        numeros = {page.objgen: numero for numero, page in enumerate(pdf.pages)}
        signets = _lire_signets(pdf.Root.get("/Outlines"), numeros)
        tampon = BytesIO()
        pdf.save(tampon, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return Fragment(tampon.getvalue(), len(pdf.pages), signets)


def _distinguer(pdf: Any, nom: str) -> None:
    """Les en-têtes de tableau se désignent par un nom : qu'il soit seul de son espèce dans le document entier."""
    for objet in pdf.objects:
        if getattr(objet, "_type_name", "") == "dictionary" and objet.get("/Type") == "/StructElem":
            if "/ID" in objet:
                objet.ID = f"{nom}-{objet.ID}"
            if "/A" in objet and "/Headers" in objet.A:
                objet.A.Headers = [f"{nom}-{entete}" for entete in objet.A.Headers]


def _lire_signets(parent: Any, numeros: dict[Any, int]) -> tuple[Signet, ...]:
    lus, suivant = [], parent.get("/First") if parent is not None else None
    while suivant is not None:
        page, _, x, y, *_ = suivant.Dest
        enfants = _lire_signets(suivant, numeros)
        lus.append(Signet(str(suivant.Title), numeros[page.objgen], float(x), float(y), enfants))
        suivant = suivant.get("/Next")
    return tuple(lus)
