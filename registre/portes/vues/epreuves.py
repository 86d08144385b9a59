"""Les épreuves d'anonymat : la liste, l'épreuve d'un fichier que l'on ne garde pas, la feuille de résultat."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from conservation.anonymat.epreuve import EpreuveImpossible
from conservation.models import Epreuve
from isolement.refus import FichierRefuse
from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.execution.epreuves import epreuve_pdf, service
from registre.execution.epreuves.feuille import dire, feuille
from registre.execution.epreuves.lecteur import SECOND
from registre.execution.epreuves.portee import hors_de_leur_duree, hors_de_sa_duree
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe
from registre.portes.requetes.gardees import remettre, reprise_de
from registre.portes.requetes.telechargement import exporte
from registre.portes.vues.epreuve_formulaires import FormulaireEpreuve, FormulaireRoles, relire_roles
from registre.portes.vues.pages import paginer_par_fiche
from traitements.models import Traitement
from traitements.phrases import compte, majuscule

PERIMEE = "Cette mesure n'est plus valable : choisissez de nouveau le fichier."


def epreuves(request: RequeteHabilitee) -> HttpResponse:
    toutes = Epreuve.objects.select_related("traitement").only(
        *"date regle regle_texte fichier lignes verdict auteur_nom criteres protocole durees_visees".split(),
        "traitement__reference",
        "traitement__intitule",
    )
    contexte: dict[str, Any] = {
        **paginer_par_fiche(request, toutes),
        "peut_eprouver": peut(request, Permission.MODIFIER_FICHE),
    }
    aujourd_hui = timezone.localdate()
    hors = hors_de_leur_duree(contexte["page"])
    contexte["lues"] = [
        (e, dire(e, hors.get(e.pk, "")), hors.get(e.pk) or service.a_refaire(e, aujourd_hui))
        for e in contexte["page"]
    ]
    return render(request, "registre/epreuves.html", contexte)


def epreuve(request: RequeteHabilitee, pk) -> HttpResponse:
    lue = get_object_or_404(Epreuve.objects.select_related("traitement"), pk=pk)
    contexte = {
        "epreuve": lue,
        "f": feuille(lue, hors=hors_de_sa_duree(lue)),
        "peut_eprouver": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/epreuve.html", contexte)


def epreuve_feuille(request: RequeteHabilitee, pk) -> HttpResponse:
    """La feuille de résultat, en PDF."""
    lue = get_object_or_404(Epreuve.objects.select_related("traitement", "organisme"), pk=pk)
    return exporte(epreuve_pdf, lue, f"Épreuve d'anonymat {lue.traitement.reference} {lue.date}")


def epreuve_nouvelle(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis le fichier, lu une fois, puis le rôle de chaque colonne."""
    fiche = designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        fiches = (
            Traitement.objects.actifs()
            .du_responsable()
            .order_by("reference_tri")
            .only("reference", "intitule")
        )
        return render(request, "registre/epreuve_fiche.html", {"fiches": fiches})
    if request.method == "POST":
        return _conclure(request, fiche) if "mesure" in request.POST else _lire(request, fiche)
    reprise = reprise_de(request)
    if reprise is not None and (roles := relire_roles(reprise, fiche, tape=False)):
        return _page_des_roles(request, fiche, roles)
    formulaire = FormulaireEpreuve(fiche=fiche, envoi=request, initial={"regle": request.GET.get("regle")})
    return _page_du_fichier(request, fiche, remettre(request, formulaire))


def _lire(request: RequeteHabilitee, fiche: Traitement) -> HttpResponse:
    """Mesure le fichier, et demande le rôle de ses colonnes."""
    formulaire = FormulaireEpreuve(request.POST, request.FILES, fiche=fiche, envoi=request)
    if not formulaire.is_valid():
        return _page_du_fichier(request, fiche, formulaire)
    lues = formulaire.cleaned_data
    try:
        mesure = service.mesurer(
            lues["fichier"],
            lues["fichier"].name,
            ligne=lues["ligne"],
            seuils=lues["seuils"],
            second=lues["second"],
        )
    except FichierRefuse as refus:
        du_second = str(refus).removeprefix(majuscule(SECOND))
        fautif = "fichier" if du_second == str(refus) else "second"
        formulaire.add_error(fautif, majuscule(du_second))
        return _page_du_fichier(request, fiche, formulaire)
    portees = {nom: lues[nom] for nom in ("regle", "donnees_origine")}
    roles = FormulaireRoles(initial={**portees, "mesure": mesure.signer(fiche)}, lue=mesure, fiche=fiche)
    return _page_des_roles(request, fiche, roles)


def _conclure(request: RequeteHabilitee, fiche: Traitement) -> HttpResponse:
    formulaire = relire_roles(request.POST, fiche, tape=True)
    if formulaire is None:
        neuf = FormulaireEpreuve(request.POST, request.FILES, fiche=fiche, envoi=request)
        neuf.errors.clear()
        neuf.add_error("fichier", PERIMEE)
        return _page_du_fichier(request, fiche, neuf)
    if formulaire.is_valid() and (faite := _consigner(request, fiche, formulaire)):
        messages.success(
            request, "L'épreuve est consignée, signée de votre nom ; le fichier n'est pas gardé."
        )
        return redirect("epreuve", pk=faite.pk)
    return _page_des_roles(request, fiche, formulaire)


def _consigner(request: RequeteHabilitee, fiche: Traitement, formulaire: FormulaireRoles) -> Epreuve | None:
    lues = formulaire.cleaned_data
    try:
        faite = service.conclure_epreuve(
            formulaire.lue,
            fiche=fiche,
            regle=lues["regle"],
            roles=formulaire.roles,
            origine=lues["donnees_origine"],
        )
        service.enregistrer(faite, auteur=request.auteur)
    except (EpreuveImpossible, Refus) as refus:
        formulaire.add_error(None, str(refus))
        return None
    return faite


def _page_du_fichier(
    request: RequeteHabilitee, fiche: Traitement, formulaire: FormulaireEpreuve
) -> HttpResponse:
    fautif = formulaire.is_bound and formulaire.errors
    return render(
        request,
        "registre/epreuve_nouvelle.html",
        {"fiche": fiche, "form": formulaire},
        status=422 if fautif else 200,
    )


def _page_des_roles(
    request: RequeteHabilitee, fiche: Traitement, formulaire: FormulaireRoles
) -> HttpResponse:
    contexte = {"fiche": fiche, "form": formulaire, "lignes": compte(formulaire.lue.lignes, "ligne")}
    fautif = formulaire.is_bound and formulaire.errors
    return render(request, "registre/epreuve_roles.html", contexte, status=422 if fautif else 200)
