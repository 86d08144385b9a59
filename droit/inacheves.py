"""Reconnaître un texte qui attend encore d'être écrit : « à compléter », « [nom] », « Esquisse à confirmer. … ». Pur.

« La commande est à confirmer par le client » est une phrase : seuls comptent un texte qui n'est que cela, une mention mise en tête
ou en fin (« version 1, à joindre »), un blanc entre crochets.
"""

import re
from enum import StrEnum
from functools import lru_cache

from organismes.pliage import plier

BORD = 100  # signes : une mention se lit au début ou à la fin d'un texte


class Inacheve(StrEnum):
    MODELE = "modele"  # la mention que portaient les modèles de fiche
    ENTIER = "entier"  # le texte n'est que cela
    EN_PARTIE = "en-partie"


VERBES = (
    "(?:confirmer|completer|joindre|preciser|definir|determiner|renseigner|rediger|indiquer|remplir|valider|verifier|decrire|fixer|"
    "faire|voir)"
)
QUI = (
    "(?:le |la |les |l'|notre |un )?(?:dpo|delegue|juridique|service|direction|rssi|dsi|informatique|equipe|prestataire|editeur|avocat|"
    "conseil|metier|responsable|referent)"
)
QUAND = "(?:ulterieurement|plus tard|prochainement|rapidement|si besoin|avant |apres |d'ici |lors de la prochaine |des que )"
SUITE = rf"(?:(?: (?:par|avec|aupres (?:de|du)|aupres) {QUI}| {QUAND})[^.;]{{0,60}})?"
MENTION = rf"(?:reste )?a {VERBES}(?: (?:et|ou|puis|/) (?:a )?{VERBES})?{SUITE}"
BLANC = (
    "nom|prenom|raison sociale|adresse|date|societe|entreprise|organisme|prestataire|sous-traitant|responsable|duree|nombre|"
    "telephone|courriel|e-?mail|url|lien|ville|pays|logiciel|outil|votre|vos|inserer|indiquer|preciser|completer|remplacer|"
    rf"x{{2,}}|a {VERBES}"
)
RIEN_D_ECRIT = (
    r"todo|tb[dc]|x{2,}|lorem ipsum.*|n\.? ?c\.?|non (?:renseigne|communique|complete|precise)e?s?|inconnue?s?|en attente|a venir|"
    r"en cours de (?:redaction|definition|preparation)|[-?.…_ ]+|"
    # ce qu'un traitement de texte met dans un blanc
    r"cliquez (?:ou appuyez )?ici pour (?:entrer|saisir) .*|choisissez un element|click or tap here to enter .*"
)
DU_MODELE = re.compile(
    r"esquisse a confirmer\b|texte presente, version \d+, a joindre$|.*\(delais proposes, a confirmer[^)]*\)\W*$|"
    r"partenaires nommes .*la liste est a joindre\W*$",
)
ENTIER = re.compile(rf"[\W_]*(?:{RIEN_D_ECRIT}|{MENTION}|[\[<{{]+(?:{BLANC})\b[^\]>}}]*[\]>}}]+)[\W_]*")
EN_TETE = re.compile(rf"[\W_]*(?:a {VERBES}{SUITE} ?[.;:,!…)\]]|todo\b|tbd\b|lorem ipsum\b)")
EN_FIN = re.compile(
    rf"(?:[:(\[–]\s*|\s-\s*)(?:{MENTION}|todo|tbd)[\W_]*$|,\s*{MENTION.replace('joindre|', '')}[\W_]*$"
)
CROCHETS = re.compile(rf"[\[<{{](?:{BLANC})\b[^\]>}}]{{0,60}}[\]>}}]|\[(?:…|\.\.\.)\]$|_{{4,}}|\.{{5,}}")
# Avant de plier : la plupart des textes n'ont aucun de ces signes, et ne se lisent pas plus loin.
DEBUT = re.compile(
    r"[\W_]*(?:(?:reste )?[aà] (?:con|com|joi|pr[eé]|d[eé]|ren|r[eé]d|ind|rem|val|v[eé]r|fix|fai|voi|ven)|esquisse|texte présenté|"
    r"partenaires nommés|to ?do|tb[dc]|xx|lorem|n\.? ?c\.?\W*$|non |inconnu|en attente|en cours|"
    r"cliquez|choisissez un|click or|$)",
    re.IGNORECASE,
)
TETES = frozenset(f"{a} {lettre}" for a in "aà" for lettre in "cdfijprv") | frozenset(
    "res|esq|tex|par|tod|to |tbd|tbc|xx|xxx|lor|nc|n.c|n c|n. |non|inc|en |cli|cho".split("|")
)
FIN = re.compile(r"[,:(–-] ?[àÀaA] |est à |proposés, à ")


@lru_cache(maxsize=16_384)  # d'une fiche à l'autre, les mêmes codes et les mêmes phrases reviennent
def inacheve(ecrit: str) -> Inacheve | None:
    """Ce que ce texte a d'inachevé ; `None` si rien ne le dit."""
    if not _en_doute(ecrit):
        return None
    plie = plier(ecrit)
    if DU_MODELE.match(plie):
        return Inacheve.MODELE
    if ENTIER.fullmatch(plie):
        return Inacheve.ENTIER
    if EN_TETE.match(plie) or EN_FIN.search(plie[-BORD:]) or CROCHETS.search(plie):
        return Inacheve.EN_PARTIE
    return None


def _en_doute(ecrit: str) -> bool:
    if (ecrit[:3].lower() in TETES or not ecrit[:1].isalnum()) and DEBUT.match(ecrit):
        return bool(ecrit)
    if "[" in ecrit or "<" in ecrit or "{" in ecrit or "____" in ecrit or "....." in ecrit:
        return True
    fin = ecrit[-BORD:]
    return ("à " in fin or "(a " in fin or "A " in fin or "À " in fin) and bool(FIN.search(fin))
