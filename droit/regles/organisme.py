"""L'organisme lui-même : dérogation des petits effectifs (RGPD art. 30(5)), délégué obligatoire, représentant."""

from datetime import date

from droit.faits import RIEN, Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import ARTICLE_30, ORGANISME, M, P, S, Trouves, alerte, bloquant

FAMILLES_HABITUELLES = ("clients", "fidelite", "impayes", "prospection", "cession")
PERSONNES_HABITUELLES = (
    "CLIENTS",
    "ANCIENS_CLIENTS",
    "ADHERENTS_FIDELITE",
    "PROSPECTS",
    "ABONNES_LETTRE",
    "CONTACTS_PRO",
    "SALARIES",
)
CRITERE_EN_VIGUEUR = "risque_non_occasionnel_sensible"
SEUIL_EN_VIGUEUR = 250  # personnes employées, art. 30(5)
OMNIBUS = "COM(2025) 501 (« Omnibus IV »)"


def _regime(faits: Faits) -> Element:
    """Le régime de l'article 30(5) que donnent les référentiels ; celui du texte en vigueur s'ils n'en disent rien."""
    return faits.reperes.parametre("derogation_30_5") or RIEN


@bloquant(
    "REG-06",
    "RGPD art. 30(1)(a), 27",
    M,
    "représentant dans l'Union non désigné",
    ARTICLE_30,
    ecartable=True,
    portee=ORGANISME,
)
def representant_dans_l_union(faits: Faits, le: date) -> Trouves:
    """Un organisme établi hors de l'Union, sans représentant ni exception de l'article 27(2) invoquée."""
    o = faits.organisme
    designe = texte(o, "representant_ue_nom") or texte(o, "representant_ue_exception")
    if o.get("etabli_ue") is False and not designe:
        yield (
            "organisme.representant_ue_nom",
            "Établi hors de l'Union, vous désignez un représentant dans l'Union et l'inscrivez au registre, "
            "sauf exception de l'article 27(2) que vous justifiez.",
        )
    elif o.get("etabli_ue") is None and faits.reperes.hors_eee(texte(o, "pays")):
        yield Trouve(
            "organisme.etabli_ue",
            "Dites si l'organisme est établi dans l'Union : son adresse est dans un pays tiers, et il désignerait sinon un "
            "représentant.",
            Gravite.ALERTE,
        )


@alerte(
    "REG-07",
    "RGPD art. 30(1)(a), 37(1)",
    P,
    "délégué obligatoire, mais non inscrit",
    ARTICLE_30,
    portee=ORGANISME,
)
def delegue_inscrit(faits: Faits, le: date) -> Trouves:
    """Un organisme qui doit désigner un délégué à la protection des données, ou une autorité publique, et n'en inscrit aucun."""
    if texte(faits.organisme, "dpo_nom") or texte(faits.organisme, "dpo_societe"):
        return
    if faits.organisme.get("dpo_obligatoire") is True:
        yield (
            "organisme.dpo_nom",
            "Vous indiquez que la désignation d'un délégué est obligatoire : inscrivez son nom et ses coordonnées.",
        )
    elif faits.organisme.get("autorite_publique") is True:
        yield (
            "organisme.dpo_nom",
            "Une autorité publique ou un organisme public désigne un délégué : inscrivez son nom et ses coordonnées.",
        )


@alerte(
    "REG-12",
    "RGPD art. 30(5) ; G29, position du 19 avril 2018",
    S,
    "dérogation de l'article 30(5) invoquée pour un traitement habituel ou sensible",
    ARTICLE_30,
)
def derogation_sans_effet(faits: Faits, le: date) -> Trouves:
    """La dérogation de l'article 30(5) invoquée par l'organisme, pour un fichier habituel ou des données sensibles."""
    habituel = _regime(faits).get("critere", CRITERE_EN_VIGUEUR) == CRITERE_EN_VIGUEUR
    if not habituel or faits.organisme.get("derogation_30_5") is not True:
        return
    if _fichier_habituel(faits):
        yield (
            "organisme.derogation_30_5",
            "La dérogation des petits effectifs ne couvre pas un traitement habituel : un fichier de clients, de prospects ou "
            "de salariés s'inscrit au registre.",
        )
    elif faits.donnees("sensible") or faits.donnees("infraction"):
        yield (
            "organisme.derogation_30_5",
            "La dérogation des petits effectifs ne couvre ni les données sensibles ni les données d'infraction : ce "
            "traitement s'inscrit au registre.",
        )


def _fichier_habituel(faits: Faits) -> bool:
    personnes = any(texte(p, "categorie") in PERSONNES_HABITUELLES for p in faits.liste("personnes"))
    return (
        texte(faits.fiche, "famille") in FAMILLES_HABITUELLES
        or personnes
        or bool(faits.finalites_de("prospection"))
    )


@alerte(
    "REG-18",
    "RGPD art. 30(5)",
    S,
    "dérogation de l'article 30(5) invoquée au-delà de l'effectif",
    ARTICLE_30,
    portee=ORGANISME,
)
def derogation_au_dela_du_seuil(faits: Faits, le: date) -> Trouves:
    """La dérogation de l'article 30(5) invoquée par un organisme qui emploie trop de personnes pour elle."""
    effectif, seuil = faits.organisme.get("effectif"), _regime(faits).get("seuil_effectif", SEUIL_EN_VIGUEUR)
    if faits.organisme.get("derogation_30_5") is True and isinstance(effectif, int) and effectif >= seuil:
        yield (
            "organisme.derogation_30_5",
            f"La dérogation ne vaut qu'en dessous de {seuil} personnes employées, et vous en déclarez {effectif} : tenez le "
            "registre de tous vos traitements.",
        )


@alerte(
    "REG-19",
    "RGPD art. 30(5), tel que le modifierait la proposition COM(2025) 501",
    S,
    "dérogation de l'article 30(5) invoquée malgré un risque élevé",
    ARTICLE_30,
    en_attente=OMNIBUS,
)
def derogation_et_risque_eleve(faits: Faits, le: date) -> Trouves:
    """La dérogation de l'article 30(5), telle que la réforme la récrirait, invoquée pour un traitement à risque élevé."""
    analysee = faits.volet("aipd").get("decision") in ("requise", "realisee")
    if analysee and faits.organisme.get("derogation_30_5") is True:
        yield (
            "organisme.derogation_30_5",
            "La dérogation ne couvre pas un traitement susceptible d'engendrer un risque élevé, et celui-ci appelle une "
            "analyse d'impact : inscrivez-le au registre.",
        )


@alerte("REG-20", "RGPD art. 37(1)(c)", P, "données sensibles à grande échelle, sans délégué")
def delegue_pour_le_sensible(faits: Faits, le: date) -> Trouves:
    """Des données sensibles ou d'infraction à grande échelle, dans un organisme qui n'inscrit aucun délégué."""
    a_grande_echelle = faits.fiche.get("grande_echelle") is True
    if a_grande_echelle and not texte(faits.organisme, "dpo_nom") and _de_l_article_37(faits):
        yield (
            "organisme.dpo_nom",
            "Des données sensibles ou d'infraction sont traitées à grande échelle : si c'est une activité de base de "
            "l'organisme, il désigne un délégué. Inscrivez-le, ou dites pourquoi il n'en faut pas.",
        )


def _de_l_article_37(faits: Faits) -> bool:
    return bool(faits.donnees("sensible") or faits.donnees("infraction"))
