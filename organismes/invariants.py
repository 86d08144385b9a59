"""Ce qu'une ligne ne peut pas contredire : la base le garantit, Python le dit avant elle, sans l'interroger."""

from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F, Q

# comme en SQL, `None` vaut « on ne sait pas »
COMPARAISONS = {
    "exact": lambda a, b: a == b,
    "gte": lambda a, b: a >= b,
    "lte": lambda a, b: a <= b,
    "in": lambda a, b: a in b,
}


class Invariant(models.CheckConstraint):
    """Un `CHECK` de la base, contrôlé en mémoire avant elle.

    Django pose la question à la base, une requête par objet et par contrainte : le quart de ce que coûte un enregistrement.
    Ne connaît que `exact`, `gte`, `lte`, `in` et `isnull`, sur des champs de la ligne ; tout autre lève `FieldError` à la déclaration.
    """

    condition: Q

    def __init__(self, *, condition: Q, name: str, **options: Any) -> None:
        super().__init__(condition=condition, name=name, **options)
        self.champs = _champs(condition)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: set[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        if exclude and self.champs & set(exclude):
            return  # un champ déjà refusé ne dit rien
        if _juger(self.condition, instance) is False:
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)


def _champs(condition: Q) -> frozenset[str]:
    if condition.connector not in {Q.AND, Q.OR}:
        raise FieldError(f"« {condition.connector} » ne se juge pas hors de la base.")
    trouves: set[str] = set()
    enfants: list[Any] = condition.children
    for enfant in enfants:
        if isinstance(enfant, Q):
            trouves |= _champs(enfant)
        else:
            nom, comparaison = _lire(enfant[0])
            if comparaison not in {*COMPARAISONS, "isnull"}:
                raise FieldError(f"« {comparaison} » ne se juge pas hors de la base.")
            trouves |= {nom, _cite(enfant[1])} if isinstance(enfant[1], F) else {nom}
    return frozenset(trouves)


def _cite(champ: F) -> str:
    return champ.name  # type: ignore[attr-defined]  # que django-stubs oublie


def _lire(cle: str) -> tuple[str, str]:
    nom, _, comparaison = cle.partition("__")
    return nom, comparaison or "exact"


def _juger(condition: Q, objet: models.Model) -> bool | None:
    """La logique à trois valeurs de SQL : une ligne n'est refusée que si la condition est fausse, pas si l'on ne sait pas."""
    enfants: list[Any] = condition.children
    dits = {_juger(e, objet) if isinstance(e, Q) else _comparer(e[0], e[1], objet) for e in enfants}
    decisif = condition.connector == Q.OR
    dit = decisif if decisif in dits else None if None in dits else not decisif
    return dit if dit is None or not condition.negated else not dit


def _comparer(cle: str, attendu: Any, objet: models.Model) -> bool | None:
    nom, comparaison = _lire(cle)
    valeur = getattr(objet, nom)
    if comparaison == "isnull":
        return (valeur is None) == attendu
    autre = getattr(objet, _cite(attendu)) if isinstance(attendu, F) else attendu
    return None if valeur is None or autre is None else COMPARAISONS[comparaison](valeur, autre)
