"""Compte un fichier de lignes, ou le regarde. Ne dépend pas de Django.

`compter` et `regarder` servent la commande pour un CSV ; un classeur, ou un fichier téléversé, passe par `repondre`, qui
travaille à part (`isolement`) : le fichier vient d'ailleurs. Aucune valeur n'en sort.
"""

import io
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO

from conservation.apercu import Apercu, ColonneVue, dite
from conservation.comptage import Compteur
from conservation.dates_ecrites import Format, Lecture
from isolement.limites import COMPTAGE
from isolement.refus import FichierRefuse
from registre.execution.sources import lecteur_classeur, lecteur_csv
from registre.execution.sources.demande import DemandeDeReleve, Filtre, SourceRefusee
from registre.execution.sources.tableau import Tableau, rang

LIMITES = COMPTAGE
ILLISIBLE = lecteur_classeur.PAS_UN_CLASSEUR
CLASSEUR = b"PK"
AUTRES = (b"%PDF", b"SQLite format 3")
ANCIEN = b"\xd0\xcf\x11\xe0"
COLONNES_MAX = 1_000
FEUILLES_PESEES = 10
TROP_DE_FEUILLES = (
    f"Au-delà de {FEUILLES_PESEES} feuilles remplies, la commande « relever » les lit une à une."
)


def est_un_classeur(debut: bytes) -> bool:
    return debut.startswith(CLASSEUR)


def compter(flux: Any, demande: DemandeDeReleve) -> dict[str, Any]:
    """Le compte et l'empreinte. `flux` : brut, au début. Lève `SourceRefusee` ou `FichierRefuse`."""
    tableau, sha256 = _ouvrir(flux, demande.colonne, demande.table)
    compteur = demande.compteur()
    _parcourir(tableau, demande, compteur)
    compte = compteur.compte()
    return {"compte": vars(compte), "sha256": sha256(), "feuille": tableau.feuille, "titre": tableau.titre}


def regarder(flux: Any, le: date, table: str = "") -> dict[str, Any]:
    """Les colonnes vues, sans compter. Lève `SourceRefusee` ou `FichierRefuse`."""
    tableau, sha256 = _ouvrir(flux, None, table)
    vues, lignes = _vues(tableau, le)
    return {
        "colonnes": [dite(vue) for vue in vues],
        "lignes": lignes,
        "sha256": sha256(),
        "feuille": tableau.feuille,
        "feuilles": tableau.feuilles,
        "titre": tableau.titre,
    }


def peser(flux: Any, le: date, *limites: date) -> dict[str, Any]:
    """Chaque feuille regardée, puis chacune de ses colonnes de dates comptée sous chaque format qu'elle porte, pour chaque limite.

    La page choisit ensuite, sans que le fichier soit gardé ni renvoyé. Lève `SourceRefusee` ou `FichierRefuse`.
    """
    premiere, sha256 = _ouvrir(flux, None, "")
    feuilles = [_pesee(premiere, le, limites)]
    for nom in premiere.feuilles[1:FEUILLES_PESEES]:
        try:
            feuilles.append(_pesee(_ouvrir(flux, None, nom)[0], le, limites))
        except SourceRefusee as refus:
            feuilles.append({"feuille": nom, "refus": str(refus)})
    non_lues = [{"feuille": nom, "refus": TROP_DE_FEUILLES} for nom in premiere.feuilles[FEUILLES_PESEES:]]
    return {"sha256": sha256(), "feuilles": feuilles + non_lues}


def _pesee(tableau: Tableau, le: date, limites: Sequence[date]) -> dict[str, Any]:
    """`comptes` : par colonne, sous chaque format, un compte par limite."""
    vues, lignes = _vues(tableau, le)
    comptes = {
        (rang_, vu.format): [Compteur(limite, Lecture((vu.format,)), le) for limite in limites]
        for rang_, vue in enumerate(vues)
        for vu in vue.formats
    }
    par_colonne = [(rang_, compteur.voir) for (rang_, _), siens in comptes.items() for compteur in siens]
    for ligne in tableau.encore() if comptes else ():
        largeur = len(ligne)
        for rang_, voir in par_colonne:
            voir(tableau.texte(ligne[rang_]) if rang_ < largeur else "")
    pesees: list[dict[str, Any]] = [{} for _ in vues]
    for (rang_, format_), siens in comptes.items():
        pesees[rang_][format_] = [vars(compteur.compte()) for compteur in siens]
    return {
        "feuille": tableau.feuille,
        "titre": tableau.titre,
        "lignes": lignes,
        # D'une colonne sans date, la page ne dit que le nom.
        "colonnes": [dite(vue if vue.formats else replace(vue, formes=())) for vue in vues],
        "comptes": pesees,
    }


def _vues(tableau: Tableau, le: date) -> tuple[list[ColonneVue], int]:
    if len(tableau.noms) > COLONNES_MAX:
        raise SourceRefusee(f"Ce fichier dépasse {COLONNES_MAX} colonnes.")
    apercu = Apercu(tableau.noms, le, tableau.texte)
    for ligne in tableau.lignes:
        apercu.voir(ligne)
    return apercu.colonnes(), apercu.lignes


def _ouvrir(flux: Any, colonne: str | None, table: str) -> tuple[Tableau, Callable[[], str]]:
    flux.seek(0)
    debut = flux.read(16)
    flux.seek(0)
    if est_un_classeur(debut):
        return lecteur_classeur.ouvrir(flux, colonne, table)
    if debut.startswith(ANCIEN):
        raise SourceRefusee(
            "Ce classeur est protégé par un mot de passe, ou d'un format d'avant 2007 : enregistrez-le en XLSX ou en ODS."
        )
    if debut.startswith(AUTRES):
        raise SourceRefusee(lecteur_classeur.PAS_UN_CLASSEUR)
    if table:
        raise SourceRefusee("Un CSV n'a pas de feuille.")
    return lecteur_csv.ouvrir(flux, colonne)


def _parcourir(tableau: Tableau, demande: DemandeDeReleve, compteur: Compteur) -> None:
    quand, texte = rang(tableau.noms, demande.colonne), tableau.texte
    gardes = [_garde(rang(tableau.noms, f.colonne), f, texte) for f in demande.filtres]
    voir = compteur.voir
    for ligne in tableau.lignes:
        if all(garde(ligne) for garde in gardes):
            voir(texte(ligne[quand]) if quand < len(ligne) else "")


def _garde(rang_: int, filtre: Filtre, texte: Callable[[Any], str]) -> Callable[[Any], bool]:
    """Deux textes qui s'affichent pareil sont le même : un accent se compare recomposé."""
    voulu = Filtre(filtre.colonne, filtre.signe, unicodedata.normalize("NFC", filtre.valeur))

    def garde(ligne: Any) -> bool:
        lu = texte(ligne[rang_]).strip() if rang_ < len(ligne) else ""
        return voulu.garde(lu if lu.isascii() else unicodedata.normalize("NFC", lu))

    return garde


# --- À part ---------------------------------------------------------------------------------------------------------------
def en_json(demande: DemandeDeReleve) -> dict[str, Any]:
    return {
        "colonne": demande.colonne,
        "limite": demande.limite.isoformat(),
        "table": demande.table,
        "filtres": [(f.colonne, f.signe, f.valeur) for f in demande.filtres],
        "formats": demande.lecture.codes,
        "choisie": demande.lecture.choisie,
        "le": demande.le and demande.le.isoformat(),
    }


def _relue(lue: dict[str, Any]) -> DemandeDeReleve:
    return DemandeDeReleve(
        "",
        lue["colonne"],
        date.fromisoformat(lue["limite"]),
        lue["table"],
        tuple(Filtre(*f) for f in lue["filtres"]),
        lecture=Lecture(tuple(map(Format, lue["formats"])), lue["choisie"]),
        le=date.fromisoformat(lue["le"]) if lue["le"] else None,
    )


def repondre(demande: dict[str, Any], fichiers: list[io.BufferedReader]) -> dict[str, Any]:
    """Ce que `compter`, `regarder` ou `peser` rendent, selon ce que porte la demande. Lève `FichierRefuse`."""
    flux: BinaryIO = fichiers[0]
    try:
        if "regarder" in demande:
            return regarder(flux, date.fromisoformat(demande["regarder"]), demande["table"])
        if "peser" in demande:
            return peser(flux, *map(date.fromisoformat, demande["peser"]))
        return compter(flux, _relue(demande))
    except SourceRefusee as refus:
        raise FichierRefuse(str(refus)) from None
