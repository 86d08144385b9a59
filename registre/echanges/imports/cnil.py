"""Le « modèle de registre simplifié » de la CNIL (ODS ou XLSX, 2019) : lu par ses libellés, jamais par ses positions.

Chaque fiche que porte une feuille en donne une, quel que soit le nom de la feuille ; la feuille de liste complète.
Ce qui n'a pas de rubrique est gardé (`reprise`) et se lit sur la fiche. Une garantie ou une adéquation périmée
s'importe telle quelle, avec un avertissement : rien n'est corrigé en silence, et le rapport dit le sort de chaque cellule.
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

from isolement.classeurs import lire_a_part
from isolement.refus import FichierRefuse
from registre.echanges.imports.cellules import Feuille
from registre.echanges.imports.cnil_feuille import FeuilleRefusee, est_fiche, fiches_empilees
from registre.echanges.imports.cnil_fiche import fiche_de
from registre.echanges.imports.cnil_liste import FeuilleListe, est_liste
from registre.echanges.imports.correspondances import Correspondances
from registre.echanges.imports.coulisses_dites import garder_les_coulisses
from registre.echanges.imports.lot import ACTION_CLASSEUR, REPRIS, FicheDuClasseur, Lot
from registre.echanges.imports.rapport import Rapport, Sort
from registre.echanges.imports.reprise import morceaux
from registre.echanges.imports.responsables import nommes, numeros
from registre.echanges.imports.textes import plier

TUTORIEL = "registre des traitements fiche tutorielle"
LISTES = ["garanties", "pays", "zone"]
INTITULE_MAX = 200


def lire(chemin: Path) -> Lot:
    """Lève `FichierRefuse` si aucune feuille ne ressemble à ce modèle."""
    lecture = _LectureDuClasseur()
    for lue in lire_a_part(chemin):
        lecture.feuille(Feuille.lire(lue))
    if not (lecture.fiches or lecture.listes or lecture.refus or lecture.exemples or lecture.vierges):
        raise FichierRefuse(
            f"{chemin.name} : aucune feuille ne porte les libellés du modèle de la CNIL (« Nom du traitement », "
            "« Finalité principale »…) ni un tableau dont une colonne s'appelle « Nom du traitement ». Rien n'est importé."
        )
    return lecture.lot()


class _LectureDuClasseur:
    """Ce que les feuilles apportent, l'une après l'autre."""

    def __init__(self) -> None:
        self.correspondances = Correspondances()
        self.rapport = Rapport()
        self.fiches: list[FicheDuClasseur] = []
        self.listes: list[FeuilleListe] = []
        self.autres: list[dict[str, Any]] = []
        self.avis: list[str] = []
        self.refus: list[tuple[str, list[str]]] = []
        self.exemples: list[tuple[FicheDuClasseur, Feuille]] = []
        self.vierges = 0
        self.cles: dict[str, str] = {}  # adresse → texte plié

    def feuille(self, feuille: Feuille) -> None:
        self.cles |= {c.adresse: c.cle for ligne in feuille.lignes for c in ligne}
        if est_fiche(feuille):
            self._fiches(feuille)
        elif est_liste(feuille):
            self.listes.append(FeuilleListe(feuille, self.rapport))
        else:
            self._etrangere(feuille)

    def _fiches(self, feuille: Feuille) -> None:
        try:
            extraits = fiches_empilees(feuille)
        except FeuilleRefusee as refus:
            self.refus.append((f"Feuille « {feuille.nom} »", [f"Rien n'en est importé. {refus}"]))
            return
        for extrait in extraits:
            debut = next((ligne[0].ligne + 1 for ligne in extrait.lignes if ligne), 1)
            place = f", ligne {debut}" if len(extraits) > 1 else ""
            lue = fiche_de(extrait, self.correspondances, f"feuille « {feuille.nom} »{place}")
            if lue is None:
                self.vierges += 1
                self._sans_fiche(extrait, "le modèle, laissé vierge")
            elif lue.exemple:
                self.exemples.append((lue, extrait))
            else:
                self.fiches.append(lue)

    def _ranger_les_exemples(self) -> None:
        """L'exemple du modèle n'est d'aucune activité : il ne se lit que dans un classeur qui ne porte rien d'autre."""
        seuls = not self.fiches and not any(liste.porte_des_fiches() for liste in self.listes)
        for lue, feuille in self.exemples:
            if seuls:
                self.fiches.append(lue)
            else:
                self._sans_fiche(feuille, "l'exemple du modèle, inchangé")

    def _sans_fiche(self, feuille: Feuille, quoi: str) -> None:
        for ligne in feuille.lignes:
            for cellule in ligne:
                self.rapport.noter(cellule.adresse, Sort.LIBELLE)
        self.avis.append(f"La feuille « {feuille.nom} » est {quoi} : aucune fiche n'en vient.")

    def _etrangere(self, feuille: Feuille) -> None:
        """Une feuille étrangère au modèle : son texte, s'il y en a, pour que rien ne se perde."""
        annexe = _est_annexe(feuille)
        textes = []
        for ligne in feuille.lignes:
            pleines = [] if annexe else [c for c in ligne if c.lue]
            for cellule in ligne:
                self.rapport.noter(cellule.adresse, Sort.REMARQUE if cellule in pleines else Sort.LIBELLE)
            textes += [" | ".join(c.texte for c in pleines)] if pleines else []
        if textes:
            self.autres += morceaux("feuille du classeur", feuille.nom, textes)
            self.avis.append(
                f"La feuille « {feuille.nom} » n'est pas du modèle : son texte est gardé avec l'organisme."
            )
            if feuille.masquee:
                self.avis.append(
                    f"La feuille « {feuille.nom} » est masquée dans le classeur ; elle a été lue."
                )
        if not annexe:
            self.autres += garder_les_coulisses(feuille, f"feuille « {feuille.nom} »", self.rapport)

    def lot(self) -> Lot:
        organisme: dict[str, Any] = {}
        places: dict[str, list[str]] = {}
        self._ranger_les_exemples()
        fiches = self.fiches
        for liste in self.listes:
            organisme |= liste.organisme()
            places |= liste.places
            fiches = liste.completer(fiches)
            self.autres += liste.restes
            self.avis += liste.avis
        tiers: dict[str, dict] = {}
        for fiche in fiches:
            for nom in fiche.donnees.pop("_conjoints", []):
                tiers[nom] = {"nom": nom, "qualites": ["responsable-conjoint"]}
        for fiche in fiches:
            fiche.references = self._references(fiche)
        if self.autres:
            organisme["reprise"] = self.autres
        return Lot(
            fiches=[*_distinctes(fiches)],
            organisme=organisme,
            tiers=[t for nom, t in tiers.items() if not self.correspondances.codes.tiers(nom)],
            prudent=True,
            admis=REPRIS
            | {"date_maj"},  # celle que le classeur donne à la fiche, tant que Registre n'en a pas
            avis=self.avis,
            rapport=self.rapport,
            places=places,
            refus=self.refus,
            action=ACTION_CLASSEUR,
            responsables=nommes(fiches),
            numeros=numeros([self.autres, *(f.donnees["reprise"] for f in fiches)]),
        )

    def _references(self, fiche: FicheDuClasseur) -> list[str]:
        """Les adresses des cellules dont la référence de la fiche vient."""
        reference = plier(fiche.donnees["reference"])
        placees = fiche.rapport.adresses(Sort.PLACEE) if fiche.rapport and reference else []
        return [adresse for adresse in placees if self.cles.get(adresse) == reference]


def _est_annexe(feuille: Feuille) -> bool:
    """Le tutoriel et les listes déroulantes du modèle, reconnus à leur première ligne et non à leur nom."""
    premiere = next((cles for ligne in feuille.lignes if (cles := [c.cle for c in ligne if c.cle])), [])
    return premiere[:1] == [TUTORIEL] or premiere[:3] == LISTES


def _distinctes(fiches: list[FicheDuClasseur]) -> list[FicheDuClasseur]:
    """Deux activités de même nom dans un fichier restent deux : la seconde dit d'où elle vient."""
    vus: set[str] = set()
    for fiche in fiches:
        nom = fiche.donnees["intitule"]
        if plier(nom) in vus:
            fiche.donnees["intitule"] = next(n for n in _suffixes(nom, fiche.origine) if plier(n) not in vus)
            if not fiche.donnees["intitule"].startswith(nom):
                fiche.donnees["reprise"].append(
                    {"source": fiche.origine, "libelle": "Nom du traitement", "valeur": nom}
                )
            fiche.avis.append("Une autre activité du fichier porte le même nom.")
        vus.add(plier(fiche.donnees["intitule"]))
    return fiches


def _suffixes(nom: str, origine: str) -> Iterator[str]:
    for rang in count(1):
        suffixe = f" ({origine[:80]})" if rang == 1 else f" ({origine[:80]}, {rang})"
        yield nom[: INTITULE_MAX - len(suffixe)] + suffixe
