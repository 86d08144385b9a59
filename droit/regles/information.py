"""Information des personnes : où, quand, quoi, et à qui s'adresser pour exercer ses droits."""

from collections.abc import Iterator
from datetime import date

from droit.destinations import destinataires_hors_eee, sort_de_l_espace
from droit.faits import Element, Faits, codes, texte
from droit.regles.regle import RECOMMANDE, P, Trouves, alerte, conseil, theme
from traitements.phrases import enumerer

theme("INF", "Information des personnes", 110)

# Les mentions toujours dues, dans les mots de `traitements.choix` (un essai les compare).
MENTIONS = {
    "identite": "identité et coordonnées du responsable",
    "finalites": "finalités",
    "base": "base légale",
    "destinataires": "destinataires",
    "durees": "durées de conservation",
    "droits": "droits des personnes",
    "reclamation": "réclamation auprès de la CNIL",
    "caractere_obligatoire": "caractère obligatoire ou facultatif des réponses",
}
# Celles qu'un fait rend dues, chacune avec ce fait.
MENTIONS_SELON_LES_FAITS = {
    "dpo": ("coordonnées du délégué", "vous en avez un"),
    "interets": ("intérêts légitimes poursuivis", "une finalité se fonde sur eux"),
    "transferts": ("transferts hors de l'Espace économique européen", "la fiche en montre"),
    "retrait": ("droit de retirer le consentement", "la fiche en demande un"),
}
COLLECTE_DIRECTE = "DIRECTE"
DEJA_INFORMEE = "deja-informee"
CONSENTEMENT_ART9 = "ART9_A"


@alerte("INF-01", "RGPD art. 12 à 14 ; C. pénal art. R625-10", P, "support d'information non indiqué")
def support_d_information(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas où les personnes sont informées, hors dispense motivée."""
    if not codes(faits.volet("information"), "supports") and not _dispense(faits):
        yield (
            "information.supports",
            "Indiquez où les personnes sont informées : formulaire, page, affiche, premier message.",
        )


@alerte("INF-02", "RGPD art. 13, 14", P, "mentions d'information incomplètes")
def mentions_completes(faits: Faits, le: date) -> Trouves:
    """Une information à laquelle manque une mention toujours due, ou que les faits rendent due : délégué, intérêts légitimes,
    transferts, retrait du consentement (art. 13 et 14)."""
    presentes = codes(faits.volet("information"), "mentions")
    absentes = [dite for mention, dite in _dues(faits, le) if mention not in presentes]
    if absentes and not _dispense(faits):
        yield (
            "information.mentions",
            f"Il manque à l'information des personnes : {enumerer(absentes)}.",
        )


@alerte("INF-03", "RGPD art. 12(2), 13(2)(b), 14(2)(c)", P, "contact pour exercer ses droits non indiqué")
def contact_pour_les_droits(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas à qui s'adresser pour exercer ses droits."""
    if not texte(faits.volet("information"), "contact_droits"):
        yield (
            "information.contact_droits",
            "Indiquez à qui les personnes s'adressent pour exercer leurs droits.",
        )


@alerte("INF-04", "RGPD art. 14(3)", P, "moment de l'information non dit, pour une collecte indirecte")
def moment_de_l_information(faits: Faits, le: date) -> Trouves:
    """Des données qui ne viennent pas de la personne, sans que l'on dise quand elle en est informée."""
    information = faits.volet("information")
    if _indirectes(faits) and not texte(information, "moment") and not texte(information, "exception_art14"):
        yield (
            "information.moment",
            "Des données ne viennent pas de la personne : dites quand elle en est informée, au plus tard un mois après leur "
            "obtention, lors du premier échange avec elle ou de la première communication à un autre.",
        )


@alerte("INF-05", "RGPD art. 13(4), 14(5)", P, "dispense d'informer sans raison ou sans objet")
def dispense_d_informer(faits: Faits, le: date) -> Trouves:
    """Une dispense de l'article 14(5) invoquée sans sa raison, ou quand aucune donnée ne vient d'un autre que la personne."""
    information = faits.volet("information")
    if not texte(information, "exception_art14"):
        return
    sans_objet = faits.donnees() and not _indirectes(faits) and not _sans_source(faits)
    if (
        sans_objet and information.get("exception_art14") != DEJA_INFORMEE
    ):  # celle-ci vaut aussi à la collecte : art. 13(4)
        yield (
            "information.exception_art14",
            "Cette dispense ne vaut que pour des données obtenues d'un autre que la personne, et la fiche n'en montre pas : "
            "retirez-la, ou corrigez la source des données.",
        )
    elif not texte(information, "exception_art14_motif"):
        yield (
            "information.exception_art14_motif",
            "Cette dispense s'interprète strictement : dites pourquoi elle s'applique, et ce qui protège les personnes.",
        )


@conseil("INF-06", "RGPD art. 13(2)(e)", P, "caractère obligatoire des réponses non dit", RECOMMANDE)
def reponses_obligatoires(faits: Faits, le: date) -> Trouves:
    """Des données demandées à la personne, sans que l'on sache si elle doit les donner, ou ce qui suit si elle ne les donne pas."""
    muettes = [d for d in faits.donnees() if _est_demandee(d) and _sans_reponse(d)]
    if muettes:
        noms = faits.citer("categories_donnees", (texte(d, "categorie") for d in muettes))
        champ = "obligatoire" if muettes[0].get("obligatoire") is None else "consequence_defaut"
        yield (
            f"donnees[{muettes[0]['numero']}].{champ}",
            f"Dites si la personne doit donner ces données et, si oui, ce qui suit lorsqu'elle ne les donne pas : {noms}. La "
            "notice en a besoin.",
        )


@alerte("INF-07", "RGPD art. 13, 14(2)(f)", P, "source des données non dite")
def source_des_donnees(faits: Faits, le: date) -> Trouves:
    """Des données dont on ne sait pas si elles viennent de la personne : l'information n'est pas la même."""
    muettes = [d for d in faits.donnees() if not codes(d, "sources")]
    if muettes:
        noms = faits.citer("categories_donnees", (texte(d, "categorie") for d in muettes))
        yield (
            f"donnees[{muettes[0]['numero']}].sources",
            f"Dites d'où viennent ces données ({noms}) : ce que vous devez aux personnes, et quand, en dépend.",
        )


@alerte("INF-08", "RGPD art. 13(2)(b), 14(2)(c)", P, "droits annoncés non indiqués")
def droits_indiques(faits: Faits, le: date) -> Trouves:
    """Une fiche qui ne dit pas quels droits l'information annonce aux personnes, hors dispense motivée."""
    if not codes(faits.volet("information"), "droits") and not _dispense(faits):
        yield (
            "information.droits",
            "Indiquez les droits que l'information annonce aux personnes : ils suivent les bases légales de la fiche.",
        )


# --- Mentions dues -----------------------------------------------------------------------------------------------------
def _dues(faits: Faits, le: date) -> Iterator[tuple[str, str]]:
    """Chaque mention due et ses mots ; le caractère obligatoire ne se dit qu'à la personne que l'on interroge (art. 13(2)(e))."""
    for mention, dite in MENTIONS.items():
        if mention != "caractere_obligatoire" or _interroge(faits):
            yield mention, dite
    faits_etablis = {
        "dpo": _a_un_delegue(faits),
        "interets": any(f.get("base_legale") == "INTERET_LEGITIME" for f in faits.finalites),
        "transferts": _transfere(faits, le),
        "retrait": _demande_un_consentement(faits),
    }
    for mention, (dite, fait) in MENTIONS_SELON_LES_FAITS.items():
        if faits_etablis[mention]:
            yield mention, f"{dite} ({fait})"


def _interroge(faits: Faits) -> bool:
    """Des données sont recueillies auprès de la personne, ou l'on ne sait pas d'où elles viennent."""
    return not faits.donnees() or any(_est_demandee(d) for d in faits.donnees())


def _est_demandee(donnee: Element) -> bool:
    sources = codes(donnee, "sources")
    return not sources or COLLECTE_DIRECTE in sources


def _a_un_delegue(faits: Faits) -> bool:
    return any(texte(faits.organisme, nom) for nom in ("dpo_nom", "dpo_courriel", "dpo_societe"))


def _transfere(faits: Faits, le: date) -> bool:
    """Des données quittent l'Espace économique européen : la fiche le dit, ou le montre."""
    if faits.fiche.get("transferts_hors_eee") is True:
        return True
    partent = any(sort_de_l_espace(faits, x, le) for x in faits.liste("transferts"))
    return partent or any(r.get("type") != "INTERNE" for r in destinataires_hors_eee(faits, le))


def _demande_un_consentement(faits: Faits) -> bool:
    """Au titre de l'article 6 ou de l'article 9 : l'un et l'autre se retirent (art. 13(2)(c), 14(2)(d))."""
    explicite = any(f.get("consentement_explicite") is True for f in faits.finalites)
    return bool(faits.consenties) or explicite or _donnees_consenties(faits)


def _donnees_consenties(faits: Faits) -> bool:
    return any(d.get("exception_art9") == CONSENTEMENT_ART9 for d in faits.donnees())


# --- Collecte indirecte ------------------------------------------------------------------------------------------------
def _indirectes(faits: Faits) -> bool:
    return any(faits.sources_indirectes(d) for d in faits.donnees())


def _sans_source(faits: Faits) -> bool:
    return any(not codes(d, "sources") for d in faits.donnees())


def _dispense(faits: Faits) -> bool:
    """Une dispense motivée, pour une personne déjà informée ou des données qui viennent toutes d'un autre qu'elle."""
    information = faits.volet("information")
    if not (texte(information, "exception_art14") and texte(information, "exception_art14_motif")):
        return False
    if information.get("exception_art14") == DEJA_INFORMEE:
        return True
    sources = [codes(d, "sources") for d in faits.donnees()]
    ailleurs = faits.reperes.sources_donnees
    return bool(sources) and all(
        s and all(ailleurs.get(code, {}).get("indirecte") is True for code in s) for s in sources
    )


# --- Réponses ----------------------------------------------------------------------------------------------------------
def _sans_reponse(donnee: Element) -> bool:
    exigee = donnee.get("obligatoire")
    return exigee is None or (exigee is True and not texte(donnee, "consequence_defaut"))
