"""Les brouillons d'une personne : en garder un pendant qu'elle tape, en jeter un."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from organismes import brouillons
from organismes.requete import RequeteConnectee
from registre.fiche import envois
from registre.portes.requetes.gardees import NonGardee, garder


@csrf_exempt  # l'enveloppe, signée et propre à la personne, tient lieu de jeton ; elle survit à une reconnexion ailleurs
@require_POST
def garder_en_tapant(request: RequeteConnectee) -> JsonResponse:
    """Ce que le navigateur envoie pendant la saisie : 200 gardé, 409 d'un autre compte, 410 déjà enregistré, 413 trop long."""
    enveloppe = envois.lire(request.POST.get(envois.CHAMP, ""))
    if enveloppe is None or enveloppe.personne != str(request.user.pk) or not _habilite(request, enveloppe):
        return JsonResponse({"etat": "refuse"}, status=409)
    try:
        garder(request, enveloppe)
    except NonGardee:
        return JsonResponse({"etat": "refuse"}, status=409)
    except brouillons.BrouillonClos:
        return JsonResponse({"etat": "clos"}, status=410)
    except brouillons.TropLong:
        return JsonResponse({"etat": "trop-long"}, status=413)
    return JsonResponse(
        {"etat": "garde", "heure": f"{timezone.localtime():%-H\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}%M}"}
    )


def _habilite(request: RequeteConnectee, enveloppe: envois.Enveloppe) -> bool:
    return not enveloppe.organisme or enveloppe.organisme in {str(o.pk) for o in request.organismes}


@require_POST
def jeter(request: RequeteConnectee, pk) -> HttpResponse:
    """Jette un brouillon de la personne ; celui d'une autre n'existe pas."""
    vise = next((b for b in brouillons.siens(request.user, request.organismes) if b.pk == pk), None)
    if vise is None:
        raise Http404("Ce brouillon n'existe plus.")
    brouillons.clore(request.user, vise.organisme_id, vise.numero, vise.adresse)
    messages.success(request, "Le brouillon est jeté.")
    return redirect(vise.adresse if "page" in request.POST else "compte")
