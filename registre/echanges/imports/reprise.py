"""Ce qu'un fichier dit et qui n'a pas de rubrique : des éléments nommés, gardés avec la fiche ou l'organisme."""

from typing import Any

from django.core.exceptions import ValidationError

from organismes.champs import LIGNES_MAX, peu_de_lignes, sans_caractere_interdit
from registre.actes.tenue import SOURCE
from registre.fiche.enregistrement import Refus

CLES = ("source", "libelle", "valeur", "avertissement", "suite")
SOURCE_ACTES = "registre importé"  # un acte que le fichier rapporte : voir `registre.echanges.imports.actes`
SOURCE_REGISTRE_DU_FICHIER = f"{SOURCE}, selon le fichier importé"
TEXTE_MAX = 20_000  # ce que le lecteur de classeurs rend d'une cellule
MORCEAU_MAX = 5_000


def controler(donnees: dict[str, Any]) -> None:
    """Lève `Refus` si la reprise d'un fichier n'a pas la forme de celle qu'un import écrit."""
    elements = donnees.get("reprise") or []
    if not isinstance(elements, list) or not all(map(_bien_fait, elements)):
        raise Refus(
            {"reprise": ["Il faut une liste d'objets : source, libelle, valeur, avertissement, suite."]}
        )
    try:
        for texte in (t for element in elements for t in element.values()):
            sans_caractere_interdit(texte)
            peu_de_lignes(texte)
            if len(texte) > TEXTE_MAX:
                raise ValidationError(f"Un élément dépasse {TEXTE_MAX} caractères.")
    except ValidationError as erreur:
        raise Refus({"reprise": erreur.messages}) from erreur


def _bien_fait(element: Any) -> bool:
    return (
        isinstance(element, dict)
        and {"libelle", "valeur"} <= element.keys() <= set(CLES)
        and all(isinstance(texte, str) for texte in element.values())
    )


def fusionner(apportes: list[dict[str, str]], presents: list[dict[str, str]]) -> list[dict[str, str]]:
    """Les remarques du fichier, et celles d'ici que le fichier ne peut pas connaître.

    Une remarque traitée ici le reste : le même fichier ne la ramène pas. Une remarque que le fichier dit traitée, et que
    personne n'a traitée ici, se montre, avec ce que le fichier en dit.
    """
    ici = {cle(e) for e in presents}
    apportes = [e if cle(e) in ici else _selon_le_fichier(e) for e in apportes]
    du_fichier = {cle(e): e for e in apportes}
    gardees = [
        _encore(e, du_fichier.get(cle(e)))
        for e in presents
        if cle(e) in du_fichier or "suite" in e or e.get("source") in (SOURCE_ACTES, SOURCE)
    ]
    return gardees + [_neuve(e) for e in apportes if cle(e) not in ici]


def cle(element: dict[str, str]) -> tuple[str, str, str]:
    """Ce qui fait d'une remarque la même remarque, d'un import au suivant."""
    return element.get("source", ""), element["libelle"], element["valeur"]


def _selon_le_fichier(apporte: dict[str, str]) -> dict[str, str]:
    """Un fichier ne parle pas au nom de Registre : ce qu'il en dit est de lui."""
    if apporte.get("source", "").strip().casefold() != SOURCE.casefold():
        return apporte
    return apporte | {"source": SOURCE_REGISTRE_DU_FICHIER}


def _encore(present: dict[str, str], apporte: dict[str, str] | None) -> dict[str, str]:
    return present if apporte is None or "suite" in present else _neuve(apporte)


def _neuve(apporte: dict[str, str]) -> dict[str, str]:
    nue = {nom: texte for nom, texte in apporte.items() if nom != "suite"}
    if "suite" not in apporte:
        return nue
    dite = (
        f"Traitée, selon le fichier : {apporte['suite']}"
        if apporte["suite"]
        else "Traitée, selon le fichier."
    )
    avant = nue.get("avertissement", "")
    return nue | {"avertissement": f"{avant} {dite}" if avant else dite}


def morceaux(source: str, libelle: str, lignes: list[str]) -> list[dict[str, str]]:
    """Un long texte en éléments qui se lisent et s'impriment ; rien n'est coupé."""
    paquets: list[list[str]] = [[]]
    taille = 0
    for ligne in (m for lue in lignes for brute in lue.split("\n") for m in _tranches(brute)):
        if paquets[-1] and (taille + len(ligne) > MORCEAU_MAX or len(paquets[-1]) >= LIGNES_MAX):
            paquets.append([])
            taille = 0
        paquets[-1].append(ligne)
        taille += len(ligne) + 1
    return [
        {"source": source, "libelle": f"{libelle} (suite {n})" if n > 1 else libelle, "valeur": "\n".join(p)}
        for n, p in enumerate(paquets, start=1)
    ]


def _tranches(ligne: str) -> list[str]:
    return [ligne[i : i + MORCEAU_MAX] for i in range(0, len(ligne), MORCEAU_MAX)] or [""]
