"""La frontière des courriels : sujet et corps y prennent la typographie française, quel qu'en soit l'expéditeur."""

from django.core.mail import EmailMessage

from documents.typographie import composer
from organismes import comptes


def compose(message: EmailMessage) -> EmailMessage:
    """Le même message, composé ; ses adresses ne changent pas."""
    message.subject, message.body = composer(message.subject), composer(message.body)
    return message


class AdaptateurComptes(comptes.AdaptateurComptes):
    """Celui des comptes, dont les courriels passent la frontière."""

    def render_mail(self, template_prefix, email, context, headers=None) -> EmailMessage:
        return compose(super().render_mail(template_prefix, email, context, headers))
