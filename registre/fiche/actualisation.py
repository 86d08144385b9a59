"""Les fiches à actualiser : ce qu'une version nouvelle des référentiels a changé dans ce qu'elles citent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Max

from journal.service import Auteur, consigner, operation
from organismes.champs import ChampCodes, champ_de
from organismes.models import ChangementReferentiel
from organismes.referentiel import Referentiel
from registre.fiche import agregat as ag
from registre.fiche.chemins import chemin_lisible
from registre.fiche.referentiels import REFERENTIELS
from traitements.chemins import Chemin
from traitements.models import Traitement

LISTES = {modele: nom for nom, modele in REFERENTIELS.items()}
FICHES_TYPES = "modeles"  # une fiche type se cite par le champ `modele`, qui n'est pas une clé


def dernier_changement() -> int:
    """Le numéro du dernier changement de référentiel ; 0 s'il n'y en a jamais eu."""
    return ChangementReferentiel.objects.aggregate(m=Max("pk"))["m"] or 0


def touchent(
    canonique: dict[str, Any], lus: int, changements: Iterable[ChangementReferentiel]
) -> list[ChangementReferentiel]:
    """Parmi ces changements, ceux dont la fiche ne tient pas encore compte et qui portent sur une ligne qu'elle cite."""
    nouveaux = [c for c in changements if c.pk > lus]
    if not nouveaux:
        return []
    cites = citations(canonique)
    return [c for c in nouveaux if (c.liste, c.code) in cites]


@dataclass(frozen=True)
class ChangementLu:
    """Un changement en français : la ligne, et chaque valeur avant et après."""

    changement: ChangementReferentiel
    liste: str
    valeurs: list[tuple[str, str, str]]


def dire(changement: ChangementReferentiel) -> ChangementLu:
    modele = REFERENTIELS[changement.liste]
    valeurs = [
        (_nom(modele, c["chemin"]), _texte(c["avant"]), _texte(c["apres"])) for c in changement.changements
    ]
    return ChangementLu(changement, str(modele._meta.verbose_name), valeurs)


def actualiser(fiche: Traitement, *, auteur: Auteur, jusqu_a: int | None = None) -> None:
    """Note que, pour cette personne, la fiche tient compte des changements chargés jusqu'ici ; consigné.

    `jusqu_a` : le dernier que la personne avait sous les yeux ; ceux d'après restent à voir.
    """
    avant, apres = fiche.referentiels_lus, dernier_changement()
    if jusqu_a is not None:
        apres = min(apres, jusqu_a)
    if apres <= avant:
        return
    with operation():
        fiche.referentiels_lus = apres
        fiche.save(update_fields=["referentiels_lus"])
        consigner(
            auteur=auteur,
            action="relecture",
            objet_type="relecture",
            objet_id=str(fiche.pk),
            objet_libelle=str(fiche),
            organisme=fiche.organisme_id,
            avant={"changements_relus": avant},
            apres={"changements_relus": apres},
        )


def _nom(modele: type[models.Model], chemin: str) -> str:
    """« contenu.finalites[2].justification » → « contenu de la fiche, finalites[2].justification »."""
    lu = Chemin.lire(chemin)
    noms = {c.attname: str(c.verbose_name) for c in modele._meta.concrete_fields}
    nom = noms.get(lu.tete, lu.tete)
    return f"{nom}, {chemin_lisible(lu.champ)}" if lu.champ and lu.tete == "contenu" else nom


def _texte(valeur: Any) -> str:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if valeur is None or valeur == "" or valeur == []:
        return "rien"
    if isinstance(valeur, dict):
        return " ; ".join(f"{nom} : {_texte(v)}" for nom, v in valeur.items() if nom != "numero")
    return ", ".join(map(_texte, valeur)) if isinstance(valeur, list) else str(valeur)


def citations(canonique: dict[str, Any]) -> set[tuple[str, str]]:
    """Toutes les lignes de référentiels qu'une fiche cite : (liste, code)."""
    cites = {(FICHES_TYPES, canonique["modele"])} if canonique.get("modele") else set()
    cites |= _de(ag.FICHE.modele, ag.FICHE.champs, canonique)
    for partie in ag.FICHE.listes:
        for element in canonique.get(partie.nom) or ():
            cites |= _de(partie.modele, partie.champs, element)
    for volet in ag.FICHE.volets:
        cites |= _de(volet.modele, volet.champs, canonique.get(volet.nom) or {})
    return cites


def _de(modele: type[models.Model], champs: Iterable[str], valeurs: dict[str, Any]) -> set[tuple[str, str]]:
    cites = set()
    for nom in champs:
        cible = _referentiel(champ_de(modele, nom))
        valeur = valeurs.get(nom)
        if cible is not None and valeur:
            codes = valeur if isinstance(valeur, list) else [valeur]
            cites |= {(LISTES[cible], code) for code in codes}
    return cites


def _referentiel(champ: models.Field) -> type[Referentiel] | None:
    if isinstance(champ, ChampCodes):
        cible = champ.modele() if champ.referentiel else None
    else:
        cible = champ.related_model if champ.is_relation else None
    return cible if cible in LISTES else None
