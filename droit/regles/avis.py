"""Avis de consommateurs : ce que le code de la consommation demande à qui les publie."""

import re
from collections.abc import Iterator
from datetime import date

from droit.faits import Faits, texte
from droit.regles.constat import Trouve
from droit.regles.regle import P, S, Trouves, alerte, bloquant, theme
from organismes.pliage import plier

theme("AVI", "Avis de consommateurs", 120)

# Loi n° 2016-1321, art. 52, et décret n° 2017-1436 ; le décret n° 2024-753 n'a changé que les numéros D111-16 à D111-19.
AVIS_EN_LIGNE = date(2018, 1, 1)
RENUMEROTES = date(2024, 7, 9)


@bloquant(
    "AVI-01",
    "C. conso. art. D111-10, 2° b",
    P,
    "délai de publication et de conservation des avis non affiché",
    depuis=AVIS_EN_LIGNE,
    ecartable=True,
)
def delai_affiche(faits: Faits, le: date) -> Trouves:
    """Des avis recueillis ou publiés sans que le délai maximum de publication et de conservation soit indiqué."""
    if _de_consommateurs(faits) and not texte(faits.volet("avis"), "delai_affiche"):
        yield Trouve(
            "avis.delai_affiche",
            "Indiquez le délai maximum de publication et de conservation d'un avis : les consommateurs doivent pouvoir le "
            "lire dans une rubrique facile à trouver.",
            source=_source(le, "D111-10, 2° b", "D111-17, 2° b"),
        )


@alerte(
    "AVI-02",
    "C. conso. art. L111-7-2, D111-12",
    P,
    "motif du refus d'un avis non communiqué",
    depuis=AVIS_EN_LIGNE,
)
def motif_du_refus(faits: Faits, le: date) -> Trouves:
    """Des avis refusés sans que leur auteur en connaisse le motif, ou sans que l'on dise s'il le connaît."""
    for non in _non_ou_silence(faits, "motif_refus"):
        yield Trouve(
            "avis.motif_refus",
            "L'auteur d'un avis qui n'est pas publié doit en connaître le motif : "
            f"{'prévoyez de le lui dire' if non else 'dites si vous le lui communiquez'}.",
            source=_source(le, "L111-7-2, D111-12", "L111-7-2, D111-19"),
        )


@alerte(
    "AVI-03",
    "C. conso. art. L111-7-2, al. 5",
    P,
    "avis sans signalement ouvert au professionnel",
    depuis=AVIS_EN_LIGNE,
)
def signalement_ouvert(faits: Faits, le: date) -> Trouves:
    """Des avis publiés sans que le professionnel visé puisse signaler un doute sur leur authenticité, ou sans que l'on dise s'il
    le peut."""
    for non in _non_ou_silence(faits, "signalement"):
        yield (
            "avis.signalement",
            "Ouvrez aux professionnels visés un moyen gratuit de signaler, avec ses motifs, un doute sur l'authenticité "
            "d'un avis."
            if non
            else "Dites si les professionnels visés peuvent signaler gratuitement, avec ses motifs, un doute sur l'authenticité "
            "d'un avis : la loi l'exige.",
        )


@alerte(
    "AVI-04",
    "C. conso. art. L111-7-2, D111-10, 1° a",
    S,
    "contrôle des avis non annoncé",
    depuis=AVIS_EN_LIGNE,
)
def controle_annonce(faits: Faits, le: date) -> Trouves:
    """Des avis publiés sans que l'on annonce s'ils sont contrôlés ou non, ou sans que l'on dise si cela est annoncé."""
    for non in _non_ou_silence(faits, "controle_annonce"):
        yield Trouve(
            "avis.controle_annonce",
            "Annoncez, près des avis, s'ils font l'objet d'un contrôle ou non et, si oui, comment : l'absence de contrôle "
            "s'annonce aussi."
            if non
            else "Dites si vous annoncez, près des avis, qu'ils font l'objet d'un contrôle ou non et, si oui, comment.",
            source=_source(le, "L111-7-2, D111-10, 1° a", "L111-7-2, D111-17, 1° a"),
        )


def _non_ou_silence(faits: Faits, champ: str) -> Iterator[bool]:
    """Vrai si la fiche d'avis répond non, faux si elle se tait ; rien si elle répond oui ou ne traite pas d'avis."""
    reponse = faits.volet("avis").get(champ)
    if _de_consommateurs(faits) and reponse is not True:
        yield reponse is False


def _source(le: date, articles: str, anciens: str) -> str:
    return f"C. conso. art. {articles if le >= RENUMEROTES else anciens}"


def _de_consommateurs(faits: Faits) -> bool:
    """Une finalité recueille des avis, et non seulement de professionnels : la loi ne protège que les consommateurs."""
    return any(f.get("public") != "B2B" for f in faits.finalites_de("avis"))


NOTES_ECARTEES = re.compile(
    r"moins de (?:\w+ )?(?:etoiles?|points?)|\bnotes? (?:basses?|faibles?|inferieures?)|\bavis (?:negatifs?|defavorables?|mauvais)"
    r"|\b(?:seuls|uniquement) les (?:bons )?avis (?:positifs|favorables)|\bmauvaises notes\b"
)
ECARTES = re.compile(
    r"\bpas publie|\bnon publie|\becart|\bretir|\bsupprim|\bmasqu|\bfiltr|\bseuls\b|\buniquement\b|\brefus"
)
RECOMPENSE = re.compile(
    r"\b(?:recompens|offer|offr|cadeau|remise|bon d'achat|remuner|cafe)\w*[^.]*\b(?:bons avis|avis (?:positif|favorable|cinq etoiles))"
    r"|\b(?:bons avis|avis (?:positif|favorable)s?)[^.]*\b(?:recompens|offer|offr|cadeau|remise|bon d'achat|remuner|cafe)"
)


@alerte("AVI-05", "C. conso. art. L121-4, 27° et 28°, et D111-10, 2°", S, "avis choisis selon leur note")
def avis_choisis(faits: Faits, le: date) -> Trouves:
    """Une modération qui écarte les avis défavorables, ou qui récompense les avis favorables."""
    lue = plier(texte(faits.volet("avis"), "moderation"))
    if (NOTES_ECARTEES.search(lue) and ECARTES.search(lue)) or RECOMPENSE.search(lue):
        yield (
            "avis.moderation",
            "Écarter des avis parce qu'ils sont défavorables, ou en récompenser de favorables, trompe le consommateur : publiez-les tous, "
            "ou ne les refusez que pour un motif qui ne tient pas à la note.",
        )
