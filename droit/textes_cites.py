"""Ce que cite la source d'une durée : un texte qui la fonde, le principe seul, ou rien que l'on puisse ouvrir. Pur."""

import re
from functools import lru_cache

from organismes.pliage import plier

# Le règlement et la loi de 1978 demandent une durée ; ils n'en fixent pas.
PRINCIPE = re.compile(r"\b(?:rgpd|gdpr|lil|loi informatique|loi n° ?78|78-17|2016/679)\b")
TEXTE = re.compile(
    r"\b(?:art|article|articles|code|loi|lois|decret|arrete|ordonnance|referentiel|recommandation"
    r"|cnil|cepd|ns-\d+|deliberation|delib|san-\d+|circulaire|instruction|doctrine|prescription|bofip|cgi|lpf|csp|cmf|cpce|jurisprudence"
    r"|arret)\b|\b(?:reglement|directive) (?:\(?ue|\(?ce|general|europeen|delegue|n°|\d)|\bconvention collective|\bnorme (?:iso|nf|simplifiee)|\bc\. [a-z]{3}|\b[lrd]\.? ?\d{3}"
)
ARTICLE = re.compile(r"\d{3,4}(?:-\d+)+|(?<![\d-])2[1-9]\d\d(?![\d-])|\b102 ?b\b")
PRESCRIPTION = re.compile(r"prescription|\b2224\b|\b110-4\b")
SEPARES = re.compile(r";| et (?=art|c\.|code|loi)")


@lru_cache(maxsize=4_096)  # les mêmes sources reviennent d'une durée à l'autre
def fonde(source: str) -> bool:
    """La source nomme-t-elle un texte, hors du principe lui-même ? « Usage du service » et « RGPD art. 5(1)(e) » n'en nomment pas."""
    return any(TEXTE.search(part) and not PRINCIPE.search(part) for part in SEPARES.split(plier(source)))


@lru_cache(maxsize=4_096)
def articles(source: str) -> frozenset[str]:
    """Les numéros qui font reconnaître un texte d'une écriture à l'autre : « L. 123-22 », « L123-22 al. 2 » → 123-22."""
    return frozenset(a.replace(" ", "") for a in ARTICLE.findall(plier(source)))


def de_la_cnil(source: str) -> bool:
    return "cnil" in plier(source)


def prescription(source: str) -> bool:
    """La source est-elle un délai pour agir ? Il borne la preuve, en archive ; il ne fonde pas un usage courant."""
    return bool(PRESCRIPTION.search(plier(source)))
