"""Ce que l'on a décidé de relever, et de relever encore : une source sans secret, ce qu'on y lit, les durées qu'on y compte."""

import uuid
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from conservation.choix import GenreSource
from journal.bases import GestionnaireJournalise
from organismes.champs import ChampLignes, ligne, qui_se_voit, texte
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.models import Organisme
from traitements.models import Traitement

IDENTIFIANTS = r"^RELEVE(_[A-Z0-9]+)*\Z"
REQUETE_MAX = 20_000  # caractères
NOM_MAX = 255  # octets : ce qu'un système de fichiers admet
PAS_UN_NOM = {".", "..", "~"}


def nom_de_fichier(nom: str) -> None:
    """Refuse ce qu'aucun fichier déposé ne pourrait s'appeler."""
    qui_se_voit(nom)
    if nom.strip() in PAS_UN_NOM:
        raise ValidationError(f"« {nom.strip()} » désigne un dossier : ce n'est pas le nom d'un fichier.")
    if (octets := len(nom.encode())) > NOM_MAX:
        raise ValidationError(
            f"Le nom du fichier est trop long pour un système de fichiers : {octets} octets, {NOM_MAX} au plus (une lettre "
            "accentuée en prend deux)."
        )


class PlanReleve(ModeleCloisonne):
    """Un relevé que l'on refait : où lire, quoi lire, comment, et quelles durées y compter.

    Ce qu'un plan lit ne change pas, sans quoi deux de ses relevés ne se compareraient plus : on l'arrête, et l'on en garde un
    autre. `durees_visees` : chaque durée par son identifiant et telle qu'elle était quand le plan a été gardé (voir
    `conservation.visees`). `lecture` : les formats de date choisis ; vide, la lecture ordinaire.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="+", editable=False)
    traitement = models.ForeignKey(
        Traitement, models.PROTECT, related_name="plans_de_releve", verbose_name="fiche", editable=False
    )
    nom = ligne("nom du plan", "Unique dans l'organisme.", 120, blank=False, validators=[qui_se_voit])
    genre = models.CharField("genre de source", max_length=20, choices=GenreSource.choices)
    adresse = ligne(
        "adresse de la source", "D'une base, sans mot de passe ; d'un fichier, son nom.", 500, blank=False
    )
    identifiants = ligne(
        "variables d'environnement du compte",
        "Le début de leur nom : « RELEVE » lit RELEVE_UTILISATEUR et RELEVE_MOT_DE_PASSE.",
        60,
        validators=[
            RegexValidator(IDENTIFIANTS, "Il faut RELEVE, ou RELEVE_ suivi de capitales et de chiffres.")
        ],
    )
    table = ligne("table ou feuille", longueur=300)
    requete = texte("requête", longueur=REQUETE_MAX)
    requete_nom = ligne("fichier de la requête", longueur=300)
    requete_sha256 = ligne("empreinte de la requête", longueur=64)
    colonne = ligne("colonne de la date", longueur=300)
    filtres = ChampLignes("filtres")
    lecture = ChampLignes("formats de date choisis")
    durees_visees = models.JSONField("durées comptées", default=list)
    actif = models.BooleanField("relevé par les tâches planifiées", default=True)
    cree_le = models.DateTimeField("gardé le", default=timezone.now, editable=False)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["nom"]
        verbose_name = "plan de relevé"
        verbose_name_plural = "plans de relevé"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "nom"],
                name="plan_releve_un_nom",
                violation_error_message="Un plan de relevé de l'organisme porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.nom}, {self.traitement.reference}"

    def clean(self) -> None:
        super().clean()
        fichier = self.genre == GenreSource.FICHIER
        if not fichier and bool(self.table) is bool(self.requete):
            raise ValidationError("Une base se lit par table ou par requête, l'une des deux.")
        if fichier and (self.requete or self.identifiants or "/" in self.adresse or "\\" in self.adresse):
            raise ValidationError(
                "D'un fichier, un plan garde le nom seul : ni chemin, ni requête, ni compte."
            )
        if fichier and self._state.adding:  # un plan d'avant se modifie et s'arrête toujours
            nom_de_fichier(self.adresse)
        if not fichier and urlsplit(self.adresse).password is not None:
            raise ValidationError("L'adresse d'une base ne porte pas de mot de passe.")
        if not self.durees_visees:
            raise ValidationError({"durees_visees": "Un plan compte au moins une durée."})
