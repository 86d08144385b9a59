"""Anonymisation : ce qui n'en est pas une, et ce qu'une épreuve d'anonymat en montre."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from conservation.ensembles import categories, vise
from droit.faits import Element, EpreuveConnue, Faits, par_categorie, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import M, P, S, Trouves, alerte, bloquant, conseil
from traitements.phrases import date_en_mots

ANONYMES = "STAT-ANONYMES"  # la durée de référence des données déjà anonymisées
ANONYMISANTES = ("agregation", "generalisation", "bruit")
ANONYMISATIONS = ("anonymisation", "suppression_ou_anonymisation")
REVERSIBLES = {
    "pseudonymisation": "La pseudonymisation reste rattachable à la personne",
    "hachage": "Un hachage reste rattachable à la personne",
    "chiffrement": "Un chiffrement est réversible",
    "table_correspondance": "Une table de correspondance permet de revenir à la personne",
    "aucune": "Aucune technique n'est employée",
}
# Verdict d'une épreuve → ce qu'il oppose à l'anonymisation déclarée.
DEMENTIS = {
    "identifiante": "L'épreuve d'anonymat du {jour} trouve des données qui désignent des personnes : ce sont des données personnelles, que leur "
    "terme oblige à effacer. Retirez-les et éprouvez de nouveau.",
    "pseudonymisee": "L'épreuve d'anonymat du {jour} conclut à des données au mieux pseudonymisées : ce sont des données personnelles, que leur "
    "terme oblige à effacer. Retirez ce qui identifie, effacez ou agrégez les données d'origine, et éprouvez de nouveau.",
}


@bloquant(
    "RET-07",
    "RGPD art. 5(1)(e) et 89(1) ; CNIL, référentiel 2021-131, § 7 ; NS-48 (délib. 2016-264), art. 5, al. 3",
    P,
    "statistiques gardées après le terme sans anonymisation",
    ecartable=True,
)
def statistiques_anonymisees(faits: Faits, le: date) -> Trouves:
    """Des données qui servent à des statistiques, gardées après leur terme ou archivées définitivement, ni supprimées, ni anonymisées, ni
    gardées pour une raison écrite ; en alerte, quand on ne dit pas si elles servent encore après leur terme.

    Ce qui est supprimé à son terme est mieux qu'anonymisé. L'article 5(1)(e) admet une durée plus longue, sous les garanties de
    l'article 89(1) : la justification de l'écart, sur la ligne, est entendue.
    """
    statistiques = faits.finalites_de("statistiques")
    yield from _gardees_identifiantes(
        faits, [f for f in statistiques if f.get("conserve_apres_terme") is True]
    )
    yield from _archivees_identifiantes(faits, statistiques)
    for f in statistiques:
        if f.get("conserve_apres_terme") is None:
            yield Trouve(
                f"finalites[{f['numero']}].conserve_apres_terme",
                "Dites si ces statistiques se font encore sur les données après leur terme : seules des données anonymes, ou gardées sous les "
                "garanties de l'article 89(1), y servent alors.",
                gravite=Gravite.ALERTE,
            )


@conseil(
    "RET-15",
    "RGPD considérant 26 ; G29, avis 05/2014",
    S,
    "statistiques dites anonymes sans épreuve qui le montre",
)
def anonymat_eprouve(faits: Faits, le: date) -> Trouves:
    """Des statistiques gardées après leur terme et dites anonymes, qu'aucune épreuve passée, et qui vaille encore, ne montre telles ; en
    alerte, quand la dernière épreuve n'atteint pas ses seuils."""
    gardees = [f for f in faits.finalites_de("statistiques") if f.get("conserve_apres_terme") is True]
    yield from _sans_epreuve(faits, gardees, le)


@alerte(
    "RET-16",
    "RGPD art. 5(1)(e), considérant 26",
    M,
    "anonymisation sans technique",
)
def technique_dite(faits: Faits, le: date) -> Trouves:
    """Des données à anonymiser à leur terme, sans la technique qui les rendra anonymes."""
    for k in faits.liste("conservations"):
        if k.get("sort_final") == "anonymisation" and not texte(k, "technique"):
            yield (
                f"conservations[{k['numero']}].technique",
                "Dites par quelle technique ces données deviendront anonymes (agrégation, généralisation, ajout de bruit) : ôter le nom "
                "n'y suffit pas.",
            )


@alerte(
    "RET-17",
    "RGPD art. 5(1)(e), 89(1)",
    M,
    "archivage définitif de données identifiantes",
)
def archivage_definitif_fonde(faits: Faits, le: date) -> Trouves:
    """Un archivage définitif de données qui ne sont pas anonymes, hors des statistiques, sans texte ni justification ; une autorité
    publique, qui verse des archives publiques, n'est pas visée."""
    if faits.organisme.get("autorite_publique") is True:
        return
    for k in faits.liste("conservations"):
        aux_statistiques = (_sert_a(faits, f, k) for f in faits.finalites_de("statistiques"))
        if _archivee(k) and not texte(k, "source") and not any(aux_statistiques):
            yield (
                f"conservations[{k['numero']}].sort_final",
                "Ces données seraient gardées sans terme. Seules des archives d'intérêt public, la recherche ou des statistiques le "
                "permettent, avec des garanties : citez le texte ou la raison, ou prévoyez la suppression ou l'anonymisation.",
            )


@bloquant(
    "RET-08",
    "RGPD art. 4(5), considérant 26 ; G29, avis 05/2014",
    S,
    "anonymisation déclarée qui n'en est pas une",
)
def technique_d_anonymisation(faits: Faits, le: date) -> Trouves:
    """Une anonymisation déclarée, par une technique réversible, rattachable à la personne, ou par aucune ; ou dont la dernière
    épreuve conclut à des données identifiantes ou pseudonymisées."""
    for k in faits.liste("conservations"):
        pourquoi = REVERSIBLES.get(texte(k, "technique"))
        if pourquoi and texte(k, "sort_final") in ANONYMISATIONS:
            yield Trouve(
                f"conservations[{k['numero']}].technique",
                f"{pourquoi} : ce n'est pas une anonymisation. Choisissez une technique irréversible (agrégation, "
                "généralisation, ajout de bruit) ou un autre sort final.",
                # Effacer la clé peut valoir suppression : le sort laissé au choix ne le dément pas.
                None if k.get("sort_final") == "anonymisation" else Gravite.ALERTE,
            )
        elif _peut_anonymiser(k) and (derniere := _dementie(faits, k, le)):
            yield (
                f"conservations[{k['numero']}].technique",
                DEMENTIS[derniere.verdict].format(jour=date_en_mots(derniere.date)),
            )


def _deja_anonyme(regle: Element) -> bool:
    return regle.get("technique") in ANONYMISANTES or regle.get("regle_reference") == ANONYMES


def _anonymise(regle: Element) -> bool:
    """La fiche déclare que ces données sont, ou seront à leur terme, anonymes."""
    return regle.get("sort_final") == "anonymisation" or _deja_anonyme(regle)


def _peut_anonymiser(regle: Element) -> bool:
    """La même, ou la fiche laisse le choix entre supprimer et anonymiser."""
    return texte(regle, "sort_final") in ANONYMISATIONS or _deja_anonyme(regle)


def _dementie(faits: Faits, regle: Element, le: date) -> EpreuveConnue | None:
    """La dernière épreuve de cette durée, si elle dément l'anonymisation ; ce qu'elle a montré ne se périme pas."""
    derniere = faits.epreuve(regle["numero"], le)
    return derniere if derniere and derniere.verdict in DEMENTIS else None


def _manque_d_epreuve(derniere: EpreuveConnue | None, le: date) -> str:
    """Ce qui manque pour que la dernière épreuve soutienne l'anonymat ; vide si rien ne manque, ou si RET-08 le dit."""
    if derniere is None:
        return "éprouvez le fichier conservé"
    if derniere.verdict in DEMENTIS:
        return ""
    du = f"celle du {date_en_mots(derniere.date)}"
    if derniere.verdict == "insuffisante":
        return f"{du} n'atteint pas ses seuils"
    if derniere.verdict != "passee":
        return f"{du} n'a pas tout établi (trois critères mesurés, données d'origine effacées)"
    if derniere.valable_jusqu_au is None:
        return f"{du} est à refaire, son protocole n'étant plus employé"
    return (
        ""
        if derniere.vaut(le)
        else f"{du} est à refaire, elle valait jusqu'au {date_en_mots(derniere.valable_jusqu_au)}"
    )


def _sans_epreuve(faits: Faits, finalites: list[Element], le: date) -> Iterator[Trouve]:
    """Chaque durée qui dit anonymes des statistiques gardées après leur terme, et qu'aucune épreuve passée ne soutient."""
    servies = {c for f in finalites for c in par_categorie(_donnees_servies(faits, f))}
    for k in faits.liste("conservations"):
        concernee = any(vise(k, c) for c in servies) and _anonymise(k)
        if not concernee or texte(k, "technique") in REVERSIBLES:
            continue
        if manque := _manque_d_epreuve(faits.epreuve(k["numero"], le), le):
            yield Trouve(
                f"conservations[{k['numero']}].technique",
                f"Aucune épreuve d'anonymat passée ne montre que ces statistiques, gardées après leur terme, sont anonymes : {manque}.",
                gravite=Gravite.ALERTE if _insuffisante(faits, k, le) else None,
            )


def _insuffisante(faits: Faits, regle: Element, le: date) -> bool:
    """Une épreuve a été faite, et n'atteint pas ses seuils : ce n'est plus une preuve qui manque."""
    derniere = faits.epreuve(regle["numero"], le)
    return derniere is not None and derniere.verdict == "insuffisante"


def _gardees_identifiantes(faits: Faits, finalites: list[Element]) -> Iterator[tuple[str, str]]:
    """Chaque catégorie qui sert à ces statistiques après son terme, et que rien ne supprime, n'anonymise ni ne justifie de garder."""
    servies: dict[str, Element] = {}
    for f in finalites:
        for categorie in par_categorie(_donnees_servies(faits, f)):
            servies.setdefault(categorie, f)
    for categorie, f in servies.items():
        regles = [k for k in faits.liste("conservations") if vise(k, categorie)]
        if not any(
            _supprimee(k) or _anonymise(k) or _gardee_pour_une_raison(k) or _archivee(k) for k in regles
        ):
            regles.sort(key=lambda k: not categories(k))  # la sienne avant la durée générale
            nom = faits.citer("categories_donnees", [categorie])
            sienne = f"conservations[{regles[0]['numero']}].sort_final" if regles else ""
            yield (
                sienne or f"finalites[{f['numero']}].conserve_apres_terme",
                f"La catégorie {nom} sert encore à des statistiques après son terme : prévoyez de la supprimer ou de l'anonymiser alors de "
                "manière irréversible, cessez de l'utiliser, ou dites ce qui justifie de la garder et sous quelles garanties "
                "(art. 89(1)).",
            )


def _archivees_identifiantes(faits: Faits, finalites: list[Element]) -> Iterator[tuple[str, str]]:
    """Chaque durée qui archive définitivement, sans les anonymiser ni le justifier, des données de ces statistiques."""
    for k in faits.liste("conservations"):
        if _archivee(k) and any(_sert_a(faits, f, k) for f in finalites):
            yield (
                f"conservations[{k['numero']}].sort_final",
                "Ces données seraient archivées définitivement sans être anonymisées. Au-delà de leur durée, ne servent aux statistiques que "
                "des données anonymisées de manière irréversible, ou gardées sous les garanties de l'article 89(1), que vous décrivez.",
            )


def _archivee(regle: Element) -> bool:
    """Gardée sans terme, identifiante, et sans raison écrite."""
    definitive = regle.get("sort_final") == "archivage_definitif"
    return definitive and not _deja_anonyme(regle) and not _gardee_pour_une_raison(regle)


def _supprimee(regle: Element) -> bool:
    return texte(regle, "sort_final") in ("suppression", "suppression_ou_anonymisation")


def _gardee_pour_une_raison(regle: Element) -> bool:
    """La ligne dit pourquoi elle garde plus longtemps (RGPD art. 5(1)(e) et 89(1))."""
    return bool(texte(regle, "justification_ecart"))


def _sert_a(faits: Faits, finalite: Element, regle: Element) -> bool:
    """La durée couvre-t-elle une donnée que cette finalité utilise ?"""
    return any(vise(regle, c) for c in par_categorie(_donnees_servies(faits, finalite)))


def _donnees_servies(faits: Faits, finalite: Element) -> list[Element]:
    """Les données qu'une finalité utilise ; une donnée qui n'en nomme aucune les sert toutes."""
    numero = finalite.get("numero")
    return [d for d in faits.donnees() if texte(d, "categorie") and _sert(d.get("finalites"), numero)]


def _sert(finalites: Any, numero: Any) -> bool:
    return not finalites or isinstance(finalites, tuple) and numero in finalites
