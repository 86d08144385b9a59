"""Le chemin d'un champ, comme on le dit et comme on s'y rend : « Finalité 2, base légale », et son ancre dans le formulaire."""

from django.db import models

from organismes.models import Organisme, Tiers
from registre.fiche import rubriques
from traitements.chemins import ORGANISME, Chemin
from traitements.models import Traitement


def chemin_lisible(chemin: str) -> str:
    """« finalites[2].libelle » → « Finalité 2, ce que l'on veut faire » ; pour les messages d'erreur."""
    lu = Chemin.lire(chemin)
    liste = next((x for x in rubriques.LISTES if x.nom == lu.tete), None)
    if liste and lu.numero is not None:
        return _avec(f"{liste.singulier} {lu.numero}", liste.modele, lu.champ)
    if liste and not lu.champ:
        return liste.titre
    if lu.tete == ORGANISME:
        return _avec("Organisme", Organisme, lu.champ)
    if volet := next((v for v in rubriques.VOLETS if v.nom == lu.tete), None):
        return _avec(volet.titre, volet.modele, lu.champ)
    noms = (_nom_champ(m, chemin) for m in (Traitement, Organisme, Tiers))
    return next((nom for nom in noms if nom != chemin), chemin)


def ancre_de_saisie(chemin: str) -> str:
    """L'ancre du champ dans le formulaire ; pour une liste entière, sa rubrique."""
    for rubrique in rubriques.RUBRIQUES:
        if any(chemin == liste.nom for liste in rubrique.listes):
            return rubrique.code
    return Chemin.lire(chemin).ancre


def _avec(ou: str, modele: type[models.Model], champ: str) -> str:
    return f"{ou}, {_nom_champ(modele, champ)}" if champ else ou


def _nom_champ(modele: type[models.Model], nom: str) -> str:
    connus = {c.name: c for c in modele._meta.get_fields() if hasattr(c, "verbose_name")}
    return str(connus[nom].verbose_name) if nom in connus else nom
