"""La responsabilité conjointe : qui elle réunit, l'accord qui la règle, la part de chacun (RGPD art. 26, 30(1)(a))."""

from datetime import date

from droit.faits import Faits, texte
from droit.regles.regle import ARTICLE_30, M, S, Trouves, alerte, bloquant

NOMMER = "Nommez chaque responsable conjoint : le registre comporte son nom et ses coordonnées."


@alerte("REG-08", "RGPD art. 26", M, "responsabilité conjointe sans accord")
def accord_entre_responsables(faits: Faits, le: date) -> Trouves:
    """Une responsabilité conjointe déclarée sans l'accord qui répartit les obligations."""
    if _conjointe(faits) and not texte(faits.fiche, "accord_art26"):
        yield (
            "accord_art26",
            "La responsabilité conjointe est déclarée sans accord : indiquez-en la référence ou les grandes lignes.",
        )


@bloquant("REG-15", "RGPD art. 26(1), 30(1)(a)", S, "responsable conjoint non nommé", ARTICLE_30)
def conjoints_nommes(faits: Faits, le: date) -> Trouves:
    """Une fiche de responsable conjoint qui ne nomme aucun autre responsable, ou laisse une ligne sans nom."""
    if faits.fiche.get("qualite") == "conjoint" and not faits.liste("responsables_conjoints"):
        yield "responsables_conjoints", NOMMER
    for c in faits.liste("responsables_conjoints"):
        if not texte(c, "tiers"):
            yield f"responsables_conjoints[{c['numero']}].tiers", NOMMER


@alerte("REG-16", "RGPD art. 26(1) et 26(2)", S, "obligations des responsables conjoints non réparties")
def obligations_reparties(faits: Faits, le: date) -> Trouves:
    """Un responsable conjoint dont la fiche ne dit pas quelles obligations il assume."""
    for c in faits.liste("responsables_conjoints"):
        if not texte(c, "repartition"):
            yield (
                f"responsables_conjoints[{c['numero']}].repartition",
                "Dites qui, de vous ou de lui, informe les personnes et répond à leurs demandes : l'accord répartit ces "
                "obligations.",
            )


@alerte(
    "REG-17", "RGPD art. 4(7), 26(1), 30(1)(a)", S, "responsable conjoint dans une fiche de responsable seul"
)
def qualite_dementie(faits: Faits, le: date) -> Trouves:
    """Un responsable conjoint nommé, ou donné pour destinataire, dans une fiche dont l'organisme se dit seul responsable."""
    if faits.fiche.get("qualite") != "responsable":
        return
    destinataire = any(d.get("type") == "RESPONSABLE_CONJOINT" for d in faits.liste("destinataires"))
    if faits.liste("responsables_conjoints") or destinataire:
        yield (
            "qualite",
            "La fiche cite un responsable conjoint, et l'organisme s'y dit seul responsable : si vous décidez ensemble des "
            "finalités et des moyens, choisissez « Responsable conjoint » ; sinon, rangez ce tiers parmi les destinataires.",
        )


def _conjointe(faits: Faits) -> bool:
    return faits.fiche.get("qualite") == "conjoint" or bool(faits.liste("responsables_conjoints"))
