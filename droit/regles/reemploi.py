"""Réemploi : ce qui est recueilli pour une mission d'intérêt public sert-il aussi à prospecter ?"""

import re
from datetime import date

from droit.faits import Element, Faits, texte
from droit.regles.regle import M, Trouves, alerte
from organismes.pliage import plier

POLITIQUE = re.compile(
    r"\b(?:lettre|message|bulletin|voeux|bilan|campagne) (?:politique |electorale? )?(?:du |de la |de l'|des |d')(?:maire|president|equipe|elue?s?|majorite|mandat)"
    r"|\bbilan (?:de|du) (?:mandat|l'equipe)|\belectoral|\bequipe municipale\b"
)
COMPATIBLE = re.compile(r"compatib|6 ?\(4\)")
AUTRES_FINS = ("prospection", "profilage", "cession")


@alerte(
    "BAS-16",
    "RGPD art. 5(1)(b), 6(4)",
    M,
    "données d'une mission d'intérêt public employées à une autre fin",
)
def fin_compatible(faits: Faits, le: date) -> Trouves:
    """Une prospection, un profilage ou une cession qui emploie des données recueillies pour une mission d'intérêt public."""
    yield from _communication_politique(faits)
    if not any(f.get("base_legale") == "MISSION_INTERET_PUBLIC" for f in faits.finalites):
        return
    partagees = [s for d in faits.donnees() if _d_une_mission(s := faits.finalites_servies(d))]
    for f in faits.finalites_de(*AUTRES_FINS):
        if COMPATIBLE.search(plier(texte(f, "justification"))):
            continue
        propre = f.get("base_legale") in ("MISSION_INTERET_PUBLIC", "CONSENTEMENT")
        if not propre and any(f in servies for servies in partagees):
            yield (
                f"finalites[{f['numero']}].libelle",
                "Cette finalité emploie des données recueillies pour une mission d'intérêt public : dites pourquoi ce réemploi est "
                "compatible avec elle, recueillez le consentement, ou séparez les données.",
            )


def _communication_politique(faits: Faits) -> Trouves:
    """Le fichier d'un service public n'est pas celui de ses élus."""
    if faits.organisme.get("autorite_publique") is not True:
        return
    for f in faits.finalites:
        if POLITIQUE.search(plier(texte(f, "libelle"))) and f.get("base_legale") != "CONSENTEMENT":
            yield (
                f"finalites[{f['numero']}].libelle",
                "Un fichier recueilli pour un service public ne sert pas à la communication de l'équipe élue : recueillez l'accord des "
                "personnes, ou cessez cet emploi.",
            )


def _d_une_mission(servies: list[Element]) -> bool:
    return any(f.get("base_legale") == "MISSION_INTERET_PUBLIC" for f in servies)
