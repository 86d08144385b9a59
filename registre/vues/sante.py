"""La page que la surveillance interroge : la base répond-elle ?"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse

from journal.models import Tete


@login_not_required
def sante(request: HttpRequest) -> JsonResponse:
    Tete.objects.exists()
    return JsonResponse({"etat": "ok"})
