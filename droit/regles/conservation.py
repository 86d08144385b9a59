"""Conservation : une durée par catégorie, son point de départ, ce que les données deviennent, l'échéance tenue."""

from datetime import date
from typing import Any

from conservation.durees import Duree, Suspension, lire_chiffree
from conservation.ensembles import categories, vise
from droit.criteres_vagues import sur_demande_seule, vague
from droit.faits import Element, Faits, jour, par_categorie, texte
from droit.regles.anonymisation import ANONYMES
from droit.regles.regle import ARTICLE_30, RECOMMANDE, M, P, Trouves, alerte, bloquant, theme
from traitements.phrases import date_en_mots

theme("RET", "Conservation", 70)


UN_MOIS = Duree(1, "mois")


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
    visees = [categories(k) for k in regles if lire_chiffree(k) or texte(k, "critere")]
    couvertes = {c for siennes in visees for c in siennes}
    if not all(visees):
        return  # l'une d'elles vaut pour toutes les données
    for categorie, d in par_categorie(faits.donnees()).items():
        if categorie and categorie not in couvertes:
            nom = faits.citer("categories_donnees", [categorie])
            vide = next((k for k in regles if categorie in categories(k)), None)
            yield (
                f"conservations[{vide['numero']}].duree_valeur"
                if vide
                else f"donnees[{d['numero']}].categorie",
                f"Rien ne dit combien de temps se conserve la catégorie {nom} : fixez une durée ou, à défaut, le critère qui "
                "la détermine.",
            )


@bloquant("RET-02", "RGPD art. 5(1)(e)", M, "durée sans point de départ", ecartable=True)
def un_point_de_depart_par_duree(faits: Faits, le: date) -> Trouves:
    """Une durée de conservation sans l'événement à compter duquel elle court, ni choisi, ni dit par un texte.

    Une donnée que l'on ne garde pas (« 0 jour ») n'en a pas besoin. Écartable comme l'absence de durée : l'article 30(1)(f) ne demande les
    délais que « dans la mesure du possible ».
    """
    for k in faits.liste("conservations"):
        if (duree := lire_chiffree(k)) and duree.valeur and not _depart_dit(k):
            yield (
                f"conservations[{k['numero']}].point_depart",
                f"La durée de {duree.en_chiffres} n'a pas de point de départ, et ne peut donc pas s'appliquer : choisissez "
                "l'événement à compter duquel elle court.",
            )


def _depart_dit(regle: Element) -> bool:
    """L'événement est choisi, ou se lit dans la précision ou dans le critère qui accompagne la durée."""
    if texte(regle, "point_depart") or texte(regle, "point_depart_precisions"):
        return True
    critere = texte(regle, "critere")
    return bool(critere) and not vague(critere)


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
    """Un archivage intermédiaire dont l'accès n'est pas restreint, ou dont on ne dit pas s'il l'est."""
    for k in faits.liste("conservations"):
        if k.get("phase") == "archivage_intermediaire" and k.get("acces_restreint") is not True:
            suppose = "L'archivage intermédiaire suppose un tri préalable et un accès réservé aux personnes qui en ont besoin"
            fin = " : dites si l'accès est restreint." if k.get("acces_restreint") is None else "."
            yield f"conservations[{k['numero']}].acces_restreint", suppose + fin


@alerte(
    "RET-10",
    "RGPD art. 5(1)(e) ; C. pénal art. 226-20",
    P,
    "durée non appliquée, ou en retard",
)
def purge_a_l_echeance(faits: Faits, le: date) -> Trouves:
    """Des lignes au-delà du terme, une durée déclarée non appliquée, une purge due ou à vérifier, une échéance passée."""
    for k in faits.liste("conservations"):
        # Ce que la seule fonction qui en décide a conclu (`conservation.application`) ; rien si on ne l'a pas lue.
        lue = k.get("_application")
        if retards := getattr(lue, "retards", ()):
            champ = "derniere_purge" if all(r.genre == "terme" for r in retards) else "appliquee"
            dites = (_dire_retard(r, lue) for r in retards)
            yield f"conservations[{k['numero']}].{champ}", " ".join(dites)


def _dire_retard(retard: Any, lue: Any) -> str:
    """`retard` : une attente de `conservation.attentes` ; `lue` : l'application qui la porte."""
    match str(retard.genre):
        case "constat":
            return f"Cette durée n'est pas appliquée : {retard.pourquoi}. Purgez, puis faites un nouveau relevé de la même source."
        case "non-appliquee":
            return f"Cette durée n'est pas appliquée : {retard.pourquoi}."
        case "a-verifier":
            return f"Une vérification manque : {retard.pourquoi}. Faites un relevé de la même source."
        case "terme":
            connue = (
                f"la dernière purge date du {date_en_mots(lue.derniere)}"
                if lue.derniere
                else "aucune purge n'est notée"
            )
            return f"L'échéance est passée ({retard.pourquoi}) et {connue} : purgez, ou enregistrez la purge faite."
    return f"La purge est due depuis le {date_en_mots(retard.due)} : {retard.pourquoi}."


@alerte(
    "RET-13",
    "RGPD art. 5(1)(e)",
    P,
    "purge moins fréquente que la durée ne le permet",
)
def frequence_a_la_mesure(faits: Faits, le: date) -> Trouves:
    """Une purge plus espacée que la durée elle-même : entre deux, les données restent plus du double de ce qui est annoncé."""
    for k in faits.liste("conservations"):
        duree, frequence = lire_chiffree(k), k.get("frequence_mois")
        if duree is None or type(frequence) is not int or frequence < 1:
            continue
        if frequence == 1 and not duree.depasse(UN_MOIS):
            continue  # le champ ne sait pas dire plus souvent
        if Duree(frequence, "mois").depasse(duree):
            yield (
                f"conservations[{k['numero']}].frequence_mois",
                f"Une purge tous les {frequence} mois ne peut pas tenir une durée de {duree.en_chiffres} : entre deux purges, des "
                "données restent au-delà de leur terme. Rapprochez les purges.",
            )


@alerte(
    "RET-14",
    "RGPD art. 5(1)(e), 17(3)(e)",
    P,
    "suspension de l'effacement sans les dossiers qu'elle concerne",
)
def suspension_nommee(faits: Faits, le: date) -> Trouves:
    """Une suspension en cours qui ne dit pas quels dossiers elle retient : le reste de la base échoit comme avant."""
    for k in faits.liste("conservations"):
        if _suspendue(k, le) and not texte(k, "suspension_dossiers"):
            yield (
                f"conservations[{k['numero']}].suspension_dossiers",
                "Dites quels dossiers la procédure retient : elle ne suspend l'effacement que des leurs, et le reste de la base "
                "échoit comme avant.",
            )


def _suspendue(regle: Element, le: date) -> bool:
    debut, fin = jour(regle, "suspension_debut"), jour(regle, "suspension_fin")
    return debut is not None and Suspension(debut, fin).en_cours(le)


@alerte("RET-11", "RGPD art. 5(1)(e), 13(2)(a)", M, "critère de conservation absent ou trop vague")
def critere_precis(faits: Faits, le: date) -> Trouves:
    """Une durée sans délai ni critère, ou dont le critère ne nomme ni événement ni nombre (« le temps nécessaire », « durée légale »,
    « sans limite »), ou n'attend que la demande de la personne."""
    for k in faits.liste("conservations"):
        critere, chiffree = texte(k, "critere"), lire_chiffree(k)
        chemin = f"conservations[{k['numero']}].critere"
        if not critere and not chiffree:
            yield (
                chemin,
                "Cette ligne n'a ni délai ni critère : dites quel événement met fin à la conservation.",
            )
        elif k.get("regle_reference") != ANONYMES and vague(critere, chiffree is not None):
            yield chemin, f"« {critere} » est trop vague : dites quel événement met fin à la conservation."
        elif critere and not chiffree and sur_demande_seule(critere):
            yield (
                chemin,
                f"« {critere} » n'est pas un terme : sans demande de la personne, ces données seraient gardées sans limite. "
                "Fixez aussi un délai, ou l'événement qui met fin à la conservation.",
            )


@alerte("RET-20", "RGPD art. 5(1)(e), 30(1)(f)", M, "archivage annoncé sans durée")
def archive_qui_suit(faits: Faits, le: date) -> Trouves:
    """Des données qui passent en archivage intermédiaire à leur terme, sans qu'aucune durée d'archivage ne les couvre."""
    regles = faits.liste("conservations")
    annoncent = [k for k in regles if k.get("sort_final") == "archivage_intermediaire"]
    if not annoncent:
        return
    for k in annoncent:
        # Une ligne dont la phase n'est pas dite peut être cette archive.
        archives = [a for a in regles if a.get("phase") != "base_active" and a is not k]
        siennes = categories(k)
        suivie = all(any(vise(a, c) for a in archives) for c in siennes) if siennes else bool(archives)
        if not suivie:
            yield (
                f"conservations[{k['numero']}].sort_final",
                "Ces données passent en archivage intermédiaire, et rien ne dit pour combien de temps : ajoutez la durée d'archivage.",
            )
