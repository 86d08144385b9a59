"""Ce qu'est une règle : une fonction pure sur des faits figés, un code, une gravité, une source, des dates."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypedDict, Unpack

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
P, S, M, SANS_MARQUE = Marque.PRIMAIRE, Marque.SECONDAIRE, Marque.MEMOIRE, Marque.AUCUNE
ARTICLE_30, AUTRE_TEXTE, RECOMMANDE = Exigence.ARTICLE_30, Exigence.AUTRE_TEXTE, Exigence.RECOMMANDE
ORGANISME = Portee.ORGANISME
SANS_RANG = 1_000  # après tous les thèmes que la page range


@dataclass(frozen=True)
class Trouve:
    """Ce qu'une fonction rend quand sa gravité, son exigence ou sa source dépendent des faits."""

    chemin: str
    message: str
    gravite: Gravite | None = None
    source: str = ""
    marque: Marque | None = None


# Ce qu'une règle rend : chemin du champ (« finalites[2].base_legale ») et phrase que lit le délégué, ou un `Trouve`.
Trouves = Iterator[tuple[str, str] | Trouve]
Fonction = Callable[[Faits, date], Trouves]


@dataclass(frozen=True)
class Theme:
    """Des règles qui se lisent ensemble : leur préfixe (« RET »), leur titre, leur place dans la page des règles."""

    prefixe: str
    titre: str
    rang: int


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
    def theme(self) -> Theme:
        """Celui de son préfixe ; à défaut, le préfixe lui-même."""
        prefixe = self.code.partition("-")[0]
        return THEMES.get(prefixe) or Theme(prefixe, prefixe, SANS_RANG)

    @property
    def opposable(self) -> bool:
        return opposable(self.source, self.marque)

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
THEMES: dict[str, Theme] = {}


def theme(prefixe: str, titre: str, rang: int = SANS_RANG) -> Theme:
    """Nomme les règles dont le code commence par ce préfixe. Sans rang, le thème se lit après ceux qui en ont un."""
    THEMES[prefixe] = Theme(prefixe, titre, rang)
    return THEMES[prefixe]


class Options(TypedDict, total=False):
    """Les champs de `Regle` qu'une déclaration ne dit que s'ils changent."""

    depuis: date
    ecartable: bool
    sous_traitant: bool
    portee: Portee


Declaration = Callable[[Fonction], Fonction]


def bloquant(
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence = AUTRE_TEXTE,
    **options: Unpack[Options],
) -> Declaration:
    """Déclare une règle qui empêche de valider la fiche tant qu'elle parle (hors écart justifié, si elle est `ecartable`)."""
    return _declarer(Gravite.BLOQUANT, code, source, marque, titre, exigence, options)


def alerte(
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence = AUTRE_TEXTE,
    **options: Unpack[Options],
) -> Declaration:
    """Déclare une règle qui se lit à la validation, sans l'empêcher."""
    return _declarer(Gravite.ALERTE, code, source, marque, titre, exigence, options)


def conseil(
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence = RECOMMANDE,
    **options: Unpack[Options],
) -> Declaration:
    """Déclare une règle qui recommande."""
    return _declarer(Gravite.CONSEIL, code, source, marque, titre, exigence, options)


def _declarer(
    gravite: Gravite,
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence,
    options: Options,
) -> Declaration:
    """Un code ne se déclare qu'une fois : lève `ValueError`."""

    def declarer(fonction: Fonction) -> Fonction:
        if code in REGLES:
            raise ValueError(f"La règle {code} est déclarée deux fois.")
        REGLES[code] = Regle(code, gravite, exigence, source, fonction, titre=titre, marque=marque, **options)
        return fonction

    return declarer
