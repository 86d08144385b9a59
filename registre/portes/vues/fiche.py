"""Une fiche, telle que chacun la lit, et son histoire."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from journal.service import revisions
from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.conformite.aipd import suggestions
from registre.conformite.constats import ecartes, par_exigence
from registre.conformite.controle import Conformite
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.fiche_lue import lire, sous_titre
from registre.fiche.historique import action, differences
from registre.fiche.lecture import date_en_mots
from registre.portes.requetes.gardees import avec_la_suite
from registre.portes.vues.pages import paginer
from traitements.models import MesureOrganisme, ModeleFiche, Traitement

REVISIONS_PAR_PAGE = 20


def fiche(request: RequeteHabilitee, pk) -> HttpResponse:
    traitement = get_object_or_404(agregat.FICHE.charger(Traitement.objects.filter(pk=pk)))
    codes = Codes()
    canonique = agregat.instantane_de(agregat.FICHE, traitement)
    jour = timezone.localdate()
    conformite = Conformite(request.organisme, codes)
    lue = lire(conformite.avec_applications(canonique, jour), codes)
    bilan = conformite.bilan(canonique, jour)
    contexte = {
        "traitement": traitement,
        "fiche": lue,
        "remarques": avec_la_suite(request, lue.reprise),
        "sous_titre": sous_titre(lue),
        "mesures_organisme": _mesures(traitement),
        "constats": par_exigence(bilan.constats),
        "ecartes": ecartes(bilan),
        "a_confirmer": canonique["a_confirmer"],
        "suggestions": [s for s in suggestions(conformite.faits(canonique)) if not s.retenue],
        "modele": codes.de(ModeleFiche).get(traitement.modele),
        "jour": date_en_mots(jour),
        "peut_modifier": peut(request, Permission.MODIFIER_FICHE),
        "peut_valider": peut(request, Permission.VALIDER_FICHE),
        "ecarter": traitement.pk if peut(request, Permission.VALIDER_FICHE) else None,
    }
    return render(request, "registre/fiche.html", contexte)


def _mesures(traitement: Traitement):
    if not traitement.securite_heritee:
        return []
    return MesureOrganisme.objects.filter(organisme=traitement.organisme_id).select_related("fiche")


def historique(request: RequeteHabilitee, pk) -> HttpResponse:
    """L'histoire d'une fiche ; celle d'un brouillon effacé se lit encore, le journal en garde tout."""
    traitement = Traitement.objects.only("reference", "intitule").filter(pk=pk).first()
    entrees = revisions("fiche", pk).defer("instantane")
    effacee = None if traitement else entrees.filter(organisme=request.organisme.pk).first()
    if traitement is None and effacee is None:
        raise Http404("Cette page n'existe pas.")
    paginee = paginer(request, entrees, REVISIONS_PAR_PAGE)
    codes = Codes()
    contexte = {
        "traitement": traitement,
        "effacee": effacee,
        **paginee,
        "revisions": [(e, action(e), differences(e, codes)) for e in paginee["page"]],
    }
    return render(request, "registre/historique.html", contexte)
