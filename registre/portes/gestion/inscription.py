"""Inscrire un tiers depuis la fiche qui le cite : dans le même envoi, ou pas du tout."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from journal.service import Auteur
from organismes.choix import QualiteTiers
from organismes.models import Organisme, Tiers
from organismes.pliage import plier
from registre.fiche import agregat
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Refus, enregistrer
from registre.portes.gestion.champs_saisis import Choix, FormulaireDeSaisie, Texte

LES_DEUX = "Choisissez un tiers dans la liste, ou inscrivez-en un nouveau : pas les deux."
SANS_DROIT = "Vos habilitations ne permettent pas d'inscrire un tiers."
QUALITES = {
    "responsables_conjoints": QualiteTiers.RESPONSABLE_CONJOINT.value,
    "clients": QualiteTiers.CLIENT.value,
}


class NouveauTiers(FormulaireDeSaisie):
    """Nom, pays, qualité d'un tiers que la liste n'a pas. `existant` : celui, en usage, que ce nom désigne déjà."""

    nom = Texte(label="Nom du nouveau tiers", required=False)
    pays = Texte(
        label="Pays du nouveau tiers",
        required=False,
        widget=forms.TextInput(attrs={"list": "liste-pays", "autocomplete": "off"}),
        help_text="Son nom en français ou son code : « France » ou « FR ».",
    )
    qualite = Choix(
        label="Ce que ce tiers est pour vous",
        required=False,
        choices=[("", "non renseigné"), *QualiteTiers.choices],
    )

    def __init__(self, codes: Codes, **options):
        super().__init__(**options)
        self.codes = codes
        self.existant: Tiers | None = None
        self.qualite_de_la_liste = QUALITES.get((self.prefix or "").partition("-")[0], "")
        if self.qualite_de_la_liste:  # la liste dit déjà ce qu'est ce tiers
            del self.fields["qualite"]

    @property
    def rempli(self) -> bool:
        return self.is_bound and any(self.data.get(self.add_prefix(nom), "").strip() for nom in self.fields)

    def clean_nom(self) -> str:
        nom = " ".join(self.cleaned_data["nom"].split())
        if not nom:
            raise forms.ValidationError("Donnez le nom du tiers à inscrire.")
        return nom

    def clean_pays(self) -> str:
        """Le code du pays. Une faute de frappe se dit : elle ne devient pas un pays vide."""
        tape = self.cleaned_data["pays"].strip()
        trouve = self.codes.pays(tape) if tape else None
        if tape and trouve is None:
            raise forms.ValidationError(f"Aucun pays ne s'appelle « {tape} » : choisissez-le dans la liste.")
        return trouve.code if trouve else ""

    def donnees(self) -> dict[str, Any]:
        """La forme canonique du tiers."""
        qualite = self.cleaned_data.get("qualite") or self.qualite_de_la_liste
        return {
            "nom": self.cleaned_data["nom"],
            "pays": self.cleaned_data["pays"] or None,
            "qualites": [qualite] if qualite else [],
        }


def inscrire(lignes, donnees: dict[str, Any], organisme: Organisme, auteur: Auteur, codes: Codes) -> None:
    """Inscrit les tiers que des lignes de la saisie nomment, et pose leur identifiant dans `donnees`.

    `lignes` : des `(liste, BlocNumerote)`. S'emploie dans l'opération qui enregistre la fiche : les deux s'écrivent, ou aucune.
    Lève `Refus` sans chemin quand un nom ne convient pas ; la phrase est posée sur la ligne.
    """
    nouveaux: dict[str, Tiers] = {}
    for liste, bloc in lignes:
        tiers = nouveaux.get(plier(bloc.inscription.cleaned_data["nom"]))
        if tiers is None:
            tiers = _inscrire(bloc.inscription, organisme, auteur, codes)
            nouveaux[plier(tiers.nom)] = tiers
        element = next(e for e in donnees[liste] if e["numero"] == bloc.numero)
        element["tiers"] = str(tiers.pk)
    codes.oublier_tiers()


def _inscrire(formulaire: NouveauTiers, organisme: Organisme, auteur: Auteur, codes: Codes) -> Tiers:
    nom = formulaire.cleaned_data["nom"]
    if connu := codes.tiers(nom):
        retenu = _retenu(connu)
        formulaire.existant = retenu if retenu.actif else None
        formulaire.add_error("nom", _deja_inscrit(connu, retenu))
        raise Refus({})
    try:
        return enregistrer(
            agregat.TIERS, formulaire.donnees(), Tiers(organisme=organisme), auteur=auteur
        ).objet
    except Refus as refus:
        for chemin, messages in refus.erreurs.items():
            formulaire.add_error(chemin if chemin in formulaire.fields else "nom", messages)
        raise Refus({}) from None


def _retenu(tiers: Tiers) -> Tiers:
    """Ce tiers, ou celui qui reste de ses fusions ; il peut être hors d'usage."""
    while tiers.fusionne_dans:
        tiers = tiers.fusionne_dans
    return tiers


def _deja_inscrit(connu: Tiers, retenu: Tiers) -> str:
    fusionne = f"« {connu.nom} » est fusionné dans « {retenu.nom} »" if retenu.pk != connu.pk else ""
    if retenu.actif:
        return f"{fusionne or f'« {connu.nom} » existe déjà'} : le choisir ?"
    return f"{fusionne or f'« {connu.nom} » existe'}, hors d'usage : remettez-le en usage dans sa page."


def choisir(envoi: QueryDict) -> QueryDict:
    """L'envoi où la ligne désignée (« destinataires-3:IDENTIFIANT ») choisit ce tiers au lieu d'en inscrire un."""
    prefixe, _, identifiant = envoi.get("choisir_tiers", "").partition(":")
    try:
        choisi = str(UUID(identifiant))
    except ValueError:
        return envoi
    copie = envoi.copy()
    copie[f"{prefixe}-tiers"] = choisi
    for nom in NouveauTiers.base_fields:
        copie.pop(f"{prefixe}-inscrire-{nom}", None)
    return copie
