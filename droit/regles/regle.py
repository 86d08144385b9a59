"""Ce qu'est une règle : une fonction pure sur des faits figés, un code, une gravité, une source, des dates."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from droit.faits import Faits, degeler


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


class Portee(StrEnum):
    FICHE = "fiche"
    ORGANISME = "organisme"


CONTRAT = ("nom", "pays", "contrat_art28", "contrat_date", "contrat_fin", "ulterieurs_autorises")
P, S, M = Marque.PRIMAIRE, Marque.SECONDAIRE, Marque.MEMOIRE


@dataclass(frozen=True)
class Trouve:
    """Ce qu'une fonction rend quand sa gravité, son exigence ou sa source dépendent des faits."""

    chemin: str
    message: str
    gravite: Gravite | None = None
    source: str = ""
    marque: Marque | None = None


# Chemin du champ (« finalites[2].base_legale ») et phrase que lit le délégué, ou un `Trouve`.
Fonction = Callable[[Faits, date], Iterator["tuple[str, str] | Trouve"]]


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


@dataclass(frozen=True)
class Regle:
    """`depuis` : premier jour où la règle vaut. `titre` : ce qu'elle relève, à dire après « 4 fiches : ».

    `ecartable` : peut être écartée par une raison écrite (les alertes et les conseils le sont toujours).
    `sous_traitant` : vaut aussi pour une fiche du registre de l'article 30(2).
    """

    code: str
    gravite: Gravite
    exigence: Exigence
    source: str
    fonction: Fonction
    depuis: date | None = None
    titre: str = ""
    marque: Marque = Marque.AUCUNE
    ecartable: bool = False
    sous_traitant: bool = False
    portee: Portee = Portee.FICHE

    @property
    def condition(self) -> str:
        """Quand la règle parle, en une phrase : le premier paragraphe de la docstring de sa fonction."""
        return " ".join((self.fonction.__doc__ or "").partition("\n\n")[0].split())

    @property
    def gravite_effective(self) -> Gravite:
        """Une règle qui ne repose que sur une source non vérifiée ne bloque jamais seule."""
        return _mesuree(self.gravite, self.source, self.marque)

    def constats(self, faits: Faits, le: date) -> Iterator[Constat]:
        if self.depuis is not None and le < self.depuis:
            return
        for trouve in self.fonction(faits, le):
            yield self._constat(trouve if isinstance(trouve, Trouve) else Trouve(*trouve), faits, le)

    def _constat(self, trouve: Trouve, faits: Faits, le: date) -> Constat:
        source = trouve.source or self.source
        marque = self.marque if trouve.marque is None else trouve.marque
        gravite = _mesuree(trouve.gravite or self.gravite, source, marque)
        return Constat(
            code=self.code,
            gravite=gravite,
            exigence=self.exigence,
            chemin=trouve.chemin,
            message=trouve.message,
            source=source,
            marque=marque,
            valeur=degeler(faits.lire(trouve.chemin)),
            empreinte=_empreinte(self.code, trouve, faits),
            ecartable=self.ecartable or gravite is not Gravite.BLOQUANT,
            le=le,
        )


def opposable(source: str, marque: Marque) -> bool:
    """La source est vérifiée : texte lu, source secondaire, ou article du RGPD lui-même."""
    return marque is not M or "RGPD" in source


def _mesuree(gravite: Gravite, source: str, marque: Marque) -> Gravite:
    return Gravite.ALERTE if gravite is Gravite.BLOQUANT and not opposable(source, marque) else gravite


def _empreinte(code: str, trouve: Trouve, faits: Faits) -> str:
    """SHA-256 de la règle, de sa phrase, de l'élément visé et de ceux qu'il cite.

    Un tiers y entre par son nom et son contrat, non par son identifiant : un registre réimporté garde ses écarts.
    """
    cible = faits.cible(trouve.chemin)
    propre = _declare(cible) if isinstance(cible, Mapping) else cible
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


REGLES: dict[str, Regle] = {}


def controle(
    code: str,
    gravite: Gravite,
    exigence: Exigence,
    source: str,
    depuis: date | None = None,
    **options: Any,
):
    """Déclare une règle ; `options` : `titre`, `marque`, `ecartable`, `sous_traitant`, `portee`.

    Un code ne se déclare qu'une fois.
    """

    def declarer(fonction: Fonction) -> Fonction:
        if code in REGLES:
            raise ValueError(f"La règle {code} est déclarée deux fois.")
        REGLES[code] = Regle(code, gravite, exigence, source, fonction, depuis, **options)
        return fonction

    return declarer
