"""L'organisme et ses tiers, en lecture ; le choix de l'organisme actif."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organismes import brouillons
from organismes.choix import QualiteTiers
from organismes.droits import Permission, hors_periode, peut
from organismes.models import Habilitation, Organisme, Tiers, Utilisateur
from organismes.pliage import ordre
from organismes.portee import CLE_SESSION
from organismes.requete import RequeteConnectee, RequeteHabilitee
from registre.conformite.constats import par_exigence
from registre.conformite.controle import Conformite
from registre.fiche import agregat, envois
from registre.fiche.agregat import instantane_de
from registre.fiche.codes import Codes
from registre.fiche.fiche_lue import RubriqueLue, lire_rubrique, remarques
from registre.fiche.recherche import chercher_tiers, coupee
from registre.fiche.rubriques_organisme import PLAN_ORGANISME
from registre.portes.requetes.gardees import avec_la_suite
from registre.portes.vues.pages import paginer
from traitements.phrases import de


def organisme(request: RequeteHabilitee) -> HttpResponse:
    lu = get_object_or_404(agregat.ORGANISME.charger(Organisme.objects.filter(pk=request.organisme.pk)))
    actives = Habilitation.objects.actives(timezone.localdate()).select_related("utilisateur")
    habilitations = sorted(actives, key=lambda h: (ordre(h.utilisateur.nom), h.debut))
    contexte = {
        "organisme": lu,
        "blocs": blocs(lu, Codes()),
        "habilitations": habilitations,
        "reprise": avec_la_suite(request, remarques(lu.reprise)),
        "constats": par_exigence(Conformite(request.organisme).constats_organisme(timezone.localdate())),
        "peut_modifier": peut(request, Permission.MODIFIER_ORGANISME),
    }
    return render(request, "registre/organisme.html", contexte)


def blocs(lu: Organisme, codes: Codes) -> list[RubriqueLue]:
    """L'identité en rubriques lues ; sert aussi la page d'identité du PDF."""
    donnees = instantane_de(agregat.ORGANISME, lu)
    return [lire_rubrique(Organisme, r, donnees, codes) for r in PLAN_ORGANISME]


def tiers(request: RequeteHabilitee) -> HttpResponse:
    recherche, inactifs = request.GET.get("q", ""), request.GET.get("inactifs") == "1"
    trouves = chercher_tiers(Tiers.objects.select_related("pays", "parent", "fusionne_dans"), recherche)
    paginee = paginer(request, trouves.filter(actif=not inactifs))
    qualites = dict(QualiteTiers.choices)
    contexte = {
        **paginee,
        "lignes": [(t, ", ".join(qualites[q] for q in t.qualites)) for t in paginee["page"]],
        "recherche": recherche,
        "coupee": coupee(recherche),
        "inactifs": inactifs,
        "autres": trouves.filter(actif=inactifs).count(),
        "homonymes": Tiers.homonymes(),
        "peut_fusionner": peut(request, Permission.VALIDER_FICHE),
        "aujourdhui": timezone.localdate(),
        "peut_modifier": peut(request, Permission.MODIFIER_TIERS),
    }
    return render(request, "registre/tiers.html", contexte)


def choisir(request: RequeteConnectee) -> HttpResponse:
    """GET : les organismes où je suis habilité. POST : j'y travaille désormais, et reviens à la page que j'y avais laissée."""
    if request.method == "POST":
        suite = _page_laissee(request)
        if suite and not request.POST.get("organisme"):
            return redirect(suite)
        choisi = next((o for o in request.organismes if str(o.pk) == request.POST.get("organisme")), None)
        if choisi is not None:
            request.session[CLE_SESSION] = str(choisi.pk)
            messages.success(
                request, f"Vous travaillez maintenant dans le registre {de(choisi.raison_sociale)}."
            )
            return redirect(suite or "tableau")
    return render(request, "registre/choisir.html", {"organismes": request.organismes})


def sans_habilitation(request: RequeteConnectee) -> HttpResponse:
    """L'accueil de qui n'a rien à lire aujourd'hui : ses missions passées ou à venir, et à qui s'adresser."""
    jour = timezone.localdate()
    contexte = {
        "jour": jour,
        "missions": hors_periode(request.user, jour),
        "administrateurs": Utilisateur.objects.filter(administrateur=True, is_active=True),
    }
    return render(request, "registre/sans_habilitation.html", contexte)


def _page_laissee(request: RequeteConnectee) -> str:
    """L'adresse d'un brouillon à reprendre, ou de la page ouverte pour un autre organisme ; vide s'il n'y en a pas."""
    if voulu := request.POST.get("brouillon"):
        siens = brouillons.siens(request.user, request.organismes)
        return next((b.reprise for b in siens if str(b.pk) == voulu), "")
    enveloppe = envois.lire(request.POST.get("retour", ""))
    return enveloppe.reprise if enveloppe and enveloppe.personne == str(request.user.pk) else ""
