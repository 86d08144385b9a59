"""Adéquation (RGPD art. 45) : une décision en vigueur, et qui couvre l'importateur."""

from collections.abc import Iterator
from datetime import date, timedelta

from conservation.durees import Duree, terme
from droit.destinations import pays_du_transfert, vers
from droit.faits import Element, Faits, jour, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import S, Trouves, bloquant
from droit.reperes import Repere
from traitements.phrases import date_en_mots, enumerer, majuscule

UN_AN = Duree(1, "ans")
PRIVACY_SHIELD = "INVALIDE_PRIVACY_SHIELD"
PAR_ADHESION = "US"  # seul pays dont la décision ne couvre que les organisations inscrites sur une liste


@bloquant(
    "TRF-02",
    "RGPD art. 45",
    S,
    "adéquation invoquée sans décision en vigueur",
    ecartable=True,  # une décision peut être plus récente que nos référentiels
    sous_traitant=True,
)
def adequation_en_vigueur(faits: Faits, le: date) -> Trouves:
    """Une décision d'adéquation invoquée pour un pays, ou une organisation, qui n'en a pas ce jour-là."""
    for x in _fondes_sur(faits, "ADEQUATION"):
        pays = pays_du_transfert(faits, x)
        if faits.reperes.hors_eee(pays, le) and faits.reperes.decision(pays, le) is None:
            yield (
                f"transferts[{x['numero']}].garantie",
                f"{_sans_decision(faits.reperes.decisions(pays), le)} ({vers(faits, x)}) : fondez ce transfert sur une "
                "autre garantie.",
            )


@bloquant(
    "TRF-03",
    "RGPD art. 44, 45 ; CJUE, 16 juill. 2020, C-311/18",
    S,
    "Privacy Shield invoqué",
    depuis=date(2020, 7, 16),
    sous_traitant=True,
)
def privacy_shield(faits: Faits, le: date) -> Trouves:
    """Le Privacy Shield invoqué comme garantie."""
    for x in _fondes_sur(faits, PRIVACY_SHIELD):
        yield (
            f"transferts[{x['numero']}].garantie",
            "Le Privacy Shield est invalidé depuis le 16 juillet 2020 : fondez ce transfert sur une garantie en vigueur.",
        )


@bloquant(
    "TRF-04",
    "RGPD art. 45 ; décision d'adéquation du pays",
    S,
    "adéquation partielle, importateur non couvert ou non vérifié",
    ecartable=True,
    sous_traitant=True,
)
def importateur_couvert(faits: Faits, le: date) -> Trouves:
    """Une adéquation partielle, et un importateur dont on ne sait pas qu'elle le couvre ; bloque si l'importateur américain
    n'est pas certifié, conseille de refaire chaque année la vérification de sa certification."""
    for x in _fondes_sur(faits, "ADEQUATION"):
        decision = faits.reperes.decision(pays_du_transfert(faits, x), le)
        if decision and decision.get("partielle") is True:
            yield from _couverture(faits, x, decision, le)


def _fondes_sur(faits: Faits, garantie: str) -> list[Element]:
    return [x for x in faits.liste("transferts") if x.get("garantie") == garantie]


# --- Décisions ---------------------------------------------------------------------------------------------------------
def _nom(decision: Repere) -> str:
    """« la décision (UE) 2016/1250 (Privacy Shield) », d'après « États-Unis : (UE) 2016/1250 (Privacy Shield) »."""
    _, _, numero = str(decision["libelle"]).partition(" : ")
    return f"la décision {numero.partition(',')[0].removeprefix('décision ')}"


def _sans_decision(decisions: tuple[Repere, ...], le: date) -> str:
    """Pourquoi aucune décision ne vaut ce jour-là : la dernière échue, la première à venir, ou aucune."""
    echues = [(fin, d) for d in decisions if (fin := jour(d, "date_fin")) and fin < le]
    a_venir = [(effet, d) for d in decisions if (effet := jour(d, "date_effet")) and effet > le]
    phrases = []
    if echues:
        fin, decision = max(echues, key=lambda e: e[0])
        phrases.append(f"{_nom(decision)} ne vaut plus depuis le {date_en_mots(fin + timedelta(days=1))}")
    if a_venir:
        effet, decision = min(a_venir, key=lambda e: e[0])
        phrases.append(f"{_nom(decision)} n'est en vigueur que depuis le {date_en_mots(effet)}")
    lues = (
        enumerer(phrases) or "aucune décision d'adéquation n'a été prise pour ce pays ou cette organisation"
    )
    return majuscule(lues)


# --- Importateur -------------------------------------------------------------------------------------------------------
def _couverture(faits: Faits, x: Element, decision: Repere, le: date) -> Iterator[tuple[str, str] | Trouve]:
    """Ce que l'on ne sait pas, ou ce que l'on sait de contraire, de l'importateur au regard d'une décision partielle."""
    par_adhesion = decision.get("pays") == PAR_ADHESION
    if x.get("importateur_certifie") is not True:
        certain = par_adhesion and x.get("importateur_certifie") is False
        yield Trouve(
            f"transferts[{x['numero']}].importateur_certifie",
            _hors_de_portee(faits, x, decision),
            gravite=Gravite.BLOQUANT if certain else Gravite.ALERTE,
        )
    elif par_adhesion:
        yield from _verification(faits, x, decision, le)


def _hors_de_portee(faits: Faits, x: Element, decision: Repere) -> str:
    importateur, portee = vers(faits, x), texte(decision, "portee").removeprefix("PARTIELLE : ")
    debut = f"{majuscule(_nom(decision))} ne couvre pas tous les transferts. Portée : {portee}."
    if x.get("importateur_certifie") is False:
        return (
            f"{debut} Vous indiquez qu'elle ne couvre pas le vôtre ({importateur}) : fondez ce transfert sur une autre "
            "garantie."
        )
    return f"{debut} Dites si elle couvre le vôtre ({importateur}){_ou(decision)}."


def _verification(faits: Faits, x: Element, decision: Repere, le: date) -> Iterator[tuple[str, str] | Trouve]:
    """La certification d'une organisation américaine se renouvelle chaque année : la revérifier se recommande."""
    chemin, verifie = f"transferts[{x['numero']}].verifie_le", jour(x, "verifie_le")
    couvert = f"que l'importateur ({vers(faits, x)}) est couvert par {_nom(decision)}"
    if verifie is None:
        message = f"Indiquez quand vous avez vérifié {couvert}{_ou(decision)}."
        yield Trouve(chemin, message, gravite=Gravite.ALERTE)
    elif terme(verifie, UN_AN) < le:
        message = (
            f"Vous avez vérifié le {date_en_mots(verifie)}, il y a plus d'un an, {couvert} : une organisation certifiée "
            f"l'est pour un an, il est prudent de le vérifier de nouveau{_ou(decision)}."
        )
        yield Trouve(chemin, message, gravite=Gravite.CONSEIL)


def _ou(decision: Repere) -> str:
    return f" ({lieu})" if (lieu := texte(decision, "verification_importateur")) else ""
