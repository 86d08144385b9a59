"""Cession, location, échange de fichiers : ce que le partenaire pourra faire, ce que la personne doit savoir."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from droit.faits import Element, Faits, codes, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, theme
from droit.sollicitations import APPELS, MESSAGES, TELEPHONE, emprunte, intitule, prospecte, sans_consentement

theme("CES", "Vente, location, échange de données", 50)

ELECTRONIQUES = MESSAGES | {"AUTOMATE_FAX"}
POSTAL = {"POSTAL_B2C"}
# Un parrain, lui, est connu de la personne : l'information dit qu'il y en a un.
A_NOMMER = ("COURTIER", "PARTENAIRE", "PUBLIQUE", "RESEAU_SOCIAL")
# Remettre à qui s'en servira pour lui-même, sans le mot de cession.
MOTS_DE_CESSION = re.compile(
    r"\b(?:transm|communiqu|partag|diffus)\w* (?:[\w']+ ){0,6}partenaires? (?:commercia|annonceur|publicitaire)"
    r"|\bprospection (?:de|par|des) (?:(?:nos|leurs|des) )?partenaires"
)


@bloquant(
    "CES-01",
    "CPCE art. L34-5 ; CNIL, fiche du 28 décembre 2018",
    P,
    "transmission pour une prospection électronique, sans consentement",
)
def transmission_electronique(faits: Faits, le: date) -> Trouves:
    """Une transmission à des partenaires pour leur prospection électronique, sans consentement."""
    for chemin, gravite in _sans_consentement(faits, ELECTRONIQUES, "don"):
        yield Trouve(
            chemin,
            "Transmettre des données à des partenaires pour leur prospection électronique suppose le consentement "
            "préalable de la personne : fondez sur lui la finalité de cession correspondante.",
            gravite,
        )


@bloquant(
    "CES-02",
    "C. conso. art. L223-1 (loi n° 2025-594, art. 13)",
    P,
    "transmission pour des appels, sans consentement",
    depuis=TELEPHONE,
)
def transmission_telephonique(faits: Faits, le: date) -> Trouves:
    """Depuis le 11 août 2026, une transmission à des partenaires pour leurs appels, sans consentement, hors presse."""
    for chemin, gravite in _sans_consentement(faits, APPELS, "presse", "don"):
        yield Trouve(
            chemin,
            "Depuis le 11 août 2026, le partenaire ne peut pas appeler sans consentement : l'intérêt légitime, admis "
            "en 2018 pour cette transmission, ne suffit plus.",
            gravite,
        )


@bloquant(
    "CES-03",
    "CNIL, fiche du 28 décembre 2018",
    P,
    "transmission sans information ni opposition préalables",
)
def transmission_postale(faits: Faits, le: date) -> Trouves:
    """Une transmission sans information ni opposition préalables, ou qui n'en dit rien ; bloque pour une prospection postale."""
    informe = faits.volet("cession").get("information_opposition")
    if not _cede(faits) or informe is True:
        return
    if informe is None:
        yield Trouve(
            "cession.information_opposition",
            "Dites si les personnes sont informées, et peuvent s'opposer, avant toute transmission.",
            Gravite.ALERTE,
        )
    else:
        yield Trouve(
            "cession.information_opposition",
            "Informez les personnes et permettez-leur de s'opposer avant toute transmission.",
            None if _cede(faits, POSTAL) else Gravite.ALERTE,
        )


@alerte("CES-04", "CNIL, fiche du 28 décembre 2018", S, "liste des partenaires non tenue")
def liste_des_partenaires(faits: Faits, le: date) -> Trouves:
    """Une cession sans liste des partenaires tenue à jour, ou qui ne dit pas s'il y en a une."""
    tenue = faits.volet("cession").get("partenaires_tenus")
    if _cede(faits) and tenue is not True:
        yield (
            "cession.partenaires_tenus",
            "Tenez à jour la liste des partenaires et rendez-la accessible aux personnes."
            if tenue is False
            else "Dites si la liste des partenaires est tenue à jour et accessible aux personnes.",
        )


@alerte("CES-05", "RGPD art. 15(1)(c), 19 ; CJUE 12 janvier 2023, C-154/21", M, "transmissions sans trace")
def trace_des_transmissions(faits: Faits, le: date) -> Trouves:
    """Une cession dont les transmissions ne laissent pas de trace, ou qui ne dit pas si elles en laissent."""
    trace = faits.volet("cession").get("trace")
    if _cede(faits) and trace is not True:
        yield (
            "cession.trace",
            "Gardez trace des transmissions : sans elle, vous ne pourrez ni notifier les oppositions, ni nommer les "
            "destinataires à la personne qui le demande."
            if trace is False
            else "Dites si les transmissions laissent une trace : il en faut une pour notifier les oppositions et nommer les "
            "destinataires à la personne qui le demande.",
        )


@bloquant(
    "CES-06",
    "RGPD art. 9, 10",
    M,
    "donnée sensible ou d'infraction dans un fichier cédé",
    ecartable=True,
)
def cession_de_donnees_sensibles(faits: Faits, le: date) -> Trouves:
    """Une donnée d'infraction cédée, louée ou échangée, une donnée de l'article 9 qui l'est sans consentement explicite à la
    transmission, ou une donnée de santé vendue."""
    if not _cede(faits):
        return
    for d in faits.donnees("sensible"):
        if d.get("categorie") == "SANTE" and "vente" in codes(faits.volet("cession"), "operations"):
            if _cedantes(faits, d):
                yield _sante_vendue(d)
        else:
            yield from _sensible_cedee(faits, d)
    for d in faits.donnees("infraction"):
        if _cedantes(faits, d):
            yield _infraction_cedee(d)


def _cedantes(faits: Faits, donnee: Element) -> list[Element]:
    """Les finalités de cession que sert cette donnée ; elle les sert toutes si elle n'en nomme aucune."""
    servies = donnee.get("finalites") or ()
    cessions = faits.finalites_de("cession")
    if not cessions and not servies:
        return list(faits.finalites)
    return [f for f in cessions if not servies or f.get("numero") in servies]


def _sensible_cedee(faits: Faits, d: Element) -> Iterator[Trouve]:
    a_consentir = [f for f in _cedantes(faits, d) if f.get("consentement_explicite") is not True]
    if not a_consentir:
        return
    certain = any(_transmise_sans_accord(f) for f in a_consentir)
    yield Trouve(
        f"donnees[{d['numero']}].categorie",
        "Une donnée sensible n'entre dans un fichier cédé, loué ou échangé que si la personne a consenti explicitement à cette "
        "transmission (art. 9(2)(a)) : "
        + ("recueillez ce consentement" if certain else "dites si elle l'a fait")
        + ", ou retirez la donnée.",
        None if certain else Gravite.ALERTE,
    )


def _transmise_sans_accord(f: Element) -> bool:
    """Le consentement explicite est refusé, ou une autre base est choisie sans lui."""
    return f.get("consentement_explicite") is False or bool(texte(f, "base_legale") and sans_consentement(f))


def _sante_vendue(d: Element) -> Trouve:
    return Trouve(
        f"donnees[{d['numero']}].categorie",
        "Vendre des données de santé qui identifient une personne est interdit, même avec son accord : retirez-les du fichier.",
        source="C. santé publ. art. L1111-8",
        marque=P,
    )


def _infraction_cedee(d: Element) -> Trouve:
    dite = texte(d, "justification_art10")
    return Trouve(
        f"donnees[{d['numero']}].categorie",
        "Une donnée relative à une infraction n'entre dans un fichier cédé, loué ou échangé que si un texte le permet (art. 10) : "
        + (
            "vérifiez que celui que vous citez vaut aussi pour la transmission."
            if dite
            else "citez-le, ou retirez la donnée."
        ),
        Gravite.ALERTE if dite else None,
    )


@bloquant(
    "CES-07",
    "RGPD art. 7(1) ; pratique de sanction de la CNIL",
    S,
    "fichier acquis sans preuve du consentement d'origine",
    ecartable=True,
)
def fichier_acquis(faits: Faits, le: date) -> Trouves:
    """Un fichier de courtier employé pour une prospection électronique ou téléphonique, sans preuve du consentement."""
    if texte(faits.volet("cession"), "preuve_source"):
        return
    vises = ELECTRONIQUES | (APPELS if le >= TELEPHONE else set())
    if any("COURTIER" in codes(d, "sources") and _sert(faits, d, vises) for d in faits.liste("donnees")):
        yield (
            "cession.preuve_source",
            "Ce fichier vient d'un courtier : exigez de lui la preuve que chaque personne a consenti à vos messages, "
            "et dites comment vous la tenez.",
        )


def _sert(faits: Faits, donnee: Element, canaux: set[str]) -> bool:
    """La donnée sert-elle une prospection commerciale qui passe par l'un de ces canaux, et que le consentement fonde ?"""
    servies = donnee.get("finalites") or ()
    return any(
        emprunte(f, canaux) and prospecte(faits, f) is not False and f.get("objet_sollicitation") != "presse"
        for f in faits.finalites
        if not servies or f.get("numero") in servies
    )


@alerte("CES-08", "RGPD art. 5(2), 13(1)(e) et 30(1)(d)", M, "cession déclarée à moitié")
def cession_a_moitie(faits: Faits, le: date) -> Trouves:
    """Une finalité de cession, ou dont les mots en sont une, sans que la fiche dise que des données sont cédées ; ou l'inverse."""
    cessions = faits.finalites_de("cession")
    active = faits.volet("cession").get("active")
    if active is True:
        if faits.finalites and not cessions:
            yield (
                "cession.active",
                "Des données sont vendues, louées ou échangées, et aucune finalité ne le dit : ajoutez-la, avec sa base légale.",
            )
    elif cessions:
        yield "cession.active", _cession_a_confirmer(active)
    else:
        yield from _cession_dans_les_mots(faits)


def _cession_a_confirmer(active: Any) -> str:
    noms = "Une finalité consiste à vendre, louer ou échanger des données"
    if active is False:
        return f"{noms}, et la fiche répond que rien n'est cédé : corrigez l'une ou l'autre."
    return f"{noms} : répondez à cette question, et décrivez la transmission."


def _cession_dans_les_mots(faits: Faits) -> Iterator[tuple[str, str]]:
    for f in faits.finalites:
        if MOTS_DE_CESSION.search(intitule(f)):
            yield (
                f"finalites[{f['numero']}].type",
                f"Dites si cette finalité (« {texte(f, 'libelle')} ») cède des données à des tiers pour leur propre compte : elle "
                "serait une cession, avec son régime.",
            )


@alerte(
    "CES-09", "RGPD art. 13(1)(e), 14(1)(e) et 15(1)(c)", M, "cession qui ne dit pas quoi, à qui, ni comment"
)
def cession_decrite(faits: Faits, le: date) -> Trouves:
    """Une cession sans ses partenaires, ses opérations ou les canaux que les partenaires emploieront."""
    if not _cede(faits):
        return
    cession = faits.volet("cession")
    if not texte(cession, "partenaires"):
        yield (
            "cession.partenaires",
            "Nommez les partenaires, ou leurs catégories : la personne doit pouvoir les connaître.",
        )
    if not codes(cession, "operations"):
        yield "cession.operations", "Dites si les données sont vendues, louées ou échangées."
    if not codes(cession, "canaux") and not any(codes(f, "canaux") for f in faits.finalites_de("cession")):
        yield (
            "cession.canaux",
            "Dites par quels canaux les partenaires prospecteront : le consentement ou l'opposition en dépend.",
        )


@alerte("CES-10", "RGPD art. 19 et 21(3)", M, "oppositions et retraits non répercutés aux partenaires")
def propagation(faits: Faits, le: date) -> Trouves:
    """Une cession qui ne dit pas comment les partenaires apprennent les oppositions, les retraits et les effacements."""
    if _cede(faits) and not texte(faits.volet("cession"), "propagation_opposition"):
        yield (
            "cession.propagation_opposition",
            "Dites comment chaque partenaire servi apprend les oppositions, les retraits et les effacements.",
        )


@alerte("CES-11", "RGPD art. 14(1) à 14(3)", M, "information par le partenaire non prévue")
def information_par_le_partenaire(faits: Faits, le: date) -> Trouves:
    """Une cession qui ne dit pas qui informera la personne une fois ses données transmises, ni quand."""
    if _cede(faits) and not texte(faits.volet("cession"), "information_art14"):
        yield (
            "cession.information_art14",
            "Dites qui informe la personne après la transmission, et quand : au premier message du partenaire, et sous un mois au "
            "plus tard.",
        )


@alerte("CES-12", "RGPD art. 7(1)", M, "consentement transmis sans preuve décrite")
def preuve_transmise(faits: Faits, le: date) -> Trouves:
    """Une cession fondée sur le consentement qui ne dit pas comment le consentement d'origine se prouve."""
    consentie = any(not sans_consentement(f) for f in faits.finalites_de("cession"))
    if _cede(faits) and consentie and not texte(faits.volet("cession"), "preuve_source"):
        yield (
            "cession.preuve_source",
            "Dites comment se prouve le consentement que la personne a donné à la transmission, et comment le partenaire en dispose.",
        )


@alerte("CES-13", "RGPD art. 14(2)(f) et 15(1)(g)", M, "source des données qui n'est pas nommée")
def source_nommee(faits: Faits, le: date) -> Trouves:
    """Des données qui viennent d'un courtier, d'un partenaire, d'un site ou d'un réseau que la fiche ne nomme pas."""
    anonymes = {
        d["numero"]: sources
        for d in faits.liste("donnees")
        if not texte(d, "source_nom") and (sources := [s for s in codes(d, "sources") if s in A_NOMMER])
    }
    if anonymes:
        cites = faits.citer("sources_donnees", [s for sources in anonymes.values() for s in sources])
        yield (
            f"donnees[{next(iter(anonymes))}].source_nom",
            f"Nommez d'où viennent ces données ({cites}) : la personne a le droit d'en connaître la source.",
        )


def _cede(faits: Faits, canaux: set[str] | None = None) -> bool:
    """Des données sont-elles cédées, louées ou échangées, et pour l'un de ces canaux s'il en est donné ?"""
    cession = faits.volet("cession")
    vise = canaux is None or not canaux.isdisjoint(codes(cession, "canaux"))
    return cession.get("active") is True and vise


def _sans_consentement(
    faits: Faits, canaux: set[str], *sauf_objets: str
) -> Iterator[tuple[str, Gravite | None]]:
    """La base de chaque finalité de cession qui sert ces canaux sans consentement ; les canaux si aucune ne les sert.

    Une finalité qui nomme ses canaux ne se juge que sur eux ; sinon, sur ceux de la cession. Une base à choisir ne bloque pas : BAS-01
    l'exige déjà.
    """
    if not _cede(faits):
        return
    tous = codes(faits.volet("cession"), "canaux")
    servent = [f for f in faits.finalites_de("cession") if canaux & {*(codes(f, "canaux") or tous)}]
    if not servent and canaux & {*tous}:
        yield "cession.canaux", None
    for f in servent:
        excepte = f.get("objet_sollicitation") in sauf_objets
        if sans_consentement(f) and not excepte:
            yield f"finalites[{f['numero']}].base_legale", None if texte(f, "base_legale") else Gravite.ALERTE
