"""Ce que le modèle de la CNIL écrit lui-même : ses libellés, son exemple fictif, ses notes d'aide, ses liens."""

import tomllib
from functools import cache
from pathlib import Path

from registre.echanges.imports.textes import plier

# Les liens d'aide de la CNIL, à droite de la fiche ; ailleurs, une flèche peut avoir été tapée par quelqu'un.
AIDE_COLONNE = 8
AIDES = {
    "traitement de donnees a caractere personnel",
    "delegue a la protection des donnees dpo",
    "donnees personnelles",
    "responsable de traitement",
    "donnees sensibles",
    "finalite du traitement",
    "destinataires",
    "transfert de donnees",
    "duree de conservation de donnees",
    "securite des donnees",
}
CONSULTER = "consulter les guides et definitions sur le site de la cnil"
TITRES = {
    "modele de fiche de registre a completer",
    "modele de fiche de registre",
    "exemple de fiche de registre",
}
PHRASES = ("cet onglet est un modele de fiche", "cet exemple est base sur un traitement fictif")
TITRE_EXEMPLE = ("cet exemple est base sur un traitement fictif", "exemple de fiche de registre")
# Les fusions du modèle, sur une ligne, de colonne à colonne depuis celle des libellés : elles n'apprennent rien.
FUSIONS = {(0, 3), (4, 6), (7, 8), (0, 7), (1, 7), (1, 3), (4, 7), (3, 4), (5, 7)}


@cache
def _textes() -> dict[str, list[str]]:
    lus = tomllib.loads((Path(__file__).parent / "modele_cnil.toml").read_text(encoding="utf-8"))
    return {nom: [plier(texte) for texte in lus[nom]] for nom in ("exemple", "notes")}


def est_aide(colonne: int, texte: str) -> bool:
    """Un lien vers le site de la CNIL, que le modèle porte lui-même. `colonne` depuis zéro."""
    cle = plier(texte)
    return cle == CONSULTER or texte.strip().startswith("►") and (colonne >= AIDE_COLONNE or cle in AIDES)


def est_titre(cle: str) -> bool:
    """Un titre du modèle, sans rien qu'on y ait ajouté ; `cle` : le texte replié."""
    return cle in TITRES or cle.startswith(PHRASES)


def est_note(texte: str) -> bool:
    """Une note d'aide du modèle, attachée à l'une de ses cellules."""
    return plier(texte).startswith(tuple(_textes()["notes"]))


def est_de_l_exemple(texte: str) -> bool:
    """Une valeur de l'exemple fictif, ou plusieurs à la suite."""
    exemple = _textes()["exemple"]
    return all(not (cle := plier(partie)) or cle in exemple for partie in (texte,)) or all(
        not (cle := plier(partie)) or cle in exemple for partie in texte.split(",")
    )
