"""Nouveau relevé : un CSV que l'on téléverse, que l'on compte et que l'on ne garde pas."""

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from conservation.comptage import Decompte
from conservation.depart import ReleveImpossible
from conservation.models import Operation
from isolement.limites import OCTETS_RECUS, en_megaoctets
from organismes.jours import controler_jour
from organismes.requete import RequeteHabilitee
from registre.execution.releves import consigner, durees_mesurables, examen, relever
from registre.execution.sources.demande import SourceRefusee, filtre
from registre.execution.sources.fichier import compter_televerse
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe
from registre.portes.requetes.formulaires import champ
from registre.portes.requetes.gardees import remettre
from registre.portes.requetes.televersement import SansFichierPerdu
from traitements.models import Traitement
from traitements.phrases import compte, nombre

FILTRES_MAX = 20
TROP_LOURD = f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)} : rien n'en a été lu. Utilisez la commande « relever », sans limite."


class FormulaireReleve(SansFichierPerdu, forms.Form):
    """Une durée de la fiche, un fichier, la colonne qui date ses lignes."""

    regle = forms.TypedChoiceField(label="Durée", coerce=int, widget=forms.RadioSelect)
    fichier = forms.FileField(
        label="Fichier CSV",
        help_text=f"Avec les noms de colonnes en première ligne ; {en_megaoctets(OCTETS_RECUS)} au plus. Il est lu, compté, "
        f"empreint, puis effacé.",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    colonne = forms.CharField(
        label="Colonne de la date",
        max_length=200,
        help_text="La date d'où court la durée. Ce qui ne se lit pas comme une date est compté à part.",
    )
    au = forms.DateField(
        label="Jour de l'extraction",
        validators=[controler_jour],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text="La date limite se calcule à ce jour.",
    )
    filtres = forms.CharField(
        label="Filtres",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Un par ligne : « statut=prospect », « statut!=client », « achat est vide ». Tous sont exigés, et restent "
        "au registre : n'y mettez pas le nom d'une personne.",
    )

    trop_lourd = TROP_LOURD

    def __init__(self, *args, regles: list[tuple[int, str]], **options):
        super().__init__(*args, **options)
        champ(self, "regle", forms.TypedChoiceField).choices = [
            (str(numero), phrase) for numero, phrase in regles
        ]

    def clean_au(self):
        au = self.cleaned_data["au"]
        if au > timezone.localdate():
            raise forms.ValidationError("Un relevé se consigne une fois fait : cette date est à venir.")
        return au

    def clean_filtres(self):
        lignes = [ligne for ligne in self.cleaned_data["filtres"].splitlines() if ligne.strip()]
        if len(lignes) > FILTRES_MAX:
            raise forms.ValidationError(f"{FILTRES_MAX} filtres au plus.")
        try:
            return tuple(filtre(ligne) for ligne in lignes)
        except SourceRefusee as refus:
            raise forms.ValidationError(str(refus)) from refus


def releve_nouveau(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis le fichier ; `?regle=` choisit la durée d'avance."""
    fiche = designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        return render(request, "registre/releve_fiche.html", {"fiches": _fiches()})
    regles = durees_mesurables(fiche)
    formulaire = FormulaireReleve(
        request.POST or None,
        request.FILES or None,
        regles=regles,
        envoi=request,
        initial=_initial(request, regles),
    )
    remettre(request, formulaire)
    if request.method == "POST" and formulaire.is_valid():
        try:
            fait, lu = _relever(request, fiche, formulaire.cleaned_data)
        except ReleveImpossible as refus:
            formulaire.add_error("regle", str(refus))
        except SourceRefusee as refus:
            formulaire.add_error("fichier", str(refus))
        except Refus as refus:
            formulaire.add_error(None, [m for siens in refus.erreurs.values() for m in siens])
        else:
            _dire(request, lu)
            return redirect("operation", pk=fait.pk)
    contexte = {"form": formulaire, "fiche": fiche, "regles": regles}
    return render(request, "registre/releve_nouveau.html", contexte, status=422 if formulaire.errors else 200)


def _relever(request: RequeteHabilitee, fiche: Traitement, saisie: dict) -> tuple[Operation, Decompte]:
    voulu = examen(fiche, saisie["regle"], saisie["au"])
    fichier = saisie["fichier"]
    demande = voulu.demande(fichier.name, saisie["colonne"], filtres=saisie["filtres"])
    releve = relever(lambda d: compter_televerse(fichier, fichier.name, d), demande)
    return consigner(voulu, demande, releve, auteur=request.auteur), releve.compte


def _dire(request: HttpRequest, lu: Decompte) -> None:
    if lu.en_retard:
        messages.warning(
            request,
            f"{compte(lu.en_retard, 'ligne')} au-delà du terme sur {nombre(lu.examinees)} : la durée est dite non appliquée, "
            f"jusqu'à un relevé à zéro ou une opération postérieurs.",
        )
    else:
        messages.success(
            request, f"Aucune ligne au-delà du terme sur {nombre(lu.examinees)} : le relevé est consigné."
        )
    if lu.sans_date:
        messages.warning(
            request, f"{compte(lu.sans_date, 'ligne')} sans date lisible : le relevé n'en dit rien."
        )


def _fiches():
    """Les fiches, hors archives, dont une durée est chiffrée."""
    mesurables = Count("conservations", filter=Q(conservations__duree_valeur__isnull=False))
    return (
        Traitement.objects.actifs()
        .annotate(mesurables=mesurables)
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
