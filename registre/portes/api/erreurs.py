"""Les refus du service, en réponses HTTP : 400 par chemin de champ, 412 pour un conflit, 428 sans `If-Match`."""

from django.core.exceptions import RequestDataTooBig
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.api.corps import CorpsTropLourd


class RevisionRequise(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Envoyez l'en-tête If-Match avec l'ETag que vous avez lu."
    default_code = "revision_requise"


class OrganismeNonActif(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = (
        "L'en-tête X-Organisme ne nomme pas l'organisme actif de votre session : rien n'a été lu ni écrit."
    )
    default_code = "autre_organisme"


class OrganismeRequis(APIException):
    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = "Vous travaillez pour plusieurs organismes : nommez celui-ci par l'en-tête X-Organisme."
    default_code = "organisme_requis"


class CleDejaEmployee(APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = "Cette clé d'idempotence a déjà servi pour un autre contenu : rien n'a été écrit."
    default_code = "cle_employee"


def traiter(exception: Exception, contexte: dict) -> Response | None:
    if isinstance(exception, Refus):
        return Response({"erreurs": exception.erreurs}, status=status.HTTP_400_BAD_REQUEST)
    if isinstance(exception, Conflit):
        return Response({"detail": str(exception)}, status=status.HTTP_412_PRECONDITION_FAILED)
    if isinstance(exception, RequestDataTooBig):
        exception = CorpsTropLourd()
    return exception_handler(exception, contexte)
