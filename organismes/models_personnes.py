"""Les personnes : leur compte, et ce qu'elles peuvent faire dans un organisme."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from journal.bases import QuerySetJournalise
from organismes.champs import ligne
from organismes.choix import Role
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.invariants import Invariant


class GestionnaireUtilisateurs(BaseUserManager["Utilisateur"]):
    def get_by_natural_key(self, courriel: str | None) -> "Utilisateur":
        return self.get(courriel__iexact=courriel)

    def create_user(
        self, courriel: str, nom: str, mot_de_passe: str | None = None, **autres: Any
    ) -> "Utilisateur":
        """Crée un compte ; sans mot de passe, il n'ouvre que par un lien à usage unique."""
        utilisateur = self.model(courriel=courriel.strip().lower(), nom=nom, **autres)
        utilisateur.set_password(mot_de_passe)
        utilisateur.full_clean()
        utilisateur.save()
        return utilisateur


class Utilisateur(AbstractBaseUser):
    """Une personne, connue par son adresse électronique. Ses droits viennent de ses habilitations."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    courriel = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )
    nom = ligne("nom et prénom", blank=False, longueur=150)
    administrateur = models.BooleanField(
        "administrateur de l'instance",
        default=False,
        help_text="Gère les organismes et les comptes. Ne donne aucun droit sur les fiches.",
    )
    is_active = models.BooleanField("compte ouvert", default=True)
    date_creation = models.DateTimeField("créé le", default=timezone.now, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, db_column="version")

    objects = GestionnaireUtilisateurs()

    USERNAME_FIELD = "courriel"
    EMAIL_FIELD = "courriel"
    REQUIRED_FIELDS = ["nom"]

    class Meta:
        ordering = ["nom"]
        verbose_name = "utilisateur"

    def __str__(self) -> str:
        return self.nom

    def clean(self) -> None:
        super().clean()
        self.courriel = self.courriel.strip().lower()

    @property
    def is_staff(self) -> bool:
        """Requis par Django ; `droits.py` décide seul, requête par requête."""
        return self.is_active

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Aucun droit ne passe par les permissions de Django : voir `organismes.droits`."""
        return False

    def has_perms(self, perms: Iterable[str], obj: object = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class QuerySetHabilitation(QuerySetJournalise["Habilitation"]):
    def actives(self, le: date) -> Self:
        """Celles dont la période contient `le` (bornes comprises)."""
        ouvertes = Q(fin__isnull=True) | Q(fin__gte=le)
        return self.filter(ouvertes, debut__lte=le, utilisateur__is_active=True)


_GestionnaireHabilitations = models.Manager.from_queryset(QuerySetHabilitation)


class GestionnaireHabilitations(_GestionnaireHabilitations["Habilitation"]):
    pass


class Habilitation(ModeleCloisonne):
    """Ce qu'une personne est dans un organisme, et pour quelle période (bornes comprises)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey("organismes.Organisme", models.PROTECT, related_name="habilitations")
    utilisateur = models.ForeignKey(
        Utilisateur, models.PROTECT, related_name="habilitations", verbose_name="personne"
    )
    role = models.CharField("rôle", max_length=20, choices=Role.choices)
    debut = models.DateField("à partir du", default=timezone.localdate)
    fin = models.DateField(
        "jusqu'au", null=True, blank=True, help_text="Fin de la mission ; ce jour compris. Vide : sans terme."
    )
    revision = models.PositiveIntegerField(default=1, editable=False, db_column="version")

    objects = gestionnaire("organisme", GestionnaireHabilitations)

    class Meta:
        ordering = ["utilisateur__nom", "debut"]
        verbose_name = "habilitation"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "utilisateur", "role", "debut"],
                name="habilitation_unique",
                violation_error_message="Cette personne a déjà ce rôle à partir de cette date.",
            ),
            Invariant(
                condition=Q(fin__isnull=True) | Q(fin__gte=F("debut")),
                name="habilitation_dates",
                violation_error_message="L'habilitation ne peut pas finir avant d'avoir commencé.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utilisateur}, {self.get_role_display()}"
