"""L'import de l'export canonique : le fichier fait foi, et un second import ne change rien."""

import json
import math
from pathlib import Path
from typing import Any

from registre.exports.json_registre import FORMAT, VERSION
from registre.imports.fichier import FichierRefuse, octets
from registre.imports.lot import FicheLue, Lot

PROFONDEUR_MAX = 12
TROP_PROFOND = f"plus de {PROFONDEUR_MAX} niveaux emboîtés"
CLES = ("format", "version", "organisme", "tiers", "fiches")


class Malforme(Exception):
    """Le JSON se lit, mais ne dit rien de sûr ; le message le dit en français."""


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si ce n'est pas un export de Registre, ou d'une version inconnue."""
    document = _charger(chemin)
    if document.get("format") != FORMAT:
        raise FichierRefuse(f"{chemin.name} n'est pas un export de Registre (format « {FORMAT} » attendu).")
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise FichierRefuse(
            f"{chemin.name} est de la version {version} ; cette instance lit la version {VERSION}."
        )
    if inconnues := [cle for cle in document if cle not in CLES]:
        raise FichierRefuse(f"{chemin.name} porte une rubrique inconnue : {', '.join(inconnues)}.")
    fiches = [_objet(f, f"fiches[{rang}]") for rang, f in enumerate(_liste(document, "fiches"), start=1)]
    return Lot(
        fiches=[FicheLue(f"fiche n° {rang}", f) for rang, f in enumerate(fiches, start=1)],
        organisme=_objet(document.get("organisme") or {}, "organisme"),
        tiers=[_objet(t, f"tiers[{rang}]") for rang, t in enumerate(_liste(document, "tiers"), start=1)],
    )


def _charger(chemin: Path) -> dict[str, Any]:
    contenu = octets(chemin)
    try:
        document = json.loads(
            contenu.decode("utf-8-sig"), parse_constant=_refuser, object_pairs_hook=_sans_doublon
        )
        _controler(document)
    except UnicodeDecodeError as erreur:
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : il n'est pas en UTF-8.") from erreur
    except json.JSONDecodeError as erreur:
        raise FichierRefuse(
            f"{chemin.name} n'est pas un JSON lisible : faute à la ligne {erreur.lineno}, colonne {erreur.colno}."
        ) from erreur
    except Malforme as erreur:
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : {erreur}.") from erreur
    except RecursionError as erreur:
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : {TROP_PROFOND}.") from erreur
    except ValueError as erreur:  # un entier de plusieurs milliers de chiffres
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : un nombre est démesuré.") from erreur
    return _objet(document, chemin.name)


def _refuser(constante: str):
    raise Malforme(f"{constante} n'est pas une valeur permise")


def _sans_doublon(paires: list[tuple[str, Any]]) -> dict[str, Any]:
    objet = dict(paires)
    if len(objet) != len(paires):
        noms = [nom for nom, _ in paires]
        raise Malforme(f"la clé « {next(n for n in noms if noms.count(n) > 1)} » est répétée dans un objet")
    return objet


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


def _objet(valeur: Any, ou: str) -> dict[str, Any]:
    if not isinstance(valeur, dict):
        raise FichierRefuse(f"{ou} : il faut un objet JSON.")
    return valeur


def _liste(document: dict[str, Any], nom: str) -> list[Any]:
    valeur = document.get(nom, [])
    if not isinstance(valeur, list):
        raise FichierRefuse(f"{nom} : il faut une liste JSON.")
    return valeur
