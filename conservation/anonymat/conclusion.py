"""Ce qu'une épreuve permet de dire, en phrases qu'un juriste signe : ce qui a été mesuré, sur quoi, et ce qui ne l'est pas.

Une conclusion n'est jamais plus forte que sa preuve : un nom en clair, une ligne isolée ou un critère sans mesure l'arrêtent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from conservation.anonymat.agregats import DENSITE_MIN
from conservation.anonymat.criteres import CritereDuG29, cite, criteres, mesures_sur_trois
from conservation.anonymat.detection import DIRECTES, NATURES
from conservation.anonymat.epreuve import IDENTIFIANT, QUASI, a_deduire
from conservation.anonymat.seuils import DOMINANCE
from conservation.choix import DonneesOrigine, VerdictEpreuve
from traitements.phrases import compte, nombre

NB = "\N{NO-BREAK SPACE}"
TITRES = {
    VerdictEpreuve.IDENTIFIANTE: "Ce fichier désigne des personnes : ce sont des données personnelles, ni anonymes, ni pseudonymisées",
    VerdictEpreuve.PSEUDONYMISEE: "Ces données sont au mieux pseudonymisées : ce sont des données personnelles",
    VerdictEpreuve.INSUFFISANTE: "Les seuils choisis ne sont pas atteints",
    VerdictEpreuve.PARTIELLE: "Rien de ce qui a été mesuré ne manque aux seuils, mais tout n'a pas été établi",
    VerdictEpreuve.PASSEE: "Les seuils choisis sont atteints sur ce fichier pour les trois critères, ce qui ne prouve pas l'anonymat",
}
GARDEES = (
    "Les données d'origine sont gardées : tant qu'elles le sont, un fichier ligne à ligne tiré d'elles reste une donnée personnelle pour "
    "qui les détient ; seules des données agrégées peuvent alors être anonymes (G29, avis 05/2014, § 2.2.3)."
)
ORIGINE_INCONNUE = "On ne sait pas si les données d'origine sont gardées : si elles le sont, ces données sont au mieux pseudonymisées."
LIMITES = (
    "L'épreuve compte ce que le fichier contient : elle suppose juste ce qui est déclaré d'une ligne, de l'effectif et des données "
    "d'origine. Elle vaut pour ce fichier, à sa date, et non pour une copie ni pour une version suivante.",
    "D'un classeur, elle lit les valeurs des cellules : ni les commentaires, ni l'auteur du fichier, ni ce qu'une image montrerait. D'un fichier, elle "
    "passe les lignes de titre au-dessus de l'en-tête, et dit combien.",
    "Elle mesure trois risques ; elle ne prouve pas l'anonymat. Il s'apprécie au regard de tous les moyens raisonnablement "
    "susceptibles d'être utilisés pour identifier une personne, y compris par un tiers et avec d'autres sources (considérant 26).",
    "Les seuils sont des repères de ce produit, que l'organisme peut changer jusqu'à un plancher ; aucun texte ne les fixe.",
    "Les critères sont ceux du G29, avis 05/2014 : individualisation, corrélation, inférence. Les lignes directrices 02/2026 du CEPD "
    "sur l'anonymisation ne sont, à ce jour, qu'un projet soumis à consultation.",
    "Des données pseudonymisées restent personnelles pour qui garde de quoi les rattacher ; pour un tiers qui ne le peut "
    "raisonnablement pas, elles peuvent ne pas l'être (CJUE, 4 septembre 2025, C-413/23 P, CEPD c. CRU). L'épreuve conclut pour l'organisme.",
    "Une colonne se reconnaît à sa forme et à son intitulé : des noms rares, des codes qui se prononcent ou des numéros courts, répétés autant de "
    "fois que le veut le seuil sous un intitulé qui dit autre chose (« ville », « couleur »), ne seraient pas reconnus ; ni moins de trente mots sous un "
    "intitulé de nombres (« âge », « montant ») ou de liste courte (« statut ») ; ni, dans un tableau, des numéros de la forme d'un code postal ou d'un "
    "code de produit, sous cet intitulé.",
)


@dataclass(frozen=True)
class Conclusion:
    """`motifs` : ce qui fonde le verdict. `reserves` : ce qui n'a pas été mesuré, ou reste à surveiller."""

    verdict: VerdictEpreuve
    motifs: tuple[str, ...]
    reserves: tuple[str, ...]
    criteres: tuple[CritereDuG29, ...] = ()
    abandonne: bool = False  # le protocole de l'épreuve ne s'emploie plus

    @property
    def titre(self) -> str:
        return (
            "Le verdict d'un protocole abandonné ne prouve plus rien"
            if self.abandonne
            else TITRES[self.verdict]
        )

    @property
    def mesures(self) -> int:
        """Combien de critères ont été mesurés, sur trois."""
        return mesures_sur_trois(self.criteres)


def conclure(
    mesures: Mapping[str, Any],
    roles: Mapping[str, str],
    seuils: Mapping[str, int],
    *,
    ligne: str,
    origine: str,
) -> Conclusion:
    """Du plus fort empêchement au plus faible : une personne désignée, un code, un seuil manqué, l'origine gardée, un critère sans mesure."""
    lus = criteres(mesures, ligne)
    reserves = tuple(_reserves(mesures, roles, lus, origine))

    def conclusion(verdict: VerdictEpreuve, motifs: Iterator[str] | tuple[str, ...]) -> Conclusion:
        return Conclusion(verdict, tuple(motifs), reserves, lus)

    if any(d["nature"] in DIRECTES for d in mesures["detections"]):
        return conclusion(VerdictEpreuve.IDENTIFIANTE, _identifiants(mesures, roles))
    if identifiants := tuple(_identifiants(mesures, roles)):
        return conclusion(VerdictEpreuve.PSEUDONYMISEE, identifiants)
    agrege = "agregats" in mesures
    if manques := tuple(
        _manques_du_tableau(mesures["agregats"], seuils) if agrege else _manques(mesures, seuils)
    ):
        return conclusion(VerdictEpreuve.INSUFFISANTE, manques)
    if not agrege and origine == DonneesOrigine.GARDEES:
        return conclusion(VerdictEpreuve.PSEUDONYMISEE, (GARDEES, *_atteints(mesures, lus)))
    incertaine = bool(_inconnues(mesures)) or (not agrege and origine != DonneesOrigine.EFFACEES)
    if incertaine or mesures_sur_trois(lus) < len(lus):
        return conclusion(VerdictEpreuve.PARTIELLE, _atteints(mesures, lus))
    return conclusion(VerdictEpreuve.PASSEE, _atteints(mesures, lus))


def part(dix_milliemes: int) -> str:
    """« 12,5 % », de dix-millièmes."""
    entiers, reste = divmod(dix_milliemes, 100)
    return f"{entiers}{f',{reste:02d}'.rstrip('0') if reste else ''}{NB}%"


def taux(dix_milliemes: int) -> str:
    """« 0,3 », de dix-millièmes."""
    entiers, reste = divmod(dix_milliemes, 10_000)
    return f"{entiers},{f'{reste:04d}'.rstrip('0')}" if reste else str(entiers)


# --- Ce qui désigne ------------------------------------------------------------------------------------------------------
def _identifiants(mesures: Mapping[str, Any], roles: Mapping[str, str]) -> Iterator[str]:
    vues = {d["colonne"] for d in mesures["detections"]}
    for nom, role in roles.items():
        if role == IDENTIFIANT and nom not in vues:
            yield f"La colonne {cite([nom])} est déclarée identifiant direct."
    for d in sorted(mesures["detections"], key=lambda d: d["nature"] not in DIRECTES):
        nature = NATURES[d["nature"]]
        if d["nature"] == "propre":
            yield (
                f"La dimension {cite([d['colonne']])} porte des {nature} : une case peut y désigner quelqu'un, quel que soit son compte. Si c'est une somme, "
                "dites-le (rôle « somme »)."
            )
        elif d["part"]:
            yield f"La colonne {cite([d['colonne']])} a la forme de : {nature} ({part(d['part'])} des valeurs examinées)."
        else:
            yield (
                f"La colonne {cite([d['colonne']])} annonce, par son intitulé : {nature}. Retirez-la ; si l'intitulé trompe, changez-le et "
                "éprouvez de nouveau."
            )


# --- Un fichier ligne à ligne --------------------------------------------------------------------------------------------
def _manques(mesures: Mapping[str, Any], seuils: Mapping[str, int]) -> Iterator[str]:
    i = mesures["individualisation"]
    if i["k"] < seuils["k"]:
        yield (
            f"Individualisation : toutes colonnes comptées, la plus petite classe a {compte(i['k'], 'ligne')} (k = {i['k']}), pour "
            f"{seuils['k']} voulues ; {part(i['part_sous_seuil'])} des lignes sont dans une classe trop petite."
        )
    yield from _isolement(mesures["correlation"]["interne"])
    second = mesures["correlation"]["second"]
    if second and second["rapprochees"]:
        yield (
            f"Corrélation : rapprochement un à un de {compte(second['rapprochees'], 'ligne')} ({part(second['part'])}) avec le second "
            f"fichier, par {cite(second['colonnes'])}."
        )
    for lue in mesures["inference"]:
        if lue["l"] < seuils["l"]:
            yield (
                f"Inférence : dans une classe au moins, {cite([lue['colonne']])} ne prend que {compte(lue['l'], 'valeur')} (l = {lue['l']}), "
                f"pour {seuils['l']} voulues : qui sait le reste d'une ligne en déduit la valeur."
            )
        if lue["t"] > seuils["t"]:
            yield (
                f"Inférence : la répartition de {cite([lue['colonne']])} dans une classe s'écarte de l'ensemble de t = {taux(lue['t'])}, "
                f"pour {taux(seuils['t'])} au plus."
            )


def _isolement(interne: Mapping[str, Any] | None) -> Iterator[str]:
    if interne and interne["isolees"]:
        colonnes = interne["colonnes"]
        seule = "la seule colonne" if len(colonnes) == 1 else "la combinaison de"
        yield (
            f"Individualisation : {seule} {cite(colonnes)} suffit à isoler {compte(interne['isolees'], 'ligne')} ({part(interne['part'])})."
        )


def _atteints(mesures: Mapping[str, Any], lus: tuple[CritereDuG29, ...]) -> Iterator[str]:
    """Ce qui a été mesuré et tient. Ce qui ne l'a pas été n'est jamais un motif."""
    if "agregats" in mesures:
        yield from _atteints_du_tableau(mesures["agregats"], lus)
        return
    personne, autre_source, deduction = (not c.manque for c in lus)
    i = mesures["individualisation"]
    unite = "personnes" if personne else "lignes"
    yield f"{'Individualisation' if personne else 'Compté'} : toutes colonnes comptées, chaque combinaison est portée par {i['k']} {unite} au moins (k = {i['k']})."
    if autre_source:
        second = mesures["correlation"]["second"]
        yield (
            f"Corrélation : aucune ligne ne se rapproche une à une du second fichier ({compte(second['lignes'], 'ligne')}), par "
            f"{cite(second['colonnes'])}."
        )
    if deduction:
        for lue in mesures["inference"]:
            yield f"Inférence : pour {cite([lue['colonne']])}, l = {lue['l']} et t = {taux(lue['t'])}."


# --- Un tableau d'effectifs ----------------------------------------------------------------------------------------------
def _manques_du_tableau(a: Mapping[str, Any], seuils: Mapping[str, int]) -> Iterator[str]:
    yield from _pas_un_tableau(a)
    if not a["minimum"]:
        yield "Aucune case ne publie d'effectif : il n'y a rien à juger."
    if a["petites"]:
        yield (
            f"Individualisation : {compte(a['petites'], 'case')} ({part(a['part_petites'])}) compte{'nt' if a['petites'] > 1 else ''} moins de "
            f"{seuils['k']} personnes ; la plus petite, {a['minimum']}."
        )
    if n := a["differences"]["retrouvees"]:
        yield (
            f"Corrélation : par différence avec un total publié, {compte(n, 'rangée')} laisse{'nt' if n > 1 else ''} retrouver un groupe de moins de "
            f"{seuils['k']} personnes."
        )
    if a["second"] and (n := a["second"]["rapprochees"]):
        yield f"Corrélation : par différence avec le second tableau, {compte(n, 'case')} laisse{'nt' if n > 1 else ''} voir moins de {seuils['k']} personnes."
    if n := a["dominance"]["dominees"]:
        yield (
            f"Inférence : dans {compte(n, 'rangée')} sur {a['dominance']['rangees']}, une case porte plus de {part(DOMINANCE)} de l'effectif : qui sait "
            "la rangée d'une personne en déduit la case."
        )
    for somme, dominees in a["sommes"].items():
        if dominees:
            yield f"Inférence : dans {compte(dominees, 'case')}, une personne fait plus de {part(DOMINANCE)} de {cite([somme])}."


def _pas_un_tableau(a: Mapping[str, Any]) -> Iterator[str]:
    if a["illisibles"]:
        yield f"{compte(a['illisibles'], 'ligne')} : l'effectif {cite([a['effectif']])} n'y est pas un nombre entier."
    if a["constant"]:
        yield f"{cite([a['effectif']])} a la même valeur dans toutes les cases : ce n'est pas un compte."
    if a["doublons"]:
        yield (
            f"Le fichier n'a pas la forme d'un tableau d'effectifs : {compte(a['doublons'], 'ligne')} répète{'nt' if a['doublons'] > 1 else ''} une "
            "case déjà là."
        )
    elif a["densite"] < DENSITE_MIN:
        yield (
            f"Le fichier n'a pas la forme d'un tableau d'effectifs : ses lignes ne remplissent que {part(a['densite'])} des croisements de "
            f"{cite(a['dimensions'])}. Des personnes une à une y ressembleraient."
        )


def _atteints_du_tableau(a: Mapping[str, Any], lus: tuple[CritereDuG29, ...]) -> Iterator[str]:
    comptees, differences, dominance = (not c.manque for c in lus)
    if comptees:
        yield (
            f"Individualisation : si {cite([a['effectif']])} compte bien des personnes, chaque case publiée en a {a['minimum']} au moins "
            f"({compte(a['cases'], 'case')}, {compte(a['masquees'], 'masquée')})."
        )
    if differences:
        yield f"Corrélation : {nombre(a['differences']['totaux'])} {'totaux examinés' if a['differences']['totaux'] > 1 else 'total examiné'} ; aucune différence ne laisse voir un petit groupe."
    if dominance:
        yield f"Inférence : dans {compte(a['dominance']['rangees'], 'rangée')}, aucune case ne porte plus de {part(DOMINANCE)} de l'effectif."


# --- Les réserves --------------------------------------------------------------------------------------------------------
def _reserves(
    mesures: Mapping[str, Any], roles: Mapping[str, str], lus: tuple[CritereDuG29, ...], origine: str
) -> Iterator[str]:
    for c in lus:
        if c.manque:
            yield f"{c.nom} : non mesurée. {c.manque[0].upper()}{c.manque[1:]}"
    if titre := mesures.get("titre"):
        yield (
            f"{compte(titre, 'ligne')} de titre, au-dessus de l'en-tête, n'{'ont' if titre > 1 else 'a'} été ni comptée{'s' if titre > 1 else ''}, ni "
            f"mesurée{'s' if titre > 1 else ''} : relisez-{'les' if titre > 1 else 'la'}, ou ôtez-{'les' if titre > 1 else 'la'}."
        )
    if inconnues := _inconnues(mesures):
        yield (
            f"Registre ne sait pas ce que porte {cite(inconnues)} : des mots ou des codes, sous un intitulé qui ne le dit pas, ou trop nombreux pour "
            "lui. Un nom rare ou un pseudonyme répété n'y serait pas reconnu. Relisez, nommez la colonne pour ce qu'elle est (ville, gamme, statut), et éprouvez de nouveau."
        )
    if "agregats" in mesures:
        return
    if origine != DonneesOrigine.EFFACEES:
        yield GARDEES if origine == DonneesOrigine.GARDEES else ORIGINE_INCONNUE
    connues = [n for n, role in roles.items() if role == QUASI and n not in a_deduire(roles)]
    if connues:
        yield f"La déduction de {cite(connues)} n'a pas été mesurée : {_dites(connues)} connue{'s' if len(connues) > 1 else ''} d'autres."
    interne = mesures["correlation"]["interne"]
    if interne and not interne["complete"]:
        yield f"Seules {interne['essais']} combinaisons de colonnes ont été essayées : le fichier est trop grand pour toutes."
    yield from _comparaison(mesures["correlation"]["second"])


def _inconnues(mesures: Mapping[str, Any]) -> list[str]:
    """Les colonnes dont on ne sait pas ce qu'elles portent ; de celles qui désignent, on le sait."""
    vues = {d["colonne"] for d in mesures["detections"]}
    return [nom for nom in mesures["non_qualifiees"] if nom not in vues]


def _dites(noms: list[str]) -> str:
    return "ces colonnes sont dites" if len(noms) > 1 else "cette colonne est dite"


def _comparaison(second: Mapping[str, Any] | None) -> Iterator[str]:
    """Les colonnes de même nom que l'on n'a pas comparées, et la part de valeurs communes qui le montre."""
    laissees = [n for n in (second or {"parts": ()})["parts"] if n not in (second or {})["colonnes"]]
    if second and laissees:
        dites = ", ".join(f"{cite([n])} ({part(second['parts'][n])} des lignes)" for n in laissees)
        yield f"Second fichier : trop peu de valeurs communes pour comparer {dites}."
