"""Sécurité : le chiffrement des données à risque, et le socle minimal du guide de la CNIL."""

from datetime import date

from droit.faits import Faits, texte
from droit.regles.regle import M, P, Trouves, alerte, conseil, theme
from traitements.phrases import enumerer

theme("SCU", "Sécurité", 140)

CHIFFREMENT = "SEC21"
SOCLE = ("SEC04", "SEC05", "SEC16", "SEC17")
A_RISQUE = ("CARTE_BANCAIRE", "MOYENS_PAIEMENT", "PIECE_IDENTITE")


@alerte("SCU-01", "RGPD art. 32(1)(a)", M, "données à risque sans chiffrement déclaré")
def donnees_chiffrees(faits: Faits, le: date) -> Trouves:
    """Des moyens de paiement, des pièces d'identité, un numéro de sécurité sociale ou des données sensibles, sans mesure de
    chiffrement déclarée."""
    categories = dict.fromkeys(
        texte(d, "categorie") for d in faits.donnees() if _a_risque(faits, texte(d, "categorie"))
    )
    if categories and CHIFFREMENT not in faits.mesures:
        noms = enumerer(f"« {faits.reperes.libelle('categories_donnees', c)} »" for c in categories)
        yield (
            "mesures",
            f"Ces données exposent les personnes ({noms}) et aucune mesure de chiffrement n'est déclarée : déclarez-la, ou "
            "chiffrez-les.",
        )


@conseil(
    "SCU-02",
    "CNIL, guide de la sécurité des données personnelles, 2024",
    P,
    "socle minimal de sécurité incomplet",
    sous_traitant=True,
)
def socle_minimal(faits: Faits, le: date) -> Trouves:
    """Une fiche à laquelle manque l'authentification, la gestion des habilitations, la traçabilité ou la sauvegarde."""
    absentes = [code for code in SOCLE if code not in faits.mesures]
    if absentes:
        noms = enumerer(f"« {faits.reperes.libelle('mesures_securite', c)} »" for c in absentes)
        yield "mesures", f"Le socle minimal de sécurité n'est pas entièrement déclaré : il manque {noms}."


def _a_risque(faits: Faits, categorie: str) -> bool:
    attributs = faits.reperes.categories_donnees.get(categorie, {})
    return categorie in A_RISQUE or attributs.get("sensible") is True or attributs.get("nir") is True
