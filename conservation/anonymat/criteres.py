"""Les trois critères du G29 (avis 05/2014) : lesquels ont été mesurés, et pourquoi pas les autres."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conservation.anonymat.intitules import unite_comptee
from conservation.choix import LigneEprouvee
from traitements.phrases import enumerer

NB = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class CritereDuG29:
    """`manque` : pourquoi il n'a pas été mesuré ; vide s'il l'a été."""

    nom: str
    manque: str = ""


def criteres(mesures: Mapping[str, Any], ligne: str) -> tuple[CritereDuG29, CritereDuG29, CritereDuG29]:
    """Individualisation, corrélation, inférence."""
    if "agregats" in mesures:
        return _du_tableau(mesures["agregats"])
    return (
        CritereDuG29("Individualisation", _sans_personne(mesures["individualisation"], ligne)),
        CritereDuG29("Corrélation", _sans_second(mesures["correlation"]["second"])),
        CritereDuG29("Inférence", _sans_deduction(mesures)),
    )


def mesures_sur_trois(lus: tuple[CritereDuG29, ...]) -> int:
    return sum(not c.manque for c in lus)


def _sans_personne(i: Mapping[str, Any], ligne: str) -> str:
    if i["copies"] > 1:
        return f"chaque combinaison est portée par un multiple de {i['copies']} lignes : ce sont sans doute des lignes répétées, que k compterait."
    if ligne == LigneEprouvee.PERSONNE:
        return ""
    if ligne == LigneEprouvee.EVENEMENT:
        return (
            "une ligne décrit un événement : k compte des lignes, et les lignes d'une classe peuvent être toutes d'une même personne. "
            "Ramenez le fichier à une ligne par personne."
        )
    return "on n'a pas dit si une ligne décrit une personne : k compte des lignes."


def _sans_second(second: Mapping[str, Any] | None) -> str:
    if second is None:
        return "aucun second fichier n'a été donné."
    if second["mesure"]:
        return ""
    if second.get("meme"):
        return "le second fichier est le fichier éprouvé."
    if not second["parts"]:
        return "le second fichier n'a aucune colonne de même nom."
    if not second["colonnes"]:
        return "les colonnes de même nom n'ont presque aucune valeur commune : il n'y a rien eu à comparer."
    return "le second fichier a trop peu de lignes, ou trop peu de valeurs communes, pour représenter une autre source."


def _sans_deduction(mesures: Mapping[str, Any]) -> str:
    if non := mesures["non_deduites"]:
        return f"le fichier est trop grand pour mesurer ici la déduction de {cite(non)} : la commande « eprouver » le fait."
    return "" if mesures["inference"] else "aucune colonne n'est dite à ne pas pouvoir déduire."


def _du_tableau(a: Mapping[str, Any]) -> tuple[CritereDuG29, CritereDuG29, CritereDuG29]:
    second = a["second"]
    sans_total = "le tableau n'a aucun total, et aucun second tableau des mêmes cases n'a été donné : il n'y a rien à soustraire."
    sans_soustraction = "" if a["differences"]["totaux"] or (second and second["mesure"]) else sans_total
    sans_personne = _sans_compte(a["effectif"])
    muettes = [s for s, n in a["sommes"].items() if n is None]
    sans_dominance = (
        f"aucune colonne ne donne la plus grande contribution à {cite(muettes)} : la dominance d'une personne ne se voit pas."
        if muettes
        else "aucune dimension n'a deux modalités."
        if not a["dominance"]["rangees"]
        else ""
    )
    return (
        CritereDuG29("Individualisation", sans_personne),
        CritereDuG29("Corrélation", sans_personne or sans_soustraction),
        CritereDuG29("Inférence", sans_dominance),
    )


def _sans_compte(effectif: str) -> str:
    unite = unite_comptee(effectif)
    if unite == "evenements":
        return (
            f"{cite([effectif])} compte des événements (commandes, passages, visites, dossiers) et non des personnes : ceux d'une case peuvent "
            "être tous d'une même personne. Comptez les personnes distinctes de chaque case."
        )
    if not unite:
        return f"l'intitulé {cite([effectif])} ne dit pas que l'on compte des personnes. S'il les compte, qu'il le dise (effectif, nb_clients)."
    return ""


def cite(noms: list[str] | tuple[str, ...]) -> str:
    return enumerer(f"«{NB}{n}{NB}»" for n in noms)
