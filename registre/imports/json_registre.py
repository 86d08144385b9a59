"""L'import de l'export canonique : le fichier fait foi, et un second import ne change rien."""

from pathlib import Path
from typing import Any

from registre.exports.json_registre import FORMAT, VERSION
from registre.imports.fichier import FichierRefuse, octets
from registre.imports.lot import FicheLue, Lot
from registre.json_strict import Malforme, lire_json

CLES = ("format", "version", "organisme", "tiers", "fiches")


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
    try:
        document = lire_json(octets(chemin))
    except Malforme as erreur:
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : {erreur}.") from erreur
    return _objet(document, chemin.name)


def _objet(valeur: Any, ou: str) -> dict[str, Any]:
    if not isinstance(valeur, dict):
        raise FichierRefuse(f"{ou} : il faut un objet JSON.")
    return valeur


def _liste(document: dict[str, Any], nom: str) -> list[Any]:
    valeur = document.get(nom, [])
    if not isinstance(valeur, list):
        raise FichierRefuse(f"{nom} : il faut une liste JSON.")
    return valeur
