"""Un délai écrit dans le critère plutôt que dans sa case : « 5 ans après le dernier contact » se juge comme une durée. Pur."""

import re

from conservation.durees import lire_chiffree
from droit.faits import Element, texte
from organismes.pliage import plier

LU = "_lu_du_critere"
UNS = "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf".split()
DIZAINES = {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "quatre-vingt": 80}


def _nombres() -> dict[str, int]:
    """Chaque nombre de un à cent, tel qu'il s'écrit : « vingt-cinq », « soixante et onze », « quatre-vingt-dix »."""
    lus = {mot: n for n, mot in enumerate(UNS, 1)} | {"une": 1, "cent": 100, "quatre-vingts": 80}
    for dizaine, valeur in DIZAINES.items():
        lus[dizaine] = valeur
        unites = UNS if valeur in (60, 80) else UNS[:9]
        for n, mot in enumerate(unites, 1):
            lus[f"{dizaine}-{mot}"] = lus[f"{dizaine} et {mot}"] = valeur + n
    return lus


NOMBRES = _nombres()
# Le plus long d'abord : « vingt-cinq » n'est pas « cinq ». Un nombre entre parenthèses répète le mot : « quinze (15) ans ».
DELAI = re.compile(
    rf"(?<![\w-])(\d{{1,3}}|{'|'.join(sorted(NOMBRES, key=len, reverse=True))})(?: ?\(\d{{1,3}}\))? ?(an|ans|annees|mois|semaines?|jours?)\b"
)
UNITES = {"an": "ans", "annees": "ans", "jour": "jours"}
SEMAINE = 7
# L'événement que ces mots nomment ; le premier qui se lit.
DEPARTS = (
    (re.compile(r"\bdernier contact\b"), "DERNIER_CONTACT_PROSPECT"),
    (
        re.compile(
            r"\b(?:fin|terme|cessation) (?:de la relation|du contrat|de l'abonnement)|\bdernier achat\b"
        ),
        "FIN_RELATION_COMMERCIALE",
    ),
    (re.compile(r"\bcollecte\b"), "COLLECTE"),
    (re.compile(r"\bclotur\w* (?:de l'exercice|comptable)"), "CLOTURE_EXERCICE"),
    (re.compile(r"\b(?:regularisation|reglement de (?:la dette|l'impaye))"), "REGULARISATION_IMPAYE"),
)


def chiffree(regle: Element) -> Element:
    """La même durée, son délai et son départ lus dans le critère quand la case est vide et qu'un seul délai s'y lit."""
    critere = texte(regle, "critere")
    if not critere or lire_chiffree(regle):
        return regle
    lu = plier(critere)
    delais = DELAI.findall(lu)
    if len(delais) != 1:
        return regle
    nombre, unite = delais[0]
    valeur = NOMBRES.get(nombre) or int(nombre)
    if unite.startswith("semaine"):
        valeur, unite = valeur * SEMAINE, "jours"
    depart = texte(regle, "point_depart") or next((code for motif, code in DEPARTS if motif.search(lu)), "")
    dit = {"duree_valeur": valeur, "duree_unite": UNITES.get(unite, unite), "point_depart": depart}
    return {**regle, **dit, LU: True}


def champ(regle: Element) -> str:
    """Où corriger ce délai : sa case, ou le critère où il s'écrit."""
    return "critere" if regle.get(LU) else "duree_valeur"
