"""Point d'entrée WSGI (gunicorn)."""

import os
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

from registre.portes.serveur.reglages import sans_trace

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registre.settings")


class Requete(WSGIRequest):
    """L'encodage que le corps annonce ne décode rien : `registre.portes.requetes.entree` le lit, et refuse ce qui n'est pas de l'UTF-8.

    Django l'applique aussi à l'adresse, dès la construction : « charset=bz2_codec » y fait tomber le service avant toute
    vue, sans page et sans journal.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Service(WSGIHandler):
    request_class = Requete


def servir() -> Service:
    django.setup(set_prefix=False)
    return Service()


application = sans_trace(servir)
