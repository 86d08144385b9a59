"""Analyse d'impact : quand elle est requise, ce qui justifie son absence, quand la CNIL doit être consultée."""

from datetime import date

from droit.faits import RIEN, Faits, codes, jour, texte
from droit.regles.regle import M, S, Trouves, alerte, bloquant, theme
from traitements.phrases import enumerer

theme("AIP", "Analyse d'impact", 100)

SEUIL = 2  # critères réunis, quand les référentiels n'en fixent pas un autre


@bloquant(
    "AIP-01",
    "RGPD art. 35(1), 35(3), 35(4) ; CNIL, délib. 2018-327",
    S,
    "analyse d'impact requise et non réalisée",
    ecartable=True,
)
def analyse_realisee(faits: Faits, le: date) -> Trouves:
    """Un traitement mis en œuvre, soumis à analyse d'impact, dont l'analyse n'est pas datée."""
    aipd = faits.volet("aipd")
    types = codes(aipd, "liste_requise")
    requise = types or aipd.get("decision") == "requise"
    if requise and jour(aipd, "date") is None and faits.actif(le):
        pourquoi = f" (type de traitement : {_types(faits, types)})" if types else ""
        yield (
            "aipd.date",
            f"Une analyse d'impact est requise{pourquoi} et aucune n'est datée, alors que le traitement est mis en œuvre : "
            "réalisez-la, ou indiquez sa date.",
        )


@alerte(
    "AIP-02",
    "RGPD art. 35(1) ; G29, WP248 rév. 01, III.B.a",
    S,
    "analyse d'impact écartée sans justification",
)
def absence_justifiee(faits: Faits, le: date) -> Trouves:
    """Deux critères d'analyse d'impact ou plus, une analyse déclarée non requise, et aucune justification."""
    aipd = faits.volet("aipd")
    criteres = dict.fromkeys(codes(aipd, "criteres"))
    if (
        len(criteres) >= _seuil(faits)
        and aipd.get("decision") == "non_requise"
        and not texte(aipd, "justification")
    ):
        reunis = " ; ".join(faits.reperes.libelle("criteres_aipd", c) for c in criteres)
        yield (
            "aipd.justification",
            f"Plusieurs critères sont réunis ({reunis}) : une analyse d'impact est en principe requise. Réalisez-la, ou "
            "justifiez par écrit pourquoi elle ne l'est pas.",
        )


@bloquant("AIP-03", "RGPD art. 36(1)", M, "risque résiduel élevé sans consultation de la CNIL")
def consultation_prealable(faits: Faits, le: date) -> Trouves:
    """Un risque qui reste élevé après les mesures prévues, sans consultation de la CNIL."""
    aipd = faits.volet("aipd")
    if aipd.get("risque_residuel_eleve") is True and not texte(aipd, "consultation_art36"):
        yield (
            "aipd.consultation_art36",
            "Le risque reste élevé malgré les mesures prévues : consultez la CNIL avant de mettre le traitement en œuvre, "
            "et notez la date et la référence.",
        )


@alerte(
    "AIP-04",
    "RGPD art. 35(5) ; CNIL, délib. 2019-118",
    S,
    "dispense d'analyse d'impact invoquée pour des clients ou des prospects",
)
def dispense_hors_de_propos(faits: Faits, le: date) -> Trouves:
    """Un type dispensé d'analyse d'impact, invoqué pour une fiche qui concerne des clients ou des prospects."""
    types = codes(faits.volet("aipd"), "liste_dispense")
    personnes = {texte(p, "categorie") for p in faits.liste("personnes")}
    if types and personnes & {"CLIENTS", "PROSPECTS"}:
        yield (
            "aipd.liste_dispense",
            f"La dispense invoquée ({_types(faits, types)}) ne vise ni les clients ni les prospects : appliquez les neuf "
            "critères.",
        )


def _types(faits: Faits, types: tuple[str, ...]) -> str:
    return enumerer(f"« {faits.reperes.libelle('types_aipd', t)} »" for t in types)


def _seuil(faits: Faits) -> int:
    return int((faits.reperes.parametre("seuil_criteres_aipd") or RIEN).get("seuil", SEUIL))
