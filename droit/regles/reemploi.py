"""Réemploi : ce qui est recueilli pour une mission d'intérêt public sert-il aussi à prospecter ?"""

from datetime import date

from droit.faits import Element, Faits
from droit.regles.regle import M, Trouves, alerte

AUTRES_FINS = ("prospection", "profilage", "cession")


@alerte(
    "BAS-16",
    "RGPD art. 5(1)(b), 6(4)",
    M,
    "données d'une mission d'intérêt public employées à une autre fin",
)
def fin_compatible(faits: Faits, le: date) -> Trouves:
    """Une prospection, un profilage ou une cession qui emploie des données recueillies pour une mission d'intérêt public."""
    missions = {f["numero"] for f in faits.finalites if f.get("base_legale") == "MISSION_INTERET_PUBLIC"}
    if not missions:
        return
    for f in faits.finalites_de(*AUTRES_FINS):
        if f.get("base_legale") not in ("MISSION_INTERET_PUBLIC", "CONSENTEMENT") and any(
            _sert(d, f["numero"]) and any(_sert(d, m) for m in missions) for d in faits.donnees()
        ):
            yield (
                f"finalites[{f['numero']}].libelle",
                "Cette finalité emploie des données recueillies pour une mission d'intérêt public : dites pourquoi ce réemploi est "
                "compatible avec elle, recueillez le consentement, ou séparez les données.",
            )


def _sert(donnee: Element, numero: int) -> bool:
    return not donnee.get("finalites") or numero in donnee["finalites"]
