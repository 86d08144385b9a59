"""L'organisme et ses tiers, en lecture ; le choix de l'organisme actif."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organismes.droits import Droit, peut
from organismes.models import Habilitation, Organisme, Tiers
from organismes.portee import CLE_SESSION
from registre import agregat
from registre.agregat import instantane_de
from registre.codes import Codes
from registre.fiche import Valeur
from registre.lecture import elements

BLOCS = (
    (
        "Responsable du traitement",
        "art. 30(1)(a)",
        "raison_sociale siren adresse code_postal ville pays telephone courriel site "
        "representant_legal representant_legal_qualite",
    ),
    (
        "Délégué à la protection des données",
        "art. 37 à 39",
        "dpo_obligatoire dpo_nom dpo_societe dpo_adresse dpo_code_postal dpo_ville dpo_telephone dpo_courriel",
    ),
    (
        "Représentant dans l'Union",
        "art. 27",
        "etabli_ue representant_ue_nom representant_ue_adresse representant_ue_code_postal representant_ue_ville "
        "representant_ue_telephone representant_ue_courriel",
    ),
    (
        "Activité",
        "art. 30(5)",
        "secteur effectif est_sous_traitant derogation_30_5 declare_hors_rgpd doctrine_profilage delai_revue_mois",
    ),
)
PAR_PAGE = 50


def organisme(request: HttpRequest) -> HttpResponse:
    lu = get_object_or_404(agregat.ORGANISME.charger(Organisme.objects.filter(pk=request.organisme.pk)))
    habilitations = Habilitation.objects.actives(timezone.localdate()).select_related("utilisateur")
    contexte = {
        "organisme": lu,
        "blocs": blocs(lu, Codes()),
        "mesures": lu.mesures.select_related("fiche"),
        "habilitations": habilitations,
        "reprise": lu.reprise,
        "peut_modifier": peut(request, Droit.MODIFIER_ORGANISME),
    }
    return render(request, "registre/organisme.html", contexte)


def blocs(lu: Organisme, codes: Codes) -> list[tuple[str, str, list[Valeur]]]:
    """L'identité en blocs de valeurs lues ; sert aussi la page d'identité du PDF."""
    donnees = instantane_de(agregat.ORGANISME, lu)
    return [
        (titre, article, [_valeur(nom, donnees, codes) for nom in noms.split()]) for titre, article, noms in BLOCS
    ]


def _valeur(nom: str, donnees: dict, codes: Codes) -> Valeur:
    champ = Organisme._meta.get_field(nom)
    return Valeur(nom, str(champ.verbose_name), tuple(elements(champ, donnees[nom], codes)))


def tiers(request: HttpRequest) -> HttpResponse:
    tous = Tiers.objects.select_related("pays", "parent")
    recherche = request.GET.get("q", "").replace("\x00", "")
    if recherche:
        tous = tous.filter(nom__icontains=recherche)
    page = Paginator(tous, PAR_PAGE).get_page(request.GET.get("page"))
    qualites = dict(Tiers._meta.get_field("qualites").choix.choices)
    contexte = {
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number),
        "lignes": [(t, ", ".join(qualites[q] for q in t.qualites)) for t in page],
        "recherche": recherche,
        "aujourdhui": timezone.localdate(),
        "peut_modifier": peut(request, Droit.MODIFIER_TIERS),
    }
    return render(request, "registre/tiers.html", contexte)


def choisir(request: HttpRequest) -> HttpResponse:
    """GET : les organismes où je suis habilité. POST : j'y travaille désormais."""
    if request.method == "POST":
        choisi = next((o for o in request.organismes if str(o.pk) == request.POST.get("organisme")), None)
        if choisi is not None:
            request.session[CLE_SESSION] = str(choisi.pk)
            messages.success(request, f"Vous travaillez maintenant dans le registre de {choisi}.")
            return redirect("tableau")
    return render(request, "registre/choisir.html", {"organismes": request.organismes})
