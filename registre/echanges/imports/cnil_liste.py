"""La feuille de liste du modèle de la CNIL, ou un registre à plat : coordonnées en tête, puis une ligne par traitement.

Seules les colonnes dont la tête est exactement connue sont lues ; le reste de la ligne se garde en remarque, et se dit.
"""

import re
from collections.abc import Iterator
from typing import Any

from registre.echanges.imports.cellules import Cellule, Feuille
from registre.echanges.imports.cnil_carnet import MOTS_SEULS, RAISONS, SE_CONTREDIT
from registre.echanges.imports.cnil_coordonnees import Coordonnees
from registre.echanges.imports.coulisses_dites import garder_les_coulisses
from registre.echanges.imports.libelles import COLONNES as TETES_DE_FICHE
from registre.echanges.imports.lot import FicheDuClasseur
from registre.echanges.imports.modele import est_aide, est_de_l_exemple
from registre.echanges.imports.rapport import Rapport, Sort
from registre.echanges.imports.reponses import NEGATIVES, Reponse, commence_par_un_non, lire_reponse
from registre.echanges.imports.reprise import morceaux
from registre.echanges.imports.textes import lire_date, plier

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
EXEMPLE = re.compile(r"^\(exemple\)\s*", re.IGNORECASE)
TOTAL = re.compile(
    r"(?:sous )?tota(?:l|ux)(?: (?:general|generaux|des?|du) ?.*)?(?: \d+)?|nombre (?:total )?(?:de|d|des) .*"
)
NOTE = re.compile(
    r"(?:derniere )?mise a jour\b.*|legende\b.*|sources?\b.*|notes?\b.*|nb\b.*|fait (?:a|le)\b.*|version\b.*|page \d+.*"
)
MASQUEE = "La feuille « {} » est masquée dans le classeur ; elle a été lue comme les autres."


def _en_tete(feuille: Feuille) -> int | None:
    """Le rang de la ligne d'en-têtes, dans les quinze premières."""
    for rang, ligne in enumerate(feuille.lignes[:EN_TETE_MAX]):
        noms = {COLONNES[c.cle] for c in ligne if c.cle in COLONNES}
        if "intitule" in noms and len(noms) >= 2:
            return rang
    return None


def est_liste(feuille: Feuille) -> bool:
    return _en_tete(feuille) is not None


class Ligne:
    """Une ligne de la liste : ses cellules par champ, et celles dont la colonne n'a pas de rubrique, avec leur titre."""

    def __init__(self, lues: dict[str, Cellule], restes: list[tuple[str, Cellule]]):
        self.lues, self.restes = lues, restes

    def texte(self, nom: str) -> str:
        return self.lues[nom].texte if nom in self.lues else ""

    @property
    def cellules(self) -> list[Cellule]:
        return [*self.lues.values(), *(cellule for _, cellule in self.restes)]

    @property
    def nom(self) -> str:
        return self.texte("intitule") or self.texte("reference")

    @property
    def est_traitement(self) -> bool:
        return bool(self.texte("intitule") or self.texte("reference") and self.texte("finalite"))


class FeuilleListe:
    """`rapport` : celui du classeur, pour ce qui n'est d'aucune fiche. `restes` : ce qui se garde avec l'organisme."""

    def __init__(self, feuille: Feuille, rapport: Rapport):
        self.feuille, self.rapport = feuille, rapport
        self.nom = feuille.nom
        self.rang_tete = _en_tete(feuille) or 0
        self.colonnes = self._colonnes()
        self.restes: list[dict[str, str]] = []
        self.places: dict[str, list[str]] = {}
        self.avis: list[str] = [MASQUEE.format(feuille.nom)] if feuille.masquee else []

    def organisme(self) -> dict[str, Any]:
        """Les coordonnées remplies au-dessus du tableau."""
        lecture = Coordonnees(self.rapport)
        groupes = {c.cle for c in self._groupes()}
        for ligne in self.feuille.lignes[: self.rang_tete]:
            for reste in lecture.lire_ligne(ligne, groupes):
                self._garder("Texte au-dessus de la liste", reste)
        donnees, sans_place = lecture.conclure()
        for libelle, texte in sans_place:
            self.restes += morceaux(f"feuille « {self.nom} »", libelle, [texte])
        self.places = lecture.places
        return donnees

    def _garder(self, libelle: str, cellule: Cellule) -> None:
        self.rapport.noter(cellule.adresse, Sort.REMARQUE)
        self.restes += morceaux(f"feuille « {self.nom} »", libelle, [cellule.texte])

    def completer(self, fiches: list[FicheDuClasseur]) -> list[FicheDuClasseur]:
        """Rapproche chaque ligne de sa fiche ; une ligne sans fiche en devient une. L'exemple du modèle n'en devient pas."""
        completes = list(fiches)
        derniere: FicheDuClasseur | None = None
        for ligne in self._lignes():
            if not ligne.est_traitement:
                self._sans_nom(ligne, derniere)
                continue
            fiche = _trouver(fiches, ligne)
            if fiche is None and EXEMPLE.match(ligne.nom):
                self._exemple(ligne)
                derniere = None
                continue
            if fiche is None:
                fiche = _nouvelle(ligne, f"feuille « {self.nom} », ligne {ligne.cellules[0].ligne + 1}")
                completes.append(fiche)
            _completer(fiche, ligne)
            derniere = fiche
        self._coulisses(completes)
        return completes

    def porte_des_fiches(self) -> bool:
        """Le tableau nomme-t-il une activité, hors la ligne d'exemple du modèle ?"""
        return any(ligne.est_traitement and not EXEMPLE.match(ligne.nom) for ligne in self._lignes())

    def _coulisses(self, fiches: list[FicheDuClasseur]) -> None:
        """Un commentaire suit la fiche de sa ligne ; au-dessus du tableau, l'organisme."""
        par_ligne = {
            int(adresse.rpartition("!")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1: fiche
            for fiche in fiches
            for adresse in fiche.rapport.cellules
            if adresse.startswith(f"{self.nom}!")
        }
        restes = []
        for note in self.feuille.commentaires:
            fiche = par_ligne.get(note.ligne)
            if fiche is None:
                restes.append(note)
                continue
            seule = Feuille(self.nom, [], commentaires=[note])
            fiche.donnees["reprise"] += garder_les_coulisses(seule, fiche.origine, fiche.rapport)
        self._dire_les_masquees(par_ligne)
        self.feuille.commentaires = restes
        self.restes += garder_les_coulisses(self.feuille, f"feuille « {self.nom} »", self.rapport)

    def _dire_les_masquees(self, par_ligne: dict[int, FicheDuClasseur]) -> None:
        """Une ligne masquée se dit avec la fiche qui en vient."""
        for rang in [r for r in self.feuille.lignes_masquees if r in par_ligne]:
            fiche = par_ligne[rang]
            seule = Feuille(self.nom, [self.feuille.lignes[rang]], lignes_masquees=[rang])
            fiche.donnees["reprise"] += garder_les_coulisses(seule, fiche.origine, fiche.rapport)
            self.feuille.lignes_masquees.remove(rang)

    def _exemple(self, ligne: Ligne) -> None:
        """La ligne d'exemple du modèle : jamais une fiche. Ce qu'on y a changé se garde."""
        for titre, cellule in [*((self._titre(c.colonne), c) for c in ligne.lues.values()), *ligne.restes]:
            nue = EXEMPLE.sub("", cellule.texte)
            if est_de_l_exemple(nue):
                self.rapport.noter(cellule.adresse, Sort.LIBELLE)
            else:
                self._garder(f"{titre}, ligne d'exemple", cellule)
        self.avis.append(
            f"{ligne.cellules[0].adresse} est la ligne d'exemple du modèle : aucune fiche n'en vient."
        )

    def _sans_nom(self, ligne: Ligne, derniere: FicheDuClasseur | None) -> None:
        """Une ligne que la fiche du dessus fusionne avec la sienne la continue ; sinon, elle se garde avec l'organisme."""
        premiere = ligne.cellules[0]
        colonne = next(rang for rang, nom in self.colonnes.items() if nom == "intitule")
        if derniere is not None and self.feuille.tete_de_fusion(premiere.ligne, colonne):
            for cellule in ligne.cellules:
                _garder(derniere, f"{self._titre(cellule.colonne)} (suite)", cellule)
            return
        for cellule in ligne.cellules:
            self.rapport.noter(cellule.adresse, Sort.REMARQUE)
        texte = " | ".join(c.texte for c in sorted(ligne.cellules, key=lambda c: c.colonne))
        total = bool(TOTAL.fullmatch(premiere.cle))
        libelle = "Ligne de total" if total else "Ligne sans nom de traitement"
        self.restes += morceaux(f"feuille « {self.nom} »", libelle, [texte])
        if total:
            self.avis.append(
                f"{premiere.adresse} est une ligne de total (« {premiere.texte[:60]} ») : gardée, ce n'est pas une fiche."
            )

    def _lignes(self) -> Iterator[Ligne]:
        tetes = {c.colonne: c.cle for c in self.feuille.lignes[self.rang_tete]}
        for cellule in self.feuille.lignes[self.rang_tete]:
            self.rapport.noter(cellule.adresse, Sort.LIBELLE)
        apres_vide = termine = False
        for brute in self.feuille.lignes[self.rang_tete + 1 :]:
            pleines = [c for c in brute if c.lue and not est_aide(c.colonne, c.texte)]
            for cellule in brute:
                if cellule not in pleines:
                    self.rapport.noter(cellule.adresse, Sort.LIBELLE)
            if not pleines:
                apres_vide = True
            elif len(pleines) > 1 and all(tetes.get(c.colonne) == c.cle for c in pleines):
                for cellule in pleines:  # l'en-tête, répété d'une page à l'autre
                    self.rapport.noter(cellule.adresse, Sort.LIBELLE)
            else:
                termine = termine or apres_vide and self._autre_tableau(pleines)
                yield self._ligne(pleines, hors=termine or len(pleines) == 1 and apres_vide)

    def _autre_tableau(self, pleines: list[Cellule]) -> bool:
        """Après une ligne vide, une nouvelle ligne de têtes : ce qui suit n'est plus la liste des traitements."""
        if len(pleines) < 2 or not any(c.cle in COLONNES or c.cle in TETES_DE_FICHE for c in pleines[1:]):
            return False
        self.avis.append(
            f"Un autre tableau commence en {pleines[0].adresse} : son texte est gardé avec l'organisme, il ne donne pas de fiche."
        )
        return True

    def _ligne(self, pleines: list[Cellule], *, hors: bool) -> Ligne:
        """`hors` : la ligne est hors du tableau. Un total, une légende n'ont pas de nom de traitement non plus."""
        lues = {self.colonnes[c.colonne]: c for c in pleines if c.colonne in self.colonnes}
        restes = [(self._titre(c.colonne), c) for c in pleines if c.colonne not in self.colonnes]
        ligne = Ligne(lues, restes)
        seule = len(pleines) == 1 and NOTE.fullmatch(pleines[0].cle)
        if hors or seule or TOTAL.fullmatch(plier(ligne.nom or pleines[0].texte)):
            return Ligne({}, [(self._titre(c.colonne), c) for c in pleines])
        return ligne

    def _groupes(self) -> list[Cellule]:
        return self.feuille.lignes[self.rang_tete - 1] if self.rang_tete else []

    def _titre(self, colonne: int) -> str:
        """Le nom que le fichier donne à une colonne sans rubrique."""
        titres = [
            c.texte
            for ligne in (self.feuille.lignes[self.rang_tete], self._groupes())
            for c in ligne
            if c.colonne == colonne and c.lue
        ]
        return next(iter(titres), "Ligne de la liste des traitements")

    def _colonnes(self) -> dict[int, str]:
        """La ligne d'en-têtes, complétée par les en-têtes de groupe du dessus (la finalité n'est nommée que là)."""
        colonnes: dict[int, str] = {}
        for ligne in (self.feuille.lignes[self.rang_tete], self._groupes()):
            for cellule in ligne:
                nom = COLONNES.get(cellule.cle)
                if nom and cellule.colonne not in colonnes and nom not in colonnes.values():
                    colonnes[cellule.colonne] = nom
        return colonnes


def _nouvelle(ligne: Ligne, origine: str) -> FicheDuClasseur:
    donnees: dict[str, Any] = {
        "reference": "",
        "intitule": ligne.nom.replace("\n", " ")[:200],
        "qualite": "responsable",
        "statut": "brouillon",
        "finalites": [],
        "donnees_sensibles": None,
        "reprise": [],
    }
    fiche = FicheDuClasseur(origine, donnees)
    if donnees["intitule"] != ligne.nom:
        fiche.donnees["reprise"] += morceaux(origine, "Nom du traitement", [ligne.nom])
    return fiche


def _trouver(fiches: list[FicheDuClasseur], ligne: Ligne) -> FicheDuClasseur | None:
    nom, reference = plier(EXEMPLE.sub("", ligne.texte("intitule"))), plier(ligne.texte("reference"))
    par_nom = next((f for f in fiches if nom and plier(f.donnees["intitule"]) == nom), None)
    if par_nom or not reference:
        return par_nom
    memes = [f for f in fiches if plier(f.donnees["reference"]) == reference]
    return memes[0] if len(memes) == 1 and not nom else None


def _completer(fiche: FicheDuClasseur, ligne: Ligne) -> None:
    """Ajoute ce que la fiche ne dit pas ; ce qu'elle dit autrement se garde."""
    if nom := ligne.lues.get("intitule"):
        fiche.rapport.noter(nom.adresse, Sort.PLACEE)
    if reference := ligne.lues.get("reference"):
        _completer_reference(fiche, reference)
    for champ in ("date_creation", "date_maj"):
        if cellule := ligne.lues.get(champ):
            _completer_date(fiche, champ, cellule)
    if finalite := ligne.lues.get("finalite"):
        _completer_finalite(fiche, finalite)
    if sensibles := ligne.lues.get("sensibles"):
        _completer_sensibles(fiche, sensibles)
    for titre, reste in ligne.restes:
        _garder(fiche, titre, reste)


def _completer_reference(fiche: FicheDuClasseur, cellule: Cellule) -> None:
    donnees = fiche.donnees
    if lire_reponse(cellule.texte) in NEGATIVES and cellule.cle not in ("0",):
        _garder(fiche, "Référence, dans la liste des traitements", cellule)
        return
    if not donnees["reference"]:
        donnees["reference"] = cellule.texte.replace("\n", " ")[:40]
    if donnees["reference"] == cellule.texte:
        fiche.rapport.noter(cellule.adresse, Sort.PLACEE)
    else:
        _garder(fiche, "Référence, dans la liste des traitements", cellule)


def _completer_date(fiche: FicheDuClasseur, champ: str, cellule: Cellule) -> None:
    jour = lire_date(cellule.texte)
    if jour and not fiche.donnees.get(champ):
        fiche.donnees[champ] = jour.isoformat()
    if jour and fiche.donnees[champ] == jour.isoformat():
        fiche.rapport.noter(cellule.adresse, Sort.PLACEE)
    elif jour or lire_reponse(cellule.texte) in NEGATIVES:
        _garder(fiche, "Date de la liste des traitements", cellule)
    else:
        _garder(fiche, "Date de la liste des traitements", cellule, Sort.INCOMPRISE, "ce n'est pas une date")


def _completer_finalite(fiche: FicheDuClasseur, cellule: Cellule) -> None:
    finalites = fiche.donnees["finalites"]
    reponse = lire_reponse(cellule.texte)
    tue = reponse in NEGATIVES | {Reponse.INCONNUE, Reponse.OUI}
    if tue or reponse == Reponse.NUANCEE and commence_par_un_non(cellule.texte):
        sort = Sort.REMARQUE if reponse in NEGATIVES else Sort.DOUTEUSE
        _garder(fiche, "Finalité, dans la liste des traitements", cellule, sort, RAISONS.get(reponse, ""))
        return
    if not finalites:
        finalites.append({"numero": 1, "libelle": cellule.texte.replace("\n", " ")[:400]})
    dites = [plier(t) for f in finalites for t in (f["libelle"], *f.get("sous_finalites", []))]
    if not all(_est_dit(plier(morceau), dites) for morceau in re.split(r"[,;\n]", cellule.texte)):
        _garder(fiche, "Finalité, dans la liste des traitements", cellule)
    else:
        fiche.rapport.noter(cellule.adresse, Sort.PLACEE)


def _est_dit(morceau: str, dites: list[str]) -> bool:
    """Mot pour mot : « Paie » ne se lit pas dans « Suivi des paiements »."""
    return not morceau or any(f" {morceau} " in f" {dite} " for dite in dites)


def _completer_sensibles(fiche: FicheDuClasseur, cellule: Cellule) -> None:
    """Oui, non, ou rien : « Non concerné » et « Santé » se gardent, la colonne ne demande que oui ou non."""
    titre = "Données sensibles, dans la liste des traitements"
    reponse, donnees = lire_reponse(cellule.texte), fiche.donnees
    if reponse in (Reponse.OUI, Reponse.NON):
        dit, doute = reponse == Reponse.OUI, fiche.doute_sensibles
        if donnees["donnees_sensibles"] is None and doute and (not dit or doute == SE_CONTREDIT):
            _garder(fiche, titre, cellule, Sort.DOUTEUSE, doute)
            return
        if donnees["donnees_sensibles"] is None:
            donnees["donnees_sensibles"] = dit
        if donnees["donnees_sensibles"] == dit:
            fiche.rapport.noter(cellule.adresse, Sort.PLACEE)
            if cellule.cle not in MOTS_SEULS:
                fiche.donnees["reprise"] += morceaux(fiche.origine, titre, [cellule.texte])
        else:
            _garder(fiche, titre, cellule, Sort.DOUTEUSE, "la fiche dit le contraire")
    elif reponse in NEGATIVES:
        _garder(fiche, titre, cellule)
    else:
        _garder(fiche, titre, cellule, Sort.INCOMPRISE, "ni oui ni non")


def _garder(
    fiche: FicheDuClasseur, libelle: str, cellule: Cellule, sort: Sort = Sort.REMARQUE, raison: str = ""
) -> None:
    fiche.rapport.noter(cellule.adresse, sort, raison)
    fiche.donnees["reprise"] += morceaux(fiche.origine, libelle, [cellule.texte])
