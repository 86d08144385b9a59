"""Ce que le schéma OpenAPI dit de plus que les vues : l'authentification, chaque refus, et que rien d'autre ne s'envoie."""

from typing import Any

from django.apps import apps
from drf_spectacular.authentication import SessionScheme

from registre.portes.api.types import CODES

ERREUR = {
    "type": "object",
    "description": "`detail` : la phrase du refus ; `erreurs` : les messages, par chemin de champ.",
    "properties": {
        "detail": {"type": "string"},
        "erreurs": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
REFUS = {
    400: "Requête refusée : illisible, ou données refusées, par chemin de champ dans `erreurs`.",
    401: "Aucune session : connectez-vous.",
    403: "Vos habilitations, ou le jeton CSRF, ne le permettent pas.",
    404: "Rien sous cette adresse dans l'organisme actif.",
    406: "Cette API ne répond qu'en JSON.",
    409: "L'envoi contredit l'état de la session ou de l'objet.",
    412: "L'objet a changé depuis votre lecture.",
    413: "Corps trop lourd.",
    415: "Cette API ne lit que le JSON, en UTF-8.",
    422: "L'envoi est lisible, et ne peut pas être accepté tel quel.",
    428: "En-tête exigé absent.",
}


class SchemaSession(SessionScheme):
    target_class = "registre.portes.api.droits.AuthentificationSession"
    name = "session"


def resserrer(result: dict[str, Any], generator, request, public) -> dict[str, Any]:
    """Complète le schéma de drf-spectacular (`POSTPROCESSING_HOOKS`) : refus de chaque opération, objets fermés."""
    schemas = result["components"]["schemas"]
    for decrit in schemas.values():
        if decrit.get("type") == "object" and "properties" in decrit:
            decrit["additionalProperties"] = False
        _enumerer(decrit)
    schemas["Erreur"] = ERREUR
    for methodes in result["paths"].values():
        for operation in methodes.values():
            if isinstance(operation, dict) and "responses" in operation:
                _dire_les_refus(operation)
    return result


def _enumerer(decrit: Any) -> None:
    """Met à la place de chaque renvoi à un référentiel ses codes du jour ; un référentiel pas encore chargé n'en donne pas."""
    if isinstance(decrit, dict):
        if modele := decrit.pop(CODES, ""):
            codes = sorted(apps.get_model(modele).objects.values_list("code", flat=True))
            vides = ["", None] if decrit.get("nullable") else []
            decrit |= {"enum": [*codes, *vides]} if codes else {}
        decrit = list(decrit.values())
    for partie in decrit if isinstance(decrit, list) else ():
        _enumerer(partie)


def _dire_les_refus(operation: dict[str, Any]) -> None:
    for statut in sorted(_statuts(operation)):
        operation["responses"][str(statut)] = {
            "description": REFUS[statut],
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Erreur"}}},
        }


def _statuts(operation: dict[str, Any]) -> set[int]:
    parametres = operation.get("parameters", [])
    statuts = {401, 403, 406} | {int(s) for s in operation["responses"] if int(s) in REFUS}
    if any(p["in"] == "path" or p["name"] == "page" for p in parametres):
        statuts.add(404)
    if any(p["in"] == "query" for p in parametres):
        statuts.add(400)
    if "requestBody" in operation:
        statuts |= {400, 413, 415}
    return statuts | ({412, 428} if any(p["name"] == "If-Match" for p in parametres) else set())
