"""Ce qui s'exécute : opérations de conservation, épreuves d'anonymat, abonnements à l'agenda, rappels envoyés."""

import uuid
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from conservation.anonymat.epreuve import PROTOCOLE
from conservation.choix import DonneesOrigine, GenreSource, LigneEprouvee, TypeOperation, VerdictEpreuve
from conservation.models_plans import PlanReleve
from conservation.preuves import coherente
from journal.bases import EcritureHorsJournal, GestionnaireJournalise
from organismes.champs import ChampLignes, ChampNumeros, ligne, texte
from organismes.cloison import ModeleCloisonne, gestionnaire
from organismes.invariants import Invariant
from organismes.models import Organisme, Utilisateur
from traitements.models import Traitement
from traitements.phrases import date_en_mots, de

MESUREE, A_LA_MAIN = "mesuré par Registre sur la source", "saisi à la main"


class Fige(ModeleCloisonne):
    """S'écrit une fois, signé par son auteur, et ne se modifie ni ne s'efface. Une erreur se corrige par un nouvel objet."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="+", editable=False)
    auteur_identifiant = ligne("identifiant de l'auteur", longueur=64, editable=False)
    auteur_nom = ligne("auteur", longueur=200, editable=False)
    enregistre_le = models.DateTimeField("enregistré le", default=timezone.now, editable=False)
    # Ce à quoi il s'appliquait ce jour-là : voir `preuves.visee`, et l'identifiant de chaque durée, qui ne se reprend pas.
    durees_visees = models.JSONField("durées d'alors", default=list, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise EcritureHorsJournal(
                f"{self._meta.verbose_name} : une correction est un nouvel enregistrement."
            )
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> NoReturn:
        raise EcritureHorsJournal(f"{self._meta.verbose_name} : ne s'efface pas.")


class Operation(Fige):
    """Une purge, une mise en archive, une anonymisation ou un relevé, sur une ou plusieurs durées d'une fiche.

    `regles` : leurs numéros dans la fiche ; `regles_texte` : leur phrase ce jour-là, une par durée. Un relevé compte les lignes
    que la durée dit ne plus devoir être là (`en_retard`) ; aucune donnée personnelle n'y entre.
    """

    traitement = models.ForeignKey(
        Traitement, models.PROTECT, related_name="operations", verbose_name="fiche", editable=False
    )
    regles = ChampNumeros("durées", blank=False)
    regles_texte = ChampLignes("durées appliquées", editable=False)
    type = models.CharField("opération", max_length=20, choices=TypeOperation.choices)
    date = models.DateField("date de l'opération")
    perimetre = texte("périmètre", "Quelles données, quelle base, quels dossiers.", 2000)
    volume_avant = models.PositiveBigIntegerField("nombre avant", null=True, blank=True)
    volume_apres = models.PositiveBigIntegerField("nombre après", null=True, blank=True)
    volume_inconnu = texte(
        "volume inconnu, parce que",
        "Seulement si l'on ne peut pas compter : la raison reste au procès-verbal.",
        500,
    )
    methode = texte("méthode", "Comment l'opération a été menée.", 2000)
    operateur = ligne("opérateur", "Qui l'a exécutée.", 200)
    preuve_reference = ligne(
        "référence de la preuve", "Numéro de ticket, chemin du journal d'exécution.", 500
    )
    sql_sha256 = ligne(
        "empreinte du SQL exécuté",
        "Celle que la page « SQL d'une purge » ou la commande ont donnée : soixante-quatre chiffres et lettres.",
        64,
        validators=[
            RegexValidator(r"^[0-9a-f]{64}\Z", "Il faut les 64 signes de l'empreinte SHA-256, sans espace.")
        ],
    )
    preuve_absente = texte(
        "aucune preuve, parce que", "Ni référence ni fichier : dites pourquoi il n'y en a pas.", 500
    )
    preuve_nom = ligne("fichier de preuve", longueur=200, editable=False)
    preuve_sha256 = ligne("empreinte de la preuve", longueur=64, editable=False)
    source = ligne("source examinée", "Un nom, jamais un mot de passe.", 300)
    source_sha256 = ligne("empreinte de la source", longueur=64, editable=False)
    source_genre = models.CharField(
        "genre de source", max_length=20, choices=GenreSource.choices, blank=True, editable=False
    )
    source_table = ligne("table ou requête lue", longueur=300, editable=False)
    source_colonne = ligne("colonne lue", longueur=300, editable=False)
    source_filtres = ChampLignes("filtres", editable=False)
    source_lecture = ChampLignes("formats de date lus", editable=False)
    limite = models.DateField(
        "date limite", null=True, blank=True, help_text="Ce qui la précède aurait dû disparaître."
    )
    examinees = models.PositiveBigIntegerField("lignes examinées", null=True, blank=True)
    en_retard = models.PositiveBigIntegerField("lignes au-delà du terme", null=True, blank=True)
    sans_date = models.PositiveBigIntegerField("lignes sans date lisible", null=True, blank=True)
    a_venir = models.PositiveBigIntegerField("lignes datées à venir", null=True, blank=True, editable=False)
    plan = models.ForeignKey(
        PlanReleve,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="releves",
        verbose_name="plan de relevé",
    )
    corrige = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name="corrige l'opération",
    )
    motif_correction = texte("motif de la correction", longueur=1000)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["-date", "-enregistre_le"]
        verbose_name = "opération de conservation"
        verbose_name_plural = "opérations de conservation"
        indexes = [models.Index(fields=["organisme", "traitement", "-date"])]
        constraints = [
            Invariant(
                condition=Q(volume_avant__isnull=True)
                | Q(volume_apres__isnull=True)
                | Q(volume_apres__lte=F("volume_avant")),
                name="operation_volumes",
                violation_error_message="Le nombre après l'opération ne peut pas dépasser le nombre avant.",
            ),
            Invariant(
                condition=~Q(type=TypeOperation.RELEVE) | Q(en_retard__isnull=False),
                name="operation_constat_compte",
                violation_error_message="Un relevé dit combien de lignes sont au-delà du terme.",
            ),
            Invariant(
                condition=Q(examinees__isnull=True)
                | Q(en_retard__isnull=True)
                | Q(en_retard__lte=F("examinees")),
                name="operation_retard_borne",
                violation_error_message="Il ne peut pas y avoir plus de lignes en retard que de lignes examinées.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} du {date_en_mots(self.date)}, {self.traitement.reference}"

    def clean(self) -> None:
        super().clean()
        if self.corrige_id and self.source_sha256:
            raise ValidationError("Une correction se tape : elle ne porte pas l'empreinte d'une mesure.")
        if erreurs := self._dates() | ({} if self.type == TypeOperation.RELEVE else self._execution()):
            raise ValidationError(erreurs)

    def _dates(self) -> dict[str, str]:
        debut = self.traitement.date_mise_en_oeuvre
        if self.date and debut and self.date < debut:
            return {"date": f"Le traitement n'a commencé que le {date_en_mots(debut)}."}
        if self.date and self.limite and self.limite > self.date:
            return {"limite": "La date limite ne peut pas suivre le relevé."}
        return {}

    def _execution(self) -> dict[str, str]:
        """Ce qui manque à une purge, une mise en archive ou une anonymisation pour être signée (RGPD art. 5(2))."""
        erreurs = {}
        chiffree = self.volume_avant is not None and self.volume_apres is not None
        if not chiffree and not self.volume_inconnu.strip():
            erreurs["volume_avant"] = (
                "Donnez le nombre avant et après, ou dites pourquoi le volume est inconnu."
            )
        if chiffree and self.volume_inconnu.strip():
            erreurs["volume_inconnu"] = "Le volume est donné : il n'est pas inconnu."
        if not self.methode.strip():
            erreurs["methode"] = "Dites comment l'opération a été menée."
        if not (self.preuve_reference.strip() or self.preuve_nom or self.preuve_absente.strip()):
            erreurs["preuve_reference"] = (
                "Donnez la référence de la preuve, joignez-la, ou dites pourquoi il n'y en a pas."
            )
        if any(not coherente(self.type, {"sort_final": v.get("sort")}) for v in self.durees_visees):
            erreurs["type"] = (
                "Cette opération n'est pas ce que la durée annonce à son terme (voyez son sort final)."
            )
        return erreurs

    @property
    def mesuree(self) -> bool:
        """Ce relevé a-t-il été compté par Registre sur la source même ?

        Une correction se tape toujours ; avant novembre 2026 elle gardait l'empreinte de la mesure qu'elle remplaçait.
        """
        return bool(self.type == TypeOperation.RELEVE and self.source_sha256 and not self.corrige_id)

    @property
    def origine(self) -> str:
        """D'où viennent les nombres de ce relevé ; vide pour une exécution."""
        if self.type != TypeOperation.RELEVE:
            return ""
        return MESUREE if self.mesuree else A_LA_MAIN


class Epreuve(Fige):
    """Une épreuve d'anonymat : ce qui a été mesuré sur un fichier qui n'est jamais gardé. Des chiffres et une empreinte.

    `mesures` : entiers et textes seulement (les proportions en dix-millièmes). `colonnes` : nom → rôle. `protocole` : celui
    de l'épreuve, 1 avant novembre 2026, qui laissait un rôle exempter une colonne. `criteres` : combien ont été mesurés, sur trois.
    """

    traitement = models.ForeignKey(
        Traitement, models.PROTECT, related_name="epreuves", verbose_name="fiche", editable=False
    )
    regle = models.PositiveSmallIntegerField("durée", null=True, blank=True)
    regle_texte = ligne("durée éprouvée", longueur=600, editable=False)
    date = models.DateField("date de l'épreuve")
    fichier = ligne("fichier", longueur=200)
    fichier_sha256 = ligne("empreinte du fichier", longueur=64)
    lignes = models.PositiveBigIntegerField("lignes")
    colonnes = models.JSONField("rôles des colonnes", default=dict)
    seuils = models.JSONField("seuils", default=dict)
    mesures = models.JSONField("mesures", default=dict)
    verdict = models.CharField("verdict", max_length=20, choices=VerdictEpreuve.choices)
    ligne = models.CharField("une ligne décrit", max_length=20, choices=LigneEprouvee.choices, blank=True)
    donnees_origine = models.CharField(
        "données d'origine gardées", max_length=20, choices=DonneesOrigine.choices, blank=True
    )
    criteres = models.PositiveSmallIntegerField("critères mesurés", null=True, blank=True)
    protocole = models.PositiveSmallIntegerField("protocole de l'épreuve", default=1)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["-date", "-enregistre_le"]
        verbose_name = "épreuve d'anonymat"
        verbose_name_plural = "épreuves d'anonymat"

    def __str__(self) -> str:
        return f"Épreuve du {date_en_mots(self.date)}, {self.traitement.reference}"

    @property
    def dit(self) -> str:
        """Le verdict en quelques mots : « Mesures effectuées : 1 sur 3 » quand tout n'a pas été établi."""
        if self.verdict == VerdictEpreuve.PASSEE and self.protocole < PROTOCOLE:
            return "Ancien protocole, à refaire"
        if self.verdict == VerdictEpreuve.PARTIELLE and self.criteres == 3:
            return "Trois critères mesurés, sans conclusion"
        if self.verdict == VerdictEpreuve.PARTIELLE:
            return f"Mesures effectuées : {self.criteres or 0} sur 3"
        return str(self.get_verdict_display())


class JetonAgenda(ModeleCloisonne):
    """L'abonnement d'une personne à l'échéancier. Le jeton ne se montre qu'une fois ; seule son empreinte est gardée."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="+", editable=False)
    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="personne")
    empreinte = ligne("empreinte du jeton", longueur=64, unique=True)
    cree_le = models.DateTimeField("créé le", default=timezone.now, editable=False)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["-cree_le"]
        verbose_name = "abonnement à l'agenda"
        verbose_name_plural = "abonnements à l'agenda"

    def __str__(self) -> str:
        return f"Agenda {de(str(self.utilisateur))}"


class Rappel(ModeleCloisonne):
    """Un rappel envoyé : un par personne, par organisme et par jour, quel que soit le nombre de passages de la commande."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisme = models.ForeignKey(Organisme, models.PROTECT, related_name="+", editable=False)
    utilisateur = models.ForeignKey(Utilisateur, models.PROTECT, related_name="+", verbose_name="personne")
    jour = models.DateField("jour")
    contenu_sha256 = ligne("empreinte du contenu", longueur=64)
    dites = models.JSONField("ce qui a été rappelé", default=list, blank=True)

    objects = gestionnaire("organisme", GestionnaireJournalise)

    class Meta:
        ordering = ["-jour"]
        verbose_name = "rappel envoyé"
        verbose_name_plural = "rappels envoyés"
        constraints = [
            models.UniqueConstraint(
                fields=["organisme", "utilisateur", "jour"],
                name="rappel_un_par_jour",
                violation_error_message="Un rappel est déjà parti aujourd'hui.",
            )
        ]

    def __str__(self) -> str:
        return f"Rappel du {date_en_mots(self.jour)} à {self.utilisateur}"
