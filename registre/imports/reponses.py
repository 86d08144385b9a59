"""Ce que répond une cellule : oui, non, sans objet, on ne sait pas, ou tout autre texte. La seule lecture d'un « non ».

Un « non » n'est lu que si le texte ne dit rien d'autre : chacun de ses mots est connu. « Aucun transfert sauf vers les
États-Unis » n'est donc pas un « non », c'est un texte à relire. « Sans objet » n'est pas « non » : il n'affirme rien.
"""

import re
from enum import Enum

from registre.imports.textes import plier


class Reponse(Enum):
    OUI = "oui"
    NON = "non"
    SANS_OBJET = "sans objet"  # la question ne se pose pas : ni oui ni non
    VIDE = "vide"  # « - », « N/A » : rien n'est dit
    INCONNUE = "on ne sait pas encore"  # « à compléter », « ? »
    NUANCEE = "un non, ou un oui, qui dit davantage"
    AUTRE = "tout autre texte"


NEGATIVES = {Reponse.NON, Reponse.SANS_OBJET, Reponse.VIDE}
N_AFFIRMENT_RIEN = NEGATIVES | {Reponse.INCONNUE, Reponse.NUANCEE}

OUI = {"oui", "o", "x", "yes", "true", "vrai", "1"}
COCHES, VIDES = "☑☒✅✓✔🗹", "☐□▢◻⬜"
NEGATIFS = set(
    "non n no false faux aucun aucune aucuns aucunes neant rien nul nulle pas sans absence jamais".split()
)
# Les mots qui peuvent entourer un « non » sans lui ajouter d'exception.
NEUTRES = set(
    """
    a au aux ce ces cet cette d de des du en et ici il ils l la le les leur ne nos notre nous on ou ont par pour que sa
    ses son sont un une vers y est etre
    hors dehors exterieur ue eee eu union europe europeenne espace economique europeen cee
    transfert transferts transferer transfere transferee transferes flux pays tiers etranger international internationale
    internationaux organisation organisations organisme organismes
    donnee donnees sensible sensibles personnelle personnelles personnel caractere particuliere particulieres
    categorie categories type types
    destinataire destinataires personne personnes mesure mesures duree garantie garanties finalite finalites
    traitement traitements activite cadre fiche responsable conjoint conjoints sous traitant traitants representant
    traitee traitees collecte collectee collectees traite traites prevu prevue prevus realise realisee effectue effectuee
    envisage envisagee identifie identifiee concerne concernee concernes concernees applicable applicables
    specifique specifiques effectuons traitons collectons transferons
    jour actuellement moment instant date signaler declarer objet pertinent pertinente
    """.split()
)  # fmt: skip
SANS_OBJET = re.compile(
    r"\b(?:(?:non|pas) (?:concerne|applicable|pertinent)|sans objet|(?:rien|neant) a (?:signaler|declarer))"
)
ABREGES = {"n a", "na", "nc", "n c", "ras", "r a s", "so", "s o"}
SEULS = (
    dict.fromkeys(OUI, Reponse.OUI)
    | dict.fromkeys(ABREGES, Reponse.VIDE)
    | dict.fromkeys(("0", "zero"), Reponse.NON)
)
INCONNUS = re.compile(
    r"^(?:a (?:completer|definir|preciser|verifier|voir|confirmer|determiner|renseigner|remplir)\b"
    r"|en cours(?: de| d|$)|inconnue?s?$|indetermine|non (?:renseigne|communique|defini|determine|precise|connu)"
    r"|(?:je |on )?ne sais? pas|nsp$|tbd$|todo$|x{3,}$)"
)
ERREUR = re.compile(r"^#[A-ZÉ/0]+[!?]?$")  # « #REF! », « #N/A » : une formule en échec
EXCEPTION = re.compile(
    r"\b(?:sauf|hormis|except\w*|mais|seulement|uniquement|autre|autres|parfois|possible|partiel\w*)\b"
)
# Un de ces mots, n'importe où, dit que la phrase nie quelque chose : elle n'est pas une valeur à recopier.
NIENT = {"aucun", "aucune", "pas", "ne", "neant", "jamais"}


def lire_reponse(texte: str, libelle: str = "") -> Reponse:
    """Ce que dit `texte`, en réponse à `libelle` (dont il peut répéter les mots : « Aucune opinion politique »)."""
    cle = plier(texte)
    if ERREUR.match(texte.strip()):
        return Reponse.INCONNUE
    if cases := _cases(texte, cle):
        return cases
    if not cle:
        return Reponse.INCONNUE if "?" in texte else Reponse.VIDE
    if cle in SEULS:
        return SEULS[cle]
    if INCONNUS.match(cle):
        return Reponse.INCONNUE
    if est_negatif(cle, libelle):
        return Reponse.SANS_OBJET if SANS_OBJET.search(cle) else Reponse.NON
    mots = cle.split()
    if mots[0] in NEGATIFS - {"n", "no"} or NIENT & set(mots) or _une_clause_nie(texte, libelle):
        return Reponse.NUANCEE
    if mots[0] == "oui" and EXCEPTION.search(cle):
        return Reponse.NUANCEE
    return Reponse.AUTRE


def est_negatif(cle: str, libelle: str = "") -> bool:
    """Un seul mot nie, et tous les autres sont neutres ou repris du libellé."""
    mots = cle.split()
    connus = NEUTRES | {singulier(mot) for mot in plier(libelle).split()}
    nient = [mot for mot in mots if mot in NEGATIFS and not (mot == "n" and len(mots) > 1)]
    autres = [mot for mot in mots if mot not in NEGATIFS]
    return len(nient) == 1 and all(mot in connus or singulier(mot) in connus for mot in autres)


def commence_par_un_non(texte: str) -> bool:
    """« Non, sauf… », et non « Nom, prénom, pas de photo », qui dit d'abord autre chose."""
    mots = plier(texte).split()
    return bool(mots) and mots[0] in NEGATIFS - {"n", "no"} | {"oui"}


def singulier(mot: str) -> str:
    return mot[:-1] if len(mot) > 3 and mot[-1] in "sx" else mot


def _une_clause_nie(texte: str, libelle: str) -> bool:
    """« Hébergement en France : non » : une de ses parties, à elle seule, est un « non »."""
    clauses = [cle for partie in re.split(r"[,;:.()\n–—]|\s-\s", texte) if (cle := plier(partie))]
    return len(clauses) > 1 and any(est_negatif(clause, libelle) for clause in clauses)


def _cases(texte: str, cle: str) -> Reponse | None:
    """« ☑ », « ☐ », « ☑ Oui ☐ Non » ; `None` sans case. Une case et son mot qui se contredisent n'affirment rien."""
    if not any(c in texte for c in COCHES + VIDES):
        return None
    coche = any(c in texte for c in COCHES)
    if not cle:
        return Reponse.OUI if coche else Reponse.NON
    cochees = {plier(mot) for mot in re.findall(rf"[{COCHES}]\s*(\w+)", texte)}
    if coche and len(cochees) == 1 and set(cle.split()) <= {"oui", "non"}:
        return Reponse.OUI if cochees == {"oui"} else Reponse.NON
    return Reponse.NUANCEE if not coche or {"oui", "non"} & set(cle.split()) else Reponse.AUTRE
