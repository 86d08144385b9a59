"""L'article 9 : l'exception que suppose chaque donnée sensible, et ce qu'elle vaut pour chacune des finalités servies."""

import re
from datetime import date
from re import Pattern

from droit.faits import RIEN, Element, Faits, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, S, Trouves, alerte, bloquant
from droit.textes_cites import cite_un_texte
from organismes.pliage import plier
from traitements.phrases import enumerer

COMMERCIALES = ("prospection", "profilage", "statistiques", "cession")
# Exceptions qui ne valent que par le droit de l'Union ou d'un État membre, ou par le secret d'un professionnel (art. 9(3)).
PAR_UN_TEXTE = ("ART9_B", "ART9_G", "ART9_H", "ART9_I", "ART9_J")
PROSPECTES = frozenset({"PROSPECTS", "VISITEURS_SITE", "PARTICIPANTS_JEU", "PARRAINES"})
ATTIREES = PROSPECTES | {"MINEURS", "CONTACTS_PRO"}
SECRET: Pattern[str] = re.compile(r"\bsecret\b")
PROFIL_SENSIBLE = "Un profilage qui utilise ou déduit une donnée sensible suppose le consentement explicite"
SENSIBLES_SANS_DONNEE = (
    "Vous indiquez des données sensibles, et aucune catégorie de l'article 9 n'est décrite : décrivez-la, avec son exception, "
    "ou répondez non."
)


@bloquant(
    "SEN-01", "RGPD art. 9(1), 9(2)", P, "donnée sensible sans exception de l'article 9", ecartable=True
)
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
    "RGPD art. 9(2), 22(4) ; C. pénal art. 226-19",
    P,
    "profilage sensible sans consentement explicite",
    ecartable=True,
)
def profilage_sensible(faits: Faits, le: date) -> Trouves:
    """Un profilage qui utilise ou déduit une donnée sensible, sans consentement explicite ni exception qui le permette."""
    if not faits.profile:
        return
    profilages = faits.finalites_de("profilage") or list(faits.finalites)
    utilisees = [d for d in faits.donnees("sensible") if _sert(faits, d, profilages)]
    for d in utilisees:
        if trouve := _exception_du_profilage(faits, d):
            yield trouve
    sensible = faits.volet("profilage").get("sensible")
    if sensible is True and not any(_autre_exception(d) for d in utilisees):
        yield from _profilage_sans_accord(profilages)
    elif sensible is False and utilisees:
        yield Trouve(
            "profilage.sensible",
            "Vous répondez que le profilage n'utilise pas de donnée sensible, et la finalité qu'il sert en utilise : "
            f"{faits.citer('categories_donnees', (texte(d, 'categorie') for d in utilisees))}. Corrigez la réponse, ou les "
            "finalités de ces données.",
            Gravite.ALERTE,
        )


def _sert(faits: Faits, donnee: Element, profilages: list[Element]) -> bool:
    """La donnée sert-elle à coup sûr ce profilage : elle cite sa finalité, ou la fiche n'en a qu'une ?"""
    citees = faits.finalites_citees(donnee) or (faits.finalites if len(faits.finalites) == 1 else ())
    return any(f in profilages for f in citees)


def _autre_exception(donnee: Element) -> bool:
    return texte(donnee, "exception_art9") not in ("", "ART9_A")


def _exception_du_profilage(faits: Faits, donnee: Element) -> Trouve | None:
    """Le consentement explicite relève de SEN-03 ; l'exception qui manque, de SEN-01."""
    if not _autre_exception(donnee):
        return None
    chemin, cas = f"donnees[{donnee['numero']}].exception_art9", texte(donnee, "exception_art9")
    if faits.volet("profilage").get("decision_auto") is True and cas != "ART9_G":
        return Trouve(
            chemin,
            "Une décision exclusivement automatisée ne se fonde sur une donnée sensible qu'avec le consentement explicite, ou "
            "un texte d'intérêt public important : invoquez l'un ou l'autre, ou retirez la donnée.",
        )
    if cas == "ART9_E" or not texte(donnee, "justification_art9"):
        return Trouve(
            chemin,
            f"{PROFIL_SENSIBLE} ; une autre exception s'entend strictement. Dites pourquoi celle-ci permet le profilage, ou "
            "retirez la donnée.",
            Gravite.ALERTE,
        )
    return None


def _profilage_sans_accord(profilages: list[Element]) -> Trouves:
    """Chaque finalité qui profile se juge seule."""
    reponses = [f.get("consentement_explicite") for f in profilages]
    if reponses and all(r is False for r in reponses):
        yield "profilage.sensible", f"{PROFIL_SENSIBLE}, et aucune finalité ne le prévoit."
    elif not all(reponses):
        yield Trouve(
            "profilage.sensible",
            f"{PROFIL_SENSIBLE} : dites pour chaque finalité qu'il sert si ce consentement est recueilli.",
            Gravite.ALERTE,
        )


@bloquant(
    "SEN-03",
    "RGPD art. 6(1), 9(2)(a) ; CJUE 21 décembre 2023, C-667/21",
    S,
    "exception du consentement explicite sans ce consentement",
    ecartable=True,
)
def consentement_explicite(faits: Faits, le: date) -> Trouves:
    """L'exception du consentement explicite invoquée pour une donnée, sans qu'une finalité qu'elle sert le recueille.

    La base légale n'y fait rien : un contrat et un consentement explicite se cumulent.
    """
    for d in faits.liste("donnees"):
        if d.get("exception_art9") == "ART9_A" and (servies := faits.finalites_servies(d)):
            yield from _accord_par_finalite(faits, d, servies)


def _accord_par_finalite(faits: Faits, donnee: Element, servies: list[Element]) -> Trouves:
    chemin = f"donnees[{donnee['numero']}].exception_art9"
    sans = [f for f in servies if f.get("consentement_explicite") is not True]
    if len(sans) == len(servies):
        if all(f.get("consentement_explicite") is False for f in sans):
            yield (
                chemin,
                "L'exception invoquée suppose un consentement explicite, et aucune finalité servie ne le recueille.",
            )
        else:
            yield Trouve(
                chemin,
                "L'exception invoquée suppose un consentement explicite : dites, dans la finalité que ces données servent, "
                "s'il est recueilli.",
                Gravite.ALERTE,
            )
    elif sans and faits.finalites_citees(donnee):
        yield Trouve(
            chemin,
            f"Ces données servent aussi, sans consentement explicite : {_libelles(sans)}. Recueillez-le, dites quelle autre "
            "exception de l'article 9(2) vaut là, ou retirez ces données de cette finalité.",
            Gravite.ALERTE,
        )
    elif sans:
        yield Trouve(
            f"donnees[{donnee['numero']}].finalites",
            f"Dites quelles finalités ces données servent : le consentement explicite n'est pas prévu pour {_libelles(sans)}.",
            Gravite.ALERTE,
        )


def _libelles(finalites: list[Element]) -> str:
    return enumerer(f"« {texte(f, 'libelle') or f.get('numero')} »" for f in finalites)


@alerte("SEN-10", "RGPD art. 9(1), 30(1)(c)", P, "réponse sur les données sensibles absente ou démentie")
def reponse_sur_les_donnees_sensibles(faits: Faits, le: date) -> Trouves:
    """« Données sensibles » sans réponse, par non alors que la fiche en décrit, ou par oui alors qu'elle n'en décrit aucune."""
    reponse, decrites = faits.fiche.get("donnees_sensibles"), faits.donnees("sensible")
    if reponse is None:
        yield (
            "donnees_sensibles",
            "Dites si le traitement porte sur des données sensibles (article 9), même par non.",
        )
    elif reponse is False and decrites:
        lues = faits.citer("categories_donnees", (texte(d, "categorie") for d in decrites))
        yield (
            "donnees_sensibles",
            f"Vous répondez qu'il n'y a pas de données sensibles, et la fiche en décrit : {lues}.",
        )
    elif reponse is True and faits.liste("donnees") and not _du_sensible(faits):
        yield "donnees_sensibles", SENSIBLES_SANS_DONNEE


def _du_sensible(faits: Faits) -> bool:
    """Une donnée de l'article 9, d'infraction ou le numéro de sécurité sociale : la réponse « oui » a pu les viser."""
    decrites = any(faits.donnees(attribut) for attribut in ("sensible", "infraction", "nir"))
    return decrites or faits.volet("profilage").get("sensible") is True


@alerte("SEN-11", "RGPD art. 5(2), 9(2), 9(3)", S, "exception de l'article 9 sans justification suffisante")
def exception_justifiee(faits: Faits, le: date) -> Trouves:
    """Une exception de l'article 9 sans justification, ou qui n'a guère sa place dans la finalité servie."""
    for d in faits.donnees("sensible"):
        if phrase := _doute_sur_l_exception(faits, d):
            yield f"donnees[{d['numero']}].justification_art9", phrase


def _doute_sur_l_exception(faits: Faits, donnee: Element) -> str:
    code, justification = texte(donnee, "exception_art9"), texte(donnee, "justification_art9")
    ligne = faits.reperes.exceptions_art9.get(code, RIEN)
    if not code:
        return ""
    if not justification:
        return (
            f"Justifiez l'exception invoquée : {_citee(ligne)}."
            if ligne
            else "Justifiez l'exception invoquée."
        )
    commerciale = any(f.get("type") in COMMERCIALES for f in faits.finalites_servies(donnee))
    if code == "ART9_E" and commerciale:
        return (
            "Des données rendues publiques ne s'exploitent pas pour autant à des fins commerciales : cette exception "
            "s'entend strictement. Vérifiez que la personne a clairement voulu les rendre publiques, et pour cet usage."
        )
    if code == "ART9_D" and _sans_lien(faits):
        return (
            "Cette exception ne vaut que pour les membres, les anciens membres et les contacts réguliers d'un organisme à but non "
            "lucratif : elle ne couvre pas des prospects. Choisissez-en une autre, ou retirez la donnée."
        )
    if code in PAR_UN_TEXTE and not (cite_un_texte(justification) or SECRET.search(plier(justification))):
        return (
            f"Cette exception ne vaut que par un texte, ou sous le secret professionnel : {_citee(ligne)}. Citez ce texte "
            "dans la justification."
        )
    return ""


def _sans_lien(faits: Faits) -> bool:
    """Nul n'est encore membre ni en contact régulier : des prospects, ou des personnes que la fiche cherche à attirer."""
    personnes = faits.categories_de_personnes
    prospecte = bool(faits.finalites_de("prospection")) and personnes <= ATTIREES
    return bool(personnes) and (personnes <= PROSPECTES or prospecte)


def _citee(exception: Element) -> str:
    return f"« {exception.get('libelle', '')} »"
