"""Le journal : des entrées chaînées, ajoutées, jamais modifiées ni effacées (la base elle-même s'y oppose)."""

from django.db import models


class Entree(models.Model):
    """Un changement signé. `empreinte` est un HMAC-SHA256 de tous les autres champs et de l'entrée précédente."""

    seq = models.PositiveBigIntegerField("numéro", unique=True)
    horodatage = models.DateTimeField("date et heure (UTC)")
    organisme = models.UUIDField("organisme", null=True, blank=True)
    auteur_id = models.CharField("identifiant de l'auteur", max_length=64)
    auteur_nom = models.CharField("auteur", max_length=200)
    role = models.CharField("rôle", max_length=40, blank=True)
    requete = models.CharField("requête", max_length=64, blank=True)
    action = models.CharField("action", max_length=40)
    objet_type = models.CharField("type d'objet", max_length=40)
    objet_id = models.CharField("identifiant de l'objet", max_length=64)
    objet_libelle = models.CharField("objet", max_length=300)
    changements = models.JSONField("changements", default=list)
    instantane = models.TextField("instantané", blank=True)
    instantane_sha256 = models.CharField("empreinte de l'instantané", max_length=64, blank=True)
    precedente = models.CharField("empreinte précédente", max_length=64, blank=True)
    cle_id = models.CharField("clé", max_length=20)
    empreinte = models.CharField("empreinte", max_length=64)

    class Meta:
        ordering = ["-seq"]
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        indexes = [
            models.Index(fields=["organisme", "-seq"]),
            models.Index(fields=["objet_type", "objet_id", "-seq"]),
        ]

    def __str__(self) -> str:
        return f"n° {self.seq}, {self.action} {self.objet_libelle}"


class Tete(models.Model):
    """La dernière entrée : une seule ligne, prise sous verrou par chaque écriture."""

    seq = models.PositiveBigIntegerField(default=0)
    empreinte = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "tête du journal"

    def __str__(self) -> str:
        return f"n° {self.seq}"
