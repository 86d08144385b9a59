"""Ce qu'une règle trouve dans une fiche : où, avec quelle gravité, d'après quelle source, sur quels faits."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from conservation.ensembles import en_categorie_seule
from droit.faits import Faits
from traitements.chemins import Chemin

CONTRAT = ("nom", "pays", "contrat_art28", "contrat_date", "contrat_fin", "ulterieurs_autorises")


class Gravite(StrEnum):
    BLOQUANT = "bloquant"
    ALERTE = "alerte"
    CONSEIL = "conseil"


class Exigence(StrEnum):
    ARTICLE_30 = "exigé par l'article 30"
    AUTRE_TEXTE = "exigé par un autre texte"
    RECOMMANDE = "recommandé"


class Marque(StrEnum):
    """Ce que vaut la source d'une règle ; la valeur est celle des référentiels."""

    PRIMAIRE = "primaire"
    SECONDAIRE = "secondaire"
    MEMOIRE = "memoire"
    AUCUNE = ""


@dataclass(frozen=True)
class Trouve:
    """Ce qu'une fonction rend quand sa gravité, son exigence ou sa source dépendent des faits."""

    chemin: str
    message: str
    gravite: Gravite | None = None
    source: str = ""
    marque: Marque | None = None


@dataclass(frozen=True)
class Constat:
    """Ce qu'une règle a trouvé. Calculé, jamais enregistré.

    `valeur` : ce que la règle a lu au bout du chemin. `empreinte` : celle des faits sur lesquels le constat repose ; un
    écart justifié ne vaut que pour elle. `ecartable` : une raison écrite du délégué peut l'écarter.
    """

    code: str
    gravite: Gravite
    exigence: Exigence
    chemin: str
    message: str
    source: str
    marque: Marque
    valeur: Any
    empreinte: str
    ecartable: bool
    le: date

    @property
    def opposable(self) -> bool:
        return opposable(self.source, self.marque)


def opposable(source: str, marque: Marque) -> bool:
    """La source est vérifiée : texte officiel lu, article du RGPD lui-même, ou règle que l'organisme s'est donnée."""
    return marque in (Marque.PRIMAIRE, Marque.AUCUNE) or "RGPD" in source


def mesuree(gravite: Gravite, source: str, marque: Marque) -> Gravite:
    """Une source de mémoire ou de seconde main ne bloque jamais seule."""
    return Gravite.ALERTE if gravite is Gravite.BLOQUANT and not opposable(source, marque) else gravite


def empreinte(code: str, trouve: Trouve, faits: Faits) -> str:
    """SHA-256 de la règle, de sa phrase, de l'élément visé et de ceux qu'il cite.

    Un tiers y entre par son nom et son contrat, non par son identifiant : un registre réimporté garde ses écarts.
    """
    cible = faits.cible(trouve.chemin)
    propre = _declare(cible) if isinstance(cible, Mapping) else cible
    if Chemin.lire(trouve.chemin).tete == "conservations" and isinstance(propre, dict):
        propre = en_categorie_seule(propre)  # l'écart posé avant les ensembles de catégories tient encore
    lus = [code, trouve.chemin, trouve.message, propre, *_cites(cible, faits)]
    return hashlib.sha256(json.dumps(lus, sort_keys=True, default=_simple).encode()).hexdigest()


def _declare(element: Mapping[str, Any]) -> dict[str, Any]:
    """Ce que la fiche déclare de l'élément, sans ce qui s'en calcule (« _application »)."""
    return {n: v for n, v in element.items() if n != "tiers" and not n.startswith("_")}


def _cites(cible: Any, faits: Faits) -> Iterator[Any]:
    """Le tiers cité, par son pays et son contrat, et le destinataire d'un transfert."""
    if isinstance(cible, Mapping):
        tiers = faits.tiers(cible)
        yield {nom: tiers.get(nom) for nom in CONTRAT}
        if numero := cible.get("destinataire_numero"):
            yield faits.lire(f"destinataires[{numero}]")


def _simple(valeur: Any) -> Any:
    return dict(valeur) if isinstance(valeur, Mapping) else str(valeur)
