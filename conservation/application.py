"""« Durée appliquée ? » : ce que les opérations et leur âge en disent. Pur : ni base de données, ni horloge.

Une durée et une opération se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from conservation.choix import Appliquee, TypeOperation
from conservation.durees import Duree, terme
from traitements.phrases import accorder, date_en_mots, majuscule

PERIODE = 12  # mois, au-delà desquels une opération ne prouve plus rien, quand la durée n'a pas de fréquence
AUCUNE = "aucune opération enregistrée"
DECLAREES = {
    Appliquee.OUI: "déclarée appliquée",
    Appliquee.PARTIELLEMENT: "déclarée partiellement appliquée",
    Appliquee.NON: "déclarée non appliquée",
    Appliquee.INCONNU: "déclarée d'application inconnue",
}
EXECUTIONS = {TypeOperation.PURGE, TypeOperation.ARCHIVAGE, TypeOperation.ANONYMISATION}


@dataclass(frozen=True)
class Application:
    """`etat` : oui, partiellement, non, inconnu. `prouvee` : des opérations le disent, et non la seule déclaration.

    `derniere` : le jour de la dernière opération. `purge_dite` : la purge que la fiche déclare, si `pourquoi` la date déjà.
    `seule_declaration` : la fiche déclare, aucune opération n'est enregistrée.
    """

    etat: Appliquee
    pourquoi: str
    prouvee: bool
    derniere: date | None = None
    purge_dite: date | None = None
    seule_declaration: bool = False

    @property
    def phrase(self) -> str:
        """« Oui : purge du 12 octobre 2026 » ; ce qui n'est que déclaré se dit d'une traite."""
        dite = self.pourquoi if self.seule_declaration else f"{self.etat.label} : {self.pourquoi}"
        return majuscule(dite)


def application(
    regle: Mapping[str, Any],
    operations: Iterable[Mapping[str, Any]],
    le: date,
    premier_terme: date | None = None,
) -> Application:
    """Ce que l'on sait ce jour-là de l'application d'une durée.

    Un relevé qui trouve des lignes en retard la dit non appliquée, jusqu'à un relevé à zéro ou une exécution
    postérieurs. Une exécution ou un relevé à zéro valent jusqu'à la purge suivante, qui n'est jamais due avant `premier_terme`.
    Sans opération, reste ce que la fiche déclare. Une purge déclarée depuis la dernière opération se dit toujours : elle ne
    ferme pas un relevé et ne prouve rien, mais tant qu'elle vaut la suivante n'est pas due.
    """
    siennes = sorted(
        en_vigueur(regle, operations, le), key=lambda o: (o["date"], o.get("enregistre_le") or "")
    )
    if not siennes:
        return _declaree(regle)
    derniere = siennes[-1]
    jour = date.fromisoformat(derniere["date"])
    declaree, suite = _purge_declaree_depuis(regle, jour, le)
    if derniere["type"] == TypeOperation.RELEVE and derniere["en_retard"]:
        return Application(Appliquee.NON, f"{_retards(derniere, jour)}{suite}", True, jour, declaree)
    dite, purge = f"{_faite(derniere, jour)}{suite}", declaree or _purge_du_jour(regle, derniere)
    periode, plancher = Duree(regle.get("frequence_mois") or PERIODE, "mois"), premier_terme or jour
    if max(terme(jour, periode), plancher) >= le:
        return Application(Appliquee.OUI, dite, True, jour, purge)
    if declaree and max(terme(declaree, periode), plancher) >= le:
        return Application(_etat_declare(regle) or Appliquee.INCONNU, dite, False, jour, purge)
    due = "la suivante est due" if regle.get("frequence_mois") else f"elle a plus de {PERIODE} mois"
    return Application(Appliquee.PARTIELLEMENT, f"{dite} : {due}", True, jour, purge)


def _retards(releve: Mapping[str, Any], jour: date) -> str:
    """« 3 lignes au-delà du terme au relevé du 12 octobre 2026 »."""
    nombre = releve["en_retard"]
    lignes = f"{nombre} {accorder(nombre, 'ligne')} au-delà du terme"
    return f"{lignes} au relevé du {date_en_mots(jour)}{_tape(releve)}"


def _faite(operation: Mapping[str, Any], jour: date) -> str:
    """« purge du 12 octobre 2026 », « relevé du 12 octobre 2026, aucune ligne au-delà du terme »."""
    dite = f"{TypeOperation(operation['type']).label.lower()} du {date_en_mots(jour)}"
    if operation["type"] == TypeOperation.RELEVE:
        dite += f", aucune ligne au-delà du terme{_tape(operation)}"
    return dite


def _purge_declaree_depuis(regle: Mapping[str, Any], jour: date, le: date) -> tuple[date | None, str]:
    """La purge que la fiche déclare après la dernière opération, et comment le dire ; vides s'il n'y en a pas."""
    declaree = _declaree_le(regle)
    if declaree is None or not jour < declaree <= le:
        return None, ""
    return declaree, f" ; purge déclarée le {date_en_mots(declaree)}, sans opération enregistrée"


def _purge_du_jour(regle: Mapping[str, Any], derniere: Mapping[str, Any]) -> date | None:
    """La purge que la fiche déclare, quand c'est celle que la dernière opération consigne."""
    declaree = _declaree_le(regle)
    sienne = derniere["type"] == TypeOperation.PURGE and date.fromisoformat(derniere["date"]) == declaree
    return declaree if sienne else None


def _declaree_le(regle: Mapping[str, Any]) -> date | None:
    return date.fromisoformat(regle["derniere_purge"]) if regle.get("derniere_purge") else None


def _tape(releve: Mapping[str, Any]) -> str:
    """Un nombre que Registre n'a pas compté lui-même se dit."""
    return " (saisi à la main)" if releve.get("mesure") is False else ""


def en_vigueur(
    regle: Mapping[str, Any], operations: Iterable[Mapping[str, Any]], le: date
) -> list[Mapping[str, Any]]:
    """Les opérations de la durée jusqu'à ce jour, sans celles qu'une correction remplace."""
    toutes = list(operations)
    remplacees = {o["corrige"] for o in toutes if o.get("corrige")}
    jour = le.isoformat()
    return [
        o
        for o in toutes
        if regle["numero"] in o["regles"] and o["date"] <= jour and o.get("id") not in remplacees
    ]


def _etat_declare(regle: Mapping[str, Any]) -> Appliquee | None:
    """Ce que la fiche déclare ; `None` si elle n'en dit rien, ou d'un mot inconnu, que l'enregistrement refusera."""
    dit = regle.get("appliquee")
    return Appliquee(dit) if dit in Appliquee.values else None


def _declaree(regle: Mapping[str, Any]) -> Application:
    if (etat := _etat_declare(regle)) is None:
        return Application(Appliquee.INCONNU, AUCUNE, False)
    suite = regle.get("appliquee_precisions")
    dite = f"{DECLAREES[etat]}, sans opération enregistrée"
    return Application(etat, f"{dite}. {suite}" if suite else dite, False, seule_declaration=True)
