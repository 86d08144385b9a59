"""Retrouver la durée que désigne une option de commande : « TR-004#2 »."""

from django.core.management.base import CommandError
from django_scopes import scope

from organismes.models import Organisme
from traitements.models import Traitement
from traitements.phrases import accorder


def trouver_duree(texte: str, organisme: Organisme) -> tuple[Traitement, int]:
    """La fiche de cette référence, et le numéro d'une de ses durées. Lève `CommandError`.

    « TR-004 » suffit quand la fiche n'a qu'une durée. Code de retour 2 si la désignation est mal formée, 1 si elle ne
    désigne rien.
    """
    reference, diese, numero = texte.strip().rpartition("#") if "#" in texte else (texte.strip(), "", "")
    if not reference or (diese and not (numero.isascii() and numero.isdigit() and len(numero) <= 5)):
        raise CommandError(
            f"« {texte} » ne désigne pas une durée : écrivez par exemple TR-004#2.", returncode=2
        )
    with scope(organisme=organisme.pk):
        fiche = Traitement.objects.filter(reference=reference).first()
        if fiche is None:
            raise CommandError(f"Aucune fiche de cet organisme ne porte la référence {reference}.")
        numeros = sorted(fiche.conservations.values_list("numero", flat=True))
    if not diese:
        if len(numeros) != 1:
            raise CommandError(
                f"{reference} a {_nombre(numeros)} : précisez laquelle, par exemple {reference}#1."
            )
        return fiche, numeros[0]
    if int(numero) not in numeros:
        raise CommandError(f"{reference} n'a pas de durée n° {int(numero)} ({_nombre(numeros)}).")
    return fiche, int(numero)


def _nombre(numeros: list[int]) -> str:
    if not numeros:
        return "aucune durée"
    return f"{len(numeros)} {accorder(len(numeros), 'durée')}"
