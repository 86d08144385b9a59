"""Ce qu'une règle trouve dans une fiche : où, avec quelle gravité, d'après quelle source, sur quels faits."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from conservation.ensembles import en_categorie_seule
from droit.faits import Faits, degeler
from traitements.chemins import Chemin

DEUX_POINTS = re.compile(r"(?<!\.)\.\.(?!\.)")
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
    écart justifié ne vaut que pour elle. `ecartable` : une raison écrite du délégué peut l'écarter. Le constat garde les faits qu'il
    a lus : valeur et empreinte se demandent rarement, et ne se calculent qu'alors.
    """

    code: str
    gravite: Gravite
    exigence: Exigence
    chemin: str
    dit: str
    source: str
    marque: Marque
    ecartable: bool
    le: date
    faits: Faits = field(repr=False, compare=False)

    @property
    def message(self) -> str:
        """La phrase à lire. Un texte de la fiche cité à la fin peut porter son point ; l'empreinte, elle, garde la phrase telle quelle."""
        return DEUX_POINTS.sub(".", self.dit) if ".." in self.dit else self.dit

    @property
    def opposable(self) -> bool:
        return opposable(self.source, self.marque)

    @cached_property
    def valeur(self) -> Any:
        return degeler(self.faits.lire(self.chemin))

    @cached_property
    def empreinte(self) -> str:
        return empreinte(self.code, self.chemin, self.dit, self.faits)

    def __getstate__(self) -> dict[str, Any]:
        """Mis en cache, il n'emporte pas les faits : ce qu'on ne lirait que d'eux est calculé avant."""
        return {**self.__dict__, "valeur": self.valeur, "empreinte": self.empreinte, "faits": None}


def opposable(source: str, marque: Marque) -> bool:
    """La source est vérifiée : texte officiel lu, article du RGPD lui-même, ou règle que l'organisme s'est donnée."""
    return marque in (Marque.PRIMAIRE, Marque.AUCUNE) or "RGPD" in source


def mesuree(gravite: Gravite, source: str, marque: Marque) -> Gravite:
    """Une source de mémoire ou de seconde main ne bloque jamais seule."""
    return Gravite.ALERTE if gravite is Gravite.BLOQUANT and not opposable(source, marque) else gravite


def empreinte(code: str, chemin: str, dit: str, faits: Faits) -> str:
    """SHA-256 de la règle, de sa phrase, de l'élément visé et de ceux qu'il cite.

    Un tiers y entre par son nom et son contrat, non par son identifiant : un registre réimporté garde ses écarts.
    """
    cible = faits.cible(chemin)
    propre = _declare(cible) if isinstance(cible, Mapping) else cible
    if Chemin.lire(chemin).tete == "conservations" and isinstance(propre, dict):
        propre = en_categorie_seule(propre)  # l'écart posé avant les ensembles de catégories tient encore
    lus = [code, chemin, dit, propre, *_cites(cible, faits)]
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
