"""Anonymisation : ce qui n'en est pas une, et ce qu'une épreuve d'anonymat en montre."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from conservation.ensembles import categories, vise
from droit.faits import Element, EpreuveConnue, Faits, par_categorie, texte
from droit.regles.constat import Gravite, Trouve
from droit.regles.regle import P, S, Trouves, bloquant
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
    "RGPD art. 5(1)(e) ; CNIL, référentiel 2021-131, § 7 ; NS-48 (délib. 2016-264), art. 5, al. 3",
    P,
    "statistiques gardées après le terme sans anonymisation",
)
def statistiques_anonymisees(faits: Faits, le: date) -> Trouves:
    """Des données qui servent à des statistiques, gardées après leur terme ou archivées définitivement, et non anonymisées ;
    en alerte, quand l'anonymisation est déclarée et qu'aucune épreuve passée, et qui vaille encore, ne la montre."""
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
            yield (
                f"conservations[{k['numero']}].technique",
                f"{pourquoi} : ce n'est pas une anonymisation. Choisissez une technique irréversible (agrégation, "
                "généralisation, ajout de bruit) ou un autre sort final.",
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
                gravite=Gravite.ALERTE,
            )


def _gardees_identifiantes(faits: Faits, finalites: list[Element]) -> Iterator[tuple[str, str]]:
    """Chaque catégorie qui sert à ces statistiques après son terme et qu'aucune durée n'anonymise."""
    servies: dict[str, Element] = {}
    for f in finalites:
        for categorie in par_categorie(_donnees_servies(faits, f)):
            servies.setdefault(categorie, f)
    for categorie, f in servies.items():
        regles = [k for k in faits.liste("conservations") if vise(k, categorie)]
        if not any(map(_anonymise, regles)):
            regles.sort(key=lambda k: not categories(k))  # la sienne avant la durée générale
            nom = faits.citer("categories_donnees", [categorie])
            sienne = f"conservations[{regles[0]['numero']}].sort_final" if regles else ""
            yield (
                sienne or f"finalites[{f['numero']}].conserve_apres_terme",
                f"La catégorie {nom} sert encore à des statistiques après son terme : prévoyez de l'anonymiser "
                "alors de manière irréversible, ou cessez de l'utiliser.",
            )


def _donnees_servies(faits: Faits, finalite: Element) -> list[Element]:
    """Les données qu'une finalité utilise ; une donnée qui n'en nomme aucune les sert toutes."""
    numero = finalite.get("numero")
    return [d for d in faits.donnees() if texte(d, "categorie") and _sert(d.get("finalites"), numero)]


def _sert(finalites: Any, numero: Any) -> bool:
    return not finalites or isinstance(finalites, tuple) and numero in finalites
