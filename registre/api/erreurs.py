"""Les refus du service, en réponses HTTP : 400 par chemin de champ, 412 pour un conflit, 428 sans `If-Match`."""

from django.core.exceptions import RequestDataTooBig
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from registre.api.corps import CorpsTropLourd
from registre.enregistrement import Conflit, Refus


class VersionRequise(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Envoyez l'en-tête If-Match avec l'ETag que vous avez lu."
    default_code = "version_requise"


def traiter(exception: Exception, contexte: dict) -> Response | None:
    if isinstance(exception, Refus):
        return Response({"erreurs": exception.erreurs}, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(exception, Conflit):
        return Response({"detail": str(exception)}, status=status.HTTP_412_PRECONDITION_FAILED)
    if isinstance(exception, RequestDataTooBig):
        exception = CorpsTropLourd()
    return exception_handler(exception, contexte)
