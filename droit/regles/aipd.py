"""Analyse d'impact : quand elle est requise, ce qui justifie son absence, quand la CNIL doit être consultée."""

from collections.abc import Iterable
from datetime import date

from droit.criteres_aipd import PropositionAipd, certains, proposer
from droit.faits import RIEN, Faits, codes, jour, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, S, Trouves, alerte, bloquant, theme
from droit.types_aipd import dispense, hors_de_propos, types_requis
from traitements.phrases import date_en_mots, enumerer

theme("AIP", "Analyse d'impact", 100)

SEUIL = 2  # critères réunis, quand les référentiels n'en fixent pas un autre
TROIS = 3  # critères que le risque élevé se présume « quelles que soient les mesures prévues » (WP248 rév. 01, III.B.a)
SANS_ANALYSE = ("", "non_requise")
AU_PROFILAGE = "R10"  # la règle PRF-04 le dit, où le profilage se déclare


@bloquant(
    "AIP-01",
    "RGPD art. 35(1), 35(3), 35(4) ; CNIL, délib. 2018-327",
    S,
    "analyse d'impact requise et non réalisée",
    ecartable=True,
)
def analyse_realisee(faits: Faits, le: date) -> Trouves:
    """Un traitement soumis à analyse d'impact, de l'aveu de la fiche ou d'après ses faits, dont l'analyse n'est pas datée.

    Avant la mise en œuvre, une alerte ; de même quand le type se déduit sans être certain.
    """
    aipd = faits.volet("aipd")
    if codes(aipd, "liste_requise") or aipd.get("decision") == "requise":
        yield from _requise(faits, le)
    elif not realisee(faits, le):
        yield from _reconnue(faits, le)


def _requise(faits: Faits, le: date) -> Trouves:
    """La fiche elle-même dit l'analyse requise."""
    aipd = faits.volet("aipd")
    quand, types = jour(aipd, "date"), codes(aipd, "liste_requise")
    pourquoi = f" (type de traitement : {_types(faits, types)})" if types else ""
    if not faits.actif(le):
        if quand is None and aipd.get("decision") != "realisee":
            yield Trouve(
                "aipd.date",
                f"Une analyse d'impact est requise{pourquoi} : réalisez-la avant de mettre le traitement en œuvre.",
                Gravite.ALERTE,
            )
    elif quand is None:
        yield (
            "aipd.date",
            f"Une analyse d'impact est requise{pourquoi} et aucune n'est datée, alors que le traitement est mis en œuvre : "
            "réalisez-la, ou indiquez sa date.",
        )
    elif quand > le:
        yield (
            "aipd.date",
            f"Une analyse d'impact est requise{pourquoi} et la seule que la fiche indique porte une date à venir, le "
            f"{date_en_mots(quand)}, alors que le traitement est mis en œuvre : réalisez-la, ou corrigez sa date.",
        )


def _reconnue(faits: Faits, le: date) -> Trouves:
    """Les faits de la fiche sont ceux d'un type soumis à analyse d'impact, qu'elle ne retient pas."""
    types = [t for t in types_requis(faits) if t.code != AU_PROFILAGE]
    surs = [t for t in types if t.certain]
    if surs:
        avant = "" if faits.actif(le) else " avant de mettre le traitement en œuvre"
        yield Trouve(
            "aipd.decision",
            f"Les faits déclarés sont ceux d'un type de traitement soumis à analyse d'impact : {_types(faits, _codes(surs))}. "
            f"{_pourquoi(surs)} Réalisez l'analyse{avant}.",
            None if faits.actif(le) else Gravite.ALERTE,
        )
    elif types and not _ecartee(faits) and not dispense(faits):
        yield Trouve(
            "aipd.decision",
            f"Ce traitement peut relever d'un type soumis à analyse d'impact : {_types(faits, _codes(types))}. "
            f"{_pourquoi(types)} Réalisez l'analyse, ou justifiez par écrit qu'il n'en relève pas.",
            Gravite.ALERTE,
        )


@alerte(
    "AIP-02",
    "RGPD art. 35(1) ; G29, WP248 rév. 01, III.B.a",
    S,
    "analyse d'impact écartée sans justification",
)
def absence_justifiee(faits: Faits, le: date) -> Trouves:
    """Deux critères d'analyse d'impact ou plus, retenus ou tirés des faits, et ni analyse ni justification de son absence."""
    decision = texte(faits.volet("aipd"), "decision")
    if decision not in SANS_ANALYSE or _ecartee(faits) or realisee(faits, le):
        return
    retenus = list(dict.fromkeys(codes(faits.volet("aipd"), "criteres")))
    tires = [p for p in proposer(faits) if p.code not in retenus]
    if len(retenus) + len(tires) < _seuil(faits) or _deja_dit(faits):
        return
    noms = _criteres(faits, [*retenus, *_codes(tires)])
    if decision:
        suite = "Réalisez-la, ou justifiez par écrit pourquoi elle ne l'est pas."
    else:
        suite = "Dites si vous la réalisez, ou pourquoi elle ne l'est pas."
    yield (
        "aipd.justification" if decision else "aipd.decision",
        f"Plusieurs critères {'paraissent' if tires else 'sont'} réunis ({noms}) : une analyse d'impact est en principe "
        f"requise. {suite}",
    )


@bloquant("AIP-03", "RGPD art. 36(1)", P, "risque résiduel élevé sans consultation de la CNIL")
def consultation_prealable(faits: Faits, le: date) -> Trouves:
    """Un risque qui reste élevé après les mesures prévues, sans consultation de la CNIL ; une analyse faite qui ne le dit pas."""
    aipd = faits.volet("aipd")
    eleve = aipd.get("risque_residuel_eleve")
    if eleve is True and not texte(aipd, "consultation_art36"):
        yield Trouve(
            "aipd.consultation_art36",
            "Le risque reste élevé malgré les mesures prévues : consultez la CNIL avant de mettre le traitement en œuvre, "
            "et notez la date et la référence.",
            None if faits.actif(le) else Gravite.ALERTE,
        )
    if eleve is None and realisee(faits, le):
        yield Trouve(
            "aipd.risque_residuel_eleve",
            "Dites si l'analyse conclut à un risque qui reste élevé malgré les mesures prévues : il faudrait alors consulter "
            "la CNIL.",
            Gravite.ALERTE,
        )


@alerte(
    "AIP-04",
    "RGPD art. 35(5) ; CNIL, délib. 2019-118",
    S,
    "dispense d'analyse d'impact invoquée hors de son objet",
)
def dispense_hors_de_propos(faits: Faits, le: date) -> Trouves:
    """Un type dispensé d'analyse d'impact, invoqué pour des personnes, des données ou un usage qu'il ne vise pas."""
    for types, manque in hors_de_propos(faits):
        yield (
            "aipd.liste_dispense",
            f"La dispense invoquée ({_types(faits, types)}) {manque} : appliquez les neuf critères.",
        )


@alerte("AIP-05", "RGPD art. 5(2), 35(1)", P, "analyse d'impact incomplètement indiquée")
def analyse_demontree(faits: Faits, le: date) -> Trouves:
    """Une analyse d'impact dite réalisée sans date, à une date à venir, ou sans le document qui la montre ; une analyse datée
    ou citée, sans dire qu'elle est réalisée."""
    aipd = faits.volet("aipd")
    quand, decision = jour(aipd, "date"), texte(aipd, "decision")
    if not decision and (quand or texte(aipd, "document")):
        yield (
            "aipd.decision",
            "La fiche indique une analyse d'impact sans dire si elle est réalisée : dites-le.",
        )
    if decision != "realisee":
        return
    if quand is None:
        yield "aipd.date", "L'analyse d'impact est dite réalisée : indiquez sa date."
    elif quand > le:
        yield (
            "aipd.date",
            f"L'analyse d'impact est dite réalisée et porte une date à venir, le {date_en_mots(quand)} : corrigez l'une ou "
            "l'autre.",
        )
    if not texte(aipd, "document"):
        yield (
            "aipd.document",
            "L'analyse d'impact est dite réalisée : indiquez où elle se trouve, pour pouvoir la montrer.",
        )


@alerte(
    "AIP-06",
    "RGPD art. 35(1) ; G29, WP248 rév. 01, III.B.a",
    S,
    "trois critères d'analyse d'impact et aucune analyse",
)
def trois_criteres(faits: Faits, le: date) -> Trouves:
    """Trois critères ou plus, retenus ou certains d'après les faits, et une analyse écartée : une justification n'y suffit pas."""
    if not _ecartee(faits) or realisee(faits, le):
        return
    reunis = dict.fromkeys((*codes(faits.volet("aipd"), "criteres"), *certains(faits)))
    if len(reunis) >= TROIS and not dispense(faits) and not _reconnu(faits):
        yield (
            "aipd.decision",
            f"Trois critères ou plus sont réunis ({_criteres(faits, reunis)}) : plus il y en a, plus le risque élevé est probable, "
            "quelles que soient les mesures prévues, et une justification écrite ne suffit pas à l'écarter. Réalisez l'analyse d'impact.",
        )


@alerte(
    "AIP-07",
    "RGPD art. 35(1), 35(3)(b), 35(4)",
    P,
    "grande échelle non précisée, alors qu'elle décide de l'analyse",
)
def echelle_precisee(faits: Faits, le: date) -> Trouves:
    """L'échelle du traitement n'est pas dite, quand une analyse d'impact en dépend."""
    aipd = faits.volet("aipd")
    if faits.fiche.get("grande_echelle") is not None or texte(aipd, "decision") not in SANS_ANALYSE:
        return
    if realisee(faits, le) or codes(aipd, "liste_requise"):
        return
    if (quoi := _decide_par_l_echelle(faits)) and not dispense(faits):
        yield "grande_echelle", f"Dites si le traitement est à grande échelle : {quoi}"


def _decide_par_l_echelle(faits: Faits) -> str:
    """Ce qui rendrait l'analyse requise à grande échelle ; vide si l'échelle n'y change rien."""
    if faits.donnees("sensible") or faits.donnees("infraction"):
        return (
            "avec des données sensibles ou d'infraction, une analyse d'impact serait requise (art. 35(3)(b))."
        )
    if any(d.get("categorie") == "LOCALISATION" for d in faits.donnees()):
        return "avec des données de localisation, une analyse d'impact serait requise (liste de la CNIL)."
    reunis = (
        {} if _ecartee(faits) else dict.fromkeys((*codes(faits.volet("aipd"), "criteres"), *certains(faits)))
    )
    if len(reunis) == _seuil(faits) - 1 and not types_requis(faits):
        return f"avec un critère déjà réuni ({_criteres(faits, reunis)}), une analyse d'impact serait en principe requise."
    return ""


# --- L'état de l'analyse -----------------------------------------------------------------------------------------------
def realisee(faits: Faits, le: date) -> bool:
    """L'analyse est dite réalisée ; ou une date passée le dit, sans décision contraire, ou avec son document si elle est requise.

    Écartée, une date qui traîne ne la fait pas.
    """
    aipd = faits.volet("aipd")
    quand, decision = jour(aipd, "date"), texte(aipd, "decision")
    faite = quand is not None and quand <= le
    return (
        decision == "realisee"
        or faite
        and (not decision or decision == "requise" and bool(texte(aipd, "document")))
    )


def _ecartee(faits: Faits) -> bool:
    """L'analyse est écartée, et la fiche dit pourquoi."""
    aipd = faits.volet("aipd")
    return aipd.get("decision") == "non_requise" and bool(texte(aipd, "justification"))


def _deja_dit(faits: Faits) -> bool:
    """Une dispense vaut, ou un type de traitement tranche déjà : compter les critères n'ajoute rien."""
    return dispense(faits) or bool(codes(faits.volet("aipd"), "liste_requise")) or bool(types_requis(faits))


def _reconnu(faits: Faits) -> bool:
    """Un type de traitement est retenu, ou certain d'après les faits."""
    return bool(codes(faits.volet("aipd"), "liste_requise")) or any(t.certain for t in types_requis(faits))


# --- Les mots ----------------------------------------------------------------------------------------------------------
def _codes(propositions: list[PropositionAipd]) -> tuple[str, ...]:
    return tuple(p.code for p in propositions)


def _pourquoi(propositions: list[PropositionAipd]) -> str:
    return " ".join(p.pourquoi for p in propositions)


def _types(faits: Faits, types: tuple[str, ...]) -> str:
    return enumerer(f"« {faits.reperes.libelle('types_aipd', t)} »" for t in types)


def _criteres(faits: Faits, criteres: Iterable[str]) -> str:
    return " ; ".join(faits.reperes.libelle("criteres_aipd", c) for c in criteres)


def _seuil(faits: Faits) -> int:
    return int((faits.reperes.parametre("seuil_criteres_aipd") or RIEN).get("seuil", SEUIL))
