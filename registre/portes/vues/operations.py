"""Les opérations de conservation : ce qui a été purgé, archivé, anonymisé, relevé ; chacune signée, aucune modifiée."""

import hashlib
import json

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from conservation.choix import SortFinal, TypeOperation
from conservation.models import DureeConservation, Operation
from isolement.limites import OCTETS_RECUS, en_megaoctets
from organismes.droits import Permission, peut
from organismes.jours import controler_jour
from organismes.requete import RequeteHabilitee
from registre.execution import operation_pdf
from registre.execution.operations import controler_avant_signature, enregistrer_figee, phrases_des_durees
from registre.execution.pieces import chemin_preuve, intacte
from registre.execution.plans import se_garde
from registre.execution.portee_operation import conclusions, effets
from registre.execution.releves import METHODE_MESUREE
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.fiche.envois import CHAMP
from registre.portes.requetes.designation import designe, entier
from registre.portes.requetes.formulaires import champ, poser
from registre.portes.requetes.gardees import remettre
from registre.portes.requetes.telechargement import exporte, fichier_recu
from registre.portes.requetes.televersement import SansFichierPerdu
from registre.portes.vues.pages import paginer_par_fiche
from traitements.models import Traitement

CHAMPS = (
    "type date perimetre volume_avant volume_apres volume_inconnu sql_sha256 methode operateur preuve_reference preuve_absente source limite "
    "examinees en_retard"
).split()
JETONS = {"csrfmiddlewaretoken", "etape", "relu", CHAMP}  # ce que chaque page porte pour elle-même
SIGNER, MODIFIER = "signer", "modifier"
TYPE_DU_SORT: dict[str, str] = {
    SortFinal.SUPPRESSION: TypeOperation.PURGE,
    SortFinal.SUPPRESSION_OU_ANONYMISATION: TypeOperation.PURGE,
    SortFinal.ANONYMISATION: TypeOperation.ANONYMISATION,
    SortFinal.ARCHIVAGE_INTERMEDIAIRE: TypeOperation.ARCHIVAGE,
    SortFinal.ARCHIVAGE_DEFINITIF: TypeOperation.ARCHIVAGE,
}
DUREE_CHANGEE = "Une durée de cette opération a changé depuis votre relecture : relisez-la avant de signer."
DEJA_CORRIGEE = "Cette opération est déjà corrigée : voici celle qui la remplace."
PIECE_CHANGEE = "La pièce gardée n'a plus l'empreinte signée, ou n'est plus lisible : elle n'est pas donnée. Prévenez l'administrateur du service."


class FormulaireOperation(forms.ModelForm):
    """Une opération sur des durées de la fiche ; les durées se cochent par leur phrase.

    Le navigateur ne montre que les champs de la nature choisie ; sans lui, tous se voient.
    """

    DU_RELEVE = ("source", "limite", "examinees", "en_retard")
    DE_L_EXECUTION = ("volume_avant", "volume_apres", "volume_inconnu", "sql_sha256", "preuve_absente")
    ETROITS = ("type", "date", "limite", "examinees", "en_retard", "volume_avant", "volume_apres")

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
            **{nom: forms.Textarea(attrs={"rows": 2}) for nom in ("volume_inconnu", "preuve_absente")},
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
        self.fields["methode"].required = True
        self.fields["methode"].error_messages["required"] = "Dites comment l'opération a été menée."
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


class FormulaireSignature(SansFichierPerdu, forms.Form):
    """La pièce, jointe au moment de signer : elle n'attend nulle part entre deux pages."""

    preuve = forms.FileField(
        label="Fichier de preuve",
        required=False,
        help_text=f"Journal d'exécution, capture, attestation : {en_megaoctets(OCTETS_RECUS)} au plus, gardé avec son empreinte "
        "SHA-256. Aucune donnée personnelle.",
    )

    def __init__(self, *args, operation: Operation, **options):
        super().__init__(*args, **options)
        execution = operation.type != TypeOperation.RELEVE
        self.exigee = execution and not (operation.preuve_reference or operation.preuve_absente)
        self.fields["preuve"].required = self.exigee
        self.fields["preuve"].error_messages["required"] = (
            "Joignez la preuve ; ou revenez donner sa référence, ou dire pourquoi il n'y en a pas."
        )


def operations(request: RequeteHabilitee) -> HttpResponse:
    toutes = Operation.objects.select_related("traitement").only(
        *"type date regles_texte volume_avant volume_apres volume_inconnu en_retard auteur_nom corrige source_sha256".split(),
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
    lue = get_object_or_404(
        Operation.objects.select_related("traitement", "organisme", "corrige", "plan"), pk=pk
    )
    contexte = {
        "operation": lue,
        "lignes": operation_pdf.lignes(lue),
        "correction": lue.corrections.first(),
        "conclusions": conclusions(lue),
        "peut_consigner": peut(request, Permission.MODIFIER_FICHE),
        "se_garde": se_garde(lue),
    }
    return render(request, "registre/operation.html", contexte)


def operation_nouvelle(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis l'opération, relue avant d'être signée ; `?corrige=` reprend celle que l'on corrige."""
    corrigee = designe(Operation.objects.select_related("traitement"), request.GET.get("corrige"))
    if corrigee and (suivante := corrigee.corrections.first()):
        messages.info(request, DEJA_CORRIGEE)
        return redirect("operation", pk=suivante.pk)
    fiche = corrigee.traitement if corrigee else designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        fiches = Traitement.objects.du_responsable().order_by("reference_tri").only("reference", "intitule")
        return render(request, "registre/operation_fiche.html", {"fiches": fiches})
    formulaire = FormulaireOperation(
        request.POST or None, fiche=fiche, corrigee=corrigee, initial=_initial(request, fiche, corrigee)
    )
    remettre(request, formulaire)
    if request.method == "POST" and formulaire.is_valid() and request.POST.get("etape") != MODIFIER:
        if (reponse := _relire_ou_signer(request, formulaire)) is not None:
            return reponse
    contexte = {"form": formulaire, "fiche": fiche, "corrigee": corrigee}
    return render(
        request, "registre/operation_nouvelle.html", contexte, status=422 if formulaire.errors else 200
    )


def _relire_ou_signer(request: RequeteHabilitee, formulaire: FormulaireOperation) -> HttpResponse | None:
    """La page de relecture, ou l'opération signée ; rien quand la saisie est à revoir, et le formulaire dit pourquoi."""
    neuve, signe = _assembler(request, formulaire), request.POST.get("etape") == SIGNER
    recus = (request.POST, request.FILES) if signe else (None, None)
    signature = FormulaireSignature(*recus, operation=neuve, envoi=request)
    try:
        controler_avant_signature(neuve, request.auteur)
        if signe and _a_change(request, neuve):
            messages.warning(request, DUREE_CHANGEE)
        elif signe and signature.is_valid():
            enregistrer_figee(
                neuve, auteur=request.auteur, action="operation", preuve=signature.cleaned_data["preuve"]
            )
            messages.success(request, "L'opération est consignée, signée de votre nom.")
            return redirect("operation", pk=neuve.pk)
    except Refus as refus:
        if set(refus.erreurs) != {"preuve"}:
            poser(formulaire, refus)
            return None
        poser(signature, refus)
    contexte = {
        "form": signature,
        "fiche": formulaire.fiche,
        "corrigee": formulaire.corrigee,
        "operation": neuve,
        "lignes": [(nom, valeur) for nom, valeur in operation_pdf.lignes(neuve) if valeur],
        "effets": effets(neuve),
        "relu": _durees_relues(neuve),
        "caches": [(nom, v) for nom, siens in request.POST.lists() if nom not in JETONS for v in siens],
    }
    return render(request, "registre/operation_relue.html", contexte, status=422 if signature.errors else 200)


def _durees_relues(neuve: Operation) -> str:
    """L'empreinte de ce que l'opération vise : ce qui a été relu est ce qui se signe."""
    return hashlib.sha256(json.dumps(neuve.durees_visees, sort_keys=True).encode()).hexdigest()


def _a_change(request: RequeteHabilitee, neuve: Operation) -> bool:
    return request.POST.get("relu", "") not in ("", _durees_relues(neuve))


def operation_pv(request: RequeteHabilitee, pk) -> HttpResponse:
    """Le procès-verbal de l'opération, en PDF."""
    lue = get_object_or_404(
        Operation.objects.select_related("traitement", "organisme", "corrige", "plan"), pk=pk
    )
    return exporte(operation_pdf, lue, f"Procès-verbal {lue}")


def operation_preuve(request: RequeteHabilitee, pk) -> HttpResponseBase:
    """La pièce jointe, si elle est toujours celle qui a été signée."""
    lue = get_object_or_404(Operation, pk=pk)
    if not lue.preuve_sha256:
        raise Http404("Cette opération n'a pas de fichier de preuve.")
    if not intacte(lue):
        messages.error(request, PIECE_CHANGEE)
        return redirect("operation", pk=lue.pk)
    return fichier_recu(chemin_preuve(lue), lue.preuve_nom)


def _assembler(request: RequeteHabilitee, formulaire: FormulaireOperation) -> Operation:
    regles = sorted(set(formulaire.cleaned_data["regles"]))
    return Operation(
        organisme=request.organisme,
        traitement=formulaire.fiche,
        regles=regles,
        regles_texte=phrases_des_durees(formulaire.fiche, regles, Codes()),
        corrige=formulaire.corrigee,
        motif_correction=formulaire.cleaned_data.get("motif_correction", ""),
        **{nom: formulaire.cleaned_data[nom] for nom in CHAMPS},
    )


def _initial(request: RequeteHabilitee, fiche: Traitement, corrigee: Operation | None) -> dict:
    if corrigee is not None:
        repris = {nom: getattr(corrigee, nom) for nom in CHAMPS}
        if corrigee.mesuree:  # ce que la personne tape n'a pas été compté ainsi : elle le dit elle-même
            repris |= {"methode": "", "examinees": None, "en_retard": None}
        return repris | {"regles": [str(n) for n in corrigee.regles]}
    numeros = [n for texte in request.GET.getlist("regle") if (n := entier(texte))]
    return {
        "date": timezone.localdate(),
        "operateur": request.user.nom,
        "regles": [str(n) for n in numeros],
        "type": _type_annonce(fiche, numeros),
        "sql_sha256": request.GET.get("sql", "")[:64],
    }


def _type_annonce(fiche: Traitement, numeros: list[int]) -> str:
    """Ce que les durées annoncent toutes à leur terme ; vide si elles ne s'accordent pas, ou ne le disent pas."""
    sorts = DureeConservation.objects.filter(traitement=fiche, numero__in=numeros)
    annonces = {TYPE_DU_SORT.get(sort, "") for sort in sorts.values_list("sort_final", flat=True)}
    return annonces.pop() if len(annonces) == 1 else ""
