"""Profilage : ce que la loi impose, et ce que l'organisme a choisi d'exiger."""

from collections.abc import Iterator
from datetime import date

from droit.criteres_aipd import decide, evalue
from droit.faits import Element, Faits, codes, texte
from droit.regles.aipd import realisee
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import RECOMMANDE, SANS_MARQUE, M, P, S, Trouves, alerte, bloquant, theme
from traitements.phrases import enumerer

theme("PRF", "Profilage", 60)

CHOIX_INTERNE = (
    "Votre organisme a choisi d'exiger le consentement pour ce profilage, et aucune finalité de profilage ne repose sur "
    "lui. La loi ne l'impose pas en général ; elle l'impose pour les données sensibles, les traceurs et certaines "
    "décisions automatisées."
)
CHOIX_INTERNE_EN_PARTIE = (
    "Votre organisme a choisi d'exiger le consentement pour tout profilage de cette sorte : cette finalité repose sur une "
    "autre base, même si une autre finalité de profilage est consentie."
)
COMMUNIQUENT = ("profilage", "prospection", "cession")
OPPOSABLES = ("INTERET_LEGITIME", "MISSION_INTERET_PUBLIC")
TRACEURS = "Un profilage fondé sur des traceurs suppose le consentement préalable"


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
    if not gravite or not faits.profile:
        return
    profilages = faits.finalites_de("profilage")
    sans = [f for f in profilages if not _consentie(f)]
    if not profilages or len(sans) == len(profilages):
        chemin = f"finalites[{profilages[0]['numero']}].base_legale" if profilages else "profilage.niveau"
        yield Trouve(chemin, CHOIX_INTERNE, gravite)
    else:
        for f in sans:
            yield Trouve(f"finalites[{f['numero']}].base_legale", CHOIX_INTERNE_EN_PARTIE, gravite)


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


@bloquant("PRF-03", "LIL art. 82", P, "profilage sur traceurs sans consentement", ecartable=True)
def profilage_sur_traceurs(faits: Faits, le: date) -> Trouves:
    """Un profilage fondé sur des traceurs, dont la finalité ne repose pas sur le consentement.

    Une raison écrite peut l'écarter : l'article 82 exempte les traceurs strictement nécessaires au service demandé.
    """
    if faits.volet("profilage").get("traceurs") is not True:
        return
    servies = _servies(faits)
    sans = [f for f in servies if not _consentie(f)]
    noms = enumerer(f"« {texte(f, 'libelle')} »" for f in sans)
    if not faits.consenties:
        yield "profilage.traceurs", f"{TRACEURS} : aucune finalité ne repose sur lui."
    elif len(sans) == len(servies) and all(codes(f, "canaux") for f in faits.consenties):
        yield "profilage.traceurs", f"{TRACEURS} : il est demandé pour des messages, non pour {noms}."
    elif sans:
        yield Trouve(
            "profilage.traceurs",
            f"{TRACEURS} : dites si celui d'une autre finalité couvre aussi les traceurs qui servent {noms}.",
            Gravite.ALERTE,
        )


def _servies(faits: Faits) -> list[Element]:
    """Les finalités que le profilage sert : celles de profilage, à défaut celles de prospection, à défaut toutes."""
    return (
        faits.finalites_de("profilage")
        or faits.finalites_de("prospection", "cession")
        or list(faits.finalites)
    )


def _consentie(finalite: Element) -> bool:
    return finalite.get("base_legale") == "CONSENTEMENT"


@bloquant(
    "PRF-04",
    "RGPD art. 35(1), 35(4) ; CNIL, délibérations n° 2018-327 et 2021-131",
    S,
    "profilage sur des sources externes sans analyse d'impact",
    ecartable=True,
)
def sources_externes(faits: Faits, le: date) -> Trouves:
    """Un profilage sur des données de sources externes, sans analyse d'impact réalisée ; avant la mise en œuvre, une alerte."""
    aipd = faits.volet("aipd")
    deja_requise = codes(aipd, "liste_requise") or aipd.get("decision") == "requise"  # AIP-01 le dit
    if faits.volet("profilage").get("sources_tierces") is not True or deja_requise or realisee(faits, le):
        return
    yield Trouve(
        "profilage.sources_tierces",
        "Le profilage sur des sources externes figure parmi les traitements soumis à analyse d'impact (liste de la "
        "CNIL) et sort du référentiel de gestion commerciale : réalisez l'analyse.",
        None if faits.actif(le) and faits.profile else Gravite.ALERTE,
    )


@alerte(
    "PRF-05",
    "RGPD art. 6(1), 26 ; CEPD, lignes directrices 8/2020",
    M,
    "audience similaire sans accord ou sans consentement",
)
def audience_similaire(faits: Faits, le: date) -> Trouves:
    """Une audience similaire confiée à une plateforme, sans accord de l'article 26 ou sans consentement ; la question sans
    réponse, quand un profilage sert une prospection ou une cession."""
    plateforme = faits.volet("profilage").get("plateforme_tierce")
    if plateforme is None and faits.profile and faits.finalites_de(*COMMUNIQUENT):
        yield (
            "profilage.plateforme_tierce",
            "Dites si une liste de personnes est remise à une plateforme pour y chercher une audience similaire : ce serait "
            "une communication à un tiers.",
        )
    manquent = [quoi for quoi, present in _pour_la_plateforme(faits) if not present]
    if plateforme is True and manquent:
        yield (
            "profilage.plateforme_tierce",
            "Remettre une liste à une plateforme pour une audience similaire est une communication : précisez qui en "
            f"répond et sur quelle base. Il manque : {' ; '.join(manquent)}.",
        )


def _pour_la_plateforme(faits: Faits) -> Iterator[tuple[str, bool]]:
    """Ce qu'une audience similaire suppose, et si la fiche l'a. Consentir à la prospection n'est pas consentir au profilage."""
    communiquent = faits.finalites_de("profilage", "cession") or faits.finalites_de(*COMMUNIQUENT)
    yield "l'accord de l'article 26", bool(texte(faits.fiche, "accord_art26"))
    yield "le consentement", any(_consentie(f) for f in communiquent)


@alerte("PRF-06", "RGPD art. 5(1)(a), 12(1), considérant 60", M, "profilage non annoncé")
def profilage_annonce(faits: Faits, le: date) -> Trouves:
    """Un profilage que l'information des personnes n'annonce pas ; une simple segmentation n'appelle qu'un conseil."""
    if not faits.profile or "profilage" in codes(faits.volet("information"), "mentions"):
        return
    if decide(faits):
        yield Trouve(
            "information.mentions",
            "Annoncez aux personnes la décision automatisée, sa logique, son importance et ses conséquences pour elles.",
            source="RGPD art. 13(2)(f), 14(2)(g)",
        )
    else:
        yield Trouve(
            "information.mentions",
            "Annoncez aux personnes qu'elles font l'objet d'un profilage, et ce qu'il change pour elles.",
            None if _profil_pousse(faits) else Gravite.CONSEIL,
        )


def _profil_pousse(faits: Faits) -> bool:
    """Au-delà d'une segmentation sur les propres données de l'organisme."""
    profilage = faits.volet("profilage")
    faits_pousses = ("traceurs", "sources_tierces", "plateforme_tierce", "sensible")
    return evalue(faits) or any(profilage.get(nom) is True for nom in faits_pousses)


@bloquant("PRF-07", "RGPD art. 21(2)", P, "profilage sans opposition possible", ecartable=True)
def opposition_au_profilage(faits: Faits, le: date) -> Trouves:
    """Un profilage lié à une prospection, auquel la personne ne peut pas s'opposer ; la question sans réponse (alerte) ; un
    autre profilage fondé sur l'intérêt légitime ou une mission d'intérêt public, sans opposition (alerte)."""
    possible = faits.volet("profilage").get("opposition_possible")
    if not faits.profile or possible not in (False, None):
        return
    if faits.finalites_de("prospection", "cession"):
        if possible is False and _sert_la_prospection(faits):
            yield (
                "profilage.opposition_possible",
                "L'opposition à la prospection s'étend au profilage qui la sert, sans motif : permettez-la.",
            )
        else:
            yield Trouve(
                "profilage.opposition_possible",
                "Dites si la personne peut s'opposer, sans motif, au profilage qui sert la prospection, s'il la sert.",
                Gravite.ALERTE,
            )
    elif any(f.get("base_legale") in OPPOSABLES for f in faits.finalites_de("profilage")):
        debut = "Permettez à la personne de" if possible is False else "Dites si la personne peut"
        yield Trouve(
            "profilage.opposition_possible",
            f"{debut} s'opposer à ce profilage pour une raison tenant à sa situation particulière.",
            Gravite.ALERTE,
            "RGPD art. 21(1)",
        )


def _sert_la_prospection(faits: Faits) -> bool:
    """Un profilage que seul un texte ou un contrat fonde a sa propre fin : vigilance, octroi d'un crédit."""
    profilages = faits.finalites_de("profilage")
    return not profilages or any(
        f.get("base_legale") in ("INTERET_LEGITIME", "CONSENTEMENT") for f in profilages
    )
