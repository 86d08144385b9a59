"""Données de l'article 9, d'infraction et à régime propre ; textes libres ; ce qui ne se conserve pas."""

from datetime import date

from conservation.ensembles import categories, en_clair
from droit.faits import RIEN, Element, Faits, texte
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, theme

theme("SEN", "Données sensibles, infractions, identifiants", 30)

REVELATRICES = ("TRANSACTIONS", "VIE_PERSONNELLE", "NAVIGATION")
PROFIL_SENSIBLE = "Un profilage qui utilise ou déduit une donnée sensible exige le consentement explicite"


@bloquant("SEN-01", "RGPD art. 9(1), 9(2)", P, "donnée sensible sans exception de l'article 9")
def exception_de_l_article_9(faits: Faits, le: date) -> Trouves:
    """Une donnée de l'article 9 sans l'exception qui permet de la traiter."""
    for d in faits.donnees("sensible"):
        if not texte(d, "exception_art9"):
            yield (
                f"donnees[{d['numero']}].exception_art9",
                "Traiter cette donnée de l'article 9 est interdit, sauf exception : choisissez l'exception ou retirez "
                "la donnée.",
            )


@bloquant(
    "SEN-02",
    "RGPD art. 9(2)(a), 22(4) ; C. pénal art. 226-19",
    P,
    "profilage sensible sans consentement explicite",
)
def profilage_sensible(faits: Faits, le: date) -> Trouves:
    """Un profilage qui utilise ou déduit une donnée sensible, sans consentement explicite."""
    if not faits.profile:
        return
    consenti = _consentement_explicite(faits)
    for d in faits.donnees("sensible"):
        if d.get("exception_art9") != "ART9_A":
            yield (
                f"donnees[{d['numero']}].exception_art9",
                f"{PROFIL_SENSIBLE} : invoquez-le, ou retirez la donnée.",
            )
        elif not consenti:
            yield (
                f"donnees[{d['numero']}].exception_art9",
                f"{PROFIL_SENSIBLE}, et aucune finalité ne le prévoit.",
            )
    if faits.volet("profilage").get("sensible") is True and not consenti:
        yield "profilage.sensible", f"{PROFIL_SENSIBLE}, et aucune finalité ne le prévoit."


@bloquant("SEN-03", "RGPD art. 9(2)(a)", M, "exception du consentement explicite sans ce consentement")
def consentement_explicite(faits: Faits, le: date) -> Trouves:
    """L'exception du consentement explicite invoquée, sans finalité fondée sur un tel consentement."""
    if _consentement_explicite(faits):
        return
    for d in faits.liste("donnees"):
        if d.get("exception_art9") == "ART9_A":
            yield (
                f"donnees[{d['numero']}].exception_art9",
                "L'exception invoquée suppose une finalité fondée sur un consentement explicite : aucune ne l'est.",
            )


def _consentement_explicite(faits: Faits) -> bool:
    return any(f.get("consentement_explicite") is True for f in faits.consenties)


@bloquant(
    "SEN-04",
    "RGPD art. 10 ; LIL art. 46",
    M,
    "donnée d'infraction sans titre pour la traiter",
    ecartable=True,
)
def titre_de_l_article_10(faits: Faits, le: date) -> Trouves:
    """Une donnée relative aux condamnations ou aux infractions, sans le titre qui permet de la traiter."""
    for d in faits.donnees("infraction"):
        if not texte(d, "justification_art10"):
            yield (
                f"donnees[{d['numero']}].justification_art10",
                "Indiquez à quel titre vous traitez ces données d'infraction (article 46 de la loi Informatique et "
                "Libertés) : par exemple, un contentieux en cours.",
            )


@bloquant(
    "SEN-05",
    "RGPD art. 87 ; LIL art. 30 ; décret n° 2019-341 du 19 avril 2019",
    S,
    "numéro de sécurité sociale dans un fichier commercial",
)
def nir_commercial(faits: Faits, le: date) -> Trouves:
    """Le numéro de sécurité sociale dans une fiche issue d'un modèle commercial ou rangée dans une famille commerciale."""
    commerciale = texte(faits.fiche, "modele") or texte(faits.fiche, "famille") not in ("", "autre")
    for d in faits.donnees("nir"):
        if commerciale:
            yield (
                f"donnees[{d['numero']}].categorie",
                "Le numéro de sécurité sociale n'a pas sa place dans un fichier commercial : retirez-le.",
            )


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


@alerte("SEN-07", "RGPD art. 5(1)(c)", M, "zone de texte libre sans garde-fou")
def texte_libre(faits: Faits, le: date) -> Trouves:
    """Des zones de texte libre sans garde-fou."""
    if faits.fiche.get("champs_libres") is True and not texte(faits.fiche, "champs_libres_mesure"):
        yield (
            "champs_libres_mesure",
            "Encadrez les zones de texte libre : avertissement, liste de choix ou contrôle périodique.",
        )


@bloquant("SEN-08", "CNIL, délibération n° 2018-303 du 6 septembre 2018, art. 4", P, "cryptogramme conservé")
def cryptogramme_conserve(faits: Faits, le: date) -> Trouves:
    """Un cryptogramme de carte gardé après la transaction, ou archivé."""
    for k in faits.liste("conservations"):
        lignes = (faits.reperes.categories_donnees.get(c, RIEN) for c in categories(en_clair(k, faits.fiche)))
        interdite = any(ligne.get("conservation_interdite") for ligne in lignes)
        champ = "duree_valeur" if _dure(k) else "phase" if _archive(k) else ""
        if interdite and champ:
            yield (
                f"conservations[{k['numero']}].{champ}",
                "Le cryptogramme ne se conserve jamais après la transaction : ramenez sa durée à zéro, sans archivage.",
            )


@alerte("SEN-09", "RGPD art. 5(1)(c), 12(6)", M, "copie de pièce d'identité conservée")
def piece_d_identite_conservee(faits: Faits, le: date) -> Trouves:
    """La copie d'une pièce d'identité gardée après la vérification, sans justification."""
    for k in faits.liste("conservations"):
        copie = "PIECE_IDENTITE" in categories(en_clair(k, faits.fiche))
        if copie and _dure(k) and not texte(k, "justification_ecart"):
            yield (
                f"conservations[{k['numero']}].duree_valeur",
                "Supprimez la copie de la pièce d'identité après vérification, ou justifiez sa conservation. Aucune "
                "pièce n'est exigible pour s'opposer à la prospection.",
            )


def _dure(conservation: Element) -> bool:
    valeur = conservation.get("duree_valeur")
    return isinstance(valeur, (int, float)) and valeur > 0


def _archive(conservation: Element) -> bool:
    return texte(conservation, "phase").startswith("archivage")
