"""Les durées de conservation, telles qu'on les écrit. Une durée ne s'interprète que si rien ne la nuance, nulle part."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conservation.durees import UNITES, Duree
from registre.echanges.imports.textes import lire_date, plier

NUL: Mapping[str, str] = MappingProxyType({})
VALEUR_MAX = 36_500  # ce que le champ accepte

# Le mot, au singulier, replié → l'unité qui le compte, et combien de fois.
MOTS = {unite.singulier: (nom, 1) for nom, unite in UNITES.items()} | {
    "semaine": ("jours", 7),
    "annee": ("ans", 1),
}
NOMBRES = {
    "un": 1,
    "une": 1,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "dix": 10,
    "trente": 30,
}
DUREE = re.compile(
    rf"^(?:pendant |durant )?(\d{{1,4}}|{'|'.join(NOMBRES)}) (?:(\d{{1,4}}) )?({'|'.join(MOTS)})s?(?: (.*))?$"
)
# Le seul texte qui peut suivre une durée sans la nuancer : un point de départ, en toutes lettres.
DEPART = re.compile(
    r"^\s*(?:(?:[àa]\s+(?:compter|partir)\s+(?:de\s+la\s|de\s+l['’]|des\s|du\s|de\s|d['’]))"
    r"|(?P<garde>(?:apr[èe]s|d[èe]s|depuis|suivant)\s+(?:la\s|le\s|les\s|l['’])?))\s*",
    re.IGNORECASE,
)
SIMPLE = re.compile(r"^[^\W\d_]+(?:[\s'’-]+[^\W\d_]+)*$")  # des mots, ni chiffre ni ponctuation
MOTS_MAX = 14
NUANCES = re.compile(
    r"\b(?:sauf|hors|hormis|except\w*|environ|approximati\w*|ou|et|puis|ensuite|voire|soit|si|selon|sous|tant|jusqu\w*|"
    r"max\w*|min\w*|plus|moins|renouvel\w*|reconduc\w*|prolong\w*|prorog\w*|suspen\w*|interrup\w*|cas|echeant|possible\w*|"
    r"defaut|reserve|prejudice|dont|entre|lorsque|quand|pendant|durant|pour|avec|sans|non|ne|pas|archiv\w*|anonymis\w*|"
    r"supprim\w*|suppression|purge|efface\w*|destruction|contentieux|litige\w*|meme|reglable|variable|general\w*|"
    r"normalement|habituellement|theorique\w*|chaque|autre\w*|idem|etc|sinon|mais)\b"
)
FIGURE = re.compile(rf"(?:\d|\b(?:{'|'.join(n for n in NOMBRES if n not in ('un', 'une'))})\b)")


@dataclass(frozen=True)
class Delai:
    """`depart` : ce qui suit la durée, tel qu'écrit (« la fin du contrat »), ou vide."""

    duree: Duree
    depart: str = ""


def lire_duree(texte: str, officiels: Mapping[str, str] = NUL) -> Delai | None:
    """« 5 ans à compter du versement » → 5 ans, « versement » ; `None` si le texte dit plus, ou autre chose.

    Une seconde durée, une exception, une approximation, une précision entre parenthèses, avant, après ou dans le
    point de départ : le texte n'est pas interprété, il resterait une ambiguïté. `officiels` : les points de départ que le
    référentiel écrit lui-même, qui peuvent dire « ou ».
    """
    if any(c.isnumeric() and not c.isdecimal() for c in texte):  # « 5¹ ans » : un appel de note, pas 51
        return None
    propre = re.sub(r"\s+", " ", texte).strip().rstrip(".").strip()
    tete, depart, garde = _separer(propre)
    if (duree := _duree_seule(tete)) is None:
        return None
    if depart is None:
        return Delai(duree)
    if plier(depart) not in officiels and not depart_simple(depart):
        return None
    return Delai(duree, f"{garde}{depart}")


def _separer(texte: str) -> tuple[str, str | None, str]:
    """La durée, ce qui la fait courir (`None` : rien), et le mot qui le dit s'il faut le garder (« après »)."""
    for rang, caractere in enumerate(texte):
        if caractere == " " and (trouve := DEPART.match(texte[rang:])):
            return texte[:rang], texte[rang + trouve.end() :], (trouve["garde"] or "").lstrip()
    return texte, None, ""


def _duree_seule(texte: str) -> Duree | None:
    """« trois (3) ans » → 3 ans ; `None` si quoi que ce soit d'autre s'y lit."""
    if re.search(r"[^\w\s()]|_", texte) or not re.fullmatch(r"[^()]*(?:\(\d{1,4}\))?[^()]*", texte):
        return None
    trouve = DUREE.match(plier(texte))
    if not trouve or trouve[4]:
        return None
    nombre = NOMBRES.get(trouve[1]) or int(trouve[1])
    if trouve[2] and int(trouve[2]) != nombre:
        return None
    unite, facteur = MOTS[trouve[3]]
    return Duree(nombre * facteur, unite) if nombre * facteur <= VALEUR_MAX else None


def depart_simple(depart: str) -> bool:
    """Un point de départ dit en quelques mots, que rien ne nuance."""
    simple = SIMPLE.match(depart) and len(depart.split()) <= MOTS_MAX
    return bool(simple) and not NUANCES.search(plier(depart))


def porte_un_chiffre(texte: str) -> bool:
    """Le texte contient un nombre : ce n'est pas un critère, c'est une durée qui n'a pas été comprise."""
    return bool(FIGURE.search(plier(texte)))


def est_nombre_ou_date(texte: str) -> bool:
    return lire_date(texte) is not None or not re.search(r"[^\W\d_]", texte)


# --- Les événements -----------------------------------------------------------------------------------------------------

# Ce qu'on écrit couramment → le code de `evenements.toml`. Ce qui ressemble à deux événements n'y est pas.
EVENEMENTS = {
    "collecte": "COLLECTE",
    "collecte donnees": "COLLECTE",
    "collecte donnee": "COLLECTE",
    "leur collecte": "COLLECTE",
    "sa collecte": "COLLECTE",
    "dernier contact": "DERNIER_CONTACT_PROSPECT",
    "dernier contact prospect": "DERNIER_CONTACT_PROSPECT",
    "dernier contact emanant prospect": "DERNIER_CONTACT_PROSPECT",
    "fin relation commerciale": "FIN_RELATION_COMMERCIALE",
    "fin relations commerciales": "FIN_RELATION_COMMERCIALE",
    "dernier achat": "FIN_RELATION_COMMERCIALE",
    "derniere commande": "FIN_RELATION_COMMERCIALE",
    "dernier contact client": "FIN_RELATION_COMMERCIALE",
    "dernier contact emanant client": "FIN_RELATION_COMMERCIALE",
    "conclusion contrat": "CONCLUSION_CONTRAT",
    "signature contrat": "CONCLUSION_CONTRAT",
    "achat": "CONCLUSION_CONTRAT",
    "vente": "CONCLUSION_CONTRAT",
    "livraison": "LIVRAISON_OU_EXECUTION",
    "livraison bien": "LIVRAISON_OU_EXECUTION",
    "livraison produit": "LIVRAISON_OU_EXECUTION",
    "fin prestation": "LIVRAISON_OU_EXECUTION",
    "fin contrat": "FIN_CONTRAT",
    "terme contrat": "FIN_CONTRAT",
    "fin contrat travail": "FIN_CONTRAT",
    "rupture contrat travail": "FIN_CONTRAT",
    "resiliation contrat": "FIN_CONTRAT",
    "cloture exercice": "CLOTURE_EXERCICE",
    "cloture exercice comptable": "CLOTURE_EXERCICE",
    "etablissement document": "ETABLISSEMENT_DOCUMENT",
    "debit": "DEBIT",
    "date debit": "DEBIT",
    "date debit paiement": "DEBIT",
    "paiement complet": "PAIEMENT_EFFECTIF",
    "paiement effectif": "PAIEMENT_EFFECTIF",
    "paiement": "PAIEMENT_EFFECTIF",
    "regularisation impaye": "REGULARISATION_IMPAYE",
    "survenance impaye": "SURVENANCE_IMPAYE",
    "exercice droit opposition": "EXERCICE_OPPOSITION",
    "opposition": "EXERCICE_OPPOSITION",
    "retrait consentement": "RETRAIT_CONSENTEMENT",
    "cloture demande": "CLOTURE_DEMANDE",
    "cloture reclamation": "CLOTURE_DEMANDE",
    "verification identite": "VERIFICATION_IDENTITE",
    "derniere connexion": "DERNIERE_ACTIVITE_COMPTE",
    "derniere connexion compte": "DERNIERE_ACTIVITE_COMPTE",
    "derniere activite": "DERNIERE_ACTIVITE_COMPTE",
    "derniere activite compte": "DERNIERE_ACTIVITE_COMPTE",
    "derniere utilisation carte fidelite": "DERNIERE_ACTIVITE_FIDELITE",
    "fin operation": "FIN_OPERATION",
    "fin jeu": "FIN_OPERATION",
    "fin campagne": "FIN_OPERATION",
    "remise lot": "REMISE_LOT",
    "publication avis": "PUBLICATION_AVIS",
    "retrait avis": "RETRAIT_AVIS",
    "rejet avis": "REJET_AVIS",
    "depot traceur": "DEPOT_TRACEUR",
    "depot cookie": "DEPOT_TRACEUR",
    "expression choix": "EXPRESSION_CHOIX",
    "enregistrement": "ENREGISTREMENT",
    "decision justice definitive": "DECISION_DEFINITIVE",
    "mise en circulation produit": "MISE_EN_CIRCULATION",
    "decouverte vice": "DECOUVERTE_VICE",
}
OUTILS = {"de", "du", "des", "d", "la", "le", "les", "l", "apres", "depuis", "suivant"}


def evenement(depart: str, officiels: Mapping[str, str] = NUL) -> str | None:
    """Le code de l'événement que ce texte nomme, et lui seul ; `None` s'il n'en nomme aucun, ou hésite."""
    cle = plier(depart)
    if cle in officiels:
        return officiels[cle]
    return EVENEMENTS.get(" ".join(mot for mot in cle.split() if mot not in OUTILS))
