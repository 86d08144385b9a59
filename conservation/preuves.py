"""Ce qu'une opération prouve d'une durée, prise seule. Pur : ni base de données, ni horloge.

Une durée et une opération se lisent sous leur forme canonique (dictionnaires, dates en ISO 8601).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conservation.choix import Niveau, SortFinal, TypeOperation
from conservation.dates_ecrites import INTERPRETES
from conservation.depart import precedentes
from conservation.durees import Duree, lire_chiffree
from conservation.ensembles import categories, en_clair
from conservation.visees import Faits, concerne, couvrent, memes_termes

# Ce qui met les données dans l'état que la durée annonce. Supprimer au lieu d'anonymiser ne garde rien de plus longtemps.
COHERENTES: dict[str, set[str]] = {
    SortFinal.SUPPRESSION: {TypeOperation.PURGE},
    SortFinal.ANONYMISATION: {TypeOperation.ANONYMISATION, TypeOperation.PURGE},
    SortFinal.SUPPRESSION_OU_ANONYMISATION: {TypeOperation.ANONYMISATION, TypeOperation.PURGE},
    SortFinal.ARCHIVAGE_INTERMEDIAIRE: {TypeOperation.ARCHIVAGE},
    SortFinal.ARCHIVAGE_DEFINITIF: {TypeOperation.ARCHIVAGE},
}
# Un navigateur numérote un fichier téléchargé deux fois. Une date, elle, peut dire une autre part des données.
COPIE = re.compile(r" \(\d{1,3}\)(?=\.|$)")
AUTRE_DUREE = "faite sous une autre durée, elle ne prouve plus rien de celle-ci"
AUTRES_DONNEES = "elle ne visait pas toutes les catégories de données de la durée"
DUREE_INCONNUE = "rien ne dit sous quelle durée elle a été faite"


def coherente(type_: str, regle: Faits) -> bool:
    """L'opération fait-elle ce que la durée annonce à son terme ? Sans sort final, tout s'y accorde."""
    admises = COHERENTES.get(regle.get("sort_final") or "")
    return admises is None or type_ in admises


def niveau(operation: Faits) -> Niveau:
    """Ce que vaut l'opération par elle-même.

    Constatée : un relevé que Registre a compté. Documentée : une exécution qui dit son volume (ou pourquoi il est inconnu), sa
    méthode, et sa preuve (ou pourquoi il n'y en a pas). Le reste est ce que quelqu'un dit.
    """
    if operation["type"] == TypeOperation.RELEVE:
        return Niveau.CONSTATEE if operation.get("mesure") else Niveau.DECLAREE
    return Niveau.DECLAREE if manquants(operation) else Niveau.DOCUMENTEE


def manquants(execution: Faits) -> list[str]:
    """Ce qui manque à une exécution pour être documentée."""
    chiffree = execution.get("volume_avant") is not None and execution.get("volume_apres") is not None
    dits = (
        ("volume", chiffree or execution.get("volume_inconnu")),
        ("méthode", execution.get("methode")),
        ("preuve", execution.get("preuve") or execution.get("preuve_absente")),
    )
    return [nom for nom, dit in dits if not dit]


def retrait(execution: Faits) -> int | None:
    """Le nombre de lignes que l'exécution dit avoir retirées ; `None` quand il est inconnu."""
    avant, apres = execution.get("volume_avant"), execution.get("volume_apres")
    return None if avant is None or apres is None else avant - apres


@dataclass(frozen=True)
class Source:
    """Ce qu'un relevé a lu : deux relevés ne se comparent que de la même source, table et colonne, lues de la même façon."""

    nom: str
    table: str
    colonne: str
    filtres: frozenset[str]
    lecture: frozenset[str] = frozenset()

    def contient(self, autre: "Source") -> bool:
        """Lit-elle au moins les lignes de l'autre ? Les filtres s'ajoutent : moins il y en a, plus on lit."""
        return self.meme_colonne(autre) and self.filtres <= autre.filtres

    def meme_colonne(self, autre: "Source") -> bool:
        return replace(self, filtres=autre.filtres) == autre


def source(releve: Faits, neutres: Iterable[str] = ()) -> Source:
    """La source d'un relevé. `neutres` : les filtres qui ne font qu'ôter les dossiers d'une suspension en cours."""
    table = releve.get("table") or ""
    nom = (releve.get("source") or "").casefold()
    filtres = frozenset(releve.get("filtres") or ()) - frozenset(neutres)
    lecture = frozenset(releve.get("lecture") or ()) & INTERPRETES
    return Source(nom if table else _sans_copie(nom), table, releve.get("colonne") or "", filtres, lecture)


def _sans_copie(nom: str) -> str:
    return COPIE.sub("", nom)


@dataclass(frozen=True)
class Retenues:
    """Les opérations d'une durée qui parlent d'elle, de la plus ancienne à la plus récente ; et les autres, avec la raison."""

    operations: Sequence[Faits]
    ecartees: Sequence[tuple[Faits, str]]


def retenir(regle: Faits, operations: Iterable[Faits], le: date) -> Retenues:
    """Trie les opérations de la durée jusqu'à ce jour, sans celles qu'une correction remplace."""
    retenues, ecartees = [], []
    for o in sorted(_en_vigueur(regle, operations, le), key=_ordre):
        if raison := _etrangere(o, regle):
            ecartees.append((o, raison))
        else:
            retenues.append(o)
    return Retenues(retenues, ecartees)


def _ordre(operation: Faits) -> tuple[str, str]:
    return operation["date"], operation.get("enregistre_le") or ""


def _en_vigueur(regle: Faits, operations: Iterable[Faits], le: date) -> list[Faits]:
    """Une correction se tape : elle remplace ce qu'elle corrige, sauf des lignes en retard que Registre a comptées."""
    toutes = list(operations)
    remplacees = {o["corrige"] for o in toutes if o.get("corrige")}
    jour = le.isoformat()
    return [
        o
        for o in toutes
        if o["date"] <= jour
        and (o.get("id") not in remplacees or (_mauvaise_nouvelle(o) and o.get("mesure")))
        and (regle["numero"] in o["regles"] or (_mauvaise_nouvelle(o) and not _etrangere(o, regle)))
        and not _d_une_autre_part(o, regle)
    ]


def _d_une_autre_part(operation: Faits, regle: Faits) -> bool:
    """Une mauvaise nouvelle que dit déjà une autre part du même ensemble."""
    entiere = {**regle, "categories": regle.get("ensemble", categories(regle))}
    visees = operation.get("visees") or ()
    return _mauvaise_nouvelle(operation) and concerne(visees, entiere) and not concerne(visees, regle)


def _mauvaise_nouvelle(operation: Faits) -> bool:
    """Des lignes en retard : une durée refaite, renumérotée ou redécoupée ne les efface pas."""
    return operation["type"] == TypeOperation.RELEVE and bool(operation.get("en_retard"))


def _etrangere(operation: Faits, regle: Faits) -> str:
    """Pourquoi l'opération ne dit rien de cette durée, en clair (`ensembles.en_clair`) ; vide si elle en parle."""
    visees = operation.get("visees") or ()
    if _mauvaise_nouvelle(operation):
        if concerne(visees, regle):
            return ""
        return AUTRE_DUREE if visees else DUREE_INCONNUE
    siennes = [v for v in visees if v.get("numero") == regle["numero"]]
    if not siennes:
        return DUREE_INCONNUE
    vraies = [v for v in siennes if not v.get("disparue") and memes_termes(v, regle)]
    if not vraies:
        return AUTRE_DUREE
    if not couvrent(vraies, regle):
        return AUTRES_DONNEES
    if operation["type"] != TypeOperation.RELEVE and not coherente(operation["type"], regle):
        return "elle ne fait pas ce que la durée annonce à son terme"
    return ""


def parts(regle: Faits, fiche: Faits, operations: Sequence[Faits]) -> list[Faits]:
    """La durée, en clair, restreinte aux catégories dont les mêmes opérations parlent, et que les mêmes durées précèdent.

    Une part de ses données peut avoir été purgée seule, ou sortir plus tôt de la base active.
    """
    entiere = en_clair(regle, fiche)
    entiere["ensemble"] = categories(entiere)
    if not operations and not precedentes(entiere, fiche):
        return [entiere]
    groupes: dict[tuple[Any, ...], list[str]] = {}
    for categorie in categories(entiere):
        seule = {**entiere, "categories": [categorie]}
        precedent = tuple(k["numero"] for k in precedentes(seule, fiche))
        groupes.setdefault((precedent, *(not _etrangere(o, seule) for o in operations)), []).append(categorie)
    return [{**entiere, "categories": siennes} for siennes in groupes.values()] or [entiere]


def periode(regle: Faits) -> Duree:
    """Combien de temps une exécution ou un relevé à zéro restent bons : la fréquence des purges, jamais plus que la durée elle-même.

    Sans fréquence, douze mois au plus : un usage de Registre, non une règle de droit. Une durée d'un mois purgée il y a onze
    mois n'est pas appliquée (RGPD art. 5(1)(e)).
    """
    voulue = Duree(regle.get("frequence_mois") or 12, "mois")
    chiffree = lire_chiffree(regle)
    if chiffree is None or not voulue.depasse(chiffree):
        return voulue
    return chiffree if chiffree.valeur else Duree(1, "jours")
