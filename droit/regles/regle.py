"""Ce qu'est une règle, et comment elle se déclare : une fonction pure sur des faits figés, un code, une source, des dates."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import TypedDict, Unpack

from droit.faits import Faits
from droit.regles.constat import Constat, Exigence, Gravite, Marque, Trouve, mesuree, opposable


class Portee(StrEnum):
    FICHE = "fiche"
    ORGANISME = "organisme"


P, S, M, SANS_MARQUE = Marque.PRIMAIRE, Marque.SECONDAIRE, Marque.MEMOIRE, Marque.AUCUNE
ARTICLE_30, AUTRE_TEXTE, RECOMMANDE = Exigence.ARTICLE_30, Exigence.AUTRE_TEXTE, Exigence.RECOMMANDE
ORGANISME = Portee.ORGANISME
SANS_RANG = 1_000  # après tous les thèmes que la page range


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
class Regle:
    """`depuis`, `jusqu_au` : premier et dernier jours où la règle vaut. `titre` : ce qu'elle relève, à dire après « 4 fiches : ».

    `en_attente` : le texte, pas encore adopté, qui la ferait valoir ; tant qu'elle en attend un, elle se lit et ne parle pas.
    `changements` : premier jour → ce que le droit y a changé à ce qu'elle relève, quand elle valait déjà avant.
    `ecartable` : peut être écartée par une raison écrite (les alertes et les conseils le sont toujours).
    `sous_traitant` : vaut aussi pour une fiche du registre de l'article 30(2).
    """

    code: str
    gravite: Gravite
    exigence: Exigence
    source: str
    fonction: Fonction
    depuis: date | None = None
    jusqu_au: date | None = None
    en_attente: str = ""
    changements: Mapping[date, str] = field(default_factory=dict, hash=False)
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
        return mesuree(self.gravite, self.source, self.marque)

    def en_vigueur(self, le: date) -> bool:
        """Le droit qu'elle dit vaut-il ce jour-là ? Bornes comprises."""
        commencee = self.depuis is None or self.depuis <= le
        return commencee and (self.jusqu_au is None or le <= self.jusqu_au) and not self.en_attente

    @property
    def jours(self) -> frozenset[date]:
        """Les jours où le droit qu'elle dit commence, change, ou a cessé de valoir ; aucun pour une règle qui attend son texte."""
        if self.en_attente:
            return frozenset()
        cesse = self.jusqu_au and self.jusqu_au + timedelta(days=1)
        return frozenset(j for j in (self.depuis, cesse, *self.changements) if j)

    def constats(self, faits: Faits, le: date, droit: date | None = None) -> list[Constat]:
        """Ce qu'elle trouve ce jour-là ; rien si elle ne vaut pas. `droit` : le jour dont on applique le droit, si c'en est un autre."""
        if not self.en_vigueur(droit or le):
            return []
        # Une règle qui change sans commencer ni finir compare elle-même son jour à celui du changement.
        jour = droit if droit and any(droit < j <= le for j in self.changements) else le
        trouves = [*self.fonction(faits, jour)]
        if not trouves:
            return []  # presque toutes, sur presque toutes les fiches
        return [self._constat(t if isinstance(t, Trouve) else Trouve(*t), faits, le) for t in trouves]

    def _constat(self, trouve: Trouve, faits: Faits, le: date) -> Constat:
        source = trouve.source or self.source
        marque = self.marque if trouve.marque is None else trouve.marque
        gravite = mesuree(trouve.gravite or self.gravite, source, marque)
        return Constat(
            code=self.code,
            gravite=gravite,
            exigence=self.exigence,
            chemin=trouve.chemin,
            dit=trouve.message,
            source=source,
            marque=marque,
            ecartable=self.ecartable or gravite is not Gravite.BLOQUANT,
            le=le,
            faits=faits,
        )


REGLES: dict[str, Regle] = {}
THEMES: dict[str, Theme] = {}


def theme(prefixe: str, titre: str, rang: int = SANS_RANG) -> Theme:
    """Nomme les règles dont le code commence par ce préfixe. Sans rang, le thème se lit après ceux qui en ont un."""
    THEMES[prefixe] = Theme(prefixe, titre, rang)
    return THEMES[prefixe]


class OptionsDeRegle(TypedDict, total=False):
    """Les champs de `Regle` qu'une déclaration ne dit que s'ils changent."""

    depuis: date
    jusqu_au: date
    en_attente: str
    changements: Mapping[date, str]
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
    **options: Unpack[OptionsDeRegle],
) -> Declaration:
    """Déclare une règle qui empêche de valider la fiche tant qu'elle parle (hors écart justifié, si elle est `ecartable`)."""
    return _declarer(Gravite.BLOQUANT, code, source, marque, titre, exigence, options)


def alerte(
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence = AUTRE_TEXTE,
    **options: Unpack[OptionsDeRegle],
) -> Declaration:
    """Déclare une règle qui se lit à la validation, sans l'empêcher."""
    return _declarer(Gravite.ALERTE, code, source, marque, titre, exigence, options)


def conseil(
    code: str,
    source: str,
    marque: Marque,
    titre: str,
    exigence: Exigence = RECOMMANDE,
    **options: Unpack[OptionsDeRegle],
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
    options: OptionsDeRegle,
) -> Declaration:
    """Un code ne se déclare qu'une fois : lève `ValueError`."""

    def declarer(fonction: Fonction) -> Fonction:
        if code in REGLES:
            raise ValueError(f"La règle {code} est déclarée deux fois.")
        REGLES[code] = Regle(code, gravite, exigence, source, fonction, titre=titre, marque=marque, **options)
        return fonction

    return declarer
