"""Conservation : une durée qui ne cite aucune référence se compare à celles qui correspondent à ses données et à son départ."""

from datetime import date

from conservation.durees import REPERE, Duree, lire_chiffree, terme
from conservation.ensembles import categories
from droit.criteres_chiffres import champ, chiffree
from droit.faits import RIEN, Element, Faits, texte, une_fois
from droit.rapprochement import (
    ACTIVE,
    ARCHIVE,
    Semblables,
    candidates,
    conservee_en_tout,
    nommees,
    usage_le_plus_long,
)
from droit.regles.anonymisation import ANONYMES
from droit.regles.constat import Gravite, Trouve
from droit.regles.references import DureeCitee
from droit.regles.regle import RECOMMANDE, M, P, Trouves, alerte
from droit.textes_cites import articles, fonde, prescription
from traitements.phrases import compte

# Au-delà, aucun texte commun du référentiel : la plus longue durée imposée à un commerçant est de dix ans (C. com. L123-22).
SANS_TEXTE_MAX = Duree(10, "ans")
# Un délai pour agir plus court qu'une autre prescription courante (délits, six ans : C. proc. pén. art. 8) ne plafonne pas à lui seul.
PRESCRIPTION_MAX = Duree(6, "ans")
# En deçà, une durée courte se comprend sans source.
COURTE = Duree(1, "ans")
EXPLIQUE = 40  # signes : « Choix interne » n'explique rien, une phrase si
BORNEES = ("maximale", "fixe", "minimale")
COMPTABLE = "COMPTA-10A"
FACTURES, CLOTURE = "FACTURATION_REGLEMENT", "CLOTURE_EXERCICE"


@alerte(
    "RET-18",
    "RGPD art. 5(1)(e) et 5(2)",
    M,
    "durée plus longue que les références qui lui correspondent, ou que rien ne fonde",
    RECOMMANDE,
)
def duree_sans_reference(faits: Faits, le: date) -> Trouves:
    """Une durée qui ne cite aucune référence et dépasse celles qui ont mêmes données et même départ ; en conseil, la première durée de plus
    d'un an que rien ne fonde ni ne justifie."""
    infondees = []
    for k, duree in _a_comparer(faits):
        semblables = _semblables(faits, k)
        if trouve := _trop_longue(k, duree, semblables) or _sans_mesure(faits, k, duree, semblables):
            yield trouve
        elif duree.depasse(COURTE) and not (
            duree.depasse(SANS_TEXTE_MAX) or semblables.references or _dit_son_origine(k)
        ):
            infondees.append(k)  # au-delà de dix ans, RET-21 le dit
    if infondees:
        yield _aucune_citee(infondees)


@alerte("RET-21", "RGPD art. 5(1)(e) et 5(2)", M, "durée de plus de dix ans sans texte")
def tres_longue_sans_texte(faits: Faits, le: date) -> Trouves:
    """Une durée de plus de dix ans qu'aucune référence, aucun texte cité et aucune justification ne fonde."""
    for k, duree in _a_comparer(faits):
        if not duree.depasse(SANS_TEXTE_MAX) or fonde(texte(k, "source")):
            continue
        if not any(r.get("nature") == "minimale" for r in _semblables(faits, k).references):
            yield (
                f"conservations[{k['numero']}].{champ(k)}",
                f"Rien ne fonde une durée de {duree.en_chiffres} : citez le texte qui l'impose ou la permet, justifiez-la, ou "
                "réduisez-la.",
            )


def _semblables(faits: Faits, regle: Element) -> Semblables:
    """Celles à qui la comparer ; aucune, si elle cite la sienne."""
    cite_la_sienne = texte(regle, "regle_reference") and not _prescription_en_base_active(faits, regle)
    return Semblables() if cite_la_sienne else candidates(faits, regle)


def _dit_son_origine(regle: Element) -> bool:
    return bool(texte(regle, "source") or texte(regle, "regle_reference"))


@une_fois
def _a_comparer(faits: Faits) -> list[tuple[Element, Duree]]:
    """Chaque ligne à juger, chiffrée par sa case ou par son critère, et sa durée."""
    lignes = map(chiffree, faits.liste("conservations"))
    return [(k, duree) for k in lignes if (duree := _a_juger(faits, k))]


def _a_juger(faits: Faits, regle: Element) -> Duree | None:
    """Sa durée, si rien d'écrit ne la justifie, si elle ne garde pas de données anonymes, et si sa référence ne la borne pas déjà."""
    duree = lire_chiffree(regle)
    if duree is None or not duree.valeur or texte(regle, "justification_ecart"):
        return None
    citee = texte(regle, "regle_reference")
    reference = faits.reperes.durees.get(citee)
    bornee = reference is not None and reference.get("nature") in BORNEES
    return None if citee == ANONYMES or bornee and not _prescription_en_base_active(faits, regle) else duree


def _prescription_en_base_active(faits: Faits, regle: Element) -> bool:
    """La référence citée est un délai pour agir, qui borne une archive de preuve, et la ligne est d'usage courant."""
    reference = faits.reperes.durees.get(texte(regle, "regle_reference")) or RIEN
    return (
        regle.get("phase") == ACTIVE
        and reference.get("force") == "prescription"
        and reference.get("phase") == ARCHIVE
    )


def _trop_longue(regle: Element, duree: Duree, semblables: Semblables) -> Trouve | None:
    lue = semblables.plafond
    if lue is None or not duree.depasse(lue[1]) or _fondee_ailleurs(regle, semblables):
        return None
    reference, maximum = lue
    if reference.get("force") == "prescription" and not duree.depasse(PRESCRIPTION_MAX):
        return None
    citee = DureeCitee(regle, reference)
    seule = (
        "la durée de référence qui correspond"
        if len(semblables.references) == 1
        else "la plus longue des durées de référence qui correspondent"
    )
    return citee.trouve(
        champ(regle),
        f"La durée déclarée ({duree.en_chiffres}) dépasse {seule} à ces données et à cet événement, « {reference.get('libelle')} » : "
        f"{maximum.en_chiffres} ({citee.valeur}). Réduisez-la, citez le texte qui la fonde, ou justifiez l'écart. "
        f"Source : {reference.get('source')}.",
    )


def _sans_mesure(faits: Faits, regle: Element, duree: Duree, semblables: Semblables) -> Trouve | None:
    """Rien ne la fonde, et elle est longue : plus du double de l'usage proposé, ou plus d'un an pour des données qui exposent."""
    source = texte(regle, "source")
    if fonde(source) or len(source) >= EXPLIQUE or texte(regle, "regle_reference"):
        return None
    chemin = f"conservations[{regle['numero']}].{champ(regle)}"
    usage = None if semblables.plafond else usage_le_plus_long(faits, regle)
    if usage and duree.depasse(Duree(2 * usage[1].valeur, usage[1].unite)):
        return Trouve(
            chemin,
            f"Aucun texte ne fonde une durée de {duree.en_chiffres}, plus du double de la proposition « {usage[0].get('libelle')} » : "
            f"{usage[1].en_chiffres} (usage, sans texte chiffré). Dites le besoin qui l'explique, ou réduisez-la.",
        )
    connues = {c for r in semblables.references for c in r.get("categories") or ()}
    exposees = [c for c in categories(regle) if c not in connues and _expose(faits, c)]
    if exposees and duree.depasse(COURTE):
        return Trouve(
            chemin,
            f"Ces données exposent les personnes ({faits.citer('categories_donnees', exposees)}), et aucun texte ne fonde de les garder "
            f"{duree.en_chiffres} : justifiez cette durée, ou réduisez-la.",
        )
    return None


def _expose(faits: Faits, categorie: str) -> bool:
    ligne = faits.reperes.categories_donnees.get(categorie, RIEN)
    return any(ligne.get(nom) is True for nom in ("sensible", "infraction", "nir", "hautement_personnel"))


def _fondee_ailleurs(regle: Element, semblables: Semblables) -> bool:
    """La source nomme un autre texte que ceux que l'on connaît ; un délai pour agir ne fonde pas un usage courant."""
    source = texte(regle, "source")
    if not fonde(source) or regle.get("phase") == ACTIVE and prescription(source):
        return False
    return not nommees(semblables.references, source)


def _aucune_citee(regles: list[Element]) -> Trouve:
    autres = f" ; {compte(len(regles) - 1, 'autre')} de même" if len(regles) > 1 else ""
    return Trouve(
        f"conservations[{regles[0]['numero']}].source",
        f"Aucune référence n'est citée à l'appui de cette durée{autres} : dites le texte, la recommandation ou le besoin dont elle vient.",
        gravite=Gravite.CONSEIL,
    )


@alerte(
    "RET-19",
    "C. com. art. L123-22 al. 2 ; LPF art. L102 B, I",
    P,
    "factures gardées moins longtemps que la loi ne l'impose",
)
def factures_sous_le_minimum(faits: Faits, le: date) -> Trouves:
    """Des factures, ou des pièces d'un exercice comptable, que la fiche ne garde dix ans sur aucune ligne, base active et archive
    comprises, sans qu'une justification ni une référence plus courte ne le dise."""
    reference = faits.reperes.durees.get(COMPTABLE)
    lignes = [k for k in map(chiffree, faits.liste("conservations")) if reference and _de_factures(faits, k)]
    if not lignes or any(_dite_ailleurs(faits, k) for k in lignes):
        return
    fin = conservee_en_tout(faits.liste("conservations"), {FACTURES})
    minimum = lire_chiffree(reference or {})
    if fin is None or minimum is None or fin >= terme(REPERE, minimum) or _fiscales(lignes, fin):
        return
    longue = max(lignes, key=lambda k: terme(REPERE, lire_chiffree(k) or Duree(0, "jours")))
    yield (
        f"conservations[{longue['numero']}].{champ(longue)}",
        "Les documents comptables et leurs pièces justificatives, dont les factures, se conservent dix ans (C. com. art. L123-22 al. 2) ; "
        "les autres pièces soumises au contrôle fiscal, six ans (LPF art. L102 B, I). Allongez cette durée en archivage intermédiaire, ou "
        "écrivez où ces pièces sont gardées.",
    )


def _de_factures(faits: Faits, regle: Element) -> bool:
    """La ligne chiffrée garde des factures, nommées ou comprises dans toutes les données de la fiche ; un départ comptable suffit."""
    visees = categories(regle)
    comptables = regle.get("point_depart") == CLOTURE and "TRANSACTIONS" in visees
    factures = (
        FACTURES in visees
        or not visees
        and any(d.get("categorie") == FACTURES for d in faits.liste("donnees"))
    )
    return (comptables or factures) and lire_chiffree(regle) is not None


def _dite_ailleurs(faits: Faits, regle: Element) -> bool:
    """Un écart est justifié, ou la référence citée, que RET-04 juge, est elle-même une durée de comptabilité."""
    citee = faits.reperes.durees.get(texte(regle, "regle_reference")) or RIEN
    return bool(texte(regle, "justification_ecart")) or citee.get("situation") == "comptabilite"


def _fiscales(regles: list[Element], fin: date) -> bool:
    """Six ans, et la source est le livre des procédures fiscales : des pièces qui ne sont pas comptables."""
    cite = any("102b" in articles(texte(k, "source")) for k in regles)
    return cite and fin >= terme(REPERE, Duree(6, "ans"))
