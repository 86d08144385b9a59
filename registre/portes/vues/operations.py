"""Les opérations de conservation : ce qui a été purgé, archivé, anonymisé, relevé ; chacune signée, aucune modifiée."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from conservation.choix import TypeOperation
from conservation.models import DureeConservation, Operation
from organismes.droits import Permission, peut
from organismes.jours import controler_jour
from organismes.requete import RequeteHabilitee
from registre.execution import operation_pdf
from registre.execution.operations import chemin_preuve, enregistrer_figee, phrases_des_durees
from registre.execution.releves import METHODE_MESUREE
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe, entier
from registre.portes.requetes.formulaires import champ, poser
from registre.portes.requetes.gardees import remettre
from registre.portes.requetes.telechargement import exporte, telechargement_recu
from registre.portes.requetes.televersement import SansFichierPerdu
from registre.portes.vues.pages import paginer_par_fiche
from traitements.models import Traitement

CHAMPS = (
    "type date perimetre volume_avant volume_apres methode operateur preuve_reference source limite examinees en_retard"
).split()


class FormulaireOperation(SansFichierPerdu, forms.ModelForm):
    """Une opération sur des durées de la fiche ; les durées se cochent par leur phrase.

    Le navigateur ne montre que les champs de la nature choisie ; sans lui, tous se voient.
    """

    DU_RELEVE = ("source", "limite", "examinees", "en_retard")
    DE_L_EXECUTION = ("volume_avant", "volume_apres")
    ETROITS = ("type", "date", "limite", "examinees", "en_retard", "volume_avant", "volume_apres")

    preuve = forms.FileField(
        label="Fichier de preuve",
        required=False,
        help_text="Journal d'exécution, capture, attestation : gardé avec son empreinte SHA-256. Aucune donnée personnelle.",
    )
    motif_correction = forms.CharField(
        label="Motif de la correction",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    class Meta:
        model = Operation
        fields = CHAMPS
        widgets = {
            "date": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "limite": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args, fiche: Traitement, corrigee: Operation | None = None, **options):
        super().__init__(*args, **options)
        self.fiche, self.corrigee = fiche, corrigee
        numeros = list(
            DureeConservation.objects.filter(traitement=fiche)
            .order_by("numero")
            .values_list("numero", flat=True)
        )
        phrases = phrases_des_durees(fiche, numeros, Codes()) if numeros else []
        self.fields["regles"] = forms.TypedMultipleChoiceField(
            label="Durées de la fiche",
            coerce=int,
            choices=[(str(n), p) for n, p in zip(numeros, phrases, strict=True)],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": "Cochez au moins une durée."},
        )
        champ(self, "type", forms.ChoiceField).choices = [("", "choisissez"), *TypeOperation.choices]
        self.order_fields(["type", "date", "regles"])
        for nom in ("date", "limite"):
            self.fields[nom].validators.append(controler_jour)
        if corrigee is None:
            del self.fields["motif_correction"]
        else:
            self.fields["motif_correction"].required = True

    def clean_date(self):
        date = self.cleaned_data["date"]
        if date > timezone.localdate():
            raise forms.ValidationError("Une opération se consigne une fois faite : cette date est à venir.")
        return date

    def clean_methode(self):
        methode = self.cleaned_data["methode"]
        if self.data.get("type") == TypeOperation.RELEVE and methode.strip() == METHODE_MESUREE:
            raise forms.ValidationError("Ce relevé est saisi à la main : dites comment vous avez compté.")
        return methode

    def _post_clean(self):
        """Le modèle se contrôle à l'enregistrement, une fois la fiche et l'auteur connus."""


def operations(request: RequeteHabilitee) -> HttpResponse:
    toutes = Operation.objects.select_related("traitement").only(
        *"type date regles_texte volume_avant volume_apres en_retard auteur_nom corrige source_sha256".split(),
        "traitement__reference",
        "traitement__intitule",
    )
    contexte = {
        **paginer_par_fiche(request, toutes),
        "remplacees": set(Operation.objects.exclude(corrige=None).values_list("corrige", flat=True)),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/operations.html", contexte)


def operation(request: RequeteHabilitee, pk) -> HttpResponse:
    lue = get_object_or_404(Operation.objects.select_related("traitement", "corrige"), pk=pk)
    contexte = {
        "operation": lue,
        "lignes": operation_pdf.lignes(lue),
        "correction": lue.corrections.first(),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/operation.html", contexte)


def operation_nouvelle(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis l'opération ; `?corrige=` reprend celle que l'on corrige."""
    corrigee = designe(Operation.objects.select_related("traitement"), request.GET.get("corrige"))
    fiche = corrigee.traitement if corrigee else designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        fiches = (
            Traitement.objects.actifs()
            .du_responsable()
            .order_by("reference_tri")
            .only("reference", "intitule")
        )
        return render(request, "registre/operation_fiche.html", {"fiches": fiches})
    formulaire = FormulaireOperation(
        request.POST or None,
        request.FILES or None,
        fiche=fiche,
        corrigee=corrigee,
        envoi=request,
        initial=_initial(request, corrigee),
    )
    remettre(request, formulaire)
    if request.method == "POST" and formulaire.is_valid():
        try:
            ecrite = _consigner(request, formulaire)
        except Refus as refus:
            poser(formulaire, refus)
        else:
            messages.success(request, "L'opération est consignée, signée de votre nom.")
            return redirect("operation", pk=ecrite.pk)
    contexte = {"form": formulaire, "fiche": fiche, "corrigee": corrigee}
    return render(
        request, "registre/operation_nouvelle.html", contexte, status=422 if formulaire.errors else 200
    )


def operation_pv(request: RequeteHabilitee, pk) -> HttpResponse:
    """Le procès-verbal de l'opération, en PDF."""
    lue = get_object_or_404(Operation.objects.select_related("traitement", "organisme", "corrige"), pk=pk)
    return exporte(operation_pdf, lue, f"Procès-verbal {lue}")


def operation_preuve(request: RequeteHabilitee, pk) -> HttpResponse:
    lue = get_object_or_404(Operation, pk=pk)
    if not lue.preuve_sha256 or not chemin_preuve(lue).exists():
        raise Http404("Cette opération n'a pas de fichier de preuve.")
    return telechargement_recu(chemin_preuve(lue).read_bytes(), lue.preuve_nom)


def _consigner(request: RequeteHabilitee, formulaire: FormulaireOperation) -> Operation:
    donnees = {nom: formulaire.cleaned_data[nom] for nom in CHAMPS}
    regles = sorted(set(formulaire.cleaned_data["regles"]))
    neuve = Operation(
        organisme=request.organisme,
        traitement=formulaire.fiche,
        regles=regles,
        regles_texte=phrases_des_durees(formulaire.fiche, regles, Codes()),
        corrige=formulaire.corrigee,
        motif_correction=formulaire.cleaned_data.get("motif_correction", ""),
        **donnees,
    )
    enregistrer_figee(
        neuve, auteur=request.auteur, action="operation", preuve=formulaire.cleaned_data.get("preuve")
    )
    return neuve


def _initial(request: RequeteHabilitee, corrigee: Operation | None) -> dict:
    if corrigee is not None:
        repris = {nom: getattr(corrigee, nom) for nom in CHAMPS}
        if corrigee.mesuree:  # ce que la personne tape n'a pas été compté ainsi : elle le dit elle-même
            repris |= {"methode": "", "examinees": None, "en_retard": None}
        return repris | {"regles": [str(n) for n in corrigee.regles]}
    regle = request.GET.get("regle", "")
    return {
        "date": timezone.localdate(),
        "operateur": request.user.nom,
        "regles": [regle] if entier(regle) else [],
    }
