"""Les formulaires de l'administrateur : comptes et habilitations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.pliage import ordre
from registre.portes.requetes.formulaires import champ

DATE = {"type": "date"}


class FormulaireVerrouille(forms.ModelForm):
    """Un formulaire qui s'enregistre sous verrou (`sous_verrou`)."""

    def canonique(self) -> dict[str, Any]:
        """Ce qui est saisi, sous la forme canonique."""
        return dict(self.cleaned_data)


class FormulaireUtilisateur(FormulaireVerrouille):
    class Meta:
        model = Utilisateur
        fields = ["nom", "courriel", "administrateur", "is_active"]

    def pour_creation(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in ("courriel", "nom", "administrateur")}

    def update_errors(self, erreur: ValidationError) -> None:
        for nom, messages in getattr(erreur, "message_dict", {"__all__": erreur.messages}).items():
            self.add_error(nom if nom in self.fields else None, messages)


class FormulaireHabilitation(FormulaireVerrouille):
    """L'organisme et la personne se choisissent une fois ; ensuite seuls le rôle et la période changent."""

    organisme: "forms.ModelChoiceField[Organisme]" = forms.ModelChoiceField(None, empty_label="à choisir")
    utilisateur: "forms.ModelChoiceField[Utilisateur]" = forms.ModelChoiceField(
        None, label="Personne", empty_label="à choisir"
    )

    class Meta:
        model = Habilitation
        fields = ["utilisateur", "organisme", "role", "debut", "fin"]
        widgets = {nom: forms.DateInput(format="%Y-%m-%d", attrs=DATE) for nom in ("debut", "fin")}

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for nom, objets in (
            ("organisme", Organisme.objects.all()),
            ("utilisateur", Utilisateur.objects.all()),
        ):
            choisi = champ(self, nom, forms.ModelChoiceField)
            choisi.queryset = objets
            # La base ne range pas comme le français ; la liste, si.
            ranges = sorted(objets, key=lambda o: ordre(str(o)))
            choisi.choices = [("", choisi.empty_label), *((str(o.pk), str(o)) for o in ranges)]
        champ(self, "role", forms.ChoiceField).choices = [("", "à choisir"), *Role.choices]
        if not self.instance._state.adding:
            for nom in ("organisme", "utilisateur"):
                self.fields[nom].disabled = True

    def canonique(self) -> dict[str, Any]:
        propres = self.cleaned_data
        return {
            "role": propres["role"],
            "debut": propres["debut"].isoformat(),
            "fin": propres["fin"].isoformat() if propres["fin"] else None,
        }

    def cible(self) -> Habilitation:
        """L'habilitation à enregistrer, telle qu'en base, ou neuve."""
        if not self.instance._state.adding:
            return Habilitation.objects.get(pk=self.instance.pk)
        return Habilitation(
            organisme=self.cleaned_data["organisme"], utilisateur=self.cleaned_data["utilisateur"]
        )
