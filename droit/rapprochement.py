"""Les durées de référence qui correspondent à une durée de la fiche quand elle n'en cite aucune. Pur.

Mêmes données, même événement de départ, même phase ; la plus permissive l'emporte. Un usage du référentiel ne s'oppose pas à qui ne l'a
pas repris.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from conservation.durees import REPERE, Duree, lire_chiffree, terme
from conservation.ensembles import categories, se_touchent
from droit.criteres_chiffres import chiffree
from droit.faits import Element, Faits, texte
from droit.reperes import Repere, Reperes
from droit.textes_cites import articles, codes_cites, de_la_cnil

ARCHIVE, ACTIVE = "archivage_intermediaire", "base_active"
FONDEES = ("contraignant", "prescription", "recommande", "jurisprudence")
# Des événements que les fiches emploient l'un pour l'autre : les rapprocher ne fait qu'admettre davantage.
VOISINS = (
    frozenset(
        {
            "FIN_RELATION_COMMERCIALE",
            "FIN_CONTRAT",
            "DERNIERE_ACTIVITE_COMPTE",
            "DERNIERE_ACTIVITE_FIDELITE",
        }
    ),
    frozenset({"REGULARISATION_IMPAYE", "PAIEMENT_EFFECTIF"}),
    frozenset({"EXERCICE_OPPOSITION", "RETRAIT_CONSENTEMENT"}),
)
# Quel que soit le départ, ces données ont leur propre plafond.
CARTE = frozenset({"CARTE_BANCAIRE", "CRYPTOGRAMME"})
PROSPECT, COLLECTE = "DERNIER_CONTACT_PROSPECT", "COLLECTE"
SUITES_COMMERCIALES = frozenset({"prospection", "cession", "profilage", "statistiques", "etude"})
DE_L_EXECUTION = frozenset(
    {"contrat", "contrat_electronique", "comptabilite", "garantie", "reclamation", "impaye"}
)
PROPRES = ("avis", "cession")  # ne valent que pour une fiche de cette famille, ou une finalité de ce type
HORS_PERIMETRE = ("HORS_PERIMETRE",)


class FaitsDeLaDuree(NamedTuple):
    """Tout ce qui, dans une fiche et sa durée, décide des références qui correspondent."""

    visees: frozenset[str]
    depart: str
    phase: str
    famille: str
    types: frozenset[str]
    prospecte: bool
    sans_contrat: bool


class Semblables(NamedTuple):
    """Les références qui correspondent, et la plus longue avec sa durée (`None` : rien n'est chiffré, ou l'une n'est qu'un minimum)."""

    references: tuple[Repere, ...] = ()
    plafond: tuple[Repere, Duree] | None = None


def candidates(faits: Faits, regle: Element) -> Semblables:
    """Celles dont les faits de la fiche admettent la situation, et que la phase retient ; si la source en nomme, celles-là seules."""
    situation, source, memoire = _situation(faits, regle), texte(regle, "source"), faits.reperes.memoire
    if situation not in memoire:
        memoire[situation] = _retenues(faits.reperes, situation)
    if (situation, source) not in memoire:
        memoire[situation, source] = _de_la_source(memoire[situation], source)
    lues: Semblables = memoire[situation, source]
    return lues


def _de_la_source(retenues: Semblables, source: str) -> Semblables:
    siennes = nommees(retenues.references, source)
    return Semblables(siennes, _plafond(siennes)) if siennes else retenues


def _situation(faits: Faits, regle: Element) -> FaitsDeLaDuree:
    types = faits.natures
    prospects = "PROSPECTS" in faits.categories_de_personnes
    suites = bool(types) and types <= SUITES_COMMERCIALES  # rien ne s'y garde comme preuve d'un contrat
    return FaitsDeLaDuree(
        visees_par(faits, regle),
        texte(regle, "point_depart"),
        texte(regle, "phase"),
        texte(faits.fiche, "famille"),
        types,
        prospects or "prospection" in types,
        suites or _de_prospects(regle),
    )


def _retenues(reperes: Reperes, s: FaitsDeLaDuree) -> Semblables:
    admises = [r for r in _semblables(reperes, s) if _admise(r, s)]
    siennes = tuple(admises if s.visees & CARTE else _de_la_phase(admises, s.phase))
    # Un délai imposé admet davantage ; à lui seul, d'un autre départ, il n'accuse pas.
    comparables = bool(s.visees & CARTE) or any(_meme_depart(s, texte(r, "point_depart")) for r in siennes)
    return Semblables(siennes, _plafond(siennes) if comparables else None)


def usage_le_plus_long(faits: Faits, regle: Element) -> tuple[Repere, Duree] | None:
    """La plus longue des propositions sans texte chiffré qui ont mêmes données et même départ ; elle n'accuse pas, elle donne la mesure."""
    s = _situation(faits, regle)
    lues = {r["code"]: r for trait in sorted(s.visees) for r in faits.reperes.durees_de(trait)}
    usages = [
        r
        for r in lues.values()
        if r.get("force") == "usage" and s.depart == texte(r, "point_depart") != COLLECTE
    ]
    return _plafond(tuple(usages))


def visees_par(faits: Faits, regle: Element) -> frozenset[str]:
    """Les catégories de la durée ; « toutes » sont celles que la fiche déclare."""
    return frozenset(categories(regle)) or frozenset(texte(d, "categorie") for d in faits.donnees())


def _semblables(reperes: Reperes, s: FaitsDeLaDuree) -> list[Repere]:
    """Mêmes données et même départ ; la carte, quel que soit le départ ; un prospect, quelles que soient les données."""
    carte = s.visees & CARTE
    traits = (*sorted(carte or s.visees), *((PROSPECT,) if s.depart == PROSPECT and not carte else ()))
    lues = {r["code"]: r for trait in traits for r in reperes.durees_de(trait)}
    return [r for r in lues.values() if carte or _impose(r) or _meme_depart(s, texte(r, "point_depart"))]


def _impose(reference: Repere) -> bool:
    """Un délai que la loi impose vaut d'où qu'on le fasse partir."""
    fixe = reference.get("nature") == "fixe" and reference.get("force") == "contraignant"
    return fixe and reference.get("doute") is not True


def _meme_depart(s: FaitsDeLaDuree, attendu: str) -> bool:
    if s.depart == attendu:
        return True
    if (s.depart, attendu) == (COLLECTE, PROSPECT):
        return s.prospecte  # à défaut de contact, les trois ans courent de la collecte
    return any(s.depart in voisins and attendu in voisins for voisins in VOISINS)


def _de_prospects(regle: Element) -> bool:
    """Des personnes qui n'ont rien acheté : rien ne s'y garde comme preuve d'un contrat."""
    return texte(regle, "point_depart") == PROSPECT or "prospect" in texte(regle, "objet").casefold()


def _admise(reference: Repere, s: FaitsDeLaDuree) -> bool:
    """La source oblige ou recommande, et la situation qu'elle vise peut être celle de la fiche."""
    if reference.get("force") not in FONDEES:
        return False
    vise = texte(reference, "situation")
    if vise in PROPRES:
        return s.famille == vise or vise in s.types
    if tuple(reference.get("traitements") or ()) == HORS_PERIMETRE:
        return s.famille in ("", "autre")
    return not (s.sans_contrat and vise in DE_L_EXECUTION)


def _de_la_phase(references: list[Repere], phase: str) -> list[Repere]:
    """En base active, les siennes ; à défaut celles d'archive, plus longues. En archive, celles d'archive. Sans phase, toutes."""
    siennes = [r for r in references if r.get("phase") == phase]
    return siennes if phase == ARCHIVE or siennes else references


def nommees(references: Iterable[Repere], source: str) -> tuple[Repere, ...]:
    """Celles dont la source de la fiche cite le texte : même article, ou la CNIL pour ce qu'elle recommande."""
    if not source:
        return ()
    cites, cnil, sien = articles(source), de_la_cnil(source), codes_cites(source)
    return tuple(
        r
        for r in references
        if cites & articles(texte(r, "source"))
        and _meme_code(sien, texte(r, "source"))
        or cnil
        and r.get("force") in ("recommande", "jurisprudence")
    )


def _meme_code(cites: frozenset[str], source: str) -> bool:
    """Les deux sources nomment un même code, ou l'une n'en nomme aucun."""
    autres = codes_cites(source)
    return not cites or not autres or bool(cites & autres)


def conservee_en_tout(regles: Iterable[Element], visees: Iterable[str]) -> date | None:
    """Jusqu'où vont ces données, d'un même départ, la base active puis l'archive ; `None` si une ligne n'est pas chiffrée."""
    lignes = [k for k in regles if se_touchent(categories(k), visees)]
    durees = [(texte(k, "phase"), texte(k, "sort_final"), lire_chiffree(chiffree(k))) for k in lignes]
    if any(duree is None for _, _, duree in durees):
        return None
    archives = [d for phase, _, d in durees if phase == ARCHIVE and d]
    actives = [d for phase, sort, d in durees if phase != ARCHIVE and sort == ARCHIVE and d]
    if actives and not archives:
        return None  # l'archive annoncée n'est pas chiffrée
    bouts = [terme(REPERE, d) for _, _, d in durees if d]
    enchaines = [terme(terme(REPERE, a), b) for a in actives for b in archives]
    return max((*bouts, *enchaines), default=REPERE)


def _plafond(references: tuple[Repere, ...]) -> tuple[Repere, Duree] | None:
    if any(r.get("nature") == "minimale" for r in references):
        return None
    bornees = [
        (r, d) for r in references if r.get("nature") in ("maximale", "fixe") and (d := lire_chiffree(r))
    ]
    return max(bornees, key=lambda paire: terme(REPERE, paire[1]), default=None)
