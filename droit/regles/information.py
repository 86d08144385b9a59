"""Information des personnes : où, quoi, et à qui s'adresser pour exercer ses droits."""

from datetime import date

from droit.faits import Faits, codes, texte
from droit.regles.regle import M, P, Trouves, alerte, theme
from traitements.phrases import enumerer

theme("INF", "Information des personnes", 110)

# Les mentions toujours dues, dans les mots de `traitements.choix` (un essai les compare).
MENTIONS = {
    "identite": "identité et coordonnées du responsable",
    "finalites": "finalités",
    "base": "base légale",
    "destinataires": "destinataires",
    "durees": "durées de conservation",
    "droits": "droits des personnes",
    "reclamation": "réclamation auprès de la CNIL",
    "caractere_obligatoire": "caractère obligatoire ou facultatif des réponses",
}
COLLECTE_DIRECTE = "DIRECTE"


@alerte("INF-01", "RGPD art. 12 à 14 ; C. pénal art. R625-10", P, "support d'information non indiqué")
def support_d_information(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas où les personnes sont informées."""
    if not codes(faits.volet("information"), "supports"):
        yield (
            "information.supports",
            "Indiquez où les personnes sont informées : formulaire, page, affiche, premier message.",
        )


@alerte("INF-02", "RGPD art. 13, 14", M, "mentions d'information incomplètes")
def mentions_completes(faits: Faits, le: date) -> Trouves:
    """Une information à laquelle manque une mention toujours due (art. 13 et 14)."""
    presentes = codes(faits.volet("information"), "mentions")
    absentes = [m for m in _dues(faits) if m not in presentes]
    if absentes:
        yield (
            "information.mentions",
            f"Il manque à l'information des personnes : {enumerer(MENTIONS[m] for m in absentes)}.",
        )


@alerte("INF-03", "RGPD art. 12(2), 13(2)(b), 14(2)(c)", M, "contact pour exercer ses droits non indiqué")
def contact_pour_les_droits(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas à qui s'adresser pour exercer ses droits."""
    if not texte(faits.volet("information"), "contact_droits"):
        yield (
            "information.contact_droits",
            "Indiquez à qui les personnes s'adressent pour exercer leurs droits.",
        )


def _dues(faits: Faits) -> list[str]:
    """Le caractère obligatoire des réponses ne se dit qu'à la personne que l'on interroge (art. 13(2)(e))."""
    return [m for m in MENTIONS if m != "caractere_obligatoire" or _interroge(faits)]


def _interroge(faits: Faits) -> bool:
    """Des données sont recueillies auprès de la personne, ou l'on ne sait pas d'où elles viennent."""
    sources = [codes(d, "sources") for d in faits.donnees()]
    return not sources or any(not s or COLLECTE_DIRECTE in s for s in sources)
