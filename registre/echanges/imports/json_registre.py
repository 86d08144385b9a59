"""L'import de l'export canonique : le fichier fait foi, et un second import ne change rien."""

from pathlib import Path
from typing import Any

from isolement.fichier import en_utf8, octets
from isolement.json_strict import Malforme, lire_json
from isolement.refus import FichierRefuse
from registre.echanges.exports.json_registre import FORMAT, VERSIONS_LUES
from registre.echanges.imports.identite import ANONYME
from registre.echanges.imports.lot import FicheDuFichier, Lot
from registre.echanges.imports.textes import mal_encode, redecoder
from traitements.phrases import compte, enumerer

CLES = ("format", "version", "organisme", "tiers", "fiches", "operations", "epreuves")
CITES_MAX = 5  # textes réparés que l'on cite


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si ce n'est pas un export de Registre, ou d'une version inconnue."""
    document, avis = _repare(_charger(chemin))
    if document.get("format") != FORMAT:
        raise FichierRefuse(f"{chemin.name} n'est pas un export de Registre (format « {FORMAT} » attendu).")
    version = document.get("version")
    if type(version) is not int or version not in VERSIONS_LUES:
        raise FichierRefuse(f"{chemin.name} {_version_dite(version)}")
    if inconnues := [cle for cle in document if cle not in CLES]:
        raise FichierRefuse(f"{chemin.name} porte une rubrique inconnue : {', '.join(inconnues)}.")
    fiches, identite = _objets(document, "fiches"), _objet(document.get("organisme") or {}, "organisme")
    return Lot(
        fiches=[FicheDuFichier(f"fiche n° {rang}", f) for rang, f in enumerate(fiches, start=1)],
        organisme=identite,
        tiers=_objets(document, "tiers"),
        operations=_objets(document, "operations"),
        epreuves=_objets(document, "epreuves"),
        avis=avis if identite else [*avis, ANONYME],
    )


def _version_dite(version: Any) -> str:
    lues = enumerer(map(str, VERSIONS_LUES))
    if type(version) is int:
        return f"est de la version {version} ; cette instance lit les versions {lues}."
    if version is None:
        return f"ne dit pas sa version ; cette instance lit les versions {lues}."
    return f"dit sa version autrement que par un nombre entier sans guillemets ; cette instance lit les versions {lues}."


def _repare(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Le document, ses textes encodés deux fois réparés (« GÃ©rer » → « Gérer »), et ce qu'il faut en dire."""
    repares: list[tuple[str, str]] = []
    restes: list[str] = []

    def lire(valeur: Any) -> Any:
        match valeur:
            case str() if mal_encode(valeur):
                repare = redecoder(valeur)
                if mal_encode(repare):
                    restes.append(valeur)
                    return valeur
                repares.append((valeur, repare))
                return repare
            case list():
                return [lire(v) for v in valeur]
            case dict():
                return {nom: lire(v) for nom, v in valeur.items()}
        return valeur

    lu = lire(document)
    avis = [_dire_les_repares(repares)] if repares else []
    avis += [f"Ce texte semble mal encodé, il est gardé tel quel : « {t[:80]} »." for t in restes]
    return lu, avis


def _dire_les_repares(repares: list[tuple[str, str]]) -> str:
    dits = [f"« {ancien[:60]} » se lit « {neuf[:60]} »" for ancien, neuf in repares[:CITES_MAX]]
    if len(repares) > CITES_MAX:
        dits.append(f"et {compte(len(repares) - CITES_MAX, 'autre')}")
    return f"Double encodage réparé dans {compte(len(repares), 'texte')} du fichier : {' ; '.join(dits)}. À relire."


def _charger(chemin: Path) -> dict[str, Any]:
    try:
        document = lire_json(en_utf8(octets(chemin)))
    except Malforme as erreur:
        conseil = " Enregistrez-le en UTF-8, puis recommencez." if "UTF-8" in str(erreur) else ""
        raise FichierRefuse(f"{chemin.name} n'est pas un JSON lisible : {erreur}.{conseil}") from erreur
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
