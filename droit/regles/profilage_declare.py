"""Profilage : les questions laissées sans réponse, et les réponses que la fiche dément."""

from collections.abc import Iterator
from datetime import date

from droit import evocations
from droit.criteres_aipd import DECISION, SOURCES_EXTERIEURES, cite
from droit.faits import Element, Faits, codes, texte
from droit.regles.constat import Trouve
from droit.regles.regle import M, P, Trouves, alerte
from traitements.phrases import enumerer

# Champ du volet → pourquoi la réponse compte, et le texte qui la demande. PRF-05 et PRF-07 posent les deux autres.
QUESTIONS = {
    "decision_auto": (
        "Dites si ce profilage fonde, sans intervention humaine, une décision qui a des effets juridiques pour la personne ou "
        "l'affecte de manière significative.",
        "RGPD art. 22(1)",
    ),
    "traceurs": (
        "Dites si ce profilage se fonde sur des traceurs : ils supposent un consentement préalable, sauf exemption.",
        "LIL art. 82",
    ),
    "sources_tierces": (
        "Dites si ce profilage fait appel à des données de sources externes : une analyse d'impact serait alors requise.",
        "RGPD art. 35(4) ; CNIL, délibération n° 2018-327",
    ),
    "sensible": (
        "Dites si ce profilage utilise ou révèle des données sensibles : il lui faudrait alors une exception de l'article 9(2).",
        "RGPD art. 9(1), 22(4)",
    ),
}
ACHATS = ("TRANSACTIONS", "FIDELISATION")
# Elles disent qui est la personne ou comment la joindre ; on n'en tire pas un profil.
SERVENT_A_JOINDRE = ("ETAT_CIVIL", "COORDONNEES", "LIVRAISON", "PREUVES_CHOIX", "PIECE_IDENTITE")
FORMES = ("decision_auto", "traceurs", "sources_tierces", "plateforme_tierce", "recommandation", "sensible")


@alerte("PRF-09", "RGPD art. 4(4), 9(1), 22(1), 35(4) ; LIL art. 82", P, "question du profilage sans réponse")
def profilage_repondu(faits: Faits, le: date) -> Trouves:
    """Un profilage déclaré, sans dire s'il décide, se fonde sur des traceurs ou des sources externes, ou touche au sensible."""
    if not faits.profile:
        return
    profilage = faits.volet("profilage")
    for champ, (phrase, source) in QUESTIONS.items():
        if profilage.get(champ) is None:
            yield Trouve(f"profilage.{champ}", phrase, source=source)
    if profilage.get("recommandation") is None and any(cite(faits, achats) for achats in ACHATS):
        yield Trouve(
            "profilage.recommandation",
            "Dites si des recommandations sont tirées des achats : c'est un profilage, que la personne doit connaître.",
            source="RGPD art. 4(4), 5(1)(a)",
        )


@alerte("PRF-10", "RGPD art. 4(4), 5(2)", M, "profilage tu ou démenti par la fiche")
def profilage_coherent(faits: Faits, le: date) -> Trouves:
    """Un niveau de profilage non dit, ou « aucun », quand la fiche montre un profilage ; deux réponses qui se contredisent."""
    profilage = faits.volet("profilage")
    niveau = texte(profilage, "niveau")
    if niveau in ("", "aucun"):
        yield from _niveau(faits, niveau)
        return
    if niveau == DECISION and profilage.get("decision_auto") is False:
        yield (
            "profilage.decision_auto",
            "Le niveau déclaré est la décision automatisée, et la fiche répond qu'aucune décision n'est exclusivement "
            "automatisée : corrigez l'un ou l'autre.",
        )
    if profilage.get("sources_tierces") is False and (sources := _sources_du_profilage(faits)):
        yield (
            "profilage.sources_tierces",
            "La fiche répond que le profilage n'utilise aucune source externe, et des données qui servent le profilage en "
            f"viennent ({sources}) : corrigez la réponse, ou les finalités de ces données.",
        )


def _niveau(faits: Faits, niveau: str) -> Trouves:
    montrent = [*_indices(faits)]
    if not montrent:
        return
    if niveau:
        debut, fin = "La fiche répond qu'il n'y a aucun profilage", "corrigez l'une ou l'autre réponse"
    else:
        debut, fin = "Le niveau de profilage n'est pas dit", "choisissez-le, ou répondez « aucun »"
    yield "profilage.niveau", f"{debut}, et {enumerer(montrent)} : {fin}."


def _indices(faits: Faits) -> Iterator[str]:
    """Ce qui, dans la fiche, montre un profilage."""
    if any(faits.volet("profilage").get(nom) is True for nom in FORMES):
        yield "une réponse du volet en décrit un"
    if faits.finalites_de("profilage"):
        yield "une finalité en est un"
    elif nom := evocations.profilage(faits):
        yield f"la finalité « {nom} » en évoque un"
    if cite(faits, "PROFILS"):
        yield "des profils, scores ou segments figurent parmi les données"


def _sources_du_profilage(faits: Faits) -> str:
    """Les sources extérieures des données qui nourrissent une finalité de profilage ; vide s'il n'y en a pas."""
    numeros = {f.get("numero") for f in faits.finalites_de("profilage")}
    nourrissent = [
        d
        for d in faits.donnees()
        if numeros and texte(d, "categorie") not in SERVENT_A_JOINDRE and _sert(d, numeros)
    ]
    return faits.citer(
        "sources_donnees", (s for d in nourrissent for s in codes(d, "sources") if s in SOURCES_EXTERIEURES)
    )


def _sert(donnee: Element, numeros: set[object]) -> bool:
    """Sans finalité précisée, une donnée les sert toutes."""
    servies = donnee.get("finalites")
    return not servies or not isinstance(servies, tuple) or bool(numeros.intersection(servies))
