"""La typographie française, posée à une seule frontière : au sortir de chaque page, de chaque courriel, de chaque PDF.

Ce qui est tapé reste tel quel dans la base, dans les champs des formulaires, dans le JSON et le CSV : seul ce qui se lit
est composé. Ni adresse, ni courriel, ni code n'y passe. Composer deux fois ne change rien.
"""

import re

INSECABLE, FINE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
BLANC = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
# Ce qui ne se compose pas : adresses, courriels, entités. L'apostrophe, elle, arrive échappée.
APOSTROPHE = r"(?:'|&\#x27;|&\#39;)"
INTACT = rf"https?://[^\s<>«»]+|(?:[\w.+-]|{APOSTROPHE})+@[\w-]+\.[\w.-]+|&(?!#x27;|#39;)(?:amp;)?#?\w+;"
MOIS_SUIVENT = rf"(?=(?:{MOIS})\b)"
MILLIERS = r"(?:(?<=(?<!\d)\d)|(?<=(?<!\d)\d\d)|(?<=(?<!\d)\d\d\d))"
REGLES = (
    (rf"(?:^|(?<=[\s(«\[])){APOSTROPHE}(?=[^\W\d])", "‘"),
    (rf"(?<!\d){APOSTROPHE}|{APOSTROPHE}(?=[^\W\d])", "’"),
    (rf"«{BLANC}?(?=\S)", f"«{INSECABLE}"),
    (rf"(?<=\S){BLANC}?»", f"{INSECABLE}»"),
    (rf"(?<=\S)[ {FINE}]:(?=\s|$)|(?<=[\w)»%’…]):(?=\s|$)", f"{INSECABLE}:"),
    (rf"(?<=\S)[ {INSECABLE}](?=[;!?])|(?<=[\w)»%’…])(?=[;!?](?:\s|$))", FINE),
    (rf"(?<={BLANC})--(?={BLANC})", "–"),
    (r"\.\.\.(?!\.)", "…"),
    (r"(?<=\d) (?=[%€])", INSECABLE),
    (rf"{MILLIERS} (?=\d{{3}}(?!\d))", FINE),
    (rf"(?:(?<=\b\d)|(?<=\b\d\d)|(?<=\b1er)) {MOIS_SUIVENT}", INSECABLE),
    (r"(?:(?<=\bart\.)|(?<=§)|(?<=\bn°)|(?<=\bal\.)) (?=\S)", INSECABLE),
)
MOTIF = re.compile(
    "|".join([f"(?P<intact>{INTACT})", *(f"(?P<r{i}>{m})" for i, (m, _) in enumerate(REGLES))])
)
PAR = {f"r{i}": par for i, (_, par) in enumerate(REGLES)}
# Dans une page : ces éléments gardent leur texte, et un texte est ce qui suit une balise.
GARDES = re.compile(r"<(textarea|script|style|code|pre|kbd|samp)\b.*?</\1\s*>", re.S | re.I)
TEXTE = re.compile(r">[^<>]*[^<>\s][^<>]*")
PORTES = re.compile(r'(?<=\sdata-)(organisme|etat|empreinte|signet)="([^"]*)"')


def composer(texte: str) -> str:
    """Un texte qui se lit, HTML échappé ou non."""
    return MOTIF.sub(_remplacer, texte)


def _remplacer(trouve: re.Match[str]) -> str:
    return PAR.get(trouve.lastgroup, trouve[0])


def composer_page(html: str) -> str:
    """Les textes d'une page HTML ; ni ses attributs, ni ses champs, ni ses scripts."""
    sortie, debut = [], 0
    for garde in GARDES.finditer(html):
        sortie += TEXTE.sub(_texte, html[debut : garde.end(1)]), html[garde.end(1) : garde.end() - 1]
        debut = garde.end() - 1
    sortie.append(TEXTE.sub(_texte, html[debut:]))
    return "".join(sortie)


def composer_pdf(html: str) -> str:
    """Une page à mettre en pages : ses textes, et les attributs que ses marges et ses signets impriment."""
    return PORTES.sub(lambda a: f'{a[1]}="{composer(a[2])}"', composer_page(html))


def _texte(trouve: re.Match[str]) -> str:
    return composer(trouve[0])


class TypographieMiddleware:
    """La frontière des pages : tout HTML qui part est composé."""

    def __init__(self, suite):
        self.suite = suite

    def __call__(self, request):
        reponse = self.suite(request)
        if not reponse.streaming and reponse.get("Content-Type", "").startswith("text/html"):
            reponse.content = composer_page(reponse.content.decode(reponse.charset))
        return reponse
