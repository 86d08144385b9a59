"""Types de champs partagés par les pièces : réponses à trois valeurs, textes bornés, listes de codes."""

import re
from collections.abc import Iterable

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models

LIGNES_MAX = 300  # vingt mille sauts de ligne dans une cellule coûtent huit secondes au PDF
INTERDITS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
OUI_NON = ((True, "oui"), (False, "non"))


def sans_caractere_interdit(valeur: str) -> None:
    """Refuse les caractères de commande, que PostgreSQL, XML et le PDF ne savent pas porter."""
    if INTERDITS.search(valeur):
        raise ValidationError("Ce texte contient un caractère de commande invisible : retapez-le sans lui.")


def peu_de_lignes(valeur: str) -> None:
    if valeur.count("\n") > LIGNES_MAX:
        raise ValidationError(f"Ce texte dépasse {LIGNES_MAX} lignes : résumez, ou renvoyez à un document.")


def oui_non(libelle: str, aide: str = "") -> models.BooleanField:
    """Question que la loi pose : oui, non, ou pas encore répondu (`None`). Jamais de réponse par défaut."""
    return models.BooleanField(libelle, null=True, blank=True, default=None, help_text=aide)


def ligne(libelle: str, aide: str = "", longueur: int = 300, **options) -> models.CharField:
    """Texte court, facultatif sauf `blank=False`."""
    options.setdefault("blank", True)
    validateurs = [sans_caractere_interdit, *options.pop("validators", [])]
    classe = options.pop("classe", models.CharField)
    return classe(libelle, max_length=longueur, help_text=aide, validators=validateurs, **options)


def texte(libelle: str, aide: str = "", longueur: int = 6000, **options) -> models.TextField:
    """Texte libre, borné en caractères et en lignes."""
    options.setdefault("blank", True)
    validateurs = [sans_caractere_interdit, peu_de_lignes, MaxLengthValidator(longueur)]
    return models.TextField(libelle, help_text=aide, validators=validateurs, **options)


class ChampListe(models.JSONField):
    """Liste JSON jamais nulle, vide par défaut."""

    ELEMENT: type = str
    QUOI = "textes"

    def __init__(self, *args, **options):
        options.setdefault("default", list)
        options.setdefault("blank", True)
        super().__init__(*args, **options)

    def to_python(self, valeur):
        return [] if valeur in (None, "") else valeur

    def validate(self, valeur, instance):
        if not isinstance(valeur, list) or any(type(v) is not self.ELEMENT for v in valeur):
            raise ValidationError(f"Il faut une liste de {self.QUOI}.")
        if not valeur and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        if len(valeur) > 200:
            raise ValidationError("Cette liste dépasse 200 éléments.")


class ChampLignes(ChampListe):
    """Liste ordonnée de textes courts, saisis un par ligne."""

    def validate(self, valeur, instance):
        super().validate(valeur, instance)
        for element in valeur:
            sans_caractere_interdit(element)
            if len(element) > 500 or "\n" in element:
                raise ValidationError("Chaque ligne compte 500 caractères au plus.")


class ChampNumeros(ChampListe):
    """Liste de numéros d'enfants de la même fiche (les finalités 1 et 3, par exemple)."""

    ELEMENT = int
    QUOI = "numéros"


class ChampCodes(ChampListe):
    """Liste de codes d'un référentiel (`referentiel="traitements.Canal"`) ou d'un choix (`choix=…`)."""

    QUOI = "codes"

    def __init__(self, *args, referentiel: str = "", choix=None, **options):
        self.referentiel, self.choix = referentiel, choix
        super().__init__(*args, **options)

    def deconstruct(self):
        nom, chemin, args, options = super().deconstruct()
        if self.referentiel:
            options["referentiel"] = self.referentiel
        return nom, chemin, args, options

    def to_python(self, valeur):
        valeur = super().to_python(valeur)
        if isinstance(valeur, list) and all(isinstance(v, str) for v in valeur):
            return sorted(set(valeur))
        return valeur

    def modele(self):
        """Le modèle du référentiel, ou `None` quand les codes viennent d'un choix."""
        return apps.get_model(self.referentiel) if self.referentiel else None

    def inconnus(self, codes: Iterable[str]) -> list[str]:
        if self.choix is not None:
            return sorted(set(codes) - set(self.choix.values))
        return sorted(set(codes) - set(self.modele().objects.values_list("code", flat=True)))

    def validate(self, valeur, instance):
        super().validate(valeur, instance)
        if valeur and (inconnus := self.inconnus(valeur)):
            raise ValidationError(f"Code inconnu : {', '.join(inconnus)}.")
