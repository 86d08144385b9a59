"""Les formulaires de l'administrateur : comptes et habilitations."""

from django import forms
from django.core.exceptions import ValidationError

from organismes.choix import Role
from organismes.models import Habilitation, Organisme, Utilisateur
from organismes.pliage import ordre

DATE = {"type": "date"}


class FormulaireUtilisateur(forms.ModelForm):
    class Meta:
        model = Utilisateur
        fields = ["nom", "courriel", "administrateur", "is_active"]

    def pour_creation(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in ("courriel", "nom", "administrateur")}

    def canonique(self) -> dict:
        return {nom: self.cleaned_data[nom] for nom in self.Meta.fields}

    def update_errors(self, erreur: ValidationError) -> None:
        for nom, messages in getattr(erreur, "message_dict", {"__all__": erreur.messages}).items():
            self.add_error(nom if nom in self.fields else None, messages)


class FormulaireHabilitation(forms.ModelForm):
    """L'organisme et la personne se choisissent une fois ; ensuite seuls le rôle et la période changent."""

    organisme = forms.ModelChoiceField(None, empty_label="à choisir")
    utilisateur = forms.ModelChoiceField(None, label="Personne", empty_label="à choisir")

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
            champ = self.fields[nom]
            champ.queryset = objets
            # La base ne range pas comme le français ; la liste, si.
            ranges = sorted(objets, key=lambda o: ordre(str(o)))
            champ.choices = [("", champ.empty_label), *((str(o.pk), str(o)) for o in ranges)]
        self.fields["role"].choices = [("", "à choisir"), *Role.choices]
        if not self.instance._state.adding:
            for nom in ("organisme", "utilisateur"):
                self.fields[nom].disabled = True

    def canonique(self) -> dict:
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
