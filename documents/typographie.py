"""La typographie française, posée à une seule frontière : au sortir de chaque page, de chaque courriel, de chaque PDF.

Ce qui est tapé reste tel quel dans la base, dans les champs des formulaires, dans le JSON et le CSV : seul ce qui se lit
est composé. Ni adresse, ni courriel, ni code n'y passe. Composer deux fois ne change rien.
"""

import re

INSECABLE, FINE = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"
MOIS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
BLANC = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"
# Ce qui ne se compose pas : adresses, courriels, entités. Un mot ne se relit pas de chacune de ses lettres.
INTACT = re.compile(r"(https?://[^\s<>«»]+|(?<![\w.+'-])[\w.+'-]{1,64}@[\w-]+\.[\w.-]+|&(?:amp;)?#?\w+;)")
# Le signe qui appelle la règle, sans lequel on ne la tente pas ; puis ce qu'elle remplace, et par quoi.
REGLES = tuple(
    (signe, re.compile(motif), par)
    for signe, motif, par in (
        ("'", r"(?:^|(?<=[\s(«\[]))'(?=[^\W\d])", "‘"),
        ("'", r"(?<!\d)'|'(?=[^\W\d])", "’"),
        ("«", rf"«{BLANC}?(?=\S)", f"«{INSECABLE}"),
        ("»", rf"(?<!\s){BLANC}?»", f"{INSECABLE}»"),
        (":", rf"(?<!\s)[ {FINE}]:(?=\s|$)|(?:^|(?<=[\w)»%’…\"])):(?=\s|$)", f"{INSECABLE}:"),
        *(
            (s, rf"(?<!\s)[ {INSECABLE}][{s}]|(?:^|(?<=[\w)»%’…\"]))[{s}](?=\s|$)", f"{FINE}{s}")
            for s in ";!?"
        ),
        ("--", rf"(?<={BLANC})--(?={BLANC})", "–"),
        ("...", r"\.\.\.(?!\.)", "…"),
        (" %", r"(?<=\d) %", f"{INSECABLE}%"),
        (" €", r"(?<=\d) €", f"{INSECABLE}€"),
        *((f"{s} ", rf"(?<!\w){s} (?=\S)", f"{s}{INSECABLE}") for s in ("art.", "al.", "§", "n°")),
    )
)
# Les nombres et les dates, que seul un chiffre suivi d'une espace appelle.
CHIFFRE = re.compile(r"\d (?=[\djfmasond])|1er ")
CHIFFRES = (
    (re.compile(r"(?<!\d)(\d{1,3}) (?=\d{3}(?!\d))"), rf"\1{FINE}"),
    (re.compile(rf"(?<=\d{FINE}\d\d\d) (?=\d{{3}}(?!\d))"), FINE),
    (re.compile(rf"\b(\d\d?|1er) (?=(?:{MOIS})\b)"), rf"\1{INSECABLE}"),
)
# Dans une page : ces éléments gardent leur texte ; un texte suit une balise, et ne se compose que s'il porte un de ces signes.
GARDES = re.compile(r"<(textarea|script|style|code|pre|kbd|samp)\b.*?</\1\s*>", re.S | re.I)
# Ce qui retourne le sens de lecture se montre par son code : ce qui se lit est ce qui est écrit.
SENS = re.compile("[\u202a-\u202e\u2066-\u2069]")
SIGNES = "'«»:;!?\\d.&§°\u202a-\u202e\u2066-\u2069-"
TEXTE = re.compile(rf">[^<>{SIGNES}]*[{SIGNES}][^<>]*")
LUS = re.compile(r'(?<=\s)(aria-label|title)="([^"<>]*)"')  # les attributs qu'une personne lit
PORTES = re.compile(r'(?<=\sdata-)(organisme|etat|empreinte|signet)="([^"]*)"')


class NomDeFichier(str):
    """Un nom de fichier se montre à la lettre : on le cherche tel quel, à côté de son empreinte."""


class Empreinte(str):
    """Une empreinte : elle se compose plus petite, d'un seul tenant sur sa ligne, quel que soit le nom de celle-ci."""

    chasse_fixe = True


def sens_visible(texte: str) -> str:
    """Le texte, chaque signe qui retourne le sens de lecture écrit par son code."""
    return SENS.sub(lambda signe: f"[U+{ord(signe[0]):04X}]", texte)


def composer(texte: str) -> str:
    """Un texte qui se lit, HTML échappé ou non."""
    texte = sens_visible(texte)
    texte = texte.replace("&#x27;", "'").replace("&#39;", "'").replace("&nbsp;", INSECABLE)
    if "&" not in texte and "@" not in texte and "://" not in texte:
        return _composer(texte)
    return "".join(m if rang % 2 else _composer(m) for rang, m in enumerate(INTACT.split(texte)))


def _composer(texte: str) -> str:
    for signe, motif, par in REGLES:
        if signe in texte:
            texte = motif.sub(par, texte)
    if CHIFFRE.search(texte):
        for motif, par in CHIFFRES:
            texte = motif.sub(par, texte)
    return texte


def composer_page(html: str) -> str:
    """Les textes d'une page HTML, ses infobulles et ses noms accessibles ; ni ses autres attributs, ni ses champs, ni ses scripts."""
    sortie: list[str] = []
    debut = 0
    for garde in GARDES.finditer(html):
        sortie += _passage(html[debut : garde.end(1)]), html[garde.end(1) : garde.end() - 1]
        debut = garde.end() - 1
    sortie.append(_passage(html[debut:]))
    return "".join(sortie)


def composer_pdf(html: str) -> str:
    """Une page à mettre en pages : ses textes, et les attributs que ses marges et ses signets impriment."""
    return PORTES.sub(lambda a: f'{a[1]}="{composer(a[2])}"', composer_page(html))


def _passage(html: str) -> str:
    return LUS.sub(lambda a: f'{a[1]}="{composer(a[2])}"', TEXTE.sub(_texte, html))


def _texte(trouve: re.Match[str]) -> str:
    return composer(trouve[0])
