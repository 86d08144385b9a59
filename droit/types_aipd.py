"""Analyse d'impact : les types de traitement qui l'exigent, ceux qui en dispensent, et à quelles conditions. Pur.

RGPD art. 35(3) ; CNIL, délibérations n° 2018-327 (analyse requise, 14 types) et n° 2019-118 (dispense, 12 types).
"""

from collections.abc import Iterator

from droit import evocations
from droit.criteres_aipd import (
    Indice,
    Lecture,
    PropositionAipd,
    a_grande_echelle,
    article_9_ou_10,
    cite,
    decide,
    evalue,
    personnes_vulnerables,
    propositions,
)
from droit.faits import Element, Faits, codes, texte, une_fois
from organismes.pliage import plier

FOURNISSEURS = {"FOURNISSEURS", "PRESTATAIRES", "CONTACTS_PRO"}
PERSONNEL = {"SALARIES", "CANDIDATS", "SERVICES_INTERNES"}
MEMBRES = ("membre", "adherent", "donat", "benevole", "cotis")
DISPENSE = "dispense"
SEUIL_DU_PERSONNEL = 250
# Les dispenses dont l'objet laisse de côté les clients et les prospects ; les autres visent parfois les clients d'une profession.
HORS_DES_CLIENTS = ("D01", "D02", "D03", "D04", "D11", "D12")


def proposer_types(faits: Faits) -> list[PropositionAipd]:
    """Les types soumis à analyse d'impact, ou dispensés, que les faits suffisent à reconnaître."""
    evoques = {
        code: nom for code, nom in evocations.types(faits).items() if QUAND.get(code, _toujours)(faits)
    }
    return propositions(TYPES, evoques, faits)


@une_fois
def types_requis(faits: Faits) -> list[PropositionAipd]:
    """Ceux qui soumettent le traitement à une analyse d'impact."""
    table = faits.reperes.types_aipd
    return [p for p in proposer_types(faits) if table.get(p.code, {}).get("liste") != DISPENSE]


@une_fois
def dispense(faits: Faits) -> bool:
    """Une dispense vaut pour ce traitement : invoquée à propos, ou évidente (que des fournisseurs, que le personnel)."""
    invoquees = codes(faits.volet("aipd"), "liste_dispense")
    evidente = any(_fournisseurs(faits)) or any(_gestion_du_personnel(faits))
    lourde = faits.fiche.get("grande_echelle") is True or bool(faits.finalites_de("exclusion", "fraude"))
    return (evidente and not lourde) or bool(invoquees and not any(hors_de_propos(faits)))


def hors_de_propos(faits: Faits) -> Iterator[tuple[tuple[str, ...], str]]:
    """Les dispenses invoquées que la fiche dément, chaque fois avec ce qui manque : « ne vise ni les clients ni les prospects »."""
    invoquees = codes(faits.volet("aipd"), "liste_dispense")
    personnes = faits.categories_de_personnes
    ailleurs = tuple(t for t in invoquees if t in HORS_DES_CLIENTS)
    if ailleurs and personnes & {"CLIENTS", "PROSPECTS"}:
        yield ailleurs, "ne vise ni les clients ni les prospects"
    for code, lire in CONDITIONS.items():
        if code in invoquees:
            yield from (((code,), manque) for manque in lire(faits))


# --- Les conditions des dispenses --------------------------------------------------------------------------------------
def _personnel(faits: Faits) -> Iterator[str]:
    effectif = faits.organisme.get("effectif")
    if faits.profile:
        yield "ne vaut pas quand il est recouru au profilage"
    if isinstance(effectif, int) and effectif >= SEUIL_DU_PERSONNEL:
        yield "ne vise que les organismes de moins de 250 personnes"


def _association(faits: Faits) -> Iterator[str]:
    if any(article_9_ou_10(faits, d) for d in faits.donnees()):
        yield "ne vaut pas pour des données sensibles"
    autres = [p for p in faits.liste("personnes") if p.get("categorie") in ("CLIENTS", "PROSPECTS")]
    if any(not _membres(p) for p in autres):
        yield "ne vise que les membres et les donateurs d'un organisme sans but lucratif"


def _membres(personnes: Element) -> bool:
    """Les précisions disent-elles que ces « clients » sont des membres ou des donateurs ?"""
    precisions = plier(texte(personnes, "precisions"))
    return any(mot in precisions for mot in MEMBRES)


def _acces(faits: Faits) -> Iterator[str]:
    if faits.donnees("sensible") or faits.donnees("hautement_personnel"):
        yield "ne vaut ni pour un dispositif biométrique ni pour des données sensibles ou hautement personnelles"


CONDITIONS = {"D01": _personnel, "D05": _association, "D11": _acces}


# --- Les types ---------------------------------------------------------------------------------------------------------
def _decisions_par_profil(faits: Faits) -> Iterator[Indice]:
    if decide(faits):
        certain = evalue(faits) and faits.volet("profilage").get("decision_auto") is True
        yield Indice("Un profilage aboutit à une décision exclusivement automatisée.", certain)


def _grande_echelle_sensible(faits: Faits) -> Iterator[Indice]:
    if a_grande_echelle(faits) and any(article_9_ou_10(faits, d) for d in faits.donnees()):
        yield Indice("Des données sensibles ou d'infraction sont traitées à grande échelle.")


def _genetiques(faits: Faits) -> Iterator[Indice]:
    if cite(faits, "GENETIQUES") and personnes_vulnerables(faits):
        yield Indice("Des données génétiques de personnes vulnérables sont traitées.")


def _profils_du_personnel(faits: Faits) -> Iterator[Indice]:
    personnes = faits.categories_de_personnes
    if faits.profile and personnes and personnes <= PERSONNEL:
        yield Indice("Un profilage est déclaré sur des salariés ou des candidats.", certain=False)


def _exclusion_par_profil(faits: Faits) -> Iterator[Indice]:
    if faits.profile and faits.finalites_de("exclusion"):
        yield Indice("Un profilage est déclaré avec une finalité d'exclusion.", certain=False)
    elif evalue(faits) and faits.finalites_de("fraude"):
        yield Indice("Un score ou une décision automatisée sert la prévention de la fraude.", certain=False)


def _manquements_partages(faits: Faits) -> Iterator[Indice]:
    partages = faits.volet("cession").get("active") is True
    if partages and cite(faits, "IMPAYES") and faits.finalites_de("exclusion"):
        yield Indice("Des impayés sont partagés et une finalité d'exclusion est déclarée.", certain=False)


def _profil_de_sources_externes(faits: Faits) -> Iterator[Indice]:
    if faits.profile and faits.volet("profilage").get("sources_tierces") is True:
        yield Indice("Le profilage fait appel à des données de sources externes.")


def _biometrie_de_vulnerables(faits: Faits) -> Iterator[Indice]:
    if cite(faits, "BIOMETRIQUES") and personnes_vulnerables(faits):
        yield Indice("Des données biométriques de personnes vulnérables servent à les identifier.")


def _localisation(faits: Faits) -> Iterator[Indice]:
    if cite(faits, "LOCALISATION") and a_grande_echelle(faits):
        yield Indice("Des données de localisation sont traitées à grande échelle.")


def _fournisseurs(faits: Faits) -> Iterator[Indice]:
    personnes = faits.categories_de_personnes
    if "FOURNISSEURS" in personnes and personnes <= FOURNISSEURS and not faits.profile:
        yield Indice("La fiche ne concerne que des fournisseurs et leurs interlocuteurs, sans profilage.")


def _gestion_du_personnel(faits: Faits) -> Iterator[Indice]:
    personnes = faits.categories_de_personnes
    effectif = faits.organisme.get("effectif")
    petit = isinstance(effectif, int) and effectif < SEUIL_DU_PERSONNEL
    if not petit or "SALARIES" not in personnes or not personnes <= PERSONNEL:
        return
    if not faits.profile and not cite(faits, "BIOMETRIQUES") and not evocations.types(faits):
        yield Indice(
            "La fiche ne concerne que le personnel d'un organisme de moins de 250 personnes, sans profilage."
        )


def _aucun_fait(faits: Faits) -> Iterator[Indice]:
    """Aucun champ de la fiche ne dit ce type ; seul un nom peut l'évoquer."""
    yield from ()


TYPES: dict[str, Lecture] = {
    "A35_3_A": _decisions_par_profil,
    "A35_3_B": _grande_echelle_sensible,
    "A35_3_C": _aucun_fait,
    "R01": _aucun_fait,
    "R02": _genetiques,
    "R03": _profils_du_personnel,
    "R04": _aucun_fait,
    "R05": _aucun_fait,
    "R06": _aucun_fait,
    "R07": _aucun_fait,
    "R08": _exclusion_par_profil,
    "R09": _manquements_partages,
    "R10": _profil_de_sources_externes,
    "R11": _biometrie_de_vulnerables,
    "R12": _aucun_fait,
    "R13": _aucun_fait,
    "R14": _localisation,
    "D01": _gestion_du_personnel,
    "D02": _fournisseurs,
}


# --- Ce qu'il faut aussi pour qu'un nom évoque un type -----------------------------------------------------------------
def _sante(faits: Faits) -> bool:
    return cite(faits, "SANTE")


def _salaries(faits: Faits) -> bool:
    return any(p.get("categorie") == "SALARIES" for p in faits.liste("personnes"))


def _toujours(faits: Faits) -> bool:
    return True


QUAND = {"A35_3_C": a_grande_echelle, "R01": _sante, "R04": _salaries}
