"""Ce que le service donne à télécharger : un seul endroit nomme le fichier, en dit le type, et le tient hors du navigateur."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)
NEUTRE = "application/octet-stream"
# Ce qu'une preuve peut être, et ce que le service donne d'autre qu'un export. Une autre extension devient « bin » : rien qui s'exécute.
EXTENSIONS = frozenset(
    "pdf json jsonld csv txt ics ods xlsx zip log md xml eml odt docx png jpg jpeg webp tiff sig p7s asc tsr bin".split()
)
MORCEAU = 1 << 16  # octets
NOM_MAX = 120  # caractères ; le nom entier tient alors dans les limites des systèmes de fichiers
OCTETS_MAX = 200
INTERDITS = frozenset('/\\:*?"<>|%;')


def telechargement(
    octets: bytes | str,
    titre: str,
    extension: str,
    type_mime: str = NEUTRE,
    permises: frozenset[str] = EXTENSIONS,
) -> HttpResponse:
    """La réponse qui donne ce fichier : jamais affiché, jamais deviné, jamais gardé en chemin."""
    return _tenu(HttpResponse(octets, content_type=type_mime), titre, extension, permises)


def exporte(module: Any, demande: Any, titre: str) -> HttpResponse:
    """Ce qu'un module d'export produit de cette demande, sous ce nom ; son extension est la sienne, quelle qu'elle soit."""
    permises = EXTENSIONS | {module.EXTENSION}
    return telechargement(module.produire(demande), titre, module.EXTENSION, module.TYPE_MIME, permises)


def fichier_recu(chemin: Path, nom: str) -> StreamingHttpResponse:
    """Le fichier qu'une personne a déposé, au fil de l'eau : son nom est un texte comme un autre, son type ne l'est pas."""
    titre, point, extension = nom.rpartition(".")
    reponse = StreamingHttpResponse(_morceaux(chemin), content_type=NEUTRE)
    reponse["Content-Length"] = str(chemin.stat().st_size)
    return _tenu(reponse, titre if point else nom, extension if point else "bin", EXTENSIONS)


def _morceaux(chemin: Path) -> Iterator[bytes]:
    """Le fichier ne s'ouvre qu'à la première lecture : une réponse que personne ne lit n'en garde aucun ouvert."""
    with chemin.open("rb") as flux:
        while morceau := flux.read(MORCEAU):
            yield morceau


def _tenu(reponse: R, titre: str, extension: str, permises: frozenset[str]) -> R:
    reponse["Content-Disposition"] = disposition(titre, extension, permises)
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def disposition(titre: str, extension: str, permises: frozenset[str] = EXTENSIONS) -> str:
    """L'en-tête qui nomme le fichier (RFC 6266, RFC 8187) : un nom ASCII de repli, puis le vrai.

    Ni commande, ni séparateur de chemin, ni signe qui retourne le sens de lecture ; l'extension est l'une des `permises`.
    """
    extension = extension.lower() if extension.lower() in permises else "bin"
    propre = _propre(titre)
    simple = _propre(unicodedata.normalize("NFKD", propre).encode("ascii", "ignore").decode())
    vrai = quote(f"{propre or 'fichier'}.{extension}", safe="")
    return f"attachment; filename=\"{simple or 'fichier'}.{extension}\"; filename*=UTF-8''{vrai}"


def _propre(titre: str) -> str:
    """Le nom sans ce qu'un système ou un en-tête interprète, à la longueur voulue, points et espaces de bord ôtés."""
    lettres = "".join(
        " " if c in INTERDITS or _invisible(c) else c for c in unicodedata.normalize("NFC", titre)
    )
    court = " ".join(lettres.split())[:NOM_MAX].encode()[:OCTETS_MAX].decode(errors="ignore")
    return court.strip(". ")


def _invisible(caractere: str) -> bool:
    """Commande, format (dont U+202E), moitié de caractère, usage privé, séparateur de ligne."""
    return unicodedata.category(caractere) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
