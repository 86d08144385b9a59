"""Ce qu'une page de saisie a de propre : son objet, ses mots, ce qu'elle enregistre et où elle mène ensuite."""

from abc import ABC, abstractmethod
from copy import copy
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from journal.service import Auteur
from organismes.models import Organisme, Tiers
from organismes.requete import RequeteConnectee
from registre.conformite.aipd import Suggestion
from registre.conformite.constats import ConstatLu
from registre.fiche.agregat import Agregat
from registre.fiche.codes import Codes
from registre.fiche.enregistrement import Resultat
from registre.fiche.plan import Rubrique
from registre.portes.gestion.propositions import GroupePropose
from traitements.models import ModeleFiche, Traitement

T = TypeVar("T", bound=Traitement | Organisme | Tiers)


class Page(ABC, Generic[T]):
    """La page où l'on saisit un objet ; une classe par sorte d'objet redéfinit ce qui la distingue.

    `objet` : celui que l'on modifie, `None` pour un nouveau, qui part alors d'`initial` (forme canonique).
    """

    FORME: ClassVar[Agregat]
    SAUF: ClassVar[frozenset[str]] = frozenset()  # les champs du plan qui ne se saisissent pas ici
    RELIRE: ClassVar[bool] = False  # on peut enregistrer puis lire l'objet
    PROPOSE: ClassVar[bool] = False  # le référentiel des durées y propose les siennes
    TRAITE: ClassVar[bool] = False  # les remarques d'import s'y traitent

    def __init__(self, request: RequeteConnectee, objet: T | None, initial: dict[str, Any] | None = None):
        self.request, self.objet, self.initial = request, objet, initial or {}
        self.codes = Codes()

    def sur(self, objet: T) -> Self:
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
    def ecrire(self, donnees: dict[str, Any], revision: int | None) -> Resultat[T]:
        """Enregistre l'objet. Lève `Refus` ou `Conflit`."""

    def apres(self, resultat: Resultat[T]) -> str:
        """L'adresse où aller une fois l'objet enregistré."""
        return self.retour

    # --- Ce que certaines ajoutent --------------------------------------------------------------------------------------
    @property
    def contexte(self) -> str:
        """La ligne sous le titre."""
        return ""

    @property
    def avis(self) -> str:
        """Ce que la personne doit savoir avant d'écrire."""
        return ""

    @property
    def suppression(self) -> str:
        """L'adresse où effacer l'objet."""
        return ""

    @property
    def copie(self) -> str:
        """La référence de la fiche que celle-ci copie."""
        return ""

    @property
    def ecarter(self) -> UUID | None:
        """La fiche dont la personne peut écarter un constat."""
        return None

    @property
    def modele(self) -> ModeleFiche | None:
        """Celui d'où la fiche vient."""
        return None

    @property
    def inscripteur(self) -> tuple[Organisme, Auteur] | None:
        """Où et au nom de qui s'inscrivent les tiers que la fiche nomme ; `None` : personne n'en a le droit."""
        return None

    @property
    def reprise(self) -> list[dict[str, Any]]:
        """Les remarques d'import de l'objet."""
        return []

    def dire(self, resultat: Resultat[T]) -> str:
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

    def traiter(self, objet: T, numero: int, suite: str, revision: int | None) -> Resultat[T]:
        """Marque une remarque d'import traitée, sur une page qui en `TRAITE`. Lève `Refus` ou `Conflit`."""
        raise NotImplementedError
