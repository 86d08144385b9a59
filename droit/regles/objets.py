"""Ce que la sollicitation propose : la loi ferme à toute prospection les économies d'énergie, les énergies renouvelables et
l'adaptation du logement, hors contrat en cours."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from droit.faits import Element, Faits, codes, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, S, Trouves, alerte, bloquant
from droit.sollicitations import (
    APPELS,
    CONTRAT_EN_COURS,
    MESSAGES,
    TELEPHONE,
    a_des_particuliers,
    emprunte,
    intitule,
    invoque,
    prospecte,
    sans_contrat,
)
from organismes.pliage import plier

ECONOMIES_D_ENERGIE = date(2020, 7, 26)  # loi n° 2020-901, art. 3 : les appels
LOGEMENT = date(
    2025, 7, 2
)  # loi n° 2025-594, art. 13 : l'adaptation du logement, et les messages (art. L223-8)
RENOVATION = {"RENOVATION_ADAPTATION"}
VOIE_TELEPHONIQUE = APPELS | RENOVATION | {"AUTOMATE_FAX"}
VOIE_ELECTRONIQUE = MESSAGES | {"PUSH"}
# De quoi demander si la prospection ne porte pas sur le logement ; un mot ne prouve rien.
MOTS_DU_LOGEMENT = re.compile(
    r"\brenovations? (?:energetique|thermique|globale|d'ampleur|du logement|de l'habitat)|\btravaux de renovation"
    r"|photovolta|panneaux? solaire|pompes? a chaleur|\bisolation\b|\bchaudiere|\bcombles\b|\bdouble vitrage"
    r"|economies? d'energie|energies? renouvelable|\bmonte-escalier|\bdouches? (?:senior|securisee|de plain-pied)"
    r"|\badapt\w+ (?:du|de leur|de son|de votre|leur|son|votre|le) (?:logement|domicile|habitat)"
)


@bloquant(
    "PRO-05",
    "C. conso. art. L223-1, al. 5, et L223-8",
    P,
    "prospection interdite : économies d'énergie, énergies renouvelables ou adaptation du logement",
    changements={
        ECONOMIES_D_ENERGIE: "Les appels pour les économies d'énergie et les énergies renouvelables sont interdits.",
        LOGEMENT: "L'interdiction s'étend à l'adaptation du logement, et aux messages.",
    },
)
def logement_ferme_a_la_prospection(faits: Faits, le: date) -> Trouves:
    """Une prospection de particuliers, par téléphone ou par message, déclarée porter sur les économies d'énergie, les énergies
    renouvelables ou l'adaptation du logement, hors contrat en cours et, pour un appel, hors demande de rappel."""
    for f in faits.finalites:
        if (
            _porte_sur_le_logement(f)
            and _sollicite(faits, f) is True
            and (f.get("contrat_en_cours") is not True or sans_contrat(faits))
        ):
            # « Contrat en cours », et aucun client : l'une des deux réponses est fausse, on ne sait laquelle.
            dementi = Gravite.ALERTE if f.get("contrat_en_cours") is True else None
            yield from (replace(t, gravite=dementi or t.gravite) for t in _interdits(f, le))


def _porte_sur_le_logement(f: Element) -> bool:
    return f.get("objet_sollicitation") == "logement" or emprunte(f, RENOVATION)


def _sollicite(faits: Faits, f: Element) -> bool | None:
    """Une sollicitation de particuliers par l'organisme lui-même : celles des partenaires relèvent de la cession."""
    return a_des_particuliers(f) and f.get("type") != "cession" and prospecte(faits, f)


def _interdits(f: Element, le: date) -> Iterator[Trouve]:
    canaux = f"finalites[{f['numero']}].canaux"
    if f.get("contrat_en_cours") is None and invoque(f, CONTRAT_EN_COURS):
        yield Trouve(
            f"finalites[{f['numero']}].contrat_en_cours",
            "Pour cet objet, seul un contrat en cours permet de solliciter un particulier : dites s'il y en a un.",
            Gravite.ALERTE,
        )
    elif emprunte(f, VOIE_TELEPHONIQUE) and (appel := _appel_interdit(f, canaux, le)):
        yield appel
    elif emprunte(f, VOIE_ELECTRONIQUE) and le >= LOGEMENT:
        yield Trouve(
            canaux,
            "Depuis le 2 juillet 2025, solliciter un particulier par courriel, par SMS ou sur un réseau social pour les économies "
            "d'énergie, les énergies renouvelables ou l'adaptation de son logement est interdit, même avec son consentement, sauf "
            "contrat en cours.",
            source="C. conso. art. L223-8 (loi n° 2025-594, art. 13)",
            marque=S,
        )


def _appel_interdit(f: Element, chemin: str, le: date) -> Trouve | None:
    """Ce que la loi dit de l'appel ce jour-là ; `None` si elle le permet."""
    if le < ECONOMIES_D_ENERGIE:
        return None
    if f.get("rappel_demande") is True:
        return None if le >= TELEPHONE else _rappel_avant_le_decret(chemin)
    if le < LOGEMENT:
        return Trouve(
            chemin,
            "Appeler un particulier pour les économies d'énergie ou les énergies renouvelables est interdit hors contrat en cours ; "
            "jusqu'au 1er juillet 2025, l'adaptation du logement ne l'était pas encore : dites ce que l'appel propose.",
            Gravite.ALERTE,
            source="C. conso. art. L223-1, al. 3 (loi n° 2020-901, art. 3)",
        )
    return Trouve(
        chemin,
        "Appeler un particulier pour les économies d'énergie, les énergies renouvelables ou l'adaptation de son logement est "
        "interdit, même avec son consentement, sauf contrat en cours. Retirez ce canal, ou dites quel contrat est en cours.",
    )


def _rappel_avant_le_decret(chemin: str) -> Trouve:
    return Trouve(
        chemin,
        "Jusqu'au 10 août 2026, aucun texte n'exceptait l'appel d'une personne qui l'avait demandé ; une cour n'y voyait pas de "
        "prospection : gardez la preuve de sa demande.",
        Gravite.ALERTE,
        source="C. conso. art. L223-1 ; CAA Lyon, 10 novembre 2023, n° 22LY01667",
        marque=S,
    )


@alerte(
    "PRO-14",
    "C. conso. art. L223-1, al. 5, L223-5 et L223-8 ; CPCE art. L34-5",
    S,
    "objet, canaux ou public de la sollicitation à préciser",
)
def a_preciser(faits: Faits, le: date) -> Trouves:
    """Une prospection qui ne dit pas ses canaux, ou dont un canal dément le public ; une sollicitation de particuliers dont l'objet
    n'est pas dit, alors que le régime en dépend : un appel depuis le 11 août 2026, ce que l'activité ou les mots rapprochent du
    logement, ou la seule finalité de la fiche qui se taise."""
    for f in faits.finalites:
        if f.get("type") == "prospection":
            yield from _canaux_et_public(faits, f)
        if _objet_en_question(f, le) and _s_adresse(faits, f) and (phrase := _question(faits, f, le)):
            yield f"finalites[{f['numero']}].objet_sollicitation", phrase


AFFICHEE = re.compile(
    r"\bpublicites?\b.*\b(?:reseau|site|en ligne|ecran|banniere)|\bbannieres?\b|\baudiences? (?:personnalisee|similaire)"
)


def _canaux_et_public(faits: Faits, f: Element) -> Iterator[tuple[str, str]]:
    # La publicité affichée sur un site ou un réseau ne passe par aucun des canaux que la loi distingue.
    en_ligne = faits.volet("profilage").get("plateforme_tierce") is True or AFFICHEE.search(intitule(f))
    if not codes(f, "canaux") and not en_ligne:
        yield (
            f"finalites[{f['numero']}].canaux",
            "Dites par quels canaux cette prospection passe : le consentement, ou l'opposition, en dépend.",
        )
    elif dementi := _public_dementi(f):
        yield (
            f"finalites[{f['numero']}].public",
            f"Le public déclaré est « {dementi} », et un canal est celui d'un autre public : corrigez l'un ou l'autre.",
        )


def _public_dementi(f: Element) -> str:
    """Le public que contredit un canal qui porte le sien (« EMAIL_B2C », « TELEPHONE_B2B »)."""
    canaux = codes(f, "canaux")
    if f.get("public") == "B2B" and any(canal.endswith("_B2C") for canal in canaux):
        return "Professionnels"
    if f.get("public") == "B2C" and any(canal.endswith("_B2B") for canal in canaux):
        return "Particuliers"
    return ""


def _s_adresse(faits: Faits, f: Element) -> bool:
    """À des particuliers, et peut-être pour les prospecter : par l'organisme, ou par ses partenaires."""
    return a_des_particuliers(f) and prospecte(faits, f) is not False


def _objet_en_question(f: Element, le: date) -> bool:
    """L'objet n'est pas dit, ou l'est sans rien exclure de ce que ses mots disent, sur un canal que la loi peut fermer."""
    ouvert = f.get("contrat_en_cours") is not True and not emprunte(f, RENOVATION)
    appel = emprunte(f, VOIE_TELEPHONIQUE) and le >= ECONOMIES_D_ENERGIE
    message = emprunte(f, VOIE_ELECTRONIQUE) and le >= LOGEMENT
    return ouvert and (appel or message) and f.get("objet_sollicitation") not in ("logement", "presse", "don")


def _question(faits: Faits, f: Element, le: date) -> str | None:
    mots = MOTS_DU_LOGEMENT.search(intitule(f)) is not None
    if f.get("objet_sollicitation"):
        return _objet_dementi(f) if mots else None
    if mots or faits.organisme.get("secteur") == "ENERGIE_RENOVATION" or _fiche_du_logement(faits):
        return (
            "Dites si la sollicitation porte sur les économies d'énergie, les énergies renouvelables ou l'adaptation d'un logement : "
            "hors contrat en cours, elle serait interdite, même consentie."
        )
    if prospecte(faits, f) and (_appel_depuis_la_bascule(f, le) or _objets_dits_ailleurs(faits)):
        return (
            "Dites ce que la sollicitation propose : le régime en dépend. La presse s'appelle sans consentement préalable, et le logement "
            "(économies d'énergie, énergies renouvelables, adaptation) est fermé à la prospection hors contrat en cours."
        )
    return None


def _appel_depuis_la_bascule(f: Element, le: date) -> bool:
    return emprunte(f, APPELS) and le >= TELEPHONE


def _objets_dits_ailleurs(faits: Faits) -> bool:
    """La fiche dit l'objet d'autres finalités : celle-ci l'a oublié. Une fiche plus ancienne que la question n'en dit aucun."""
    return any(f.get("objet_sollicitation") for f in faits.finalites)


def _objet_dementi(f: Element) -> str:
    return (
        f"L'objet déclaré n'est pas le logement, mais le libellé le laisse penser (« {texte(f, 'libelle')} ») : dites si la "
        "sollicitation porte sur les économies d'énergie, les énergies renouvelables ou l'adaptation d'un logement, où elle est "
        "interdite hors contrat en cours."
    )


def _fiche_du_logement(faits: Faits) -> bool:
    return MOTS_DU_LOGEMENT.search(plier(texte(faits.fiche, "intitule"))) is not None
