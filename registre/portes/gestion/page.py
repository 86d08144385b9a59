"""Ce qu'une page de saisie a de propre : son objet, ses mots, ce qu'elle enregistre et où elle mène ensuite."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.http import HttpRequest

from journal.service import Auteur
from registre.conformite.aipd import Suggestion
from registre.conformite.constats import ConstatLu
from registre.fiche.agregat import Agregat
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Resultat
from registre.fiche.plan import Rubrique
from registre.portes.gestion.propositions import GroupePropose
from traitements.models import ModeleFiche


class Page(ABC):
    """La page où l'on saisit un objet ; une classe par sorte d'objet redéfinit ce qui la distingue.

    `objet` : celui que l'on modifie, `None` pour un nouveau, qui part alors d'`initial` (forme canonique).
    """

    FORME: ClassVar[Agregat]
    SAUF: ClassVar[frozenset[str]] = frozenset()  # les champs du plan qui ne se saisissent pas ici
    RELIRE: ClassVar[bool] = False  # on peut enregistrer puis lire l'objet
    PROPOSE: ClassVar[bool] = False  # le référentiel des durées y propose les siennes
    TRAITE: ClassVar[bool] = False  # les remarques d'import s'y traitent, par une méthode `traiter`

    def __init__(
        self, request: HttpRequest, objet: models.Model | None, initial: dict[str, Any] | None = None
    ):
        self.request, self.objet, self.initial = request, objet, initial or {}
        self.codes = Codes()

    def sur(self, objet: models.Model) -> "Page":
        """La même page, sur l'objet tel qu'il vient d'être enregistré."""
        neuve = copy(self)
        neuve.objet = objet
        return neuve

    # --- Ce que chaque sorte d'objet dit ------------------------------------------------------------------------------
    @property
    @abstractmethod
    def rubriques(self) -> tuple[Rubrique, ...]:
        """Celles du plan, dans l'ordre."""

    @property
    @abstractmethod
    def titre(self) -> str:
        """Le nom de l'objet, ou ce que l'on va créer."""

    @property
    @abstractmethod
    def fil(self) -> list[tuple[str, str]]:
        """(mots, adresse) ; le dernier n'a pas d'adresse."""

    @property
    @abstractmethod
    def retour(self) -> str:
        """L'adresse de qui quitte sans enregistrer."""

    @abstractmethod
    def ecrire(self, donnees: dict[str, Any], revision: int | None) -> Resultat:
        """Enregistre l'objet. Lève `Refus` ou `Conflit`."""

    def apres(self, resultat: Resultat) -> str:
        """L'adresse où aller une fois l'objet enregistré."""
        return self.retour

    # --- Ce que certaines ajoutent --------------------------------------------------------------------------------------
    contexte: str = ""  # la ligne sous le titre
    avis: str = ""  # ce que la personne doit savoir avant d'écrire
    suppression: str = ""  # l'adresse où effacer l'objet
    copie: str = ""  # la référence de la fiche que celle-ci copie
    ecarter: UUID | None = None  # la fiche dont la personne peut écarter un constat
    modele: ModeleFiche | None = None  # celui d'où la fiche vient
    auteur: Auteur | None = (
        None  # qui inscrit les tiers que la fiche nomme ; `None` : personne n'en a le droit
    )

    @property
    def reprise(self) -> list[dict[str, Any]]:
        """Les remarques d'import de l'objet."""
        return []

    def dire(self, resultat: Resultat) -> str:
        """Ce que l'enregistrement a fait d'autre."""
        return ""

    def constats(self, valeurs: dict[str, Any]) -> list[ConstatLu]:
        """Ce que les règles de droit trouvent à redire."""
        return []

    def suggestions(self, valeurs: dict[str, Any]) -> list[Suggestion]:
        """Ce que la fiche suggère pour l'analyse d'impact."""
        return []

    def propositions(self, valeurs: dict[str, Any]) -> list[GroupePropose]:
        """Les durées de référence à proposer."""
        return []

    def reprendre(self, choix: str) -> dict[str, Any] | None:
        """La ligne que donne la proposition choisie ; `None` si elle n'existe pas."""
        return None
