"""Avis de consommateurs : ce que le code de la consommation demande à qui les publie."""

from datetime import date

from droit.faits import Faits, texte
from droit.regles.regle import P, Trouves, alerte, bloquant, theme

theme("AVI", "Avis de consommateurs", 120)


@bloquant(
    "AVI-01",
    "C. conso. art. D111-10, 2° b",
    P,
    "délai de publication et de conservation des avis non affiché",
    ecartable=True,
)
def delai_affiche(faits: Faits, le: date) -> Trouves:
    """Des avis recueillis ou publiés sans que le délai maximum de publication et de conservation soit indiqué."""
    if faits.finalites_de("avis") and not texte(faits.volet("avis"), "delai_affiche"):
        yield (
            "avis.delai_affiche",
            "Indiquez le délai maximum de publication et de conservation d'un avis : les consommateurs doivent pouvoir le "
            "lire dans une rubrique facile à trouver.",
        )


@alerte("AVI-02", "C. conso. art. L111-7-2, D111-12", P, "motif du refus d'un avis non communiqué")
def motif_du_refus(faits: Faits, le: date) -> Trouves:
    """Des avis refusés sans que leur auteur en connaisse le motif."""
    if faits.finalites_de("avis") and faits.volet("avis").get("motif_refus") is False:
        yield (
            "avis.motif_refus",
            "L'auteur d'un avis qui n'est pas publié doit en connaître le motif : prévoyez de le lui dire.",
        )


@alerte("AVI-03", "C. conso. art. L111-7-2, al. 5", P, "avis sans signalement ouvert au professionnel")
def signalement_ouvert(faits: Faits, le: date) -> Trouves:
    """Des avis publiés sans que le professionnel visé puisse signaler un doute sur leur authenticité."""
    if faits.finalites_de("avis") and faits.volet("avis").get("signalement") is False:
        yield (
            "avis.signalement",
            "Ouvrez aux professionnels visés un moyen gratuit de signaler, avec ses motifs, un doute sur l'authenticité "
            "d'un avis.",
        )
