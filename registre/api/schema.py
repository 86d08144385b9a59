"""Ce que le schéma OpenAPI dit de l'authentification."""

from drf_spectacular.authentication import SessionScheme


class SchemaSession(SessionScheme):
    target_class = "registre.api.droits.AuthentificationSession"
    name = "session"
