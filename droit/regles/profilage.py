"""Profilage et décision automatisée : ce que la loi impose, et ce que l'organisme a choisi d'exiger."""

from datetime import date

from droit.faits import Faits, codes, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import RECOMMANDE, SANS_MARQUE, M, S, Trouves, alerte, bloquant, theme

theme("PRF", "Profilage", 60)

CHOIX_INTERNE = (
    "Votre organisme a choisi d'exiger le consentement pour ce profilage, et aucune finalité de profilage ne repose sur "
    "lui. La loi ne l'impose pas en général ; elle l'impose pour les données sensibles, les traceurs et certaines "
    "décisions automatisées."
)
COMMUNIQUENT = ("profilage", "prospection", "cession")


@bloquant(
    "PRF-01",
    "Choix de l'organisme (doctrine de profilage) ; RGPD art. 9, 21, 22 ; LIL art. 82",
    SANS_MARQUE,
    "profilage sans le consentement que l'organisme a choisi d'exiger",
    RECOMMANDE,
    ecartable=True,
)
def doctrine_de_l_organisme(faits: Faits, le: date) -> Trouves:
    """Un profilage sans consentement, quand l'organisme a choisi de l'exiger : toujours, ou seulement s'il repose sur des
    traceurs ou des sources tierces (alerte)."""
    gravite = _gravite_choisie(faits)
    profilages = faits.finalites_de("profilage")
    consenti = any(f.get("base_legale") == "CONSENTEMENT" for f in profilages)
    if gravite and faits.profile and not consenti:
        chemin = f"finalites[{profilages[0]['numero']}].base_legale" if profilages else "profilage.niveau"
        yield Trouve(chemin, CHOIX_INTERNE, gravite)


def _gravite_choisie(faits: Faits) -> Gravite | None:
    """Ce que vaut, dans cet organisme, l'absence de consentement ; `None` s'il s'en tient au droit commun."""
    doctrine = faits.organisme.get("doctrine_profilage")
    profilage = faits.volet("profilage")
    exterieur = profilage.get("traceurs") is True or profilage.get("sources_tierces") is True
    if doctrine == "consentement_tout_profilage":
        return Gravite.BLOQUANT
    if doctrine == "consentement_si_traceur_ou_tiers" and exterieur:
        return Gravite.ALERTE
    return None


@bloquant(
    "PRF-02",
    "RGPD art. 22 ; LIL art. 47",
    M,
    "décision automatisée sans fondement ou sans intervention humaine",
)
def decision_automatisee(faits: Faits, le: date) -> Trouves:
    """Une décision exclusivement automatisée sans cas qui la permette, ou sans intervention humaine possible."""
    profilage = faits.volet("profilage")
    if profilage.get("decision_auto") is not True:
        return
    cas = texte(profilage, "exception_art22")
    if not cas:
        yield (
            "profilage.exception_art22",
            "Une décision exclusivement automatisée suppose un contrat, un texte ou un consentement explicite : dites "
            "lequel la permet.",
        )
    if profilage.get("intervention_humaine") is False and cas != "loi":
        yield (
            "profilage.intervention_humaine",
            "La personne doit pouvoir obtenir une intervention humaine, donner son point de vue et contester la décision.",
        )


@bloquant(
    "PRF-03", "LIL art. 82 ; CNIL, délibération n° 2020-091", S, "profilage sur traceurs sans consentement"
)
def profilage_sur_traceurs(faits: Faits, le: date) -> Trouves:
    """Un profilage fondé sur des traceurs, sans finalité qui repose sur le consentement."""
    if faits.volet("profilage").get("traceurs") is True and not faits.consenties:
        yield (
            "profilage.traceurs",
            "Un profilage fondé sur des traceurs suppose le consentement préalable : aucune finalité ne repose sur lui.",
        )


@alerte("PRF-04", "CNIL, délibérations n° 2018-327 et 2021-131", S, "profilage sur des sources externes")
def sources_externes(faits: Faits, le: date) -> Trouves:
    """Un profilage sur des données de sources externes, sans analyse d'impact réalisée."""
    realisee = faits.volet("aipd").get("decision") == "realisee"
    if faits.volet("profilage").get("sources_tierces") is True and not realisee:
        yield (
            "profilage.sources_tierces",
            "Le profilage sur des sources externes figure parmi les traitements soumis à analyse d'impact (liste de la "
            "CNIL) et sort du référentiel de gestion commerciale : réalisez l'analyse.",
        )


@alerte(
    "PRF-05",
    "RGPD art. 6(1), 26 ; CEPD, lignes directrices 8/2020",
    M,
    "audience similaire sans accord ou sans consentement",
)
def audience_similaire(faits: Faits, le: date) -> Trouves:
    """Une audience similaire confiée à une plateforme, sans accord de l'article 26 ou sans consentement."""
    if faits.volet("profilage").get("plateforme_tierce") is not True:
        return
    communiquent = faits.finalites_de(*COMMUNIQUENT)
    consentie = any(f.get("base_legale") == "CONSENTEMENT" for f in communiquent)
    accord = texte(faits.fiche, "accord_art26")
    manquent = [
        quoi
        for quoi, present in (("l'accord de l'article 26", accord), ("le consentement", consentie))
        if not present
    ]
    if manquent:
        yield (
            "profilage.plateforme_tierce",
            "Remettre une liste à une plateforme pour une audience similaire est une communication : précisez qui en "
            f"répond et sur quelle base. Il manque : {' ; '.join(manquent)}.",
        )


@alerte("PRF-06", "RGPD art. 13(2)(f), 14(2)(g)", M, "profilage non annoncé")
def profilage_annonce(faits: Faits, le: date) -> Trouves:
    """Un profilage que l'information des personnes n'annonce pas."""
    if faits.profile and "profilage" not in codes(faits.volet("information"), "mentions"):
        yield (
            "information.mentions",
            "Annoncez aux personnes l'existence du profilage et, s'il décide, sa logique et ses conséquences.",
        )


@bloquant("PRF-07", "RGPD art. 21(2)", M, "profilage publicitaire sans opposition possible")
def opposition_au_profilage(faits: Faits, le: date) -> Trouves:
    """Un profilage lié à une prospection, auquel la personne ne peut pas s'opposer."""
    refusee = faits.volet("profilage").get("opposition_possible") is False
    if faits.profile and refusee and faits.finalites_de("prospection"):
        yield (
            "profilage.opposition_possible",
            "L'opposition à la prospection s'étend au profilage qui la sert, sans motif : permettez-la.",
        )
