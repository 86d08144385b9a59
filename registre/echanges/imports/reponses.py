"""Ce que répond une cellule : oui, non, sans objet, on ne sait pas, ou tout autre texte. La seule lecture d'un « non ».

Un « non » n'est lu que si le texte ne dit rien d'autre : chacun de ses mots est connu. « Aucun transfert sauf vers les
États-Unis » n'est donc pas un « non », c'est un texte à relire. « Sans objet » n'est pas « non » : il n'affirme rien.

Ce qui hésite, renvoie ailleurs, parle du passé ou de l'avenir (« à confirmer », « voir DPA », « prévu en 2026 ») n'affirme
rien non plus : c'est une `INCONNUE`, que les mots soient seuls, entre parenthèses ou à la fin.
"""

import re
from enum import Enum
from functools import lru_cache

from registre.echanges.imports.textes import plier


class Reponse(Enum):
    OUI = "oui"
    NON = "non"
    SANS_OBJET = "sans objet"  # la question ne se pose pas : ni oui ni non
    VIDE = "vide"  # « - », « N/A » : rien n'est dit
    INCONNUE = "on ne sait pas, plus ou pas encore"  # « à compléter », « ? », « idem », « supprimé », « prévu en 2026 »
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
    communique communiquee transmis transmise partage partagee diffuse diffusee cede cedee vendue
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
A_FAIRE = (
    r"a (?:completer|definir|preciser|verifier|confirmer|determiner|renseigner|remplir|valider|prevoir|etudier|deployer|choisir"
    r"|supprimer|eviter|(?:mettre|remettre) (?:en (?:place|oeuvre)|a jour))"
)
QUAND = r"(?: (?:en|pour|debut|fin|courant|d ici|au|le|des|t|s|trimestre|semestre|\d{1,2}|[a-z]{3,9})){0,4} 20\d\d"
INCONNUS = re.compile(
    rf"^(?:{A_FAIRE}\b|a (?:voir|venir|faire)\b|en (?:cours(?: de| d|$)|projet\b|attente\b|etude\b|reflexion\b)"
    r"|inconnue?s?$|indetermine|non (?:renseigne|defini|determine|precise|connu)"
    r"|(?:pas|jamais) (?:encore )?(?:renseigne|defini|determine|precise|connu|decide|arrete)"
    r"|(?:je |on )?ne sais? pas|nsp$|tbd$|todo$|x{3,}$"
    r"|(?:voir|cf|confer|idem|ibid|anciennement|auparavant|autrefois|jadis|bientot|prochainement"
    r"|eventuellement|probablement|exemple|par exemple|nope)\b"
    rf"|(?:prevue?s?|envisagee?s?|planifiee?s?)(?:{QUAND}| (?:pour|en|d ici) \w+)?$"
    r"|(?:interdit|exclu|supprime|abandonne|desactive|arrete|resilie|annule|suspendu)e?s? (?:par|depuis|en 20\d\d)\b"
    r"|plus (?:personne|collect\w+|trait\w+|utilis\w+|transmis\w*|aucun\w*|applicable|conserv\w+|en place|actif|active)\b"
    r"|peut etre$|(?:\w+ )?etai(?:t|ent)\b|(?:(?!qui\b)\w+ ){0,4}(?:n|ne) (?:est|sont|fait|font|a|ont|l est) plus\b"
    r"|no (?!\d)\w"  # « No transfer »
    r"|(?:a )?personne(?: d autre)?$|personne (?:n|ne)\b)"
    # … ou à la fin, après ce que la cellule nomme : « Chiffrement, à mettre en place ».
    rf"|\b(?:{A_FAIRE}|en projet|a l etude|eventuel(?:le)?s?|(?:prevue?s?|planifiee?s?|supprimee?s?|abandonnee?s?|arretee?s?){QUAND})$"
    r"|\b(?:a|ont|est|sont) (?:cesse|pris fin)|\bn(?:e)? .*\ba personne\b"
)
# « Pays tiers non identifié » : il y en a peut-être un. « Clients non identifiés » sont des personnes.
INCONNU_AU_BOUT = re.compile(
    r"\b(?:non|pas) (?:identifie|communique)e?s?(?: a ce jour| pour (?:le moment|l instant)| actuellement)?$"
)
# « Transfert sans garantie », « un pays tiers non identifié » : ce qui est nié n'est pas le transfert.
NIE_AUTRE_CHOSE = re.compile(r"\w sans (?!objet\b)\w|\bnon identifie")
# Ce qui, dans une partie que rien ne nie, affirme : « Collectées, non diffusées ».
PARTICIPES = {
    f"{mot}{accord}"
    for mot in "transfere traite collecte realise effectue communique transmis partage diffuse cede vendu".split()
    for accord in ("", "e", "s", "es")
} | set("effectuons traitons collectons transferons".split())
TRANSFERTS = {"transfert", "transferts", "flux"}
ACCESSOIRES = {"garantie", "garanties", "mesure", "mesures", "duree"}
CLAUSE = re.compile(r"[,;:.()\n/–—]|\s-\s|\bet\b", re.IGNORECASE)
ACCOLES = re.compile(
    rf"\b(?:{'|'.join(sorted(PARTICIPES))}) (?:non|jamais|pas) (?:{'|'.join(sorted(PARTICIPES))})\b"
)
SEUL_NON = set("non aucun aucune aucuns aucunes neant rien nul nulle pas jamais absence sans".split())
A_CE_JOUR = set(
    "a ce jour actuellement pour le l moment instant objet concerne concernee applicable pertinent signaler declarer".split()
)
DU_TRANSFERT = set("de d du un il n ne y est hors ue eu eee l union europeenne".split()) | TRANSFERTS
# Des mots qui, avec les seuls mots neutres et ceux du libellé, ôtent à la cellule toute valeur ; parmi d'autres, ils en ont
# une : « Anciens salariés » sont des personnes.
DOUTEUX = set(
    """
    inexistant inexistante absent absente manquant manquante desactive desactivee abandonne abandonnee exclu exclue exclus interdit interdite supprime
    supprimee arrete arretee cesse cessee termine terminee obsolete ancien ancienne anciennement auparavant projet prevu
    prevue futur future envisage envisagee planifie planifiee bientot prochainement peut eventuel eventuelle eventuellement
    possible possiblement probable probablement idem ibid nope nada nil none nothing never eviter etude attente venir
    exemple suspendu suspendue inactif inactive resilie resiliee retire retiree annule annulee refuse refusee confirmer
    completer preciser valider verifier brouillon plus
    """.split()
)  # fmt: skip
AUTOUR = set(
    "mettre place deployer depuis avant jusqu par procedure fin debut courant d ici maintenant ont ete contrat prestataire t1 t2 t3 t4 s1 s2".split()
)
MOIS = set(
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre trimestre semestre".split()
)
RIEN_DE_SUR = "Øø∅⌀✗✘✕✖❌❎"  # ni un oui, ni un non certain
PAS_DE_CALAIS = re.compile(r"\bpas de calais\b")
LIEN = re.compile(r"https?://\S+")
# Où sont les données : dans l'Espace économique européen, ou chez soi. Ce n'est nommer ni un destinataire, ni un transfert.
LIEUX = set(
    """
    france allemagne autriche belgique bulgarie chypre croatie danemark espagne estonie finlande grece hongrie irlande islande
    italie lettonie liechtenstein lituanie luxembourg malte norvege bas pologne portugal roumanie slovaquie slovenie suede
    tcheque tchequie republique europe europeen europeenne union ue eee espace economique territoire francais francaise
    """.split()
)  # fmt: skip
DANS_L_EEE = re.compile(rf"\b(?:en|au|aux|dans l) (?:{'|'.join(sorted(LIEUX))})$")
DEMEURENT = set(
    """
    reste restent hebergement heberge hebergee stockage stocke stockee conserve conservee localise localisee localisation
    serveur datacenter local locale localement
    """.split()
)  # fmt: skip
RESERVE = set("exclusivement uniquement seulement strictement usage diffusion conservation".split())
# Ce qui accompagne un lieu sans en dire un : seuls, « L'État », « Tous les membres », « Interne » nomment quelqu'un.
COMPAGNONS = RESERVE | set("situe situee centre interne sein membre etat tout toute tous".split())
ACTEURS = set(
    "organisme organisation personne personnel responsable conjoint representant traitant destinataire service".split()
)
DES_PERSONNES = re.compile(r"\bcaractere personnel\b|\bdonnees (?:\w+ ){0,5}?personnes\b")
OUI_NON = {"oui", "non", "o", "n", "yes", "no", "nsp", "ou"}
ERREUR = re.compile(r"^(?:#[A-ZÉ/0]+[!?]?|Err:\d{3})$")  # « #REF! », « #N/A » : une formule en échec
EXCEPTION = re.compile(
    r"\b(?:sauf|hormis|except\w*|mais|seulement|uniquement|autre|autres|parfois|possible|partiel\w*|jusqu|avant|depuis|non|pas)\b"
)
LIBELLES_DOUTEUX = {
    mot
    for mot in DOUTEUX | {"non", "pas", "aucun", "aucune", "neant", "jamais"}
    if mot not in {"completer", "preciser", "exemple", "eventuel", "eventuelle", "possible", "plus", "peut"}
}
A_REMPLIR = re.compile(r"\boui (?:ou )?non\b")  # « Données sensibles (oui/non) » : une consigne
# Un de ces mots, n'importe où, dit que la phrase nie quelque chose : elle n'est pas une valeur à recopier.
NIENT = {"aucun", "aucune", "pas", "ne", "ni", "neant", "jamais"}


@lru_cache(maxsize=1024)
def lire_reponse(texte: str, libelle: str = "") -> Reponse:
    """Ce que dit `texte`, en réponse à `libelle` (dont il peut répéter les mots : « Aucune opinion politique »)."""
    cle = _cle(texte)
    if ERREUR.match(texte.strip()) or texte.strip() and texte.strip()[0] in RIEN_DE_SUR:
        return Reponse.INCONNUE
    if cases := _cases(texte, cle):
        return cases
    if "?" in LIEN.sub("", texte):
        return Reponse.INCONNUE
    if not cle:
        return Reponse.VIDE
    if cle in SEULS:
        return SEULS[cle]
    if _hesite(texte, libelle):
        return Reponse.INCONNUE
    if _ne_dit_qu_un_non(cle, libelle):
        return _quel_non(texte, cle)
    return Reponse.NUANCEE if _nuance(texte, cle, libelle) else Reponse.AUTRE


def _quel_non(texte: str, cle: str) -> Reponse:
    if NIE_AUTRE_CHOSE.search(cle) or _affirme_aussi(texte, cle):
        return Reponse.NUANCEE
    return Reponse.SANS_OBJET if SANS_OBJET.search(cle) else Reponse.NON


def _nuance(texte: str, cle: str, libelle: str) -> bool:
    """Le texte nie quelque chose, ou réserve son « oui »."""
    mots = cle.split()
    if mots[0] in NEGATIFS - {"n", "no"} or NIENT & set(mots) or _une_clause_nie(texte, libelle):
        return True
    if mots[-1] == "non":  # « Mailo non » ; « Clients, abonnés ou non » sont des personnes
        return mots[-2] != "ou"
    return mots[0] == "oui" and bool(EXCEPTION.search(cle))


def _cle(texte: str) -> str:
    """Le texte plié, où le Pas-de-Calais ne nie rien."""
    return PAS_DE_CALAIS.sub("calais", plier(texte))


def _affirme_aussi(texte: str, cle: str) -> bool:
    """« Non vendues, transmises hors UE », « Transfert, aucune garantie » : une partie que rien ne nie affirme."""
    if ACCOLES.search(cle):
        return True
    clauses = [set(mots) for partie in CLAUSE.split(texte) if (mots := plier(partie).split())]
    nues = [mots for mots in clauses if not mots & SEUL_NON]
    if any(mots & SEUL_NON and mots & ACCESSOIRES for mots in clauses):  # « Pays tiers, aucune garantie »
        return any(not mots <= A_CE_JOUR and not mots & ACCESSOIRES for mots in nues)
    affirmees = [mots for mots in nues if mots & (PARTICIPES | TRANSFERTS)]
    if not affirmees:
        return False
    traitees = any(mots & PARTICIPES for mots in affirmees)
    if clauses[-1] <= SEUL_NON | A_CE_JOUR | (set() if traitees else DU_TRANSFERT):
        return False  # « Données collectées : aucune », « Transferts hors UE : pas de transfert »
    # « Aucune donnée collectée, traitée ou transmise »
    suite = all(mots <= PARTICIPES | {"ou"} for mots in affirmees)
    return not (suite and clauses[0] & {"aucun", "aucune", "n", "ne"})


def _hesite(texte: str, libelle: str) -> bool:
    """Le texte, ou l'une de ses parties (« Mailo (à confirmer) »), n'affirme pas au présent."""
    connus = {singulier(mot) for mot in plier(libelle).split()}
    sans_lien = LIEN.sub("", texte)
    return any(_partie_hesite(partie, connus) for partie in (plier(sans_lien), *_parties(sans_lien)))


def _partie_hesite(cle: str, libelle: set[str]) -> bool:
    mots = cle.split()
    if (
        _inconnu_au_bout(cle, libelle)
        or INCONNUS.search(cle)
        or len(mots) > 1
        and {"oui", "non"} <= set(mots) <= OUI_NON
    ):
        return True
    if est_negatif(cle):
        return False  # « Aucun transfert prévu » est un « non »
    connus = NEUTRES | AUTOUR | MOIS | NEGATIFS | libelle | {"oui"}
    douteux = [mot for mot in mots if mot in DOUTEUX or singulier(mot) in DOUTEUX]
    autres = [mot for mot in mots if mot not in douteux and not mot.isdigit()]
    return (
        bool(douteux) and douteux != ["plus"] and all(m in connus or singulier(m) in connus for m in autres)
    )


def _inconnu_au_bout(cle: str, libelle: set[str]) -> bool:
    """« Destinataires non communiqués » ; « Elles ne sont pas communiquées », au contraire, nie."""
    if not (trouve := INCONNU_AU_BOUT.search(cle)):
        return False
    avant, connus = cle[: trouve.start()].split(), NEUTRES | libelle
    return not {"n", "ne"} & set(avant) and all(m in connus or singulier(m) in connus for m in avant)


def dit_ou_restent_les_donnees(texte: str) -> bool:
    """« Hébergement exclusivement en Europe », « Allemagne », « Interne uniquement » : un lieu de l'EEE, ou chez soi.

    Ni « Interne » ni « Sous-traitant (France) », qui disent qui reçoit les données.
    """
    mots = {singulier(mot) for mot in plier(texte).split()}
    lieu = bool(mots & {singulier(mot) for mot in LIEUX | DEMEURENT}) or "interne" in mots and mots & RESERVE
    dits = {singulier(mot) for mot in DES_PERSONNES.sub("", plier(texte)).split()}
    return bool(lieu) and not dits & ACTEURS and n_evoque_que_l_eee(texte)


def n_evoque_que_l_eee(texte: str) -> bool:
    """« Sous-traitant (France) », « Tous les membres » : ces mots-là ne sortent pas les données de l'EEE."""
    situes = {singulier(mot) for mot in LIEUX | DEMEURENT | COMPAGNONS}
    dits = [(mot, singulier(mot) in situes) for mot in plier(texte).split()]
    return any(dit for _, dit in dits) and all(dit or mot in NEUTRES for mot, dit in dits)


def nomme_un_lieu_de_l_eee(texte: str) -> bool:
    """« OVH (France) », « Chez OVH, en Irlande » : une partie du texte, ou sa fin, est un lieu de l'EEE."""
    return bool(DANS_L_EEE.search(plier(texte))) or any(map(n_evoque_que_l_eee, _parties(texte)))


def libelle_douteux(libelle: str) -> bool:
    """« Santé (non collectée) », « Destinataire 2 (ancien) » : le libellé nie, date ou ajourne ce que dit sa ligne."""
    dits = {singulier(mot) for mot in plier(libelle).split()}
    return bool(dits & LIBELLES_DOUTEUX) and not A_REMPLIR.search(plier(libelle))


def est_nom_improbable(texte: str) -> bool:
    """« Néant », « Total », « Exemple : … » : ce n'est guère le nom d'une activité."""
    cle = plier(texte)
    return lire_reponse(texte) in NEGATIVES or bool(
        re.match(r"(?:(?:sous )?total(?: general)?$|exemples?\b)", cle)
    )


def _parties(texte: str) -> list[str]:
    return [cle for partie in re.split(r"[,;:.()\n–—/]|\s-\s", texte) if (cle := _cle(partie))]


def est_negatif(cle: str, libelle: str = "") -> bool:
    """Un seul mot nie, tous les autres sont neutres ou repris du libellé, et ce qu'il nie est bien la chose demandée."""
    return _ne_dit_qu_un_non(cle, libelle) and not NIE_AUTRE_CHOSE.search(cle)


def _ne_dit_qu_un_non(cle: str, libelle: str) -> bool:
    mots = cle.split()
    connus = NEUTRES | {singulier(mot) for mot in plier(libelle).split()}
    nient = [mot for mot in mots if mot in NEGATIFS and not (mot == "n" and len(mots) > 1)]
    autres = [mot for mot in mots if mot not in NEGATIFS]
    return len(nient) == 1 and all(mot in connus or singulier(mot) in connus for mot in autres)


def commence_par_un_non(texte: str) -> bool:
    """« Non, sauf… », et non « Nom, prénom, pas de photo », qui dit d'abord autre chose."""
    mots = _cle(texte).split()
    return bool(mots) and mots[0] in NEGATIFS - {"n", "no"} | {"oui"}


def singulier(mot: str) -> str:
    return mot[:-1] if len(mot) > 3 and mot[-1] in "sx" else mot


def _une_clause_nie(texte: str, libelle: str) -> bool:
    """« Hébergement en France : non » : une de ses parties, à elle seule, est un « non »."""
    clauses = _parties(texte)
    return len(clauses) > 1 and any(est_negatif(clause, libelle) for clause in clauses)


def _cases(texte: str, cle: str) -> Reponse | None:
    """« ☑ », « ☐ », « ☑ Oui ☐ Non » ; `None` sans case. Une case et son mot qui se contredisent n'affirment rien.

    Une case laissée vide est un silence, pas un « non ».
    """
    if not any(c in texte for c in COCHES + VIDES):
        return None
    coche = any(c in texte for c in COCHES)
    if not cle:
        return Reponse.OUI if coche else Reponse.INCONNUE
    cochees = {plier(mot) for mot in re.findall(rf"[{COCHES}]\s*(\w+)", texte)}
    if coche and len(cochees) == 1 and set(cle.split()) <= {"oui", "non"}:
        return Reponse.OUI if cochees == {"oui"} else Reponse.NON
    return Reponse.NUANCEE if not coche or {"oui", "non"} & set(cle.split()) else Reponse.AUTRE
