"""Les plans de relevé : la liste, un plan et sa tendance, ce qui s'en modifie, un relevé de plus sur le fichier qu'il lit."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from conservation.choix import GenreSource
from conservation.depart import ReleveImpossible
from conservation.models import Operation, PlanReleve
from journal.service import operation
from organismes.droits import Permission, peut
from organismes.jours import controler_jour
from organismes.requete import RequeteHabilitee
from registre.execution.plans import (
    PlanImpossible,
    adresse_dite,
    demande_du_plan,
    dire_ecarts,
    durees_du_plan,
    examens_du_plan,
    exiger_ce_nom,
    garder_ce_releve,
    lecture_du_plan,
    modifier,
    se_garde,
)
from registre.execution.releves import consigner, durees_mesurables, relever
from registre.execution.sources.demande import SourceRefusee
from registre.execution.sources.fichier import compter_televerse
from registre.execution.tendances import tendances
from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.requetes.formulaires import champ, poser
from registre.portes.requetes.gardees import remettre
from registre.portes.requetes.televersement import SansFichierPerdu
from registre.portes.vues.pages import paginer_par_fiche
from registre.portes.vues.releve_formulaires import ACCEPTES, TROP_LOURD
from registre.portes.vues.releves import dire

SANS_PLAN = "Ce relevé ne fait pas un plan à lui seul : seul un fichier compté par Registre, et qui n'en a pas encore, se refait d'une page."
CHANGE = "Une autre personne vient de modifier ce plan : relisez-le, puis reprenez votre modification."


class FormulaireNom(forms.Form):
    nom = forms.CharField(label="Nom du plan", max_length=120)


class FormulairePlan(forms.Form):
    """Ce qui change d'un plan : son nom, ses durées, s'il est relevé. Ce qu'il lit ne change pas."""

    nom = forms.CharField(label="Nom du plan", max_length=120)
    regle = forms.TypedMultipleChoiceField(
        label="Durées comptées",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="Telles qu'elles sont aujourd'hui : enregistrer les reprend dans leur état présent.",
        error_messages={"required": "Cochez au moins une durée."},
    )
    actif = forms.BooleanField(
        label="Plan actif",
        required=False,
        help_text="Décoché, le plan est arrêté : ni une page ni une tâche planifiée ne le relève plus. Il n'est jamais effacé.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, plan: PlanReleve, **options):
        super().__init__(*args, **options)
        champ(self, "regle", forms.TypedMultipleChoiceField).choices = [
            (str(n), phrase) for n, phrase in durees_mesurables(plan.traitement)
        ]


class FormulaireFichierDuPlan(SansFichierPerdu, forms.Form):
    """Le fichier que lit le plan, extrait de nouveau."""

    fichier = forms.FileField(label="Fichier", widget=forms.FileInput(attrs={"accept": ACCEPTES}))
    au = forms.DateField(
        label="Jour de l'extraction",
        validators=[controler_jour],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="La date limite se calcule à ce jour.",
    )

    trop_lourd = TROP_LOURD

    def clean_au(self):
        au = self.cleaned_data["au"]
        if au > timezone.localdate():
            raise forms.ValidationError("Un relevé se consigne une fois fait : cette date est à venir.")
        return au


def plans_de_releve(request: RequeteHabilitee) -> HttpResponse:
    lus = (
        PlanReleve.objects.select_related("traitement")
        .annotate(faits=Count("releves"), dernier=Max("releves__date"))
        .order_by("-actif", "nom")
    )
    contexte = {**paginer_par_fiche(request, lus), "peut_consigner": peut(request, Permission.MODIFIER_FICHE)}
    return render(request, "registre/plans.html", contexte)


def plan_de_releve(request: RequeteHabilitee, pk) -> HttpResponse:
    plan = _plan(pk)
    contexte = {
        "plan": plan,
        "fichier": plan.genre == GenreSource.FICHIER,
        "durees": durees_du_plan(plan),
        "lecture": lecture_du_plan(plan),
        "adresse": adresse_dite(plan),
        "tendances": tendances(plan),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/plan.html", contexte)


def plan_nouveau(request: RequeteHabilitee, pk) -> HttpResponse:
    """Le plan d'un relevé déjà consigné : il n'y manque que le nom."""
    releve = get_object_or_404(Operation.objects.select_related("traitement", "organisme"), pk=pk)
    if not se_garde(releve):
        messages.info(request, SANS_PLAN)
        return redirect("operation", pk=releve.pk)
    formulaire = remettre(request, FormulaireNom(request.POST or None))
    if request.method == "POST" and formulaire.is_valid():
        try:
            plan = garder_ce_releve(releve, formulaire.cleaned_data["nom"], auteur=request.auteur)
        except Refus as refus:
            poser(formulaire, refus)
        except PlanImpossible as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(request, "Le plan est gardé.")
            return redirect("plan_de_releve", pk=plan.pk)
    contexte = {"form": formulaire, "releve": releve}
    return render(request, "registre/plan_nouveau.html", contexte, status=422 if formulaire.errors else 200)


def plan_modifier(request: RequeteHabilitee, pk) -> HttpResponse:
    plan = _plan(pk)
    initial = {
        "nom": plan.nom,
        "actif": plan.actif,
        "regle": [str(d.numero) for d in durees_du_plan(plan) if d.numero],
        "revision": plan.revision,
    }
    formulaire = remettre(request, FormulairePlan(request.POST or None, plan=plan, initial=initial))
    if request.method == "POST" and formulaire.is_valid() and _modifier(request, plan, formulaire):
        return redirect("plan_de_releve", pk=plan.pk)
    contexte = {"form": formulaire, "plan": plan}
    return render(request, "registre/plan_modifier.html", contexte, status=422 if formulaire.errors else 200)


def _modifier(request: RequeteHabilitee, plan: PlanReleve, formulaire: FormulairePlan) -> bool:
    lues = formulaire.cleaned_data
    try:
        modifier(
            plan,
            nom=lues["nom"],
            numeros=lues["regle"],
            actif=lues["actif"],
            revision=lues["revision"],
            auteur=request.auteur,
        )
    except Refus as refus:
        poser(formulaire, refus)
    except ReleveImpossible as refus:
        formulaire.add_error("regle", str(refus))
    except Conflit:
        formulaire.add_error(None, CHANGE)
    else:
        messages.success(request, "Le plan est enregistré.")
        return True
    return False


def plan_relever(request: RequeteHabilitee, pk) -> HttpResponse:
    """Un relevé de plus, sur le fichier que la personne envoie : la page ne lit ni chemin, ni adresse."""
    plan = get_object_or_404(_plans(), pk=pk, genre=GenreSource.FICHIER)
    recus = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    initial = {"au": timezone.localdate()}
    formulaire = remettre(request, FormulaireFichierDuPlan(*recus, initial=initial, envoi=request))
    if request.method == "POST" and formulaire.is_valid() and _relever(request, plan, formulaire):
        return redirect("plan_de_releve", pk=plan.pk)
    contexte = {"form": formulaire, "plan": plan, "durees": durees_du_plan(plan)}
    return render(request, "registre/plan_relever.html", contexte, status=422 if formulaire.errors else 200)


def _relever(request: RequeteHabilitee, plan: PlanReleve, formulaire: FormulaireFichierDuPlan) -> bool:
    fichier, le = formulaire.cleaned_data["fichier"], formulaire.cleaned_data["au"]
    try:
        exiger_ce_nom(plan, fichier.name)
        voulus, ecartees = examens_du_plan(plan, le)
        demandes = [demande_du_plan(plan, voulu, fichier.name) for voulu in voulus]
        lus = [relever(partial(compter_televerse, fichier, fichier.name), demande) for demande in demandes]
        with operation():
            faits: list[Operation] = [
                consigner(voulu, demande, lu, auteur=request.auteur, plan=plan)
                for voulu, demande, lu in zip(voulus, demandes, lus, strict=True)
            ]
    except (PlanImpossible, SourceRefusee) as refus:
        formulaire.add_error("fichier", str(refus))
        return False
    except ReleveImpossible as refus:
        formulaire.add_error(None, str(refus))
        return False
    except Refus as refus:
        formulaire.add_error(None, refus.phrases)
        return False
    for fait in faits:
        dire(request, fait)
    if ecartees:
        messages.warning(request, f"Non comptées : {dire_ecarts(ecartees)}.")
    return True


def _plans():
    return PlanReleve.objects.select_related("traitement", "organisme")


def _plan(pk) -> PlanReleve:
    return get_object_or_404(_plans(), pk=pk)
