"""Contrôle d'un numéro SIREN (neuf chiffres, clé de Luhn)."""

from django.core.exceptions import ValidationError


def valide(siren: str) -> bool:
    if len(siren) != 9 or not (siren.isascii() and siren.isdigit()):
        return False
    chiffres = [int(c) * (1 + rang % 2) for rang, c in enumerate(siren)]
    return sum(c // 10 + c % 10 for c in chiffres) % 10 == 0


def verifier(siren: str) -> None:
    if not valide(siren):
        raise ValidationError(
            "Ce numéro SIREN n'est pas valable : neuf chiffres, dont le dernier contrôle les autres."
        )
