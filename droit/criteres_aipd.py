"""Analyse d'impact : les neuf critères que les faits d'une fiche suggèrent, et pourquoi. Pur.

Une proposition se lit ; elle ne coche rien. Ce que les faits ne disent pas n'est pas proposé.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from droit import evocations
from droit.faits import Element, Faits, codes, texte, une_fois
from traitements.phrases import enumerer, minuscule

# Ce que les niveaux du profilage veulent dire, dans les mots de `traitements.choix` (un essai les compare).
NIVEAUX = {
    "segmentation": "segmentation",
    "score": "score ou prédiction individuelle",
    "decision_automatisee": "décision automatisée",
}
DECISION = "decision_automatisee"
EVALUENT = ("score", DECISION)  # les niveaux où chaque personne reçoit une note ou une décision
SOURCES_EXTERIEURES = ("PARTENAIRE", "COURTIER", "PUBLIQUE", "RESEAU_SOCIAL")
INTELLIGENCE_ARTIFICIELLE = "SEC24"
# Hautement personnelles selon ce que l'organisme en garde (un jeton, une page vue) : elles se discutent.
DISCUTEES = ("MOYENS_PAIEMENT", "NAVIGATION")


class Indice(NamedTuple):
    """Un fait qui suggère un critère ou un type. `certain` : la fiche le déclare ; sinon, il s'en déduit."""

    phrase: str
    certain: bool = True


@dataclass(frozen=True)
class PropositionAipd:
    """Un critère (WP248) ou un type de traitement qui paraît réuni. `pourquoi` : ce qui, dans la fiche, le suggère."""

    code: str
    pourquoi: str
    certain: bool = True


Lecture = Callable[[Faits], Iterator[Indice]]  # un indice par fait qui suggère le critère ou le type


@une_fois
def proposer(faits: Faits) -> list[PropositionAipd]:
    """Ceux des neuf critères que les faits suggèrent, dans leur ordre."""
    return propositions(CRITERES, evocations.criteres(faits), faits)


@une_fois
def certains(faits: Faits) -> list[str]:
    """Les critères que des faits déclarés suffisent à retenir : aucun mot n'y entre."""
    return [code for code, lire in CRITERES.items() if any(i.certain for i in lire(faits))]


def propositions(
    lectures: Mapping[str, Lecture], evoques: Mapping[str, str], faits: Faits
) -> list[PropositionAipd]:
    """Ce que chaque lecture trouve et, quand elle ne trouve rien, le nom de la fiche qui l'évoque."""
    trouvees = []
    for code, lire in lectures.items():
        indices = list(lire(faits))
        if not indices and code in evoques:
            indices = [Indice(f"La fiche parle de « {evoques[code]} ».", certain=False)]
        if indices:
            pourquoi = " ".join(i.phrase for i in indices)
            trouvees.append(PropositionAipd(code, pourquoi, any(i.certain for i in indices)))
    return trouvees


# --- Les neuf critères -------------------------------------------------------------------------------------------------
def _evaluation(faits: Faits) -> Iterator[Indice]:
    niveau = texte(faits.volet("profilage"), "niveau")
    if niveau not in ("", "aucun"):
        yield Indice(f"Un profilage de niveau « {NIVEAUX.get(niveau, niveau)} » est déclaré.")
    elif faits.finalites_de("profilage"):
        yield Indice("Une finalité de profilage est déclarée.")
    elif cite(faits, "PROFILS"):
        yield Indice("Des profils, scores ou segments figurent parmi les données.")
    if faits.volet("profilage").get("recommandation") is True:
        yield Indice("Des recommandations sont tirées des achats.")


def _decision(faits: Faits) -> Iterator[Indice]:
    if decide(faits):
        yield Indice("Une décision exclusivement automatisée est déclarée.")


def _surveillance(faits: Faits) -> Iterator[Indice]:
    if faits.volet("profilage").get("traceurs") is True:
        yield Indice("Le profilage se fonde sur des traceurs, qui suivent les personnes dans la durée.")


def _sensibles(faits: Faits) -> Iterator[Indice]:
    if sensibles := faits.donnees("sensible"):
        yield Indice(f"Des données sensibles sont traitées : {_categories(faits, sensibles)}.")
    if faits.volet("profilage").get("sensible") is True:
        yield Indice("Le profilage utilise ou révèle des données sensibles.")
    if infractions := faits.donnees("infraction"):
        yield Indice(f"Des données d'infraction sont traitées : {_categories(faits, infractions)}.")
    autres = [d for d in faits.donnees("hautement_personnel") if not article_9_ou_10(faits, d)]
    if autres:
        yield Indice(
            f"Des données à caractère hautement personnel sont traitées : {_categories(faits, autres)}.",
            certain=any(d.get("categorie") not in DISCUTEES for d in autres),
        )


def _grande_echelle(faits: Faits) -> Iterator[Indice]:
    if a_grande_echelle(faits):
        yield Indice("Le traitement est déclaré à grande échelle.")


def _croisement(faits: Faits) -> Iterator[Indice]:
    if faits.volet("profilage").get("sources_tierces") is True:
        yield Indice("Le profilage combine des données de sources externes.")
    if faits.volet("profilage").get("plateforme_tierce") is True:
        yield Indice("Une liste de personnes est rapprochée des profils d'une plateforme.")
    sources = dict.fromkeys(s for d in faits.donnees() for s in codes(d, "sources"))
    externes = [s for s in sources if s in SOURCES_EXTERIEURES]
    if externes and len(sources) > 1:
        noms = enumerer(minuscule(faits.reperes.libelle("sources_donnees", s)) for s in externes)
        # Reçues de plusieurs côtés, elles ne sont pas toujours rapprochées.
        yield Indice(f"Des données venues de l'extérieur s'ajoutent à d'autres : {noms}.", certain=False)


def _vulnerables(faits: Faits) -> Iterator[Indice]:
    if vulnerables := personnes_vulnerables(faits):
        yield Indice(
            f"Des personnes vulnérables figurent parmi les personnes concernées : {enumerer(vulnerables)}."
        )
    elif precision := evocations.personnes_vulnerables(faits):
        yield Indice(f"Des personnes vulnérables paraissent concernées : « {precision} ».", certain=False)


def _innovant(faits: Faits) -> Iterator[Indice]:
    if cite(faits, "BIOMETRIQUES"):
        yield Indice("Des données biométriques servent à identifier les personnes.")
    if any(m.get("fiche") == INTELLIGENCE_ARTIFICIELLE for m in faits.liste("mesures")):
        yield Indice("Une mesure propre à l'intelligence artificielle est déclarée.", certain=False)


def _blocage(faits: Faits) -> Iterator[Indice]:
    for f in faits.finalites_de("exclusion"):
        yield Indice(
            f"La finalité « {texte(f, 'libelle')} » peut priver la personne d'un contrat ou d'un service."
        )
    if evalue(faits):
        for f in faits.finalites_de("fraude"):
            yield Indice(
                f"Un score sert une prévention de la fraude (« {texte(f, 'libelle')} ») : il peut écarter une commande ou un client.",
                certain=False,
            )


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


# --- Ce que la fiche dit -----------------------------------------------------------------------------------------------
def decide(faits: Faits) -> bool:
    """Une décision exclusivement automatisée est déclarée, par la réponse ou par le niveau."""
    profilage = faits.volet("profilage")
    return profilage.get("decision_auto") is True or profilage.get("niveau") == DECISION


def evalue(faits: Faits) -> bool:
    """Chaque personne reçoit une note, une prédiction ou une décision."""
    return texte(faits.volet("profilage"), "niveau") in EVALUENT


def a_grande_echelle(faits: Faits) -> bool:
    return faits.fiche.get("grande_echelle") is True


def article_9_ou_10(faits: Faits, donnee: Element) -> bool:
    categorie = faits.categorie(donnee)
    return bool(categorie.get("sensible") or categorie.get("infraction"))


def cite(faits: Faits, categorie: str) -> bool:
    """Cette catégorie figure-t-elle parmi les données de la fiche ?"""
    return categorie in faits.categories_de_donnees


def _categories(faits: Faits, donnees: list[Element]) -> str:
    libelles = dict.fromkeys(str(faits.categorie(d).get("libelle")) for d in donnees)
    return enumerer(minuscule(libelle) for libelle in libelles)


@une_fois
def personnes_vulnerables(faits: Faits) -> list[str]:
    """« mineurs », « salariés » : celles que la fiche nomme."""
    lues = (faits.reperes.categories_personnes.get(texte(p, "categorie")) for p in faits.liste("personnes"))
    return list(dict.fromkeys(minuscule(str(c["libelle"])) for c in lues if c and c.get("vulnerable")))
