"""Les épreuves d'anonymat : la liste, l'épreuve d'un fichier que l'on ne garde pas, la feuille de résultat."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from conservation.anonymat.conclusion import taux
from conservation.anonymat.detection import NATURES
from conservation.anonymat.epreuve import IDENTIFIANT, QUASI, ROLES, SEUILS
from conservation.models import DureeConservation, Epreuve
from isolement.limites import OCTETS_RECUS, en_megaoctets
from isolement.refus import FichierRefuse
from organismes.droits import Permission, peut
from organismes.requete import RequeteHabilitee
from registre.execution.epreuves import epreuve_pdf, service
from registre.execution.epreuves.feuille import feuille
from registre.execution.operations import phrases_des_durees
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus
from registre.portes.requetes.designation import designe
from registre.portes.requetes.formulaires import champ
from registre.portes.requetes.gardees import remettre
from registre.portes.requetes.telechargement import exporte
from registre.portes.requetes.televersement import SansFichierPerdu
from registre.portes.vues.pages import paginer_par_fiche
from traitements.models import Traitement
from traitements.phrases import compte

TROP_LOURD = (
    f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)} : rien n'en a été lu. La commande « eprouver » a la même limite : "
    "éprouvez un extrait."
)


class FormulaireEpreuve(SansFichierPerdu, forms.Form):
    """Le fichier est lu à chaque envoi et jamais gardé : le navigateur le renvoie. `lire` : seulement lire les colonnes."""

    regle = forms.TypedChoiceField(label="Durée éprouvée", coerce=int)
    fichier = forms.FileField(
        label="Fichier à éprouver",
        help_text="CSV ou XLSX (première feuille), une ligne par personne, le nom des colonnes en tête. Lu à part, jamais gardé.",
    )
    roles = forms.CharField(
        label="Rôle de chaque colonne",
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=f"Une par ligne : « colonne = rôle ». Rôles : {', '.join(ROLES)}. Une colonne omise compte comme quasi.",
    )
    second = forms.FileField(
        label="Second fichier",
        required=False,
        help_text="Un fichier que quelqu'un d'autre pourrait détenir : l'épreuve y cherche les lignes qui se rapprochent une à une.",
    )
    k = forms.IntegerField(
        label="Seuil k",
        initial=SEUILS["k"],
        min_value=2,
        max_value=1_000_000,
        help_text="Lignes par classe, au moins.",
    )
    diversite = forms.IntegerField(
        label="Seuil l",
        initial=SEUILS["l"],
        min_value=1,
        max_value=1_000_000,
        help_text="Valeurs sensibles distinctes par classe, au moins.",
    )
    t = forms.CharField(
        label="Seuil t",
        initial=taux(SEUILS["t"]),
        max_length=8,
        help_text="Écart de répartition toléré, entre 0 et 1.",
    )

    ETROITS = ("k", "diversite", "t")

    trop_lourd = TROP_LOURD

    def __init__(self, *args, fiche: Traitement, **options):
        super().__init__(*args, **options)
        self.fiche = fiche
        numeros = list(
            DureeConservation.objects.filter(traitement=fiche)
            .order_by("numero")
            .values_list("numero", flat=True)
        )
        phrases = phrases_des_durees(fiche, numeros, Codes()) if numeros else []
        champ(self, "regle", forms.TypedChoiceField).choices = [
            (n, p) for n, p in zip(numeros, phrases, strict=True)
        ]

    def clean_roles(self) -> dict[str, str]:
        try:
            return service.lire_roles(self.cleaned_data["roles"].splitlines())
        except FichierRefuse as refus:
            raise forms.ValidationError(str(refus)) from None

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        if {"k", "diversite", "t"} <= lues.keys():
            try:
                lues["seuils"] = service.lire_seuils(lues["k"], lues["diversite"], lues["t"])
            except FichierRefuse as refus:
                self.add_error("t", str(refus))
        return lues


def epreuves(request: RequeteHabilitee) -> HttpResponse:
    toutes = Epreuve.objects.select_related("traitement").only(
        *"date regle_texte fichier lignes verdict auteur_nom".split(),
        "traitement__reference",
        "traitement__intitule",
    )
    contexte = {
        **paginer_par_fiche(request, toutes),
        "peut_eprouver": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/epreuves.html", contexte)


def epreuve(request: RequeteHabilitee, pk) -> HttpResponse:
    lue = get_object_or_404(Epreuve.objects.select_related("traitement"), pk=pk)
    contexte = {
        "epreuve": lue,
        "f": feuille(lue),
        "peut_eprouver": peut(request, Permission.MODIFIER_FICHE),
    }
    return render(request, "registre/epreuve.html", contexte)


def epreuve_nouvelle(request: RequeteHabilitee) -> HttpResponse:
    """La fiche d'abord (`?fiche=`), puis le fichier : lire ses colonnes, dire leur rôle, mesurer."""
    fiche = designe(Traitement.objects, request.GET.get("fiche"))
    if fiche is None:
        fiches = (
            Traitement.objects.actifs()
            .du_responsable()
            .order_by("reference_tri")
            .only("reference", "intitule")
        )
        return render(request, "registre/epreuve_fiche.html", {"fiches": fiches})
    formulaire = FormulaireEpreuve(
        request.POST or None,
        request.FILES or None,
        fiche=fiche,
        envoi=request,
        initial={"regle": request.GET.get("regle")},
    )
    remettre(request, formulaire)
    contexte: dict[str, Any] = {"fiche": fiche, "form": formulaire}
    if request.method == "POST":
        if "lire" in request.POST:
            contexte |= _lire(request, formulaire)
        elif formulaire.is_valid() and (faite := _eprouver(request, formulaire)):
            messages.success(
                request, "L'épreuve est consignée, signée de votre nom ; le fichier n'est pas gardé."
            )
            return redirect("epreuve", pk=faite.pk)
    fautif = contexte["form"].is_bound and contexte["form"].errors
    return render(request, "registre/epreuve_nouvelle.html", contexte, status=422 if fautif else 200)


def epreuve_feuille(request: RequeteHabilitee, pk) -> HttpResponse:
    """La feuille de résultat, en PDF."""
    lue = get_object_or_404(Epreuve.objects.select_related("traitement", "organisme"), pk=pk)
    return exporte(epreuve_pdf, lue, f"Épreuve d'anonymat {lue.traitement.reference} {lue.date}")


def _lire(request: HttpRequest, formulaire: FormulaireEpreuve) -> dict[str, Any]:
    """Le formulaire, le rôle de chaque colonne proposé d'après sa forme ; ce qui était déjà tapé reste."""
    fichier = request.FILES.get("fichier")
    if fichier is None:
        manque = (
            TROP_LOURD
            if getattr(request, "trop_lourd", "")
            else "Choisissez le fichier dont lire les colonnes."
        )
        formulaire.errors.clear()
        formulaire.add_error("fichier", manque)
        return {"form": formulaire}
    try:
        lues = service.colonnes(fichier)
        tapes = service.lire_roles(request.POST.get("roles", "").splitlines())
    except FichierRefuse as refus:
        formulaire.errors.clear()
        formulaire.add_error("fichier", str(refus))
        return {"form": formulaire}
    vues = {d["colonne"]: NATURES[d["nature"]] for d in lues["detections"]}
    lignes = [
        f"{nom} = {tapes.get(nom) or (IDENTIFIANT if nom in vues else QUASI)}" for nom in lues["colonnes"]
    ]
    valeurs = {nom: request.POST.get(nom, "") for nom in ("regle", *FormulaireEpreuve.ETROITS)}
    propose = FormulaireEpreuve(initial={**valeurs, "roles": "\n".join(lignes)}, fiche=formulaire.fiche)
    return {"form": propose, "lues": compte(lues["lignes"], "ligne"), "vues": list(vues.items())}


def _eprouver(request: RequeteHabilitee, formulaire: FormulaireEpreuve) -> Epreuve | None:
    lues = formulaire.cleaned_data
    try:
        faite = service.preparer(
            lues["fichier"],
            lues["fichier"].name,
            fiche=formulaire.fiche,
            regle=lues["regle"],
            roles=lues["roles"],
            seuils=lues["seuils"],
            second=lues["second"],
        )
        service.enregistrer(faite, auteur=request.auteur)
    except FichierRefuse as refus:
        formulaire.add_error("fichier", str(refus))
    except Refus as refus:
        formulaire.add_error(None, str(refus))
    else:
        return faite
    return None
