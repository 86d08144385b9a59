"""D'où court une durée, et le jour avant lequel rien ne peut être dû. Pur : ni base de données, ni horloge."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from conservation.choix import Phase
from conservation.durees import Duree, lire, lire_chiffree, premier_depart, terme
from conservation.ensembles import categories, se_touchent
from organismes.exercice import jour_et_mois_lus

# Les événements qui arrivent à la première donnée dès que le traitement fonctionne. Les autres (fin du contrat, retrait du
# consentement) tiennent à chaque personne : la fiche ne les date pas.
DES_LE_DEBUT = {"", "COLLECTE", "ENREGISTREMENT", "DEPOT_TRACEUR", "EXPRESSION_CHOIX"}
CLOTURE, FIN_ANNEE = "CLOTURE_EXERCICE", "FIN_ANNEE_CIVILE"
Exercice = tuple[int, int]  # le mois, puis le jour de la clôture
ANNEE_CIVILE: Exercice = (12, 31)


class ReleveImpossible(Exception):
    """La durée ne permet pas de relevé ; le message dit pourquoi, en français."""


def mise_en_oeuvre(fiche: Mapping[str, Any]) -> date | None:
    """Le jour où le traitement a commencé. La création ou la validation de la *fiche* ne le disent pas."""
    return date.fromisoformat(fiche["date_mise_en_oeuvre"]) if fiche.get("date_mise_en_oeuvre") else None


def premier_terme(
    regle: Mapping[str, Any], fiche: Mapping[str, Any], exercice: Exercice = ANNEE_CIVILE
) -> date | None:
    """Le jour avant lequel aucune donnée ne peut être à son terme (RGPD art. 5(1)(e)) ; `None` si la fiche ne le dit pas.

    C'est la mise en œuvre plus la durée ; pour une archive sans point de départ, plus la durée de la base active. Une durée
    qui court de la clôture de l'exercice part de celle de l'exercice où le traitement a commencé.
    """
    debut = mise_en_oeuvre(fiche)
    if debut is None:
        return None
    return _apres(
        max([debut, *(_apres(debut, k, exercice) for k in precedentes(regle, fiche))]), regle, exercice
    )


def precedentes(regle: Mapping[str, Any], fiche: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Les durées de base active d'où sortent les données d'une archive qui n'a pas son propre point de départ."""
    if regle.get("phase") != Phase.ARCHIVAGE or regle.get("point_depart"):
        return []
    return [k for k in fiche.get("conservations") or () if _precede(k, regle)]


def limite(regle: Mapping[str, Any], le: date, exercice: Exercice = ANNEE_CIVILE) -> date:
    """Le premier jour encore permis : une ligne datée d'avant a vu son terme passer avant ce jour-là.

    Une facture de mars 2016 gardée dix ans à compter de la clôture n'est pas en retard en novembre 2026. Une durée plus longue
    que le calendrier ne met rien en retard. La fin de l'année civile se compte de même. Lève `ReleveImpossible` sans durée chiffrée.
    """
    duree = lire_chiffree(regle)
    if duree is None:
        raise ReleveImpossible("Cette durée n'est pas chiffrée : un relevé ne sait pas quoi compter.")
    depart = premier_depart(le, duree)
    close = _exercice_du_depart(regle, exercice)
    if close is None or depart.year < 2:
        return depart
    return _jour_de(close, cloture(depart, close).year - 1) + timedelta(days=1)


def cloture(jour: date, exercice: Exercice) -> date:
    """La clôture de l'exercice dont ce jour fait partie ; le dernier jour du calendrier si elle va au-delà."""
    cette_annee = _jour_de(exercice, jour.year)
    if jour <= cette_annee:
        return cette_annee
    return _jour_de(exercice, jour.year + 1) if jour.year < date.max.year else date.max


def exercice_de(organisme: Mapping[str, Any]) -> Exercice:
    """La clôture de l'exercice d'un organisme, sous sa forme canonique ; celle de l'année civile s'il ne la dit pas."""
    dite = organisme.get("cloture_exercice")
    return jour_et_mois_lus(dite) if dite else ANNEE_CIVILE


def court_des_le_debut(regle: Mapping[str, Any]) -> bool:
    """La première donnée commence-t-elle sa durée avec le traitement lui-même ?"""
    archive = regle.get("phase") == Phase.ARCHIVAGE
    return (regle.get("point_depart") or "") in DES_LE_DEBUT and not archive


def _exercice_du_depart(regle: Mapping[str, Any], exercice: Exercice) -> Exercice | None:
    """L'exercice dont la fin fait courir la durée : celui de l'organisme, ou l'année civile (LPF art. L102 B) ; `None` sinon."""
    depart = regle.get("point_depart")
    return exercice if depart == CLOTURE else ANNEE_CIVILE if depart == FIN_ANNEE else None


def _jour_de(exercice: Exercice, annee: int) -> date:
    """Un exercice clos le 29 février l'est le 28 les autres années."""
    mois, jour = exercice
    return date(annee, mois, min(jour, monthrange(annee, mois)[1]))


def _precede(autre: Mapping[str, Any], archive: Mapping[str, Any]) -> bool:
    memes = se_touchent(categories(autre), categories(archive))
    return memes and autre.get("phase") != Phase.ARCHIVAGE


def _apres(debut: date, regle: Mapping[str, Any], exercice: Exercice) -> date:
    duree = lire(regle)
    if close := _exercice_du_depart(regle, exercice):
        debut = cloture(debut, close)
    return terme(debut, duree) if isinstance(duree, Duree) else debut
