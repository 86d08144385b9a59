"""La garde des écritures : quelle opération est ouverte, ce qu'elle a écrit, ce qu'elle a consigné."""

from contextvars import ContextVar
from dataclasses import dataclass, field


class EcritureHorsJournal(RuntimeError):
    """Une écriture a été tentée sans opération ouverte, ou en masse."""


class EcritureSansTrace(RuntimeError):
    """Une opération a écrit sans rien consigner : elle est annulée."""


@dataclass
class Compte:
    ecritures: list[str] = field(default_factory=list)
    entrees: int = 0


ouverte: ContextVar[Compte | None] = ContextVar("operation_journalisee", default=None)


def exiger_operation(objet: object) -> None:
    """Note l'écriture de `objet` dans l'opération ouverte ; lève `EcritureHorsJournal` s'il n'y en a pas."""
    compte = ouverte.get()
    if compte is None:
        raise EcritureHorsJournal(
            f"{type(objet).__name__} ne s'écrit que dans une operation() du journal, qui consigne le changement."
        )
    compte.ecritures.append(type(objet).__name__)
