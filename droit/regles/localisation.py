"""Localisation : suivre où se trouve une personne à d'autres fins que le service qu'elle demande suppose qu'elle y consente."""

from datetime import date

from droit.faits import Faits
from droit.regles.regle import S, Trouves, alerte

# Au-delà du service demandé et de la sécurité : ce que la position d'une personne sert ensuite.
AUTRES_FINS = ("prospection", "profilage", "cession", "statistiques", "etude")


@alerte(
    "SEN-13",
    "LIL art. 82 ; CPCE art. L34-1, V",
    S,
    "localisation exploitée sans consentement",
)
def localisation_consentie(faits: Faits, le: date) -> Trouves:
    """Des données de localisation qui servent une prospection, un profilage, une cession, une étude ou des statistiques, sans
    consentement."""
    positions = [d for d in faits.donnees() if d.get("categorie") == "LOCALISATION"]
    if not positions:
        return
    for f in faits.finalites_de(*AUTRES_FINS):
        sert = any(f in faits.finalites_servies(d) for d in positions)
        if sert and f.get("base_legale") not in ("CONSENTEMENT", None, ""):
            yield (
                f"finalites[{f['numero']}].base_legale",
                "Lire ou garder la position d'un téléphone à d'autres fins que le service demandé suppose le consentement de la "
                "personne : fondez cette finalité sur lui, ou n'y employez que des données déjà anonymes.",
            )
