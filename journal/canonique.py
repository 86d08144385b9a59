"""La forme canonique d'une valeur : les mêmes données donnent toujours les mêmes octets, donc la même empreinte."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

Instantane = dict[str, Any]


def canonique(valeur: Any) -> str:
    """JSON aux clés triées, en Unicode composé (NFC), sans espace. Lève `TypeError` sur un nombre à virgule."""
    return json.dumps(_simple(valeur), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def empreinte(texte: str) -> str:
    """SHA-256 du texte en UTF-8, en hexadécimal."""
    return hashlib.sha256(texte.encode()).hexdigest()


def _simple(valeur: Any) -> Any:
    match valeur:
        case None | bool() | int():
            return valeur
        case str():
            return unicodedata.normalize("NFC", valeur)
        case date():
            return valeur.isoformat()
        case UUID():
            return str(valeur)
        case list() | tuple():
            return [_simple(v) for v in valeur]
        case dict():
            return {unicodedata.normalize("NFC", str(cle)): _simple(v) for cle, v in valeur.items()}
    raise TypeError(f"{type(valeur).__name__} n'a pas de forme canonique.")


def differences(avant: Any, apres: Any) -> list[Instantane]:
    """Les changements d'un instantané à l'autre, dans l'ordre des clés.

    Chaque changement : `{"chemin": "finalites[2].libelle", "avant": …, "apres": …}`. Les éléments numérotés sont
    rapprochés par leur numéro ; un élément ajouté ou retiré est un seul changement.
    """
    return list(_differences(avant or {}, apres or {}, ""))


def _differences(avant: Instantane, apres: Instantane, prefixe: str) -> Iterator[Instantane]:
    for cle in dict.fromkeys([*avant, *apres]):
        a, b = avant.get(cle), apres.get(cle)
        if a == b:
            continue
        chemin = f"{prefixe}{cle}"
        if _numerotee(a) and _numerotee(b) and (a or b):
            yield from _elements(a, b, chemin)
        elif isinstance(a, dict) and isinstance(b, dict):
            yield from _differences(a, b, f"{chemin}.")
        else:
            yield {"chemin": chemin, "avant": a, "apres": b}


def _numerotee(valeur: Any) -> bool:
    return valeur is None or (
        isinstance(valeur, list) and all(isinstance(e, dict) and "numero" in e for e in valeur)
    )


def _elements(
    avant: list[Instantane] | None, apres: list[Instantane] | None, chemin: str
) -> Iterator[Instantane]:
    anciens = {e["numero"]: e for e in avant or []}
    nouveaux = {e["numero"]: e for e in apres or []}
    for numero in sorted({*anciens, *nouveaux}):
        a, b = anciens.get(numero), nouveaux.get(numero)
        if a and b:
            yield from _differences(a, b, f"{chemin}[{numero}].")
        else:
            yield {"chemin": f"{chemin}[{numero}]", "avant": a, "apres": b}
