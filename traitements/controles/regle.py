"""Ce qu'est une règle : une fonction pure sur des faits figés, un code, une gravité, une source, des dates."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from traitements.faits import Faits


class Gravite(StrEnum):
    BLOQUANT = "bloquant"
    ALERTE = "alerte"
    CONSEIL = "conseil"


class Exigence(StrEnum):
    ARTICLE_30 = "exigé par l'article 30"
    AUTRE_TEXTE = "exigé par un autre texte"
    RECOMMANDE = "recommandé"


Trouve = tuple[str, str]  # chemin du champ (« finalites[2].base_legale »), phrase que lit le délégué
Fonction = Callable[[Faits, date], Iterator[Trouve]]


@dataclass(frozen=True)
class Constat:
    """Ce qu'une règle a trouvé. Calculé, jamais enregistré."""

    code: str
    gravite: Gravite
    exigence: Exigence
    chemin: str
    message: str
    source: str


@dataclass(frozen=True)
class Regle:
    """`depuis` : premier jour où la règle vaut."""

    code: str
    gravite: Gravite
    exigence: Exigence
    source: str
    fonction: Fonction
    depuis: date | None = None

    def constats(self, faits: Faits, le: date) -> Iterator[Constat]:
        if self.depuis is not None and le < self.depuis:
            return
        for chemin, message in self.fonction(faits, le):
            yield Constat(self.code, self.gravite, self.exigence, chemin, message, self.source)


REGLES: dict[str, Regle] = {}


def controle(code: str, gravite: Gravite, exigence: Exigence, source: str, depuis: date | None = None):
    """Déclare une règle. Un code ne se déclare qu'une fois."""

    def declarer(fonction: Fonction) -> Fonction:
        if code in REGLES:
            raise ValueError(f"La règle {code} est déclarée deux fois.")
        REGLES[code] = Regle(code, gravite, exigence, source, fonction, depuis)
        return fonction

    return declarer
