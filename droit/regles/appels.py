"""Appels à des consommateurs : leur consentement depuis le 11 août 2026, ce qu'il doit être, et ses exceptions."""

import re
from collections.abc import Iterator
from datetime import date

from conservation.durees import REPERE, Duree, terme
from conservation.ensembles import categories
from droit.faits import Element, Faits, texte
from droit.rapprochement import conservee_en_tout
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, S, Trouves, alerte, bloquant
from droit.sollicitations import (
    CONTRAT_EN_COURS,
    TELEPHONE,
    a_dire,
    appelantes,
    invoque,
    prospecte,
    sans_consentement,
)

PREUVES, TROIS_ANS = "PREUVES_CHOIX", Duree(3, "ans")
EXCEPTIONS_AUX_APPELS = re.compile(
    rf"{CONTRAT_EN_COURS.pattern}|223-[45]\b|\bpresse\b|\bjourna(?:l|ux)\b|\bmagazines?\b|\bperiodiques?\b"
    r"|\brappel(?:er|ees?|es?)? (?:a|sur) (?:sa|leur) demande|\bdemandes? de rappel|\bdemande a etre rappel"
)


@bloquant(
    "PRO-03",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "appels à des particuliers sans consentement ni contrat en cours",
    depuis=TELEPHONE,
)
def telephone_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, des appels à des consommateurs sans consentement, sans contrat en cours, sans demande de rappel,
    et pour autre chose que la presse."""
    for f in appelantes(faits):
        if sans_consentement(f) and not _appel_excepte(f):
            yield _appel_sans_consentement(faits, f)


def _appel_excepte(f: Element) -> bool:
    """Le contrat en cours (L223-1, al. 4), la presse (L223-5), la réponse à qui demande qu'on l'appelle (R223-4)."""
    return (
        f.get("contrat_en_cours") is True
        or f.get("rappel_demande") is True
        or f.get("objet_sollicitation") == "presse"
    )


def _appel_sans_consentement(faits: Faits, f: Element) -> Trouve:
    if prospecte(faits, f) is None:
        return Trouve(
            a_dire(f),
            "Dites si ces appels sont commerciaux : depuis le 11 août 2026, démarcher un consommateur par téléphone suppose son "
            "consentement préalable.",
            Gravite.ALERTE,
        )
    if f.get("contrat_en_cours") is None and invoque(f, EXCEPTIONS_AUX_APPELS):
        return Trouve(
            f"finalites[{f['numero']}].contrat_en_cours",
            "Cette finalité invoque une exception au consentement sans la déclarer : dites si l'appel se rattache à un contrat en "
            "cours, s'il répond à une demande de rappel, ou s'il porte sur la presse.",
            Gravite.ALERTE,
        )
    return Trouve(
        f"finalites[{f['numero']}].canaux",
        "Depuis le 11 août 2026, appeler un consommateur suppose son consentement préalable, sauf si l'appel "
        "se rattache à un contrat en cours.",
        None if texte(f, "base_legale") else Gravite.ALERTE,
    )


@bloquant(
    "PRO-04", "C. conso. art. L223-1, al. 3", P, "consentement aux appels sans preuve", depuis=TELEPHONE
)
def preuve_pour_appeler(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, des appels fondés sur un consentement dont rien ne fait la preuve."""
    for f in appelantes(faits):
        if not sans_consentement(f) and not texte(f, "consentement_preuve"):
            yield (
                f"finalites[{f['numero']}].consentement_preuve",
                "La loi met à votre charge la preuve du consentement aux appels : dites comment elle est gardée.",
            )


@alerte(
    "PRO-13",
    "C. conso. art. R223-1, I (décret n° 2026-662)",
    S,
    "consentement aux appels trop long, reconduit ou mal demandé",
    depuis=TELEPHONE,
)
def consentement_aux_appels(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, un consentement aux appels valable plus d'un an, reconduit tacitement ou demandé sans ses mentions,
    ou dont l'un de ces trois points n'est pas dit."""
    for f in appelantes(faits):
        if not sans_consentement(f):
            for champ, phrase in _defauts_du_consentement(f):
                yield f"finalites[{f['numero']}].consentement_{champ}", phrase


def _defauts_du_consentement(f: Element) -> Iterator[tuple[str, str]]:
    duree = f.get("consentement_validite_mois")
    if not isinstance(duree, int) or duree < 1:
        yield (
            "validite_mois",
            "Dites combien de mois vaut le consentement aux appels : un an au plus à compter de son recueil.",
        )
    elif duree > 12:
        yield (
            "validite_mois",
            "Le consentement aux appels vaut un an au plus à compter de son recueil : ramenez-le à douze mois.",
        )
    reconduit = f.get("consentement_reconduction")
    if reconduit is True:
        yield (
            "reconduction",
            "Le consentement aux appels ne se reconduit pas tacitement : à son terme, demandez-le de nouveau.",
        )
    elif reconduit is None:
        yield (
            "reconduction",
            "Dites si le consentement aux appels se reconduit tacitement : ce n'est pas permis.",
        )
    if f.get("consentement_mentions_appel") is not True:
        yield (
            "mentions_appel",
            "La demande de consentement aux appels dit qui appellera et pour quels biens ou services, le choix offert, la période "
            "visée, le retrait à tout moment et l'accès à la preuve : "
            + (
                "complétez-la." if f.get("consentement_mentions_appel") is False else "dites si elle le fait."
            ),
        )


@alerte(
    "PRO-18",
    "C. conso. art. R223-2 (décret n° 2026-662)",
    S,
    "preuve du consentement aux appels gardée moins de trois ans",
    depuis=TELEPHONE,
)
def preuve_gardee_trois_ans(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, des appels consentis dont aucune durée ne garde la preuve trois ans, base active et archive comprises."""
    if all(sans_consentement(f) for f in appelantes(faits)):
        return
    lignes = [k for k in faits.liste("conservations") if PREUVES in categories(k) and not _des_refus(k)]
    fin = conservee_en_tout(lignes, {PREUVES})
    if lignes and fin is not None and fin < terme(REPERE, TROIS_ANS):
        yield (
            f"conservations[{lignes[0]['numero']}].duree_valeur",
            "La preuve du consentement aux appels se garde trois ans à compter de son recueil : allongez cette durée, en archivage "
            "intermédiaire au besoin.",
        )


def _des_refus(duree: Element) -> bool:
    """La liste des oppositions et des retraits ne prouve pas un accord."""
    return texte(duree, "point_depart") in ("EXERCICE_OPPOSITION", "RETRAIT_CONSENTEMENT")
