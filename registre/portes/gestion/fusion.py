"""Deux personnes ont écrit : rapprocher ce qui était lu, ce que l'autre a enregistré et ce que l'on vient de taper.

Pur. Chacun garde ce que lui seul a changé. Là où les deux ont changé le même champ, le texte tapé reste et la valeur de
l'autre est rendue à part, pour que la personne tranche en connaissance de cause.
"""

from dataclasses import dataclass, field
from typing import Any

from registre.fiche.lecture import est_vide

# Qui désigne qui par son numéro : (liste, champ, liste désignée).
RENVOIS = (
    ("donnees", "finalites", "finalites"),
    ("transferts", "destinataire_numero", "destinataires"),
)


@dataclass
class Fusion:
    """`donnees` : la forme canonique à remontrer. `disputes` : chemin → valeur que l'autre y a enregistrée."""

    donnees: dict[str, Any] = field(default_factory=dict)
    disputes: dict[str, Any] = field(default_factory=dict)


def fusionner(lu: dict[str, Any], actuel: dict[str, Any], tape: dict[str, Any]) -> Fusion:
    """Fusionne trois formes canoniques ; seules les clés de `tape` (ce que le formulaire montre) sont rendues."""
    tape = _renumeroter(lu, actuel, tape)
    fusion = Fusion()
    for cle, mien in tape.items():
        sien, depart = actuel.get(cle), lu.get(cle, actuel.get(cle))
        if isinstance(mien, dict):
            fusion.donnees[cle] = _champs(depart or {}, sien or {}, mien, f"{cle}.", fusion)
        elif _est_liste_d_elements(mien, sien, depart):
            fusion.donnees[cle] = _elements(depart, sien, mien, cle, fusion)
        else:
            fusion.donnees[cle] = _champ(depart, sien, mien, cle, fusion)
    return fusion


def _champ(lu: Any, sien: Any, mien: Any, chemin: str, fusion: Fusion) -> Any:
    if _memes(mien, lu):
        return sien
    if not _memes(sien, lu) and not _memes(sien, mien):
        fusion.disputes[chemin] = sien
    return mien


def _champs(lu: dict, sien: dict, mien: dict, prefixe: str, fusion: Fusion) -> dict:
    return {
        nom: _champ(lu.get(nom, sien.get(nom)), sien.get(nom), valeur, f"{prefixe}{nom}", fusion)
        for nom, valeur in mien.items()
    }


def _elements(lu: list | None, sien: list | None, mien: list | None, nom: str, fusion: Fusion) -> list[dict]:
    lus, siens, miens = (_par_numero(elements) for elements in (lu, sien, mien))
    gardes = []
    for numero in sorted({*siens, *miens}):
        chemin = f"{nom}[{numero}]"
        if numero in siens and numero in miens:
            gardes.append(_champs(lus.get(numero, {}), siens[numero], miens[numero], f"{chemin}.", fusion))
        elif numero in miens:
            if numero in lus and _memes(miens[numero], lus[numero]):
                continue  # l'autre l'a retiré, et je n'y avais pas touché
            gardes.append(miens[numero])
            if numero in lus:
                fusion.disputes[chemin] = None
        elif numero not in lus or not _memes(siens[numero], lus[numero]):
            # Ajouté par l'autre, ou retiré par moi pendant qu'il le changeait : rien ne s'efface sans être vu.
            gardes.append(siens[numero])
            if numero in lus:
                fusion.disputes[chemin] = siens[numero]
    return gardes


def _renumeroter(lu: dict, actuel: dict, tape: dict) -> dict:
    """Deux ajouts sous le même numéro sont deux éléments : le mien prend le numéro suivant, mes renvois le suivent."""
    nouveaux: dict[str, dict[int, int]] = {}
    for nom, mien in tape.items():
        sien = actuel.get(nom)
        if not _est_liste_d_elements(mien, sien, lu.get(nom, sien)):
            continue
        lus, siens, miens = (_par_numero(e) for e in (lu.get(nom, sien), sien, mien))
        heurtes = [n for n in sorted(miens) if n in siens and n not in lus and not _memes(miens[n], siens[n])]
        libre = max([*siens, *miens], default=0) + 1
        nouveaux[nom] = {n: libre + rang for rang, n in enumerate(heurtes)}
    return {nom: _suivre(nom, valeur, nouveaux) for nom, valeur in tape.items()}


def _suivre(nom: str, valeur: Any, nouveaux: dict[str, dict[int, int]]) -> Any:
    if nom not in nouveaux:
        return valeur
    siens = nouveaux[nom]
    elements = [{**e, "numero": siens.get(e["numero"], e["numero"])} for e in valeur]
    for liste, champ, designee in RENVOIS:
        if liste == nom and (suite := nouveaux.get(designee)):
            elements = [{**e, champ: _renvoi(e.get(champ), suite)} for e in elements]
    return elements


def _renvoi(valeur: Any, suite: dict[int, int]) -> Any:
    if isinstance(valeur, list):
        return sorted(suite.get(n, n) for n in valeur)
    return suite.get(valeur, valeur)


def _par_numero(elements: list[dict] | None) -> dict[int, dict]:
    return {e["numero"]: e for e in elements or []}


def _est_liste_d_elements(*valeurs: Any) -> bool:
    """Une liste de la fiche, par opposition à une liste de codes ; toutes vides, les deux se valent."""
    return any(isinstance(v, list) and v and isinstance(v[0], dict) for v in valeurs)


def _memes(une: Any, autre: Any) -> bool:
    """Vide est vide, quelle qu'en soit l'écriture ; un élément se compare champ par champ."""
    if isinstance(une, dict) and isinstance(autre, dict):
        return all(_memes(une.get(nom), autre.get(nom)) for nom in une)
    return une == autre or (est_vide(une) and est_vide(autre))
