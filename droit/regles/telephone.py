"""Ce que le 11 août 2026 change dans les textes, les durées et l'information d'une fiche où se trouve un numéro de téléphone."""

import re
from datetime import date

from droit.faits import Faits, codes, texte
from droit.numeros import numero_recueilli
from droit.regles.regle import P, S, Trouves, alerte
from droit.sollicitations import HORS_DU_TEXTE, TELEPHONE, appelantes
from organismes.pliage import plier

# C. conso. : L223-3, L223-4, R223-4-1 et R223-5 à R223-8 sont abrogés ; L223-5, L223-7, L223-8 et R223-4 ne le sont pas.
ABROGE = re.compile(r"\bl\.? ?223-[34]\b(?!-)|\br\.? ?223-(?:4-1|[5-8])\b")
APPELER = re.compile(r"\bappel|\btelephon|\bdemarch")
JOURS_INTERDITS = re.compile(r"\b(?:samedis?|dimanches?|jours? feries?)\b")
# Ce qu'une phrase exclut ne s'y fait pas : de « hors », « ni », « jamais » à la fin de la proposition.
EXCLUS = re.compile(r"\b(?:hors|ni|sauf|jamais|aucun|pas|sans|excepte|exclus?|interdits?)\b[^.;]*")
DUREES_DEPASSEES = {
    "PREUVE-CONSENT-TEL-5A": "La preuve du consentement aux appels se garde trois ans à compter de son recueil (C. conso. art. "
    "R223-2), et non plus cinq ans après la fin de son usage : reprenez la durée du référentiel.",
    "APPELS-REFUS-60J": "Le délai de soixante jours après un refus a disparu : le refus exprimé pendant un appel vaut désormais "
    "retrait du consentement, et dure (C. conso. art. R223-3).",
}


@alerte(
    "PRO-12",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "référence dépassée à Bloctel ou à un article abrogé",
    depuis=TELEPHONE,
)
def bloctel(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, une fiche qui cite encore Bloctel, ou un article du code de la consommation abrogé ce jour-là."""
    if "bloctel" not in faits.en_minuscules and "223-" not in faits.en_minuscules:
        return
    for chemin, lu in faits.textes():
        if chemin.startswith(HORS_DU_TEXTE):
            continue
        if "bloctel" in lu.casefold():
            yield (
                chemin,
                "La référence à Bloctel est dépassée : les appels suivent désormais le régime du consentement.",
            )
            return
        if "223-" in lu and "conso" in (plie := plier(lu)) and (cite := ABROGE.search(plie)):
            yield (
                chemin,
                f"L'article {cite[0].upper().replace('.', '').replace(' ', '')} du code de la consommation est abrogé depuis le "
                "11 août 2026 : les appels suivent désormais le régime du consentement.",
            )
            return


@alerte(
    "PRO-15",
    "C. conso. art. L223-2 (loi n° 2025-594, art. 13)",
    P,
    "numéro de téléphone recueilli sans l'information due au consommateur",
    depuis=TELEPHONE,
)
def information_sur_les_appels(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, un numéro de téléphone recueilli auprès d'un consommateur sans qu'il sache que les appels commerciaux
    supposent son consentement, ou sans que le contrat le dise."""
    if not numero_recueilli(faits):
        return
    information = faits.volet("information")
    if "demarchage" not in codes(information, "mentions"):
        yield (
            "information.mentions",
            "Vous recueillez le numéro de téléphone de consommateurs : dites-leur que toute sollicitation commerciale par téléphone, "
            "hors contrat en cours, suppose leur consentement préalable.",
        )
    clause = information.get("clause_appels")
    if clause is not True and (clause is False or _conclut_un_contrat(faits)):
        yield (
            "information.clause_appels",
            "Quand le numéro est recueilli à la conclusion d'un contrat, le contrat dit clairement qu'il est interdit de démarcher "
            "par téléphone un consommateur sans son consentement préalable : "
            + ("ajoutez cette clause." if clause is False else "dites si cette clause y figure."),
        )


def _conclut_un_contrat(faits: Faits) -> bool:
    """La question de la clause ne se pose qu'à qui a déjà informé la personne, et conclut un contrat avec elle."""
    informe = "demarchage" in codes(faits.volet("information"), "mentions")
    return informe and any(f.get("base_legale") == "CONTRAT" for f in faits.finalites)


@alerte(
    "PRO-16",
    "C. conso. art. R223-2, R223-3 et D223-9 (décret n° 2026-662)",
    S,
    "durées ou jours d'appel contraires au décret du 23 juillet 2026",
    depuis=TELEPHONE,
)
def durees_et_jours_du_decret(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, une durée qui cite une durée de référence que le nouveau régime des appels a changée, ou une fiche qui
    appelle des consommateurs et parle d'appels le samedi, le dimanche ou un jour férié."""
    for k in faits.liste("conservations"):
        if phrase := DUREES_DEPASSEES.get(texte(k, "regle_reference")):
            yield f"conservations[{k['numero']}].regle_reference", phrase
    if appelantes(faits) and (chemin := _ou_se_dit_un_jour_interdit(faits)):
        yield (
            chemin,
            "Un consommateur ne s'appelle ni le samedi, ni le dimanche, ni un jour férié, et seulement de 10 à 13 heures et de 14 à "
            "20 heures, sauf s'il a accepté une date et une heure précises : dites si ce texte parle de vos appels commerciaux.",
        )


def _ou_se_dit_un_jour_interdit(faits: Faits) -> str | None:
    dits = ((chemin, lu) for chemin, lu in faits.textes() if not chemin.startswith(HORS_DU_TEXTE))
    return next((chemin for chemin, lu in dits if _jour_interdit(lu)), None)


def _jour_interdit(lu: str) -> bool:
    """« du lundi au samedi », « le samedi matin » ; non « jamais le samedi », ni « hors samedi, dimanche et jours fériés »."""
    if not any(mot in lu for mot in ("amedi", "imanche", "féri", "feri")):
        return False
    plie = plier(lu)
    return APPELER.search(plie) is not None and JOURS_INTERDITS.search(EXCLUS.sub(" ", plie)) is not None
