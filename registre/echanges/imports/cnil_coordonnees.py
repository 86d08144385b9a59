"""Les coordonnées au-dessus de la liste : le responsable, son représentant, le délégué. « Nom : », puis sa valeur."""

import re

from organismes.identite import siren_lu
from registre.echanges.imports.cellules import Cellule
from registre.echanges.imports.modele import est_aide
from registre.echanges.imports.rapport import Rapport, Sort
from registre.echanges.imports.reponses import NEGATIVES, lire_reponse
from registre.echanges.imports.textes import plier, valeur

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
# Ce que le modèle ne demande pas, et que l'on y ajoute pour dire de qui est le registre.
DESIGNATION = {
    "raison sociale": "raison_sociale",
    "denomination": "raison_sociale",
    "denomination sociale": "raison_sociale",
    "organisme": "raison_sociale",
    "nom de l organisme": "raison_sociale",
    "siren": "siren",
    "n siren": "siren",
    "numero siren": "siren",
    "siret": "siren",
    "n siret": "siren",
    "numero siret": "siren",
}
GROUPES = {"identification du traitement", "finalite du traitement", "donnees sensibles"}
TITRE = re.compile(
    r"coordonnees du (?:responsable de l organisme|representant|delegue a la protection des donnees)(?: dpo)?"
    r"(?: responsable de traitement ou so[nu] representant si le responsable est situe en dehors de l ue)?"
)
NOMS = (
    ("", "representant_legal"),
    ("representant_ue_", "representant_ue_nom"),
    ("dpo_", "dpo_nom"),
)
SANS_PLACE = (("societe", "Société"), ("representant_ue_societe", "Société du représentant"))


class Coordonnees:
    """Accumule, ligne par ligne. `places` : champ → adresses des cellules qui l'ont rempli."""

    def __init__(self, rapport: Rapport):
        self.rapport = rapport
        self.prefixe: str | None = None
        self.donnees: dict[str, str] = {}
        self.places: dict[str, list[str]] = {}

    def lire_ligne(self, ligne: list[Cellule], groupes: set[str]) -> list[Cellule]:
        """Lit une ligne ; rend les cellules qui n'ont pas trouvé de place. `groupes` : les têtes du tableau du dessous."""
        cellules = []
        for cellule in ligne:
            if (
                not cellule.lue
                or est_aide(cellule.colonne, cellule.texte)
                or cellule.cle in GROUPES & groupes
            ):
                self.rapport.noter(cellule.adresse, Sort.LIBELLE)
            else:
                cellules.append(cellule)
        for debut, prefixe in BLOCS:
            if cellules and cellules[0].cle.startswith(debut):
                self.prefixe = prefixe
                if TITRE.fullmatch(cellules[0].cle):  # sans rien qu'on y ait ajouté
                    self.rapport.noter(cellules.pop(0).adresse, Sort.LIBELLE)
        return self._placer(cellules)

    def _placer(self, cellules: list[Cellule]) -> list[Cellule]:
        restes: list[Cellule] = []
        attendu = ""
        for cellule in cellules:
            libelle, deux_points, suite = cellule.texte.partition(":")
            champ = CHAMPS.get(plier(libelle)) if deux_points else None
            if deux_points and self.prefixe == "":
                champ = DESIGNATION.get(plier(libelle), champ)
            texte = cellule.texte
            if champ and self.prefixe is not None:
                attendu, texte = f"{self.prefixe}{champ}", valeur(suite)
            if not texte:
                self.rapport.noter(cellule.adresse, Sort.LIBELLE)
                continue
            if attendu and attendu not in self.donnees and lire_reponse(texte) not in NEGATIVES:
                self.rapport.noter(cellule.adresse, Sort.PLACEE)
                self.donnees[attendu] = texte.replace("\n", ", ")
                self.places[attendu] = [cellule.adresse]
            else:
                restes.append(cellule)
            attendu = ""
        return restes

    def conclure(self) -> tuple[dict[str, str], list[tuple[str, str]]]:
        """Les champs de l'organisme, nom et prénom réunis ; puis ce qui n'en a pas, avec son libellé."""
        for prefixe, champ in NOMS:
            parties = [self._retirer(f"{prefixe}{nom}") for nom in ("prenom", "nom")]
            self.donnees[champ] = " ".join(texte for texte, _ in parties if texte)
            self.places[champ] = [adresse for _, adresses in parties for adresse in adresses]
        sans_place = []
        for nom, libelle in SANS_PLACE:
            texte, adresses = self._retirer(nom)
            if texte:
                sans_place.append((libelle, texte))
            for adresse in adresses:
                self.rapport.noter(adresse, Sort.REMARQUE)
        if numero := siren_lu(self.donnees.get("siren")):
            self.donnees["siren"] = numero
        return {nom: texte for nom, texte in self.donnees.items() if texte}, sans_place

    def _retirer(self, nom: str) -> tuple[str, list[str]]:
        return self.donnees.pop(nom, ""), self.places.pop(nom, [])
