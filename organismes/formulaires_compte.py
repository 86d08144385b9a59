"""Les formulaires de compte d'allauth, avec nos libellés et sans texte d'exemple qui les répète."""

from typing import Any

from allauth.account import forms
from django.forms import Field

from organismes.messagerie import exiger_messagerie

LIBELLES = {
    "login": "Courriel",
    "email": "Courriel",
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
}


class Libelles:
    """Renomme les champs connus ; `autocomplete` reste celui d'allauth, sauf pour l'identifiant."""

    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nom, champ in self.fields.items():
            champ.label = LIBELLES.get(nom, champ.label)
            champ.widget.attrs.pop("placeholder", None)
        if "login" in self.fields:
            # Les gestionnaires de mots de passe attendent « username » sur le champ qui identifie.
            self.fields["login"].widget.attrs["autocomplete"] = "username"


class Connexion(Libelles, forms.LoginForm):
    pass


class MotDePasseOublie(Libelles, forms.ResetPasswordForm):
    """Dit la même chose à toute adresse, et le dit avant de savoir si elle est connue."""

    def clean(self) -> dict[str, Any] | None:
        exiger_messagerie()
        return super().clean()


class ChoixMotDePasse(Libelles, forms.ResetPasswordKeyForm):
    pass


class ChangementMotDePasse(Libelles, forms.ChangePasswordForm):
    pass


class PremierMotDePasse(Libelles, forms.SetPasswordForm):
    pass


class Confirmation(Libelles, forms.ReauthenticateForm):
    pass
