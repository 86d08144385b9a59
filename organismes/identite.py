"""De qui parle-t-on : le même organisme, ou un autre. Pur.

Le SIREN tranche quand les deux côtés en ont un : il désigne la personne morale, quel que soit son nom. Sinon c'est le nom,
sans casse, accents ni ponctuation ; la forme juridique ne compte que si les deux noms en portent une.
"""

import re
import unicodedata
from typing import Any

FORMES = frozenset(
    "sa sas sasu sarl eurl sci snc scop scic scs sca scm scp scea selarl selas selasu gaec earl eirl ei gie sem spl ag gmbh ltd inc llc bv srl spa".split()
)
FORMES_ECRITES = {
    "societe par actions simplifiee unipersonnelle": "sasu",
    "societe par actions simplifiee": "sas",
    "societe a responsabilite limitee": "sarl",
    "entreprise unipersonnelle a responsabilite limitee": "eurl",
    "societe anonyme": "sa",
    "societe civile immobiliere": "sci",
    "societe en nom collectif": "snc",
}
INITIALES = re.compile(r"\b(?:[a-z] )+[a-z]\b")


def siren_lu(brut: Any) -> str:
    """Les neuf chiffres d'un SIREN, ou d'un SIRET, quelle que soit leur présentation ; vide si ce n'en est pas un."""
    chiffres = re.sub(r"[\s.\-\u00a0\u202f]", "", brut) if isinstance(brut, str) else ""
    return chiffres[:9] if re.fullmatch(r"[0-9]{9}(?:[0-9]{5})?", chiffres) else ""


def nom_et_forme(nom: Any) -> tuple[str, str]:
    """« S.A.S. Maison Lavande » → ("maison lavande", "sas")."""
    plie = _plier(nom.replace("&", " et ")) if isinstance(nom, str) else ""
    plie = INITIALES.sub(lambda lettres: lettres[0].replace(" ", ""), plie)
    for ecrite, sigle in FORMES_ECRITES.items():
        plie = re.sub(rf"^{ecrite}\b|\b{ecrite}$", sigle, plie)
    mots = plie.split()
    if len(mots) > 1 and mots[-1] in FORMES:
        return " ".join(mots[:-1]), mots[-1]
    if len(mots) > 1 and mots[0] in FORMES:
        return " ".join(mots[1:]), mots[0]
    return plie, ""


def memes_noms(un: Any, autre: Any) -> bool:
    (nom, forme), (second, seconde) = nom_et_forme(un), nom_et_forme(autre)
    return nom == second and (forme == seconde or not (forme and seconde))


def _plier(texte: str) -> str:
    decompose = unicodedata.normalize("NFKD", texte.casefold().replace("œ", "oe").replace("æ", "ae"))
    nu = "".join(c for c in decompose if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", nu).strip()
