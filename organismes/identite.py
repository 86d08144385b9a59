"""De qui parle-t-on : le même organisme, ou un autre. Pur.

Le SIREN tranche quand les deux côtés en ont un : il désigne la personne morale, quel que soit son nom. Sinon c'est le nom,
sans casse, accents ni ponctuation ; la forme juridique ne compte que si les deux noms en portent une.
"""

import re
from typing import Any

from organismes.pliage import plier_les_mots

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
# Ce qui nomme une organisation, et non une personne.
MOTS_D_ORGANISATION = frozenset(
    """agence amicale asbl association atelier ateliers banque bibliotheque cabinet caisse ccas centre chambre chu cias
    clinique club college comite commune communaute compagnie conseil consortium cooperative creche ecole ehpad
    entreprise ets etablissement etablissements etude federation fondation garage groupe groupement holding hopital
    hopitaux hotel hotels industrie industries institut laboratoire laboratoires librairie ligue lycee magasin magasins
    maison metropole ministere mission musee mutuelle office orchestre organisation pharmacie prefecture region regie
    residence restaurant sdis societe studio syndicat theatre transports tribunal union universite""".split()
)
METIERS = re.compile(r"\w{3,}(?:erie|eries)")  # boulangerie, savonnerie, imprimerie
PERSONNES = frozenset(
    """m mr mme mlle monsieur madame me maitre dr docteur maire president presidente directeur directrice gerant gerante
    dirigeant dirigeante pdg dg chef cheffe responsable proviseur proviseure secretaire""".split()
)
COLLECTIVITES = re.compile(r"^(?:la )?(?:mairie|ville|commune)\b")
INITIALES = re.compile(r"\b(?:[a-z] )+[a-z]\b")


def siren_lu(brut: Any) -> str:
    """Les neuf chiffres d'un SIREN, ou d'un SIRET, quelle que soit leur présentation ; vide si ce n'en est pas un."""
    chiffres = re.sub(r"[\s.\-\u00a0\u202f]", "", brut) if isinstance(brut, str) else ""
    return chiffres[:9] if re.fullmatch(r"[0-9]{9}(?:[0-9]{5})?", chiffres) else ""


def nom_et_forme(nom: Any) -> tuple[str, str]:
    """« S.A.S. Maison Lavande » → ("maison lavande", "sas")."""
    plie = plier_les_mots(nom.replace("&", " et ")) if isinstance(nom, str) else ""
    plie = INITIALES.sub(lambda lettres: lettres[0].replace(" ", ""), plie)
    for ecrite, sigle in FORMES_ECRITES.items():
        plie = re.sub(rf"^{ecrite}\b|\b{ecrite}$", sigle, plie)
    plie = COLLECTIVITES.sub("commune", plie)
    mots = plie.split()
    if len(mots) > 1 and mots[-1] in FORMES:
        return " ".join(mots[:-1]), mots[-1]
    if len(mots) > 1 and mots[0] in FORMES:
        return " ".join(mots[1:]), mots[0]
    return plie, ""


def memes_noms(un: Any, autre: Any) -> bool:
    (nom, forme), (second, seconde) = nom_et_forme(un), nom_et_forme(autre)
    return nom == second and (forme == seconde or not (forme and seconde))


def est_une_organisation(nom: Any) -> bool:
    """Ce nom n'est pas celui d'une personne : il porte une forme juridique, ou un mot qui ne se dit que d'une organisation."""
    nu, forme = nom_et_forme(nom)
    mots = nu.split()
    if forme:
        return True
    if PERSONNES.intersection(mots[:2]):  # « Le directeur de l'école », « Mme Maison »
        return False
    return any(mot in MOTS_D_ORGANISATION or METIERS.fullmatch(mot) for mot in mots)
