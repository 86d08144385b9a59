"""Les numéros de téléphone demandés à des consommateurs : ce que l'article L223-2 du code de la consommation vise. Pur."""

import re

from droit.faits import Element, Faits, codes, texte
from droit.sollicitations import APPELS, emprunte, prospecte
from organismes.pliage import plier

CONSOMMATEURS = {
    "CLIENTS",
    "PROSPECTS",
    "ANCIENS_CLIENTS",
    "ADHERENTS_FIDELITE",
    "PARTICIPANTS_JEU",
    "ABONNES_LETTRE",
    "AUTEURS_AVIS",
    "VISITEURS_SITE",
    "REPONDANTS",
}
NUMERO = re.compile(r"\btelephon|\bportables?\b|\bmobiles?\b|\btel\b")
SANS_NUMERO = re.compile(r"\b(?:sans|hors|pas de|aucun|ni|sauf)\b[^,;.]{0,20}\b(?:telephon|portable|mobile)")


def numero_recueilli(faits: Faits) -> bool:
    """Un appel commercial à des consommateurs, ou un numéro demandé à la personne même ; jamais de professionnel à professionnel."""
    professionnel = faits.organisme.get("autorite_publique") is not True  # la loi n'oblige que lui
    if not professionnel or faits.organisme.get("secteur") == "B2B" or not _des_consommateurs(faits):
        return False
    numeros = [d for d in faits.donnees() if d.get("categorie") == "COORDONNEES" and _demandee(d)]
    if any(emprunte(f, APPELS) and prospecte(faits, f) for f in faits.finalites):
        return bool(numeros) or not faits.donnees()
    return any(_dit_le_numero(d) for d in numeros)


def _demandee(donnee: Element) -> bool:
    """La donnée vient de la personne même, ou rien ne dit d'où elle vient."""
    sources = codes(donnee, "sources")
    return not sources or "DIRECTE" in sources


def _dit_le_numero(donnee: Element) -> bool:
    precisions = plier(texte(donnee, "precisions"))
    return NUMERO.search(precisions) is not None and not SANS_NUMERO.search(precisions)


def _des_consommateurs(faits: Faits) -> bool:
    publics = {f.get("public") for f in faits.finalites if f.get("public")}
    visees = {p.get("categorie") for p in faits.liste("personnes")}
    return publics != {"B2B"} and not CONSOMMATEURS.isdisjoint(visees)
