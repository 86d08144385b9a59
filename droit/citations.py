"""Ce qu'un texte libre cite du droit. Pur."""

import re
from re import Pattern

from organismes.pliage import plier

TEXTE_DE_DROIT: Pattern[str] = re.compile(
    r"\bart(?:\.|s\b|icles?\b)|\bloi\b|\blois\b|\bcode\b|\bcodes\b|\bdecrets?\b|\barretes?\b|\breglements?\b|\bdirectives?\b"
    r"|\bordonnances?\b|\bconventions? collectives?\b|\bdeliberations?\b|\bstatuts? (?:de la fonction|general)"
    r"|\b(?:cgi|lpf|css|csp|cgct|cpce|cmf|casf|cch|crpa|cpp|cpi|cja|cgfp|lil|rgpd|lcen|dsa|dsn)\b"
    r"|\bc\. ?(?:com|conso|trav|civ|ass|pen|mon)|\b[lrd]\. ?\d{2,}|\b[lrd]\d{3,}|\(ue\)|\b20\d\d-\d+|\b19\d\d-\d+|\bn° ?\d"
)


def cite_un_texte(dit: str) -> bool:
    """Ce que l'on a écrit nomme-t-il un texte de droit : loi, code, décret, règlement, article ?"""
    return bool(TEXTE_DE_DROIT.search(plier(dit)))
