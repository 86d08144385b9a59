"""Ce que contient une colonne, d'après la forme de ses valeurs et d'après son intitulé. Jamais une valeur n'en sort."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from conservation.anonymat.ecriture import colonne_ordinaire, ordinaire
from conservation.anonymat.formes import FORMES, SEPARATEURS, TOTAUX, courriel
from conservation.anonymat.intitules import (
    LIEUX,
    RANGS,
    TERRITOIRES,
    chiffree,
    courte,
    nature_annoncee,
    parmi,
    qualifie,
)
from conservation.anonymat.personnes import nomme_une_personne, sans_accent
from conservation.anonymat.table import Attribut, dix_milliemes

ECHANTILLON = (
    20_000  # valeurs distinctes examinées par colonne, courriels exceptés : ceux-là se cherchent partout
)
PART_DE_NOMS = 3_000  # dix-millièmes des valeurs distinctes
NUMEROTE = re.compile(r"(\D*)(\d{1,15})", re.ASCII)
CODE = re.compile(r"[A-Za-z0-9_-]{4,40}", re.ASCII)
MELES_MIN = (
    6  # caractères d'un code de lettres et de chiffres ; plus court, c'est une référence ordinaire (« A12B »)
)
VOYELLES = frozenset("aeiouy")
LIEU = re.compile(r"(?:0[1-9]|[1-8]\d|9[0-5]|2[AB])(?P<commune>\d{3})|9[78]\d{3}", re.ASCII)
COMMUNE_MAX = 910  # le plus grand rang de commune d'un département, dans le code officiel géographique de l'Insee : le Pas-de-Calais
MOT = re.compile(r"[^\W\d_]{2}|[^\W\d_]\d|\d[^\W\d_]")
DEUX_LETTRES = re.compile(r"[^\W\d_]{2,}")
NEUF = re.compile(r"\d{9,}", re.ASCII)
QUATRE = re.compile(r"\d{4,}", re.ASCII)
ISO = re.compile(r"\d{4}-(?:\d{2}-\d{2}(?:[T ][\d:.+Z-]*)?|[ST]\d{1,2}|Q\d)", re.ASCII)
COURTE_MAX = 30  # valeurs : une liste courte (statut, niveau) n'en a pas autant
SEQUENCE_MIN = 20  # lignes : en dessous, une suite de nombres ne dit rien
BANALES = frozenset("oui non o n y yes no vrai faux true false 0 1 x".split())
MASQUES = frozenset(
    "supprime supprimee anonyme anonymise anonymisee masque masquee efface effacee na n/a null none nc xxx inconnu".split()
)
# Ce qui désigne la personne à la lecture ; le reste la désigne par un code.
DIRECTES = frozenset(["courriel", "nir", "iban", "telephone", "nom", "adresse", "carte", "entreprise"])
NATURES = {
    "courriel": "adresses électroniques",
    "nir": "numéros de sécurité sociale (NIR)",
    "iban": "IBAN ou RIB",
    "telephone": "numéros de téléphone",
    "nom": "noms de personnes",
    "adresse": "adresses postales",
    "carte": "numéros de carte bancaire",
    "entreprise": "SIREN ou SIRET, qui peuvent désigner un entrepreneur",
    "plaque": "plaques d'immatriculation",
    "ip": "adresses IP",
    "gps": "positions géographiques",
    "masque": "adresses électroniques en partie masquées",
    "enligne": "identifiants en ligne (compte, cookie, profil)",
    "uuid": "identifiants UUID",
    "objectid": "identifiants ObjectId",
    "ulid": "identifiants ULID",
    "motdepasse": "mots de passe hachés",
    "hexadecimal": "empreintes (hachage en hexadécimal)",
    "tronquee": "empreintes tronquées",
    "base64": "jetons ou empreintes (base64)",
    "code": "codes tirés au hasard",
    "sequence": "numéros d'ordre ou de dossier",
    "identifiant": "identifiants",
    "naissance": "dates de naissance",
    "propre": "numéros, codes ou dates propres à chacun, et non une liste fermée",
}


def nature(colonne: Attribut) -> tuple[str, int] | None:
    """Ce que les valeurs semblent être et la part des valeurs examinées qui en ont la forme ; `None` si rien n'apparaît."""
    colonne = colonne_ordinaire(colonne)
    remplies = [v for v in colonne.valeurs if v and sans_accent(v) not in TOTAUX]
    if adresses := sum(map(courriel, remplies)):
        return "courriel", dix_milliemes(adresses, len(remplies))
    examinees = _echantillon(remplies)
    for nom, reconnait, seuil in FORMES:
        part = dix_milliemes(sum(map(reconnait, examinees)), len(examinees))
        if part >= seuil:
            return nom, part
    return _ensemble(colonne, remplies, examinees)


def _ensemble(colonne: Attribut, remplies: list[str], examinees: list[str]) -> tuple[str, int] | None:
    """Ce qui ne se voit que sur la colonne entière : des noms, des codes au hasard, des numéros."""
    nommees = sum(map(nomme_une_personne, examinees))
    if (part := dix_milliemes(nommees, len(examinees))) >= PART_DE_NOMS and nommees > min(
        1, len(examinees) - 1
    ):
        return "nom", part
    if _au_hasard(examinees):
        return "code", 10_000
    return ("sequence", 10_000) if _numeros(colonne, remplies) else None


def _echantillon(valeurs: list[str]) -> list[str]:
    """Toutes, ou des valeurs prises à intervalles réguliers sur tout le fichier."""
    pas = -(-len(valeurs) // ECHANTILLON) or 1
    return valeurs[::pas]


def _au_hasard(valeurs: list[str]) -> bool:
    """Vingt codes au moins, de même longueur : lettres et chiffres mêlés sans place fixe, ou lettres qui ne se prononcent pas.

    « x7Gh2K », « QXKZ » ; non « AB-1234 », « Nice ».
    """
    longueur = Counter(map(len, valeurs)).most_common(1)
    codes = [v for v in valeurs if len(v) == longueur[0][0] and CODE.fullmatch(v)]
    if len(codes) < SEQUENCE_MIN or not _presque_toutes(codes, valeurs):
        return False
    masques = {"".join("9" if c.isdigit() else "a" if c.isalpha() else c for c in v) for v in codes}
    meles = sum(any(c.isdigit() for c in v) and any(c.isalpha() for c in v) for v in codes)
    if meles * 10 >= len(codes) * 8 and len(codes[0]) >= MELES_MIN:
        return len(masques) * 4 > len(codes)
    return sum(map(_imprononcable, codes)) * 10 > len(codes)


def _imprononcable(v: str) -> bool:
    return v.isalpha() and VOYELLES.isdisjoint(v.lower())


def _presque_toutes(reconnues: list[str], valeurs: list[str]) -> bool:
    """Neuf sur dix : « Total » ou « divers » ajouté à trois cents numéros n'en fait pas autre chose."""
    return len(reconnues) * 10 >= len(valeurs) * 9


def _numeros(colonne: Attribut, valeurs: list[str]) -> bool:
    """Des numéros de dossier : un préfixe commun, ou une suite croissante, avec ou sans trous. Ni rangs, ni années, ni montants."""
    lignes = len(colonne.rangs)
    numerotees = [v for v in valeurs if NUMEROTE.fullmatch(v)]
    if len(numerotees) < SEQUENCE_MIN or not _presque_toutes(numerotees, valeurs):
        return False
    valeurs, lus = numerotees, [NUMEROTE.fullmatch(v) for v in numerotees]
    prefixes = {m[1] for m in lus if m}
    numeros = [int(m[2]) for m in lus if m]
    presque_un_par_ligne = len(valeurs) * 10 >= lignes * 9
    if len(prefixes) > 1 or _est_un_rang(numeros):
        return False
    if prefixes != {""}:
        return presque_un_par_ligne or min(len(m[2]) for m in lus if m) >= 4
    if not presque_un_par_ligne or all(1900 <= n <= 2100 for n in numeros):
        return False
    croissante = all(a < b for a, b in zip(numeros, numeros[1:], strict=False))
    serree = max(numeros) - min(numeros) < 2 * len(numeros)
    fixe = len({len(m[2]) for m in lus if m}) == 1 and len(valeurs[0]) >= 6
    return croissante or serree or fixe


def _est_un_rang(numeros: list[int]) -> bool:
    """1, 2, 3… : la place d'une ligne dans un tableau, qui ne dit rien de plus qu'elle."""
    return len(numeros) < 1_000 and sorted(numeros) in (
        list(range(len(numeros))),
        list(range(1, len(numeros) + 1)),
    )


# --- Les colonnes --------------------------------------------------------------------------------------------------------
def detections(colonnes: Iterable[tuple[str, Attribut]]) -> list[dict[str, Any]]:
    """Une ligne par colonne signalée : son nom, la nature, la part (nulle si seul l'intitulé parle). Jamais une valeur."""
    return [d for nom, colonne in colonnes if (d := _detection(nom, colonne))]


def _detection(nom: str, colonne: Attribut) -> dict[str, Any] | None:
    colonne = colonne_ordinaire(colonne)
    lue = nature(colonne)
    if lue and not (lue[0] == "sequence" and (parmi(nom, RANGS) or parmi(nom, LIEUX))):
        return {"colonne": nom, "nature": lue[0], "part": lue[1]}
    if parmi(nom, TERRITOIRES) and (part := _hors_des_communes(colonne.valeurs)):
        return {"colonne": nom, "nature": "sequence", "part": part}
    annoncee = nature_annoncee(nom)
    return (
        {"colonne": nom, "nature": annoncee, "part": 0} if annoncee and not _sans_contenu(colonne) else None
    )


def _hors_des_communes(valeurs: list[str]) -> int:
    """La part des nombres de cinq chiffres qui ne sont ni un code de commune, ni un code postal ; nulle s'ils sont trop peu à le montrer.

    Des numéros de client pris au hasard y manquent une fois sur dix.
    """
    codes = [c for v in valeurs if len(c := SEPARATEURS.sub("", v)) == 5 and c.isdecimal()]
    faux = sum(not _est_un_lieu(v) for v in codes)
    vus = len(codes) >= SEQUENCE_MIN and faux * 20 > len(codes)
    return dix_milliemes(faux, len(codes)) if vus and faux > 1 else 0


def _est_un_lieu(v: str) -> bool:
    lu = LIEU.fullmatch(v)
    return lu is not None and (
        lu["commune"] is None or 0 < int(lu["commune"]) <= COMMUNE_MAX or v.endswith("0")
    )


def non_qualifiees(colonnes: Iterable[tuple[str, Attribut]]) -> list[str]:
    """Les colonnes de mots ou de codes dont l'intitulé ne dit pas de quoi elles parlent, ou trop nombreux pour lui : un nom rare n'y serait
    pas reconnu."""
    return [
        nom
        for nom, c in ((nom, colonne_ordinaire(c)) for nom, c in colonnes)
        if not _sans_contenu(c)
        and (any(map(_porte_un_mot, c.valeurs)) if not qualifie(nom) else _deborde(nom, c))
    ]


def _deborde(nom: str, colonne: Attribut) -> bool:
    """Un statut, un niveau, une civilité n'ont que quelques valeurs : trente mots, codes ou numéros sont autre chose.

    Un âge, un montant, une semaine n'ont que quelques mots : « ans », « EUR », « lundi 3 mars » ; trente sont des noms ou des codes.
    """
    if courte(nom):
        portes = (v for v in colonne.valeurs if _porte_un_mot(v) or QUATRE.fullmatch(v))
        return sum(1 for _ in portes) >= COURTE_MAX
    if not chiffree(nom):
        return False
    examinees = map(sans_accent, _echantillon(colonne.valeurs))
    return len({mot for v in examinees for mot in DEUX_LETTRES.findall(v)}) >= COURTE_MAX


def _porte_un_mot(v: str) -> bool:
    """Deux lettres qui se suivent, une lettre et un chiffre, ou neuf chiffres : un nom, un code. Ni une tranche, ni un montant, ni « H »."""
    if ISO.fullmatch(v):
        return False
    return MOT.search(v) is not None or NEUF.fullmatch(v) is not None


def _sans_contenu(colonne: Attribut) -> bool:
    """Vide, masquée (« *** », « supprimé »), ou réduite à oui et non : l'intitulé n'annonce plus rien."""
    lues = {sans_accent(v) for v in colonne.valeurs if v.strip("*-_.#?xX")}
    return lues <= MASQUES or lues <= BANALES


def est_une_donnee(cellule: str) -> bool:
    """Une cellule d'en-tête qui a la forme d'une donnée : le fichier n'a sans doute pas d'en-tête."""
    sures = ("courriel", "nir", "iban", "telephone", "uuid", "hexadecimal", "objectid", "carte", "motdepasse")
    cellule = ordinaire(cellule)
    if any(reconnait(cellule) for nom, reconnait, _ in FORMES if nom in sures):
        return True
    return re.fullmatch(r"[\d\s.,/:+-]+", cellule) is not None and sum(c.isdigit() for c in cellule) > 4
