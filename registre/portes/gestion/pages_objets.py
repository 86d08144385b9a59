"""Les pages de saisie d'un tiers et d'un organisme."""

from abc import abstractmethod
from typing import Any, TypeVar

from django.urls import reverse

from organismes.models import Organisme, Tiers
from organismes.requete import RequeteHabilitee
from registre.fiche import agregat
from registre.fiche.enregistrement import Resultat, enregistrer
from registre.fiche.plan import Rubrique
from registre.fiche.rubriques_organisme import PLAN_ORGANISME, PLAN_TIERS
from registre.portes.gestion.page import Page

S = TypeVar("S", bound=Organisme | Tiers)


class PageDObjet(Page[S]):
    """Un objet seul, sans fiche autour : il s'enregistre tel quel."""

    PLAN: tuple[Rubrique, ...]

    @property
    def rubriques(self) -> tuple[Rubrique, ...]:
        return self.PLAN

    @abstractmethod
    def neuf(self) -> S:
        """L'objet que l'on crée."""

    def ecrire(self, donnees: dict[str, Any], revision: int | None) -> Resultat[S]:
        objet = self.objet or self.neuf()
        auteur = self.request.auteur
        return enregistrer(self.FORME, donnees, objet, auteur=auteur, revision=revision, codes=self.codes)


class PageTiers(PageDObjet[Tiers]):
    FORME, PLAN = agregat.TIERS, PLAN_TIERS
    request: RequeteHabilitee

    def neuf(self) -> Tiers:
        return Tiers(organisme=self.request.organisme)

    @property
    def titre(self) -> str:
        return self.objet.nom if self.objet else "Inscrire un tiers"

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Tiers", self.retour), ("Modifier" if self.objet else "Inscrire", "")]

    @property
    def retour(self) -> str:
        return reverse("tiers")

    @property
    def suppression(self) -> str:
        """Un tiers fusionné ne s'efface pas : l'histoire des fiches le cite."""
        tiers = self.objet
        if tiers is None or tiers.fusionne_dans_id:
            return ""
        return reverse("admin:organismes_tiers_delete", args=[tiers.pk])


class PageOrganisme(PageDObjet[Organisme]):
    FORME, PLAN = agregat.ORGANISME, PLAN_ORGANISME
    contexte = "L'identité qui ouvre le registre"

    def neuf(self) -> Organisme:
        return Organisme()

    @property
    def titre(self) -> str:
        return self.objet.raison_sociale if self.objet else "Nouvel organisme"

    @property
    def fil(self) -> list[tuple[str, str]]:
        return [("Organisme", self.retour), ("Modifier" if self.objet else "Nouveau", "")]

    @property
    def retour(self) -> str:
        return reverse("admin:organismes_organisme_changelist")
