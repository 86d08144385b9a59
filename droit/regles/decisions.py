"""Décision exclusivement automatisée : le cas qui la permet, l'intervention humaine, ce que la personne en sait."""

from datetime import date

from droit.criteres_aipd import decide
from droit.faits import Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, Trouves, alerte, bloquant

INTERVENTION = "La personne doit pouvoir obtenir une intervention humaine, donner son point de vue et contester la décision."


@bloquant(
    "PRF-02",
    "RGPD art. 22(1) à 22(3) ; LIL art. 47",
    P,
    "décision automatisée sans fondement ou sans intervention humaine",
)
def decision_automatisee(faits: Faits, le: date) -> Trouves:
    """Une décision exclusivement automatisée sans cas qui la permette, ou sans intervention humaine possible.

    En alerte : l'intervention humaine n'est pas dite, ou aucune finalité ne porte le cas invoqué.
    """
    profilage = faits.volet("profilage")
    if profilage.get("decision_auto") is not True:
        return
    cas, humaine = texte(profilage, "exception_art22"), profilage.get("intervention_humaine")
    if not cas:
        yield (
            "profilage.exception_art22",
            "Une décision exclusivement automatisée suppose un contrat, un texte ou un consentement explicite : dites "
            "lequel la permet.",
        )
    elif phrase := _cas_sans_finalite(faits, cas):
        yield Trouve("profilage.exception_art22", phrase, None if _dement(faits, cas) else Gravite.ALERTE)
    if humaine is False and cas != "loi":
        yield Trouve("profilage.intervention_humaine", INTERVENTION, source="RGPD art. 22(3) ; LIL art. 47")
    if humaine is None and cas != "loi":
        yield Trouve(
            "profilage.intervention_humaine",
            f"Dites si une intervention humaine est possible. {INTERVENTION}",
            Gravite.ALERTE,
            "RGPD art. 22(3) ; LIL art. 47",
        )


def _cas_sans_finalite(faits: Faits, cas: str) -> str:
    """La phrase à dire quand aucune finalité ne porte le cas invoqué ; vide si l'une le porte."""
    if cas == "contrat" and not any(f.get("base_legale") == "CONTRAT" for f in _profilent(faits)):
        return (
            "La décision est dite nécessaire à un contrat, et la finalité qui décide ne repose pas sur lui : vérifiez le cas invoqué "
            "ou la base légale."
        )
    if cas == "consentement-explicite" and not any(
        f.get("consentement_explicite") is True for f in _profilent(faits)
    ):
        return (
            "La décision est dite fondée sur le consentement explicite, et aucune finalité n'indique un tel consentement : "
            "dites laquelle le recueille, ou retenez un autre cas."
        )
    if cas == "loi" and not any(texte(f, "texte_legal") for f in _profilent(faits)):
        return "La décision est dite autorisée par un texte, et la fiche n'en cite aucun : citez-le dans la finalité qu'elle sert."
    return ""


def _profilent(faits: Faits) -> list[Element]:
    """Les finalités de profilage, qui décident ; à défaut, toutes : l'accord donné à une autre ne vaut pas pour elles."""
    return faits.finalites_de("profilage") or list(faits.finalites)


def _dement(faits: Faits, cas: str) -> bool:
    """Chaque finalité répond-elle non au consentement explicite sur lequel la décision se dit fondée ?"""
    reponses = [f.get("consentement_explicite") for f in _profilent(faits)]
    return cas == "consentement-explicite" and bool(reponses) and all(r is False for r in reponses)


@alerte(
    "PRF-08",
    "RGPD art. 13(2)(f), 14(2)(g)",
    P,
    "décision automatisée sans sa logique ou ses conséquences",
)
def decision_expliquee(faits: Faits, le: date) -> Trouves:
    """Une décision automatisée dont la fiche ne décrit ni la logique ni les conséquences pour la personne, à lui dire."""
    profilage = faits.volet("profilage")
    if not decide(faits) or profilage.get("decision_auto") is False:
        return
    for champ, quoi in (
        ("logique", "la logique de la décision automatisée"),
        ("consequences", "l'importance et les conséquences de la décision automatisée"),
    ):
        if not texte(profilage, champ):
            yield f"profilage.{champ}", f"Décrivez {quoi} : la personne doit en être informée."
