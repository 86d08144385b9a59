"""Catégories trouvées : des noms de colonnes, collés, face aux catégories que la fiche déclare. Rien n'est lu ni gardé."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from organismes.requete import RequeteHabilitee
from registre.execution.categories import trouvees
from traitements.models import Traitement

NOMS_MAX = 1_000


class FormulaireColonnes(forms.Form):
    """Les noms des colonnes d'une table ou d'un fichier ; jamais une valeur."""

    colonnes = forms.CharField(
        label="Noms des colonnes",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="Un par ligne, ou séparés par des virgules ou des points-virgules : la première ligne d'un CSV convient. Aucune valeur "
        "n'est lue.",
    )

    def clean_colonnes(self) -> list[str]:
        texte = self.cleaned_data["colonnes"]
        for signe in ";,\t|":
            texte = texte.replace(signe, "\n")
        noms = list(dict.fromkeys(nom for n in texte.splitlines() if (nom := n.strip(" \"'`[]"))))
        if not noms:
            raise forms.ValidationError("Donnez au moins un nom de colonne.")
        if len(noms) > NOMS_MAX:
            raise forms.ValidationError(f"{NOMS_MAX} noms au plus : donnez une table à la fois.")
        return noms


def categories_trouvees(request: RequeteHabilitee, pk) -> HttpResponse:
    fiche = get_object_or_404(Traitement.objects, pk=pk)
    formulaire = FormulaireColonnes(request.POST or None)
    lues = trouvees(fiche, formulaire.cleaned_data["colonnes"]) if formulaire.is_valid() else None
    contexte = {"form": formulaire, "fiche": fiche, "trouvees": lues}
    return render(
        request, "registre/categories_trouvees.html", contexte, status=422 if formulaire.errors else 200
    )
