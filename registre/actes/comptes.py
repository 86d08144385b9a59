"""Ouvrir un compte : un lien à usage unique, jamais un mot de passe par défaut."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from journal.service import Auteur, consigner, operation
from organismes.models import Utilisateur
from registre.fiche.agregat import UTILISATEUR, instantane_de
from registre.fiche.envois import reserver


def lien_a_usage_unique(utilisateur: Utilisateur, origine: str) -> str:
    """L'adresse où la personne choisit son mot de passe ; elle ne vaut plus dès qu'il est choisi."""
    cle = default_token_generator.make_token(utilisateur)
    chemin = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(utilisateur), "key": cle}
    )
    return f"{origine.rstrip('/')}{chemin}"


def donner_lien(utilisateur: Utilisateur, origine: str, *, auteur: Auteur) -> str:
    """Un lien à usage unique pour une autre personne que soi : le journal dit qui l'a donné, jamais le lien."""
    with operation():
        consigner(
            auteur=auteur,
            action="lien",
            objet_type="utilisateur",
            objet_id=str(utilisateur.pk),
            objet_libelle=utilisateur.nom,
        )
    return lien_a_usage_unique(utilisateur, origine)


def changer_mot_de_passe(utilisateur: Utilisateur, mot_de_passe: str, *, auteur: Auteur) -> None:
    with operation():
        utilisateur.set_password(mot_de_passe)
        utilisateur.save(update_fields=["password"])
        consigner(
            auteur=auteur,
            action="mot-de-passe",
            objet_type="utilisateur",
            objet_id=str(utilisateur.pk),
            objet_libelle=utilisateur.nom,
        )


def creer(
    courriel: str,
    nom: str,
    *,
    auteur: Auteur,
    mot_de_passe: str | None = None,
    administrateur: bool = False,
) -> Utilisateur:
    """Crée un compte et le consigne. Lève `ValidationError` si l'adresse est prise ou mal formée."""
    with operation():
        noter = reserver()
        utilisateur = Utilisateur.objects.create_user(
            courriel, nom, mot_de_passe, administrateur=administrateur
        )
        _consigner_creation(utilisateur, auteur=auteur)
        noter("utilisateur", utilisateur.pk)
    return utilisateur


def _consigner_creation(utilisateur: Utilisateur, *, auteur: Auteur) -> None:
    """Le journal retient d'un compte ce que dit `UTILISATEUR` : jamais le mot de passe."""
    consigner(
        auteur=auteur,
        action="creation",
        objet_type="utilisateur",
        objet_id=str(utilisateur.pk),
        objet_libelle=utilisateur.nom,
        apres=instantane_de(UTILISATEUR, utilisateur),
    )
