"""Ce qui entre par HTTP, avant toute vue : de l'UTF-8, entier, sans caractère nul dans l'adresse."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from registre.portes.requetes.designation import entier

NUL, REMPLACANT = "\x00", "\N{REPLACEMENT CHARACTER}"
TRONQUE = "Votre envoi est arrivé incomplet : rien n'a été enregistré. Recommencez."
PAS_UTF8 = "Cette application ne lit que l'UTF-8."
CORPS = {"POST", "PUT", "PATCH", "DELETE"}


class RefusDEntree(BadRequest):
    """Ce qui arrive ne peut pas être lu ; le message, en français, est pour la personne."""


class EntreeMiddleware:
    """Un encodage annoncé autre que l'UTF-8, un corps coupé en route : 400. Un caractère nul ne cherche rien."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        if not en_utf8(request.content_params.get("charset")) and not _api(request):
            raise RefusDEntree(PAS_UTF8)
        if NUL in request.path_info:
            raise RefusDEntree("Cette adresse n'existe pas.")
        if not _api(request):
            request.GET = _sans_nul(request)
        request.COOKIES = {nom: v for nom, v in request.COOKIES.items() if NUL not in v}
        return self.suite(request)

    def process_view(self, request, vue, arguments, options):
        if request.method in CORPS and not _api(request) and _tronque(request):
            raise RefusDEntree(TRONQUE)


def en_utf8(charset: str | None) -> bool:
    """L'encodage annoncé est-il l'UTF-8, ou tu ?"""
    return (charset or "utf-8").strip("\"' ").lower() in ("utf-8", "utf8")


def _api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")  # elle répond elle-même, en JSON


def _sans_nul(request: HttpRequest):
    """Un critère qui porte un caractère nul ne trouve rien, sur SQLite comme sur PostgreSQL, qui le refuse."""
    if NUL not in "".join([*request.GET, *(v for vs in request.GET.lists() for v in vs[1])]):
        return request.GET
    propre = request.GET.copy()
    propre.clear()
    for nom, valeurs in request.GET.lists():
        propre.setlist(nom.replace(NUL, REMPLACANT), [v.replace(NUL, REMPLACANT) for v in valeurs])
    return propre


def _tronque(request: HttpRequest) -> bool:
    """Le corps annoncé est-il plus long que le corps reçu ? Un formulaire coupé perdrait ses dernières lignes en silence."""
    annonce = entier(request.META.get("CONTENT_LENGTH")) or 0
    if request.content_type == "multipart/form-data" and not hasattr(request, "_body"):
        _ = request.POST  # lit tout, fichiers compris
        return getattr(request._stream, "_pos", annonce) < annonce
    return request.content_type == "application/x-www-form-urlencoded" and len(request.body) < annonce
