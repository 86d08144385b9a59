"""Ce qu'une épreuve permet de dire, en phrases qu'un juriste signe : ce qui a été mesuré, sur quoi, et ce qui ne l'est pas."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conservation.anonymat.detection import NATURES
from conservation.anonymat.epreuve import IDENTIFIANT, QUASI, SENSIBLE
from conservation.choix import VerdictEpreuve
from traitements.phrases import compte

NB = "\N{NO-BREAK SPACE}"
TITRES = {
    VerdictEpreuve.PSEUDONYMISEE: "Ces données sont pseudonymisées : ce sont des données personnelles",
    VerdictEpreuve.INSUFFISANTE: "Les seuils choisis ne sont pas atteints",
    VerdictEpreuve.PASSEE: "Les seuils choisis sont atteints sur ce fichier, ce qui ne prouve pas l'anonymat",
}
LIMITES = (
    "L'épreuve compte des lignes : elle suppose qu'une ligne décrit une personne et que chaque rôle de colonne est juste. Elle vaut "
    "pour ce fichier, à sa date, et non pour une copie ni pour une version suivante.",
    "Elle mesure trois risques ; elle ne prouve pas l'anonymat. Il s'apprécie au regard de tous les moyens raisonnablement "
    "susceptibles d'être utilisés pour identifier une personne, y compris par un tiers et avec d'autres sources (considérant 26).",
    "Les seuils sont des repères de ce produit, que l'organisme peut changer ; aucun texte ne les fixe.",
    "Les critères sont ceux du G29, avis 05/2014 : individualisation, corrélation, inférence. Les lignes directrices 02/2026 du CEPD "
    "sur l'anonymisation ne sont, à ce jour, qu'un projet soumis à consultation.",
)


@dataclass(frozen=True)
class Conclusion:
    """`motifs` : ce qui fonde le verdict. `reserves` : ce qui n'a pas été mesuré, ou reste à surveiller."""

    verdict: VerdictEpreuve
    motifs: tuple[str, ...]
    reserves: tuple[str, ...]

    @property
    def titre(self) -> str:
        return TITRES[self.verdict]


def conclure(mesures: Mapping[str, Any], roles: Mapping[str, str], seuils: Mapping[str, int]) -> Conclusion:
    """Un identifiant direct emporte tout ; sinon un seul seuil manqué suffit."""
    reserves = tuple(_reserves(mesures, roles))
    if identifiants := tuple(_identifiants(mesures, roles)):
        return Conclusion(VerdictEpreuve.PSEUDONYMISEE, identifiants, reserves)
    if manques := tuple(_manques(mesures, seuils)):
        return Conclusion(VerdictEpreuve.INSUFFISANTE, manques, reserves)
    return Conclusion(VerdictEpreuve.PASSEE, tuple(_atteints(mesures, seuils)), reserves)


def part(dix_milliemes: int) -> str:
    """« 12,5 % », de dix-millièmes."""
    entiers, reste = divmod(dix_milliemes, 100)
    return f"{entiers}{f',{reste:02d}'.rstrip('0') if reste else ''}{NB}%"


def taux(dix_milliemes: int) -> str:
    """« 0,3 », de dix-millièmes."""
    entiers, reste = divmod(dix_milliemes, 10_000)
    return f"{entiers},{f'{reste:04d}'.rstrip('0')}" if reste else str(entiers)


def _cite(noms: Iterable[str]) -> str:
    return ", ".join(f"«{NB}{n}{NB}»" for n in noms)


def _identifiants(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[str]:
    for nom, role in roles.items():
        if role == IDENTIFIANT:
            yield f"La colonne {_cite([nom])} est déclarée identifiant direct."
    for d in mesures["detections"]:
        if roles.get(d["colonne"]) != IDENTIFIANT:
            yield (
                f"La colonne {_cite([d['colonne']])} a la forme d'un identifiant ou d'un pseudonyme : {NATURES[d['nature']]} "
                f"({part(d['part'])} des valeurs examinées)."
            )


def _manques(mesures: Mapping[str, Any], seuils: Mapping[str, int]) -> Iterator[str]:
    i = mesures["individualisation"]
    if i["uniques"] > seuils["uniques"]:
        yield f"Individualisation : {compte(i['uniques'], 'ligne')} de combinaison unique ({part(i['part_uniques'])})."
    if i["k"] < seuils["k"]:
        yield (
            f"Individualisation : la plus petite classe compte {compte(i['k'], 'ligne')} (k = {i['k']}), pour {seuils['k']} voulues ; "
            f"{part(i['part_sous_seuil'])} des lignes sont dans une classe trop petite."
        )
    second = mesures["correlation"]["second"]
    if second and second["rapprochees"]:
        yield (
            f"Corrélation : rapprochement un à un de {compte(second['rapprochees'], 'ligne')} ({part(second['part'])}) avec le second "
            f"fichier, par {_cite(second['colonnes'])}."
        )
    for lue in mesures["inference"]:
        if lue["l"] < seuils["l"]:
            yield (
                f"Inférence : dans une classe au moins, {_cite([lue['colonne']])} ne prend que {compte(lue['l'], 'valeur')} (l = {lue['l']}), "
                f"pour {seuils['l']} voulues : qui sait la classe d'une personne en déduit la valeur."
            )
        if lue["t"] > seuils["t"]:
            yield (
                f"Inférence : la répartition de {_cite([lue['colonne']])} dans une classe s'écarte de l'ensemble de t = {taux(lue['t'])}, "
                f"pour {taux(seuils['t'])} au plus."
            )


def _atteints(mesures: Mapping[str, Any], seuils: Mapping[str, int]) -> Iterator[str]:
    i = mesures["individualisation"]
    yield f"Individualisation : chaque combinaison de quasi-identifiants est portée par {compte(i['k'], 'ligne')} au moins (k = {i['k']})."
    if second := mesures["correlation"]["second"]:
        yield f"Corrélation : aucune ligne ne se rapproche une à une du second fichier ({compte(second['lignes'], 'ligne')})."
    for lue in mesures["inference"]:
        yield f"Inférence : pour {_cite([lue['colonne']])}, l = {lue['l']} et t = {taux(lue['t'])}."


def _reserves(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[str]:
    if QUASI not in roles.values():
        yield "Aucune colonne n'est déclarée quasi-identifiant : les classes n'ont pas été mesurées."
    if SENSIBLE not in roles.values():
        yield "Aucune colonne n'est déclarée sensible : l'inférence n'a pas été mesurée."
    second = mesures["correlation"]["second"]
    if second is None:
        yield "Aucun second fichier n'a été donné : le rapprochement avec une autre source n'a pas été mesuré."
    elif not second["colonnes"]:
        yield "Le second fichier n'a aucune colonne de même nom : le rapprochement n'a pas pu être mesuré."
    interne = mesures["correlation"]["interne"]
    if interne["isolees"]:
        colonnes = interne["colonnes"]
        seule = "la seule colonne" if len(colonnes) == 1 else "la combinaison de"
        yield (
            f"Corrélation : {seule} {_cite(colonnes)} suffit à isoler {compte(interne['isolees'], 'ligne')} ({part(interne['part'])}). "
            "Vérifiez qu'aucune de ces valeurs n'est connue d'un tiers."
        )
    if not interne["complete"]:
        yield f"Seules {interne['essais']} combinaisons de colonnes ont été essayées : le fichier est trop grand pour toutes."
