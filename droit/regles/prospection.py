"""Prospection : le régime change avec le canal et le public. Les appels ont leurs modules : `appels`, `objets`, `telephone`."""

import re
from collections.abc import Iterator
from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import RECOMMANDE, M, P, S, Trouves, alerte, bloquant, theme
from droit.sollicitations import (
    COURRIELS,
    MESSAGES,
    a_dire,
    emprunte,
    invoque,
    prospecte,
    sans_consentement,
)

theme("PRO", "Prospection", 40)

# CPCE art. L34-5, al. 4 : sans consentement, les cinq à la fois.
CONDITIONS = {
    "analogue_vente": "des coordonnées recueillies auprès de la personne lors d'une vente ou d'une prestation",
    "analogue_meme_societe": "un envoi par la société même qui les a recueillies",
    "analogue_produits_analogues": "des produits ou services analogues à ceux déjà fournis",
    "analogue_opposition_collecte": "l'opposition offerte à la collecte",
    "analogue_opposition_envoi": "l'opposition offerte à chaque envoi",
}
PRODUITS_ANALOGUES = re.compile(r"\b(?:analogues?|similaires?)\b|34-5,? al(?:\.|inea) 4")
DEJA_INFORMEE = "deja-informee"
MENTIONS_ART14 = {
    "source": "la source des données",
    "delai_art14": "l'information au premier message et sous un mois",
}


@bloquant(
    "PRO-01",
    "CPCE art. L34-5, al. 1 et 4",
    P,
    "prospection électronique de particuliers sans consentement ni exception",
)
def electronique_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Une prospection électronique de particuliers sans consentement, où manque une des cinq conditions de l'exception ; ou une
    notification sans consentement, ou un message dont rien ne dit s'il prospecte."""
    for f in faits.finalites:
        demandee = f.get("rappel_demande") is True  # répondre à qui le demande n'est pas prospecter
        if demandee or not emprunte(f, MESSAGES | {"PUSH"}) or not sans_consentement(f):
            continue
        manquent = _conditions_manquantes(f)
        prospection = prospecte(faits, f)
        if not manquent or prospection is False:
            continue
        if prospection is None:
            yield _a_qualifier(f, "ces messages promeuvent")
        elif emprunte(f, MESSAGES):
            yield _sans_exception(f, manquent)
        else:
            yield _notification(f)


def _conditions_manquantes(f: Element) -> list[str]:
    return [nom for nom in CONDITIONS if f.get(nom) is not True]


def _sans_exception(f: Element, manquent: list[str]) -> Trouve:
    """Bloque quand une condition est refusée, ou quand l'exception n'est pas invoquée ; demande, quand il n'y manque que des réponses."""
    champ = manquent[0] if f.get("base_legale") == "INTERET_LEGITIME" else "base_legale"
    return Trouve(
        f"finalites[{f['numero']}].{champ}",
        "La prospection électronique d'un particulier suppose son consentement, sauf pour un client à qui la "
        "même société propose des produits ou services analogues. Pour cette exception, il manque : "
        f"{' ; '.join(CONDITIONS[nom] for nom in manquent)}.",
        Gravite.ALERTE if _exception_a_confirmer(f, manquent) else None,
    )


def _exception_a_confirmer(f: Element, manquent: list[str]) -> bool:
    if not texte(f, "base_legale"):
        return True  # la base reste à choisir : BAS-01 l'exige
    invoquee = len(manquent) < len(CONDITIONS) or invoque(f, PRODUITS_ANALOGUES)
    return invoquee and all(f.get(nom) is None for nom in manquent)


def _notification(f: Element) -> Trouve:
    return Trouve(
        f"finalites[{f['numero']}].base_legale",
        "Une notification commerciale suppose que la personne l'ait acceptée sur son appareil ; qu'elle vaille courrier électronique "
        "se discute. Fondez-la sur le consentement, ou dites ce qui vous en dispense.",
        Gravite.ALERTE,
        source="LIL art. 82 ; CPCE art. L34-5",
        marque=M,
    )


def _a_qualifier(f: Element, quoi: str) -> Trouve:
    return Trouve(
        a_dire(f),
        f"Dites si {quoi} des biens, des services ou l'image de qui les vend : ce serait une prospection, qui suppose le "
        "consentement de la personne, hors exceptions.",
        Gravite.ALERTE,
    )


@bloquant("PRO-02", "CPCE art. L34-5, al. 1", P, "automate d'appel ou télécopie sans consentement")
def automate_sans_consentement(faits: Faits, le: date) -> Trouves:
    """Une prospection par automate d'appel ou télécopie, sans consentement."""
    for f in faits.finalites:
        if not emprunte(f, {"AUTOMATE_FAX"}) or not sans_consentement(f):
            continue
        prospection = prospecte(faits, f)
        if prospection is None:
            yield _a_qualifier(f, "ces envois automatiques promeuvent")
        elif prospection:
            yield Trouve(
                f"finalites[{f['numero']}].base_legale",
                "L'automate d'appel et la télécopie supposent le consentement de la personne, sans exception.",
                None if texte(f, "base_legale") else Gravite.ALERTE,
            )


@bloquant(
    "PRO-06",
    "RGPD art. 21(2), 21(3) ; C. pénal art. 226-18-1",
    P,
    "prospection sans moyen de s'y opposer",
    ecartable=True,
)
def opposition_a_la_prospection(faits: Faits, le: date) -> Trouves:
    """Une prospection sans mécanisme d'opposition, sans liste qui fasse durer l'opposition, ou par des messages qui ne l'offrent pas."""
    # Une adresse générique n'est celle de personne.
    prospections = [
        f for f in faits.finalites_de("prospection") if codes(f, "canaux") != ("EMAIL_GENERIQUE",)
    ]
    if not prospections:
        return
    information = faits.volet("information")
    if not texte(information, "opposition_mecanisme"):
        yield (
            "information.opposition_mecanisme",
            "Dites comment la personne s'oppose à la prospection : ce droit est absolu et s'exerce sans motif.",
        )
    liste = information.get("liste_opposition")
    if liste is False:
        yield (
            "information.liste_opposition",
            "Tenez une liste d'opposition : sans elle, l'opposition à la prospection ne dure pas.",
        )
    elif liste is None:
        yield Trouve(
            "information.liste_opposition",
            "Dites si une liste d'opposition est tenue : sans elle, l'opposition à la prospection ne dure pas.",
            Gravite.ALERTE,
        )
    yield from _messages_sans_opposition(prospections)


def _messages_sans_opposition(finalites: list[Element]) -> Iterator[Trouve]:
    """Sans consentement, PRO-01 le dit déjà : c'est une des conditions de l'exception."""
    for f in finalites:
        refuse = f.get("analogue_opposition_envoi") is False and not sans_consentement(f)
        if refuse and emprunte(f, MESSAGES | {"AUTOMATE_FAX"}):
            yield Trouve(
                f"finalites[{f['numero']}].analogue_opposition_envoi",
                "Même consenti, chaque message de prospection indique comment ne plus en recevoir, sans frais.",
                source="CPCE art. L34-5, al. 5",
                marque=P,
            )


@alerte(
    "PRO-07",
    "CNIL, « La prospection commerciale par courrier électronique »",
    S,
    "courriel professionnel sans rapport établi avec la profession",
    ecartable=True,
)
def objet_professionnel(faits: Faits, le: date) -> Trouves:
    """Un courriel à des professionnels sans rapport avec leur profession, donc soumis au régime des particuliers, et qui ne le suit
    pas ; ou dont ce rapport n'est pas dit."""
    for f in faits.finalites:
        rapport = f.get("objet_rapport_profession")
        if not emprunte(f, {"EMAIL_B2B"}) or rapport is True or prospecte(faits, f) is False:
            continue
        if rapport is None:
            yield (
                f"finalites[{f['numero']}].objet_rapport_profession",
                "Confirmez que l'objet du message est en rapport avec la profession de la personne ; sinon, appliquez "
                "le régime des particuliers.",
            )
        elif sans_consentement(f) and _conditions_manquantes(f):
            yield _regime_des_particuliers(faits, f)


def _regime_des_particuliers(faits: Faits, f: Element) -> Trouve:
    certain = prospecte(faits, f) is True and texte(f, "base_legale")
    return Trouve(
        f"finalites[{f['numero']}].objet_rapport_profession",
        "Sans rapport avec la profession de la personne, ce message suit le régime des particuliers : il suppose son consentement, "
        "sauf pour un client à qui la même société propose des produits ou services analogues.",
        Gravite.BLOQUANT if certain else None,
        source="CPCE art. L34-5, al. 1 et 4",
        marque=P,
    )


@alerte(
    "PRO-08",
    "RGPD art. 14(2)(f), 14(3)",
    M,
    "collecte indirecte sans information complète, ou origine non dite",
)
def collecte_indirecte(faits: Faits, le: date) -> Trouves:
    """Des données recueillies auprès d'un autre que la personne, sans que l'information en dise la source et le délai, ni qu'un cas
    de dispense soit invoqué ; ou dont l'origine n'est pas dite."""
    if anonymes := [d["numero"] for d in faits.donnees() if not codes(d, "sources")]:
        yield (
            f"donnees[{anonymes[0]}].sources",
            "Dites d'où viennent ces données, de la personne ou d'un autre : l'information qui lui est due en dépend (art. 13 ou 14).",
        )
    information = faits.volet("information")
    exception = texte(information, "exception_art14")
    if exception == DEJA_INFORMEE or exception and texte(information, "exception_art14_motif"):
        return
    sources = [s for d in faits.donnees() for s in faits.sources_indirectes(d)]
    mentions = codes(information, "mentions")
    manquent = [quoi for mention, quoi in MENTIONS_ART14.items() if mention not in mentions]
    if sources and manquent:
        yield (
            "information.mentions",
            f"Ces données ne viennent pas de la personne ({faits.citer('sources_donnees', sources)}). Il manque : "
            f"{' ; '.join(manquent)}.",
        )


@alerte("PRO-09", "LIL art. 82 ; CNIL, délibération n° 2026-042", S, "suivi des ouvertures sans consentement")
def suivi_des_ouvertures(faits: Faits, le: date) -> Trouves:
    """Un suivi individuel des ouvertures de courriels, sans que sa finalité soit consentie ; ou une prospection par courriel qui ne
    dit pas si elle suit les ouvertures."""
    for f in faits.finalites:
        suivi = f.get("suivi_ouverture")
        if suivi is True and sans_consentement(f):
            yield (
                f"finalites[{f['numero']}].suivi_ouverture",
                "Le pixel qui mesure l'ouverture individuelle d'un courriel suppose un consentement, hors exemptions.",
            )
        elif suivi is None and emprunte(f, COURRIELS) and f.get("type") == "prospection":
            yield (
                f"finalites[{f['numero']}].suivi_ouverture",
                "Dites si l'ouverture des courriels est suivie personne par personne : le pixel qui la mesure suppose un "
                "consentement, hors exemptions.",
            )


@alerte(
    "PRO-10",
    "CNIL, référentiel 2021-131, § 7",
    S,
    "ouverture d'un courriel comptée comme un contact",
    RECOMMANDE,
)
def ouverture_comptee(faits: Faits, le: date) -> Trouves:
    """Une durée courant du dernier contact du prospect, où l'ouverture d'un courriel compte comme un contact, ou peut compter :
    la fiche écrit par courriel et ne le dit pas."""
    for k in faits.liste("conservations"):
        if k.get("point_depart") != "DERNIER_CONTACT_PROSPECT":
            continue
        vaut = k.get("ouverture_vaut_contact")
        if vaut is True:
            yield (
                f"conservations[{k['numero']}].ouverture_vaut_contact",
                "L'ouverture d'un courriel n'est pas un contact émanant du prospect : ne comptez qu'une demande, une "
                "réponse ou un clic.",
            )
        elif vaut is None and any(emprunte(f, COURRIELS) for f in faits.finalites):
            yield (
                f"conservations[{k['numero']}].ouverture_vaut_contact",
                "Dites si l'ouverture d'un courriel compte comme un contact du prospect : elle n'en est pas un.",
            )


@alerte("PRO-11", "CPCE art. L34-5, al. 3", P, "enquête promotionnelle")
def enquete_promotionnelle(faits: Faits, le: date) -> Trouves:
    """Une étude ou une enquête dont le contenu est promotionnel, ou qui ne dit pas s'il l'est."""
    for f in faits.finalites_de("etude"):
        if f.get("promotionnelle") is True:
            yield (
                f"finalites[{f['numero']}].promotionnelle",
                "Une enquête qui promeut un produit ou un service est une prospection : appliquez-en les règles.",
            )
        elif f.get("promotionnelle") is None:
            yield (
                f"finalites[{f['numero']}].promotionnelle",
                "Dites si l'enquête promeut un produit ou un service : elle serait alors une prospection.",
            )
