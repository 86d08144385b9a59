"""La feuille de liste du modèle de la CNIL : coordonnées en tête, puis un tableau des traitements."""

import re
from dataclasses import dataclass
from typing import Any

from registre.imports.lot import FicheLue
from registre.imports.textes import est_non, est_oui, lire_date, plier, valeur

EN_TETE_MAX = 15
COLONNES = {
    "nom du traitement": "intitule",
    "n ref": "reference",
    "reference": "reference",
    "date de creation de la fiche": "date_creation",
    "date de creation": "date_creation",
    "derniere mise a jour de la fiche": "date_maj",
    "finalite du traitement": "finalite",
    "finalite": "finalite",
    "oui non": "sensibles",
    "donnees sensibles": "sensibles",
}
BLOCS = (
    ("coordonnees du responsable", ""),
    ("coordonnees du representant", "representant_ue_"),
    ("coordonnees du delegue", "dpo_"),
)
CHAMPS = {
    "nom": "nom",
    "prenom": "prenom",
    "societe si dpo externe": "societe",
    "adresse": "adresse",
    "adresse mel": "courriel",
    "adresse mail": "courriel",
    "code postal": "code_postal",
    "ville": "ville",
    "telephone": "telephone",
}
EXEMPLE = re.compile(r"^\(exemple\)\s*", re.IGNORECASE)


def _en_tete(lignes: list[list[str]]) -> int | None:
    """Le rang de la ligne d'en-têtes, dans les quinze premières."""
    for rang, ligne in enumerate(lignes[:EN_TETE_MAX]):
        noms = {COLONNES.get(plier(c)) for c in ligne}
        if "intitule" in noms and len(noms - {None}) >= 2:
            return rang
    return None


def est_liste(lignes: list[list[str]]) -> bool:
    return _en_tete(lignes) is not None


@dataclass
class FeuilleListe:
    nom: str
    lignes: list[list[str]]

    def organisme(self) -> dict[str, Any]:
        """Les coordonnées remplies au-dessus du tableau."""
        rang_tete = _en_tete(self.lignes) or 0
        donnees: dict[str, Any] = {}
        prefixe: str | None = None
        for ligne in self.lignes[:rang_tete]:
            cle = plier(ligne[0]) if ligne else ""
            prefixe = next((p for debut, p in BLOCS if cle.startswith(debut)), prefixe)
            if prefixe is not None:
                _coordonnees(ligne, prefixe, donnees)
        _noms(donnees)
        return {nom: v for nom, v in donnees.items() if v}

    def completer(self, fiches: list[FicheLue]) -> list[FicheLue]:
        """Rapproche chaque ligne de sa fiche ; une ligne sans fiche en devient une. L'exemple seul est ignoré."""
        completes = list(fiches)
        for ligne in self._traitements():
            exemple = bool(EXEMPLE.match(ligne["intitule"]))
            ligne["intitule"] = EXEMPLE.sub("", ligne["intitule"])
            fiche = _trouver(fiches, ligne)
            if fiche is not None:
                _completer(fiche, ligne)
            elif not exemple:
                completes.append(self._nouvelle(ligne))
        return completes

    def _traitements(self):
        rang_tete = _en_tete(self.lignes)
        colonnes = self._colonnes(rang_tete)
        for ligne in self.lignes[rang_tete + 1 :]:
            lue = {nom: valeur(ligne[rang]) if rang < len(ligne) else "" for rang, nom in colonnes.items()}
            restes = [valeur(c) for rang, c in enumerate(ligne) if rang not in colonnes and valeur(c)]
            if lue.get("intitule") or lue.get("reference") and lue.get("finalite"):
                yield {"intitule": "", "reference": "", **lue, "restes": restes}

    def _colonnes(self, rang_tete: int) -> dict[int, str]:
        """La ligne d'en-têtes, complétée par les en-têtes de groupe du dessus (la finalité n'est nommée que là)."""
        tete = self.lignes[rang_tete]
        groupes = self.lignes[rang_tete - 1] if rang_tete else []
        colonnes = {rang: COLONNES[plier(c)] for rang, c in enumerate(tete) if plier(c) in COLONNES}
        for rang, cellule in enumerate(groupes):
            nom = COLONNES.get(plier(cellule))
            if nom and rang not in colonnes and nom not in colonnes.values():
                colonnes[rang] = nom
        return colonnes

    def _nouvelle(self, ligne: dict[str, Any]) -> FicheLue:
        finalites = (
            [{"numero": 1, "libelle": ligne["finalite"].replace("\n", " ")[:400]}]
            if ligne.get("finalite")
            else []
        )
        fiche = FicheLue(
            f"feuille « {self.nom} »",
            {
                "reference": ligne["reference"][:40],
                "intitule": (ligne["intitule"] or ligne["reference"]).replace("\n", " ")[:200],
                "qualite": "responsable",
                "statut": "brouillon",
                "finalites": finalites,
                "donnees_sensibles": None,
                "reprise": [],
            },
        )
        if len(ligne.get("finalite", "")) > 400 or "\n" in ligne.get("finalite", ""):
            _garder(fiche, "Finalité du traitement", ligne["finalite"])
        _completer(fiche, ligne)
        for reste in ligne["restes"]:
            _garder(fiche, "Ligne de la liste des traitements", reste)
        return fiche


def _coordonnees(ligne: list[str], prefixe: str, donnees: dict[str, Any]) -> None:
    """« Nom : », puis sa valeur dans la même cellule ou dans la suivante."""
    for rang, cellule in enumerate(ligne):
        libelle, deux_points, suite = cellule.partition(":")
        champ = CHAMPS.get(plier(libelle)) if deux_points else None
        if champ:
            voisine = ligne[rang + 1] if rang + 1 < len(ligne) and ":" not in ligne[rang + 1] else ""
            donnees[f"{prefixe}{champ}"] = valeur(suite) or valeur(voisine)


def _noms(donnees: dict[str, Any]) -> None:
    """Nom et prénom réunis : le représentant légal, le représentant dans l'Union, le délégué."""
    for prefixe, champ in (
        ("", "representant_legal"),
        ("representant_ue_", "representant_ue_nom"),
        ("dpo_", "dpo_nom"),
    ):
        parties = [donnees.pop(f"{prefixe}prenom", ""), donnees.pop(f"{prefixe}nom", "")]
        donnees[champ] = " ".join(p for p in parties if p)
    for inconnu in ("societe", "representant_ue_societe"):
        donnees.pop(inconnu, None)


def _trouver(fiches: list[FicheLue], ligne: dict[str, Any]) -> FicheLue | None:
    nom, reference = plier(ligne["intitule"]), plier(ligne["reference"])
    par_nom = next((f for f in fiches if nom and plier(f.donnees["intitule"]) == nom), None)
    if par_nom or not reference:
        return par_nom
    memes = [f for f in fiches if plier(f.donnees["reference"]) == reference]
    return memes[0] if len(memes) == 1 and not nom else None


def _completer(fiche: FicheLue, ligne: dict[str, Any]) -> None:
    """Ajoute ce que la fiche ne dit pas ; ce qu'elle dit autrement se garde."""
    donnees = fiche.donnees
    if not donnees["reference"] and ligne["reference"]:
        donnees["reference"] = ligne["reference"][:40]
    for nom in ("date_creation", "date_maj"):
        jour = lire_date(ligne.get(nom, ""))
        if jour and not donnees.get(nom):
            donnees[nom] = jour.isoformat()
        elif ligne.get(nom) and not jour:
            _garder(fiche, "Date de la liste des traitements", ligne[nom])
    sensibles = ligne.get("sensibles", "")
    if donnees["donnees_sensibles"] is None and (est_oui(sensibles) or est_non(sensibles)):
        donnees["donnees_sensibles"] = est_oui(sensibles)
    elif sensibles and est_oui(sensibles) != donnees["donnees_sensibles"]:
        _garder(fiche, "Données sensibles, dans la liste des traitements", sensibles)


def _garder(fiche: FicheLue, libelle: str, texte: str) -> None:
    fiche.donnees["reprise"].append({"source": fiche.origine, "libelle": libelle, "valeur": texte})
