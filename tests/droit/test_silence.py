"""Pas de réponse n'est pas un non : vider la réponse à une question que la loi pose fait parler une règle."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from fiche_complete import COMPLETE

from droit.faits import Faits
from droit.regles import Gravite, controler
from exemples_faits import ORGANISME, reperes

JOUR = date(2026, 11, 24)
# Ce que la loi n'interroge pas, ou dont une autre réponse tient lieu : champ → raison.
SANS_QUESTION = {
    "numero": "il désigne l'élément",
    "public": "les canaux le disent",
    "precisions": "la catégorie suffit à l'article 30(1)(c)",
    "nom": "le type du destinataire, ou le tiers, le nomme",
    "consequence_defaut": "l'information la dit, la fiche la rappelle",
    "obligatoire": "l'information le dit : INF-02 en tient la mention",
    "finalites": "vide, la donnée sert toutes les finalités de la fiche",
    "categories": "vide, la durée vise toutes les données de la fiche",
    "regle_reference": "un repère du produit, non la loi",
    "source": "le texte d'une durée s'indique, il ne s'exige pas",
    "moderation": "le code de la consommation n'en demande pas le récit",
    "pseudonyme": "publier sous pseudonyme est un choix",
    "preuve": "le document s'indique, il ne s'exige pas",
    "modalites": "le délai est celui de la loi",
    "trace_description": "la trace est dite tenue",
    "liste_dispense": "vide par nature : rien n'est dispensé",
    "liste_requise": "déduite des faits",
    "criteres": "déduits des faits",
    "justification": "l'analyse est réalisée",
    "duree_unite": "elle suit la valeur",
    "phase": "le cycle se lit sans elle",
    "rappel_demande": "ne compte que si l'objet est l'énergie ou la rénovation d'un logement",
}
# Les mêmes, pour un élément donné : (liste, numéro, champ) → raison.
REPONDU_AILLEURS = {
    ("finalites", "3", "contrat_en_cours"): "ces appels sont consentis",
    ("finalites", "7", "canaux"): "le volet de la cession dit les canaux des partenaires",
    ("finalites", "7", "suivi_ouverture"): "le partenaire envoie, et mesure ou non",
    (
        "finalites",
        "2",
        "objet_sollicitation",
    ): "rien n'évoque le logement, et une autre finalité dit son objet",
    ("cession", "canaux"): "la finalité de cession les dit",
    ("transferts", "1", "document"): "une décision d'adéquation n'appelle pas de pièce",
    **{
        ("finalites", n, "consentement_explicite"): "ni donnée sensible ni décision automatisée" for n in "37"
    },
    **{("destinataires", n, "pays"): "rien n'en sort : le tiers ou le service est en France" for n in "12"},
    **{
        ("transferts", n, champ): "le destinataire le dit"
        for n in "123"
        for champ in ("pays", "destinataire_numero")
    },
}
VIDES: dict[type, Any] = {bool: None, int: None, str: "", list: []}


def questions() -> Iterator[tuple[str, ...]]:
    """(liste, numéro, champ), (volet, champ) ou (champ,) de chaque réponse de la fiche complète."""
    for nom, valeur in COMPLETE.items():
        if isinstance(valeur, dict):
            yield from ((nom, champ) for champ, v in valeur.items() if repondu(champ, v))
        elif isinstance(valeur, list) and valeur and isinstance(valeur[0], dict):
            yield from (
                (nom, str(e["numero"]), champ) for e in valeur for champ, v in e.items() if repondu(champ, v)
            )
        elif nom in QUESTIONS_DE_LA_FICHE:
            yield (nom,)


QUESTIONS_DE_LA_FICHE = ("donnees_sensibles", "champs_libres", "champs_libres_mesure", "transferts_hors_eee")


def repondu(champ: str, valeur: Any) -> bool:
    return champ not in SANS_QUESTION and valeur not in ("", [], None)


def vider(chemin: tuple[str, ...]) -> dict[str, Any]:
    fiche = deepcopy(COMPLETE)
    match chemin:
        case (liste, numero, champ):
            porteur = next(e for e in fiche[liste] if str(e["numero"]) == numero)
        case (volet, champ):
            porteur = fiche[volet]
        case (champ,):
            porteur = fiche
    porteur[champ] = VIDES[type(porteur[champ])]
    return fiche


def lus(fiche: dict[str, Any]) -> set[tuple[str, str, str]]:
    constats = controler(Faits(fiche, ORGANISME, reperes()), JOUR)
    return {(c.code, c.chemin, c.message) for c in constats if c.gravite is not Gravite.CONSEIL}


def test_la_fiche_complete_n_est_bloquee_par_rien():
    constats = controler(Faits(COMPLETE, ORGANISME, reperes()), JOUR)
    assert [c for c in constats if c.gravite is not Gravite.CONSEIL] == []


QUESTIONS = [q for q in questions() if q not in REPONDU_AILLEURS]


@pytest.mark.parametrize("chemin", QUESTIONS, ids=".".join)
def test_vider_une_reponse_fait_parler_une_regle(chemin):
    assert lus(vider(chemin)) - lus(COMPLETE)
