"""Réponses qui n'en sont pas : « Aucune », « Néant », « Non » là où la loi demande ce qu'il en est."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from droit.faits import Element, Faits, texte
from droit.inacheves import inacheve
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, Trouves, bloquant
from organismes.pliage import plier

# Champ → le constat bloque-t-il quand ce champ est vide ? La réponse qui refuse vaut le vide.
CONSENTEMENT = {
    "consentement_preuve": True,
    "consentement_retrait": True,
    "consentement_recueil": False,
    "consentement_texte_version": False,
}
INTERET = {"balance": False, "interet_legitime": False}
INFORMATION = {"contact_droits": False, "moment": False}
OPPOSITION = {"opposition_mecanisme": True}
CESSION = {
    "partenaires": False,
    "preuve_source": False,
    "propagation_opposition": False,
    "information_art14": False,
}
CLIENT = {"categories_traitements": True, "instructions": False}
REFUS = re.compile(
    r"(?:aucune?s?(?: (?:preuve|moyen|mecanisme|partenaire|information|pour (?:le moment|l'instant)))?|neant|rien|non|nan|ok|oui|fait|sans objet|"
    r"n/?a|pas (?:encore|de preuve|prevu|prevue|applicable)|non (?:prevue?|applicable|defini|definie|concernee?|disponible)|"
    r"voir avec (?:le |la |les |l')?\w+|en cours(?: de negociation)?|prochainement|prevue?|inconnue?|\?+|-+)[\s.!…]*"
)
COURTE = 40  # signes : au-delà, une phrase dit autre chose qu'un refus


@bloquant(
    "TXT-04",
    "RGPD art. 5(2), 7(1), 7(3), 21, 30",
    M,
    "réponse qui n'en est pas une",
    ecartable=True,
    sous_traitant=True,
)
def reponse_qui_refuse(faits: Faits, le: date) -> Trouves:
    """Un « aucune », « néant » ou « voir avec le service » là où la loi demande ce qu'il en est ; bloque où le vide bloquerait."""
    for chemin, lu, bloque in _reponses(faits):
        if refuse(lu) and inacheve(lu) is None:  # TXT-01 dit déjà ce qui n'est qu'à écrire
            yield Trouve(
                chemin,
                f"« {lu} » ne dit pas ce qu'il en est : décrivez-le, ou reconnaissez qu'il manque en laissant le champ vide.",
                None if bloque else Gravite.ALERTE,
            )


@lru_cache(maxsize=4_096)
def refuse(lu: str) -> bool:
    """Le texte n'est-il qu'un refus de répondre ?"""
    return 0 < len(lu) <= COURTE and REFUS.fullmatch(plier(lu)) is not None


def _reponses(faits: Faits) -> Iterator[tuple[str, str, bool]]:
    """Seules les questions dont la condition est remplie : ailleurs, « sans objet » est la réponse."""
    for f in faits.au_consentement:
        yield from _champs(f"finalites[{f['numero']}]", f, CONSENTEMENT)
    for f in faits.finalites:
        if f.get("base_legale") == "INTERET_LEGITIME":
            yield from _champs(f"finalites[{f['numero']}]", f, INTERET)
    yield from _champs("information", faits.volet("information"), INFORMATION)
    if faits.finalites_de("prospection"):
        yield from _champs("information", faits.volet("information"), OPPOSITION)
    if faits.volet("cession").get("active") is True:
        yield from _champs("cession", faits.volet("cession"), CESSION)
    if faits.du_sous_traitant:
        for c in faits.liste("clients"):
            yield from _champs(f"clients[{c['numero']}]", c, CLIENT)
    if faits.liste("responsables_conjoints"):
        yield "accord_art26", texte(faits.fiche, "accord_art26"), False


def _champs(tete: str, element: Element, champs: dict[str, bool]) -> Iterator[tuple[str, str, bool]]:
    for nom, bloque in champs.items():
        if lu := texte(element, nom):
            yield f"{tete}.{nom}", lu, bloque
