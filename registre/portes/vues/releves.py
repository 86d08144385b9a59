"""Nouveau relevé : un fichier que l'on regarde, que l'on compte et que l'on ne garde pas."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from conservation.depart import ReleveImpossible
from conservation.models import Operation
from journal.service import operation
from organismes.requete import RequeteHabilitee
from registre.execution.categories import trouvees
from registre.execution.fichiers_peses import PERIMEE, FichierPese, LecturePossible, peser, relire
from registre.execution.plans import garder
from registre.execution.releves import consigner, durees_mesurables, examens, relever
from registre.execution.sources.demande import DemandeDeReleve, Releve, SourceRefusee
from registre.execution.sources.fichier import compter_televerse, empreinte_de
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe
from registre.portes.requetes.gardees import remettre, reprise_de
from registre.portes.vues.releve_formulaires import FormulaireColonne, FormulaireFichier
from traitements.models import Traitement
from traitements.phrases import compte, nombre

AUTRE_FICHIER = (
    "Ce n'est pas le fichier qui a été regardé : son empreinte diffère. Recommencez avec celui-ci."
)


def releve_nouveau(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis le fichier, lu une fois, puis sa colonne ; `?regle=` choisit la durée d'avance."""
    fiche = designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        return render(request, "registre/releve_fiche.html", {"fiches": _fiches()})
    regles = durees_mesurables(fiche)
    if request.method == "POST":
        return (_consigner if "pese" in request.POST else _regarder)(request, fiche, regles)
    reprise = reprise_de(request)
    if reprise is not None and (pese := relire(reprise.get("pese", ""), fiche)):
        return _page_de_la_colonne(request, fiche, FormulaireColonne(initial=reprise.dict(), pese=pese))
    formulaire = FormulaireFichier(regles=regles, envoi=request, initial=_initial(request, regles))
    return _page_du_fichier(request, fiche, remettre(request, formulaire))


def _regarder(request: RequeteHabilitee, fiche: Traitement, regles: list[tuple[int, str]]) -> HttpResponse:
    """Lit le fichier, et demande laquelle de ses colonnes compter, sous quel format."""
    formulaire = FormulaireFichier(request.POST, request.FILES, regles=regles, envoi=request)
    if not formulaire.is_valid():
        return _page_du_fichier(request, fiche, formulaire)
    saisie = formulaire.cleaned_data
    try:
        voulus = examens(fiche, saisie["regle"], saisie["au"])
        pese = peser(saisie["fichier"], saisie["fichier"].name, voulus)
    except ReleveImpossible as refus:
        formulaire.add_error("regle", str(refus))
    except SourceRefusee as refus:
        formulaire.add_error("fichier", str(refus))
    else:
        initial = {"pese": pese.signer(fiche), "choix": _sans_doute(pese)}
        return _page_de_la_colonne(request, fiche, FormulaireColonne(initial=initial, pese=pese))
    return _page_du_fichier(request, fiche, formulaire)


def _sans_doute(pese: FichierPese) -> str:
    """La seule colonne de dates, si son format ne fait pas de doute : elle est cochée d'avance."""
    proposes = [c for c in pese.choix() if c.lecture == c.colonne.proposee]
    colonnes = {(c.feuille.nom, c.colonne.nom) for c in pese.choix()}
    return proposes[0].cle if len(colonnes) == 1 and proposes else ""


def _consigner(request: RequeteHabilitee, fiche: Traitement, regles: list[tuple[int, str]]) -> HttpResponse:
    pese = relire(request.POST["pese"], fiche)
    if pese is None:
        return _recommencer(request, fiche, regles, PERIMEE)
    formulaire = FormulaireColonne(request.POST, request.FILES, pese=pese, envoi=request)
    if not formulaire.is_valid():
        return _page_de_la_colonne(request, fiche, formulaire)
    try:
        faits = _relever(request, fiche, pese, formulaire)
    except ReleveImpossible as refus:
        return _recommencer(request, fiche, regles, str(refus))
    except SourceRefusee as refus:
        formulaire.add_error("fichier" if formulaire.cleaned_data["filtres"] else "choix", str(refus))
    except Refus as refus:
        formulaire.add_error("plan" if "nom" in refus.erreurs else None, refus.phrases)
    else:
        for fait in faits:
            dire(request, fait)
        if plan := faits[0].plan:
            return redirect("plan_de_releve", pk=plan.pk)
        if len(faits) > 1:
            return redirect(f"{reverse('operations')}?fiche={fiche.pk}")
        return redirect("operation", pk=faits[0].pk)
    return _page_de_la_colonne(request, fiche, formulaire)


def _relever(
    request: RequeteHabilitee, fiche: Traitement, pese: FichierPese, formulaire: FormulaireColonne
) -> list[Operation]:
    """Un relevé par date limite, tous ou aucun, et le plan s'il est nommé. Lève `ReleveImpossible` si une durée a changé."""
    saisie = formulaire.cleaned_data
    voulus = pese.examens(fiche)
    demandes = [pese.demande(voulu, saisie["choix"], saisie["filtres"]) for voulu in voulus]
    lus = _compter(pese, saisie, demandes)
    with operation():
        plan = None
        if saisie["plan"]:
            plan = garder(voulus, demandes[0], lus[0], saisie["plan"], auteur=request.auteur)
        return [
            consigner(voulu, demande, lu, auteur=request.auteur, plan=plan)
            for voulu, demande, lu in zip(voulus, demandes, lus, strict=True)
        ]


def _compter(pese: FichierPese, saisie: dict[str, Any], demandes: list[DemandeDeReleve]) -> list[Releve]:
    """Sans filtre, les comptes déjà faits ; sinon ceux du fichier, relu : le même, à l'octet près. Lève `SourceRefusee`."""
    if not saisie["filtres"]:
        choisi = saisie["choix"]
        return [
            relever(partial(_deja_compte, pese, choisi, rang), demande)
            for rang, demande in enumerate(demandes)
        ]
    fichier = saisie["fichier"]
    if empreinte_de(fichier) != pese.sha256:
        raise SourceRefusee(AUTRE_FICHIER)
    return [relever(partial(compter_televerse, fichier, pese.nom), demande) for demande in demandes]


def _deja_compte(pese: FichierPese, choisi: LecturePossible, rang: int, _: DemandeDeReleve) -> Releve:
    return pese.releve(choisi, rang)


def _recommencer(
    request: RequeteHabilitee, fiche: Traitement, regles: list[tuple[int, str]], pourquoi: str
) -> HttpResponse:
    formulaire = FormulaireFichier(request.POST, regles=regles, initial=_initial(request, regles))
    formulaire.errors.clear()
    formulaire.add_error("fichier", pourquoi)
    return _page_du_fichier(request, fiche, formulaire)


def _page_du_fichier(
    request: RequeteHabilitee, fiche: Traitement, formulaire: FormulaireFichier
) -> HttpResponse:
    contexte = {"form": formulaire, "fiche": fiche, "regles": formulaire.regles}
    return render(request, "registre/releve_nouveau.html", contexte, status=422 if formulaire.errors else 200)


def _page_de_la_colonne(
    request: RequeteHabilitee, fiche: Traitement, formulaire: FormulaireColonne
) -> HttpResponse:
    contexte = {
        "form": formulaire,
        "fiche": fiche,
        "plusieurs": len(formulaire.lu.durees) > 1,
        "trouvees": trouvees(fiche, formulaire.lu.colonnes),
    }
    return render(request, "registre/releve_colonne.html", contexte, status=422 if formulaire.errors else 200)


def dire(request: HttpRequest, lu: Operation) -> None:
    """Le message d'un relevé que l'on vient de consigner."""
    if lu.en_retard:
        messages.warning(
            request,
            f"{compte(lu.en_retard, 'ligne')} au-delà du terme sur {nombre(lu.examinees or 0)} : la durée est dite non appliquée. Seul "
            "un relevé complet à zéro de la même source le fermera.",
        )
    else:
        messages.success(
            request,
            f"Aucune ligne au-delà du terme sur {nombre(lu.examinees or 0)} : le relevé est consigné.",
        )
    if lu.sans_date:
        messages.warning(
            request,
            f"{compte(lu.sans_date, 'ligne')} sans date lisible : le relevé n'en dit rien"
            f"{'.' if lu.en_retard else ', et ne prouve donc pas la durée appliquée.'}",
        )


def _fiches():
    """Les fiches dont une durée est chiffrée ; les archives aussi, tant que leurs données existent."""
    mesurables = Count("conservations", filter=Q(conservations__duree_valeur__isnull=False))
    return (
        Traitement.objects.annotate(mesurables=mesurables)
        .filter(mesurables__gt=0)
        .order_by("reference_tri")
        .only("reference", "intitule")
    )


def _initial(request: HttpRequest, regles: list[tuple[int, str]]) -> dict:
    numeros = [str(numero) for numero, _ in regles]
    voulus = [n for n in request.GET.getlist("regle") if n in numeros]
    return {"au": timezone.localdate(), "regle": voulus or (numeros if len(numeros) == 1 else [])}
