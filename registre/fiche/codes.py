"""Les référentiels et les tiers en mémoire, le temps d'une opération ; ceux du dernier chargement se gardent plus longtemps."""

from collections.abc import Callable
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import models

from organismes.models import Pays, Tiers, Utilisateur
from organismes.pliage import plier
from organismes.referentiel import Referentiel
from registre.fiche.references import REFERENCES, dernier_chargement, lignes


class Codes:
    """Cache à durée courte (une requête HTTP, un import, un export). Ne pas le garder au-delà."""

    def __init__(self) -> None:
        self._listes: dict[type[models.Model], dict[str, Any]] = {}
        self._tiers: dict[str, Tiers] | None = None
        self._tiers_plies: dict[str, Tiers] = {}
        self._pays_plies: dict[str, Pays] | None = None
        self._personnes: dict[str, str] | None = None

    def de(self, modele: type[models.Model]) -> dict[str, Any]:
        """Les lignes d'un référentiel par code, retirées comprises (une fiche ancienne les cite encore)."""
        if modele not in self._listes:
            garde = issubclass(modele, Referentiel)
            self._listes[modele] = self.tenir(modele, lambda: lignes(modele)) if garde else lignes(modele)
        return self._listes[modele]

    def tenir(self, nom: Any, lire: Callable[[], Any]) -> Any:
        """Ce que `lire` tire des seuls référentiels, gardé tant qu'ils ne changent pas. À ne jamais modifier."""
        return REFERENCES.tenir(self._chargement, nom, lire)

    @cached_property
    def _chargement(self) -> str:
        return dernier_chargement()

    def libelle(self, modele: type[models.Model], code: str) -> str:
        ligne = self.de(modele).get(code)
        return str(ligne) if ligne is not None else code

    def pays(self, nom: str) -> Pays | None:
        """Le pays en usage que désigne ce nom, cette autre graphie ou ce code, à la casse et aux accents près."""
        if self._pays_plies is None:
            self._pays_plies = {
                plier(dit): pays
                for pays in self.de(Pays).values()
                if pays.actif
                for dit in (*pays.autres_noms, pays.libelle, pays.code)
            }
        return self._pays_plies.get(plier(nom))

    def sans_tiers(self) -> "SansTiers":
        """Les mêmes référentiels, déjà en mémoire, les noms de tiers en moins."""
        prives = SansTiers()
        prives._listes = self._listes
        return prives

    def tiers(self, designation: Any) -> Tiers | None:
        """Le tiers de l'organisme actif que désigne cet identifiant ou ce nom, à la casse et aux accents près."""
        if isinstance(designation, Tiers):
            return designation
        if not isinstance(designation, (str, UUID)):
            return None
        texte = str(designation)
        return self._tiers_lus().get(texte) or self._tiers_plies.get(plier(texte))

    def _tiers_lus(self) -> dict[str, Tiers]:
        """Les tiers de l'organisme actif, par nom et par identifiant."""
        if self._tiers is None:
            tous = list(Tiers.objects.all())
            self._tiers = {t.nom: t for t in tous} | {str(t.pk): t for t in tous}
            self._tiers_plies = {t.nom_cle: t for t in tous}
        return self._tiers

    def tous_les_tiers(self) -> list[Tiers]:
        """Les tiers de l'organisme actif, par nom."""
        return sorted({t.pk: t for t in self._tiers_lus().values()}.values(), key=lambda t: t.nom_tri)

    def nom_tiers(self, designation: str) -> str:
        tiers = self.tiers(designation)
        return tiers.nom if tiers else designation

    def nom_personne(self, identifiant: str) -> str:
        """Le nom d'une personne que le journal désigne par son identifiant."""
        if self._personnes is None:
            self._personnes = {str(pk): nom for pk, nom in Utilisateur.objects.values_list("pk", "nom")}
        return self._personnes.get(identifiant, identifiant)

    def oublier_tiers(self) -> None:
        """À appeler après l'inscription d'un tiers."""
        self._tiers = None


class SansTiers(Codes):
    """Les libellés d'une fiche, les noms de tiers en moins."""

    def nom_tiers(self, designation: str) -> str:
        return ""
