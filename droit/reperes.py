"""Ce que les référentiels disent, figé pour les règles : le droit comme donnée. Pur."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType
from typing import Any

Repere = Mapping[str, Any]
TableDeReperes = Mapping[str, Repere]  # code → attributs de la ligne, sous leurs noms de modèle


def _vide() -> TableDeReperes:
    return field(default_factory=dict)


@dataclass(frozen=True)
class Reperes:
    """Chaque table : code → ligne, retirées comprises. `tiers` : identifiant → tiers de l'organisme.

    `version` : celle des référentiels (« 2026.11.23 »). Une table absente est vide : les règles qui la lisent se taisent.
    `droit_au` : le jour dont on lit les décisions, quand ce n'est pas celui où l'on juge (voir `droit.changements`).
    """

    pays: TableDeReperes = _vide()
    adequation: TableDeReperes = _vide()
    secteurs: TableDeReperes = _vide()
    bases_legales: TableDeReperes = _vide()
    droits: TableDeReperes = _vide()
    exceptions_art9: TableDeReperes = _vide()
    categories_donnees: TableDeReperes = _vide()
    categories_personnes: TableDeReperes = _vide()
    types_destinataires: TableDeReperes = _vide()
    sources_donnees: TableDeReperes = _vide()
    canaux: TableDeReperes = _vide()
    garanties: TableDeReperes = _vide()
    mesures_securite: TableDeReperes = _vide()
    evenements: TableDeReperes = _vide()
    criteres_aipd: TableDeReperes = _vide()
    types_aipd: TableDeReperes = _vide()
    finalites_hors_referentiel: TableDeReperes = _vide()
    parametres: TableDeReperes = _vide()
    durees: TableDeReperes = _vide()
    tiers: TableDeReperes = _vide()
    version: str = ""
    droit_au: date | None = None
    _par_pays: Mapping[str, tuple[Repere, ...]] = field(default_factory=dict, init=False, repr=False)
    _durees_par_trait: Mapping[str, tuple[Repere, ...]] = field(default_factory=dict, init=False, repr=False)
    # Ce que l'on a déjà tiré de ces seuls repères, pour ne pas le refaire à chaque fiche d'un registre.
    memoire: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_durees_par_trait", MappingProxyType(_par_trait(self.durees.values())))
        par_pays: dict[str, tuple[Repere, ...]] = {}
        for decision in self.adequation.values():
            par_pays[decision["pays"]] = (*par_pays.get(decision["pays"], ()), decision)
        object.__setattr__(self, "_par_pays", MappingProxyType(par_pays))

    def libelle(self, table: str, code: str | None) -> str:
        """Le libellé d'un code ; le code lui-même s'il est inconnu."""
        ligne = getattr(self, table).get(code)
        return str(ligne["libelle"]) if ligne else str(code or "")

    def hors_eee(self, pays: str | None, le: date | None = None) -> bool:
        """Envoyer des données vers ce pays, ou cette organisation, est-il un transfert (RGPD chap. V) ?

        `le` : ce jour-là ; le Royaume-Uni n'est devenu un pays tiers qu'au terme de ses périodes de transition.
        """
        cle = "hors_eee", pays, le
        if cle not in self.memoire:
            self.memoire[cle] = self._hors_eee(pays, le)
        return bool(self.memoire[cle])

    def _hors_eee(self, pays: str | None, le: date | None) -> bool:
        if self.pays.get(pays or "", {}).get("statut") not in ("tiers", "organisation-internationale"):
            return False
        depuis = (self.parametre("pays_tiers_depuis") or {}).get(pays)
        return le is None or depuis is None or le.isoformat() >= str(depuis)

    def decision(self, pays: str | None, le: date) -> Repere | None:
        """La décision d'adéquation (RGPD art. 45) en vigueur pour ce pays ce jour-là, bornes comprises."""
        lu = self.droit_au or le
        return next((d for d in self.decisions(pays) if _en_vigueur(d, lu)), None)

    def decisions(self, pays: str | None) -> tuple[Repere, ...]:
        """Toutes les décisions connues pour ce pays, passées et présentes."""
        return self._par_pays.get(pays or "", ())

    def durees_de(self, trait: str) -> tuple[Repere, ...]:
        """Les durées en service qui visent cette catégorie de données, ou qui partent de cet événement."""
        return self._durees_par_trait.get(trait, ())

    def parametre(self, code: str) -> Any:
        """La valeur d'un paramètre des référentiels, ou `None`."""
        return self.parametres.get(code, {}).get("valeur")


def _en_vigueur(decision: Repere, le: date) -> bool:
    jour = le.isoformat()
    return decision["date_effet"] <= jour and (not decision["date_fin"] or jour <= decision["date_fin"])


def _par_trait(durees: Iterable[Repere]) -> dict[str, tuple[Repere, ...]]:
    par_trait: dict[str, tuple[Repere, ...]] = {}
    for duree in durees:
        if duree.get("actif") is not False:
            for trait in (*(duree.get("categories") or ()), duree.get("point_depart") or ""):
                par_trait[trait] = (*par_trait.get(trait, ()), duree)
    return par_trait


TABLES = tuple(f.name for f in fields(Reperes) if f.init and f.name not in ("tiers", "version", "droit_au"))
