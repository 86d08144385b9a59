"""Ce que les mots d'une fiche laissent penser, quand aucun de ses champs ne le dit. Pur.

Un mot ne prouve rien : ce qu'il évoque se propose ou se demande, et ne bloque jamais. On ne lit que les noms donnés au
traitement, à ses finalités et aux personnes ; une justification, elle, parle souvent de ce que l'on ne fait pas.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from droit.faits import Faits, codes, texte, une_fois
from organismes.pliage import plier

# Devant le mot, ce qui le nie : « sans profilage », « aucun score ».
NIE = r"(?<!\bsans )(?<!\baucun )(?<!\baucune )(?<!\bni )(?<!\bpas de )(?<!\bhors )(?<!\bsans aucun )"
CRITERES = {
    "C1_EVALUATION": r"scor(?:e|es|ing)\b|profil(?:age|er)\b|segment(?:er|ation)\b|solvabilite\b|predire\b|predicti(?:on|f|ve)",
    "C3_SURVEILLANCE": r"video[- ]?(?:surveillance|protection)|geolocalis|cybersurveillance|surveiller (?:les|nos)\b|"
    r"surveillance (?:des (?:personnes|salaries|clients|eleves|acces|locaux)|du (?:magasin|personnel))",
    "C6_CROISEMENT": r"(?:enrichir|enrichissement|croiser|croisement)(?: de| des| du| les| nos)? (?:donnees|fichiers?|bases?|profils?)",
    "C8_INNOVANT": r"intelligence artificielle|apprentissage automatique|machine learning|reconnaissance (?:faciale|vocale)|"
    r"objets? connectes?|biometri",
    "C9_BLOCAGE": r"liste (?:noire|d'exclusion)|exclure (?:un|une|les|des) (?:clients?|debiteurs?|mauvais|fraudeurs?)|"
    r"refuser (?:un|une|la|le|les|des) (?:clients?|ventes?|credits?|commandes?|paiements?|contrats?|locations?|prets?|dossiers?)|"
    r"bloquer (?:un|une|la|le|les|des|leurs?) (?:clients?|comptes?|commandes?|paiements?|acces)|octroi (?:de|du|d'un) (?:credit|pret)",
}
PERSONNES = r"patients?\b|personnes? agees?|handicap|eleves?\b|enfants?\b|demandeurs? d'asile|majeurs? proteges?|mineurs?\b|residents?\b"
TYPES = {
    "A35_3_C": r"video[- ]?(?:surveillance|protection)",
    "R01": r"dossiers? (?:des? )?(?:patients?|medica\w+)|prise en charge des patients|telemedecine|dossiers? des residents",
    "R04": r"video[- ]?(?:surveillance|protection)|geolocalis|cybersurveillance|chronotachygraph|"
    r"surveillance (?:des (?:salaries|employes)|du personnel)",
    "R05": r"(?:mineurs?|enfants?|enfance) en danger|maltraitance|alertes? sanitaires?",
    "R06": r"alertes? professionnelles?|lanceurs? d'alerte|alertes? ethiques?|ligne ethique|"
    r"recueil des (?:alertes|signalements)|dispositif d'alerte (?:interne|professionnel)",
    "R07": r"entrepots? de donnees de sante",
    "R12": r"logements? soci(?:al|aux)",
    "R13": r"accompagnement (?:social|medico-social)|insertion sociale|suivi social",
}
PROFILAGE = r"segment(?:er|ation)\b|scor(?:ing\b|e (?:de|d'|client))|profil(?:age|er)\b|publicites? (?:ciblees?|personnalisees?)"

# Sans l'un d'eux, aucun motif de critère ou de type ne se trouve : la plupart des fiches s'arrêtent là (un essai le tient).
RADICAUX = (
    *("scor", "profil", "segment", "solvab", "predi", "surveill", "protection", "geoloc", "enrichi", "crois"),
    *(
        "artificielle",
        "automatique",
        "learning",
        "reconnaissance",
        "connecte",
        "biometri",
        "liste ",
        "exclure",
    ),
    *(
        "refuser",
        "bloquer",
        "octroi",
        "dossier",
        "prise en charge",
        "telemed",
        "tachygraph",
        "danger",
        "maltrait",
    ),
    *("alerte", "ethique", "entrepot", "logement", "social", "signalement", "publicite"),
)


def _lecteur(motif: str) -> re.Pattern[str]:
    return re.compile(rf"\b{NIE}(?:{motif})")


# Un même nom peut évoquer plusieurs codes : un lecteur pour chacun.
LECTEURS_DES_CRITERES = {code: _lecteur(motif) for code, motif in CRITERES.items()}
LECTEURS_DES_TYPES = {code: _lecteur(motif) for code, motif in TYPES.items()}
LECTEUR_DES_PERSONNES = _lecteur(PERSONNES)
LECTEUR_DU_PROFILAGE = _lecteur(PROFILAGE)


@une_fois
def criteres(faits: Faits) -> dict[str, str]:
    """Les critères qu'un nom évoque, chacun avec ce nom tel qu'il est écrit."""
    return _evoques(faits, LECTEURS_DES_CRITERES)


@une_fois
def types(faits: Faits) -> dict[str, str]:
    """Les types de traitement qu'un nom évoque, chacun avec ce nom tel qu'il est écrit."""
    return _evoques(faits, LECTEURS_DES_TYPES)


def _evoques(faits: Faits, lecteurs: dict[str, re.Pattern[str]]) -> dict[str, str]:
    noms = (texte(faits.fiche, "intitule"), *finalites(faits))
    trouves: dict[str, str] = {}
    for nom, plie in zip(noms, _plies(noms), strict=False):
        for code, lecteur in lecteurs.items():
            if code not in trouves and lecteur.search(plie):
                trouves[code] = nom
    return trouves


@lru_cache(maxsize=1024)  # plusieurs règles lisent les mêmes noms à la suite
def _plies(noms: tuple[str, ...]) -> tuple[str, ...]:
    """Ces noms, pliés ; aucun si rien de ce que l'on cherche ne peut s'y trouver."""
    ensemble = plier(" / ".join(noms))
    return tuple(map(plier, noms)) if any(radical in ensemble for radical in RADICAUX) else ()


def personnes_vulnerables(faits: Faits) -> str:
    """La première précision sur les personnes qui en nomme de vulnérables ; vide s'il n'y en a pas."""
    precisions = (texte(p, "precisions") for p in faits.liste("personnes"))
    return next((p for p in precisions if p and LECTEUR_DES_PERSONNES.search(plier(p))), "")


@une_fois
def profilage(faits: Faits) -> str:
    """La première finalité dont le nom évoque un profilage ; vide s'il n'y en a pas."""
    noms = tuple(finalites(faits))
    lus = zip(noms, _plies(noms), strict=False)
    return next((nom for nom, plie in lus if LECTEUR_DU_PROFILAGE.search(plie)), "")


def finalites(faits: Faits) -> Iterator[str]:
    """Les finalités et sous-finalités, telles qu'elles sont écrites."""
    for f in faits.finalites:
        yield from (nom for nom in (texte(f, "libelle"), *codes(f, "sous_finalites")) if nom)
