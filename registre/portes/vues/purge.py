"""Le SQL d'une purge, à copier : la page l'écrit, et n'en exécute rien. Rien n'y est gardé."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from conservation.depart import ReleveImpossible
from organismes.requete import RequeteHabilitee
from registre.execution.purge.dialectes import Base, Forme, PurgeImpossible
from registre.execution.purge.duree import Lieu, sql_de
from registre.execution.purge.sql import SqlDePurge, effacement
from registre.execution.releves import durees_mesurables
from registre.execution.sources.demande import SourceRefusee, filtre
from registre.portes.requetes.formulaires import champ
from traitements.models import Traitement

LIGNES_MAX = 20


class FormulaireSql(forms.Form):
    """Une durée de la fiche, et où sont ses lignes."""

    regle = forms.TypedChoiceField(label="Durée", coerce=int, widget=forms.RadioSelect)
    base = forms.ChoiceField(label="Base", choices=[(b.value, b.libelle) for b in Base])
    table = forms.CharField(
        label="Table", max_length=127, help_text="Avec son schéma au besoin : « public.clients »."
    )
    colonne = forms.CharField(
        label="Colonne de la date", max_length=63, help_text="La date d'où court la durée."
    )
    forme = forms.ChoiceField(
        label="La date y est rangée comme", choices=[(f.value, f.libelle) for f in Forme]
    )
    effacer = forms.CharField(
        label="Colonnes à vider",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Une par ligne : « courriel » (à NULL), « courriel= » (texte vide), « nom=Anonyme ». Aucune : les lignes "
        "se suppriment.",
    )
    filtres = forms.CharField(
        label="Filtres",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ceux du relevé, un par ligne : « statut=prospect ». Ils passent dans l'adresse de la page : n'y mettez pas "
        "le nom d'une personne.",
    )

    def __init__(self, *args, regles: list[tuple[int, str]], **options):
        super().__init__(*args, **options)
        champ(self, "regle", forms.TypedChoiceField).choices = [(str(n), phrase) for n, phrase in regles]

    def clean_effacer(self):
        return self._lignes("effacer", effacement)

    def clean_filtres(self):
        return self._lignes("filtres", filtre)

    def _lignes(self, nom, lire):
        lignes = [ligne for ligne in self.cleaned_data[nom].splitlines() if ligne.strip()]
        if len(lignes) > LIGNES_MAX:
            raise forms.ValidationError(f"{LIGNES_MAX} lignes au plus.")
        try:
            return tuple(lire(ligne) for ligne in lignes)
        except (SourceRefusee, PurgeImpossible) as refus:
            raise forms.ValidationError(str(refus)) from refus


def sql_de_purge(request: RequeteHabilitee, pk) -> HttpResponse:
    fiche = get_object_or_404(Traitement.objects, pk=pk)
    regles = durees_mesurables(fiche)
    demande = request.GET if "table" in request.GET else None
    formulaire = FormulaireSql(
        demande, regles=regles, initial={"regle": request.GET.get("regle", _seule(regles))}
    )
    ecrit = _ecrire(fiche, formulaire)
    contexte = {"form": formulaire, "fiche": fiche, "regles": regles, "sql": ecrit}
    if ecrit:
        choix = {"fiche": fiche.pk, "regle": formulaire.cleaned_data["regle"], "sql": ecrit.sha256}
        contexte["consigner"] = f"{reverse('operation_nouvelle')}?{urlencode(choix)}"
    return render(request, "registre/sql_de_purge.html", contexte, status=422 if formulaire.errors else 200)


def _ecrire(fiche: Traitement, formulaire: FormulaireSql) -> SqlDePurge | None:
    """Le SQL demandé ; `None` tant qu'il ne l'est pas, ou s'il est refusé : le formulaire dit alors pourquoi."""
    if not formulaire.is_valid():
        return None
    dit = formulaire.cleaned_data
    lieu = Lieu("", dit["table"], dit["colonne"], dit["filtres"])
    try:
        return sql_de(
            fiche, dit["regle"], timezone.localdate(), Base(dit["base"]), lieu, dit["effacer"], dit["forme"]
        )
    except ReleveImpossible as refus:
        formulaire.add_error("regle", str(refus))
    except PurgeImpossible as refus:
        formulaire.add_error(None, str(refus))
    return None


def _seule(regles: list[tuple[int, str]]) -> str:
    return str(regles[0][0]) if len(regles) == 1 else ""
