"""Secteurs et finalités hors du référentiel CNIL de gestion commerciale ; tous restent soumis au RGPD."""

from collections.abc import Iterator
from datetime import date

from droit.faits import RIEN, Element, Faits, codes, texte
from droit.regles.constat import Trouve
from droit.regles.regle import ORGANISME, RECOMMANDE, M, S, Trouves, alerte, bloquant, conseil, theme

theme("SCT", "Secteurs", 130)

GESTION_COMMERCIALE = "2021-131"
FINALITES_EXCLUES = {"fraude": "FRAUDE", "exclusion": "EXCLUSION"}  # nature → finalité hors du référentiel
SOURCES_TIERCES = "PROFILAGE_TIERS"


@alerte(
    "SCT-01", "CNIL, référentiel 2021-131, § 1", S, "référentiel qui ne vise pas votre secteur", RECOMMANDE
)
def secteur_hors_du_referentiel(faits: Faits, le: date) -> Trouves:
    """Le référentiel de gestion commerciale suivi par un organisme dont le secteur n'en relève pas."""
    secteur = _secteur(faits)
    if secteur.get("hors_referentiel_gestion_commerciale") is True and _suit_la_gestion_commerciale(faits):
        propres = " ; ".join(codes(secteur, "textes_propres"))
        yield (
            "referentiel",
            f"Votre secteur ({secteur.get('libelle')}) est hors du référentiel CNIL de gestion commerciale : ses durées ne "
            "sont pour vous qu'un repère. Le RGPD s'applique entièrement"
            + (f", avec les textes propres au secteur : {propres}." if propres else "."),
        )


@bloquant("SCT-02", "RGPD art. 2, 3", M, "organisme déclaré hors du RGPD", portee=ORGANISME)
def organisme_soumis(faits: Faits, le: date) -> Trouves:
    """Un organisme déclaré hors du RGPD, à la suite d'une reprise."""
    if faits.organisme.get("declare_hors_rgpd") is True:
        yield (
            "organisme.declare_hors_rgpd",
            "L'organisme est déclaré hors du RGPD. Aucun secteur ne l'est pour ce motif : banques, assurances, "
            "établissements de santé et d'éducation y sont soumis. Retirez cette déclaration.",
        )


@conseil(
    "SCT-03", "CNIL, référentiel 2021-131, finalités exclues", S, "finalité que le référentiel suivi exclut"
)
def finalite_hors_du_referentiel(faits: Faits, le: date) -> Trouves:
    """Une finalité que le référentiel de gestion commerciale exclut, dans une fiche qui le suit."""
    if not _suit_la_gestion_commerciale(faits):
        return
    for chemin, code in _exclusions(faits):
        if exclue := faits.reperes.finalites_hors_referentiel.get(code):
            yield Trouve(
                chemin,
                f"Le référentiel CNIL de gestion commerciale exclut cette finalité ({exclue['libelle']}) : menez votre "
                "propre analyse.",
                source=texte(exclue, "source"),
            )


def _secteur(faits: Faits) -> Element:
    return faits.reperes.secteurs.get(texte(faits.organisme, "secteur"), RIEN)


def _suit_la_gestion_commerciale(faits: Faits) -> bool:
    return GESTION_COMMERCIALE in texte(faits.fiche, "referentiel")


def _exclusions(faits: Faits) -> Iterator[tuple[str, str]]:
    """Ce qui, dans la fiche, sort du référentiel : chemin du champ et code de la finalité exclue."""
    for f in faits.finalites_de(*FINALITES_EXCLUES):
        yield f"finalites[{f['numero']}].type", FINALITES_EXCLUES[f["type"]]
    if faits.volet("profilage").get("sources_tierces") is True:
        yield "profilage.sources_tierces", SOURCES_TIERCES
