"""Les deux formulaires d'une épreuve : le fichier et ce que l'on en déclare, puis le rôle de chaque colonne."""

from typing import Any

from django import forms
from django.http import QueryDict

from conservation.anonymat.conclusion import taux
from conservation.anonymat.detection import NATURES
from conservation.anonymat.epreuve import (
    AUTRE,
    EFFECTIF,
    IDENTIFIANT,
    MAXIMUM,
    QUASI,
    ROLES,
    SENSIBLE,
    SOMME,
    EpreuveImpossible,
)
from conservation.anonymat.seuils import K_MIN, L_MIN, SEUILS, SeuilRefuse, lire_seuil
from conservation.choix import DonneesOrigine, LigneEprouvee
from conservation.models import DureeConservation
from isolement.limites import OCTETS_RECUS, en_megaoctets
from registre.execution.epreuves import lecteur, lecteur_commande
from registre.execution.epreuves.service import FichierMesure, proposer_roles, relire
from registre.execution.operations import phrases_des_durees
from registre.fiche.codes import Codes
from registre.portes.requetes.formulaires import champ
from registre.portes.requetes.televersement import SansFichierPerdu
from traitements.models import Traitement
from traitements.phrases import nombre

TROP_LOURD = (
    f"Ce fichier dépasse {en_megaoctets(OCTETS_RECUS)}, la limite de la page : rien n'en a été lu. La commande « eprouver » lit des fichiers "
    "plus lourds."
)
D_UNE_PERSONNE = (IDENTIFIANT, QUASI, SENSIBLE, AUTRE)
D_UN_TABLEAU = {
    QUASI: "dimension : ce qui définit le groupe",
    **{r: ROLES[r] for r in (EFFECTIF, SOMME, MAXIMUM, IDENTIFIANT)},
}
CHAMPS_DE_SEUIL = {"k": "k", "l": "diversite", "t": "t"}


class FormulaireEpreuve(SansFichierPerdu, forms.Form):
    """Le fichier est lu à l'envoi, une fois, et jamais gardé ; ce qui en a été compté suffit à la suite."""

    regle = forms.TypedChoiceField(label="Durée éprouvée", coerce=int)
    fichier = forms.FileField(
        label="Fichier à éprouver",
        help_text=f"CSV, XLSX ou ODS (une seule feuille remplie) ; le nom des colonnes en tête, ou sous quelques lignes de titre. Lu à part, jamais gardé. Jusqu'à {nombre(lecteur.LIGNES_MAX)} "
        f"lignes ici, {nombre(lecteur_commande.LIGNES_MAX)} par la commande « eprouver ».",
    )
    ligne = forms.ChoiceField(
        label="Une ligne décrit", choices=LigneEprouvee.choices, widget=forms.RadioSelect
    )
    donnees_origine = forms.ChoiceField(
        label="Gardez-vous les données d'origine ?",
        choices=DonneesOrigine.choices,
        widget=forms.RadioSelect,
        help_text="Tant qu'elles sont gardées, un fichier ligne à ligne qui en est tiré est au mieux pseudonymisé (G29, avis 05/2014, § 2.2.3).",
    )
    second = forms.FileField(
        label="Second fichier",
        required=False,
        help_text="Un fichier que quelqu'un d'autre pourrait détenir (ou, pour un tableau, celui d'une autre date). Sans lui, la corrélation n'est "
        "pas mesurée.",
    )
    k = forms.IntegerField(
        label="Seuil k", initial=SEUILS["k"], help_text=f"Lignes par classe, au moins ; pas moins de {K_MIN}."
    )
    diversite = forms.IntegerField(
        label="Seuil l",
        initial=SEUILS["l"],
        help_text=f"Valeurs distinctes par classe, pour ce qu'il ne faut pas déduire ; pas moins de {L_MIN}.",
    )
    t = forms.CharField(
        label="Seuil t",
        initial=taux(SEUILS["t"]),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        help_text="Écart de répartition toléré : 0,5 au plus.",
    )

    ETROITS = ("k", "diversite", "t")
    trop_lourd = TROP_LOURD

    def __init__(self, *args, fiche: Traitement, **options):
        super().__init__(*args, **options)
        champ(self, "regle", forms.TypedChoiceField).choices = durees_de(fiche)

    def clean(self) -> dict[str, Any]:
        lues = super().clean() or {}
        lues["seuils"] = {}
        for nom, champ_ in CHAMPS_DE_SEUIL.items():
            if champ_ in lues:
                try:
                    lues["seuils"][nom] = lire_seuil(nom, lues[champ_])
                except SeuilRefuse as refus:
                    self.add_error(champ_, str(refus))
        return lues


class FormulaireRoles(forms.Form):
    """Un rôle par colonne, dans une liste. `mesure`, signée, est tout ce qui reste du fichier."""

    mesure = forms.CharField(widget=forms.HiddenInput)
    regle = forms.TypedChoiceField(label="Durée éprouvée", coerce=int)
    donnees_origine = forms.ChoiceField(choices=DonneesOrigine.choices, widget=forms.HiddenInput)

    def __init__(self, *args, lue: FichierMesure, fiche: Traitement, **options):
        super().__init__(*args, **options)
        self.lue = lue
        champ(self, "regle", forms.TypedChoiceField).choices = durees_de(fiche)
        self.tableau = lue.ligne == LigneEprouvee.GROUPE
        choix = list((D_UN_TABLEAU if self.tableau else {r: ROLES[r] for r in D_UNE_PERSONNE}).items())
        for rang, (nom, role) in enumerate(proposer_roles(lue).items()):
            self.fields[f"role_{rang}"] = forms.ChoiceField(label=nom, choices=choix, initial=role)

    @property
    def colonnes(self) -> list[tuple[forms.BoundField, str]]:
        """Chaque colonne et ce que Registre y voit."""
        vues = {d["colonne"]: d for d in self.lue.mesures["detections"]}
        return [(self[f"role_{rang}"], _vue(vues.get(nom))) for rang, nom in enumerate(self.lue.colonnes)]

    @property
    def roles(self) -> dict[str, str]:
        return {nom: self.cleaned_data[f"role_{rang}"] for rang, nom in enumerate(self.lue.colonnes)}


def _vue(detection: dict[str, Any] | None) -> str:
    if detection is None:
        return ""
    debut = "a la forme de" if detection["part"] else "son intitulé annonce"
    return f"{debut} : {NATURES[detection['nature']]}"


def relire_roles(contenu: QueryDict, fiche: Traitement, *, tape: bool) -> FormulaireRoles | None:
    """Le formulaire des rôles que porte cet envoi ou ce brouillon (`tape` : un envoi, à contrôler) ; `None` s'il n'en porte pas,
    ou si la mesure ne vaut plus."""
    try:
        lue = relire(contenu.get("mesure", ""), fiche)
    except EpreuveImpossible:
        return None
    if tape:
        return FormulaireRoles(contenu, lue=lue, fiche=fiche)
    return FormulaireRoles(initial=contenu.dict(), lue=lue, fiche=fiche)


def durees_de(fiche: Traitement) -> list[tuple[int, str]]:
    """Les durées de la fiche : numéro, phrase."""
    numeros = list(
        DureeConservation.objects.filter(traitement=fiche).order_by("numero").values_list("numero", flat=True)
    )
    phrases = phrases_des_durees(fiche, numeros, Codes()) if numeros else []
    return list(zip(numeros, phrases, strict=True))
