"""Reconnaître une valeur à sa forme : courriel, téléphone, NIR, IBAN, carte, SIRET, plaque, adresse, IP, empreinte, jeton.

Chaque fonction répond pour une valeur ; `detection` en tire ce qu'est la colonne.
"""

import ipaddress
import re
from collections.abc import Callable

COURRIEL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
TELEPHONE = re.compile(
    r"33[1-9]\d{8}|(?:(?:\+|00)\d{1,3}[ .-]?(?:\(0\))?|0)[ .-]?[1-9](?:[ .-]?\d){7,12}", re.ASCII
)
TELEPHONE_FRANCAIS = re.compile(
    r"(?<![\d.,])(?:(?:\+|00)33[ .-]?(?:\(0\))?[ .-]?|0)[1-9](?:[ .-]?\d{2}){4}(?![\d,])"
)
NIR = re.compile(r"[1-478]\d{2}(?:0[1-9]|[2-9]\d|1[0-2])(?:\d{2}|2[AB])\d{6}(\d{2})?", re.ASCII)
NIR_SANS_CLE = re.compile(r"[12]\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[1-8]\d|9[0-57-9]|2[AB])\d{6}", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", re.ASCII)
CARTE = re.compile(r"[2-6]\d{12,18}", re.ASCII)
ENTREPRISE = re.compile(r"\d{9}(?:\d{5})?", re.ASCII)
PLAQUE = re.compile(
    r"[A-HJ-NP-TV-Z]{2}[- ]?\d{3}[- ]?[A-HJ-NP-TV-Z]{2}|\d{1,4}[- ][A-Z]{2,3}[- ](?:\d{2}|2[AB]|97\d)",
    re.ASCII | re.I,
)
ADRESSE = re.compile(
    r"(?:^|[\s,])\d{1,4}(?:\s?(?:bis|ter|quater|[a-d]))?[\s,]+(?:rue|r\.|avenue|av\.?|ave|boulevard|bd|bld|place|pl\.?|chemin|che?m?\.?|"
    r"impasse|imp\.?|all[ée]es?|route|rte|quai|cours|square|passage|sentier|r[ée]sidence|lotissement|hameau|faubourg|fbg|mont[ée]e|"
    r"traverse|villa|cit[ée]|clos|esplanade|promenade|street|road)\s+\w",
    re.I,
)
VOIE = re.compile(
    r"\b(?:rue|avenue|boulevard|chemin|impasse|all[ée]es?)\s+(?:de |du |des |d[e']|de la |de l'|les |la |le |l'|[A-ZÀ-Ý])",
    re.I,
)
CIVILITE = re.compile(r"\b(?:M\.|MM\.|Mr\.?|Mme|Mmes|Mlle|Monsieur|Madame|Mademoiselle)\s+[A-ZÀ-Ý]")
COORDONNEES = re.compile(r"[(\[]?\s*-?\d{1,2}[.]\d{3,}\s*[,; ]\s*-?\d{1,3}[.]\d{3,}\s*[)\]]?", re.ASCII)
HEXADECIMAL = re.compile(
    r"(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})", re.I | re.A
)
TRONQUEE = re.compile(r"(?:0x)?[0-9a-f]{7,63}", re.I | re.A)
OBJECTID = re.compile(r"(?:ObjectId\([\"'])?[0-9a-f]{24}(?:[\"']\))?", re.I | re.A)
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII | re.I)
UUID = re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.I | re.A)
MOT_DE_PASSE = re.compile(
    r"\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|\$(?:argon2(?:id|i|d)|1|5|6|y|scrypt)\$\S{8,}|pbkdf2_\w+\$\S+|\{S?SHA\d*\}\S{20,}",
    re.ASCII,
)
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{20,}={0,2}", re.ASCII)
MASQUE = re.compile(r"\S*\*+\S*@[\w-]+(?:\.[\w-]+)+", re.ASCII)
EN_LIGNE = re.compile(
    r"@\w{2,}|GA\d\.\d\.\d+\.\d+|fb\.\d\.\d+\.\S+|https?://\S*/(?:in|u|user|users|profile?|profil|@)/?\S+",
    re.ASCII | re.I,
)
TOTAUX = frozenset("total totaux ensemble tous toutes tout all".split())  # la modalité d'une ligne de total
SEPARATEURS = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}.-]")


def courriel(v: str) -> bool:
    return "@" in v and COURRIEL.search(v) is not None


def telephone(v: str) -> bool:
    """Un numéro seul, ou un numéro français dans un texte ; jamais un nombre à virgule."""
    return TELEPHONE.fullmatch(v) is not None or TELEPHONE_FRANCAIS.search(v) is not None


def nir(v: str) -> bool:
    """Treize chiffres et leur clé : 97 moins le reste par 97 (2A et 2B valent 19 et 18)."""
    brut = SEPARATEURS.sub("", v).upper()
    lu = NIR.fullmatch(brut)
    if lu is None or lu[1] is None:
        return False
    chiffres = brut[:13].replace("2A", "19").replace("2B", "18")
    return int(brut[13:]) == 97 - int(chiffres) % 97


def nir_sans_cle(v: str) -> bool:
    """Treize chiffres qui disent un sexe, un mois et un département : un code-barres n'y tient que par hasard."""
    return NIR_SANS_CLE.fullmatch(SEPARATEURS.sub("", v).upper()) is not None


def iban(v: str) -> bool:
    """Les quatre premiers caractères passés à la fin, les lettres comptées de 10 à 35, le reste par 97 vaut 1."""
    brut = SEPARATEURS.sub("", v).upper()
    if not IBAN.fullmatch(brut):
        return False
    return int("".join(str(int(c, 36)) for c in brut[4:] + brut[:4])) % 97 == 1


def luhn(chiffres: str) -> bool:
    """La clé des cartes bancaires, des SIREN et des SIRET : un chiffre sur deux doublé, la somme divisible par 10."""
    doubles = [int(c) * 2 for c in chiffres[-2::-2]]
    simples = [int(c) for c in chiffres[::-2]]
    return (sum(simples) + sum(d - 9 if d > 9 else d for d in doubles)) % 10 == 0


def carte(v: str) -> bool:
    brut = SEPARATEURS.sub("", v)
    return len(brut) in (13, 15, 16, 19) and CARTE.fullmatch(brut) is not None and luhn(brut)


def entreprise(v: str) -> bool:
    brut = SEPARATEURS.sub("", v)
    return ENTREPRISE.fullmatch(brut) is not None and luhn(brut) and set(brut) != {"0"}


def adresse_ip(v: str) -> bool:
    if v.count(".") != 3 and v.count(":") < 2:
        return False
    try:
        ipaddress.ip_address(v)
    except ValueError:
        return False
    return True


def empreinte_tronquee(v: str) -> bool:
    """Des lettres et des chiffres hexadécimaux mêlés : une date ou un montant n'a pas de lettre, un mot n'a pas de chiffre."""
    brut = v.lower().removeprefix("0x")
    return (
        TRONQUEE.fullmatch(v) is not None
        and any(c.isdigit() for c in brut)
        and any(c.isalpha() for c in brut)
    )


def base64(v: str) -> bool:
    formes = (str.isupper, str.islower, str.isdigit)
    return BASE64.fullmatch(v) is not None and all(any(forme(c) for c in v) for forme in formes)


def ulid(v: str) -> bool:
    return ULID.fullmatch(v) is not None and any(c.isdigit() for c in v) and any(c.isalpha() for c in v)


def _entiere(forme: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda v: forme.fullmatch(v) is not None


# Nature, reconnaissance, et part des valeurs (en dix-millièmes) à partir de laquelle la colonne est signalée : une clé
# juste ou une arobase ne se rencontrent guère par hasard ; une suite de chiffres, si (un nombre sur dix passe la clé de Luhn).
FORMES: tuple[tuple[str, Callable[[str], bool], int], ...] = (
    ("courriel", courriel, 1),
    ("nir", nir, 500),
    ("iban", iban, 100),
    ("adresse", lambda v: ADRESSE.search(v) is not None, 200),
    ("adresse", lambda v: VOIE.search(v) is not None, 2_000),
    ("nom", lambda v: CIVILITE.search(v) is not None, 200),
    ("telephone", telephone, 1_000),
    ("carte", carte, 3_000),
    ("entreprise", entreprise, 3_000),
    ("nir", nir_sans_cle, 5_000),
    ("plaque", _entiere(PLAQUE), 2_000),
    ("ip", adresse_ip, 2_000),
    ("gps", _entiere(COORDONNEES), 2_000),
    ("masque", _entiere(MASQUE), 1_000),
    ("enligne", _entiere(EN_LIGNE), 1_000),
    ("uuid", _entiere(UUID), 2_000),
    ("motdepasse", _entiere(MOT_DE_PASSE), 500),
    ("objectid", _entiere(OBJECTID), 2_000),
    ("hexadecimal", _entiere(HEXADECIMAL), 2_000),
    ("ulid", ulid, 5_000),
    ("base64", base64, 5_000),
    ("tronquee", empreinte_tronquee, 8_000),
)
