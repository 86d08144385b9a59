"""Nouveau relevé : un fichier que l'on regarde, que l'on compte et que l'on ne garde pas."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from conservation.comptage import Decompte
from conservation.depart import ReleveImpossible
from conservation.models import Operation
from organismes.requete import RequeteHabilitee
from registre.execution.fichiers_peses import PERIMEE, FichierPese, peser, relire
from registre.execution.releves import consigner, durees_mesurables, examen, relever
from registre.execution.sources.demande import DemandeDeReleve, Releve, SourceRefusee
from registre.execution.sources.fichier import compter_televerse
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe
from registre.portes.requetes.gardees import remettre, reprise_de
from registre.portes.vues.releve_formulaires import FormulaireColonne, FormulaireFichier
from traitements.models import Traitement
from traitements.phrases import compte, nombre

CHANGEE = "La durée a changé depuis que ce fichier a été lu : choisissez-le de nouveau."
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
        voulu = examen(fiche, saisie["regle"], saisie["au"])
        pese = peser(saisie["fichier"], saisie["fichier"].name, voulu)
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
        fait, lu = _relever(request, fiche, pese, formulaire)
    except ReleveImpossible:
        return _recommencer(request, fiche, regles, CHANGEE)
    except SourceRefusee as refus:
        formulaire.add_error("fichier" if formulaire.cleaned_data["filtres"] else "choix", str(refus))
    except Refus as refus:
        formulaire.add_error(None, [m for siens in refus.erreurs.values() for m in siens])
    else:
        _dire(request, lu)
        return redirect("operation", pk=fait.pk)
    return _page_de_la_colonne(request, fiche, formulaire)


def _relever(
    request: RequeteHabilitee, fiche: Traitement, pese: FichierPese, formulaire: FormulaireColonne
) -> tuple[Operation, Decompte]:
    """Sans filtre, le compte déjà fait ; sinon celui du fichier, relu. Lève `ReleveImpossible` si la durée a changé."""
    saisie = formulaire.cleaned_data
    voulu = examen(fiche, pese.regle, pese.le)
    if voulu.limite != pese.limite or voulu.phrase != pese.brut.get("duree"):
        raise ReleveImpossible(CHANGEE)
    choisi = saisie["choix"]
    demande = pese.demande(voulu, choisi, saisie["filtres"])

    def relu(demande: DemandeDeReleve) -> Releve:
        releve = compter_televerse(saisie["fichier"], pese.nom, demande)
        if releve.sha256 != pese.sha256:
            raise SourceRefusee(AUTRE_FICHIER)
        return releve

    releve = relever(relu if demande.filtres else lambda _: pese.releve(choisi), demande)
    return consigner(voulu, demande, releve, auteur=request.auteur), releve.compte


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
    duree = dict(durees_mesurables(fiche)).get(formulaire.lu.regle, "")
    contexte = {"form": formulaire, "fiche": fiche, "duree": duree}
    return render(request, "registre/releve_colonne.html", contexte, status=422 if formulaire.errors else 200)


def _dire(request: HttpRequest, lu: Decompte) -> None:
    if lu.en_retard:
        messages.warning(
            request,
            f"{compte(lu.en_retard, 'ligne')} au-delà du terme sur {nombre(lu.examinees)} : la durée est dite non appliquée. Seul "
            "un relevé complet à zéro de la même source le fermera.",
        )
    else:
        messages.success(
            request, f"Aucune ligne au-delà du terme sur {nombre(lu.examinees)} : le relevé est consigné."
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
    voulu = request.GET.get("regle", "")
    return {
        "au": timezone.localdate(),
        "regle": voulu if voulu in numeros else (numeros[0] if len(numeros) == 1 else None),
    }
