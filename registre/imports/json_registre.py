"""L'import de l'export canonique : le fichier fait foi, et un second import ne change rien."""

from pathlib import Path
from typing import Any

from registre.exports.json_registre import FORMAT, VERSIONS_LUES
from registre.imports.fichier import FichierRefuse, octets
from registre.imports.lot import FicheLue, Lot
from registre.json_strict import Malforme, lire_json

CLES = ("format", "version", "organisme", "tiers", "fiches", "operations", "epreuves")

SANS_NOM = "Le fichier ne dit pas de quel organisme il est le registre."


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si ce n'est pas un export de Registre, ou d'une version inconnue."""
    document = _charger(chemin)
    if document.get("format") != FORMAT:
        raise FichierRefuse(f"{chemin.name} n'est pas un export de Registre (format « {FORMAT} » attendu).")
    version = document.get("version")
    if type(version) is not int or version not in VERSIONS_LUES:
        lues = " et ".join(map(str, VERSIONS_LUES))
        raise FichierRefuse(
            f"{chemin.name} est de la version {version} ; cette instance lit les versions {lues}."
        )
    if inconnues := [cle for cle in document if cle not in CLES]:
        raise FichierRefuse(f"{chemin.name} porte une rubrique inconnue : {', '.join(inconnues)}.")
    fiches, identite = _objets(document, "fiches"), _objet(document.get("organisme") or {}, "organisme")
    return Lot(
        fiches=[FicheLue(f"fiche n° {rang}", f) for rang, f in enumerate(fiches, start=1)],
        organisme=identite,
        tiers=_objets(document, "tiers"),
        operations=_objets(document, "operations"),
        epreuves=_objets(document, "epreuves"),
        avis=[] if identite else [SANS_NOM],
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


def _objets(document: dict[str, Any], nom: str) -> list[dict[str, Any]]:
    return [_objet(o, f"{nom}[{rang}]") for rang, o in enumerate(_liste(document, nom), start=1)]


def _liste(document: dict[str, Any], nom: str) -> list[Any]:
    valeur = document.get(nom, [])
    if not isinstance(valeur, list):
        raise FichierRefuse(f"{nom} : il faut une liste JSON.")
    return valeur
