"""Éprouver un fichier sans le garder : il se lit à part, il n'en revient que des chiffres et une empreinte, que l'on consigne."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.utils import timezone

from conservation.anonymat.conclusion import Conclusion, conclure
from conservation.anonymat.epreuve import ROLES, SEUILS
from conservation.models import Epreuve
from isolement.fichier import Source
from isolement.lancement import lancer
from isolement.refus import FichierRefuse
from journal.service import Auteur
from registre.execution.epreuves import lecteur
from registre.execution.operations import enregistrer_figee, phrases_des_durees
from registre.fiche.codes import Codes
from traitements.models import Traitement


def colonnes(fichier: Source) -> dict[str, Any]:
    """`colonnes` (leurs noms), `lignes`, `detections`. Lève `FichierRefuse`."""
    return _demander({}, [fichier])


def preparer(
    fichier: Source,
    nom: str,
    *,
    fiche: Traitement,
    regle: int | None,
    roles: Mapping[str, str],
    seuils: Mapping[str, int],
    second: Source | None = None,
) -> Epreuve:
    """L'épreuve mesurée, que rien n'enregistre encore. Lève `FichierRefuse`, ou `Refus` si la durée n'est pas dans la fiche."""
    texte = phrases_des_durees(fiche, [regle], Codes())[0] if regle else ""
    lue = _demander({"roles": dict(roles), "seuils": dict(seuils)}, [fichier, *([second] if second else [])])
    return Epreuve(
        organisme_id=fiche.organisme_id,
        traitement=fiche,
        regle=regle,
        regle_texte=texte,
        date=timezone.localdate(),
        fichier=Path(nom).name[:200],
        fichier_sha256=lue["sha256"],
        lignes=lue["lignes"],
        colonnes=lue["roles"],
        seuils=dict(seuils),
        mesures=lue["mesures"],
        verdict=conclure(lue["mesures"], lue["roles"], seuils).verdict,
    )


def enregistrer(epreuve: Epreuve, *, auteur: Auteur) -> None:
    enregistrer_figee(epreuve, auteur=auteur, action="epreuve")


def conclusion(epreuve: Epreuve) -> Conclusion:
    return conclure(epreuve.mesures, epreuve.colonnes, epreuve.seuils)


# --- Ce que l'on tape ----------------------------------------------------------------------------------------------------
def lire_roles(lignes: list[str]) -> dict[str, str]:
    """« colonne = rôle » par ligne. Lève `FichierRefuse`."""
    roles: dict[str, str] = {}
    for ligne in filter(str.strip, lignes):
        nom, egal, role = (m.strip() for m in ligne.rpartition("="))
        if not egal or not nom or role not in ROLES:
            raise FichierRefuse(
                f"« {ligne.strip()} » : écrivez « colonne = rôle », le rôle étant {', '.join(ROLES)}."
            )
        if roles.setdefault(nom, role) != role:
            raise FichierRefuse(f"La colonne « {nom} » a deux rôles.")
    return roles


def lire_seuils(k: int, diversite: int, t: str) -> dict[str, int]:
    """Des seuils en entiers, t en dix-millièmes. Lève `FichierRefuse`."""
    try:
        lu = Decimal(str(t).strip().replace(",", ".")) * 10_000
    except InvalidOperation:
        raise FichierRefuse("Le seuil t est un nombre entre 0 et 1, par exemple 0,3.") from None
    if not lu.is_finite() or not 0 <= lu <= 10_000 or lu != int(lu):
        raise FichierRefuse("Le seuil t est un nombre entre 0 et 1, avec quatre décimales au plus.")
    if not 2 <= k <= 1_000_000 or not 1 <= diversite <= 1_000_000:
        raise FichierRefuse("Le seuil k vaut 2 au moins, le seuil l vaut 1 au moins.")
    return {**SEUILS, "k": k, "l": diversite, "t": int(lu)}


# --- Le processus à part -------------------------------------------------------------------------------------------------
def _demander(demande: dict[str, Any], fichiers: list[Source]) -> dict[str, Any]:
    try:
        return lancer(lecteur.__name__, demande, fichiers, lecteur.LIMITES)
    except FichierRefuse as refus:
        raise FichierRefuse(refus.phrase) from None
