"""Ce qu'une écriture par l'API dit d'elle-même : la révision qu'elle a lue, l'organisme qu'elle vise, sa clé d'idempotence."""

from collections.abc import Callable

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.exceptions import ParseError
from rest_framework.response import Response

from registre.fiche import envois
from registre.fiche.enregistrement import Refus
from registre.fiche.envois import DejaRecu, Envoi
from registre.portes.api.erreurs import CleDejaEmployee, OrganismeNonActif, OrganismeRequis, RevisionRequise
from registre.portes.requetes.designation import entier

CLE_MAX = 255
SURES = ("GET", "HEAD", "OPTIONS")
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "minLength": 1, "pattern": r"\S"},
    "header",
    required=True,
    description="L'ETag que vous avez lu.",
)
ORGANISME = OpenApiParameter(
    "X-Organisme",
    str,
    "header",
    description="L'identifiant de l'organisme visé. Obligatoire pour écrire si vous travaillez pour plusieurs ; refusé (409) s'il "
    "n'est pas l'organisme actif de la session.",
)
IDEMPOTENCE = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": CLE_MAX},
    "header",
    description=f"Une clé de votre choix, {CLE_MAX} caractères au plus, gardée trente jours : le même envoi, répété, ne crée qu'un objet.",
)
REPONSES_ECRITURE = {
    400: OpenApiResponse(description="Données refusées : `erreurs`, par chemin de champ."),
    409: OpenApiResponse(description="X-Organisme ne nomme pas l'organisme actif."),
    412: OpenApiResponse(description="L'objet a changé depuis votre lecture."),
    428: OpenApiResponse(
        description="En-tête If-Match absent, ou X-Organisme absent de qui a plusieurs organismes."
    ),
}
REPONSES_CREATION = {
    400: REPONSES_ECRITURE[400],
    409: REPONSES_ECRITURE[409],
    422: OpenApiResponse(description="La clé d'idempotence a déjà servi pour un autre contenu."),
    428: OpenApiResponse(description="X-Organisme absent de qui a plusieurs organismes."),
}


def revision_lue(request) -> int:
    """La révision que porte `If-Match`. Lève 428 sans en-tête ; une étiquette inconnue est une révision impossible."""
    entete = request.headers.get("If-Match", "").strip()
    if not entete:
        raise RevisionRequise
    return entier(entete.removeprefix("W/").strip('"')) or -1


def verifier_organisme(request) -> None:
    """Ce qu'un client croit lire ou écrire est bien l'organisme actif. Lève 409, ou 428 s'il ne dit pas lequel il vise."""
    http, vise = request._request, request.headers.get("X-Organisme", "").strip().lower()
    if vise and vise != str(http.organisme.pk):
        raise OrganismeNonActif
    if not vise and request.method not in SURES and len(http.organismes) > 1:
        raise OrganismeRequis


def une_seule_fois(request, creer: Callable[[], Response], rendre: Callable[[str], Response]) -> Response:
    """Crée ; ou, si `Idempotency-Key` a déjà servi au même envoi, rend l'objet d'alors. Lève 422 pour un autre contenu."""
    cle = request.headers.get("Idempotency-Key", "")
    if not cle:
        return creer()
    if len(cle) > CLE_MAX:
        raise ParseError(f"Idempotency-Key : {CLE_MAX} caractères au plus.")
    envoi = envois.de_l_api(request._request, cle, repr(request.data).encode("utf-8", "surrogatepass"))
    if recu := envoi.recu():
        return _rendre(recu, envoi, rendre)
    try:
        with envois.en_cours(envoi):
            return creer()
    except DejaRecu as deja:
        return _rendre(deja.recu, envoi, rendre)
    except Refus:
        if recu := envoi.recu():  # le premier a fini pendant que celui-ci se contrôlait
            return _rendre(recu, envoi, rendre)
        raise


def _rendre(recu, envoi: Envoi, rendre: Callable[[str], Response]) -> Response:
    if recu.contenu_sha256 != envoi.contenu_sha256:
        raise CleDejaEmployee
    return rendre(recu.objet_id)
