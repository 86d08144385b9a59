"""Transferts hors de l'Espace économique européen : une garantie, ses pièces, les dérogations, le pays.

L'adéquation se lit dans `adequation`, l'accord de la fiche avec elle-même dans `transferts_declares`.
"""

from datetime import date

from droit.destinations import (
    INTERNE,
    PAYS_TIERS,
    destinataires_hors_eee,
    lieux,
    pays_du_transfert,
    qui_et_ou,
    sort_de_l_espace,
    va_au_meme_pays,
    vers,
    vise,
)
from droit.faits import RIEN, Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import ARTICLE_30, M, P, S, Trouves, alerte, bloquant, conseil, theme
from droit.reperes import Repere
from traitements.phrases import enumerer

theme("TRF", "Transferts", 80)

INTERETS_IMPERIEUX = "D49_2"
OUTRE_MER_HORS_UE = "francais-hors-ue"
PAYS_A_DIRE = {  # toujours
    "SOUS_TRAITANT": "Indiquez le pays où ce sous-traitant traite les données, accès à distance compris.",
    PAYS_TIERS: "Indiquez le pays tiers où ce destinataire reçoit les données.",
}
AUTRES = (
    "PARTENAIRE",
    "RESPONSABLE_CONJOINT",
    "AUTRE_DESTINATAIRE",
)  # quand la fiche dit qu'il y a des transferts
SCHREMS_II = date(2020, 7, 16)  # CJUE, C-311/18 : l'exportateur évalue le droit du pays de destination
CLAUSES_DE_2021 = date(
    2022, 12, 28
)  # décision (UE) 2021/914 : les clauses antérieures, sans module, ne valent plus
HORS_AUTORITES = (
    "D49_A",
    "D49_B",
    "D49_C",
    INTERETS_IMPERIEUX,
)  # fermées à la puissance publique : art. 49(3)


@bloquant(
    "TRF-01",
    "RGPD art. 44 à 49, 30(1)(e), 30(2)(c)",
    M,
    "transfert sans garantie",
    ecartable=True,
    sous_traitant=True,
)
def transfert_sans_garantie(faits: Faits, le: date) -> Trouves:
    """Des données envoyées ou consultées hors de l'Espace économique européen, sans transfert déclaré ou sans garantie."""
    for x in faits.liste("transferts"):
        if not texte(x, "garantie") and sort_de_l_espace(faits, x, le):
            yield (
                f"transferts[{x['numero']}].garantie",
                f"Ce transfert hors de l'Espace économique européen ({vers(faits, x)}) n'indique aucune garantie : "
                "décision d'adéquation, garantie appropriée ou, à défaut, dérogation.",
            )
    for r in destinataires_hors_eee(faits, le):
        if not any(vise(faits, x, r) for x in faits.liste("transferts")):
            yield _transfert_a_declarer(faits, r)


@alerte(
    "TRF-05",
    "RGPD art. 46 ; CJUE, 16 juill. 2020, C-311/18 ; CEPD, recommandations 01/2020",
    S,
    "garantie appropriée incomplète",
    sous_traitant=True,
)
def garantie_appropriee_complete(faits: Faits, le: date) -> Trouves:
    """Une garantie de l'article 46 sans son document, sans son module pour les clauses types, ou dont on ne sait pas si
    l'analyse du transfert est faite."""
    for x in faits.liste("transferts"):
        if manquent := _pieces_absentes(faits, x, le):
            yield (
                f"transferts[{x['numero']}].{next(iter(manquent))}",
                f"La garantie « {faits.reperes.libelle('garanties', texte(x, 'garantie'))} » est incomplète : il manque "
                f"{enumerer(manquent.values())}.",
            )


@alerte(
    "TRF-06",
    "RGPD art. 49, considérant 111 ; CEPD, lignes directrices 2/2018",
    S,
    "dérogation invoquée pour un transfert répétitif",
    ecartable=True,
    sous_traitant=True,
)
def derogation_repetitive(faits: Faits, le: date) -> Trouves:
    """Une dérogation de l'article 49 invoquée pour un transfert répétitif, ou dont on ne sait pas s'il se répète ; bloque pour
    les intérêts légitimes impérieux, que le texte réserve à un transfert qui ne se répète pas."""
    for x in faits.liste("transferts"):
        if _garantie(faits, x).get("derogation") is not True or x.get("repetitif") is False:
            continue
        if x.get("repetitif") is None:
            yield (
                f"transferts[{x['numero']}].repetitif",
                f"Dites si ce transfert ({vers(faits, x)}) se répète : les dérogations de l'article 49 sont "
                "d'interprétation stricte et ne fondent pas un flux régulier.",
            )
        else:
            yield _derogation_pour_un_flux(faits, x)


@bloquant(
    "TRF-07",
    "RGPD art. 30(1)(e), 30(2)(c), 49(1), al. 2, 49(6)",
    P,
    "intérêts impérieux sans pièce au registre ou sans information de la CNIL",
    ARTICLE_30,
    sous_traitant=True,
)
def interets_imperieux_documentes(faits: Faits, le: date) -> Trouves:
    """La dérogation des intérêts légitimes impérieux, sans pièce au registre, sans information de la CNIL, ou dont on ne sait
    pas si la CNIL en est informée."""
    for x in faits.liste("transferts"):
        if x.get("garantie") != INTERETS_IMPERIEUX:
            continue
        if not texte(x, "document"):
            yield (
                f"transferts[{x['numero']}].document",
                "Cette dérogation oblige à documenter au registre l'évaluation du transfert et les garanties prises : "
                "indiquez la pièce.",
            )
        if x.get("notification_cnil") is not True:
            yield _cnil_a_informer(x)


@alerte(
    "TRF-08",
    "RGPD art. 30(1)(e), 30(2)(c)",
    P,
    "pays du sous-traitant ou du transfert inconnu",
    ARTICLE_30,
    sous_traitant=True,
)
def pays_connu(faits: Faits, le: date) -> Trouves:
    """Un sous-traitant, un destinataire d'un pays tiers ou un transfert dont le pays n'est pas indiqué ; tout autre destinataire
    extérieur, quand la fiche dit qu'il y a des transferts ; un transfert dont on ne sait pas qui le reçoit."""
    for r in faits.liste("destinataires"):
        if not faits.pays(r) and (demande := _pays_a_dire(faits, r)):
            yield f"destinataires[{r['numero']}].pays", demande
    for x in faits.liste("transferts"):
        if not (pays_du_transfert(faits, x) or texte(x, "organisation")):
            yield (
                f"transferts[{x['numero']}].pays",
                "Indiquez le pays, ou l'organisation internationale, vers lequel les données sont transférées.",
            )
        if not (_a_un_importateur(faits, x) or texte(x, "organisation")):
            yield (
                f"transferts[{x['numero']}].destinataire_numero",
                "Indiquez qui reçoit les données de ce transfert : le numéro du destinataire, ou l'importateur.",
            )


@conseil(
    "TRF-09",
    "LIL, titre V ; CNIL, page « outre-mer »",
    P,
    "territoire français hors de l'Union",
    sous_traitant=True,
)
def outre_mer_hors_union(faits: Faits, le: date) -> Trouves:
    """Des données envoyées vers un territoire français situé hors de l'Union européenne."""
    vus = set()
    for chemin, code in lieux(faits):
        pays = faits.reperes.pays.get(code, RIEN)
        if pays.get("statut") == OUTRE_MER_HORS_UE and code not in vus:
            vus.add(code)
            yield (
                chemin,
                f"Ce territoire français est hors de l'Union ({pays.get('libelle')}) : ce n'est pas un transfert au sens "
                "du chapitre V, et la loi Informatique et Libertés s'y applique (titre V).",
            )


@alerte(
    "TRF-12",
    "RGPD art. 49(3)",
    P,
    "dérogation fermée aux autorités publiques",
    sous_traitant=True,
)
def derogation_d_une_autorite(faits: Faits, le: date) -> Trouves:
    """Une autorité publique qui invoque une dérogation que l'article 49(3) ferme à ses prérogatives de puissance publique."""
    if faits.organisme.get("autorite_publique") is not True:
        return
    for x in faits.liste("transferts"):
        if x.get("garantie") in HORS_AUTORITES:
            yield (
                f"transferts[{x['numero']}].garantie",
                "Cette dérogation ne vaut pas pour ce qu'une autorité publique fait dans l'exercice de ses prérogatives de "
                "puissance publique : dites si ce transfert en relève, et fondez-le alors sur une autre garantie.",
            )


def _a_un_importateur(faits: Faits, x: Element) -> bool:
    return bool(texte(x, "importateur")) or any(vise(faits, x, r) for r in faits.liste("destinataires"))


def _pays_a_dire(faits: Faits, r: Element) -> str:
    type_ = r.get("type") or ""
    if type_ in AUTRES and faits.fiche.get("transferts_hors_eee") is True:
        return (
            "La fiche dit qu'il y a des transferts : indiquez le pays où ce destinataire reçoit les données."
        )
    return PAYS_A_DIRE.get(type_, "")


# --- Transfert à déclarer ----------------------------------------------------------------------------------------------
def _transfert_a_declarer(faits: Faits, r: Element) -> Trouve:
    """Bloque, sauf si le transfert est peut-être déjà décrit, ou s'il n'y en a peut-être pas."""
    chemin, ou = f"destinataires[{r['numero']}].pays", qui_et_ou(faits, r)
    if r.get("type") == INTERNE:
        return Trouve(
            chemin,
            f"Ce service est hors de l'Espace économique européen ({ou}). S'il relève d'une autre personne morale, même du "
            "groupe, c'est un transfert : déclarez-le, avec sa garantie.",
            gravite=Gravite.ALERTE,
            source="RGPD art. 44 ; CEPD, lignes directrices 05/2021",
            marque=S,
        )
    if any(va_au_meme_pays(faits, x, r) for x in faits.liste("transferts")):
        return Trouve(
            chemin,
            f"Un transfert va vers le pays de ce destinataire ({ou}) sans le nommer : s'il le vise, portez-y son numéro ; "
            "sinon, déclarez le transfert et la garantie qui l'encadre.",
            gravite=Gravite.ALERTE,
        )
    return Trouve(
        chemin,
        f"Ce destinataire est hors de l'Espace économique européen ({ou}) : déclarez le transfert, avec le numéro de ce "
        "destinataire et la garantie qui l'encadre.",
    )


# --- Garanties ---------------------------------------------------------------------------------------------------------
def _garantie(faits: Faits, transfert: Element) -> Repere:
    return faits.reperes.garanties.get(texte(transfert, "garantie"), RIEN)


def _pieces_absentes(faits: Faits, x: Element, le: date) -> dict[str, str]:
    """Champ → ce qui manque à une garantie de l'article 46, celle qui appelle une analyse du transfert."""
    garantie = _garantie(faits, x)
    if garantie.get("tia_requise") is not True:
        return {}
    manquent = {}
    if not texte(x, "document"):
        manquent["document"] = "le document ou sa référence"
    if garantie.get("module_requis") is True and not texte(x, "module_cct") and le >= CLAUSES_DE_2021:
        manquent["module_cct"] = "le module des clauses"
    if x.get("tia") is not True and _analyse_due(faits, x, le):
        sans_reponse = x.get("tia") is None
        manquent["tia"] = "l'analyse du transfert" + (" (dites si elle est faite)" if sans_reponse else "")
    return manquent


def _analyse_due(faits: Faits, x: Element, le: date) -> bool:
    """Pas vers un pays dont une décision constate déjà, pour tous, le niveau de protection."""
    decision = faits.reperes.decision(pays_du_transfert(faits, x), le)
    return le >= SCHREMS_II and (decision is None or decision.get("partielle") is True)


# --- Dérogations -------------------------------------------------------------------------------------------------------
def _derogation_pour_un_flux(faits: Faits, x: Element) -> Trouve:
    chemin = f"transferts[{x['numero']}].garantie"
    if x.get("garantie") == INTERETS_IMPERIEUX:
        return Trouve(
            chemin,
            f"Ce transfert ({vers(faits, x)}) se répète : la dérogation des intérêts légitimes impérieux n'est ouverte "
            "qu'à un transfert qui ne se répète pas. Encadrez-le par une garantie appropriée.",
            gravite=Gravite.BLOQUANT,
            source="RGPD art. 49(1), al. 2",
            marque=P,
        )
    return Trouve(
        chemin,
        "Les dérogations de l'article 49 sont d'interprétation stricte et ne fondent pas un flux régulier "
        f"({vers(faits, x)}) : encadrez-le par une garantie appropriée.",
    )


def _cnil_a_informer(x: Element) -> Trouve:
    chemin = f"transferts[{x['numero']}].notification_cnil"
    if x.get("notification_cnil") is False:
        return Trouve(
            chemin, "Cette dérogation oblige à informer la CNIL du transfert : informez-la et notez-le."
        )
    return Trouve(
        chemin,
        "Dites si la CNIL est informée de ce transfert : cette dérogation y oblige.",
        gravite=Gravite.ALERTE,
    )
