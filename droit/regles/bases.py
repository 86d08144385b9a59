"""Bases légales et droits qu'elles ouvrent. L'article 30 ne demande pas la base légale : les articles 5, 6, 13 et 14, si."""

import re
from collections.abc import Iterator
from datetime import date
from re import Pattern

from droit.droits_personnes import OUI, SELON_LA_BASE, DroitOuvert, droits_sans_article
from droit.faits import Element, Faits, codes, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, theme
from droit.textes_cites import cite_un_texte
from organismes.pliage import plier

theme("BAS", "Base légale et consentement", 20)

# Ce que dit le nom d'une personne publique, une fois plié. Un nom ne prouve rien : il fait poser la question.
NOMS_PUBLICS: Pattern[str] = re.compile(
    r"^(?:commune|ville|departement|region|metropole) (?:de|d'|du|des)\b"
    r"|^(?:mairie|prefecture|ministere|rectorat|universite|ccas)\b"
    r"|^(?:conseil (?:departemental|regional)|centre (?:communal|hospitalier|intercommunal)|hopita(?:l|ux) publi)"
    r"|^(?:communaute (?:de communes|d'agglomeration|urbaine)|office public|caisse primaire|agence regionale de sante)"
    r"|\betablissement public\b"
)
TEXTE_REQUIS = {
    "OBLIGATION_LEGALE": "Citez le texte et l'article qui imposent ce traitement.",
    "MISSION_INTERET_PUBLIC": "Citez le texte et l'article qui confient cette mission.",
}
HORS_CONTRAT = {
    "prospection": "Le contrat ne fonde pas la prospection : choisissez une autre base légale.",
    "cession": "Le contrat ne fonde pas la vente, la location ni l'échange de données : choisissez une autre base légale.",
}
# Ce que le contrat ne fonde pas en général, sans que la nature de la finalité suffise à en décider.
RAREMENT_AU_CONTRAT = {
    "profilage": "Le contrat ne fonde pas un profilage publicitaire ; un autre profilage n'y entre que s'il est objectivement "
    "indispensable au service demandé. Choisissez une autre base légale, ou assurez-vous de cette nécessité.",
    "statistiques": "Mesurer ou améliorer un service n'est pas, en général, nécessaire à l'exécution du contrat : choisissez "
    "une autre base légale, ou assurez-vous de cette nécessité.",
    "fraude": "La prévention de la fraude dépasse en général l'exécution du contrat : choisissez une autre base légale, ou "
    "assurez-vous de cette nécessité.",
}
MISSION_PRIVEE = (
    "Une entreprise n'exerce une mission d'intérêt public que si un texte la lui confie : citez ce texte et son article, ou "
    "choisissez une autre base légale."
)
SANS_TEXTE_CONCEVABLE = ("prospection", "cession")
MOTIF_PUBLIC = ("OBLIGATION_LEGALE", "MISSION_INTERET_PUBLIC")
# Droits que toutes les bases n'ouvrent pas : les annoncer à tort trompe la personne.
A_TORT = {
    "PORTABILITE": "Vous annoncez le droit à la portabilité, mais aucune finalité ne repose sur le consentement ni sur "
    "le contrat (RGPD art. 20(1)).",
    "OPPOSITION": "Vous annoncez le droit d'opposition, mais aucune finalité ne repose sur l'intérêt légitime ni sur "
    "une mission d'intérêt public, et aucune n'est une prospection (RGPD art. 21).",
    "RETRAIT": "Vous annoncez le retrait du consentement, mais aucune finalité n'en recueille un "
    "(RGPD art. 7(3)).",
}
COMPARES = (*SELON_LA_BASE.values(), "OPPOSITION_PROSPECTION")


@bloquant("BAS-01", "RGPD art. 6(1), 13(1)(c), 14(1)(c)", M, "finalité sans base légale")
def une_base_par_finalite(faits: Faits, le: date) -> Trouves:
    """Une finalité sans base légale."""
    for f in faits.finalites:
        if not texte(f, "base_legale"):
            yield f"finalites[{f['numero']}].base_legale", "Choisissez la base légale de cette finalité."


@alerte("BAS-02", "RGPD art. 6(1)(c), 6(1)(e), 6(3)", M, "obligation ou mission sans le texte qui la fonde")
def texte_qui_impose(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur une obligation légale ou une mission d'intérêt public, sans nommer le texte qui la fonde."""
    privee = faits.organisme.get("autorite_publique") is False
    for f in faits.finalites:
        base = texte(f, "base_legale")
        if base in TEXTE_REQUIS and not cite_un_texte(texte(f, "texte_legal")):
            du_prive = privee and base == "MISSION_INTERET_PUBLIC"
            yield f"finalites[{f['numero']}].texte_legal", MISSION_PRIVEE if du_prive else TEXTE_REQUIS[base]


@alerte(
    "BAS-03", "RGPD art. 6(1)(f), 13(1)(d), 14(2)(b)", M, "intérêt légitime ou mise en balance non décrits"
)
def mise_en_balance(faits: Faits, le: date) -> Trouves:
    """Une finalité fondée sur l'intérêt légitime, dont la mise en balance n'est pas faite ou l'intérêt pas dit."""
    for f in faits.finalites:
        if f.get("base_legale") != "INTERET_LEGITIME":
            continue
        for nom, phrase in _manques_de_la_balance(f):
            yield f"finalites[{f['numero']}].{nom}", phrase


def _manques_de_la_balance(f: Element) -> Iterator[tuple[str, str]]:
    faite = f.get("balance_faite")
    if faite is False:
        yield (
            "balance_faite",
            "Documentez l'intérêt poursuivi, la nécessité du traitement et la mise en balance avec les droits "
            "des personnes.",
        )
    elif faite is not True:
        yield (
            "balance_faite",
            "Dites si la mise en balance est faite : l'intérêt poursuivi, la nécessité du traitement, les droits des "
            "personnes.",
        )
    elif not texte(f, "balance"):
        yield (
            "balance",
            "Indiquez le résultat de la mise en balance, ou la référence du document qui le porte.",
        )
    if not texte(f, "interet_legitime"):
        yield (
            "interet_legitime",
            "Dites l'intérêt légitime poursuivi : les personnes doivent en être informées.",
        )


@bloquant(
    "BAS-04",
    "RGPD art. 6(1)(b) ; CEPD, lignes directrices 2/2019 ; CJUE 4 juillet 2023, C-252/21",
    S,
    "finalité étrangère au contrat, et fondée sur lui",
    ecartable=True,
)
def contrat_hors_de_propos(faits: Faits, le: date) -> Trouves:
    """Une prospection ou une cession fondées sur le contrat ; une alerte pour un profilage, des statistiques ou la fraude."""
    for f in faits.finalites:
        if f.get("base_legale") != "CONTRAT":
            continue
        nature, chemin = texte(f, "type"), f"finalites[{f['numero']}].base_legale"
        if nature == "prospection" and f.get("rappel_demande") is True:
            continue  # répondre à qui demande une offre est une mesure précontractuelle
        if nature in HORS_CONTRAT:
            yield chemin, HORS_CONTRAT[nature]
        elif nature in RAREMENT_AU_CONTRAT:
            yield Trouve(chemin, RAREMENT_AU_CONTRAT[nature], Gravite.ALERTE)


@alerte(
    "BAS-10",
    "RGPD art. 7(3), 12(1), 13(2)(b) et (c), 14(2)(c) et (d), 20, 21",
    M,
    "droits annoncés qui ne suivent pas les bases légales",
)
def droits_annonces(faits: Faits, le: date) -> Trouves:
    """Un droit annoncé qu'aucune base légale de la fiche n'ouvre, ou un droit ouvert que l'information n'annonce pas."""
    annonces = codes(faits.volet("information"), "droits")
    if not annonces:
        return
    ouverts = [droit for f in faits.finalites for droit in droits_sans_article(faits, f)]
    for phrase in _annonces_a_tort(faits, annonces, {droit.code for droit in ouverts}):
        yield "information.droits", phrase
    if manquent := _tus(annonces, ouverts):
        yield (
            "information.droits",
            "Les finalités de la fiche ouvrent des droits que vous n'annoncez pas : "
            f"{faits.citer('droits', manquent)}.",
        )


def _annonces_a_tort(faits: Faits, annonces: tuple[str, ...], ouverts: set[str]) -> list[str]:
    """Rien tant qu'une base reste à choisir : elle pourrait ouvrir le droit annoncé."""
    bases = [texte(f, "base_legale") for f in faits.finalites]
    if not bases or not all(base in faits.reperes.bases_legales for base in bases):
        return []
    if "OPPOSITION_PROSPECTION" in ouverts:  # s'opposer à la prospection, c'est encore s'opposer
        ouverts = {*ouverts, "OPPOSITION"}
    return [phrase for code, phrase in A_TORT.items() if code in annonces and code not in ouverts]


def _tus(annonces: tuple[str, ...], ouverts: list[DroitOuvert]) -> list[str]:
    """Les droits ouverts sans condition et non annoncés. La réclamation est une mention : INF-02 en parle."""
    certains = {droit.code for droit in ouverts if droit.ouverture == OUI}
    return [code for code in COMPARES if code in certains and code not in annonces]


@alerte("BAS-11", "RGPD art. 6(1), second alinéa", P, "autorité publique qui invoque l'intérêt légitime")
def interet_d_une_autorite_publique(faits: Faits, le: date) -> Trouves:
    """L'intérêt légitime invoqué par une autorité publique, ou par un organisme qui paraît en être une et ne le dit pas."""
    publique = faits.organisme.get("autorite_publique")
    interets = [f for f in faits.finalites if f.get("base_legale") == "INTERET_LEGITIME"]
    if publique is True:
        for f in interets:
            yield (
                f"finalites[{f['numero']}].base_legale",
                "L'intérêt légitime ne fonde pas ce qu'une autorité publique fait dans l'exécution de ses missions : "
                "choisissez la mission d'intérêt public ou l'obligation légale, sauf si cette finalité est étrangère à vos "
                "missions.",
            )
    elif publique is None and interets and parait_publique(faits):
        yield (
            "organisme.autorite_publique",
            "Dites si l'organisme est une autorité publique : l'intérêt légitime ne fonderait pas ce qu'il fait dans "
            "l'exécution de ses missions.",
        )


def parait_publique(faits: Faits) -> bool:
    """Le nom de l'organisme, ou une mission d'intérêt public invoquée par la fiche, le laissent-ils penser ?"""
    mission = any(f.get("base_legale") == "MISSION_INTERET_PUBLIC" for f in faits.finalites)
    return mission or bool(NOMS_PUBLICS.search(plier(texte(faits.organisme, "raison_sociale"))))


@alerte(
    "BAS-12", "RGPD art. 6(1)(c) à (e), 6(3), considérant 46", M, "base légale que la finalité n'appelle pas"
)
def base_sans_rapport(faits: Faits, le: date) -> Trouves:
    """Une prospection ou une cession fondées sur une obligation ou une mission, ou des intérêts vitaux sans justification."""
    for f in faits.finalites:
        base, commerciale = texte(f, "base_legale"), f.get("type") in SANS_TEXTE_CONCEVABLE
        if base in MOTIF_PUBLIC and commerciale:
            yield (
                f"finalites[{f['numero']}].base_legale",
                "Prospecter, vendre, louer ou échanger des données ne répond en général ni à une obligation légale, ni à une "
                "mission d'intérêt public : choisissez une autre base légale, ou vérifiez que le texte cité l'impose.",
            )
        elif base == "INTERETS_VITAUX" and (commerciale or not texte(f, "justification")):
            yield (
                f"finalites[{f['numero']}].justification",
                "Cette base ne vaut que si une vie est en jeu et qu'aucune autre ne convient : dites pourquoi, ou "
                "choisissez-en une autre.",
            )
