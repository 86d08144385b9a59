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
    missions = {f["numero"] for f in faits.finalites if f.get("base_legale") == "MISSION_INTERET_PUBLIC"}
    if not missions:
        return
    for f in faits.finalites_de(*AUTRES_FINS):
        if COMPATIBLE.search(plier(texte(f, "justification"))):
            continue
        if f.get("base_legale") not in ("MISSION_INTERET_PUBLIC", "CONSENTEMENT") and any(
            _sert(d, f["numero"]) and any(_sert(d, m) for m in missions) for d in faits.donnees()
        ):
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


def _sert(donnee: Element, numero: int) -> bool:
    return not donnee.get("finalites") or numero in donnee["finalites"]
