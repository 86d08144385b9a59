"""Analyse d'impact : les critères et les types que les faits d'une fiche suggèrent, et pourquoi. Pur.

Une proposition se lit ; elle ne coche rien. Ce que les faits ne disent pas n'est pas proposé.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from droit.faits import Element, Faits, codes, texte
from traitements.phrases import enumerer, minuscule

# Ce que les niveaux du profilage veulent dire, dans les mots de `traitements.choix` (un essai les compare).
NIVEAUX = {
    "segmentation": "segmentation",
    "score": "score ou prédiction individuelle",
    "decision_automatisee": "décision automatisée",
}
DECISION = "decision_automatisee"
SOURCES_EXTERIEURES = ("PARTENAIRE", "COURTIER", "PUBLIQUE", "RESEAU_SOCIAL")
INTELLIGENCE_ARTIFICIELLE = "SEC24"
FOURNISSEURS = {"FOURNISSEURS", "PRESTATAIRES", "CONTACTS_PRO"}


@dataclass(frozen=True)
class PropositionAipd:
    """Un critère (WP248) ou un type de traitement qui paraît réuni. `pourquoi` : ce qui, dans la fiche, le suggère."""

    code: str
    pourquoi: str


def proposer(faits: Faits) -> list[PropositionAipd]:
    """Ceux des neuf critères que les faits suggèrent, dans leur ordre."""
    return _propositions(CRITERES, faits)


def proposer_types(faits: Faits) -> list[PropositionAipd]:
    """Les types soumis à analyse d'impact, ou dispensés, que les faits suffisent à reconnaître."""
    return _propositions(TYPES, faits)


Lecture = Callable[[Faits], Iterator[str]]  # une phrase par fait qui suggère le critère ou le type


def _propositions(lectures: dict[str, Lecture], faits: Faits) -> list[PropositionAipd]:
    lues = {code: " ".join(lire(faits)) for code, lire in lectures.items()}
    return [PropositionAipd(code, pourquoi) for code, pourquoi in lues.items() if pourquoi]


# --- Les neuf critères -------------------------------------------------------------------------------------------------
def _evaluation(faits: Faits) -> Iterator[str]:
    niveau = texte(faits.volet("profilage"), "niveau")
    if niveau not in ("", "aucun"):
        yield f"Un profilage de niveau « {NIVEAUX.get(niveau, niveau)} » est déclaré."
    elif faits.finalites_de("profilage"):
        yield "Une finalité de profilage est déclarée."
    elif _cite(faits, "PROFILS"):
        yield "Des profils, scores ou segments figurent parmi les données."
    if faits.volet("profilage").get("recommandation") is True:
        yield "Des recommandations sont tirées des achats."


def _decision(faits: Faits) -> Iterator[str]:
    if _decide(faits):
        yield "Une décision exclusivement automatisée est déclarée."


def _surveillance(faits: Faits) -> Iterator[str]:
    if faits.volet("profilage").get("traceurs") is True:
        yield "Le profilage se fonde sur des traceurs, qui suivent les personnes dans la durée."


def _sensibles(faits: Faits) -> Iterator[str]:
    if sensibles := faits.donnees("sensible"):
        yield f"Des données sensibles sont traitées : {_categories(faits, sensibles)}."
    if faits.volet("profilage").get("sensible") is True:
        yield "Le profilage utilise ou révèle des données sensibles."
    if infractions := faits.donnees("infraction"):
        yield f"Des données d'infraction sont traitées : {_categories(faits, infractions)}."
    autres = [d for d in faits.donnees("hautement_personnel") if not _article_9_ou_10(faits, d)]
    if autres:
        yield f"Des données à caractère hautement personnel sont traitées : {_categories(faits, autres)}."


def _grande_echelle(faits: Faits) -> Iterator[str]:
    if _a_grande_echelle(faits):
        yield "Le traitement est déclaré à grande échelle."


def _croisement(faits: Faits) -> Iterator[str]:
    if faits.volet("profilage").get("sources_tierces") is True:
        yield "Le profilage combine des données de sources externes."
    if faits.volet("profilage").get("plateforme_tierce") is True:
        yield "Une liste de personnes est rapprochée des profils d'une plateforme."
    sources = dict.fromkeys(s for d in faits.donnees() for s in codes(d, "sources"))
    externes = [s for s in sources if s in SOURCES_EXTERIEURES]
    if externes and len(sources) > 1:
        noms = enumerer(minuscule(faits.reperes.libelle("sources_donnees", s)) for s in externes)
        yield f"Des données venues de l'extérieur s'ajoutent à d'autres : {noms}."


def _vulnerables(faits: Faits) -> Iterator[str]:
    if vulnerables := _personnes_vulnerables(faits):
        yield f"Des personnes vulnérables figurent parmi les personnes concernées : {enumerer(vulnerables)}."


def _innovant(faits: Faits) -> Iterator[str]:
    if _cite(faits, "BIOMETRIQUES"):
        yield "Des données biométriques servent à identifier les personnes."
    if any(m.get("fiche") == INTELLIGENCE_ARTIFICIELLE for m in faits.liste("mesures")):
        yield "Une mesure propre à l'intelligence artificielle est déclarée."


def _blocage(faits: Faits) -> Iterator[str]:
    for f in faits.finalites_de("exclusion"):
        yield f"La finalité « {texte(f, 'libelle')} » peut priver la personne d'un contrat ou d'un service."


CRITERES: dict[str, Lecture] = {
    "C1_EVALUATION": _evaluation,
    "C2_DECISION_AUTO": _decision,
    "C3_SURVEILLANCE": _surveillance,
    "C4_SENSIBLES": _sensibles,
    "C5_GRANDE_ECHELLE": _grande_echelle,
    "C6_CROISEMENT": _croisement,
    "C7_VULNERABLES": _vulnerables,
    "C8_INNOVANT": _innovant,
    "C9_BLOCAGE": _blocage,
}


# --- Les types de traitements ------------------------------------------------------------------------------------------
def _decisions_par_profil(faits: Faits) -> Iterator[str]:
    if _decide(faits):
        yield "Un profilage aboutit à une décision exclusivement automatisée."


def _grande_echelle_sensible(faits: Faits) -> Iterator[str]:
    if _a_grande_echelle(faits) and any(_article_9_ou_10(faits, d) for d in faits.donnees()):
        yield "Des données sensibles ou d'infraction sont traitées à grande échelle."


def _genetiques(faits: Faits) -> Iterator[str]:
    if _cite(faits, "GENETIQUES") and _personnes_vulnerables(faits):
        yield "Des données génétiques de personnes vulnérables sont traitées."


def _exclusion_par_profil(faits: Faits) -> Iterator[str]:
    if faits.profile and faits.finalites_de("exclusion"):
        yield "Un profilage est déclaré avec une finalité d'exclusion."


def _manquements_partages(faits: Faits) -> Iterator[str]:
    partages = faits.volet("cession").get("active") is True
    if partages and _cite(faits, "IMPAYES") and faits.finalites_de("exclusion"):
        yield "Des impayés sont partagés et une finalité d'exclusion est déclarée."


def _profil_de_sources_externes(faits: Faits) -> Iterator[str]:
    if faits.profile and faits.volet("profilage").get("sources_tierces") is True:
        yield "Le profilage fait appel à des données de sources externes."


def _biometrie_de_vulnerables(faits: Faits) -> Iterator[str]:
    if _cite(faits, "BIOMETRIQUES") and _personnes_vulnerables(faits):
        yield "Des données biométriques de personnes vulnérables servent à les identifier."


def _localisation(faits: Faits) -> Iterator[str]:
    if _cite(faits, "LOCALISATION") and _a_grande_echelle(faits):
        yield "Des données de localisation sont traitées à grande échelle."


def _fournisseurs(faits: Faits) -> Iterator[str]:
    personnes = {texte(p, "categorie") for p in faits.liste("personnes")}
    if "FOURNISSEURS" in personnes and personnes <= FOURNISSEURS and not faits.profile:
        yield "La fiche ne concerne que des fournisseurs et leurs interlocuteurs, sans profilage."


TYPES: dict[str, Lecture] = {
    "A35_3_A": _decisions_par_profil,
    "A35_3_B": _grande_echelle_sensible,
    "R02": _genetiques,
    "R08": _exclusion_par_profil,
    "R09": _manquements_partages,
    "R10": _profil_de_sources_externes,
    "R11": _biometrie_de_vulnerables,
    "R14": _localisation,
    "D02": _fournisseurs,
}


# --- Ce que la fiche dit -----------------------------------------------------------------------------------------------
def _decide(faits: Faits) -> bool:
    profilage = faits.volet("profilage")
    return profilage.get("decision_auto") is True or profilage.get("niveau") == DECISION


def _a_grande_echelle(faits: Faits) -> bool:
    return faits.fiche.get("grande_echelle") is True


def _article_9_ou_10(faits: Faits, donnee: Element) -> bool:
    categorie = faits.categorie(donnee)
    return bool(categorie.get("sensible") or categorie.get("infraction"))


def _cite(faits: Faits, categorie: str) -> bool:
    return any(d.get("categorie") == categorie for d in faits.donnees())


def _categories(faits: Faits, donnees: list[Element]) -> str:
    libelles = dict.fromkeys(str(faits.categorie(d).get("libelle")) for d in donnees)
    return enumerer(minuscule(libelle) for libelle in libelles)


def _personnes_vulnerables(faits: Faits) -> list[str]:
    """« mineurs », « salariés » : celles que la fiche nomme."""
    lues = (faits.reperes.categories_personnes.get(texte(p, "categorie")) for p in faits.liste("personnes"))
    return list(dict.fromkeys(minuscule(str(c["libelle"])) for c in lues if c and c.get("vulnerable")))
