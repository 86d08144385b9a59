"""Ce qu'un texte libre cite du droit ; et, pour la source d'une durée, si ce texte la fonde ou n'en dit que le principe. Pur."""

import re
from functools import lru_cache

from organismes.pliage import plier

# Le règlement et la loi de 1978 demandent une durée ; ils n'en fixent pas.
PRINCIPE = re.compile(r"\b(?:rgpd|gdpr|lil|loi informatique|loi n° ?78|78-17|2016/679)\b")
TEXTE = re.compile(
    r"\b(?:art|article|articles|code|loi|lois|decret|arrete|ordonnance|convention|referentiel|recommandation"
    r"|cnil|cepd|ns-\d+|deliberation|delib|san-\d+|circulaire|instruction|doctrine|prescription|bofip|cgi|lpf|csp|cmf|cpce|jurisprudence"
    r"|arret|mifid|convention aeras)\b|\bce,? (?:\d|n°)|\bcass\b|\bcour de cassation|\bconseil d'etat|\b(?:reglement|directive) (?:\(?ue|\(?ce|general|europeen|delegue|n°|\d)|\bconvention collective|\bnorme (?:iso|nf|simplifiee)|\bc\. [a-z]{3}|\b[lrd]\.? ?\d{3}"
)
CODE = re.compile(
    r"\bc(?:ode)?\.? ?(?:de la |de l'|du |des )?([a-z]{3,})|\b(lpf|cgi|csp|css|cmf|cpce|cgct|casf)\b"
)
ARTICLE = re.compile(r"\d{3,4}(?:-\d+)+|(?<![\d-])2[1-9]\d\d(?![\d-])|\b102 ?b\b")
PRESCRIPTION = re.compile(r"prescription|\b2224\b|\b110-4\b")
TEXTE_DE_DROIT = re.compile(
    r"\bart(?:\.|s\b|icles?\b)|\bloi\b|\blois\b|\bcode\b|\bcodes\b|\bdecrets?\b|\barretes?\b|\breglements?\b|\bdirectives?\b"
    r"|\bordonnances?\b|\bconventions? collectives?\b|\bdeliberations?\b|\bstatuts? (?:de la fonction|general)"
    r"|\b(?:cgi|lpf|css|csp|cgct|cpce|cmf|casf|cch|crpa|cpp|cpi|cja|cgfp|lil|rgpd|lcen|dsa|dsn)\b"
    r"|\bc\. ?(?:com|conso|trav|civ|ass|pen|mon)|\b[lrd]\. ?\d{2,}|\b[lrd]\d{3,}|\(ue\)|\b20\d\d-\d+|\b19\d\d-\d+|\bn° ?\d"
)
SEPARES = re.compile(r";| et (?=art|c\.|code|loi|rgpd|lil)|\((?=rgpd|lil)|, (?=rgpd|lil)")


@lru_cache(maxsize=4_096)  # les mêmes sources reviennent d'une durée à l'autre
def fonde(source: str) -> bool:
    """La source nomme-t-elle un texte, hors du principe lui-même ? « Usage du service » et « RGPD art. 5(1)(e) » n'en nomment pas."""
    return any(TEXTE.search(part) and not PRINCIPE.search(part) for part in SEPARES.split(plier(source)))


@lru_cache(maxsize=4_096)
def articles(source: str) -> frozenset[str]:
    """Les numéros qui font reconnaître un texte d'une écriture à l'autre : « L. 123-22 », « L123-22 al. 2 » → 123-22."""
    return frozenset(a.replace(" ", "") for a in ARTICLE.findall(plier(source)))


def codes_cites(source: str) -> frozenset[str]:
    """Les codes nommés, par leurs trois premières lettres ou leur sigle : un même numéro n'est pas le même article d'un code à l'autre."""
    return frozenset(a[:3] or b for a, b in CODE.findall(plier(source)))


def de_la_cnil(source: str) -> bool:
    return "cnil" in plier(source)


def prescription(source: str) -> bool:
    """La source est-elle un délai pour agir ? Il borne la preuve, en archive ; il ne fonde pas un usage courant."""
    return bool(PRESCRIPTION.search(plier(source)))


def cite_un_texte(dit: str) -> bool:
    """Ce que l'on a écrit nomme-t-il un texte de droit : loi, code, décret, règlement, article ?"""
    return bool(TEXTE_DE_DROIT.search(plier(dit)))
