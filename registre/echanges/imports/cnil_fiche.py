"""D'une fiche du modèle de la CNIL à la forme canonique : seulement ce qu'elle dit, et le sort de chaque cellule."""

import re
from collections.abc import Callable
from typing import Any

from registre.echanges.imports import libelles as lib
from registre.echanges.imports.cellules import Cellule, Feuille
from registre.echanges.imports.cnil_blocs import Blocs
from registre.echanges.imports.cnil_carnet import LISTES
from registre.echanges.imports.cnil_feuille import CONSIGNES, INCONNU, SUITE, Rangee, rangees
from registre.echanges.imports.cnil_listes import Listes
from registre.echanges.imports.correspondances import Correspondances
from registre.echanges.imports.coulisses_dites import garder_les_coulisses, notes
from registre.echanges.imports.lot import FicheDuClasseur
from registre.echanges.imports.modele import TITRE_EXEMPLE, est_aide, est_de_l_exemple, est_titre
from registre.echanges.imports.rapport import Sort
from registre.echanges.imports.reponses import NEGATIVES, Reponse, libelle_douteux, lire_reponse
from registre.echanges.imports.textes import plier

EXEMPLE_CHANGE = "Cette fiche est l'exemple du modèle de la CNIL, repris et changé : vérifiez qu'elle décrit bien votre activité."
EXEMPLE_SEUL = (
    "Cette fiche est l'exemple fictif du modèle de la CNIL, que personne n'a changé : elle ne dit rien de votre activité. "
    "Remplacez-la ou effacez-la."
)
REFERENCE_DU_MODELE = re.compile(r"ref\W*\d+")  # « ref-001 », que le modèle vierge porte
MASQUEE = "La feuille « {nom} » est masquée dans le classeur, et cette fiche en vient : gardez-la seulement si l'activité existe."


class Lecteur(Blocs, Listes):
    """Lit une fiche rangée par rangée, puis conclut."""

    def lire(self) -> FicheDuClasseur | None:
        """La fiche, ou `None` si c'est le modèle laissé vierge."""
        for rangee in rangees(self.feuille):
            self.taire(*rangee.muettes)
            if rangee.bloc != SUITE:
                self.rapport.noter(rangee.libelle.adresse, Sort.LIBELLE)
            if self.libelle_douteux(rangee):
                pass
            elif rangee.tete and rangee.bloc in REPONSES and rangee.cellules:
                REPONSES[rangee.bloc](self, rangee)
            else:
                BLOCS.get(rangee.bloc, Lecteur.autre)(self, rangee)
            for reste in rangee.cellules:
                if reste.adresse not in self.rapport.cellules:
                    self.garder_reste(rangee, reste)
            self._garder_libelle(rangee)
        return self._conclure() if self._remplie() else None

    def _garder_libelle(self, rangee: Rangee) -> None:
        """Un libellé que quelqu'un a tapé ou complété, s'il ne se lit pas déjà avec une remarque ou ailleurs sur la fiche."""
        libelle = rangee.libelle
        self.exemple = self.exemple or libelle.cle.startswith(TITRE_EXEMPLE)
        if rangee.bloc == SUITE or not libelle.lue or libelle.cle in CONSIGNES or _est_du_modele(rangee):
            return
        seul = rangee.bloc == INCONNU and not rangee.cellules
        if seul or not _contient(self.donnees, libelle.texte):
            self.garder("Texte de la feuille", libelle)

    def _conclure(self) -> FicheDuClasseur:
        d = self.donnees
        if not d["intitule"]:
            d["intitule"] = (d["finalites"][0]["libelle"] if d["finalites"] else self.feuille.nom)[:200]
            self.avis.append(
                "Le nom du traitement manquait : l'intitulé vient de sa finalité ou de sa feuille."
            )
        self.conclure_transferts()
        self.conclure_sensibles()
        if d["responsables_conjoints"]:
            d["qualite"] = "conjoint"
        # Le titre de la feuille répète la référence : ce n'est pas un renseignement de plus.
        if reference := plier(d["reference"]):
            d["reprise"] = [
                e
                for e in d["reprise"]
                if plier(e["valeur"]) != reference or not est_titre(plier(e["libelle"]))
            ]
            self.placer_encore(c for ligne in self.feuille.lignes for c in ligne if c.cle == reference)
        seul = self._exemple_inchange()
        if seul or self.exemple:
            self.remarquer(
                "Exemple du modèle", "Exemple de fiche de registre", EXEMPLE_SEUL if seul else EXEMPLE_CHANGE
            )
        self._dire_les_coulisses()
        return FicheDuClasseur(
            self.origine,
            d,
            self.avis,
            self.rapport,
            exemple=seul,
            doute_sensibles=self.doute_sensibles,
        )

    def _remplie(self) -> bool:
        """Le modèle laissé vierge porte une référence et des consignes, rien d'autre : ce n'est pas une fiche."""
        d = self.donnees
        dites = [e for e in d["reprise"] if plier(e["valeur"]) != plier(d["reference"])]
        propre = bool(d["reference"]) and not REFERENCE_DU_MODELE.fullmatch(plier(d["reference"]))
        return bool(d["intitule"] or propre or dites or notes(self.feuille)) or any(d[nom] for nom in LISTES)

    def _exemple_inchange(self) -> bool:
        """Rien de plus que l'exemple fictif du modèle, que son titre ou sa référence annonce."""
        annonce = self.exemple or plier(self.donnees["reference"]) == "1 exemple"
        valeurs = [c for ligne in self.feuille.lignes for c in ligne if self._est_valeur(c)]
        return bool(
            annonce
            and valeurs
            and not notes(self.feuille)
            and all(est_de_l_exemple(c.texte) for c in valeurs)
        )

    def _est_valeur(self, cellule: Cellule) -> bool:
        sort = self.rapport.cellules.get(cellule.adresse)
        return sort is not None and sort[0] > Sort.LIBELLE and not cellule.cle.startswith(TITRE_EXEMPLE)

    def _dire_les_coulisses(self) -> None:
        self.donnees["reprise"] += garder_les_coulisses(self.feuille, self.origine, self.rapport)
        if self.feuille.masquee:
            nom = self.feuille.nom
            self.remarquer("Feuille masquée", nom, MASQUEE.format(nom=nom))

    def libelle_douteux(self, r: Rangee) -> bool:
        """« Destinataire 2 (ancien) | Mailo » : gardé, et rien n'est affirmé. Un simple « non » se lit comme partout."""
        lues = [lire_reponse(c.texte, r.libelle.texte) for c in r.cellules]
        if (
            r.bloc not in BLOCS
            or not libelle_douteux(r.libelle.texte)
            or all(dit in NEGATIVES for dit in lues)
        ):
            return False
        self.ecarter(
            r.libelle.texte,
            r.cellules,
            Reponse.NUANCEE,
            "le libellé nie, date ou ajourne ce que la ligne déclare",
        )
        if r.bloc == "sensibles":
            self.sensibles.append(Reponse.NUANCEE)
        elif r.bloc == "transferts":
            self.transferts_dits.append(Reponse.NUANCEE)
        elif r.bloc == "finalites" and not lib.nu(r.libelle.texte).startswith("sous "):
            self.finalite_tue = True
        return True

    def reponse_liste(self, r: Rangee) -> None:
        """« Destinataires | Le service comptable » : une ligne de la liste."""
        if self.reponse(r) is not None:
            BLOCS[r.bloc](self, r)


def _est_du_modele(rangee: Rangee) -> bool:
    """Le libellé n'apprend rien : c'est un titre du modèle, une aide, ou celui d'une ligne reconnue, sans complément."""
    libelle = rangee.libelle
    if est_titre(libelle.cle) or est_aide(libelle.colonne, libelle.texte):
        return True
    reconnu = rangee.tete or rangee.bloc in BLOCS
    return reconnu and lib.n_ajoute_rien(libelle.texte)


def _contient(donnees: Any, texte: str) -> bool:
    match donnees:
        case str():
            return texte in donnees
        case dict():
            return any(_contient(v, texte) for v in donnees.values())
        case list():
            return any(_contient(v, texte) for v in donnees)
    return False


BLOCS: dict[str, Callable[[Lecteur, Rangee], None]] = {
    "description": Lecteur.description,
    "acteurs": Lecteur.acteurs,
    "finalites": Lecteur.finalites,
    "donnees": Lecteur.donnee,
    "sensibles": Lecteur.donnee,
    "personnes": Lecteur.personnes,
    "destinataires": Lecteur.destinataires,
    "securite": Lecteur.securite,
    "transferts": Lecteur.transferts,
}
REPONSES: dict[str, Callable[[Lecteur, Rangee], None]] = {
    "sensibles": Lecteur.reponse_sensibles,
    "transferts": Lecteur.reponse_transferts,
    "finalites": Lecteur.reponse_liste,
    "personnes": Lecteur.reponse_liste,
    "destinataires": Lecteur.reponse_liste,
    "securite": Lecteur.reponse_liste,
    "donnees": Lecteur.autre,
    "acteurs": Lecteur.autre,
    "description": Lecteur.autre,
}


def fiche_de(feuille: Feuille, correspondances: Correspondances, origine: str) -> FicheDuClasseur | None:
    """La fiche que porte une feuille, ou `None` si c'est le modèle laissé vierge."""
    return Lecteur(feuille, correspondances, origine).lire()
