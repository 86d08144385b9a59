"""La feuille de liste du modèle de la CNIL : coordonnées en tête, puis un tableau des traitements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from registre.imports.cnil_feuille import est_aide
from registre.imports.lot import FicheLue
from registre.imports.reprise import morceaux
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
GROUPES = {"identification du traitement", "finalite du traitement", "donnees sensibles"}
TITRE = re.compile(
    r"coordonnees du (?:responsable de l organisme|representant|delegue a la protection des donnees)(?: dpo)?"
    r"(?: responsable de traitement ou so[nu] representant si le responsable est situe en dehors de l ue)?"
)
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
    restes: list[dict[str, str]] = field(default_factory=list)
    """Ce qui n'a de place ni sur l'organisme ni sur une fiche."""

    def organisme(self) -> dict[str, Any]:
        """Les coordonnées remplies au-dessus du tableau."""
        rang_tete = _en_tete(self.lignes) or 0
        donnees: dict[str, Any] = {}
        prefixe: str | None = None
        for ligne in self.lignes[:rang_tete]:
            cellules = [
                c
                for rang, c in enumerate(ligne)
                if valeur(c) and not est_aide(rang, c) and plier(c) not in GROUPES
            ]
            for debut, p in BLOCS:
                if cellules and plier(cellules[0]).startswith(debut):
                    prefixe = p
                    cellules = cellules[1:] if est_titre(cellules[0]) else cellules
            for reste in _coordonnees(cellules, prefixe, donnees):
                self._garder("Texte au-dessus de la liste", reste)
        for libelle, texte in _noms(donnees):
            self._garder(libelle, texte)
        return {nom: v for nom, v in donnees.items() if v}

    def _garder(self, libelle: str, texte: str) -> None:
        self.restes += morceaux(f"feuille « {self.nom} »", libelle, [texte])

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

    def _traitements(self) -> Iterator[dict[str, Any]]:
        rang_tete = _en_tete(self.lignes)
        colonnes = self._colonnes(rang_tete)
        for brute in self.lignes[rang_tete + 1 :]:
            ligne = ["" if est_aide(rang, c) else valeur(c) for rang, c in enumerate(brute)]
            lue = {nom: ligne[rang] if rang < len(ligne) else "" for rang, nom in colonnes.items()}
            if lue.get("intitule") or lue.get("reference") and lue.get("finalite"):
                restes = [
                    (self._titre(rang), c) for rang, c in enumerate(ligne) if c and rang not in colonnes
                ]
                yield {"intitule": "", "reference": "", **lue, "restes": restes}
            elif texte := " | ".join(filter(None, ligne)):
                self._garder("Ligne sans nom de traitement", texte)

    def _titre(self, rang: int) -> str:
        """Le nom que le fichier donne à une colonne sans rubrique."""
        rang_tete = _en_tete(self.lignes)
        titres = [
            ligne[rang] for ligne in self.lignes[max(rang_tete - 1, 0) : rang_tete + 1] if rang < len(ligne)
        ]
        return next((t for t in reversed(titres) if valeur(t)), "Ligne de la liste des traitements")

    def _colonnes(self, rang_tete: int) -> dict[int, str]:
        """La ligne d'en-têtes, complétée par les en-têtes de groupe du dessus (la finalité n'est nommée que là)."""
        tete = self.lignes[rang_tete]
        groupes = self.lignes[rang_tete - 1] if rang_tete else []
        colonnes: dict[int, str] = {}
        for rang, cellule in enumerate(tete):
            nom = COLONNES.get(plier(cellule))
            if nom and nom not in colonnes.values():
                colonnes[rang] = nom
        for rang, cellule in enumerate(groupes):
            nom = COLONNES.get(plier(cellule))
            if nom and rang not in colonnes and nom not in colonnes.values():
                colonnes[rang] = nom
        return colonnes

    def _nouvelle(self, ligne: dict[str, Any]) -> FicheLue:
        fiche = FicheLue(
            f"feuille « {self.nom} »",
            {
                "reference": "",
                "intitule": (ligne["intitule"] or ligne["reference"]).replace("\n", " ")[:200],
                "qualite": "responsable",
                "statut": "brouillon",
                "finalites": [],
                "donnees_sensibles": None,
                "reprise": [],
            },
        )
        if fiche.donnees["intitule"] != (ligne["intitule"] or ligne["reference"]):
            _garder(fiche, "Nom du traitement", ligne["intitule"] or ligne["reference"])
        _completer(fiche, ligne)
        return fiche


def est_titre(cellule: str) -> bool:
    """Le titre d'un bloc de coordonnées, sans rien qu'on y ait ajouté."""
    return bool(TITRE.fullmatch(plier(cellule)))


def _coordonnees(cellules: list[str], prefixe: str | None, donnees: dict[str, Any]) -> list[str]:
    """« Nom : », puis sa valeur dans la même cellule ou dans la suivante. Rend ce qui n'a pas trouvé de place."""
    restes: list[str] = []
    attendu = ""
    for cellule in cellules:
        libelle, deux_points, suite = cellule.partition(":")
        champ = CHAMPS.get(plier(libelle)) if deux_points else None
        if champ and prefixe is not None:
            attendu, cellule = f"{prefixe}{champ}", valeur(suite)
        if not cellule:
            continue
        if attendu and not donnees.get(attendu):
            donnees[attendu] = cellule.replace("\n", ", ")
        else:
            restes.append(cellule)
        attendu = ""
    return restes


def _noms(donnees: dict[str, Any]) -> list[tuple[str, str]]:
    """Nom et prénom réunis : le représentant légal, le représentant dans l'Union, le délégué. Rend le reste."""
    for prefixe, champ in (
        ("", "representant_legal"),
        ("representant_ue_", "representant_ue_nom"),
        ("dpo_", "dpo_nom"),
    ):
        parties = [donnees.pop(f"{prefixe}prenom", ""), donnees.pop(f"{prefixe}nom", "")]
        donnees[champ] = " ".join(p for p in parties if p)
    sans_place = (("societe", "Société"), ("representant_ue_societe", "Société du représentant"))
    return [(libelle, texte) for nom, libelle in sans_place if (texte := donnees.pop(nom, ""))]


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
    if ligne["reference"] and not donnees["reference"]:
        donnees["reference"] = ligne["reference"].replace("\n", " ")[:40]
    if ligne["reference"] and donnees["reference"] != ligne["reference"]:
        _garder(fiche, "Référence, dans la liste des traitements", ligne["reference"])
    for nom in ("date_creation", "date_maj"):
        texte = ligne.get(nom, "")
        jour = lire_date(texte)
        if jour and not donnees.get(nom):
            donnees[nom] = jour.isoformat()
        elif texte and (jour is None or donnees[nom] != jour.isoformat()):
            _garder(fiche, "Date de la liste des traitements", texte)
    _completer_finalite(fiche, ligne.get("finalite", ""))
    sensibles = ligne.get("sensibles", "")
    claire = est_oui(sensibles) or est_non(sensibles)
    if claire and donnees["donnees_sensibles"] is None:
        donnees["donnees_sensibles"] = est_oui(sensibles)
    elif sensibles and not (claire and est_oui(sensibles) == donnees["donnees_sensibles"]):
        _garder(fiche, "Données sensibles, dans la liste des traitements", sensibles)
    for titre, reste in ligne["restes"]:
        _garder(fiche, titre, reste)


def _completer_finalite(fiche: FicheLue, texte: str) -> None:
    if not texte:
        return
    finalites = fiche.donnees["finalites"]
    if not finalites:
        finalites.append({"numero": 1, "libelle": texte.replace("\n", " ")[:400]})
    dites = plier(" ".join(t for f in finalites for t in (f["libelle"], *f.get("sous_finalites", []))))
    if any(plier(morceau) not in dites for morceau in re.split(r"[,;\n]", texte)):
        _garder(fiche, "Finalité, dans la liste des traitements", texte)


def _garder(fiche: FicheLue, libelle: str, texte: str) -> None:
    fiche.donnees["reprise"] += morceaux(fiche.origine, libelle, [texte])
