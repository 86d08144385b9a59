"""D'où court une durée, et le jour avant lequel rien ne peut être dû. Pur : ni base de données, ni horloge."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from conservation.choix import Phase
from conservation.durees import Duree, lire, terme

# Les événements qui arrivent à la première donnée dès que le traitement fonctionne. Les autres (fin du contrat, retrait du
# consentement) tiennent à chaque personne : la fiche ne les date pas.
DES_LE_DEBUT = {"", "COLLECTE", "ENREGISTREMENT", "DEPOT_TRACEUR", "EXPRESSION_CHOIX"}


def mise_en_oeuvre(fiche: Mapping[str, Any]) -> date | None:
    """Le jour où le traitement a commencé. La création ou la validation de la *fiche* ne le disent pas."""
    return date.fromisoformat(fiche["date_mise_en_oeuvre"]) if fiche.get("date_mise_en_oeuvre") else None


def premier_terme(regle: Mapping[str, Any], fiche: Mapping[str, Any]) -> date | None:
    """Le jour avant lequel aucune donnée ne peut être à son terme (RGPD art. 5(1)(e)) ; `None` si la fiche ne le dit pas.

    C'est la mise en œuvre plus la durée ; pour une archive sans point de départ, plus la durée de la base active.
    """
    debut = mise_en_oeuvre(fiche)
    if debut is None:
        return None
    if regle.get("phase") == Phase.ARCHIVAGE and not regle.get("point_depart"):
        actives = [_apres(debut, k) for k in fiche.get("conservations") or () if _precede(k, regle)]
        debut = max([debut, *actives])
    return _apres(debut, regle)


def court_des_le_debut(regle: Mapping[str, Any]) -> bool:
    """La première donnée commence-t-elle sa durée avec le traitement lui-même ?"""
    archive = regle.get("phase") == Phase.ARCHIVAGE
    return (regle.get("point_depart") or "") in DES_LE_DEBUT and not archive


def _precede(autre: Mapping[str, Any], archive: Mapping[str, Any]) -> bool:
    memes = autre.get("categorie") == archive.get("categorie")
    return memes and autre.get("phase") != Phase.ARCHIVAGE


def _apres(debut: date, regle: Mapping[str, Any]) -> date:
    duree = lire(regle)
    return terme(debut, duree) if isinstance(duree, Duree) else debut
