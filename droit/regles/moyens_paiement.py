"""Moyens de paiement : le numéro de carte gardé pour d'autres achats que celui qu'il paie."""

import re
from datetime import date

from droit.faits import Faits, texte
from droit.regles.regle import S, Trouves, alerte
from organismes.pliage import plier

# La fraude et le contentieux ont leur propre intérêt légitime ; garder la carte pour demain, non (CE, 10 déc. 2020).
LITIGE = re.compile(r"contest|litige|reclamation|rembours|impaye|retrofacturation|caution|fraude")
AUTRES_INTERETS = ("fraude", "exclusion", "droits", "statistiques")


@alerte(
    "SEN-12",
    "RGPD art. 6(1)(a), 6(1)(f) ; CNIL, délibération n° 2018-303 ; CE, 10 décembre 2020, n° 429571",
    S,
    "numéro de carte gardé sans consentement",
)
def carte_pour_d_autres_achats(faits: Faits, le: date) -> Trouves:
    """Un numéro de carte bancaire qui sert une finalité fondée sur l'intérêt légitime, hors fraude et contentieux."""
    cartes = [d for d in faits.donnees() if d.get("categorie") == "CARTE_BANCAIRE"]
    if not cartes:
        return
    for f in faits.finalites:
        sert = any(f in faits.finalites_servies(d) for d in cartes)
        dit = plier(texte(f, "libelle"))
        propre = f.get("type") in AUTRES_INTERETS or LITIGE.search(dit)
        if sert and f.get("base_legale") == "INTERET_LEGITIME" and not propre:
            yield (
                f"finalites[{f['numero']}].base_legale",
                "Garder le numéro de carte pour faciliter d'autres achats suppose le consentement de la personne, sauf abonnement "
                "qui l'inscrit dans une relation régulière : fondez cette finalité sur lui, ou n'y employez pas la carte.",
            )
