"""Conservation : une durée par catégorie, son point de départ, ce que les données deviennent, l'échéance tenue."""

from collections.abc import Mapping
from datetime import date

from conservation.durees import Suspension, lire_chiffree
from droit.faits import RIEN, Element, Faits, jour, par_categorie, texte
from droit.regles.anonymisation import ANONYMES
from droit.regles.regle import ARTICLE_30, RECOMMANDE, M, P, Trouves, alerte, bloquant, theme
from organismes.pliage import plier
from traitements.phrases import date_en_mots

theme("RET", "Conservation", 70)

VAGUES = ("illimit", "indefini", "tant que necessaire")  # accents, casse et blancs repliés


@bloquant(
    "RET-01",
    "RGPD art. 5(1)(e), 30(1)(f), 13(2)(a)",
    M,
    "données sans durée ni critère de conservation",
    ARTICLE_30,
    ecartable=True,
)
def une_duree_par_categorie(faits: Faits, le: date) -> Trouves:
    """Une catégorie de données à laquelle aucune durée de conservation ne donne une durée ou un critère."""
    regles = faits.liste("conservations")
    couvertes = {texte(k, "categorie") for k in regles if lire_chiffree(k) or texte(k, "critere")}
    if "" in couvertes:  # une durée sans catégorie vaut pour toutes les données
        return
    vides = par_categorie(regles)
    for categorie, d in par_categorie(faits.donnees()).items():
        if categorie and categorie not in couvertes:
            nom, vide = faits.citer("categories_donnees", [categorie]), vides.get(categorie)
            yield (
                f"conservations[{vide['numero']}].duree_valeur"
                if vide
                else f"donnees[{d['numero']}].categorie",
                f"Rien ne dit combien de temps se conserve la catégorie {nom} : fixez une durée ou, à défaut, le critère qui "
                "la détermine.",
            )


@bloquant("RET-02", "RGPD art. 5(1)(e)", M, "durée sans point de départ")
def un_point_de_depart_par_duree(faits: Faits, le: date) -> Trouves:
    """Une durée de conservation sans l'événement à compter duquel elle court."""
    for k in faits.liste("conservations"):
        if (duree := lire_chiffree(k)) and not texte(k, "point_depart"):
            yield (
                f"conservations[{k['numero']}].point_depart",
                f"La durée de {duree.en_chiffres} n'a pas de point de départ, et ne peut donc pas s'appliquer : choisissez "
                "l'événement à compter duquel elle court.",
            )


@alerte("RET-06", "RGPD art. 5(1)(e) ; LIL art. 4, 5°", M, "sort final non précisé")
def un_sort_final(faits: Faits, le: date) -> Trouves:
    """Une durée de conservation qui ne dit pas ce que deviennent les données à l'échéance."""
    for k in faits.liste("conservations"):
        if not texte(k, "sort_final"):
            yield (
                f"conservations[{k['numero']}].sort_final",
                "Dites ce que deviennent les données à l'échéance : suppression, anonymisation ou archivage.",
            )


@alerte(
    "RET-09",
    "NS-48 (délib. 2016-264), art. 5, al. 2 ; CNIL, référentiel 2021-131, § 7",
    P,
    "archivage intermédiaire sans accès restreint",
    RECOMMANDE,
)
def archivage_restreint(faits: Faits, le: date) -> Trouves:
    """Un archivage intermédiaire dont l'accès n'est pas restreint."""
    for k in faits.liste("conservations"):
        if k.get("phase") == "archivage_intermediaire" and k.get("acces_restreint") is False:
            yield (
                f"conservations[{k['numero']}].acces_restreint",
                "L'archivage intermédiaire suppose un tri préalable et un accès réservé aux personnes qui en ont besoin.",
            )


@alerte(
    "RET-10",
    "RGPD art. 5(1)(e) ; C. pénal art. 226-20",
    P,
    "durée non appliquée, ou échéance passée sans purge enregistrée",
)
def purge_a_l_echeance(faits: Faits, le: date) -> Trouves:
    """Un relevé qui trouve des données au-delà du terme, une purge périodique due, ou une échéance passée sans purge enregistrée."""
    debut = jour(faits.fiche, "date_mise_en_oeuvre") or date.min
    for k in faits.liste("conservations"):
        if _suspendue(k, le):  # l'effacement attend : rien n'est dû
            continue
        if dite := _non_appliquee(k):
            yield f"conservations[{k['numero']}].appliquee", dite
            continue
        echeance, purge = jour(k, "echeance"), _derniere_purge(k)
        if echeance and debut <= echeance < le and (purge is None or purge < echeance):
            connue = (
                f"la dernière purge date du {date_en_mots(purge)}" if purge else "aucune purge n'est notée"
            )
            yield (
                f"conservations[{k['numero']}].derniere_purge",
                f"L'échéance du {date_en_mots(echeance)} est passée et {connue} : purgez, ou enregistrez la purge faite.",
            )


def _suspendue(regle: Element, le: date) -> bool:
    debut, fin = jour(regle, "suspension_debut"), jour(regle, "suspension_fin")
    return debut is not None and Suspension(debut, fin).en_cours(le)


def _application(regle: Element) -> Element:
    """Ce que les opérations enregistrées disent de la durée (`conservation.application`) ; vide si on ne l'a pas lu."""
    lue = regle.get("_application")
    return lue if isinstance(lue, Mapping) and lue.get("prouvee") else RIEN


def _non_appliquee(regle: Element) -> str:
    lue = _application(regle)
    match lue.get("etat"):
        case "non":
            return (
                f"Cette durée n'est pas appliquée : {lue['pourquoi']}. Purgez, puis faites un nouveau relevé."
            )
        case "partiellement":
            return f"La purge est due : {lue['pourquoi']}."
    return ""


def _derniere_purge(regle: Element) -> date | None:
    """La dernière purge, déclarée dans la fiche ou enregistrée comme opération."""
    connues = [j for j in (jour(regle, "derniere_purge"), jour(_application(regle), "derniere")) if j]
    return max(connues, default=None)


@alerte("RET-11", "RGPD art. 5(1)(e), 13(2)(a)", M, "critère de conservation absent ou trop vague")
def critere_precis(faits: Faits, le: date) -> Trouves:
    """Une durée sans délai ni critère, ou dont le critère est « illimité », « indéfini » ou « tant que nécessaire »."""
    for k in faits.liste("conservations"):
        critere, chemin = texte(k, "critere"), f"conservations[{k['numero']}].critere"
        if not critere and not lire_chiffree(k):
            yield (
                chemin,
                "Cette ligne n'a ni délai ni critère : dites quel événement met fin à la conservation.",
            )
        elif k.get("regle_reference") != ANONYMES and any(mot in plier(critere) for mot in VAGUES):
            yield chemin, f"« {critere} » est trop vague : dites quel événement met fin à la conservation."
