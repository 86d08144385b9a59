"""Le pliage : ce qui fait que deux écritures d'un même nom se valent, se cherchent et se rangent ensemble. Pur.

Une seule fonction plie (`plier`) ; l'unicité, la recherche et le tri en partent. Les colonnes se calculent ici et non par la
base : SQLite et PostgreSQL rendent les mêmes résultats, dans le même ordre.

- Se valent : capitales et minuscules, lettres avec et sans signe, « œ » et « oe », « ß » et « ss », apostrophes droite et
  courbe, toutes les espaces (une seule compte, aucune aux bords), tous les tirets, tous les guillemets.
- Comptent encore : le tiret et l'espace (« TR-1 » n'est pas « TR 1 »), la ponctuation.
- À la recherche, tiret, apostrophe et ponctuation séparent les mots : « sous traitant » trouve « sous-traitant ».
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# Ce que la décomposition d'Unicode ne défait pas.
LETTRES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŋ": "n", "þ": "th"}
    | dict.fromkeys("‘’‚‛ʼʹ′＇`´", "'")
    | dict.fromkeys("‐‑‒–—―−﹣－", "-")
    | dict.fromkeys("«»“”„‟″＂", '"')
)
# Ce qui ne se voit pas et qu'Unicode range parmi les lettres, les symboles ou les signes : un blanc, ou rien.
BLANCS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"), " ")
RIENS = dict.fromkeys([0x034F, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)])
FINS = LETTRES | BLANCS | RIENS
AILLEURS = re.compile(r"[^\x00-\x7f]")  # aucun signe d'ASCII n'est invisible : on ne les examine pas un à un
# Un nombre groupé par des espaces est un seul mot (« 12 450 ») ; un mot garde les signes et les césures qui suivent ses lettres.
NOMBRE_GROUPE = r"[1-9][0-9]{0,2}(?:[ \u00a0\u202f\u2009][0-9]{3})+(?![^\W_])"
GROUPES = re.compile(rf"(?<![^\W_]){NOMBRE_GROUPE}")
MOT = re.compile(
    rf"{NOMBRE_GROUPE}|[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff])*",
)
ELISION = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)['’ʼ`´](?=\w)", re.IGNORECASE)
CHIFFRES = re.compile(r"([0-9]+)")
UNITES = {"an", "ans", "annee", "annees", "mois", "semaine", "semaines", "jour", "jours", "heure", "heures"}
RECHERCHE_MAX = 300  # caractères


@lru_cache(maxsize=4_096)  # plusieurs règles plient les mêmes textes d'une fiche
def plier(texte: str) -> str:
    """« Œuvre  d’Émile » → « oeuvre d'emile ». Ce qui ne se voit pas (espace de largeur nulle, césure) ne compte pas."""
    # Les accents isolés se lisent avant que la décomposition n'en fasse une espace.
    plie = unicodedata.normalize("NFKD", texte.translate(LETTRES).casefold()).casefold().translate(FINS)
    return " ".join(AILLEURS.sub(_visible, plie).split())


def plier_les_mots(texte: str) -> str:
    """Ses mots pliés, sans ponctuation : « N° / RÉF » → « n ref ». Les lettres de toutes les écritures restent."""
    return re.sub(r"[\W_]+", " ", plier(texte)).strip()


def _visible(trouve: re.Match[str]) -> str:
    signe = trouve[0]
    return "" if unicodedata.combining(signe) or unicodedata.category(signe) == "Cf" else signe


def signes(texte: str) -> int:
    """Combien de lettres et de chiffres se lisent dans ce texte."""
    return sum(c.isalnum() for c in plier(texte))


@dataclass(frozen=True)
class Mot:
    """Un mot plié, et sa place dans le texte d'où il vient."""

    plie: str
    debut: int
    fin: int


def mots(texte: str) -> Iterator[Mot]:
    """Les mots d'un texte, dans l'ordre ; un caractère qui en vaut plusieurs (« ½ ») leur donne la même place."""
    for trouve in MOT.finditer(texte):
        for morceau in re.findall(r"[^\W_]+", plier(_colle(trouve))):
            yield Mot(morceau, trouve.start(), trouve.end())


def cherchable(texte: str) -> str:
    """Ce que l'on garde d'un texte pour le chercher : ses mots pliés, chacun précédé d'une espace."""
    return "".join(f" {mot.plie}" for mot in mots(texte))


def termes(recherche: str) -> list[str]:
    """Ce que l'on cherche, terme par terme, chacun à trouver tel quel dans un texte `cherchable`.

    Le dernier mot d'un terme peut n'être qu'un début. Un nombre tient à l'unité qui le suit : « 3 ans » est un terme. Un
    article élidé ne se cherche pas : « l'opposition » trouve « droit d'opposition ».
    """
    texte = ELISION.sub(" ", recherche[:RECHERCHE_MAX])
    groupes: list[str] = []
    for terme in filter(None, map(cherchable, GROUPES.sub(_colle, texte).split())):
        if groupes and groupes[-1].strip().isdigit() and terme.strip() in UNITES:
            groupes[-1] += terme
        else:
            groupes.append(terme)
    return list(dict.fromkeys(groupes))


def _colle(trouve: re.Match) -> str:
    return "".join(trouve[0].split())


def ordre(texte: str) -> str:
    """La clé de tri : mots pliés, nombres dans leur ordre (2 avant 10), le texte lui-même pour départager.

    Se compare caractère par caractère, jamais selon la langue de la base.
    """
    return debut_d_ordre(texte) + unicodedata.normalize("NFC", texte)


def debut_d_ordre(texte: str) -> str:
    """Ce que les clés de tri de deux textes qui se valent ont en commun."""
    return " ".join(CHIFFRES.sub(_rang, mot.plie) for mot in mots(texte)) + "\x01"


def _rang(trouve: re.Match) -> str:
    """Un nombre, précédé de sa longueur : « 2 » → « 0012 », « 10 » → « 00210 »."""
    nu = trouve[0].lstrip("0") or "0"
    return f"{len(nu):03d}{nu}"
