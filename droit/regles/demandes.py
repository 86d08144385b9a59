"""Demandes des personnes : sur quelle base on y répond, dans quel délai, sans frais, et ce que l'on peut exiger d'elles."""

import re
from datetime import date

from droit.faits import Faits, texte
from droit.regles.regle import M, Trouves, alerte, theme
from organismes.pliage import plier

theme("DRT", "Demandes des personnes", 115)

NOMBRES = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "huit": 8, "dix": 10, "douze": 12}
MOIS = re.compile(
    rf"(?<!conservees )(?<!conserve )(?<!gardees )(?<!garde )(?<!pendant )\b(\d{{1,2}}|{'|'.join(NOMBRES)}) mois\b"
)
PROLONGE = re.compile(
    r"prolong|complex|difficile|\bporte a\b|12 ?\(3\)|article 12|nombre de demandes|nombreuses demandes"
)
PAYANT = re.compile(
    r"\bfrais (?:de|:|d')|\bpayante?s?\b|\bfacture[er]?e?s? (?:a|au|\d)|\beuros?\b|€|\bredevance"
)
PERMIS = re.compile(
    r"sans (?:aucuns? )?frais|gratuit|rembours|excessi|infonde|copies? supplementaire|aucuns? frais"
)
HORS_DE_PROPOS = ("CONSENTEMENT", "CONTRAT")


@alerte(
    "DRT-01", "RGPD art. 6(1)(c), 12 à 22", M, "réponse aux demandes fondée sur le consentement ou le contrat"
)
def base_des_reponses(faits: Faits, le: date) -> Trouves:
    """Répondre aux demandes des personnes, sur le consentement ou le contrat plutôt que sur l'obligation légale."""
    for f in faits.finalites_de("droits"):
        if f.get("base_legale") in HORS_DE_PROPOS:
            yield (
                f"finalites[{f['numero']}].base_legale",
                "Répondre aux personnes qui exercent leurs droits est une obligation légale (RGPD art. 12 à 22), non un choix de "
                "la personne ni l'exécution d'un contrat : changez la base.",
            )


@alerte("DRT-02", "RGPD art. 12(3), 12(5)", M, "délai ou frais que l'article 12 ne permet pas")
def delai_et_gratuite(faits: Faits, le: date) -> Trouves:
    """Des modalités d'exercice qui annoncent plus d'un mois hors prolongation, ou des frais hors demande infondée ou excessive."""
    lues = plier(texte(faits.volet("information"), "modalites"))
    if not lues:
        return
    mois = [NOMBRES.get(m, 0) or int(m) for m in MOIS.findall(lues)] if " mois" in lues else []
    if any(m > 1 for m in mois) and not PROLONGE.search(lues):
        yield (
            "information.modalites",
            "La réponse est due dans le mois de la demande ; il ne se prolonge, de deux mois au plus, que si elle est complexe ou "
            "si les demandes sont nombreuses, en le disant à la personne. Corrigez le délai annoncé.",
        )
    if PAYANT.search(lues) and not PERMIS.search(lues):
        yield (
            "information.modalites",
            "Répondre est gratuit, sauf demande manifestement infondée ou excessive : retirez les frais annoncés, ou dites ce cas.",
        )


@alerte("DRT-03", "RGPD art. 5(1)(c), 11(2), 12(6)", M, "pièce d'identité exigée de tout demandeur")
def identite_en_cas_de_doute(faits: Faits, le: date) -> Trouves:
    """La copie d'une pièce d'identité exigée de toute personne qui exerce ses droits."""
    if not faits.finalites_de("droits"):
        return
    for d in faits.donnees():
        sert = any(f.get("type") == "droits" for f in faits.finalites_servies(d))
        if d.get("categorie") == "PIECE_IDENTITE" and d.get("obligatoire") is True and sert:
            yield (
                f"donnees[{d['numero']}].obligatoire",
                "Une pièce d'identité ne se demande qu'en cas de doute raisonnable sur l'identité du demandeur : ne l'exigez pas de "
                "tous, et jamais pour s'opposer à la prospection.",
            )
