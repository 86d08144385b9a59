"""Un bloc de saisie : la racine d'un agrégat, un élément d'une liste ou un volet."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from organismes.champs import champ_de
from registre.fiche.lecture import est_vide
from registre.fiche.plan import Champ, Liste, Si
from registre.portes.gestion.champs import Fabrique, canonique
from registre.portes.gestion.champs_saisis import ChampPose, ChampSaisi, FormulaireDeSaisie
from registre.portes.gestion.inscription import LES_DEUX, NouveauTiers


class Bloc(FormulaireDeSaisie):
    """La saisie d'un objet : la racine, un élément de liste ou un volet.

    Les blocs d'une liste partagent leurs champs (`Fabrique`) : pour en changer un, voir `champ_a_soi`.
    """

    def __init__(
        self,
        modele: type[models.Model],
        champs: tuple[Champ, ...],
        fabrique: Fabrique,
        valeurs: dict,
        **options,
    ):
        super().__init__(initial=valeurs, **options)
        self.modele, self.autre, self.fabrique = modele, "", fabrique
        self.conditions = {c.nom: si for c in champs if (si := c.demande or c.si) is not None}
        for champ in champs:
            du_modele = champ_de(modele, champ.nom)
            if du_modele.editable:
                self.fields[champ.nom] = fabrique.champ(du_modele, valeurs.get(champ.nom))

    def champ_a_soi(self, nom: str) -> ChampSaisi:
        """Ce champ, rendu propre à ce bloc : ce qu'on y change ne se voit pas dans les autres lignes."""
        self._bound_fields_cache.pop(nom, None)
        self.fields[nom] = deepcopy(self.fields[nom])
        return self.fields[nom]

    def lignes(self) -> Iterator[tuple[ChampPose, dict[str, str] | None]]:
        """Les champs dans l'ordre du plan, chacun avec sa condition éventuelle."""
        for champ in self:
            yield champ, self._condition(champ)

    def _condition(self, champ: ChampPose) -> dict[str, str] | None:
        si = self.conditions.get(champ.name)
        return attributs(si, self.add_prefix) if si is not None and si.champ in self.fields else None

    def donnees(self) -> dict[str, Any]:
        """Les valeurs canoniques ; un champ mal saisi n'y est pas, son erreur suffit."""
        return {
            nom: canonique(self.fields[nom], v) for nom, v in self.cleaned_data.items() if nom in self.fields
        }

    @property
    def vierge(self) -> bool:
        return all(est_vide(v) for v in self.cleaned_data.values()) and not self.errors

    @property
    def dispute(self) -> bool:
        """Quelqu'un d'autre a-t-il enregistré ici autre chose entre-temps ?"""
        return bool(self.autre) or any(c.autre for c in self.fields.values())


def attributs(si: Si, nommer=str) -> dict[str, str]:
    """Une condition du plan, pour le navigateur : les contrôles à regarder, les valeurs attendues de chacun.

    Une barre oblique sépare les conditions dont une seule suffit.
    """
    voies = [[c for c in (voie, voie.et) if c] for voie in (si, si.ou) if voie]
    return {
        "champs": "/".join(" ".join(nommer(c.champ) for c in voie) for voie in voies),
        "valeurs": "/".join("|".join(" ".join(map(_saisie, c.valeurs)) for c in voie) for voie in voies),
    }


def _saisie(valeur: Any) -> str:
    return {True: "true", False: "false"}.get(valeur, valeur)


class BlocNumerote(Bloc):
    """Un élément d'une liste ; `numero` le désigne dans la fiche. `propose` : repris du référentiel, à confirmer."""

    prefix: str  # « finalites-2 »

    def __init__(self, *args, numero: int, nouveau: bool, propose: bool = False, **options):
        super().__init__(*args, **options)
        self.numero, self.nouveau, self.propose = numero, nouveau, propose
        self.cites: set[str] = set()  # les champs qu'un constat cite

    @cached_property
    def inscription(self) -> NouveauTiers | None:
        """De quoi inscrire un tiers qui manque à la liste, là où la ligne en choisit un."""
        if "tiers" not in self.fields:
            return None
        envoi = self.data if self.is_bound else None
        return NouveauTiers(self.fabrique.codes, data=envoi, prefix=f"{self.prefix}-inscrire")

    @property
    def tiers_inscrit(self) -> NouveauTiers | None:
        """Celui que la ligne inscrit, s'il y en a un."""
        tiers = self.inscription
        return tiers if tiers is not None and tiers.rempli else None

    @property
    def inscrit(self) -> bool:
        """La ligne inscrit-elle un tiers ?"""
        return self.tiers_inscrit is not None

    def inscription_valide(self) -> bool:
        """Le tiers à inscrire se lit-il bien, et la ligne n'en choisit-elle pas un autre ?"""
        if self.inscription is None:
            return True
        if self.cleaned_data.get("tiers"):
            self.inscription.add_error("nom", LES_DEUX)
        return self.inscription.is_valid()

    @property
    def fautes_d_inscription(self) -> int:
        """Les fautes du tiers que la ligne inscrit."""
        tiers = self.tiers_inscrit
        return len(tiers.errors) if tiers is not None else 0

    @property
    def fautif(self) -> bool:
        return bool(self.errors) or self.fautes_d_inscription > 0

    @property
    def hors_gabarit(self) -> bool:
        """Le bloc vide ne saurait pas montrer toutes ses valeurs (un code retiré, une erreur) : le serveur l'ouvre."""
        return self.fautif or any(not champ.partage for champ in self.fields.values())

    def caches(self) -> Iterator[tuple[str, str]]:
        """Le nom et la valeur de tout ce que la ligne fermée renvoie : ce qu'elle renverrait ouverte, au vide près."""
        for champ in self:
            valeur = champ.value()
            for une in valeur if isinstance(valeur, (list, tuple)) else [valeur]:
                if une is not None and une != "":
                    yield champ.html_name, str(une)

    def canoniques(self) -> dict[str, Any]:
        """Les valeurs que la ligne montre, enregistrées ou non."""
        vides: dict[str, Any] = dict.fromkeys(self.fields)
        return vides | {"numero": self.numero} | (self.donnees() if self.is_bound else dict(self.initial))


def ancre(bloc: Bloc) -> str:
    """L'ancre d'un bloc entier : « finalites-2 », « volet-profilage » ; la racine n'en a pas."""
    if isinstance(bloc, BlocNumerote):
        return bloc.prefix
    return f"volet-{bloc.prefix}" if bloc.prefix else ""


@dataclass(frozen=True)
class Gabarit:
    """Fabrique les blocs neufs d'une liste, vides ou remplis d'une proposition."""

    liste: Liste
    fabrique: Fabrique

    def pour(self, numero: int, valeurs: dict[str, Any] | None = None, propose: bool = False) -> BlocNumerote:
        return self._bloc(str(numero), numero, valeurs or {}, propose)

    @property
    def copie(self) -> BlocNumerote:
        """Le bloc que le navigateur copie ; `__n__` y tient la place du numéro."""
        return self._bloc("__n__", 0, {}, False)

    def _bloc(self, place: str, numero: int, valeurs: dict[str, Any], propose: bool) -> BlocNumerote:
        return BlocNumerote(
            self.liste.modele,
            self.liste.champs,
            self.fabrique,
            valeurs,
            prefix=f"{self.liste.nom}-{place}",
            numero=numero,
            nouveau=True,
            propose=propose,
        )
