"""Données d'infraction et à régime propre ; données révélatrices, textes libres ; ce qui ne se conserve pas."""

import re
from datetime import date
from re import Pattern

from conservation.durees import Duree, lire_chiffree
from conservation.ensembles import categories, en_clair
from droit.faits import RIEN, Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, theme
from droit.textes_cites import cite_un_texte, fonde
from organismes.pliage import plier

theme("SEN", "Données sensibles, infractions, identifiants", 30)

# Un texte qui peut permettre l'usage du numéro : le décret, le droit social, fiscal ou de la santé.
TEXTE_SOCIAL: Pattern[str] = re.compile(
    r"2019-341|\bcode de la securite sociale|\bc\. ?secu|\bcss\b|\bcode du travail|\bc\. ?trav|\bsante publique|\bcsp\b|\baction sociale"
    r"|\bcode general des impots|\bcgi\b|\bdeclaration sociale|\bdsn\b|\b(?:lil|78-17),? art(?:\.|icle) 30|\barticle 30 de la loi (?:informatique|n°|du 6)"
)
EN_JUSTICE: Pattern[str] = re.compile(
    r"\b(?:justice|contentieu\w*|litiges?|plaintes?|victimes?|proces|juridictions?|avocats?|tribuna\w+|jugements?|penale?s?)\b"
    r"|\b(?:autorites?|services? publics?|recouvrement judiciaire)\b"
)
SALARIES = {"SALARIES", "SERVICES_INTERNES"}
SECTEURS_SOCIAUX = ("SANTE", "ASSURANCE")
CAS_DU_NIR = (
    "Le numéro de sécurité sociale ne se traite que dans les cas que la loi et un décret énumèrent (article 30 de la loi "
    "Informatique et Libertés, décret n° 2019-341)"
)
REVELATRICES = ("TRANSACTIONS", "VIE_PERSONNELLE", "NAVIGATION")


@bloquant(
    "SEN-04",
    "RGPD art. 10 ; LIL art. 46",
    M,
    "donnée d'infraction sans titre pour la traiter",
    ecartable=True,
)
def titre_de_l_article_10(faits: Faits, le: date) -> Trouves:
    """Une donnée de condamnation ou d'infraction sans le titre qui permet de la traiter ; une alerte s'il ne se reconnaît pas."""
    for d in faits.donnees("infraction"):
        chemin, titre = f"donnees[{d['numero']}].justification_art10", texte(d, "justification_art10")
        if not titre:
            yield (
                chemin,
                "Indiquez à quel titre vous traitez ces données d'infraction (article 46 de la loi Informatique et "
                "Libertés) : par exemple, un contentieux en cours.",
            )
        elif not (cite_un_texte(titre) or EN_JUSTICE.search(plier(titre))):
            yield Trouve(
                chemin,
                "Hors des autorités et des services publics, ces données ne se traitent guère que pour préparer, exercer et "
                "suivre une action en justice (article 46 de la loi Informatique et Libertés) : dites quel cas est le vôtre.",
                Gravite.ALERTE,
            )


@bloquant(
    "SEN-05",
    "RGPD art. 87 ; LIL art. 30 ; décret n° 2019-341 du 19 avril 2019",
    S,
    "numéro de sécurité sociale sans le texte qui le permet",
    ecartable=True,
)
def numero_de_securite_sociale(faits: Faits, le: date) -> Trouves:
    """Le numéro de sécurité sociale, quelle que soit la fiche, sans une finalité qui cite le texte qui en permet l'usage ; une
    alerte si un autre texte est cité, ou si l'usage est vraisemblablement social."""
    for d in faits.donnees("nir"):
        chemin, servies = f"donnees[{d['numero']}].categorie", faits.finalites_servies(d)
        dits = [
            texte(d, "precisions"),
            *(texte(f, nom) for f in servies for nom in ("texte_legal", "justification")),
        ]
        if any(TEXTE_SOCIAL.search(plier(dit)) for dit in dits if dit):
            continue
        if _usage_social(faits) or any(texte(f, "texte_legal") for f in servies):
            yield Trouve(
                chemin,
                f"{CAS_DU_NIR} : citez dans la finalité celui qui vaut ici, ou retirez-le.",
                Gravite.ALERTE,
            )
        else:
            yield (
                chemin,
                f"{CAS_DU_NIR}, dont aucun n'est commercial : retirez-le, ou citez dans la finalité le texte qui en permet "
                "l'usage.",
            )


def _usage_social(faits: Faits) -> bool:
    """La paie, les soins et la protection sociale ont des cas à elles dans le décret."""
    personnes = faits.categories_de_personnes
    salaries = bool(personnes) and personnes <= SALARIES
    return salaries or texte(faits.organisme, "secteur") in SECTEURS_SOCIAUX


@alerte(
    "SEN-06",
    "RGPD art. 9(1) ; CJUE 1er août 2022, C-184/20",
    S,
    "profilage sur des données révélatrices, sans dire s'il est sensible",
)
def donnees_revelatrices(faits: Faits, le: date) -> Trouves:
    """Un profilage sur des achats, la vie personnelle ou la navigation, sans dire s'il révèle du sensible."""
    lues = [c for d in faits.liste("donnees") if (c := d.get("categorie")) in REVELATRICES]
    if faits.profile and lues and faits.volet("profilage").get("sensible") is None:
        yield (
            "profilage.sensible",
            "Ces données peuvent révéler des opinions, un état de santé ou une orientation sexuelle : "
            f"{faits.citer('categories_donnees', lues)}. Dites si les rayons et segments révélateurs sont exclus du profilage.",
        )


@alerte("SEN-07", "RGPD art. 5(1)(c)", P, "zone de texte libre sans garde-fou")
def texte_libre(faits: Faits, le: date) -> Trouves:
    """Des zones de texte libre sans garde-fou, ou une fiche qui ne dit pas s'il y en a."""
    libres = faits.fiche.get("champs_libres")
    if libres is True and not texte(faits.fiche, "champs_libres_mesure"):
        yield (
            "champs_libres_mesure",
            "Encadrez les zones de texte libre : avertissement, liste de choix ou contrôle périodique.",
        )
    elif libres is None:
        yield (
            "champs_libres",
            "Dites s'il y a des zones de texte libre : elles recueillent souvent plus que nécessaire.",
        )


@bloquant(
    "SEN-08",
    "CNIL, délibération n° 2018-303 du 6 septembre 2018, art. 4",
    P,
    "cryptogramme conservé",
    ecartable=True,
)
def cryptogramme_conserve(faits: Faits, le: date) -> Trouves:
    """Un cryptogramme de carte gardé après la transaction, ou archivé."""
    for k in faits.liste("conservations"):
        lignes = (faits.reperes.categories_donnees.get(c, RIEN) for c in _visees(faits, k))
        champ = "duree_valeur" if _dure(k) else "phase" if _archive(k) else ""
        if champ and any(ligne.get("conservation_interdite") for ligne in lignes):
            yield (
                f"conservations[{k['numero']}].{champ}",
                "Le cryptogramme ne se conserve jamais après la transaction : ramenez sa durée à zéro, sans archivage.",
            )


@alerte("SEN-09", "RGPD art. 5(1)(c), 12(6)", M, "copie de pièce d'identité conservée")
def piece_d_identite_conservee(faits: Faits, le: date) -> Trouves:
    """La copie d'une pièce d'identité gardée après la vérification, sans justification ni texte qui l'impose."""
    copies = [k for k in faits.liste("conservations") if "PIECE_IDENTITE" in _visees(faits, k)]
    if any(fonde(texte(k, "source")) for k in copies):
        return
    for k in copies:
        if _dure(k) and not (texte(k, "justification_ecart") or _breve_et_dite(k)):
            yield (
                f"conservations[{k['numero']}].duree_valeur",
                "Supprimez la copie de la pièce d'identité après vérification, ou justifiez sa conservation. Aucune "
                "pièce n'est exigible pour s'opposer à la prospection.",
            )


def _visees(faits: Faits, conservation: Element) -> tuple[str, ...]:
    """Les catégories que la durée nomme ; à défaut, celles de la fiche qu'aucune autre ne nomme."""
    return categories(conservation) or categories(en_clair(conservation, faits.fiche))


def _breve_et_dite(conservation: Element) -> bool:
    """Un mois au plus, et la source dit pourquoi : le temps d'un voyage, d'une remise."""
    duree = lire_chiffree(conservation)
    return bool(texte(conservation, "source")) and duree is not None and not duree.depasse(Duree(1, "mois"))


def _dure(conservation: Element) -> bool:
    valeur = conservation.get("duree_valeur")
    return isinstance(valeur, (int, float)) and valeur > 0


def _archive(conservation: Element) -> bool:
    return texte(conservation, "phase").startswith("archivage")
