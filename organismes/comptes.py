"""Ce que Registre attend d'allauth : comptes ouverts par l'administrateur, redirections internes."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from organismes import brouillons
from organismes.messagerie import compose, envoyer
from organismes.models import Utilisateur


class AdaptateurComptes(DefaultAccountAdapter):
    """Inscription fermée, jamais de redirection hors du site, messages muets sur l'existence d'un compte."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Ce compte est désactivé.",
        "email_password_mismatch": "L’adresse ou le mot de passe n’est pas le bon.",
        "enter_current_password": "Ce n’est pas votre mot de passe actuel.",
        "incorrect_password": "Ce n’est pas votre mot de passe.",
        "invalid_password_reset": "Ce lien ne vaut plus : demandez-en un autre.",
        "too_many_login_attempts": "Trop d’essais manqués : réessayez dans quelques minutes.",
        "rate_limited": "Trop de demandes en peu de temps : réessayez dans quelques minutes.",
    }

    def post_login(self, request: HttpRequest, user: Utilisateur, **options: Any) -> HttpResponse:
        brouillons.purger()  # chacun, en entrant, efface ce qui a fait son temps
        return super().post_login(request, user, **options)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Plus strict qu'allauth, qui admet tous les hôtes d'`ALLOWED_HOSTS` : seul l'hôte de la requête."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        return compose(super().render_mail(template_prefix, email, context, headers))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        contexte = {"request": self.request, "email": email, "current_site": get_current_site(self.request)}
        envoyer(self.render_mail(template_prefix, email, contexte | context))

    def format_email_subject(self, subject: str) -> str:
        return f"Registre : {subject}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("compte")
