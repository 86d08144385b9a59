"""Le JSON qui vient du dehors : ce que la base ne saurait garder, ou qui se lirait de deux façons, est refusé en français."""

import json
import math
from typing import Any, NoReturn

PROFONDEUR_MAX = 12
TROP_PROFOND = f"plus de {PROFONDEUR_MAX} niveaux emboîtés"


class Malforme(Exception):
    """Ce texte n'est pas un JSON sûr ; le message dit pourquoi, et où quand on le sait."""


def lire_json(octets: bytes) -> Any:
    """Le document que portent ces octets, en UTF-8. Lève `Malforme`."""
    try:
        document = json.loads(
            octets.decode("utf-8-sig"), parse_constant=_refuser, object_pairs_hook=_sans_doublon
        )
        _controler(document)
    except UnicodeDecodeError as erreur:
        raise Malforme("il n'est pas en UTF-8") from erreur
    except json.JSONDecodeError as erreur:
        raise Malforme(f"faute à la ligne {erreur.lineno}, colonne {erreur.colno}") from erreur
    except RecursionError as erreur:
        raise Malforme(TROP_PROFOND) from erreur
    except ValueError as erreur:  # un entier de plusieurs milliers de chiffres
        raise Malforme("un nombre est démesuré") from erreur
    return document


def _refuser(constante: str) -> NoReturn:
    raise Malforme(f"{constante} n'est pas une valeur permise")


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet: dict[str, Any] = {}
    for nom, valeur in paires:
        if nom in objet:
            raise Malforme(f"la clé « {_lisible(nom)} » est répétée dans un objet")
        objet[nom] = valeur
    return objet


def _lisible(nom: str) -> str:
    """Une clé que l'on peut redire : ni moitié de caractère, ni roman."""
    return nom.encode(errors="replace").decode()[:80]


def _controler(valeur: Any, profondeur: int = 1) -> None:
    """Refuse ce que la base ne saurait garder, ou qu'un export n'écrit jamais."""
    if profondeur > PROFONDEUR_MAX:
        raise Malforme(TROP_PROFOND)
    match valeur:
        case str():
            if any("\ud800" <= c <= "\udfff" for c in valeur):
                raise Malforme("un texte contient une moitié de caractère")
        case float() if math.isinf(valeur):
            raise Malforme("un nombre est démesuré")
        case list():
            for element in valeur:
                _controler(element, profondeur + 1)
        case dict():
            for cle, element in valeur.items():
                _controler(cle, profondeur + 1)
                _controler(element, profondeur + 1)
