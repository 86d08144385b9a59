"""Types de champs partagés par les pièces : réponses à trois valeurs, textes bornés, listes de codes."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

from journal.bases import objets
from organismes.pliage import plier

LIGNES_MAX = 300  # vingt mille sauts de ligne dans une cellule coûtent huit secondes au PDF
LIGNE_MAX = 500  # caractères d'un élément de liste
ELEMENTS_MAX = 200  # éléments d'une liste de textes, de codes ou de numéros
INTERDITS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def sans_caractere_interdit(valeur: str) -> None:
    """Refuse les caractères de commande, que PostgreSQL, XML et le PDF ne savent pas porter."""
    if INTERDITS.search(valeur):
        raise ValidationError("Ce texte contient un caractère de commande invisible : retapez-le sans lui.")


def en_code(texte: str) -> str:
    """Le même texte, chaque caractère interdit écrit par son code (« [U+0000] »)."""
    return INTERDITS.sub(lambda m: f"[U+{ord(m[0]):04X}]", texte)


def tout_en_code(valeur: Any) -> Any:
    """Un document de textes, de listes et de dictionnaires, chacun de ses textes passé par `en_code`."""
    match valeur:
        case str():
            return en_code(valeur)
        case list():
            return [tout_en_code(v) for v in valeur]
        case dict():
            return {en_code(nom): tout_en_code(v) for nom, v in valeur.items()}
    return valeur


def qui_se_voit(valeur: str) -> None:
    """Refuse un nom fait de seuls caractères invisibles : personne ne le lirait, et deux se vaudraient."""
    if not plier(valeur):
        raise ValidationError("Ce nom ne se voit pas : il n'a que des caractères invisibles. Retapez-le.")


def peu_de_lignes(valeur: str) -> None:
    lignes = valeur.count("\n") + 1
    if lignes > LIGNES_MAX + 1:
        raise ValidationError(
            f"Ce texte compte {lignes} lignes, et {LIGNES_MAX + 1} au plus tiennent ici : résumez, ou renvoyez à un document."
        )


def trop_long(limite: int, longueur: int) -> str:
    """« 300 caractères au plus : ce texte en compte 412, soit 112 de trop. »"""
    return f"{limite} caractères au plus : ce texte en compte {longueur}, soit {longueur - limite} de trop."


def champ_de(modele: type[models.Model] | models.Model, nom: str) -> models.Field:
    """Le champ de ce nom. Lève `FieldDoesNotExist` ; une relation inverse n'est pas un champ."""
    champ = modele._meta.get_field(nom)
    if not isinstance(champ, models.Field):
        raise FieldDoesNotExist(f"{nom} est une relation inverse.")
    return champ


def oui_non(libelle: str, aide: str = "") -> "models.BooleanField[bool | None, bool | None]":
    """Question que la loi pose : oui, non, ou pas encore répondu (`None`). Jamais de réponse par défaut."""
    return models.BooleanField(libelle, null=True, blank=True, default=None, help_text=aide)


def ligne(libelle: str, aide: str = "", longueur: int = 300, **options: Any) -> "models.CharField[str, str]":
    """Texte court, facultatif sauf `blank=False`."""
    options.setdefault("blank", True)
    validateurs = [sans_caractere_interdit, *options.pop("validators", [])]
    return models.CharField(libelle, max_length=longueur, help_text=aide, validators=validateurs, **options)


def texte(libelle: str, aide: str = "", longueur: int = 6000, **options: Any) -> "models.TextField[str, str]":
    """Texte libre, borné en caractères et en lignes."""
    options.setdefault("blank", True)
    validateurs: list[Callable[[str], None]] = [
        sans_caractere_interdit,
        peu_de_lignes,
        MaxLengthValidator(longueur),
    ]
    return models.TextField(libelle, help_text=aide, validators=validateurs, **options)


class ChampListe(models.JSONField):
    """Liste JSON jamais nulle, vide par défaut."""

    ELEMENT: type = str
    QUOI = "textes"

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("default", list)
        options.setdefault("blank", True)
        super().__init__(*args, **options)

    def from_db_value(self, valeur: Any, expression: Any, connexion: Any) -> Any:
        """Presque toutes sont vides : on ne déchiffre que les autres."""
        return [] if valeur == "[]" else super().from_db_value(valeur, expression, connexion)

    def to_python(self, valeur: Any) -> Any:
        return [] if valeur in (None, "") else valeur

    def validate(self, valeur: Any, instance: models.Model | None) -> None:
        if not isinstance(valeur, list) or any(type(v) is not self.ELEMENT for v in valeur):
            raise ValidationError(f"Il faut une liste de {self.QUOI}.")
        if not valeur and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        if len(valeur) > ELEMENTS_MAX:
            raise ValidationError(
                f"{ELEMENTS_MAX} éléments au plus : cette liste en compte {len(valeur)}, soit {len(valeur) - ELEMENTS_MAX} de trop."
            )


class ChampLignes(ChampListe):
    """Liste ordonnée de textes courts, saisis un par ligne."""

    def validate(self, valeur: Any, instance: models.Model | None) -> None:
        super().validate(valeur, instance)
        for rang, element in enumerate(valeur, 1):
            sans_caractere_interdit(element)
            if len(element) > LIGNE_MAX:
                raise ValidationError(f"Ligne {rang} : {trop_long(LIGNE_MAX, len(element))}")
            if "\n" in element:
                raise ValidationError(f"L'élément {rang} compte plusieurs lignes : donnez-en un par ligne.")


class ChampNumeros(ChampListe):
    """Liste de numéros d'enfants de la même fiche (les finalités 1 et 3, par exemple)."""

    ELEMENT = int
    QUOI = "numéros"


class ChampCodes(ChampListe):
    """Liste de codes d'un référentiel (`referentiel="traitements.Canal"`) ou d'un choix (`choix=…`)."""

    QUOI = "codes"

    def __init__(
        self, *args: Any, referentiel: str = "", choix: type[models.Choices] | None = None, **options: Any
    ) -> None:
        self.referentiel, self.choix = referentiel, choix
        super().__init__(*args, **options)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        nom, chemin, args, options = super().deconstruct()
        if self.referentiel:
            options["referentiel"] = self.referentiel
        return nom, chemin, args, options

    def to_python(self, valeur: Any) -> Any:
        valeur = super().to_python(valeur)
        if isinstance(valeur, list) and all(isinstance(v, str) for v in valeur):
            return sorted(set(valeur))
        return valeur

    def modele(self) -> type[models.Model]:
        """Le modèle du référentiel. Lève `ValueError` quand les codes viennent d'un choix."""
        return apps.get_model(self.referentiel)

    def inconnus(self, codes: Iterable[str]) -> list[str]:
        if self.choix is not None:
            return sorted(set(codes) - set(self.choix.values))
        return sorted(set(codes) - set(objets(self.modele()).values_list("code", flat=True)))

    def validate(self, valeur: Any, instance: models.Model | None) -> None:
        super().validate(valeur, instance)
        if valeur and (inconnus := self.inconnus(valeur)):
            raise ValidationError(f"Code inconnu : {', '.join(inconnus)}.")
