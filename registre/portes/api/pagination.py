from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination

from registre.portes.requetes.designation import entier

TAILLE_MAX = 200


class Pagination(PageNumberPagination):
    """`page` et `taille` : des nombres, ou un refus. Une valeur absurde n'en devient pas une autre."""

    page_size = 50
    page_size_query_param = "taille"
    max_page_size = TAILLE_MAX

    def get_page_size(self, request) -> int:
        demandee = request.query_params.get(self.page_size_query_param)
        if demandee is None:
            return self.page_size
        taille = entier(demandee) or 0
        if not 1 <= taille <= TAILLE_MAX:
            raise ValidationError({"taille": [f"Il faut un nombre entre 1 et {TAILLE_MAX}."]})
        return taille

    def get_page_number(self, request, paginator) -> int:
        numero = entier(request.query_params.get(self.page_query_param, "1")) or 0
        if numero < 1:
            raise ValidationError({"page": ["Il faut le numéro d'une page : 1, 2, 3."]})
        return numero

    def get_schema_operation_parameters(self, view):
        bornes = {"page": {"minimum": 1}, "taille": {"minimum": 1, "maximum": TAILLE_MAX}}
        parametres = super().get_schema_operation_parameters(view)
        return [p | {"schema": {"type": "integer", **bornes[p["name"]]}} for p in parametres]
