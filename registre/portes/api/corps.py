"""Le corps des requêtes de l'API : du JSON en UTF-8, de taille bornée, lu sans rien laisser deviner."""

from django.utils.http import parse_header_parameters
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser

from isolement.json_strict import Malforme, lire_json
from registre.portes.requetes.entree import en_utf8

OCTETS_MAX = 5_000_000  # une fiche de 500 éléments par liste en pèse moins d'un million


class CorpsTropLourd(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = f"Ce corps dépasse {OCTETS_MAX // 1_000_000} Mo : rien n'en a été lu."
    default_code = "corps_trop_lourd"


class CorpsJson(JSONParser):
    """Remplace celui de DRF, qui décode selon le `charset` annoncé et prend la dernière de deux clés."""

    def parse(self, stream, media_type=None, parser_context=None):
        _, parametres = parse_header_parameters(media_type or "")
        if not en_utf8(parametres.get("charset")):
            raise UnsupportedMediaType(media_type, "Cette API ne lit que l'UTF-8.")
        octets = stream.read(OCTETS_MAX + 1)
        if len(octets) > OCTETS_MAX:
            raise CorpsTropLourd
        try:
            return lire_json(octets)
        except Malforme as erreur:
            raise ParseError(f"Ce corps n'est pas un JSON lisible : {erreur}.") from erreur
