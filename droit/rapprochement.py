"""Les durées de référence qui correspondent à une durée de la fiche quand elle n'en cite aucune. Pur.

Mêmes données, même événement de départ, même phase ; la plus permissive l'emporte. Un usage du référentiel ne s'oppose pas à qui ne l'a
pas repris.
"""

from collections.abc import Iterable
from datetime import date

from conservation.durees import REPERE, Duree, lire_chiffree, terme
from conservation.ensembles import categories, se_touchent
from droit.faits import Element, Faits, texte
from droit.reperes import Repere
from droit.textes_cites import articles, de_la_cnil

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


def candidates(faits: Faits, regle: Element) -> list[Repere]:
    """Celles dont les faits de la fiche admettent la situation, et que la phase retient ; si la source en nomme, celles-là seules."""
    visees = visees_par(faits, regle)
    sans_contrat = _de_prospects(regle) or _sans_execution(faits)
    semblables = [r for r in _semblables(faits, regle, visees) if _admise(faits, r, sans_contrat)]
    retenues = semblables if visees & CARTE else _de_la_phase(semblables, texte(regle, "phase"))
    return nommees(retenues, texte(regle, "source")) or retenues


def visees_par(faits: Faits, regle: Element) -> frozenset[str]:
    """Les catégories de la durée ; « toutes » sont celles que la fiche déclare."""
    return frozenset(categories(regle)) or frozenset(texte(d, "categorie") for d in faits.donnees())


def _semblables(faits: Faits, regle: Element, visees: frozenset[str]) -> list[Repere]:
    """Mêmes données et même départ ; la carte, quel que soit le départ ; un prospect, quelles que soient les données."""
    depart, carte = texte(regle, "point_depart"), visees & CARTE
    traits = (*sorted(carte or visees), *((PROSPECT,) if depart == PROSPECT and not carte else ()))
    lues = {r["code"]: r for trait in traits for r in faits.reperes.durees_de(trait)}
    return [
        r
        for r in lues.values()
        if carte or _impose(r) or _meme_depart(faits, depart, texte(r, "point_depart"))
    ]


def _impose(reference: Repere) -> bool:
    """Un délai que la loi impose vaut d'où qu'on le fasse partir."""
    fixe = reference.get("nature") == "fixe" and reference.get("force") == "contraignant"
    return fixe and reference.get("doute") is not True


def _meme_depart(faits: Faits, depart: str, attendu: str) -> bool:
    if depart == attendu:
        return True
    if (depart, attendu) == (COLLECTE, PROSPECT):
        return _prospecte(faits)  # à défaut de contact, les trois ans courent de la collecte
    return any(depart in voisins and attendu in voisins for voisins in VOISINS)


def _prospecte(faits: Faits) -> bool:
    prospects = any(texte(p, "categorie") == "PROSPECTS" for p in faits.liste("personnes"))
    return prospects or bool(faits.finalites_de("prospection"))


def _de_prospects(regle: Element) -> bool:
    """Des personnes qui n'ont rien acheté : rien ne s'y garde comme preuve d'un contrat."""
    return texte(regle, "point_depart") == PROSPECT or "prospect" in texte(regle, "objet").casefold()


def _admise(faits: Faits, reference: Repere, sans_contrat: bool) -> bool:
    """La source oblige ou recommande, et la situation qu'elle vise peut être celle de la fiche."""
    if reference.get("force") not in FONDEES:
        return False
    famille, situation = texte(faits.fiche, "famille"), texte(reference, "situation")
    if situation in PROPRES:
        return famille == situation or bool(faits.finalites_de(situation))
    if tuple(reference.get("traitements") or ()) == HORS_PERIMETRE:
        return famille in ("", "autre")
    return not (sans_contrat and situation in DE_L_EXECUTION)


def _sans_execution(faits: Faits) -> bool:
    """Chaque finalité est une suite commerciale."""
    types = {texte(f, "type") for f in faits.finalites}
    return bool(types) and types <= SUITES_COMMERCIALES


def _de_la_phase(references: list[Repere], phase: str) -> list[Repere]:
    """En base active, les siennes ; à défaut celles d'archive, plus longues. En archive, celles d'archive. Sans phase, toutes."""
    siennes = [r for r in references if r.get("phase") == phase]
    return siennes if phase == ARCHIVE or siennes else references


def nommees(references: Iterable[Repere], source: str) -> list[Repere]:
    """Celles dont la source de la fiche cite le texte : même article, ou la CNIL pour ce qu'elle recommande."""
    if not source:
        return []
    cites, cnil = articles(source), de_la_cnil(source)
    return [
        r
        for r in references
        if cites & articles(texte(r, "source")) or cnil and r.get("force") in ("recommande", "jurisprudence")
    ]


def conservee_en_tout(regles: Iterable[Element], visees: Iterable[str]) -> date | None:
    """Jusqu'où vont ces données, d'un même départ, la base active puis l'archive ; `None` si une ligne n'est pas chiffrée."""
    lignes = [k for k in regles if se_touchent(categories(k), visees)]
    durees = [(texte(k, "phase"), texte(k, "sort_final"), lire_chiffree(k)) for k in lignes]
    if any(duree is None for _, _, duree in durees):
        return None
    archives = [d for phase, _, d in durees if phase == ARCHIVE and d]
    actives = [d for phase, sort, d in durees if phase != ARCHIVE and sort == ARCHIVE and d]
    if actives and not archives:
        return None  # l'archive annoncée n'est pas chiffrée
    bouts = [terme(REPERE, d) for _, _, d in durees if d]
    enchaines = [terme(terme(REPERE, a), b) for a in actives for b in archives]
    return max((*bouts, *enchaines), default=REPERE)


def plafond(references: Iterable[Repere]) -> tuple[Repere, Duree] | None:
    """La plus longue et sa durée ; `None` si rien n'est chiffré, ou si l'une n'est qu'un minimum."""
    lues = list(references)
    if any(r.get("nature") == "minimale" for r in lues):
        return None
    bornees = [(r, d) for r in lues if r.get("nature") in ("maximale", "fixe") and (d := lire_chiffree(r))]
    return max(bornees, key=lambda paire: terme(REPERE, paire[1]), default=None)
