"""Conservation : une durée par catégorie, son point de départ, sa référence, ce que les données deviennent."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from droit import durees
from droit.faits import Element, Faits, jour, texte
from droit.regles.regle import Exigence, Gravite, M, Marque, P, S, Trouve, controle
from organismes.pliage import plier
from traitements.phrases import date_en_mots

ANONYMES = "STAT-ANONYMES"  # la règle des données déjà anonymisées
ANONYMISANTES = ("agregation", "generalisation", "bruit")
ANONYMISATIONS = ("anonymisation", "suppression_ou_anonymisation")
REVERSIBLES = {
    "pseudonymisation": "La pseudonymisation reste rattachable à la personne",
    "hachage": "Un hachage reste rattachable à la personne",
    "chiffrement": "Un chiffrement est réversible",
    "table_correspondance": "Une table de correspondance permet de revenir à la personne",
    "aucune": "Aucune technique n'est employée",
}
VAGUES = ("illimit", "indefini", "tant que necessaire")  # accents, casse et blancs repliés


@controle(
    "RET-01",
    Gravite.BLOQUANT,
    Exigence.ARTICLE_30,
    "RGPD art. 5(1)(e), 30(1)(f), 13(2)(a)",
    titre="données sans durée ni critère de conservation",
    marque=M,
    ecartable=True,
)
def une_duree_par_categorie(faits, le):
    """Une catégorie de données à laquelle aucune règle de conservation ne donne une durée ou un critère."""
    regles = faits.liste("conservations")
    couvertes = {texte(k, "categorie") for k in regles if durees.renseignee(k) or texte(k, "critere")}
    if "" in couvertes:  # une règle sans catégorie vaut pour toutes les données
        return
    vides = _premiers(regles)
    for categorie, d in _premiers(faits.donnees()).items():
        if categorie and categorie not in couvertes:
            vide = vides.get(categorie)
            chemin = (
                f"conservations[{vide['numero']}].duree_valeur"
                if vide
                else f"donnees[{d['numero']}].categorie"
            )
            yield (
                chemin,
                f"Rien ne dit combien de temps se conserve la catégorie {_nom(faits, categorie)} : fixez une durée ou, à "
                "défaut, le critère qui la détermine.",
            )


@controle(
    "RET-02",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 5(1)(e)",
    titre="durée sans point de départ",
    marque=M,
)
def un_point_de_depart_par_duree(faits, le):
    """Une durée de conservation sans l'événement à compter duquel elle court."""
    for k in faits.liste("conservations"):
        if durees.renseignee(k) and not texte(k, "point_depart"):
            yield (
                f"conservations[{k['numero']}].point_depart",
                f"La durée de {durees.en_mots(k)} n'a pas de point de départ, et ne peut donc pas s'appliquer : choisissez "
                "l'événement à compter duquel elle court.",
            )


@controle(
    "RET-03",
    Gravite.ALERTE,
    Exigence.RECOMMANDE,
    "CNIL, questions-réponses sur les référentiels",
    titre="durée plus longue que sa référence, sans justification",
    marque=S,
)
def duree_trop_longue(faits, le):
    """Une durée plus longue que celle de la règle du référentiel qu'elle cite, sans justification de l'écart."""
    for k, reference in _referencees(faits):
        maximum = durees.maximum(reference)
        if maximum and durees.plus_longue(k, maximum) and not texte(k, "justification_ecart"):
            legal = durees.contraignante(reference) and not durees.a_relire(reference)
            suite = "ou citez le texte qui permet de la dépasser" if legal else "ou justifiez l'écart"
            yield _au_regard(k, reference, "dépasse le maximum", maximum, f"Réduisez-la, {suite}.")


@controle(
    "RET-04",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "texte de la règle du référentiel citée",
    titre="durée plus courte qu'un minimum légal",
    marque=S,
    ecartable=True,
)
def duree_sous_le_minimum_legal(faits, le):
    """Une durée plus courte que le minimum légal de la règle du référentiel qu'elle cite."""
    suite = "Allongez-la, ou écrivez pourquoi ce texte ne s'applique pas ici."
    yield from _sous_le_minimum(faits, contraignante=True, suite=suite)


@controle(
    "RET-05",
    Gravite.ALERTE,
    Exigence.RECOMMANDE,
    "CNIL, « Comment utiliser une liste repoussoir », 27 janv. 2022",
    titre="durée plus courte qu'un minimum recommandé",
    marque=P,
)
def duree_sous_le_minimum_recommande(faits, le):
    """Une durée plus courte que le minimum, recommandé ou proposé, de la règle du référentiel qu'elle cite."""
    suite = "Allongez-la, ou écrivez pourquoi elle suffit."
    yield from _sous_le_minimum(faits, contraignante=False, suite=suite)


@controle(
    "RET-06",
    Gravite.ALERTE,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 5(1)(e) ; LIL art. 4, 5°",
    titre="sort final non précisé",
    marque=M,
)
def un_sort_final(faits, le):
    """Une règle de conservation qui ne dit pas ce que deviennent les données à l'échéance."""
    for k in faits.liste("conservations"):
        if not texte(k, "sort_final"):
            yield (
                f"conservations[{k['numero']}].sort_final",
                "Dites ce que deviennent les données à l'échéance : suppression, anonymisation ou archivage.",
            )


@controle(
    "RET-07",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 5(1)(e) ; CNIL, référentiel 2021-131, § 7 ; NS-48 (délib. 2016-264), art. 5, al. 3",
    titre="statistiques gardées après le terme sans anonymisation",
    marque=P,
)
def statistiques_anonymisees(faits, le):
    """Des données qui servent à des statistiques, gardées après leur terme ou archivées définitivement, et non anonymisées ;
    en alerte, quand l'anonymisation est déclarée et qu'aucune épreuve passée ne la montre."""
    statistiques = faits.finalites_de("statistiques")
    apres_terme = [f for f in statistiques if f.get("conserve_apres_terme") is True]
    yield from _gardees_identifiantes(faits, apres_terme)
    yield from _sans_epreuve(faits, apres_terme, le)
    if len(apres_terme) < len(statistiques):
        for k in faits.liste("conservations"):
            if k.get("sort_final") == "archivage_definitif" and not _deja_anonyme(k):
                yield (
                    f"conservations[{k['numero']}].sort_final",
                    "Ces données seraient archivées définitivement sans être anonymisées. Au-delà de leur durée, seules "
                    "des données anonymisées de manière irréversible servent encore aux statistiques.",
                )


@controle(
    "RET-08",
    Gravite.BLOQUANT,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 4(5), considérant 26 ; G29, avis 05/2014",
    titre="anonymisation déclarée qui n'en est pas une",
    marque=S,
)
def technique_d_anonymisation(faits, le):
    """Une anonymisation déclarée, par une technique réversible, rattachable à la personne, ou par aucune ; ou dont la dernière
    épreuve conclut à des données pseudonymisées."""
    for k in faits.liste("conservations"):
        pourquoi = REVERSIBLES.get(texte(k, "technique"))
        if pourquoi and texte(k, "sort_final") in ANONYMISATIONS:
            yield (
                f"conservations[{k['numero']}].technique",
                f"{pourquoi} : ce n'est pas une anonymisation. Choisissez une technique irréversible (agrégation, "
                "généralisation, ajout de bruit) ou un autre sort final.",
            )
        elif _peut_anonymiser(k) and _pseudonymisee(derniere := faits.epreuve(k["numero"], le)):
            yield (
                f"conservations[{k['numero']}].technique",
                f"L'épreuve d'anonymat du {date_en_mots(jour(derniere, 'date'))} conclut à des données pseudonymisées : ce sont des "
                "données personnelles, que leur terme oblige à effacer. Retirez les identifiants et éprouvez de nouveau.",
            )


@controle(
    "RET-09",
    Gravite.ALERTE,
    Exigence.RECOMMANDE,
    "NS-48 (délib. 2016-264), art. 5, al. 2 ; CNIL, référentiel 2021-131, § 7",
    titre="archivage intermédiaire sans accès restreint",
    marque=P,
)
def archivage_restreint(faits, le):
    """Un archivage intermédiaire dont l'accès n'est pas restreint."""
    for k in faits.liste("conservations"):
        if k.get("phase") == "archivage_intermediaire" and k.get("acces_restreint") is False:
            yield (
                f"conservations[{k['numero']}].acces_restreint",
                "L'archivage intermédiaire suppose un tri préalable et un accès réservé aux personnes qui en ont besoin.",
            )


@controle(
    "RET-10",
    Gravite.ALERTE,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 5(1)(e) ; C. pénal art. 226-20",
    titre="durée non appliquée, ou échéance passée sans purge enregistrée",
    marque=P,
)
def purge_a_l_echeance(faits, le):
    """Un constat qui trouve des données au-delà du terme, une purge périodique due, ou une échéance passée sans purge enregistrée."""
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


def _suspendue(k: Element, le: date) -> bool:
    debut, fin = jour(k, "suspension_debut"), jour(k, "suspension_fin")
    return debut is not None and debut <= le <= (fin or date.max)


def _application(k) -> Mapping:
    """Ce que les opérations enregistrées disent de la règle (`conservation.application`) ; vide si on ne l'a pas lu."""
    lue = k.get("_application")
    return lue if isinstance(lue, Mapping) and lue.get("prouvee") else {}


def _non_appliquee(k) -> str:
    lue = _application(k)
    match lue.get("etat"):
        case "non":
            return f"Cette durée n'est pas appliquée : {lue['pourquoi']}. Purgez, puis faites un nouveau constat."
        case "partiellement":
            return f"La purge de cette règle est due : {lue['pourquoi']}."
    return ""


def _derniere_purge(k):
    """La dernière purge, déclarée dans la fiche ou enregistrée comme opération."""
    connues = [j for j in (jour(k, "derniere_purge"), jour(_application(k), "derniere")) if j]
    return max(connues, default=None)


@controle(
    "RET-11",
    Gravite.ALERTE,
    Exigence.AUTRE_TEXTE,
    "RGPD art. 5(1)(e), 13(2)(a)",
    titre="critère de conservation absent ou trop vague",
    marque=M,
)
def critere_precis(faits, le):
    """Une règle sans durée ni critère, ou dont le critère est « illimité », « indéfini » ou « tant que nécessaire »."""
    for k in faits.liste("conservations"):
        critere, chemin = texte(k, "critere"), f"conservations[{k['numero']}].critere"
        if not critere and not durees.renseignee(k):
            yield (
                chemin,
                "Cette règle n'a ni durée ni critère : dites quel événement met fin à la conservation.",
            )
        elif k.get("regle_reference") != ANONYMES and any(mot in plier(critere) for mot in VAGUES):
            yield chemin, f"« {critere} » est trop vague : dites quel événement met fin à la conservation."


@controle(
    "RET-12",
    Gravite.CONSEIL,
    Exigence.RECOMMANDE,
    "référentiel des durées du registre",
    titre="référence ancienne ou à relire",
    marque=M,
)
def reference_a_relire(faits, le):
    """Une règle de conservation qui cite une règle du référentiel tirée d'un ancien texte, ou non vérifiée."""
    for k, reference in _referencees(faits):
        if reference.get("force") == "historique" or durees.a_relire(reference):
            yield Trouve(
                f"conservations[{k['numero']}].regle_reference",
                f"La règle « {reference.get('libelle')} » ({durees.valeur(reference)}) n'est qu'un repère : relisez le texte et "
                "validez la durée.",
                source=texte(reference, "source"),
                marque=_marque(reference),
            )


# --- La fiche ----------------------------------------------------------------------------------------------------------
def _premiers(elements: Iterable[Element]) -> dict[str, Element]:
    """Le premier élément de chaque catégorie de données, dans l'ordre de la fiche."""
    premiers: dict[str, Element] = {}
    for e in elements:
        premiers.setdefault(texte(e, "categorie"), e)
    return premiers


def _nom(faits: Faits, categorie: str) -> str:
    return f"« {faits.reperes.libelle('categories_donnees', categorie)} »"


def _deja_anonyme(regle: Element) -> bool:
    return regle.get("technique") in ANONYMISANTES or regle.get("regle_reference") == ANONYMES


def _anonymise(regle: Element) -> bool:
    """La fiche déclare que ces données sont, ou seront à leur terme, anonymes."""
    return regle.get("sort_final") == "anonymisation" or _deja_anonyme(regle)


def _peut_anonymiser(regle: Element) -> bool:
    """La même, ou la fiche laisse le choix entre supprimer et anonymiser."""
    return texte(regle, "sort_final") in ANONYMISATIONS or _deja_anonyme(regle)


def _pseudonymisee(epreuve: Element) -> bool:
    return epreuve.get("verdict") == "pseudonymisee"


def _sans_epreuve(faits: Faits, finalites: list[Element], le: date) -> Iterator[Trouve]:
    """Chaque règle qui dit anonymes des statistiques gardées après leur terme, et qu'aucune épreuve passée ne soutient."""
    servies = {c for f in finalites for c in _premiers(_donnees_servies(faits, f))}
    for k in faits.liste("conservations"):
        concernee = servies and texte(k, "categorie") in ("", *servies) and _anonymise(k)
        derniere = faits.epreuve(k["numero"], le)
        if (
            concernee
            and texte(k, "technique") not in REVERSIBLES
            and derniere.get("verdict") not in ("passee", "pseudonymisee")
        ):
            suite = (
                f"celle du {date_en_mots(jour(derniere, 'date'))} n'atteint pas ses seuils"
                if derniere
                else "éprouvez le fichier conservé"
            )
            yield Trouve(
                f"conservations[{k['numero']}].technique",
                f"Aucune épreuve d'anonymat passée ne montre que ces statistiques, gardées après leur terme, sont anonymes : {suite}.",
                gravite=Gravite.ALERTE,
            )


def _gardees_identifiantes(faits: Faits, finalites: list[Element]) -> Iterator[tuple[str, str]]:
    """Chaque catégorie qui sert à ces statistiques après son terme et qu'aucune règle n'anonymise."""
    servies: dict[str, Element] = {}
    for f in finalites:
        for categorie in _premiers(_donnees_servies(faits, f)):
            servies.setdefault(categorie, f)
    for categorie, f in servies.items():
        regles = [k for k in faits.liste("conservations") if texte(k, "categorie") in ("", categorie)]
        if not any(map(_anonymise, regles)):
            # Celle de la catégorie avant la règle générale.
            regles.sort(key=lambda k: not texte(k, "categorie"))
            sienne = f"conservations[{regles[0]['numero']}].sort_final" if regles else ""
            yield (
                sienne or f"finalites[{f['numero']}].conserve_apres_terme",
                f"La catégorie {_nom(faits, categorie)} sert encore à des statistiques après son terme : prévoyez de "
                "l'anonymiser alors de manière irréversible, ou cessez de l'utiliser.",
            )


def _donnees_servies(faits: Faits, finalite: Element) -> list[Element]:
    """Les données qu'une finalité utilise ; une donnée qui n'en nomme aucune les sert toutes."""
    numero = finalite.get("numero")
    return [d for d in faits.donnees() if texte(d, "categorie") and _sert(d.get("finalites"), numero)]


def _sert(finalites: Any, numero: Any) -> bool:
    return not finalites or isinstance(finalites, tuple) and numero in finalites


# --- La règle du référentiel que cite une règle de la fiche ------------------------------------------------------------
def _referencees(faits: Faits) -> Iterator[tuple[Element, Element]]:
    """Les règles de la fiche qui citent une règle du référentiel, avec celle-ci."""
    for k in faits.liste("conservations"):
        if reference := faits.reperes.durees.get(texte(k, "regle_reference")):
            yield k, reference


def _sous_le_minimum(faits: Faits, contraignante: bool, suite: str) -> Iterator[Trouve]:
    for k, reference in _referencees(faits):
        minimum = durees.minimum(reference)
        if minimum and durees.contraignante(reference) is contraignante and durees.plus_longue(minimum, k):
            yield _au_regard(k, reference, "est inférieure au minimum", minimum, suite)


def _au_regard(regle: Element, reference: Element, ecart: str, borne: durees.Duree, suite: str) -> Trouve:
    """L'écart à une référence : ce que dit la fiche, ce que dit la règle, ce qu'elle vaut, d'où elle vient."""
    critere = f" Critère : {lu}." if (lu := texte(reference, "critere")) else ""
    return Trouve(
        f"conservations[{regle['numero']}].duree_valeur",
        f"La durée déclarée ({durees.en_mots(regle)}) {ecart} de la règle « {reference.get('libelle')} » : "
        f"{durees.en_mots(borne)} ({durees.valeur(reference)}).{critere} {suite} Source : {reference.get('source')}.",
        source=texte(reference, "source"),
        marque=_marque(reference),
    )


def _marque(reference: Element) -> Marque:
    return next((m for m in Marque if m == reference.get("verifie")), Marque.AUCUNE)
