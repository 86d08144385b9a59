"""Les référentiels et les tiers de la base, figés pour les règles : une requête par table, une fois."""

from typing import Any

from django.db import models

from droit.faits import figer
from droit.reperes import TABLES, Reperes
from registre.fiche import agregat as ag
from registre.fiche.codes import Codes
from registre.fiche.referentiels import REFERENTIELS, version_en_service


def reperes(codes: Codes) -> Reperes:
    """S'emploie dans la portée de l'organisme ; `codes` garde ce qui est lu."""
    tables = {nom: _table(codes, REFERENTIELS[nom.replace("_", "-")]) for nom in TABLES}
    tiers = {str(t.pk): figer(_tiers(t)) for t in codes.tous_les_tiers()}
    return Reperes(**tables, tiers=figer(tiers), version=version_en_service())


def _table(codes: Codes, modele: type[models.Model]) -> Any:
    def fige() -> Any:
        return figer({code: _ligne(ligne) for code, ligne in codes.de(modele).items()})

    return codes.tenir(("figée", modele), fige)


def _ligne(ligne: models.Model) -> dict[str, Any]:
    return {c.name: ag.valeur(ligne, c.name) for c in ligne._meta.concrete_fields}


def _tiers(tiers: models.Model) -> dict[str, Any]:
    return {nom: ag.valeur(tiers, nom) for nom in ag.TIERS.champs}
