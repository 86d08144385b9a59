"""Ce qu'une personne a envoyé ou tapé : ses brouillons, et les créations déjà reçues. Rien de cela n'est au registre."""

import uuid
from typing import ClassVar, Self
from urllib.parse import urlencode

from django.db import models
from django.utils import timezone
from django_scopes import ScopedManager

REPRISE = "brouillon"  # dans l'adresse : la page dont on reprend le brouillon


def adresse_de_reprise(adresse: str, numero: str) -> str:
    """L'adresse d'une page, qui demande de remontrer ce qui y avait été tapé."""
    return f"{adresse}{'&' if '?' in adresse else '?'}{urlencode({REPRISE: numero})}"


class Brouillon(models.Model):
    """Ce qu'une personne a tapé dans une page sans l'enregistrer. Privé : hors de la portée de son auteur, `ScopeError`.

    Ni journalisé ni exporté : ce n'est pas encore une écriture. `contenu` : le formulaire, encodé comme un POST.
    `numero` : la page ouverte, tirée au sort. `refuse` : envoyé, mais pas enregistré (session finie, jeton périmé, panne).
    `attente` : l'empreinte du témoin déposé dans le navigateur tant que son auteur n'est pas reconnecté. `clos` : enregistré
    ou jeté ; le contenu est effacé, et un envoi retardataire de la même page n'y revient pas.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    auteur = models.ForeignKey("organismes.Utilisateur", models.CASCADE, related_name="+")
    organisme = models.ForeignKey("organismes.Organisme", models.CASCADE, related_name="+", null=True)
    numero = models.CharField("page", max_length=32)
    adresse = models.CharField("adresse", max_length=1000)
    titre = models.CharField("titre", max_length=200)
    contenu = models.TextField("contenu", blank=True)
    refuse = models.BooleanField("envoyé sans être enregistré", default=False)
    attente = models.CharField("témoin attendu", max_length=64, blank=True, db_index=True)
    clos = models.BooleanField("clos", default=False)
    ecrit_le = models.DateTimeField("écrit le", default=timezone.now, db_index=True)

    objects: ClassVar[models.Manager[Self]] = ScopedManager(personne="auteur")

    class Meta:
        ordering = ["-ecrit_le"]
        verbose_name = "brouillon"
        constraints = [
            models.UniqueConstraint(
                fields=["auteur", "numero", "attente"],
                name="brouillon_par_page",
                violation_error_message="Cette page a déjà un brouillon.",
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def reprise(self) -> str:
        return adresse_de_reprise(self.adresse, self.numero)


class EnvoiRecu(models.Model):
    """Une création reçue. Sa clé est unique : le même envoi, deux fois ou quatre à la fois, ne crée qu'un objet.

    Ni cloisonné ni journalisé : une empreinte et l'objet qu'elle a créé, que sa route borne à son organisme.
    """

    cle = models.CharField("empreinte de l'envoi", max_length=64, primary_key=True)
    contenu_sha256 = models.CharField("empreinte du contenu", max_length=64)
    objet_type = models.CharField("type d'objet", max_length=30, blank=True)
    objet_id = models.CharField("objet créé", max_length=64, blank=True)
    recu_le = models.DateTimeField("reçu le", default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "envoi reçu"
        verbose_name_plural = "envois reçus"

    def __str__(self) -> str:
        return f"{self.objet_type} {self.objet_id}"
