"""Écarter un constat par écrit, ou lever l'écart."""

from django import forms
from django.contrib import messages
from django.core.validators import MaxLengthValidator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from organismes.champs import peu_de_lignes, sans_caractere_interdit
from organismes.jours import controler_jour
from organismes.pliage import signes
from organismes.requete import RequeteHabilitee
from registre.actes.ecarts import SansObjet, constat_a_ecarter, lever, poser
from registre.actes.tenue import FIN_PASSEE, RAISON_COURTE, RAISON_MIN
from registre.conformite.constats import lu
from registre.fiche import agregat
from registre.fiche.enregistrement import Conflit, Refus
from registre.portes.requetes.gardees import remettre
from traitements.models import Traitement

CHANGEE = "La fiche vient de changer : relisez le constat avant de l'écarter."


class FormulaireEcart(forms.Form):
    raison = forms.CharField(
        label="Raison",
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=RAISON_MIN,
        validators=[MaxLengthValidator(3000), peu_de_lignes, sans_caractere_interdit],
        help_text="Pourquoi ce constat peut rester. Elle se lira dans la fiche, dans le PDF et dans le journal.",
        error_messages={"min_length": RAISON_COURTE},
    )
    fin = forms.DateField(
        label="Jusqu'au",
        validators=[controler_jour],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="Ce jour compris. Le constat revient ensuite, ou plus tôt si les faits changent.",
    )

    def clean_raison(self):
        raison = self.cleaned_data["raison"]
        if signes(raison) < RAISON_MIN:
            raise forms.ValidationError(RAISON_COURTE)
        return raison

    def clean_fin(self):
        fin = self.cleaned_data["fin"]
        if fin < timezone.localdate():
            raise forms.ValidationError(FIN_PASSEE)
        return fin


def ecarter(request: RequeteHabilitee, pk) -> HttpResponse:
    fiche = get_object_or_404(agregat.FICHE.charger(Traitement.objects.filter(pk=pk)))
    try:
        constat = constat_a_ecarter(fiche, request.GET.get("regle", ""), request.GET.get("chemin", ""))
    except SansObjet as raison:
        tapee = request.POST.get("raison", "").strip()
        suite = f" Votre raison n'est pas enregistrée ; la voici : « {tapee} »" if tapee else ""
        messages.error(request, f"{raison}{suite}")
        return redirect("fiche", pk=fiche.pk)
    prevue = fiche.date_prochaine_revue
    initial = {"fin": prevue} if prevue and prevue > timezone.localdate() else None
    formulaire = remettre(request, FormulaireEcart(request.POST or None, initial=initial))
    if request.method == "POST" and formulaire.is_valid():
        if _poser(request, fiche, constat, formulaire):
            return redirect("fiche", pk=fiche.pk)
    contexte = {"traitement": fiche, "lu": lu(constat), "form": formulaire}
    return render(request, "registre/ecarter.html", contexte, status=422 if formulaire.errors else 200)


def _poser(request: RequeteHabilitee, fiche: Traitement, constat, formulaire: FormulaireEcart) -> bool:
    donnees = formulaire.cleaned_data
    try:
        poser(fiche, constat, donnees["raison"], donnees["fin"], auteur=request.auteur)
    except Refus as refus:
        formulaire.add_error(None, str(refus))
    except Conflit:
        formulaire.add_error(None, CHANGEE)
    else:
        messages.success(
            request, "Le constat est écarté ; votre raison figure dans la fiche et dans le journal."
        )
        return True
    return False


def lever_ecart(request: RequeteHabilitee, pk, numero: int) -> HttpResponse:
    """POST : lève l'écart ; le constat revient."""
    fiche = get_object_or_404(agregat.FICHE.charger(Traitement.objects.filter(pk=pk)))
    try:
        lever(fiche, numero, auteur=request.auteur)
    except Conflit:
        messages.error(request, CHANGEE)
    else:
        messages.success(request, "L'écart est levé.")
    return redirect("fiche", pk=fiche.pk)
